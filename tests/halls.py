"""The real cities, loaded once for all tests: whoever needs one first keeps it, other workers and programs read it.

Kept as a running Sahut keeps its own (cities/kept.py), beside pytest's cache: a change to any file of a city, of the
loader or of the understanding makes it anew.
"""

from __future__ import annotations

import fcntl
import functools
from pathlib import Path

from cities.kept import load
from tickets.city import City

FOLDER = Path(__file__).parents[1] / ".pytest_cache" / "cities"


@functools.cache
def hall(slug: str = "kota-bekasi") -> City:
    """The city of that slug, read once by each worker. Nobody changes a city."""
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (FOLDER / f"{slug}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of workers that start together one makes it, the others wait
        return load(slug, FOLDER)


def with_kept_city(data: Path, slug: str = "kota-bekasi") -> Path:
    """The data folder of a program that ran before: the city as it was loaded then is at hand."""
    hall(slug)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (data / "cache").exists():
        (data / "cache").symlink_to(FOLDER, target_is_directory=True)
    return data
