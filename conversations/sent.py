"""Words about a report that is sent: what its office asked, a name to be kept secret, something that was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from conversations import answers, moves, verdicts, waiting, where, wishes
from conversations.effects import Say
from conversations.step import Outcome, Turn
from conversations.steps import name, speak
from routing.understand import Understanding
from texts import words as typed
from texts.text import say
from tickets.ticket import BEFORE_DONE, Status, Ticket

ANSWERS = frozenset({"report", "info", "suggestion", "chitchat"})  # what kinds of words an answer may look like
REMARK, LIKELY = 5, 0.6  # words and score: so few that fit no kind better may as well be about a report
CLEARLY_A_REPORT = 8  # words: nobody asks after a report at such length without saying so
FRESH = timedelta(hours=1)


def answer(turn: Turn, text: str, tickets: Sequence[Ticket]) -> Outcome | None:
    """What the office of the only open report has asked is answered by what comes next, unless it tells of something
    else; words just after an answer go the same way. None: they are something else, or may be.
    """
    ticket = _only(tickets)
    if ticket is None or text.endswith("?") or answers.asks_after(text):
        return None
    if not typed.REPORTING.isdisjoint(answers.plain(text).split()):
        return None
    if moves.awaited(turn, ticket):
        if answers.plain(text) in typed.SENDS | typed.GO_ON:
            return None
    elif answers.agrees(text) or not _goes_on_talking(turn, ticket):
        return None
    if wishes.busy(text) or wishes.asks_for_time(text):
        return Outcome(turn.state, (Say(say("common.no_hurry")),))
    if answers.introduces(text):
        return speak.pass_on(turn, ticket, guessed=True)
    meaning = turn.city.understander.understand(text)
    if meaning.emergency is not None or meaning.intent not in ANSWERS:
        return None
    return speak.pass_on(turn, ticket, guessed=True) if _fits_no_kind(turn, text, meaning) else None


def _goes_on_talking(turn: Turn, ticket: Ticket) -> bool:
    """They wrote to the ticket's office a moment ago."""
    handed = turn.state.handed
    talks = handed is not None and handed.ticket == ticket.id and handed.within(turn.now)
    return talks and ticket.status in BEFORE_DONE


def picture(turn: Turn, tickets: Sequence[Ticket]) -> Outcome | None:
    """The same of pictures without words, where the office has asked for one."""
    ticket = _only(tickets)
    if ticket is None or not moves.awaited(turn, ticket) or not turn.inbound.attachments:
        return None
    asked = answers.plain(ticket.last_note).split()
    wanted = not typed.PICTURE.isdisjoint(asked) and not typed.WANTED.isdisjoint(asked)
    return speak.pass_on(turn, ticket, guessed=True) if wanted else None


def _only(tickets: Sequence[Ticket]) -> Ticket | None:
    """The one report that is not closed, None when there are none or several."""
    running = [ticket for ticket in tickets if ticket.status is not Status.CLOSED]
    return running[0] if len(running) == 1 else None


def _of_no_kind(turn: Turn, meaning: Understanding) -> bool:
    return meaning.decision == "unknown" or meaning.candidates[0].code == turn.city.catalogue.fallback


def _fits_no_kind(turn: Turn, text: str, meaning: Understanding) -> bool:
    if _of_no_kind(turn, meaning):
        return True
    few = len(answers.without_courtesy(answers.plain(text)).split()) <= REMARK
    return few and meaning.decision == "ask" and meaning.candidates[0].score < LIKELY


def words(turn: Turn, text: str, tickets: Sequence[Ticket]) -> Outcome | None:
    """None when they are about something else."""
    if wishes.wants_secret(text) and wishes.only_secret(text):  # what else is told with it is a report
        return name.hide(turn, [ticket for ticket in tickets if turn.facts.reported(ticket.id)])
    running = [ticket for ticket in tickets if ticket.status in BEFORE_DONE]
    part = wishes.wrong_part(text)
    if not running or not (part or _put_right(text)):
        return None
    if len(running) > 1:
        return waiting.hold(turn, text)
    return speak.put_right(turn, running[0]) if part else waiting.hold(turn, text, running[0].id)


def unclear(turn: Turn, text: str, tickets: Sequence[Ticket]) -> bool:
    """Whether these words may belong to one of the person's reports as well."""
    running = [ticket for ticket in tickets if ticket.status is not Status.CLOSED]
    if not tickets:
        return False
    meaning = turn.city.understander.understand(text)
    if meaning.emergency is not None:
        return False
    if any(ticket.status is Status.WAITING_CITIZEN for ticket in running):
        return True
    spoken = turn.spoken_to
    if spoken:
        its = {ticket.category for ticket in tickets if ticket.id == spoken}
        return meaning.decision != "sure" or meaning.candidates[0].code in its
    if answers.adds(text) or (verdicts.closed_too_soon(text) and meaning.decision != "sure" and _over(tickets)):
        return True
    asked = {ticket.category for ticket in tickets if ticket.status in (Status.RESOLVED, Status.CLOSED)}
    if verdicts.still(text) and meaning.decision != "unknown" and meaning.candidates[0].code in asked:
        return True  # "yang ujung masih mati": of the report that is said to be done, in all likelihood
    if answers.follows_up(text):
        return meaning.decision != "sure" or meaning.candidates[0].code in {ticket.category for ticket in tickets}
    return bool(running) and (_says_little(turn, text, meaning) or _goes_on(turn, text, running, meaning))


def _goes_on(turn: Turn, text: str, running: Sequence[Ticket], meaning: Understanding) -> bool:
    """ "Sudah tiga hari gelap" an hour after a lamp was reported, without a place: more of that, in all likelihood."""
    fresh = {ticket.category for ticket in running if turn.now - ticket.opened_at <= FRESH}
    if meaning.decision == "unknown" or meaning.candidates[0].code not in fresh:
        return False
    return not answers.tells_address(text) and not where.read(turn, text).candidates


def _over(tickets: Sequence[Ticket]) -> bool:
    return any(ticket.status in (Status.RESOLVED, Status.CLOSED) for ticket in tickets)


def _says_little(turn: Turn, text: str, meaning: Understanding) -> bool:
    """ "sisi kiri pak", "itu tiang yang miring": too little for a report of its own, so it may be about one."""
    if _of_no_kind(turn, meaning) and len(text.split()) >= CLEARLY_A_REPORT:
        return False
    return _fits_no_kind(turn, text, meaning)


def _put_right(text: str) -> bool:
    """ "Salah, yang bener di jatirasa": more is said than that all of it was a mistake ("salah kirim pak")."""
    said = answers.without_courtesy(answers.plain(text)).split()
    left = [word for word in said if word not in typed.TAKING_BACK | typed.ROUND | typed.MISTAKEN]
    return bool(left) and answers.takes_back(text) and typed.GIVING_UP.isdisjoint(answers.phrases(said))
