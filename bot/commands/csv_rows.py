"""Reads a table of texts and their categories as people really save them, with any separator and heading."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

LONGEST_FIELD = 1_000_000  # characters; a longer field is a file with a broken quote
TEXT_NAMES = ("text", "teks", "isi", "isi laporan", "isi aduan", "laporan", "aduan", "keluhan", "uraian", "deskripsi")
CATEGORY_NAMES = ("category", "kategori", "jenis", "jenis laporan", "kode", "kode kategori", "topik")
SEPARATORS = ",;\t|"


class UnreadableTable(ValueError):
    """The file holds no table of texts; the message says what is wrong and what to do."""


class Row(Struct, frozen=True):
    """One text with its category ("" where the file names none). `more` holds the other columns by their heading."""

    line: int
    text: str
    category: str
    more: Mapping[str, str]


def read_rows(file: Path, *, category_needed: bool = True) -> list[Row]:
    """Every row of the file that holds anything, in the file's order; empty texts are kept for the caller to judge.

    raises: UnreadableTable in plain words
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UnreadableTable(f"{file} cannot be read ({error.strerror}).") from error
    text = _decoded(raw).replace("\x00", "")
    if not text.strip():
        raise UnreadableTable(f"{file} is empty: it needs a heading such as text,category and rows below it.")
    return list(_rows(file, text, category_needed))


def _decoded(raw: bytes) -> str:
    """UTF-8 or UTF-16 as their marks say; otherwise what old spreadsheets write."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _rows(file: Path, text: str, category_needed: bool) -> Iterator[Row]:
    heading_line = next(line for line in text.splitlines() if line.strip())
    separator = max(SEPARATORS, key=heading_line.count)
    lines = csv.reader(io.StringIO(text.lstrip("\r\n \t"), newline=""), delimiter=separator)
    allowed = csv.field_size_limit(LONGEST_FIELD)
    try:
        heading = [name.strip().casefold() for name in next(lines)]
        where_text = _column(heading, TEXT_NAMES)
        where_category = _column(heading, CATEGORY_NAMES)
        if where_text is None or (category_needed and where_category is None):
            wanted = "text and category" if category_needed else "text"
            there = "".join(sign for sign in ", ".join(heading)[:60] if sign.isprintable())
            raise UnreadableTable(f"{file}: no columns {wanted} in its first line ({there}). Add them.")
        for cells in lines:
            if any(cell.strip() for cell in cells):
                category = _cell(cells, where_category).strip()
                more = {
                    name: _cell(cells, i) for i, name in enumerate(heading) if i not in (where_text, where_category)
                }
                yield Row(lines.line_num, _cell(cells, where_text), category, more)
    except csv.Error as error:
        raise UnreadableTable(f"{file}, line {lines.line_num}: {error}. Is a quotation mark missing?") from error
    finally:
        csv.field_size_limit(allowed)


def _column(heading: list[str], names: tuple[str, ...]) -> int | None:
    return next((heading.index(name) for name in names if name in heading), None)


def _cell(cells: list[str], where: int | None) -> str:
    return cells[where] if where is not None and where < len(cells) else ""
