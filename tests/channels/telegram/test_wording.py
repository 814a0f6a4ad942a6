"""Cutting and counting as Telegram counts; the number and the link are always in the first part."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.telegram.wording import html, paragraphs, plain, shorten, split, units
from tests.bench.telegram_rules import formatted, utf16_units
from texts.catalogue import BOLD_OFF, BOLD_ON

SIGNS = [
    "a",
    " ",
    "\n",
    "\n\n",
    ". ",
    "é",
    "e\u0301",
    "🚧",
    "👩‍👩‍👧‍👦",
    "👍🏽",
    "🇮🇩",
    "<",
    "&",
    BOLD_ON,
    BOLD_OFF,
    "kata ",
]
texts = st.lists(st.sampled_from(SIGNS), max_size=400).map("".join)
WHOLE = re.compile("👩‍👩‍👧‍👦|👍🏽|🇮🇩|e\u0301")


@given(texts, st.integers(40, 300))
def test_every_part_fits_and_nothing_is_lost(text: str, limit: int):
    parts = split(text, limit)
    assert all(utf16_units(plain(part)) <= limit for part in parts)
    assert re.sub(r"\s", "", plain("".join(parts))) == re.sub(r"\s", "", plain(text))


@given(texts, st.integers(60, 300))
def test_no_sign_is_cut_in_two(text: str, limit: int):
    whole = len(WHOLE.findall(plain(text)))
    assert sum(len(WHOLE.findall(plain(part))) for part in split(text, limit)) == whole


@given(texts, st.integers(40, 300))
def test_every_part_is_html_the_platform_takes(text: str, limit: int):
    for part in split(text, limit):
        assert formatted(html(part), "HTML")[0] == plain(part).strip()


@given(texts)
def test_bold_is_the_same_before_and_after_cutting(text: str):
    def bold(marked: str) -> str:
        out, on = [], False
        for sign in marked:
            if sign in (BOLD_ON, BOLD_OFF):
                on = sign == BOLD_ON
            elif on and not sign.isspace():
                out.append(sign)
        return "".join(out)

    assert "".join(bold(part) for part in split(text, 60)) == bold(text)


FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@given(texts, texts, st.integers(120, 300))
@example(f"{'a' * 16}\n\n{FAMILY * 3}kata kata kata \n\n", FAMILY, 120)  # room for the link pushed the number out
def test_number_and_link_are_in_the_first_part(before: str, after: str, limit: int):
    number, link = "BKS-26-000123-7", "https://lapor.test/t/k3y"
    text = f"{before} {number} {after} {link} "
    first = plain(split(text, limit)[0])
    assert number in first
    assert link in first
    short = shorten(text, limit)
    assert units(short) <= limit
    assert number in plain(short)
    assert link in plain(short)


def test_units_are_those_of_utf16():
    assert [units(t) for t in ("abc", "é", "🚧", f"{BOLD_ON}a{BOLD_OFF}")] == [3, 1, 2, 1]


def test_what_fits_is_left_alone():
    assert split("x" * 4096) == ["x" * 4096]
    assert [units(p) for p in split("x" * 4097)] == [4096, 1]
    assert split("🚧" * 2048) == ["🚧" * 2048]
    assert shorten("Halo") == "Halo"


def test_words_stay_whole_where_they_can():
    assert split("satu dua tiga empat lima", 15) == ["satu dua tiga", "empat lima"]


def test_the_last_paragraph_is_the_question():
    assert paragraphs("Satu.\n\nDua.\n\nTiga?") == ("Satu.\n\nDua.", "Tiga?")
    assert paragraphs("Satu.\nDua?") == ("Satu.", "Dua?")
    assert paragraphs("Satu") is None
    assert paragraphs("\n\nSatu") is None
