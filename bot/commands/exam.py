"""An exam file read as questions: what each row asks, and why some rows cannot be asked."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct, field

from bot.commands.csv_rows import Row, UnreadableTable, read_rows
from routing.intent import INTENTS, REPORT
from routing.measure import Question
from routing.measure_place import Spot
from tickets.city import City

LONGEST_TEXT = 8_000  # characters; no channel carries more in one message
KNOWN = ("intent", "danger", "place", "style", "part")
NOBODY, SOUNDS_LIKE_IT, NOT_ASKED = ("", "-", "none", "no", "tidak"), "none!", "any"


class Exam(Struct):
    """Questions with their texts, and how many rows were not asked, by reason."""

    asked: list[tuple[str, Question]] = field(default_factory=list)
    not_measured: Counter[str] = field(default_factory=Counter)
    unknown_columns: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.asked) + self.not_measured.total()


def read_exam(file: Path, city: City, part: str | None = None) -> Exam:
    """Every row of the file, or of one part of it. raises: UnreadableTable in plain words"""
    rows = read_rows(file)
    columns = set().union(*(row.more for row in rows[:1]))
    if part and "part" not in columns:
        raise UnreadableTable(f"{file} has no column part, so --part {part} cannot be chosen.")
    exam = Exam(unknown_columns=sorted(columns.difference(KNOWN)))
    spots = _spots(city)
    for row in rows:
        if part and _cell(row, "part") != part.casefold():
            continue
        question = _question(row, columns, city, spots)
        if isinstance(question, str):
            exam.not_measured[question] += 1
        else:
            exam.asked.append((row.text, question))
    return exam


def _question(row: Row, columns: Iterable[str], city: City, spots: dict[str, Spot]) -> Question | str:
    """What the row asks, or why it cannot."""
    category = row.category.upper()
    intents = tuple(_choices(row, "intent")) or ((REPORT,) if "intent" in columns else ())
    places = _choices(row, "place")
    if not row.text.strip():
        return "empty text"
    if len(row.text) > LONGEST_TEXT:
        return f"text longer than {LONGEST_TEXT} characters"
    if category and category not in city.catalogue.categories:
        return f"unknown category {category[:40]}"
    if not category and not intents:
        return "no category"
    if unknown := next((i for i in intents if i not in INTENTS), None):
        return f"unknown intent {unknown[:40]}"
    if unknown := next((p for p in places if p not in spots), None):
        return f"unknown place {unknown[:40]}"
    dangers, hard = _dangers(row, columns)
    return Question(category, intents, dangers, hard, tuple(spots[p] for p in places), _cell(row, "style"))


def _dangers(row: Row, columns: Iterable[str]) -> tuple[tuple[str, ...] | None, bool]:
    if "danger" not in columns or _cell(row, "danger") == NOT_ASKED:
        return None, False
    said = _cell(row, "danger")
    return (() if said in NOBODY or said == SOUNDS_LIKE_IT else tuple(_choices(row, "danger"))), said == SOUNDS_LIKE_IT


def _cell(row: Row, name: str) -> str:
    return row.more.get(name, "").strip().casefold()


def _choices(row: Row, name: str) -> list[str]:
    return [choice for choice in _cell(row, name).split("/") if choice]


def _spots(city: City) -> dict[str, Spot]:
    named = {k.name.casefold(): Spot(k.name, k.kecamatan) for k in city.places.kelurahan}
    districts = {f"kec:{name}".casefold(): Spot(kecamatan=name) for name in city.places.kecamatan}
    return named | districts | {"outside": Spot(outside=True), "none": Spot()}
