"""Every label of a button fits where WhatsApp shows it, in every language: 20 on a button, 24 in a list, 72 below."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.cutting import units
from bot.channels.whatsapp.interactive import BUTTON_TITLE, LIST_BUTTON, ROW_TEXT, ROW_TITLE
from conversations import wording
from tests.halls import hall

ROOT = Path(__file__).parents[3]
LOCALES = ("id", "en")
MAKERS = {"choice", "Choice"}
# labels whose key is put together while running, and those with a slot
FAMILIES = (
    "action.", "follow.do_", "summary.edit_", "officer.reason_", "officer.in_days_", "officer.close_", "kind.is_",
)  # fmt: skip
SLOTS = {"place": "12", "number": "BKS-26-000123-7", "count": "12"}
LONGER = {"kind.other"}  # in lists only
NO_LABEL = {"officer.close_reason", "danger.call"}  # a question, and a telephone number as a line
CITIES = sorted(path.parent.name for path in (ROOT / "cities").glob("*/city.toml"))


def written() -> Iterator[str]:
    """Keys that stand beside an action in the code."""
    for room in ("conversations", "tickets", "usecases"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and len(node.args) > 1:
                    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                    label = node.args[1]
                    if isinstance(label, ast.Call) and label.args:
                        label = label.args[0]
                    if name in MAKERS and isinstance(label, ast.Constant) and isinstance(label.value, str):
                        yield label.value


def flat(table: dict[str, object], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{name}.")
        elif isinstance(value, str):
            found[before + name] = value
    return found


def labels(locale: str) -> dict[str, str]:
    texts = flat(tomllib.loads((ROOT / "texts" / f"{locale}.toml").read_text("utf-8")))
    wanted = set(written()) | {key for key in texts if key.startswith(FAMILIES)}
    filled: dict[str, str] = {}
    for key in (wanted & set(texts)) - NO_LABEL:
        words = texts[key]
        for slot, value in SLOTS.items():
            words = words.replace(f"{{{slot}}}", value)
        filled[key] = words
    return filled


@pytest.mark.parametrize("locale", LOCALES)
def test_labels_fit(locale: str):
    found = labels(locale)
    assert len(found) > 60
    too_long = {key: label for key, label in found.items() if units(label) > ROW_TITLE}
    assert not too_long
    on_buttons = {key: label for key, label in found.items() if units(label) > BUTTON_TITLE and key not in LONGER}
    assert not on_buttons


@pytest.mark.parametrize("locale", LOCALES)
def test_the_channels_own_words_fit(locale: str):
    texts = flat(tomllib.loads((ROOT / "texts" / f"{locale}.toml").read_text("utf-8")))
    assert units(texts["whatsapp.open"]) <= LIST_BUTTON
    assert {"choose", "more", "number"} <= {key.removeprefix("whatsapp.") for key in texts}


@pytest.mark.parametrize("city", CITIES)
def test_labels_of_a_city_fit(city: str):
    made = hall(city)
    names = [k.name for k in made.places.by_code.values()] + [k.kecamatan for k in made.places.by_code.values()]
    groups = [label for g in made.catalogue.groups for label in (g.label_id, g.label_en)]
    assert not [name for name in (*names, *groups) if units(name) > ROW_TITLE]
    assert wording.LABEL <= ROW_TEXT, "a category's name stands in full below its row"
    categories = [name for c in made.catalogue.categories.values() for name in (c.name, c.name_en)]
    assert not [name for name in categories if units(name) > ROW_TEXT]
