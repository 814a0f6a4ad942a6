"""`sahut learn`: learns from texts whose category is known, keeps versions, goes back, and says why it answers so.

Exit codes: 0 done, 1 nothing was put in use, 2 wrong use or a file that cannot be read, 3 the database or the
data folder cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from msgspec import to_builtins

from bot import owner, warm
from bot.clock import SystemClock
from bot.commands.csv_rows import UnreadableTable, read_rows
from bot.settings import Settings
from cities import kept
from learning.lessons import Beforehand, Example, Lesson, Report, TooLittle
from learning.shelf import COLD, Shelf, UnusableModel
from routing.masking import mask
from routing.understand import Understander
from storage import schema
from storage.filed import filed
from storage.reading import reading
from storage.trouble import TROUBLE, said
from tickets.city import City
from usecases.confirmed import lesson

REFUSED, WRONG_USE, STORAGE = 1, 2, 3
SHOWN = 3


class NoReports(Exception):
    """The database's reports cannot be read; the message says why."""


def command(settings: Settings, asked: argparse.Namespace) -> int:
    """One of: list, roll back, explain a text, or learn."""
    if asked.rollback is not None or not (asked.list or asked.show is not None or asked.dry_run):
        owner.check(settings, "learn")
    city = kept.load(settings.city, settings.data_dir / "cache", keep=False)
    shelf = Shelf(settings.data_dir, city.slug)
    try:
        if asked.list:
            return _list(shelf)
        if asked.rollback is not None:
            return _roll_back(shelf, asked.rollback)
        if asked.show is not None:
            return _show(city, shelf, asked.show)
        return _learn(settings, city, shelf, asked)
    except UnusableModel as trouble:
        return _refused(trouble)
    except UnreadableTable as wrong:
        return _refused(wrong, WRONG_USE)
    except NoReports as wrong:
        return _refused(wrong, STORAGE)
    except PermissionError as shut:
        return _refused(f"{said(shut)}. {owner.ask_as(settings, 'learn')}", STORAGE)
    except OSError as error:
        return _refused(f"what was learned cannot be kept or read: {said(error)}.", STORAGE)


def _refused(why: object, code: int = REFUSED) -> int:
    print(f"sahut: {why}", file=sys.stderr)
    return code


def _learn(settings: Settings, city: City, shelf: Shelf, asked: argparse.Namespace) -> int:
    begun = monotonic()
    left_out: Counter[str] = Counter()
    examples = [e for file in asked.files for e in _from_file(file, city, left_out)]
    if asked.reports or not asked.files:
        examples += _from_reports(settings, city, left_out)
    print(_counted(len(examples), left_out), file=sys.stderr)
    try:
        found = taught(city, examples)
    except TooLittle as little:
        return _refused(f"{little}.")
    took = monotonic() - begun
    print(json.dumps(_as_json(found.report, left_out, took)) if asked.json else _as_lines(found.report, took))
    if not found.report.better:
        return _refused("nothing was put in use: the city's own words alone do as well on these texts.")
    if asked.dry_run:
        print("A trial (--dry-run): nothing was kept.", file=sys.stderr)
        return 0
    version = shelf.put(found.model, _about(found.report, asked.files))
    shelf.use(version)
    print(
        f"Version {version} is in use; a running Sahut takes it up within a minute. "
        "`sahut learn --rollback` goes back to the one before.",
        file=sys.stderr,
    )
    return 0


def taught(city: City, examples: Iterable[Example]) -> Lesson:
    """What these examples teach beside the city's own words. scikit-learn is loaded here and nowhere else."""
    from learning.train import train

    cold = city.understander
    assert isinstance(cold, Understander)
    beforehand = Beforehand(
        city.slug,
        {code: category.phrases for code, category in city.catalogue.categories.items()},
        cold.stems,
        lambda text: {match.code: match.score for match in cold.understand(text).candidates},
    )
    return train(list(examples), beforehand)


def _from_file(file: str, city: City, left_out: Counter[str]) -> Iterable[Example]:
    """Rows of known categories, by code or by name, in any case."""
    known: dict[str, str] = {}
    for code, category in city.catalogue.categories.items():
        known |= {code.casefold(): code, category.name.casefold(): code}
    for row in read_rows(Path(file)):
        found = known.get(row.category.casefold())
        if not row.text.strip():
            left_out["without a text"] += 1
        elif found is None:
            left_out[f'of a category this city does not have ("{row.category[:40]}")'] += 1
        else:
            yield Example(mask(row.text), found)


