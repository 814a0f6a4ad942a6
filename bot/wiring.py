"""The composition root: builds everything once and hands it inward; the only place that knows everybody."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

import scheduler.rules as rules
from bot import geocoder, requests, server, tryout, workers
from bot.channels import telegram, webchat
from bot.channels.telegram import Telegram
from bot.clock import Clock, MovableClock, SystemClock
from bot.collector import Collector
from bot.intake import HouseIntake
from bot.mailbox import DatabaseMailbox
from bot.requests import Requests
from bot.sender import Sender
from bot.settings import Settings
from bot.workers import Workers
from cities.loader import HERE, load_city
from conversations.inbound import Inbound
from scheduler import beats
from scheduler.beats import Beats
from scheduler.clock import BeatClock
from storage.database import AnyDatabase, open_database, run
from storage.files import Files
from storage.schema import migrate
from texts.catalogue import Catalogue
from texts.text import say
from usecases.house import House
from usecases.ports import Channel, Unavailable
from web import routes, samples

log = logging.getLogger("sahut")

GRACE_S = 6.0
TIDY_S = 3600.0
KEEP_UPLOADS_S = 2 * 86_400  # longer than all tries to clean a file


def build_house(settings: Settings) -> House:
    """City, words, rules and key of an installation, without opening its database."""
    return House(
        city=load_city(settings.city),
        texts=Catalogue.load(),
        key=settings.signing_key(),
        rules=rules.rules(),
        media=settings.data_dir / "media",
        public_url=settings.public_url or "",
    )


def open_storage(settings: Settings, now: Callable[[], datetime]) -> AnyDatabase:
    """The database, its folder and schema made when they are not there yet."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's words and photos
    migrate(settings.database_url)
    return open_database(settings.database_url, now)


@dataclass(slots=True)
class Sahut:
    """The running program. `start`, then serve `app`, then `stop`."""

    settings: Settings
    house: House
    clock: Clock
    database: AnyDatabase
    channels: dict[str, Channel]
    telegram: Telegram | None
    sender: Sender
    collector: Collector
    beats: Beats
    beat_clock: BeatClock
    app: web.Application
    workers: Workers
    incoming: webchat.Incoming
    tasks: list[asyncio.Task[Any]]
    ready: bool = False

    async def start(self) -> None:
        """Prepare the try-out if there is one, then let sender, collector, clock and channels run."""
        await run(self.database, lambda unit: unit.system.ensure_instance(uuid.uuid4().hex))
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
        if self.database.kind == "sqlite":  # other commands may not write then: they ask us
            asked = Requests(self.database, self.house, self.settings.data_dir / requests.FOLDER)
            self.beat_clock.every(requests.LOOK_S, asked.look, "requests")
        if self.settings.geocoder_url:
            nominatim = geocoder.NominatimGeocoder(self.settings.geocoder_url)
            locator = geocoder.Locator(self.database, self.house, nominatim, self.sender.wake)
            self.beat_clock.every(geocoder.LOOK_S, locator.look, "places")
        self.beat_clock.every(workers.BEAT_S, self._count_workers, "workers")
        self.beat_clock.every(TIDY_S, self._tidy, "tidy")
        self.beat_clock.start()
        self.ready = True

    async def _serve_telegram(self, bot: Telegram) -> None:
        """Every worker takes webhooks; only one may ask for updates."""
        if self.settings.telegram_webhook_url:
            await bot.run()
        else:
            await self.workers.alone(bot.run)

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
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.telegram is not None:
            await self.telegram.close()
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


def build(settings: Settings, clock: Clock | None = None) -> Sahut:
    """Everything for `sahut run`. raises: CityError, SettingsError and what the database's driver raises."""
    clock = clock or (MovableClock() if settings.try_out else SystemClock())
    house = build_house(settings)
    database = open_storage(settings, clock.now)
    mailbox = DatabaseMailbox(database)
    incoming = webchat.Incoming(settings.data_dir / "incoming")
    channels: dict[str, Channel] = {"web": webchat.WebChat(mailbox, incoming)}
    parts: list[Any] = []

    def woken(events: tuple[Inbound, ...] = ()) -> None:
        for event in events:
            if event.channel == "web":
                mailbox.wake(event.peer)
        for part in parts:
            part.wake()

    intake = HouseIntake(database, house, woken, lambda: sender)
    bot = _telegram(settings, intake, clock, house)
    if bot is not None:
        channels["telegram"] = bot
    sender = Sender(database, house, channels, time.monotonic)
    files = Files(house.media)
    collector = Collector(database, house, channels, files, sender.wake)
    parts += [sender, collector]
    look = Beats(lambda work: run(database, work), house, sender.wake)
    app = server.application()
    sahut = Sahut(
        settings,
        house,
        clock,
        database,
        channels,
        bot,
        sender,
        collector,
        look,
        BeatClock(),
        app,
        Workers(database, uuid.uuid4().hex),
        incoming,
        [],
    )
    _mount(sahut, intake, mailbox, incoming)
    return sahut


def _telegram(settings: Settings, intake: HouseIntake, clock: Clock, house: House) -> Telegram | None:
    token = settings.telegram_bot_token
    if token is None:
        return None
    secret = settings.telegram_webhook_secret
    config = telegram.Config(
        token=token.get_secret_value(),
        api_url=settings.telegram_api_url,
        webhook_url=settings.telegram_webhook_url or "",
        webhook_secret=secret.get_secret_value() if secret else "",
        pace=settings.telegram_pace,
        commands=telegram.menus(
            lambda name, locale: house.render(say(f"telegram.{name}"), locale), house.texts.locales
        ),
    )
    return telegram.build(config, intake, now=clock.now)


def _mount(sahut: Sahut, intake: HouseIntake, mailbox: DatabaseMailbox, incoming: webchat.Incoming) -> None:
    """All HTTP doors: health, the web chat, the try-out when there is one, the pages, Telegram's webhook."""
    settings, house, clock = sahut.settings, sahut.house, sahut.clock
    hall = None
    if isinstance(clock, MovableClock):

        async def due() -> None:
            await sahut.beats.look_at_due()
            await sahut.settle()

        hall = tryout.CityHall(sahut.database, house, clock, due)
    door = webchat.Door(
        intake,
        mailbox,
        incoming,
        house.key,
        clock.now,
        sahut.collector.files.path,
        secure=(settings.public_url or "").startswith("https://"),
        tryout=hall,
    )
    site = routes.Site(
        city=house.city.name,
        zone=house.city.zone,
        zone_name=house.city.zone_name,
        texts=house.texts,
        now=clock.now if hall else None,
        samples=samples.load(HERE / settings.city / "tryout.toml"),
        officers=tryout.OFFICERS if hall else {},
    )
    server.add_health(sahut.app, lambda: can_commit(sahut.database), lambda: sahut.ready)
    webchat.mount(sahut.app, door)
    sahut.app.add_routes(routes.routes(site))
    if sahut.telegram is not None:
        sahut.app.add_routes(sahut.telegram.routes())


async def can_commit(database: AnyDatabase) -> bool:
    """Can the database keep something now? Asks for a write lock and commits."""
    try:
        await run(database, lambda unit: unit.system.take_lease("ready", "probe", 1))
    except Unavailable:
        return False
    return True
