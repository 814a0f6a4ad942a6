"""`sahut measure`: files as people save them, clear words for what cannot be asked, one JSON object."""

import csv
import io
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands.measure import run

GOOD = "lampu jalan mati di depan rumah,PJU\nair pdam tidak mengalir,AIR\n"


def measure(city, file: Path, content: str | bytes, **how):
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content, encoding="utf-8")
    out, notes = io.StringIO(), io.StringIO()
    code = run(file, out, notes, city, as_json=True, **how)
    return code, json.loads(out.getvalue() or "null"), notes.getvalue()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "exam.csv"


def test_text_and_category_are_enough(bekasi, file):
    code, found, notes = measure(bekasi, file, "text,category\n" + GOOD)
    assert (code, notes) == (0, "")
    assert (found["rows"], found["measured"], found["not_measured"]) == (2, 2, {})
    assert (found["category"]["n"], found["category"]["top1"], found["category"]["agency_top1"]) == (2, 1.0, 1.0)
    assert (found["intent"], found["danger"], found["place"]) == (None, None, None)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbftext,category\r\nlampu jalan mati di depan rumah,PJU\r\nair pdam tidak mengalir,AIR\r\n",
        b"text;category\nlampu jalan mati, di depan rumah;PJU\nair pdam tidak mengalir;AIR\n",
        b"category\ttext\nPJU\tlampu jalan mati di depan rumah\nAIR\tair pdam tidak mengalir\n",
        "text,category\nlampu jalan mati dekat kafé,PJU\nair pdam tidak mengalir,AIR\n".encode("latin-1"),
        b'text,category\n"lampu jalan mati\ndi depan rumah",PJU\n"air ""pdam"" tidak\r\nmengalir",AIR\n',
        b"Text , CATEGORY\nlampu jalan mati di depan rumah,pju\nair pdam tidak mengalir,Air\n",
        b"text,category\n\nlampu jalan mati di depan rumah,PJU\n,\nair pdam tidak mengalir,AIR\n\n",
    ],
    ids=["bom-crlf", "semicolons", "tabs", "latin-1", "breaks-in-quotes", "other-case", "blank-lines"],
)
def test_files_are_read_as_people_save_them(bekasi, file, content):
    code, found, _ = measure(bekasi, file, content)
    assert (code, found["measured"], found["category"]["top1"]) == (0, 2, 1.0)


def test_rows_that_cannot_be_asked_are_counted_with_the_reason(bekasi, file):
    rows = f'text,category\n{GOOD},PJU\n"  ",AIR\napa saja,XYZ\nlampu mati,\n{"a " * 4001},PJU\n'
    code, found, _ = measure(bekasi, file, rows)
    assert (code, found["rows"], found["measured"]) == (0, 7, 2)
    assert found["not_measured"] == {
        "empty text": 2,
        "unknown category XYZ": 1,
        "no category": 1,
        "text longer than 8000 characters": 1,
    }


@pytest.mark.parametrize(
    "text",
    [
        "x" * 8000,
        "a " * 4000,
        "😀" * 50,
        "壊れた道路があります",
        "الطريق مكسور",
        "\u200b\u202e\u2066",
        "<b>&amp;",
        "'; drop",
    ],
    ids=["long-word", "many-words", "emoji", "japanese", "arabic", "invisible", "markup", "quotes"],
)
def test_odd_texts_are_measured_like_others(bekasi, file, text):
    code, found, _ = measure(bekasi, file, f'text,category\n"{text}",PJU\n')
    assert (code, found["measured"], found["category"]["n"]) == (0, 1, 1)


