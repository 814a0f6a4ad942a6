"""Commands in an office's group: /hubungkan, /antrean, /tiket, /rekap, /bantuan."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from texts.text import Choice, Text, literal, say
from texts.words import OFFICIAL
from tickets import figures
from tickets.actions import Ask
from tickets.cards import full_words
from tickets.moves import Role
from tickets.notice import cut, lines
from tickets.number import find_number, possible_numbers
from tickets.ticket import Ticket
from usecases import binding, informed, seats, veil
from usecases.desk import Desk
from usecases.records import HistoryLine
from usecases.sight import actable_agencies
from usecases.tell import card_row

MOST_OFFICERS = 8  # buttons: a list carries ten
MOST_NAME = 16
QUEUE = "queue:"  # the button below a queue, followed by the page it shows


def handle(desk: Desk) -> None:
    """Answer a command; unknown ones belong to other bots."""
    known = COMMANDS.get(desk.inbound.command)
    if known is not None:
        known(desk)


def _connect(desk: Desk) -> None:
    words = desk.inbound.text.split()
    code = next((word for word in words if not word.startswith("/")), "")
    if not code:
        desk.reply(say("group.code_missing"))
        return
    binding.connect(desk.unit, desk.house, desk.chat, desk.person(), desk.inbound.sender_name, code, desk.event)


def _agencies(desk: Desk) -> list[str]:
    """Whose tickets this chat works on or watches, all for the operations centre; says how to connect."""
    bindings = desk.unit.agencies.bound_to(desk.chat.id)
    if any(one.role == "ops" for one in bindings):
        return sorted(desk.house.city.catalogue.agencies)
    bound = [one.agency for one in bindings if one.role in ("head", "officer")]
    found = sorted(actable_agencies(desk.unit, desk.house, desk.chat.id) | set(bound))
    if not found:
        desk.reply(say("group.not_connected"))
    return found


def _queue(desk: Desk) -> None:
    queue_page(desk, 0)


def queue_page(desk: Desk, page: int) -> None:
    """So many of the open tickets as one message carries, with a button for those after them."""
    agencies = _agencies(desk)
    if not agencies:
        return
    tickets = [ticket for agency in agencies for ticket in desk.unit.tickets.open_of_agency(agency)]
    text, next_page = figures.queue(tickets, desk.house.city, desk.unit.now, page)
    more = (Choice(f"card:0:{QUEUE}{next_page}", say("officer.queue_next")),) if next_page else ()
    desk.reply(text, ask=Ask(text, more), tag="queue")


def _ticket(desk: Desk) -> None:
    """One ticket with its history; its card is posted anew so that it can be worked on."""
    prefix = literal(desk.house.city.prefix)
    meant = _meant(desk)
    if not meant and not desk.inbound.text.strip():
        desk.reply(say("group.ticket_which", prefix=prefix))
    elif not meant:
        desk.reply(_elsewhere(desk) or say("group.ticket_unknown", prefix=prefix))
    elif len(meant) > 1:
        choices = tuple(Choice(f"card:{one.id}:show", literal(one.number)) for one in meant)
        desk.reply(say("group.ticket_several"), ask=Ask(literal(""), choices))
    else:
        _show(desk, meant[0])


def _meant(desk: Desk) -> list[Ticket]:
    """The tickets of this chat that the typed number may stand for; none of others: their numbers tell nothing here."""
    return [ticket for ticket in _numbered(desk) if desk.may_see(ticket)]


def _elsewhere(desk: Desk) -> Text | None:
    """Where a report went whose card stood in this chat."""
    for ticket in _numbered(desk):
        if desk.unit.tickets.card_message(ticket.id, desk.chat.id):
            agency = literal(desk.house.city.catalogue.agency(ticket.agency).name)
            return say("group.ticket_elsewhere", number=ticket.number, agency=agency)
    return None


def _numbered(desk: Desk) -> list[Ticket]:
    city, said = desk.house.city, desk.inbound
    number = find_number(said.text, city.prefix)
    typed = (number,) if number else possible_numbers(said.text, city.prefix, desk.today.year)
    quoted = find_number(said.quoted_text, city.prefix)
    found = [desk.unit.tickets.by_number(one) for one in typed or (quoted,) if one]
    return [ticket for ticket in found if ticket is not None]


def _show(desk: Desk, ticket: Ticket) -> None:
    history = [_unnamed(desk, ticket, line) for line in desk.unit.tickets.history(ticket.id)]
    past = figures.history(ticket, history, desk.house.city, desk.unit.now)
    desk.reply(lines(past, informed.line(desk.unit, desk.house, ticket)), ticket=ticket.id)
    for n, part in enumerate(full_words(veil.shown(desk.unit, desk.house, ticket))):
        desk.reply(part, ticket=ticket.id, tag=f"words{n}", purpose="card")  # a part of the card
    post_card(desk, ticket)


def _unnamed(desk: Desk, ticket: Ticket, line: HistoryLine) -> HistoryLine:
    """What a citizen wrote, as the office may read it."""
    if line.actor_role != Role.CITIZEN:
        return line
    return replace(line, note=veil.said(desk.unit, desk.house, ticket, line.actor_id, line.note))


def post_card(desk: Desk, ticket: Ticket) -> None:
    """The ticket's card once more, with the buttons of its present state."""
    row = card_row(desk.unit, ticket, desk.chat.id, anew=True)
    desk.unit.outbox.add([replace(row, dedupe=f"{row.dedupe}:again:{desk.event}")])


