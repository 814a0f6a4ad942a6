"""The Telegram channel: python-telegram-bot as client, our own intake, pace and error table."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web
from msgspec import Struct

from bot.channels.telegram import media, setup
from bot.channels.telegram import webhook as hook
from bot.channels.telegram.client import OFFICIAL, Client
from bot.channels.telegram.door import ANSWER, Door, shown
from bot.channels.telegram.inbound import CHANNEL, BotSelf
from bot.channels.telegram.outbound import Outbound
from bot.channels.telegram.poll import Poller, Sleep
from bot.channels.telegram.problems import ApiError, EndPointNotFound, InvalidToken
from bot.channels.telegram.setup import Commands, Webhook, WrongToken, menus
from usecases.ports import Intake, MessageIds, Outgoing, Pace

__all__ = ["Commands", "Config", "Telegram", "WrongToken", "build", "menus"]

log = logging.getLogger(__name__)


class Config(Struct, frozen=True):
    """Plain values of the settings. webhook_url: the city's public address, "" polls.

    pace: messages per second of the whole bot; 0 takes off every limit of our own (a Bot API server of one's own)
    """

    token: str
    api_url: str = OFFICIAL
    webhook_url: str = ""
    webhook_secret: str = ""
    pace: float = 28.0
    commands: Sequence[Commands] = ()
    poll_wait_s: int = 30


class Telegram:
    """One bot. `run` is to be kept running; `routes` belongs into the server when a webhook is used."""

    name = CHANNEL

    def __init__(
        self,
        config: Config,
        intake: Intake,
        *,
        now: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        limits = Pace(account_per_s=config.pace, chat_per_s=1.0, chat_burst=3, group_per_min=18.0)
        self.pace = limits if config.pace else Pace()
        self.ready = asyncio.Event()  # the platform knows us and delivers to us
        self._config = config
        self._sleep = sleep
        self._client = Client(config.token, config.api_url)
        self._outbound = Outbound(self._client, ticks=ticks)
        self._door = Door(
            intake,
            BotSelf(int(config.token.split(":")[0])),
            now=now,
            toast=self._toast,
            keyboards=self._outbound.keyboards,
        )

    # ── usecases.ports.Channel ──
    async def send(self, message: Outgoing) -> MessageIds:
        return await self._outbound.send(message)

    async def toast(self, press_id: str, words: str, *, alert: bool = False) -> None:
        try:
            await self._client.call(ANSWER, shown(press_id, words, alert=alert))
        except ApiError as error:
            log.info("a pressed button could not be answered (%s)", type(error).__name__)

    async def fetch(self, ref: str) -> bytes:
        return await media.fetch(self._client, ref)

    # ── life ──
    async def get_ready(self) -> None:
        """Load what the start does not need."""
        await self._client.get_ready()

    def routes(self) -> list[web.RouteDef]:
        """The webhook's door; none when we poll."""
        if not self._config.webhook_url:
            return []
        return [web.post(hook.PATH, hook.handler(self._door, self._config.webhook_secret))]

    async def run(self) -> None:
        """Introduce ourselves, then poll or look after the webhook until cancelled. raises: WrongToken."""
        self._door.me = await setup.introduce(self._client, sleep=self._sleep)
        await setup.offer(self._client, self._config.commands)
        try:
            await (self._look_after_webhook() if self._config.webhook_url else self._poll())
        except (InvalidToken, EndPointNotFound) as refused:
            raise setup.unknown(self._client, refused) from None

    async def close(self) -> None:
        """Let commits under way end, then hang up."""
        await self._door.begun.close()
        await self._client.close()

    async def _poll(self) -> None:
        try:
            await setup.unhook(self._client)
        except ApiError as error:  # the poller meets it again as a conflict
            log.warning("the webhook could not be looked at (%s)", type(error).__name__)
        self.ready.set()
        poller = Poller(
            self._client, self._door, setup.ALLOWED_UPDATES, wait_s=self._config.poll_wait_s, sleep=self._sleep
        )
        await poller.run()

    async def _look_after_webhook(self) -> None:
        url = self._config.webhook_url
        address = url if url.endswith(hook.PATH) else url.rstrip("/") + hook.PATH
        self.ready.set()
        await setup.keep_pointing(self._client, Webhook(address, self._config.webhook_secret), sleep=self._sleep)

    async def _toast(self, press_id: str, words: str, alert: bool) -> None:
        await self.toast(press_id, words, alert=alert)


def build(config: Config, intake: Intake, *, now: Callable[[], datetime]) -> Telegram:
    """The channel for a bot's settings."""
    return Telegram(config, intake, now=now)
