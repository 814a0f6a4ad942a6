"""What can be wrong with a city's folder; every message names the file and what to change."""

from pathlib import Path


class CityError(ValueError):
    """The city's data cannot be used as it is."""

    def __init__(self, file: Path | str, problem: object, where: str = "") -> None:
        self.file = str(file)
        self.where = where
        super().__init__(f"{self.file}{', ' + where if where else ''}: {problem}")


class NoSuchCity(CityError):
    """There is no folder of that name."""
