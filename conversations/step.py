"""The shape of every step, and what a step sees while it thinks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct, field

from conversations.effects import Effect, Say
from conversations.inbound import Inbound
from conversations.state import Draft, State
from routing.understand import Emergency, Understanding
from texts.text import Text
from tickets.city import City
from tickets.similar import New
from tickets.ticket import Outline, Ticket


class NearbyTicket(Struct, frozen=True):
    ticket: Outline
    metres: int
    followed: bool = False  # this person already gets its news


class Facts(Protocol):
    """What the dialogue may ask about the world; read inside the turn's own transaction."""

    def has_name(self) -> bool:
        """Whether the channel told this person's name; a browser tells none."""

    def my_tickets(self) -> Sequence[Ticket]:
        """Tickets this person reported or follows, open or closed within the reopening limit, newest first."""

    def ticket(self, ticket_id: int) -> Ticket | None:
        """One of my tickets, None when it is not mine."""

    def code(self, ticket_id: int) -> str:
        """The tracking code of a ticket I reported: it proves who reported, so followers have none."""

    def reported(self, ticket_id: int) -> bool:
        """Whether this ticket is my own report; others I follow."""

    def nearby(self, new: New) -> Sequence[NearbyTicket]:
        """Public tickets close by that may be about the same problem, likeliest first, at most five."""

    def quoted(self, message_id: str) -> int:
        """The ticket one of our messages in this chat is about; 0 when none or unknown."""

    def spoken_to(self) -> int:
        """The running ticket whose office wrote to its citizens last, not long ago and unanswered; 0 when none."""


class Turn(Struct, frozen=True):
    """One inbound event meeting one dialogue.

    renders: gives a text's words in a language

    meaning: what the draft's words mean, present only in the turn that changed them
    alarm:   a danger heard in words that went elsewhere: the place, a message to an agency
    """

    state: State
    inbound: Inbound
    now: datetime
    city: City
    facts: Facts
    locale: str
    renders: Callable[[Text, str], str]
    meaning: Understanding | None = None
    alarm: Emergency | None = None

    def render(self, text: Text) -> str:
        """A text's words in the citizen's language, as it is by now in this turn."""
        return self.renders(text, self.locale)

    @property
    def draft(self) -> Draft:
        return self.state.draft or Draft()

    @property
    def spoken_to(self) -> int:
        """The report being spoken about: this person wrote to its office just now, or the office to them; else 0."""
        handed = self.state.handed
        return handed.ticket if handed is not None and handed.within(self.now) else self.facts.spoken_to()

    @property
    def placeless(self) -> bool:
        """Whether the report is of a kind that needs no place: a service ("KTP"), not something in the street."""
        known = self.city.catalogue.categories.get(self.draft.category)
        return known is not None and known.placeless

    @property
    def name_open(self) -> bool:
        """Whether it is still to be asked if the agency may see who reports."""
        return self.draft.named is None and not self.draft.light and self.facts.has_name()


class Outcome(Struct, frozen=True):
    """What a step answers.

    state:   the dialogue afterwards (draft filled further)
    effects: in order
    stay:    True asks nothing more: the effects already say what comes next
    goto:    a step to ask next instead of the first one still needed ("" = the flow decides)
    """

    state: State
    effects: tuple[Effect, ...] = ()
    stay: bool = False
    goto: str = ""


class Step(Struct, frozen=True):
    """One question of the dialogue.

    needed: is its answer still missing? ask: the question. handle: the answer, or None when it is not one.
    notice: looks at every turn of a draft, whichever step waits, and fills or says what follows from it
    keeps:  while it waits, words and photos belong to this step and not to the draft
    opens:  buttons below ticket notices that lead here, by their action ("quote", "deny": a notice was quoted)
    """

    name: str
    needed: Callable[[Turn], bool]
    ask: Callable[[Turn], Say]
    handle: Callable[[Turn], Outcome | None]
    notice: Callable[[Turn], Outcome | None] | None = None
    keeps: bool = False
    opens: Mapping[str, Callable[[Turn, Ticket], Outcome]] = field(default_factory=dict)


def never(_: Turn) -> bool:
    """For steps outside the main flow."""
    return False
