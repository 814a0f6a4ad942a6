"""Tables as people really save them."""

import csv
from pathlib import Path

import pytest

from bot.commands.csv_rows import UnreadableTable, read_rows


def written(folder: Path, content: bytes) -> Path:
    file = folder / "laporan.csv"
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    "content",
    [
        b'text,category\n"lampu mati, gelap",PJU\n',
        b'\xef\xbb\xbfid;Kategori;Teks\n1;PJU;"lampu mati, gelap"\n',
        "text\tcategory\nlampu mati, gelap\tPJU\n".encode("utf-16"),
        b'\r\n\r\nTEXT , CATEGORY\r\n"lampu mati, gelap", PJU \r\n\r\n,,\r\n',
    ],
)
def test_any_separator_heading_and_encoding(tmp_path: Path, content: bytes) -> None:
    (row,) = read_rows(written(tmp_path, content))
    assert (row.text, row.category) == ("lampu mati, gelap", "PJU")


def test_other_columns_lines_and_old_spreadsheets(tmp_path: Path) -> None:
    file = written(tmp_path, 'text,category,style\n"baris satu\nbaris dua",PJU,chat\ncafé gelap,,\n'.encode("cp1252"))
    first, second = read_rows(file)
    assert first.more == {"style": "chat"}
    assert (first.line, second.line) == (3, 4)
    assert (second.text, second.category) == ("café gelap", "")


def test_rows_too_short_or_too_long_do_no_harm(tmp_path: Path) -> None:
    rows = read_rows(written(tmp_path, b"text,category\nlampu mati\nlampu mati,PJU,dan,lain\n\x00got mampet,DRAINASE"))
    assert [(r.text, r.category) for r in rows] == [
        ("lampu mati", ""),
        ("lampu mati", "PJU"),
        ("got mampet", "DRAINASE"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"satu,dua\nx,y\n", "no columns text and category"),
        (b"text\nx\n", "no columns text and category"),
        (b'text,category\n"' + b"x" * 1_100_000, "quotation mark"),
    ],
)
def test_refusals_are_plain_words(tmp_path: Path, content: bytes, said: str) -> None:
    limit = csv.field_size_limit()
    with pytest.raises(UnreadableTable, match=said):
        read_rows(written(tmp_path, content))
    assert csv.field_size_limit() == limit


def test_a_missing_file_and_a_table_without_categories(tmp_path: Path) -> None:
    with pytest.raises(UnreadableTable, match="cannot be read"):
        read_rows(tmp_path / "nowhere.csv")
    (row,) = read_rows(written(tmp_path, b"text\nlampu mati\n"), category_needed=False)
    assert row.category == ""


def test_a_file_that_is_no_table_does_not_spill_into_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "photo.csv"
    file.write_bytes(b"\x1b[2J\x07" + b"\xff\xd8\x9d" * 200)
    with pytest.raises(UnreadableTable) as trouble:
        read_rows(file)
    assert str(trouble.value).isprintable()
    assert len(str(trouble.value)) < len(str(file)) + 150
