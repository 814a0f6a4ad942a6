"""Every word a person reads: complete in every language, safe with hostile parameters, never an exception."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json

from texts.catalogue import BOLD_OFF, BOLD_ON, Catalogue, UnknownText, clean, shipped
from texts.text import Moment, Param, Span, Text, from_json, literal, say

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Jakarta")
LABEL = 24
# Slots of labels, at their longest in real life.
LONG = {"kelurahan": "Jatibening Baru", "city": "Kota Bekasi", "number": "BKS-26-000123-7", "place": 5}


def render(text: Text, locale: str = "id") -> str:
    return shipped().render(text, locale, ZONE, "WIB")


def calls(*names: str) -> list[ast.Call]:
    """Calls of these functions in the rooms that speak to citizens."""
    found = []
    for path in [*ROOT.glob("conversations/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                found.append(node)
    return found


def first_words(call: ast.Call, place: int = 0) -> str:
    part = call.args[place] if len(call.args) > place else None
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""


def test_every_text_the_dialogue_names_exists() -> None:
    keys = {first_words(call) for call in calls("say", "Text")} - {"", "literal"}
    keys |= {key for call in calls("choice") if (key := first_words(call, 1))}
    assert len(keys) > 100
    shipped().check(keys)


@pytest.mark.parametrize("locale", shipped().locales)
def test_every_language_has_every_text_with_the_same_slots(locale: str) -> None:
    texts = shipped()
    base = {key for key in texts.keys("id") if not key.endswith(".one")}
    own = {key for key in texts.keys(locale) if not key.endswith(".one")}
    assert own == base
    for key in base - {"card.category"}:  # there each language picks its own name
        assert texts.slots(key, locale) == texts.slots(key, "id"), key


@pytest.mark.parametrize("locale", shipped().locales)
def test_buttons_are_short(locale: str) -> None:
    """Longer labels are cut by WhatsApp and wrap on small phones."""
    keys = {key for call in calls("choice") if (key := first_words(call, 1))}
    keys |= {f"summary.edit_{step}" for step in ("describe", "category", "location", "photo", "name")}
    for key in keys:
        label = render(Text(key, LONG), locale)
        assert 0 < len(label) <= LABEL, (key, label)


def test_no_text_is_longer_than_a_message() -> None:
    for locale in shipped().locales:
        for key in shipped().keys(locale):
            assert len(render(Text(key), locale)) < 1500, key


def test_an_unknown_key_is_found_at_start_and_harmless_later() -> None:
    with pytest.raises(UnknownText, match=r"no\.such"):
        shipped().check(["menu.ask", "no.such"])
    assert render(say("no.such")) == render(say("common.sorry"))


@pytest.mark.parametrize("locale", ["", "fr", "id-ID", "EN", "en-GB", "x" * 99])
def test_any_locale_gets_words(locale: str) -> None:
    assert render(say("menu.help"), locale) in ("Bantuan", "Help")


def test_a_text_missing_in_one_language_is_said_in_indonesian() -> None:
    texts = Catalogue({"id": {"a.b": "Selamat {x}"}, "en": {}})
    assert texts.render(say("a.b", x="pagi"), "en", ZONE, "WIB") == "Selamat pagi"


def test_times_are_told_in_the_zone_of_the_city() -> None:
    at = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    assert render(say("common.lines", first=Moment(at), second=Moment(at, "day"))) == (
        "Selasa, 24 November pukul 00.30 WIB\nSelasa, 24 November"
    )
    assert render(say("common.lines", first=Moment(at), second=Moment(at, "hour")), "en") == (
        "Tuesday, 24 November at 00:30 WIB\n00:30 WIB"
    )


@pytest.mark.parametrize(
    ("seconds", "indonesian", "english"),
    [
        (-5, "beberapa saat", "a moment"),
        (60, "1 menit", "1 minute"),
        (2_400, "40 menit", "40 minutes"),
        (10_800, "3 jam", "3 hours"),
        (90_000, "25 jam", "25 hours"),
        (180_000, "2 hari", "2 days"),
    ],
)
def test_durations_are_told_in_a_sensible_unit(seconds: int, indonesian: str, english: str) -> None:
    span = say("common.lines", first=Span(seconds), second="")
    assert render(span).strip() == indonesian
    assert render(span, "en").strip() == english


def test_bold_comes_from_templates_and_never_from_people() -> None:
    texts = Catalogue({"id": {"a": "Jenis *{kind}*, {words} 2*3*4", "b": "*tebal*"}})
    words = texts.render(say("a", kind="*x*", words=f"*y* {BOLD_ON}z{BOLD_OFF}"), "id", ZONE, "WIB")
    assert words == f"Jenis {BOLD_ON}*x*{BOLD_OFF}, *y* z 2{BOLD_ON}3{BOLD_OFF}4"
    nested = texts.render(say("a", kind=say("b"), words=say("b")), "id", ZONE, "WIB")
    assert nested.startswith(f"Jenis {BOLD_ON}tebal{BOLD_OFF}, {BOLD_ON}tebal{BOLD_OFF}")


def test_slots_in_peoples_words_stay_words() -> None:
    assert "{category}" in render(say("category.stated", category="{category}"))


@given(st.text(), st.sampled_from(["id", "en"]))
def test_whatever_people_write_can_be_shown(words: str, locale: str) -> None:
    shown = render(say("describe.added", words=words), locale)
    assert not any(sign in shown for sign in "\x00\x07\u202e\u2066\u200b\ufeff")
    assert shown.count(BOLD_ON) == shown.count(BOLD_OFF)
    shown.encode("utf-8")  # no lone surrogate


def test_line_ends_survive_cleaning() -> None:
    assert clean("a\r\nb\rc\td\u202e") == "a\nb\nc\td"


@given(
    st.recursive(
        st.text(max_size=5) | st.integers() | st.builds(Span, st.integers(0, 10**6)),
        lambda inner: st.builds(lambda value: say("common.lines", first=value, second="x"), inner),
        max_leaves=5,
    )
)
def test_a_parameter_survives_the_outbox(value: Param) -> None:
    assert from_json(json.decode(json.encode(value))) == value


def test_names_from_data_are_the_same_in_every_language() -> None:
    assert render(literal("Dinas Perhubungan"), "en") == "Dinas Perhubungan"
