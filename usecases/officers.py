"""What the plain words of an officer in a chat of their own mean: a code, their hours, the answer to our question."""

from __future__ import annotations

import re
from datetime import timedelta

from msgspec.structs import replace

from conversations.inbound import Inbound, Kind
from tickets.ticket import Status
from usecases import binding
from usecases.house import House
from usecases.records import Chat
from usecases.unit import Unit

ANSWER_WITHIN = timedelta(hours=6)  # a plain message later than this is no answer to our question
_CONNECT = re.compile(r"/?hubungkan[\s:]+(\S.{0,40})", re.IGNORECASE | re.DOTALL)
_DUTY = re.compile(r"/?dinas\s+(mulai|selesai)", re.IGNORECASE)
_ENROL = re.compile(r"/?daftar\s+petugas\s+(\S{2,20})", re.IGNORECASE)


def understood(unit: Unit, house: House, chat: Chat, inbound: Inbound) -> Inbound:
    """The same event as a command or a reply, where plain words of an officer are one."""
    if inbound.kind is not Kind.MESSAGE or inbound.command:
        return inbound
    text = inbound.text.strip()
    if (found := _CONNECT.fullmatch(text)) and binding.looks_like_code(found[1]):
        return replace(inbound, command="hubungkan", text=found[1])
    if found := _DUTY.fullmatch(text):
        return replace(inbound, command="dinas", text=found[1].lower()) if _seated(unit, chat) else inbound
    if (found := _ENROL.fullmatch(text)) and found[1].upper() in house.city.catalogue.agencies:
        return replace(inbound, command="daftarpetugas", text=found[1].upper())
    return inbound if inbound.reply_to else _as_answer(unit, chat, inbound)


def _seated(unit: Unit, chat: Chat) -> bool:
    return any(one.role == "officer" for one in unit.agencies.bound_to(chat.id))


def _as_answer(unit: Unit, chat: Chat, inbound: Inbound) -> Inbound:
    """The question we asked last is answered by what is said next: nobody quotes in a chat of two."""
    asked = unit.agencies.asked(chat.id)
    if asked is None or not asked.message_id or asked.at < unit.now - ANSWER_WITHIN:
        return inbound
    ticket = unit.tickets.get(asked.ticket)
    over = ticket is None or ticket.status in (Status.RESOLVED, Status.CLOSED)
    if over and not inbound.attachments:  # further photos still belong to the proof
        unit.agencies.ask(chat.id, "")
        return inbound
    if asked.purpose != "done":
        unit.agencies.ask(chat.id, "")
    return replace(inbound, reply_to=asked.message_id)
