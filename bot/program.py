"""The running program: what starts, beats and stops together."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import uuid
from typing import Any

from aiohttp import web
from msgspec import Struct, field

from bot import requests, templates, tryout, warm, workers
from bot.channels import webchat
from bot.channels.telegram import Telegram, WrongToken
from bot.channels.whatsapp import WhatsApp
from bot.channels.whatsapp.client import Client
from bot.clock import Clock, MovableClock
from bot.collector import Collector
from bot.requests import Requests
from bot.sender import Sender
from bot.settings import Settings
from bot.workers import Workers
from routing.place import load_distances
from scheduler import beats
from scheduler.beats import Beats
from scheduler.clock import BeatClock
from storage.database import AnyDatabase, run
from usecases import identity
from usecases.house import House
from usecases.ports import Channel, Unavailable

log = logging.getLogger("sahut")

GRACE_S = 6.0
TIDY_S = 3600.0
SOON_S = 1.0
KEEP_UPLOADS_S = 2 * 86_400  # longer than all tries to clean a file
TOKEN_AGAIN_S = 60.0  # a token that is refused is tried again: Telegram may be wrong for a while


class Sahut(Struct):
    """The running program: `start`, then serve `app`, then `stop`."""

    settings: Settings
    house: House
    clock: Clock
    database: AnyDatabase
    channels: dict[str, Channel]
    telegram: Telegram | None
    whatsapp: WhatsApp | None
    sender: Sender
    collector: Collector
    beats: Beats
    beat_clock: BeatClock
    app: web.Application
    workers: Workers
    incoming: webchat.Incoming
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)  # none of them may end: the program would, too
    errands: list[asyncio.Task[Any]] = field(default_factory=list)
    keeper: templates.Keeper | None = None
    ready: bool = False

    async def start(self) -> None:
        """Prepare the try-out if there is one, then let sender, collector, clock and channels run."""
        purpose = identity.TRY_OUT if isinstance(self.clock, MovableClock) else identity.LIVE
        bot = self.settings.telegram_bot_id
        await run(self.database, lambda unit: identity.claim(unit, uuid.uuid4().hex, purpose, bot))
        await self.workers.join()
        if self.database.kind == "sqlite":  # one process only: what was being sent died with the last one
            await run(self.database, lambda unit: unit.outbox.abandon())
            await self.beats.recover()
        if isinstance(self.clock, MovableClock):
            self.clock.forward(await run(self.database, lambda unit: unit.system.clock_offset()))
            await run(self.database, lambda unit: tryout.seed(unit, self.house))
        self.tasks += [asyncio.create_task(self.sender.run()), asyncio.create_task(self.collector.run())]
        if self.telegram is not None:
            self.tasks.append(asyncio.create_task(self._serve_telegram(self.telegram)))
        self.beat_clock.every(beats.LOOK_S, self.beats.look_at_due, "due")
        self.beat_clock.every(beats.RETRY_S, self.beats.think_again, "think again")
        self.beat_clock.every(beats.RECOVER_S, self.beats.recover, "recover")
        self.beat_clock.every(beats.TIDY_S, self.beats.tidy, "old codes")
        if self.database.kind == "sqlite":  # other commands may not write then: they ask us
            asked = Requests(self.database, self.house, self.settings.data_dir / requests.FOLDER)
            self.beat_clock.every(requests.LOOK_S, asked.look, "requests")
        if self.settings.geocoder_url:
            from bot import geocoder  # few cities have one, and loading its library costs start-up time

            nominatim = geocoder.NominatimGeocoder(self.settings.geocoder_url)
            locator = geocoder.Locator(self.database, self.house, nominatim, self.sender.wake)
            self.beat_clock.every(geocoder.LOOK_S, locator.look, "places")
        self._look_after_templates()
        self.errands.append(asyncio.create_task(self._load_the_rest()))
        if isinstance(self.house.city.understander, warm.Warm):
            self.beat_clock.every(warm.LOOK_S, self.house.city.understander.watch, "learned")
        self.beat_clock.every(workers.BEAT_S, self._count_workers, "workers")
        self.beat_clock.every(TIDY_S, self._tidy, "tidy")
        self.beat_clock.start()
        self.ready = True

    async def _load_the_rest(self) -> None:
        """Not before we are ready, nor with the first pin or picture, whose citizen would wait."""
        await asyncio.sleep(SOON_S)
        try:
            await asyncio.to_thread(load_distances)
            if self.telegram is not None:
                await self.telegram.get_ready()
        except Exception:
            log.critical("a library cannot be loaded; Sahut has to be set up again", exc_info=True)
        gc.collect(1)  # what is young and dead, for it would stay for good
        gc.freeze()  # as at the start: to look at it again and again would take its time

    def _look_after_templates(self) -> None:
        """Which forms may be sent: Meta's list at once and every hour; its webhooks tell what happens between."""
        token, business = self.settings.whatsapp_token, self.settings.whatsapp_business_id
        if self.whatsapp is None or token is None or not business:
            return
        client = Client(token.reveal(), self.settings.whatsapp_phone_number_id or "", self.settings.whatsapp_api_url)
        self.keeper = templates.Keeper(self.database, self.house, client, business)
        self.errands.append(asyncio.create_task(self.keeper.look()))
        self.beat_clock.every(templates.LOOK_S, self.keeper.look, "templates")

    async def _serve_telegram(self, bot: Telegram) -> None:
        """Every worker takes webhooks; only one may ask for updates."""
        if self.settings.telegram_webhook_url:
            await self._stay_with_telegram(bot)
        else:
            await self.workers.alone(lambda: self._stay_with_telegram(bot))

    async def _stay_with_telegram(self, bot: Telegram) -> None:
        """A token that is refused takes away Telegram, and nothing else. raises: WrongToken when it is refused at the
        start and there is no other channel than the pages: then somebody has just mistyped it, and looks."""
        while True:
            try:
                await bot.run()
            except WrongToken as refused:
                if not (bot.ready.is_set() or self.whatsapp or self.workers.took_over):
                    raise
                log.critical(
                    "%s Mend it in .env and restart. Everything but Telegram goes on, and Telegram is "
                    "tried again every minute",
                    refused,
                )
            await asyncio.sleep(TOKEN_AGAIN_S)

    async def _count_workers(self) -> None:
        await self.workers.beat()
        self.sender.share(self.workers.count)

    async def _tidy(self) -> None:
        """Uploads that were cleaned or refused long ago."""
        gone = await asyncio.to_thread(self.incoming.tidy, KEEP_UPLOADS_S)
        if gone:
            log.info("old uploads removed", extra={"count": gone})

    async def stop(self) -> None:
        """Not ready, no new claims, finish what is under way, let go; within about eight seconds."""
        self.ready = False
        self.beat_clock.stop()
        await self.sender.stop(GRACE_S)
        begun = [*self.tasks, *self.errands]
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        if self.telegram is not None:
            await self.telegram.close()
        if self.whatsapp is not None:
            await self.whatsapp.close()
        if self.keeper is not None:
            await self.keeper.close()
        await self.collector.files.close()
        with contextlib.suppress(Unavailable):
            await self.workers.leave()
        await asyncio.to_thread(self.database.close)

    async def settle(self) -> None:
        """Wait until nothing is left to think about, fetch or send now; for the try-out's clock and for tests."""
        for _ in range(500):  # ten seconds: a platform that does not answer is not waited for
            await self.beats.think_again()
            self.sender.wake()
            await asyncio.sleep(0.02)
            if self.sender.under_way == 0 and await run(self.database, lambda unit: not unit.outbox.oldest_waiting()):
                return
