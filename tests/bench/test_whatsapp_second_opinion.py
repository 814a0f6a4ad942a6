"""The second reader itself: it accepts what is right, and notices each of the mistakes it is there for."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.whatsapp.interactive import forms
from tests.bench.whatsapp_rules import Refusal, check_message
from tests.bench.whatsapp_second_opinion import differences, missing
from usecases.ports import Button, Outgoing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")

WORDS = {"choose": "Silakan pilih:", "more": "Lainnya:", "open": "Lihat pilihan", "number": "Atau angka:"}
Json = dict[str, Any]


def buttons(*titles: str, id_: str = "id") -> Json:
    made = [{"type": "reply", "reply": {"id": f"{id_}{n}", "title": title}} for n, title in enumerate(titles)]
    return interactive("button", {"buttons": made})


def rows(count: int, title: str = "T", text: str = "d", button: str = "b", section: str | None = None) -> Json:
    made = [{"id": str(n), "title": title, "description": text} for n in range(count)]
    return interactive(
        "list", {"button": button, "sections": [{"title": section, "rows": made} if section else {"rows": made}]}
    )


def interactive(kind: str, action: Json, body: str = "x") -> Json:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}


WRONG = {
    "four buttons": buttons(*"abcd"),
    "the same title twice": buttons("a", "a"),
    "a title of 21": buttons("a" * 21),
    "an id of 257": buttons("a", id_="i" * 257),
    "a body of 1025": interactive("button", buttons("a")["interactive"]["action"], "x" * 1025),
    "a text of 4097": {"type": "text", "text": {"body": "x" * 4097}},
    "eleven rows": rows(11),
    "a row of 25": rows(1, "t" * 25),
    "a description of 73": rows(1, text="d" * 73),
    "a section of 25": rows(1, section="s" * 25),
    "a list's button of 21": rows(1, button="b" * 21),
}


@pytest.mark.parametrize("name", WRONG)
def test_both_readers_notice(name: str):
    assert len(differences([WRONG[name]])) == 1
    with pytest.raises(Refusal):
        check_message({"messaging_product": "whatsapp", "to": "6281200001111"} | WRONG[name])


def test_a_field_too_much_is_a_difference():
    assert differences([{"type": "text", "text": {"body": "x", "colour": "red"}}])


def test_ten_rows_in_all_is_our_own_rule():
    sections = [{"title": s, "rows": [{"id": f"{s}{n}", "title": "T"} for n in range(6)]} for s in "ab"]
    assert "ten rows" in differences([interactive("list", {"button": "b", "sections": sections})])[0]


def test_everything_we_make_is_read_the_same():
    """Any words with any number of choices."""
    made: list[Json] = []
    for length in (0, 1, 1023, 1025, 3000, 9000):
        for count in (0, 1, 2, 3, 4, 10, 11, 25):
            for size in (1, 20, 21, 25, 73):
                choices = tuple((Button(f"{n} " + "é" * size, f"1|{n}"),) for n in range(count))
                place = ((Button("📍", "", "location"),),) if size == 20 else ()
                link = ((Button("Lacak", "https://lapor.kota.go.id/t", "url"),),) if size in (1, 25) else ()
                message = Outgoing(1, "whatsapp", "6281200001111", "k" * length, (*choices, *place, *link))
                made += forms(message, lambda name, locale: WORDS[name])
    assert len(made) > 300
    assert not differences(made)
