"""What places and people are called, in the city and everywhere: no danger is told by it."""

from pathlib import Path

from cities.files import rows, sentences
from cities.words import COMMON


def names(home: Path) -> tuple[str, ...]:
    """Kelurahan, kecamatan, streets and landmarks with all their names, and common names. Raises CityError."""
    found = [row[key] for _, row in rows(home / "kelurahan.csv") for key in ("name", "kecamatan") if key in row]
    if (home / "places.csv").is_file():
        for _, row in rows(home / "places.csv"):
            found += [row.get("name", ""), *row.get("aliases", "").split("|")]
    found += sentences(COMMON / "names.txt")
    return tuple(dict.fromkeys(name.strip() for name in found if name.strip()))
