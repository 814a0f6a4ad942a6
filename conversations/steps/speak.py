"""Words for the agency that holds a report: an answer to its question, or anything the citizen wants to add."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, moves, told, wording
from conversations.effects import MoveTicket, Relay, Say
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from routing.place import map_link
from texts.text import say
from tickets.notice import not_done
from tickets.ticket import Status, Ticket

RIGHT = "right"  # a memo


def open_for(turn: Turn, ticket: Ticket) -> Outcome:
    """Ask for the words; a closed report can only be opened again."""
    if ticket.status is Status.CLOSED:
        if why := moves.refused(turn, ticket, "reopen", moves.ANYTHING):
            return Outcome(turn.state.idle(), (Say(why, (choice("new", "menu.report"),)),))
        again = (choice(f"ticket:{ticket.id}:refuse", "follow.do_reopen"), choice("new", "menu.report"))
        return Outcome(turn.state.idle(), (Say(say("speak.closed", number=ticket.number), again),))
    return Outcome(replace(turn.state.idle(), step="speak", ticket=ticket.id), goto="speak")


def put_right(turn: Turn, ticket: Ticket) -> Outcome:
    """Something in the report was wrong: the office hears what is right."""
    return Outcome(replace(turn.state.idle(), step="speak", ticket=ticket.id, memo=RIGHT), goto="speak")


def ask(turn: Turn) -> Say:
    ticket = turn.facts.ticket(turn.state.ticket)
    number = ticket.number if ticket else ""
    leave = (choice("leave", "common.leave"),)
    if ticket is not None and turn.state.memo == RIGHT:
        return Say(say("speak.ask_right", number=number, agency=wording.agency_name(turn, ticket.agency)), leave)
    if ticket is not None and moves.awaited(turn, ticket):
        return Say(say("speak.ask_answer", number=number, question=wording.short(ticket.last_note)), leave)
    agency = wording.agency_name(turn, ticket.agency) if ticket else ""
    return Say(say("speak.ask", number=number, agency=agency), leave)


def handle(turn: Turn) -> Outcome | None:
    if turn.inbound.action == "leave":
        return Outcome(turn.state.idle(), (Say(say("common.left")),))
    ticket = turn.facts.ticket(turn.state.ticket)
    if ticket is None:
        return Outcome(turn.state.idle(), (Say(say("follow.unknown")),))
    return pass_on(turn, ticket)


def pass_on(turn: Turn, ticket: Ticket, *, guessed: bool = False) -> Outcome | None:
    """Hand words, pictures and points over; None when the message brought nothing of these.

    guessed: nobody said that they are for this report, so one tap takes them back
    """
    inbound = turn.inbound
    words, state, warned = told.masked(turn, inbound.text.strip())
    if inbound.pin is not None:
        words = f"{words}\n{map_link(inbound.pin.lat, inbound.pin.lon)}".strip()
    if not words and not inbound.attachments:
        return None
    if moves.awaited(turn, ticket):
        note = words or turn.render(say("speak.only_media"))
        if why := moves.refused(turn, ticket, "answer", note, len(inbound.attachments)):
            return Outcome(state, (*warned, Say(why)), goto=state.step)
        return Outcome(state.idle(), (*warned, MoveTicket(ticket.id, "answer", note, inbound.attachments, guessed)))
    relay = Relay(ticket.id, words, inbound.attachments, guessed)
    agency = wording.agency_name(turn, ticket.agency)
    if ticket.status is Status.RESOLVED:  # else it would be closed, because nobody answered that question
        yes = (choice(f"ticket:{ticket.id}:confirm", "action.confirm"),) if turn.facts.reported(ticket.id) else ()
        asked = Say(
            say("speak.sent_done", agency=agency, number=ticket.number), (*yes, not_done(ticket, turn.city, "refuse"))
        )
        return Outcome(state.idle(), (*warned, relay, asked))
    text = say("speak.sent", agency=agency, number=ticket.number)
    back = (choice(f"ticket:{ticket.id}:apart", "action.apart"),) if guessed else ()
    return Outcome(state.idle(), (*warned, relay, Say(text, back)))


def quoted(turn: Turn, ticket: Ticket) -> Outcome:
    """Somebody answered one of our messages about this report."""
    if answers.thanks(turn.inbound.text) and not turn.inbound.attachments:
        return Outcome(turn.state, (Say(say("thanks.reply")),))
    passed = pass_on(turn, ticket)
    return passed or Outcome(turn.state, (Say(say("unreadable.any")),))


STEP = Step("speak", never, ask, handle, keeps=True, opens={"say": open_for, "answer": open_for, "quote": quoted})
