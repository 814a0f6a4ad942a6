"""The composition root: builds everything once and hands it inward; the only place that knows everybody."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime

import scheduler.rules as rules
from bot import server, tryout, warm
from bot.channels import telegram, traits, webchat, whatsapp
from bot.channels.telegram import Telegram
from bot.channels.whatsapp import WhatsApp
from bot.clock import Clock, MovableClock, SystemClock
from bot.collector import Collector
from bot.intake import HouseIntake
from bot.mailbox import DatabaseMailbox
from bot.program import Sahut
from bot.sender import Sender
from bot.setting_kinds import without_password
from bot.settings import Settings
from bot.workers import Owner, Workers
from cities import kept
from cities.loader import HERE
from conversations.inbound import Inbound
from scheduler.beats import Beats
from scheduler.clock import BeatClock
from storage.database import AnyDatabase, open_database, run
from storage.files import Files
from storage.schema import migrate
from texts.text import say
from usecases.house import House
from usecases.ports import Channel, Unavailable
from usecases.traits import Traits
from web import routes, samples
from web.assets import Assets

log = logging.getLogger("sahut")


def build_house(settings: Settings) -> House:
    """City, words, rules and key of an installation, without opening its database."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's words and photos
    cache = settings.data_dir / "cache"
    return House(
        city=warm.warmed(kept.load(settings.city, cache), settings.data_dir),
        texts=kept.texts(cache),
        key=settings.signing_key(),
        rules=rules.rules(),
        media=settings.data_dir / "media",
        public_url=settings.public_url or "",
        channels=traits(),
    )


def open_storage(settings: Settings, now: Callable[[], datetime]) -> AnyDatabase:
    """The database, its folder and schema made when they are not there yet."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's words and photos
    before, _ = migrate(settings.database_url)
    if not before:
        told = log.info if settings.try_out else log.warning
        told("a new database was made at %s", without_password(settings.database_url))
    return open_database(settings.database_url, now)


def build(settings: Settings, clock: Clock | None = None) -> Sahut:
    """Everything for `sahut run`. raises: CityError, SettingsError and what the database's driver raises."""
    clock = clock or (MovableClock() if settings.try_out else SystemClock())
    house = build_house(settings)
    database = open_storage(settings, clock.now)
    mailbox = DatabaseMailbox(database)
    incoming = webchat.Incoming(settings.data_dir / "incoming")
    channels: dict[str, Channel] = {"web": webchat.WebChat(mailbox, incoming)}
    sender = Sender(database, house, channels, time.monotonic)
    collector = Collector(database, house, channels, Files(house.media), sender.wake)

    intake = HouseIntake(database, house, _waking(house.like, mailbox, sender, collector), sender)
    bot = _telegram(settings, intake, clock, house)
    if bot is not None:
        sender.add(bot)
    number = _whatsapp(settings, intake, clock, house)
    if number is not None:
        sender.add(number)
    sahut = Sahut(
        settings=settings,
        house=house,
        clock=clock,
        database=database,
        channels=channels,
        telegram=bot,
        whatsapp=number,
        sender=sender,
        collector=collector,
        beats=Beats(lambda work: run(database, work), house, sender.wake),
        beat_clock=BeatClock(),
        app=server.application(),
        workers=Workers(database, Owner.of(settings.signing_key(), settings.folder_id())),
        incoming=incoming,
    )
    _mount(sahut, intake, mailbox)
    return sahut


def _waking(
    like: Callable[[str], Traits], mailbox: DatabaseMailbox, sender: Sender, collector: Collector
) -> Callable[[tuple[Inbound, ...], int], None]:
    """Who is woken by a commit: open pages, the sender when messages wait, the collector when files came."""

    def woken(events: tuple[Inbound, ...], queued: int) -> None:
        for event in events:
            if like(event.channel).keeps:
                mailbox.wake(event.peer)
        if queued:
            sender.wake(queued)
        if any(event.attachments for event in events):
            collector.wake()

    return woken


def _telegram(settings: Settings, intake: HouseIntake, clock: Clock, house: House) -> Telegram | None:
    token = settings.telegram_bot_token
    if token is None:
        return None
    secret = settings.telegram_webhook_secret
    config = telegram.Config(
        token=token.reveal(),
        api_url=settings.telegram_api_url,
        webhook_url=settings.telegram_webhook_url or "",
        webhook_secret=secret.reveal() if secret else "",
        pace=settings.telegram_pace,
        commands=telegram.menus(
            lambda name, locale: house.render(say(f"telegram.{name}"), locale), house.texts.locales
        ),
    )
    return telegram.build(config, intake, now=clock.now)


def _whatsapp(settings: Settings, intake: HouseIntake, clock: Clock, house: House) -> WhatsApp | None:
    token, secret, word = settings.whatsapp_token, settings.whatsapp_app_secret, settings.whatsapp_verify_token
    if token is None or secret is None or word is None or settings.whatsapp_phone_number_id is None:
        return None
    config = whatsapp.Config(
        phone_number_id=settings.whatsapp_phone_number_id,
        token=token.reveal(),
        app_secret=secret.reveal(),
        verify_token=word.reveal(),
        words=lambda name, locale: house.render(say(f"whatsapp.{name}"), locale),
        api_url=settings.whatsapp_api_url,
        pace=settings.whatsapp_pace,
        burst=settings.whatsapp_burst,
    )
    return whatsapp.build(config, intake, now=clock.now)


def _mount(sahut: Sahut, intake: HouseIntake, mailbox: DatabaseMailbox) -> None:
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
        sahut.incoming,
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
        numbers=house.city.numbers,
        quiet=(house.city.policy.quiet_from.hour, house.city.policy.quiet_until.hour),
        now=clock.now if hall else None,
        samples=samples.load(HERE / settings.city / "tryout.toml"),
        officers=tryout.OFFICERS if hall else {},
    )
    server.add_health(sahut.app, lambda: can_commit(sahut.database), lambda: sahut.ready)
    webchat.mount(sahut.app, door)
    sahut.app.add_routes(routes.routes(site, assets := Assets()))
    sahut.app.middlewares.append(routes.guide(site, assets))
    if sahut.telegram is not None:
        sahut.app.add_routes(sahut.telegram.routes())
    if sahut.whatsapp is not None:
        sahut.app.add_routes(sahut.whatsapp.routes())


async def can_commit(database: AnyDatabase) -> bool:
    """Can the database keep something now? Asks for a write lock and commits."""
    try:
        await run(database, lambda unit: unit.system.take_lease("ready", "probe", 1))
    except Unavailable:
        return False
    return True
