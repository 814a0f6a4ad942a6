"""Cut words: as much as fits, at a good place, and no visible sign in halves, on every channel."""

from __future__ import annotations

import pytest

from bot.channels.cutting import cut, units
from bot.channels.telegram import wording as telegram
from bot.channels.whatsapp import wording as whatsapp

FLAG, FAMILY, TONED, KEYCAP, ACCENT = "🇮🇩", "👨‍👩‍👧", "👍🏽", "1\ufe0f\u20e3", "e\u0301"


@pytest.mark.parametrize("sign", [FLAG, FAMILY, TONED, KEYCAP, ACCENT])
@pytest.mark.parametrize("before", range(10, 20))
def test_no_sign_is_cut_in_halves(sign: str, before: int):
    text = "a" * before + sign + "b" * 12
    for short in (whatsapp.shorten(text, 20).removesuffix("…"), cut(text, 20)[0], telegram.split(text, 20)[0]):
        assert text.startswith(short)
        rest = text[len(short) :]
        assert not short.endswith(sign[:-1]) or short.endswith(sign)
        assert rest.startswith((sign, "a", "b")) or not rest


def test_words_stay_whole_and_marks_of_ours_weigh_nothing():
    assert cut("satu dua tiga empat lima", 15) == ("satu dua tiga", "empat lima")
    assert cut("-abc-", 3, "-") == ("-abc-", "")
    assert (units("-abc-"), units("-abc-", "-"), units(f"{FLAG}-", "-")) == (5, 3, 4)
