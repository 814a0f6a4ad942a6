"""What every use case needs to know of this installation; built once by the wiring."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from msgspec import Struct, field

from texts.catalogue import Catalogue
from texts.text import Text
from tickets.city import City
from tickets.number import tracking_code
from tickets.rule import Rule
from usecases.traits import USUAL, Traits

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misread aloud


class House(Struct, frozen=True):
    """key: this installation's secret. rules: nudge rules by kind. media: folder of cleaned files.
    channels: what each is like, by its name."""

    city: City
    texts: Catalogue
    key: bytes
    rules: Mapping[str, Rule]
    media: Path
    public_url: str = ""
    channels: Mapping[str, Traits] = field(default_factory=dict)

    def render(self, text: Text, locale: str) -> str:
        return self.texts.render(text, locale, self.city.zone, self.city.zone_name)

    def code(self, number: str) -> str:
        """The tracking code of a ticket: derived, so that it stands in no table."""
        return tracking_code(hmac.new(self.key, b"code|" + number.encode(), sha256).digest())

    def link_code(self, event: int) -> str:
        """A one-time code that links another app: derived, so that it stands in no table."""
        digest = hmac.new(self.key, f"link|{event}".encode(), sha256).digest()
        return "".join(CODE_SIGNS[sign % len(CODE_SIGNS)] for sign in digest[:10])

    def locale(self, reported: str) -> str:
        """The language to begin with for somebody whose app says `reported` ("en-GB", "")."""
        short = reported.replace("_", "-").split("-")[0].lower()
        return short if short in self.city.languages else self.city.languages[0]

    def like(self, channel: str) -> Traits:
        return self.channels.get(channel, USUAL)

    @property
    def reporting(self) -> frozenset[str]:
        """The channels that tell later how far a message came."""
        return frozenset(name for name, like in self.channels.items() if like.reports)

    def window_open(self, channel: str, until: datetime | None, now: datetime) -> bool:
        """May free words be sent to this chat now?"""
        return self.like(channel).window is None or (until is not None and now < until)
