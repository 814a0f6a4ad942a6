"""The bot came to a group or went, or a person left it."""

from __future__ import annotations

from texts.text import literal, say
from usecases import binding, unreached, vacancies
from usecases.desk import Desk


def changed(desk: Desk) -> None:
    """Leaving ends a person's right to act here."""
    unit, chat, inbound = desk.unit, desk.chat, desk.inbound
    if inbound.of_bot:
        _came_or_went(desk, gone=inbound.membership in ("kicked", "left", "blocked"))
    elif inbound.membership in ("kicked", "left"):
        topics = unit.chats.topics(chat.channel, chat.peer)
        agencies = [bound.agency for topic in topics for bound in unit.agencies.bound_to(topic)]
        if agencies:
            vacancies.left(unit, desk.house, desk.person(), agencies)


def _came_or_went(desk: Desk, *, gone: bool) -> None:
    """With the bot's seat in a group comes and goes that in all its topics."""
    unit, bound_here = desk.unit, False
    for topic in unit.chats.topics(desk.chat.channel, desk.chat.peer):
        was_gone = unit.chats.get(topic).reachable != "ok"
        unit.chats.set_reachable(topic, "blocked" if gone else "ok")
        if gone:
            unreached.office_gone(unit, desk.house, topic)
        for bound in unit.agencies.bound_to(topic):
            bound_here = True
            if bound.role == "group" and was_gone and not gone:
                binding.post_queue(unit, unit.chats.get(topic), bound.agency, desk.event)
    if not gone and not bound_here:
        desk.reply(say("group.hello", city=literal(desk.house.city.name)))
