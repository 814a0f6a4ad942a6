"""A city, and all texts, as they were loaded last, kept beside the database until a file changes: starting is quick."""

from __future__ import annotations

import functools
import gc
import hashlib
import io
import logging
import mmap
import os  # for whose a file is, alone
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from cities.loader import HERE, load_city, root_words_file
from texts.catalogue import Catalogue, shipped
from tickets.city import City

log = logging.getLogger("sahut.cities")

ROOMS = ("cities", "routing", "tickets")  # whose code and data decide what a city becomes
TEXTS = ("texts",)
APART_S = 60.0
_TASK = (  # collecting garbage would only take time: what is made stays, and then the process ends
    "import gc, sys, pathlib; gc.disable(); from cities.kept import make; make(sys.argv[1], pathlib.Path(sys.argv[2]))"
)
Kept = TypeVar("Kept", City, Catalogue)
_REMEMBERING = type(functools.lru_cache(lambda: None))


def load(slug: str, folder: Path, *, keep: bool = True) -> City:
    """The city of that slug; `folder` is private to this installation. raises: CityError.

    keep: False only looks whether somebody kept it, as the commands beside a running Sahut do
    """
    kept = folder / f"{slug}.city"
    mark = _mark()
    city = _read(kept, mark, City)
    if city is None and keep and _made_apart(slug, folder):
        city = _read(kept, mark, City)
    return city or make(slug, folder, keep=keep)


def texts(folder: Path) -> Catalogue:
    """The texts that come with Sahut: reading fifteen hundred lines of TOML would take a third as long as the city."""
    kept = folder / "texts.kept"
    mark = _mark(TEXTS)
    found = _read(kept, mark, Catalogue)
    if found is None:
        found = shipped()
        _write(kept, mark, found)
    return found


def make(slug: str, folder: Path, *, keep: bool = True) -> City:
    """The city made from its folder, and kept. raises: CityError."""
    mark = _mark()
    city = load_city(slug)
    for kind in city.catalogue.categories.values():  # it counts its words at the first question
        city.likeness.score(kind.name, kind.name, kind.code)
    if keep:
        _write(folder / f"{slug}.city", mark, city)
    return city


def _made_apart(slug: str, folder: Path) -> bool:
    """Made and kept by a process of its own, which takes its heaps of counted words with it when it ends: a program
    that runs for weeks is 20 MB smaller. What goes wrong there goes wrong here again, and is told here."""
    task = [sys.executable, "-c", _TASK, slug, str(folder.absolute())]
    try:
        done = subprocess.run(task, cwd=HERE.parent, capture_output=True, timeout=APART_S, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _mark(rooms: Iterable[str] | None = None) -> bytes:
    """Names, sizes and times of all files that matter: another program or other data gives another mark."""
    seen = hashlib.sha256(sys.version.encode())
    for path in (root_words_file(), *(p for room in rooms or ROOMS for p in sorted((HERE.parent / room).rglob("*")))):
        if "__pycache__" not in path.parts and path.is_file():
            found = path.stat()
            seen.update(f"{path}|{found.st_size}|{found.st_mtime_ns}\n".encode())
    return seen.digest()


def _read(kept: Path, mark: bytes, kind: type[Kept]) -> Kept | None:
    """What was kept; None when there is nothing that fits, or somebody else may have written it."""
    try:
        with kept.open("rb") as file:
            about = os.fstat(file.fileno())
            if about.st_uid != os.geteuid() or about.st_mode & 0o022:
                return None  # whoever wrote it could make us run anything
            # mapped: ten megabytes read and let go at once leave the allocator with a hole that it keeps
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held, memoryview(held) as whole:
                if whole[:64] != mark + hashlib.sha256(whole[64:]).digest():
                    return None
                held.seek(64)
                found = _unpickled(held)
    except FileNotFoundError:
        return None
    except Exception as error:  # a library changed its mind about what it writes: load it anew
        log.info("what was kept cannot be read", extra={"error": type(error).__name__, "file": kept.name})
        return None
    return found if isinstance(found, kind) else None


def _unpickled(held: Any) -> object:
    """Nothing in it is garbage, and there is a lot of it: looking for some meanwhile would double the time."""
    looked = gc.isenabled()
    gc.disable()
    try:
        numbers = pickle.load(held)  # noqa: S301
        reader = pickle.Unpickler(held)  # noqa: S301
        reader.persistent_load = numbers.__getitem__  # type: ignore[method-assign]
        return reader.load()
    finally:
        if looked:
            gc.enable()


def _write(kept: Path, mark: bytes, thing: City | Catalogue) -> None:
    """Failing to keep it costs the next start a moment, nothing else: what was kept before may fit again, and what was
    written by half goes, for on a full disk it takes the room that reports need."""
    fresh = kept.with_suffix(".fresh")
    try:
        held = io.BytesIO()
        writer = _Pickler(held, pickle.HIGHEST_PROTOCOL)
        writer.dump(thing)
        words = pickle.dumps(list(writer.numbers), pickle.HIGHEST_PROTOCOL) + held.getvalue()
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        fresh.write_bytes(mark + hashlib.sha256(words).digest() + words)
        fresh.replace(kept)
    except Exception as error:
        log.info("it cannot be kept", extra={"error": type(error).__name__, "file": kept.name})
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


class _Pickler(pickle.Pickler):
    """Also writes what remembers its answers, without the answers, and mappings that cannot be changed. Equal numbers
    are written once and shared by whoever reads them: a hundred thousand weights have few thousand values."""

    def __init__(self, file: Any, protocol: int) -> None:
        super().__init__(file, protocol)
        self.numbers: dict[float, int] = {}  # with their places

    def persistent_id(self, thing: Any) -> int | None:
        return self.numbers.setdefault(thing, len(self.numbers)) if type(thing) is float else None

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, _REMEMBERING):
            return _remembering, (thing.cache_parameters()["maxsize"], thing.__wrapped__)
        if isinstance(thing, MappingProxyType):
            return MappingProxyType, (dict(thing),)
        return NotImplemented


def _remembering(most: int | None, work: Callable[..., Any]) -> Any:
    return functools.lru_cache(most)(work)