def _unheard(desk: Desk) -> None:
    """Finished reports whose citizens do not know it; the operations centre sees those of all offices."""
    agencies = _agencies(desk)
    if agencies:
        desk.reply(informed.unheard(desk.unit, desk.house, set(agencies)))


def _duty(desk: Desk) -> None:
    if not desk.chat.group:
        seats.duty(desk.unit, desk.house, desk.chat, desk.event, on="selesai" not in desk.inbound.text.lower())


def _enrol(desk: Desk) -> None:
    """ "DAFTAR PETUGAS DISHUB" in a private chat."""
    agency = desk.inbound.text.strip().upper()
    if desk.chat.group or agency not in desk.house.city.catalogue.agencies:
        return
    name = desk.inbound.sender_name
    told = binding.ask_from_outside(desk.unit, desk.house, desk.chat, desk.person(), name, agency)
    if told is not None:
        desk.reply(told)


def _officers(desk: Desk) -> None:
    """Who may act for the offices of this chat, with buttons by which a supervisor ends it."""
    agencies = _agencies(desk)
    people = [one for agency in agencies for one in desk.unit.agencies.officers(agency)]
    if not agencies:
        return
    names = [say("group.officer_line", name=literal(one.name), agency=_short(desk, one.agency)) for one in people]
    choices = [
        Choice(f"card:{one.id}:dismiss", say("group.dismiss", name=literal(cut(one.name, MOST_NAME))))
        for one in people[:MOST_OFFICERS]
    ]
    desk.reply(lines(say("group.officers", count=len(people)), *names), ask=Ask(literal(""), tuple(choices)))


def _short(desk: Desk, agency: str) -> Text:
    return literal(desk.house.city.catalogue.agency(agency).short)


def _recap(desk: Desk) -> None:
    agencies = _agencies(desk)
    if agencies:
        city, now = desk.house.city, desk.unit.now
        counted = desk.unit.tickets.recap(agencies, figures.recap_starts(city, now), city.policy.citizen_answer)
        desk.reply(figures.recap(counted, now))


def _help(desk: Desk) -> None:
    roles = {one.role for one in desk.unit.agencies.bound_to(desk.chat.id)}
    if "head" not in roles or roles & {"group", "ops"}:
        desk.reply(say("group.help"))
        return
    desk.reply(lines(say("group.help_head"), None if desk.chat.group else say("group.help_own")))


_MEANT: dict[str, Callable[[Desk], None]] = {
    "hubungkan": _connect,
    "antrean": _queue,
    "tiket": _ticket,
    "rekap": _recap,
    "belumtahu": _unheard,
    "dinas": _duty,
    "petugas": _officers,
    "daftarpetugas": _enrol,
}
COMMANDS = {word: _MEANT[name] for word, name in OFFICIAL.items()} | dict.fromkeys(("bantuan", "help", "start"), _help)
