"""What words mean when no report is being written: a report, a question about an earlier one, or small talk."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from conversations import answers, moves, sent, told, verdicts, waiting, wishes
from conversations.effects import Say
from conversations.pending import WHOSE
from conversations.state import begin
from conversations.step import Outcome, Turn
from conversations.steps import STEPS, aside, photo, which
from texts.text import say
from tickets.ticket import BEFORE_DONE, WORKED, Status, Ticket

COMMAND_WORDS = 8  # longer words may cancel nothing
SAID_TO_US = frozenset({"greeting", "thanks", "status"})


def words(turn: Turn) -> Outcome:
    """Answer free words of somebody who has no draft open."""
    text = turn.inbound.text.strip()
    if answers.greeting(text):
        return Outcome(replace(turn.state, memo="welcome"), goto="menu")
    tickets = turn.facts.my_tickets()
    if (about := _of_a_report(turn, text, tickets)) is not None:
        return about
    if answers.introduces(text) and not wishes.wants_secret(text) and not _awaited(turn, tickets):
        return _more(turn)
    if answers.wordless(text) and not _awaited(turn, tickets):  # "23" may be the number of the pole that was asked for
        return Outcome(turn.state, (Say(say("describe.wordless")),), goto="menu")
    if tickets and (changed := sent.words(turn, text, tickets)) is not None:
        return changed
    return _afterwards(turn, text, tickets) or _aside(turn, text, tickets) or _unclaimed(turn, text, tickets)


def _of_a_report(turn: Turn, text: str, tickets: Sequence[Ticket]) -> Outcome | None:
    """A verdict, thanks, stars, a number, an answer that is waited for: whose they are is beyond doubt. "Iya" and "5"
    may be what another report's office has asked for."""
    asked = any(moves.awaited(turn, ticket) for ticket in tickets)
    resolved = [] if asked else [ticket for ticket in tickets if ticket.status is Status.RESOLVED]
    if len(resolved) == 1 and verdicts.verdict(text):
        return opened(turn, resolved[0], verdicts.verdict(text))
    if len(resolved) == 1 and _objects(turn, text, tickets):
        return opened(turn, resolved[0], "deny")
    if answers.thanks(text):
        return Outcome(turn.state.idle(), (Say(say("thanks.reply")),))
    closed = [] if asked else [ticket for ticket in tickets if ticket.status is Status.CLOSED]
    if len(closed) == 1 and closed[0].outcome in WORKED and verdicts.stars(text):
        return opened(turn, closed[0], f"rate:{verdicts.stars(text)}")
    named = by_number(turn, text, tickets)
    return opened(turn, named, "status") if named is not None else sent.answer(turn, text, tickets)


def _awaited(turn: Turn, tickets: Sequence[Ticket]) -> bool:
    """Whether an office waits for words, or has just written."""
    return any(ticket.status is Status.WAITING_CITIZEN for ticket in tickets) or bool(tickets and turn.spoken_to)


def _aside(turn: Turn, text: str, tickets: Sequence[Ticket]) -> Outcome | None:
    """No report but a question how it stands, thanks, anger: None for reports, and while an agency waits for words."""
    if any(ticket.status is Status.WAITING_CITIZEN for ticket in tickets):
        return None
    meaning = turn.city.understander.understand(text)
    intent = meaning.intent
    if intent not in SAID_TO_US and tickets and turn.spoken_to:
        return None  # their office has just written to them
    if intent == "status" and not tickets and meaning.decision == "sure":
        return None  # reported elsewhere perhaps, but here it is new
    if intent == "greeting":
        return Outcome(replace(turn.state, memo="welcome"), goto="menu")
    if intent == "status" and tickets:
        return _standing(turn, tickets)
    resolved = [ticket for ticket in tickets if ticket.status is Status.RESOLVED]
    if intent == "thanks" and len(resolved) == 1:  # "sudah beres?" was asked: it may be the answer, one tap settles it
        return opened(turn, resolved[0], "status")
    if intent == "cancel" and (only := withdrawable(turn)) is not None:
        return opened(turn, only, "withdraw")
    return aside.begin(turn, intent) if intent in aside.ANSWERED else None


def withdrawable(turn: Turn) -> Ticket | None:
    """The one report that "batal" can mean where nothing is being written; it is asked about first."""
    running = [ticket for ticket in turn.facts.my_tickets() if ticket.status in BEFORE_DONE]
    return running[0] if len(running) == 1 and turn.facts.reported(running[0].id) else None


