"""`sahut learn` from end to end: learned, in use, taken up by what runs, gone back from, explained."""

import csv
import io
import json
import random
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import settings, warm
from bot.commands import learn, match
from bot.settings import Settings
from cities import kept
from learning.shelf import Shelf, UnusableModel
from routing.learned import OFFERED, Learned
from routing.understand import Understander
from tests.halls import hall
from tickets.city import City

# What people of a town might say that nobody has told the program: nicknames of places and things.
TALK = {
    "PJU": ("kunangkunang", "remangan", "gulitaan", "petromaks", "senteran"),
    "SAMPAH": ("belatungan", "gunungan", "bau", "amburadulan", "gerobakan"),
    "AIR": ("kerannya", "butekan", "meteranan", "embernya", "ngucuran"),
}
STRANGE = "wakanda bukabuka xylofon"


def table(file: Path, rows: list[tuple[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([("text", "category"), *rows])
    return file


def town_talk(count: int = 180) -> list[tuple[str, str]]:
    dice = random.Random(5)
    codes = list(TALK)
    return [
        (" ".join(dice.sample(TALK[codes[i % 3]], 3)) + f" gang{'abcdefgh'[i % 8]}", codes[i % 3]) for i in range(count)
    ]


def asked(*files: Path, **options: object) -> Namespace:
    usual = {"reports": False, "dry_run": False, "json": False, "list": False, "rollback": None, "show": None}
    return Namespace(files=[str(file) for file in files], **(usual | options))


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str


def told(here: Settings, request: Namespace) -> Told:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = learn.command(here, request)
    return Told(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def city() -> City:
    return hall()


@pytest.fixture(scope="module", autouse=True)
def opened_once(city: City) -> Iterator[None]:
    """Every command opens the city's folder; here they share one, because that takes a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "load", lambda _slug, _folder, **_: city)
        yield


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which one version was learned."""
    folder = tmp_path_factory.mktemp("learned")
    rows = [*town_talk(), ("", "PJU"), ("apa saja", "TIDAK-ADA"), ("remangan gulitaan lagi", "Lampu jalan (PJU) mati")]
    file = table(folder / "laporan.csv", rows)
    answer = told(here(folder), asked(file))
    assert answer.code == 0, answer.err
    assert "Version 1 is in use" in answer.err
    assert "1 without a text" in answer.err
    assert 'a category this city does not have ("TIDAK-ADA")' in answer.err
    return folder


def here(folder: Path) -> Settings:
    return settings.load(env_file=None, data_dir=folder)


def matched(folder: Path, text: str, *, cold: bool = False, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    file = folder / "asked.txt"
    file.write_text(text + "\n", encoding="utf-8")
    assert match.command(here(folder), Namespace(files=[str(file)], cold=cold)) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.slow
def test_words_nobody_had_told_are_understood(taught: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "remangan gulitaan petromaks"
    row = matched(taught, text, capsys=capsys)
    assert row["candidates"][0]["code"] == "PJU"  # type: ignore[index]
    assert set(row["because"]) & set(text.split())  # type: ignore[call-overload]
    assert matched(taught, text, cold=True, capsys=capsys)["candidates"] != row["candidates"]


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "😀", "???", "x" * 8000, STRANGE, "hello my street light is broken"])
def test_what_it_does_not_know_is_answered_as_before(taught: Path, city: City, text: str) -> None:
    understood = warm.warmed(city, taught).understander.understand(text)
    assert understood.decision in ("sure", "ask", "unknown")
    if text in ("", "😀", "???", STRANGE):
        assert understood == city.understander.understand(text)


@pytest.mark.slow
def test_alarms_kinds_and_the_first_guess_stay(taught: Path, city: City) -> None:
    warmed = warm.warmed(city, taught).understander
    for text in (
        "kebakaran rumah tetangga api besar tolong",
        "lubang di jalan depan gulitaan remangan",
        "terima kasih lampunya sudah nyala",
        "got mampet belatungan gunungan",
    ):
        cold, after = city.understander.understand(text), warmed.understand(text)
        assert (after.emergency, after.intent) == (cold.emergency, cold.intent)
        if cold.candidates:
            assert cold.candidates[0].code in [guess.code for guess in after.candidates[:OFFERED]]
        assert len(after.candidates) >= 3 or not after.candidates
        assert sum(guess.score for guess in after.candidates) <= 1.001


@pytest.mark.slow
def test_versions_are_listed_and_gone_back_from(taught: Path) -> None:
    listed = told(here(taught), asked(list=True)).out
    assert listed.startswith("*    1")
    assert "laporan.csv" in listed
    try:
        assert "Nothing learned is in use" in told(here(taught), asked(rollback=-1)).out
        assert "None is in use" in told(here(taught), asked(list=True)).out
        assert told(here(taught), asked(show="lampu")).code == 1
        unknown = told(here(taught), asked(rollback=7))
        assert unknown.code == 1
        assert "no version 7" in unknown.err
    finally:
        assert "Version 1 is in use" in told(here(taught), asked(rollback=1)).out


@pytest.mark.slow
def test_it_explains_itself(taught: Path) -> None:
    shown = told(here(taught), asked(show="remangan petromaks di gang")).out
    for expected in (
        "version 1, trust",
        "known beforehand",
        "learned (margin)   PJU",
        "together",
        "because",
        "remangan",
    ):
        assert expected in shown, shown


@pytest.mark.slow
def test_what_runs_takes_up_another_version(taught: Path, city: City) -> None:
    shelf = Shelf(taught, city.slug)
    running = warm.Warm(city, shelf)
    text = "remangan gulitaan petromaks"
    assert running.version == 1
    warmly = running.understand(text)
    shelf.use(0)
    try:
        assert running.understand(text) == warmly, "only at the next look"
        running.look()
        assert running.version == 0
        assert running.understand(text) == city.understander.understand(text)
    finally:
        shelf.use(1)
    running.look()
    assert running.understand(text) == warmly


@pytest.mark.slow
def test_a_broken_version_is_told_and_the_citys_words_go_on(taught: Path, city: City, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, city.slug)
    shelf.use(shelf.put(Shelf(taught, city.slug).get(1), {}))
    file = tmp_path / "learned" / city.slug / "0001.json"
    file.write_bytes(file.read_bytes()[:-9])
    running = warm.Warm(city, shelf)
    assert running.version == 0
    assert "damaged" in running.trouble
    assert warm.standing(city, tmp_path)[0] == "warn"
    assert warm.standing(city, taught)[0] == "ok"
    assert running.understand("lampu jalan mati") == city.understander.understand("lampu jalan mati")


@pytest.mark.slow
def test_a_model_of_categories_the_city_lacks_is_refused(taught: Path, city: City) -> None:
    model = Shelf(taught, city.slug).get(1)
    strange = replace(model, categories=("GUNUNG", *model.categories[1:]))
    with pytest.raises(UnusableModel, match="GUNUNG"):
        warm.with_model(city, strange)


@pytest.mark.slow
def test_a_trial_keeps_nothing_and_tells_its_figures(taught: Path, tmp_path: Path) -> None:
    answer = told(here(tmp_path), asked(taught / "laporan.csv", dry_run=True, json=True))
    figures = json.loads(answer.out)
    assert figures["together"]["first"] > figures["cold"]["first"]
    assert figures["better"] is True
    assert not (tmp_path / "learned").exists()


def test_wrong_use_is_said(tmp_path: Path) -> None:
    assert told(here(tmp_path), asked(tmp_path / "nowhere.csv")).code == 2
    few = told(here(tmp_path), asked(table(tmp_path / "few.csv", town_talk(9))))
    assert few.code == 1
    assert "too few" in few.err
    nothing = told(here(tmp_path), asked())
    assert nothing.code == 3
    assert "sahut learn FILE.csv" in nothing.err
    assert "Nothing was learned yet" in told(here(tmp_path), asked(list=True)).out


def test_the_running_program_never_loads_a_learner() -> None:
    code = "import bot.wiring, bot.program, bot.commands.match, sys; print([m for m in sys.modules if m in " + (
        "('sklearn', 'scipy', 'numpy')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_cold_understanding_is_what_a_city_brings(city: City) -> None:
    assert isinstance(city.understander, Understander)
    assert not isinstance(warm.warmed(city, Path("/nowhere")).understander, Learned)
