"""`sahut match`: one JSON row out for each line in, whatever the line."""

import argparse
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.__main__ import FILES, _parser, main
from bot.commands.lines import from_files
from bot.commands.match import run
from tests.halls import hall, with_kept_city
from tickets.city import City

KEYS = {"text", "decision", "candidates", "agency", "emergency", "intent", "because"}


@pytest.fixture(scope="module")
def city() -> City:
    return hall()


def ask(city, *lines):
    out = io.StringIO()
    code = run([line + "\n" for line in lines], out, city)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_json_lines_and_plain_lines_are_answered_alike(city):
    code, (first, second) = ask(city, '{"text": "lampu jalan mati"}', "lampu jalan mati")
    assert code == 0
    assert first == second
    assert set(first) == KEYS
    assert (first["decision"], first["agency"], first["emergency"]) == ("sure", "DISHUB", None)
    assert first["candidates"][0]["code"] == "PJU"
    assert len(first["candidates"]) >= 3


def test_danger_is_told_with_its_number(city):
    _, (row,) = ask(city, "rumah tetangga kebakar tolong")
    assert row["emergency"] == {"kind": "fire", "tell": "112"}
    assert row["agency"] == "DAMKARMAT"


def test_unknown_has_no_agency(city):
    _, (row,) = ask(city, "halo")
    assert (row["decision"], row["agency"], row["candidates"]) == ("unknown", None, [])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "😀😀😀",
        '{"text": ""}',
        "壊れた道路",
        "x" * 8000,
        "\ud800 banjir",
        '{"text": "\\ud800 banjir"}',
        "\x00",
        "[1]",
        '"halo"',
        "\u2028",
    ],
)
def test_odd_lines_get_a_row(city, line):
    code, (row,) = ask(city, line)
    assert code == 0
    assert set(row) == KEYS


@pytest.mark.parametrize("line", ['{"text": ', "{}", '{"text": 3}', '{"txt": "x"}', "{" * 5000, '{"a":' * 30_000])
def test_a_broken_line_says_what_is_wrong_and_the_next_is_answered(city, line):
    code, (broken, good) = ask(city, line, "got mampet")
    assert code == 1
    assert broken["decision"] == "unknown"
    assert broken["error"]
    assert good["candidates"][0]["code"] == "DRAINASE"


def test_each_row_leaves_before_the_next_line_is_read(city):
    out = io.StringIO()
    seen = []

    def lines():
        yield "got mampet\n"
        seen.append(out.getvalue().count("\n"))
        yield "banjir\n"

    run(lines(), out, city)
    assert seen == [1]


def test_a_byte_order_mark_is_overlooked(city):
    _, (row,) = ask(city, '\ufeff{"text": "banjir"}')
    assert row["text"] == "banjir"


def test_a_file_of_old_windows_is_read_and_a_picture_is_refused(tmp_path, capsys):
    answered = []
    (tmp_path / "old.txt").write_bytes("lampu mati\nbanjir\n".encode("utf-16"))
    assert from_files([str(tmp_path / "old.txt")], lambda lines: answered.extend(lines) or 0) == 0
    assert [line.strip() for line in answered] == ["lampu mati", "banjir"]
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    assert from_files([str(tmp_path / "photo.jpg")], lambda lines: 0) == 2
    assert "is no text. Save it as text" in capsys.readouterr().err


def test_a_pipe_that_breaks_elsewhere_is_no_reader_who_has_seen_enough(monkeypatch):
    from bot import __main__ as line

    def broken(_):
        raise BrokenPipeError("a child ended")

    monkeypatch.setattr(line, "_lazily", lambda name: broken)
    with pytest.raises(BrokenPipeError):
        line.main(["verify"])


def test_a_reader_who_has_seen_enough_ends_it_quietly(tmp_path):
    surroundings = os.environ | {"DATA_DIR": str(with_kept_city(tmp_path / "data"))}
    asked = subprocess.Popen(
        [sys.executable, "-m", "bot", "match"], env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    asked.stdout.close()  # as `| head` does
    _, complaint = asked.communicate(b"lampu mati\n", timeout=60)
    assert (asked.returncode, complaint) == (141, b"")


def test_files_are_named_from_where_the_caller_stands(tmp_path, monkeypatch, capsys):
    (tmp_path / "in.txt").write_text("lampu jalan mati\n", encoding="utf-8")
    monkeypatch.setenv("DATA_DIR", str(with_kept_city(tmp_path / "data")))
    assert main(["--standing-in", str(tmp_path), "match", "in.txt"]) == 0
    assert json.loads(capsys.readouterr().out)["candidates"][0]["code"] == "PJU"
    exam = tmp_path / "exam.csv"
    exam.write_text("text,category\nlampu jalan mati,SAMPAH\n", encoding="utf-8")
    assert main(["--standing-in", str(tmp_path), "measure", "exam.csv", "--mistakes", "out.csv"]) == 0
    assert (tmp_path / "out.csv").exists()


def test_every_option_that_names_a_file_is_found_there():
    def options(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for inner in action.choices.values():
                    yield from options(inner)
            else:
                yield action

    named = {action.dest for action in options(_parser()) if re.search(r"FILE|\.csv", str(action.metavar))}
    assert named == set(FILES)


@pytest.mark.parametrize("command", ["match", "place", "play --plain"])
def test_a_closed_input_is_said(tmp_path, monkeypatch, capsys, command):
    monkeypatch.setenv("DATA_DIR", str(with_kept_city(tmp_path / "data")))
    monkeypatch.setattr(sys, "stdin", None)  # as `<&-` leaves it
    assert main(command.split()) == 2
    assert "the input is closed" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["match", "invite dishub"])
def test_a_full_output_is_said(tmp_path, monkeypatch, capsys, command):
    (tmp_path / "in.txt").write_text("lampu jalan mati\n", encoding="utf-8")
    monkeypatch.setenv("DATA_DIR", str(with_kept_city(tmp_path / "data")))
    with Path("/dev/full").open("w", encoding="utf-8") as full, (tmp_path / "in.txt").open() as given:
        monkeypatch.setattr(sys, "stdout", full)
        monkeypatch.setattr(sys, "stdin", given)
        assert main(command.split()) == 1
    said = capsys.readouterr().err
    assert "the output cannot be written (No space left on device)" in said
    assert "ask again" in said
