"""The WhatsApp channel: our own client and webhook for Meta's Cloud API, with its limits and its error table."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from aiohttp import web
from msgspec import Struct

from bot.channels.whatsapp import media
from bot.channels.whatsapp import webhook as hook
from bot.channels.whatsapp.client import OFFICIAL, Client
from bot.channels.whatsapp.door import Door
from bot.channels.whatsapp.inbound import CHANNEL
from bot.channels.whatsapp.interactive import Words
from bot.channels.whatsapp.outbound import Outbound
from usecases.ports import Intake, MessageIds, Outgoing, Pace

__all__ = ["Config", "WhatsApp", "build"]

PAIR_S = 6.0  # one message to one person in so many seconds, with some saved up


class Config(Struct, frozen=True):
    """Plain values of the settings. words: the channel's own few words, by key and locale.

    pace: messages per second of the number; burst: how many may go to one person at once
    """

    phone_number_id: str
    token: str
    app_secret: str
    verify_token: str
    words: Words
    api_url: str = OFFICIAL
    pace: float = 60.0
    burst: int = 6


class WhatsApp:
    """One business number. `routes` belongs into the server: there is no other way to hear anything."""

    name = CHANNEL

    def __init__(
        self,
        config: Config,
        intake: Intake,
        *,
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pace = Pace(account_per_s=config.pace, chat_per_s=1 / PAIR_S, chat_burst=config.burst)
        self._config = config
        self._client = Client(config.token, config.phone_number_id, config.api_url)
        self._outbound = Outbound(self._client, config.words, ticks=ticks)
        self._door = Door(intake, config.phone_number_id, now=now)

    # ── usecases.ports.Channel ──
    async def send(self, message: Outgoing) -> MessageIds:
        return await self._outbound.send(message)

    async def toast(self, press_id: str, words: str, *, alert: bool = False) -> None:
        """WhatsApp has no such thing: usecases.receive says it as a message."""

    async def fetch(self, ref: str) -> bytes:
        return await media.fetch(self._client, ref)

    # ── life ──
    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(hook.PATH, hook.question(self._config.verify_token), allow_head=False),
            web.post(hook.PATH, hook.handler(self._door, self._config.app_secret)),
        ]

    async def close(self) -> None:
        """Let commits under way end, then hang up."""
        await self._door.close()
        await self._client.close()


def build(config: Config, intake: Intake, *, now: Callable[[], datetime]) -> WhatsApp:
    """The channel for a number's settings."""
    return WhatsApp(config, intake, now=now)