def test_other_questions_are_marked_when_their_columns_are_there(bekasi, file):
    rows = (
        "text,category,intent,danger,place,shoe\n"
        "rumah tetangga kebakaran tolong,KEBAKARAN,,fire,,42\n"
        "terima kasih banyak,,thanks,,,43\n"
        "lampu jalan mati di kelurahan Kranji,PJU,report/info,,kranji,\n"
        "got mampet,DRAINASE,,any,none,\n"
        "got mampet parah,DRAINASE,dance,,,\n"
        "got mampet sekali,DRAINASE,,,Atlantis,\n"
    )
    code, found, notes = measure(bekasi, file, rows)
    assert code == 0
    assert "shoe" in notes
    assert found["not_measured"] == {"unknown intent dance": 1, "unknown place atlantis": 1}
    assert (found["category"]["n"], found["intent"]["n"], found["danger"]["n"]) == (3, 4, 3)
    assert (found["danger"]["in_danger"], found["danger"]["recall"], found["danger"]["precision"]) == (1, 1.0, 1.0)
    assert (found["place"]["n"], found["place"]["right"]) == (2, 1.0)


def test_one_part_alone_can_be_asked(bekasi, file):
    rows = "text,category,part\nlampu jalan mati,PJU,open\nair pdam mati,AIR,blind\nair keran keruh,AIR,blind\n"
    _, found, _ = measure(bekasi, file, rows, part="blind")
    assert (found["rows"], found["part"], set(found["category"]["by_category"])) == (2, "blind", {"AIR"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("words,label\nlampu mati,PJU\n", "words, label"),
        ("text\nlampu mati\n", "category"),
        ("", "empty"),
        ("   \n\n", "empty"),
    ],
)
def test_a_file_without_the_columns_is_refused_by_name(bekasi, file, content, said):
    code, found, notes = measure(bekasi, file, content)
    assert (code, found) == (2, None)
    assert said in notes


def test_a_part_needs_its_column(bekasi, file):
    code, _, notes = measure(bekasi, file, "text,category\n" + GOOD, part="blind")
    assert code == 2
    assert "part" in notes


def test_a_file_with_nothing_to_measure_says_so(bekasi, file):
    code, found, _ = measure(bekasi, file, "text,category\napa saja,XYZ\n")
    assert (code, found["measured"], found["category"]) == (1, 0, None)


def test_a_file_that_is_not_there(bekasi, tmp_path):
    notes = io.StringIO()
    assert run(tmp_path / "nowhere.csv", io.StringIO(), notes, bekasi) == 2
    assert "nowhere.csv" in notes.getvalue()


def test_the_table_says_the_same_as_the_json(bekasi, file):
    _, found, _ = measure(bekasi, file, "text,category,intent,danger,place\nkebakaran di rumah,KEBAKARAN,,fire,none\n")
    out = io.StringIO()
    assert run(file, out, io.StringIO(), bekasi) == 0
    table = out.getvalue()
    for title in (
        "Category, 1 texts",
        "Intent, 1 texts",
        "Danger, 1 texts, 1 with somebody in danger",
        "Place, 1 texts",
    ):
        assert title in table
    assert f"right at the first guess    {found['category']['top1']:.3f}" in table


@pytest.mark.usefixtures("city_at_hand")
def test_the_command_line(file, capsys):
    file.write_text("text,category\n" + GOOD, encoding="utf-8")
    assert main(["measure", "--cold", "--json", str(file)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["measured"], found["learned_version"]) == (2, 0)


def test_mistakes_are_written_as_a_table(bekasi, file, tmp_path):
    rows = "text,category,intent,danger,place\nlampu jalan mati,AIR,thanks,fire,outside\nair pdam mati,AIR,,,\n"
    wrong = tmp_path / "wrong.csv"
    measure(bekasi, file, rows, wrong_to=wrong)
    with wrong.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    assert {row["text"] for row in found} == {"lampu jalan mati"}
    assert [(row["asked"], row["right"]) for row in found] == [
        ("category", "AIR"),
        ("intent", "thanks"),
        ("danger", "fire"),
    ]
    assert found[0]["said"].startswith("PJU")


@pytest.mark.usefixtures("city_at_hand")
def test_a_table_of_mistakes_that_cannot_be_written_is_told(file, tmp_path, capsys):
    file.write_text("text,category\n" + GOOD, encoding="utf-8")
    assert main(["measure", "--cold", str(file), "--mistakes", str(tmp_path / "no" / "wrong.csv")]) == 2
    assert "wrong.csv" in capsys.readouterr().err
