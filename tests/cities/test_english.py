"""English is the second language: an exam of its own, by a writer who had read none of our words.

No word is added for one of its sentences (docs/exam.md tells what was looked at). Floors stand a little below what was
measured; `sahut measure cities/common/english.csv` shows all.
"""

import csv
import re

import pytest

from bot.commands.exam import read_exam
from bot.commands.measure import answered
from cities.loader import HERE
from routing.measure import Marks, mark
from tests.cities.test_exam import DAY
from tickets.city import City

COMMON = HERE / "common"
EXAM = COMMON / "english.csv"
ORDINARY = 2  # words; there are not many ways to say so little


@pytest.fixture(scope="module")
def marks(bekasi: City) -> Marks:
    exam = read_exam(EXAM, bekasi)
    assert not exam.not_measured
    return mark(answered(exam, bekasi, DAY))


def test_a_report_in_english_finds_its_category(marks: Marks):
    assert marks.category is not None
    assert marks.category.top1 >= 0.75, marks.category
    assert marks.category.top3 >= 0.87, marks.category
    assert marks.category.sure.precision is not None
    assert marks.category.sure.precision >= 0.95, marks.category.sure


def test_the_kind_of_message_is_recognised_in_english(marks: Marks):
    assert marks.intent is not None
    assert marks.intent.accuracy >= 0.91, marks.intent


def test_danger_is_heard_in_english(marks: Marks):
    assert marks.danger is not None
    assert marks.danger.recall >= 0.94, marks.danger
    assert marks.danger.precision >= 0.82, marks.danger


def test_no_sentence_stands_in_the_lessons():
    files = (file for folder in ("sayings", "dangers", "kinds") for file in (COMMON / folder).glob("*.txt"))
    told = {_plain(line) for file in files for line in file.read_text("utf-8").splitlines()}
    with EXAM.open(encoding="utf-8", newline="") as rows:
        asked = [row["text"] for row in csv.DictReader(rows)]
    assert len(asked) >= 250
    assert not [text for text in asked if len(text.split()) > ORDINARY and _plain(text) in told]


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
