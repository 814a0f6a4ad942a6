"""Words that change a report which is sent already: the name is to be secret, something told in it was wrong."""

from __future__ import annotations

from collections.abc import Sequence

from conversations import answers, waiting, wishes
from conversations.step import Outcome, Turn
from conversations.steps import name, speak
from texts import words as typed
from tickets.ticket import BEFORE_DONE, Ticket

MOST = 8  # words of a wish; longer ones tell of something


def words(turn: Turn, text: str, tickets: Sequence[Ticket]) -> Outcome | None:
    """None when they are about something else."""
    if wishes.wants_secret(text) and _only_a_wish(turn, text):
        mine = [ticket for ticket in tickets if turn.facts.reported(ticket.id)]
        return name.hide(turn, mine) if mine else None
    running = [ticket for ticket in tickets if ticket.status in BEFORE_DONE]
    part = wishes.wrong_part(text)
    if not running or not (part or _put_right(text)):
        return None
    if len(running) > 1:
        return waiting.hold(turn, text)
    return speak.put_right(turn, running[0]) if part else waiting.hold(turn, text, running[0].id)


def _only_a_wish(turn: Turn, text: str) -> bool:
    """ "Nama saya jangan disebut ya", not "rahasiakan nama saya, ada pungli di kelurahan"."""
    if wishes.only_secret(text):
        return True
    meaning = turn.city.understander.understand(text)
    return len(text.split()) <= MOST and (meaning.decision != "sure" or meaning.intent != "report")


def _put_right(text: str) -> bool:
    """ "Salah, yang bener di jatirasa": more is said than that all of it was a mistake ("salah kirim pak")."""
    said = answers.without_courtesy(answers.plain(text)).split()
    left = [word for word in said if word not in typed.TAKING_BACK | typed.ROUND | typed.MISTAKEN]
    return bool(left) and answers.takes_back(text) and typed.GIVING_UP.isdisjoint(answers.phrases(said))
