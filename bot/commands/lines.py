"""Texts read line by line and answered line by line: what `sahut match` and `sahut place` share."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

LONGEST_LINE = 1_000_000  # characters; a longer line is nobody's complaint

Row = dict[str, Any]
Answer = Callable[[str], Row]
Refusal = Callable[[str, str], Row]  # the text and what is wrong with its line


def answered(lines: Iterable[str], out: TextIO, answer: Answer, refusal: Refusal) -> int:
    """Read texts (JSON lines `{"text": ...}` or plain lines), write one JSON line for each, flushed at once.

    returns: 0 when every line was understood as input, 1 when some were not
    """
    broken = 0
    for line in _without_ends(lines):
        text, problem = _text_of(line)
        row = answer(text) if problem is None else refusal(text, problem)
        broken += problem is not None
        out.write(json.dumps(row, ensure_ascii=True) + "\n")  # ASCII, so that no terminal chokes on any character
        out.flush()
    return 1 if broken else 0


def from_files(names: Sequence[str], run: Callable[[Iterable[str]], int]) -> int:
    """Texts from the named files, or from standard input. Returns the exit code."""
    if not names:
        if sys.stdin is None:
            print("sahut: the input is closed. Name a file with texts, one message on each line.", file=sys.stderr)
            return 2
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        return run(sys.stdin)
    broken = 0
    for name in names:
        try:
            encoding = _encoding(Path(name))
            if not encoding:
                print(f"sahut: {name} is no text. Save it as text, one message on each line.", file=sys.stderr)
                return 2
            with Path(name).open(encoding=encoding, errors="replace") as lines:
                broken |= run(lines)
        except OSError as error:
            print(f"sahut: {name} cannot be read ({error.strerror}).", file=sys.stderr)
            return 2
    return broken


def _encoding(file: Path) -> str:
    """How a file is written by its first bytes; "" when it is no text at all. raises: OSError"""
    if not file.is_file():  # a pipe cannot be looked at twice; a folder is refused when it is opened
        return "utf-8"
    with file.open("rb") as raw:
        head = raw.read(4096)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    return "" if b"\x00" in head else "utf-8"


def _without_ends(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield (line.lstrip("\ufeff") if number == 0 else line).rstrip("\r\n")


def _text_of(line: str) -> tuple[str, str | None]:
    """The text of a line and what is wrong with the line, if anything."""
    if len(line) > LONGEST_LINE:
        return line[:200], f"line longer than {LONGEST_LINE} characters"
    if not line.lstrip().startswith("{"):
        return line, None
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        return line, f"not readable as JSON: {error}"
    if not isinstance(found.get("text"), str):
        return line, 'the object has no "text" that is a string'
    return found["text"], None
