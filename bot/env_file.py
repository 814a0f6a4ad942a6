"""The lines of `.env`, loaded only where there is one; a line that is no setting is named without its words."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream


def read(file: Path) -> dict[str, str | None]:
    """Names and values, `${NAMES}` in values filled in. A line that would be left out in silence is an error.

    raises: OSError, UnicodeDecodeError, ValueError that names the line
    """
    with file.open(encoding="utf-8") as opened:
        broken = next((found.original for found in parse_stream(opened) if found.error), None)
    if broken is not None:
        text = broken.string  # with the empty lines before it; never shown, for it may hold a secret
        line = broken.line + text[: len(text) - len(text.lstrip())].count("\n")
        raise ValueError(f"{file}, line {line}: this is no setting. Write NAME=value, one on each line.")
    return dict(dotenv_values(file, encoding="utf-8"))


def strange(file: Path, known: tuple[str, ...]) -> dict[str, str]:
    """Names that are not `known`, each with the one it resembles ("" when none)."""
    names = [name for name in dotenv_values(file) if name.upper() not in known]
    return {name: next(iter(get_close_matches(name.upper(), known, 1)), "") for name in names}
