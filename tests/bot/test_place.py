"""`sahut place`: one JSON row out for each line in, with the same four keys in every candidate."""

import io
import json

import pytest

from bot.commands.place import run
from tests.halls import hall
from tickets.city import City

KEYS = {"text", "candidates", "outside"}


@pytest.fixture(scope="module")
def city() -> City:
    return hall()


def ask(city, *lines):
    out = io.StringIO()
    code = run([line + "\n" for line in lines], out, city)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_kelurahan_is_given_with_its_official_code(city):
    code, (row, plain) = ask(city, '{"text": "lampu mati di kel. jatirasa"}', "lampu mati di kel. jatirasa")
    assert code == 0
    assert row == plain
    assert set(row) == KEYS
    assert row["outside"] is False
    (one,) = row["candidates"]
    assert one == {"kelurahan": "Jatirasa", "kecamatan": "Jatiasih", "kode": "32.75.09.1004", "score": one["score"]}
    assert 0.8 < one["score"] <= 1


def test_a_kecamatan_alone_gives_its_kelurahan_below_its_own_row(city):
    _, (row,) = ask(city, "banjir di kecamatan pondok gede")
    first, *rest = row["candidates"]
    assert (first["kelurahan"], first["kecamatan"], first["kode"]) == (None, "Pondokgede", None)
    assert len(rest) == 5
    assert {one["kecamatan"] for one in rest} == {"Pondokgede"}
    assert len({one["score"] for one in rest}) == 1
    assert rest[0]["score"] < first["score"]


def test_outside_names_its_owner(city):
    _, (row,) = ask(city, "jalan rusak di tambun selatan")
    assert (row["outside"], row["owner"], row["candidates"]) == (True, "Kabupaten Bekasi", [])


@pytest.mark.parametrize("line", ["", "😀", "x" * 8000, '{"text": "\\ud800"}', "\x00", "[1]"])
def test_odd_lines_get_a_row(city, line):
    code, (row,) = ask(city, line)
    assert code == 0
    assert set(row) == KEYS


@pytest.mark.parametrize("line", ['{"text": ', "{}", '{"text": 3}'])
def test_a_broken_line_says_what_is_wrong(city, line):
    code, (broken, good) = ask(city, line, "kel. kranji")
    assert code == 1
    assert broken["error"]
    assert broken["candidates"] == []
    assert good["candidates"][0]["kelurahan"] == "Kranji"