def _standing(turn: Turn, tickets: Sequence[Ticket]) -> Outcome:
    """How the one running report stands, or the list of all."""
    running = [ticket for ticket in tickets if ticket.status in BEFORE_DONE] or list(tickets)
    if len(running) == 1:
        return opened(turn, running[0], "status")
    return Outcome(turn.state.idle(), goto="follow_up")


def command(turn: Turn) -> str:
    """ "gak jadi deh min", "cek status laporan saya dong" while a report is being written: "cancel", "help", "status",
    or "" for anything else.
    """
    text, step = turn.inbound.text, STEPS.get(turn.state.step)
    if turn.state.draft is None or len(text.split()) > COMMAND_WORDS or (step is not None and step.keeps):
        return ""
    if turn.city.prefix.lower() in text.lower() and by_number(turn, text, turn.facts.my_tickets()) is not None:
        return "status"
    if (turn.state.step == "photo" and photo.refused(turn)) or (turn.state.step == WHOSE and answers.goes_on(text)):
        return ""
    if answers.unchanged(text) or wishes.wrong_part(text):
        return ""
    at_place = turn.state.step == "location"
    if at_place and answers.no_point(text):
        return ""
    meaning = turn.city.understander.understand(text)
    intent = meaning.intent
    if intent == "status" and meaning.decision != "sure" and (answers.looks_up(text) or turn.facts.my_tickets()):
        return intent
    if intent == "help" and at_place and (answers.about_points(text) or answers.no_place(text)):
        return ""  # the step itself tells how to send one
    if (intent == "cancel" and not wishes.gives_up(text)) or (intent == "help" and wishes.needs_no_help(text)):
        return ""
    return intent if intent in ("cancel", "help") else ""


def _afterwards(turn: Turn, text: str, tickets: Sequence[Ticket]) -> Outcome | None:
    """ "kirim" once more, "kapan diperbaiki?": words about what is sent, unless an agency waits for an answer."""
    if any(ticket.status is Status.WAITING_CITIZEN for ticket in tickets):
        return None
    if tickets and answers.agrees(text):
        return Outcome(turn.state.idle(), (Say(say("thanks.noted")),))
    running = [ticket for ticket in tickets if ticket.status in BEFORE_DONE]
    if len(running) == 1 and answers.asks_after(text) and _vague(turn, text):
        return opened(turn, running[0], "status")
    return None


def _unclaimed(turn: Turn, text: str, tickets: Sequence[Ticket]) -> Outcome:
    """A new report, unless the words may belong to an earlier one or say nothing yet."""
    if sent.unclear(turn, text, tickets):
        return waiting.hold(turn, text)
    return _more(turn) if _says_nothing(turn, text) else told.describe(turn, text)


def _vague(turn: Turn, text: str) -> bool:
    """The words name no kind of problem for certain."""
    return turn.city.understander.understand(text).decision != "sure"


def _says_nothing(turn: Turn, text: str) -> bool:
    """ "tolong pak": a call, not yet a report."""
    if len(text.split()) > told.FEW_WORDS:
        return False
    return turn.city.understander.understand(text).decision == "unknown"


def _more(turn: Turn) -> Outcome:
    state = begin(turn.state)
    return Outcome(replace(state, memo="more"), goto="describe")


def files(turn: Turn) -> Outcome | None:
    """Pictures or a point without words: they may be the answer to what an agency wrote. None: a new report."""
    pin = turn.inbound.pin
    if pin is not None and not turn.city.places.inside(pin.lat, pin.lon):
        return None
    tickets = turn.facts.my_tickets()
    if pin is None and (answered := sent.picture(turn, tickets)) is not None:
        return answered
    awaited = any(ticket.status is Status.WAITING_CITIZEN for ticket in tickets)
    if not tickets or not (awaited or turn.spoken_to):
        return None
    return waiting.hold(turn, "")


def ask_which(turn: Turn, ticket: Ticket) -> Outcome:
    """Words said about a closed report: open it again, or something new?"""
    return waiting.hold(turn, turn.inbound.text.strip(), ticket.id)


def ask_about_edit(turn: Turn) -> Outcome:
    """A sent message was changed: the change may concern a report already sent."""
    asked = waiting.hold(turn, turn.inbound.text.strip())
    return replace(asked, effects=(*asked.effects, Say(say("edit.noted_sent"))))


