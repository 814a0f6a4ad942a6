"""The city's templates all the way: filled from real messages, through the real channel, to the strict server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp.inbound import parse
from tests.bench.fake_whatsapp import NUMBER, FakeWhatsApp
from tests.channels.whatsapp.conftest import NOW, Ticks
from tests.halls import hall
from tests.usecases import wa
from tests.usecases.fixtures import on_sqlite, towns  # noqa: F401
from tests.usecases.town import Town
from texts.text import Text, literal
from tickets.templates import SLOT, Form
from tickets.ticket import Ticket
from usecases import templates
from usecases.bodies import body
from usecases.deliver import Sent
from usecases.ports import Outgoing, SendFailed
from usecases.records import Queued
from usecases.templates import template_for

FORMS = hall().templates
LONG = "Kata-kata petugas yang panjang sekali.\n\nDengan baris baru. " * 60


@pytest.fixture
def town(on_sqlite: str, towns: Callable[..., Town]) -> Town:  # noqa: F811
    return towns(on_sqlite)


def register(server: FakeWhatsApp) -> None:
    """Meta has approved everything as the file has it."""
    for form in FORMS:
        for language, wording in form.wordings.items():
            server.templates[form.name, language] = {"slots": len(SLOT.findall(wording.body))}


def instead(town: Town, form: Form, key: str) -> Outgoing:
    """What is sent instead of this text when only this form is approved and the window is shut."""
    ticket: Ticket = town.report("6281200001111", channel=wa.WHATSAPP)
    town.deliver()
    wa.approve(town, form.code)
    town.clock.forward(hours=25)
    if key.startswith("card."):
        row = Queued(ticket.conversation, f"x:{key}", {}, kind="card", ticket=ticket.id)
        row = replace(row, card=town.do(lambda unit: unit.tickets.card(ticket.id, ticket.conversation)).id)
    else:
        slots = town.house.texts.slots(key)
        text = Text(key, {slot: literal(LONG) if slot in ("note", "words", "outcome") else "isi" for slot in slots})
        row = Queued(ticket.conversation, f"x:{key}", body(text), ticket=ticket.id)
    town.do(lambda unit: unit.outbox.add([row]))
    (job,) = town.claim()
    town.settle(Sent(job, f"wamid.{job.row.id}"))
    return job.message


@pytest.mark.parametrize("form", FORMS, ids=[form.code for form in FORMS])
async def test_every_text_is_taken_as_its_template(
    town: Town, channel: WhatsApp, server: FakeWhatsApp, ticks: Ticks, form: Form
):
    register(server)
    server.person("6281200001111")  # who never wrote: the window is shut
    for key in form.stands_for:
        made = instead(town, form, key)
        assert made.template is not None, key
        assert made.template.name == form.name
        assert len(made.template.buttons) == len(form.replies)
        assert await channel.send(made)
        ticks.now += 60


async def test_a_template_that_meta_does_not_have_is_a_failure_of_the_template(
    town: Town, channel: WhatsApp, server: FakeWhatsApp
):
    server.person("6281200001111")
    made = instead(town, FORMS[1], "notice.acknowledged")
    with pytest.raises(SendFailed) as failed:
        await channel.send(made)
    assert str(failed.value.failure) == "template"


def test_meta_s_word_about_a_template_is_understood(town: Town):
    value = {
        "event": "APPROVED",
        "message_template_id": 1,
        "message_template_name": "sahut_sudah_beres",
        "message_template_language": "id",
        "reason": "NONE",
    }
    change = {"field": "message_template_status_update", "value": value}
    wire: Any = {"object": "whatsapp_business_account", "entry": [{"id": "1", "time": 1, "changes": [change]}]}
    parsed = parse(wire, number=NUMBER, now=NOW)
    assert not parsed.odd
    (event,) = parsed.events
    assert town.do(lambda unit: templates.told(unit, event))
    assert town.do(lambda unit: unit.templates.approved("whatsapp")) == {("sahut_sudah_beres", "id")}


def test_words_that_are_no_template_s_are_left_alone(town: Town):
    event = wa_event({"event": "FLAGGED"})
    assert not town.do(lambda unit: templates.told(unit, event))
    other = wa_event({"message_template_name": "of another program", "event": "APPROVED"})
    assert town.do(lambda unit: templates.told(unit, other))
    row = _row(town)
    assert town.do(lambda unit: template_for(unit, town.house, row)) is None


def wa_event(value: dict[str, Any]) -> Any:
    from usecases.ports import AccountEvent

    return AccountEvent("whatsapp", "a:1", templates.STATUS_EVENT, NOW, value)


def _row(town: Town) -> Any:
    """A message that is being sent."""
    town.take(wa.message(town, "6281200001111", "halo"))
    return town.claim()[0].row