def _from_reports(settings: Settings, city: City, left_out: Counter[str]) -> list[Example]:
    """The database's own reports whose category an office confirmed or corrected."""

    def guesses(text: str) -> list[str]:
        return [match.code for match in city.understander.understand(text).candidates]

    found: list[Example] = []
    try:
        with reading(settings.database_url) as connection:
            differs = schema.difference(connection)
            if differs:
                raise NoReports(differs)
            for report in filed(connection, city.zone):
                category = lesson(report, city.catalogue, guesses)
                if category is None:
                    left_out["of the database that teach nothing yet"] += 1
                else:
                    found.append(Example(mask(report.text), category, f"person {report.person}"))
    except FileNotFoundError as missing:
        raise NoReports(f"{missing}. Name a file to learn from: sahut learn FILE.csv") from missing
    except (*TROUBLE, OSError) as error:
        raise NoReports(f"the database cannot be read ({said(error)}). `sahut doctor` tells more.") from error
    return found


def _counted(examples: int, left_out: Mapping[str, int]) -> str:
    lines = [f"{examples} texts to learn from."]
    return "\n".join(lines + [f"Left out: {count} {why}" for why, count in left_out.items()])


def _as_lines(report: Report, took: float) -> str:
    words, pieces = report.features
    rows = [
        f"Learned from {report.texts} different texts in {took:.0f} s; {report.judged} of them judged by a model "
        "that had not seen them:",
        "                              first guess   among three",
        *(
            f"{name:28}  {rates.first:11.3f}   {rates.three:11.3f}"
            for name, rates in (
                ("the city's own words alone", report.cold),
                ("learned, hearing them", report.learned),
                ("both, as put in use", report.together),
            )
        ),
        f"Stated without a question: {report.sure:.0%} of the texts, {report.right:.1%} of those rightly.",
        f"It knows {words} words and pairs and {pieces} pieces of words, each used by at least three people.",
        "category          texts   before   after   (first guess right)",
    ]
    return "\n".join(
        rows + [f"{t.category:16} {t.texts:6}   {t.cold:6.2f}  {t.together:6.2f}" for t in report.categories]
    )


def _as_json(report: Report, left_out: Mapping[str, int], took: float) -> dict[str, Any]:
    return {**to_builtins(report), "better": report.better, "left_out": dict(left_out), "seconds": round(took, 1)}


def _about(report: Report, files: Iterable[str]) -> dict[str, Any]:
    return {
        "made": SystemClock().now().isoformat(timespec="seconds"),
        "from": [Path(file).name for file in files] or ["reports"],
        "texts": report.texts,
        "cold": to_builtins(report.cold),
        "together": to_builtins(report.together),
        "sure": round(report.sure, 4),
        "right": round(report.right, 4),
    }


def _list(shelf: Shelf) -> int:
    entries = list(shelf.entries())
    if not entries:
        print("Nothing was learned yet. The city's own words answer alone.")
    for entry in entries:
        mark = "*" if entry.active else " "
        if entry.trouble:
            print(f"{mark} {entry.version:4}  {entry.trouble}")
            continue
        about = entry.about
        print(
            f"{mark} {entry.version:4}  {about.get('made', '?')}  {about.get('texts', '?')} texts of "
            f"{', '.join(about.get('from', ['?']))}: {_rates(about, 'cold')} -> {_rates(about, 'together')}"
        )
    if entries and shelf.active() == COLD:
        print("None is in use: the city's own words answer alone.")
    return 0


def _rates(about: Mapping[str, Any], which: str) -> str:
    rates = about.get(which, {})
    return f"{rates.get('first', 0):.3f} / {rates.get('three', 0):.3f}"


def _roll_back(shelf: Shelf, wanted: int) -> int:
    """To the named version; without a name (-1) to the one before the one in use."""
    version = shelf.before(shelf.active()) if wanted < COLD else wanted
    shelf.use(version)
    print(
        f"Version {version} is in use." if version else "Nothing learned is in use: the city's own words answer alone."
    )
    return 0


def _show(city: City, shelf: Shelf, text: str) -> int:
    """Everything that is weighed for a text by the version in use."""
    version = shelf.active()
    if version == COLD:
        return _refused("nothing learned is in use; `sahut match` shows how the city's own words answer.")
    judged = warm.with_model(city, shelf.get(version)).judge(text)
    rows = (
        ("known beforehand", judged.cold),
        ("learned (margin)", judged.learned),
        ("together", judged.together),
    )
    print(f"version {version}, trust in what was learned for these words: {judged.trust:.2f}")
    for name, scores in rows:
        best = sorted(scores, key=lambda code: -scores[code])[:SHOWN]
        print(f"{name:18} {', '.join(f'{code} {scores[code]:.2f}' for code in best)}")
    print(f"{'because':18} {', '.join(judged.because)}")
    return 0
