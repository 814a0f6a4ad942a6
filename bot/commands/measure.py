"""`sahut measure`: how well the city's understanding answers an exam, as a table and as JSON."""

import argparse
import csv
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from msgspec import to_builtins

from bot import warm
from bot.clock import SystemClock
from bot.commands.csv_rows import UnreadableTable
from bot.commands.exam import Exam, read_exam
from bot.commands.marks import written
from bot.settings import Settings
from cities import kept
from learning.shelf import COLD
from routing.measure import Answer, Marks, Pair, Question, mark, mistakes
from routing.place_reading import PlaceReading
from tickets.city import City

WRONG_USE = 2
NOTHING_MEASURED = 1


def run(
    file: Path,
    out: TextIO,
    notes: TextIO,
    city: City,
    *,
    part: str | None = None,
    as_json: bool = False,
    wrong_to: Path | None = None,
) -> int:
    """Ask every row of the file, write the marks, and (where wanted) a table of what was answered wrongly.

    returns: 0 measured, 1 the file holds nothing that can be measured, 2 the file cannot be read
    """
    try:
        exam = read_exam(file, city, part)
    except UnreadableTable as wrong:
        print(f"sahut: {wrong}", file=notes)
        return WRONG_USE
    if part is not None and not exam.rows:
        print(f"sahut: {file}: no row has {part!r} in its column part.", file=notes)
        return NOTHING_MEASURED
    if exam.unknown_columns:
        print(f"sahut: columns overlooked: {', '.join(exam.unknown_columns)[:200]}", file=notes)
    pairs = answered(exam, city, SystemClock().now().astimezone(city.zone).date())
    marks = mark(pairs)
    if wrong_to:
        _write_mistakes(wrong_to, exam, pairs)
    if as_json:
        json.dump(_object(file, city, exam, marks, part), out, ensure_ascii=True, indent=2)
        out.write("\n")
    else:
        out.write(written(marks, exam.rows, exam.not_measured))
    return 0 if exam.asked else NOTHING_MEASURED


def answered(exam: Exam, city: City, today: date) -> list[Pair]:
    """Every question with what the city's understanding says."""
    return [(question, answer(text, question, city, today)) for text, question in exam.asked]


def _write_mistakes(file: Path, exam: Exam, pairs: list[Pair]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(("text", "asked", "right", "said", "decision"))
        for (text, _), pair in zip(exam.asked, pairs, strict=True):
            table.writerows((text, *wrong, pair[1].decision) for wrong in mistakes(pair))


def answer(text: str, question: Question, city: City, today: date) -> Answer:
    """What the city's understanding makes of a text, whatever the text."""
    understood = city.understander.understand(text)
    codes = tuple(match.code for match in understood.candidates)
    first = codes[0] if codes else ""
    said, right = (city.catalogue.owner(code, today).code if code else None for code in (first, question.category))
    return Answer(
        codes,
        understood.decision,
        (said, right),
        understood.intent,
        understood.emergency.kind if understood.emergency else None,
        city.places.read(text) if question.places else PlaceReading(),
    )


def _object(file: Path, city: City, exam: Exam, marks: Marks, part: str | None) -> dict[str, Any]:
    head = {"file": file.name, "city": city.slug, "part": part, "rows": exam.rows, "measured": len(exam.asked)}
    head |= {"learned_version": city.understander.version if isinstance(city.understander, warm.Warm) else COLD}
    return head | {"not_measured": dict(exam.not_measured.most_common())} | to_builtins(marks)


def command(settings: Settings, asked: argparse.Namespace) -> int:
    """One exam file, measured with what the city understands: its words and, unless cold, what was learned."""
    city = kept.load(settings.city, settings.data_dir / "cache", keep=False)
    if not asked.cold:
        city = warm.warmed(city, settings.data_dir)
    wrong_to = Path(asked.mistakes) if asked.mistakes else None
    try:
        return run(
            Path(asked.file), sys.stdout, sys.stderr, city, part=asked.part, as_json=asked.json, wrong_to=wrong_to
        )
    except OSError as error:
        print(f"sahut: {error.filename} cannot be written ({error.strerror}).", file=sys.stderr)
        return WRONG_USE