def _objects(turn: Turn, text: str, tickets: Sequence[Ticket]) -> bool:
    """ "belum pak masih mati" while "sudah beres?" waits, and neither another report nor another problem is meant."""
    if not verdicts.not_done(text) or any(ticket.status in BEFORE_DONE for ticket in tickets):
        return False
    meaning = turn.city.understander.understand(text)
    asked = {ticket.category for ticket in tickets if ticket.status is Status.RESOLVED}
    return meaning.decision != "sure" or meaning.candidates[0].code in asked


def by_number(turn: Turn, text: str, tickets: Sequence[Ticket]) -> Ticket | None:
    """The report whose number was typed, with or without its dashes, alone or after "cek status"."""
    said = answers.without_courtesy(answers.plain(text)) if len(text) <= 60 else ""
    before, prefix, rest = said.partition(turn.city.prefix.lower())
    if not prefix or not answers.looks_up(before or "status"):
        return None
    number = _bare(prefix + rest)
    return next((ticket for ticket in tickets if _bare(answers.plain(ticket.number)) == number), None)


def _bare(number: str) -> str:
    return number.replace(" ", "")


TICKET_ACTIONS = frozenset(
    action for step in STEPS.values() for action in step.opens if action not in ("quote", "deny")
)


def opened(turn: Turn, ticket: Ticket, action: str) -> Outcome:
    """What the button `action` below a notice about this ticket does."""
    if (held := which.meant(turn, ticket, action)) is not None:
        return held
    turn = replace(turn, inbound=replace(turn.inbound, action=f"ticket:{ticket.id}:{action}"))
    for step in STEPS.values():
        if action in step.opens:
            return step.opens[action](turn, ticket)
    return Outcome(turn.state, (Say(say("engine.old_button")),))


def quoted_ticket(turn: Turn) -> Ticket | None:
    """The ticket whose message is quoted: by the message itself, else by the one number standing in it."""
    found = turn.facts.ticket(turn.facts.quoted(turn.inbound.reply_to))
    if found is None and turn.city.prefix in turn.inbound.quoted_text:
        named = [ticket for ticket in turn.facts.my_tickets() if ticket.number in turn.inbound.quoted_text]
        found = named[0] if len(named) == 1 else None
    return found


def spoken(turn: Turn) -> Outcome | None:
    """Words for the office of a finished report ("sudah nyala, pak?"): a yes or no must not be one more message, or the
    report is closed as one that nobody answered for. None: they are for the office."""
    ticket = turn.facts.ticket(turn.state.ticket) if turn.state.step == "speak" else None
    return _whether_done(turn, ticket, asked=False) if ticket is not None else None


def _whether_done(turn: Turn, ticket: Ticket, *, asked: bool = True) -> Outcome | None:
    """What words say to "sudah beres?"; None when they say something else.

    asked: they answer that very question, so "tidak nyala pak" is a no; elsewhere "tidak apa-apa pak" begins alike
    """
    text, bare = turn.inbound.text, not turn.inbound.attachments and turn.inbound.pin is None
    if ticket.status is not Status.RESOLVED:
        return None
    verdict = verdicts.verdict(text) if bare else ""
    if verdict == "refuse" or (verdict and (asked or turn.facts.reported(ticket.id))):  # who follows cannot confirm
        return opened(turn, ticket, verdict)
    return opened(turn, ticket, "deny") if (asked and verdicts.denies(text)) or verdicts.not_done(text) else None


def quoted(turn: Turn, ticket: Ticket) -> Outcome:
    """An answer to one of our messages about a ticket."""
    text = turn.inbound.text
    bare = not turn.inbound.attachments and turn.inbound.pin is None
    if ticket.status is Status.CLOSED and bare and verdicts.stars(text):
        return opened(turn, ticket, f"rate:{verdicts.stars(text)}")
    if (done := _whether_done(turn, ticket)) is not None:
        return done
    if bare and answers.thanks(text):
        return Outcome(turn.state, (Say(say("thanks.reply")),))
    if ticket.status in (Status.RESOLVED, Status.CLOSED):
        if turn.state.draft is not None:  # with a report being written there is no room for the question
            return opened(turn, ticket, "say")
        return ask_which(turn, ticket)
    return opened(turn, ticket, "quote")
