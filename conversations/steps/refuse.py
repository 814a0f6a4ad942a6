""" "Belum beres": what is missing is asked first, then the report goes back to its agency as a request."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import answers, moves, told, waiting, wording
from conversations.effects import MoveTicket, Say
from conversations.step import Outcome, Step, Turn, never
from conversations.wording import choice
from texts.text import say
from tickets.ticket import WORKED, Status, Ticket


def open_for(turn: Turn, ticket: Ticket) -> Outcome:
    if ticket.status not in (Status.RESOLVED, Status.CLOSED):
        told_so = say("ticket.not_now", number=ticket.number, status=wording.status(ticket))
        return Outcome(turn.state.idle(), (Say(told_so, ticket=ticket.id),))
    if why := moves.refused(turn, ticket, "reopen", moves.ANYTHING):  # nobody is asked for words that will not be taken
        return Outcome(turn.state.idle(), (Say(why, (choice("new", "menu.report"),)),))
    return Outcome(replace(turn.state.idle(), step="refuse", ticket=ticket.id), goto="refuse")


def deny(turn: Turn, ticket: Ticket) -> Outcome:
    """The words that say no also say what is missing."""
    answer = handle(replace(turn, state=replace(turn.state, ticket=ticket.id)))
    return answer or open_for(turn, ticket)


def ask(turn: Turn) -> Say:
    ticket = turn.facts.ticket(turn.state.ticket)
    worked = ticket is None or ticket.status is not Status.CLOSED or ticket.outcome in (None, *WORKED)
    key = "refuse.ask" if worked else "refuse.ask_contest"
    return Say(say(key, number=ticket.number if ticket else ""), (choice("leave", "common.leave"),))


def handle(turn: Turn) -> Outcome | None:
    """Words or a picture are needed: thanks, a sticker or nothing are not a "no"."""
    inbound, ticket = turn.inbound, turn.facts.ticket(turn.state.ticket)
    if inbound.action == "leave":
        return Outcome(turn.state.idle(), (Say(say("common.left")),))
    words, state, warned = told.masked(turn, inbound.text.strip())
    if answers.thanks(words) and not inbound.attachments:
        return Outcome(turn.state.idle(), (Say(say("thanks.reply")),))
    if not inbound.attachments and answers.wordless(words):
        return None
    note = words or turn.render(say("speak.only_media"))
    if ticket is None:
        return Outcome(state.idle(), (*warned, Say(say("follow.unknown"))))
    if why := moves.refused(turn, ticket, "reopen", note, len(inbound.attachments)):
        if state.draft is not None:
            return Outcome(state, (*warned, Say(why)), goto=state.step)
        waits = waiting.hold(turn, words)
        return replace(waits, effects=(Say(why), *waits.effects))
    return Outcome(state.idle(), (*warned, MoveTicket(ticket.id, "reopen", note, inbound.attachments)))


STEP = Step("refuse", never, ask, handle, keeps=True, opens={"refuse": open_for, "reopen": open_for, "deny": deny})
