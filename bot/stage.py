"""A whole Sahut without its web server, played from one keyboard: citizen, officers and the clock."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from bot import tryout
from bot.channels.webchat.incoming import Incoming, sniff
from bot.clock import MovableClock
from bot.intake import HouseIntake
from bot.program import Sahut
from bot.terminal import Offered, Screen, numbered
from conversations.inbound import Attachment, Inbound, Kind, MediaKind, Pin
from storage.database import run
from usecases.ports import Mail

SAMPLE = Path(__file__).parents[1] / "web" / "static" / "contoh-lampu.jpg"
CITIZEN = "v-terminal"
PATIENCE_S = 15.0  # for a photo to be cleaned
SOON_S = 4.0  # a delayed question (an album may still be arriving) is worth waiting for
UNITS = {"m": 60, "j": 3600, "h": 86400}
HELP = """\
Write as a citizen would. A number presses the button with that number.
  /foto [FILE ...] [words]    send photos (without FILE: a sample)
  /lokasi LAT,LON             send a pin, such as /lokasi -6.298,106.959
  /maju 6j                    move the clock: 30m minutes, 6j hours, 2h days
  /petugas [OPD] [sari]       be an officer: Pak Budi, or Bu Sari
  /kepala, /pusat, /warga     be the office's head, the centre, the citizen
  /keluar                     end
All else with a slash goes to Sahut: /status /bantuan /bahasa /batal, and in
an office's group /antrean /tiket /rekap."""


class Seat(Struct):
    """Whose eyes we look through. side: citizen · office."""

    peer: str
    sender: str
    name: str
    side: str = "office"
    seen: int = 0
    offered: list[Offered] = field(default_factory=list)
    answer_to: str = ""  # the message that plain words of an officer answer

    @property
    def title(self) -> str:
        return "Warga" if self.side == "citizen" else f"{self.name} · {self.peer.removeprefix('g-')}"


class Stage:
    """A whole Sahut without its web server, and everybody's part played by one person."""

    def __init__(self, app: Sahut, incoming: Incoming, screen: Screen) -> None:
        self._app = app
        self._incoming = incoming
        self._screen = screen
        self._count = count(1)
        self._seats = {CITIZEN: Seat(CITIZEN, CITIZEN, "Warga", "citizen")}
        self.seat = self._seats[CITIZEN]
        self._intake = HouseIntake(app.database, app.house, self._woken)
        clock = app.clock
        assert isinstance(clock, MovableClock)
        self._hall = tryout.CityHall(app.database, app.house, clock, self._due)

    def _woken(self, _: tuple[Inbound, ...], queued: int) -> None:
        self._app.sender.wake(queued)
        self._app.collector.wake()

    async def _due(self) -> None:
        await self._app.beats.look_at_due()

    # -- one line of input ---------------------------------------------------------------------------

    async def enter(self, line: str) -> bool:
        """Do what a line asks for; False to end."""
        word, _, rest = line.strip().partition(" ")
        if word == "/keluar":
            return False
        known = {
            "/foto": self._photos, "/lokasi": self._pin, "/maju": self._forward, "/petugas": self._officer,
            "/kepala": self._head, "/pusat": self._ops, "/warga": self._citizen, "/?": self._help,
        }.get(word)  # fmt: skip
        try:
            await (known(rest.strip()) if known else self._say(line.strip()))
        except ValueError as wrong:
            self._screen.note(str(wrong), "bad")
        return True

    async def _say(self, words: str) -> None:
        if words.isdecimal() and 0 < int(words) <= len(self.seat.offered):
            await self._press(self.seat.offered[int(words) - 1])
            return
        if words.startswith("/"):
            name, _, rest = words[1:].partition(" ")
            await self._send(command=name.lower(), text=rest)
        elif words:
            await self._send(text=words)

    async def _press(self, button: Offered) -> None:
        if button.kind == "url":
            self._screen.note(f"opens {button.data}")
        elif button.kind == "location":
            raise ValueError("Here the phone would send its position. Write /lokasi LAT,LON instead.")
        else:
            await self._send(kind=Kind.PRESS, action=button.data, pressed_on=button.line)

    async def _photos(self, rest: str) -> None:
        names = shlex.split(rest)
        files, words = await asyncio.to_thread(_read, names)
        attachments = [
            Attachment(kind, await self._incoming.keep(data, "play"), mime, len(data)) for kind, mime, data in files
        ]
        await self._send(text=words, attachments=tuple(attachments))

    async def _pin(self, rest: str) -> None:
        found = re.fullmatch(r"(-?\d+(?:\.\d+)?)[,\s]+(-?\d+(?:\.\d+)?)", rest)
        if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
            raise ValueError("Write the point as LAT,LON, for example /lokasi -6.298,106.959")
        await self._send(pin=Pin(float(found[1]), float(found[2])))

    async def _forward(self, rest: str) -> None:
        found = re.fullmatch(r"(\d{1,4})\s*(m|j|h)\w*", rest.casefold())
        if found is None:
            raise ValueError("Write how far, for example /maju 30m (minutes), /maju 6j (hours), /maju 2h (days)")
        await self._hall.forward(int(found[1]) * UNITS[found[2]])
        await self._settle()
        city = self._app.house.city
        now = self._app.clock.now().astimezone(city.zone)
        self._screen.note(f"It is {now:%A %d.%m.%Y %H.%M} {city.zone_name}.", "good")
        await self._show()

    async def _help(self, _: str) -> None:
        self._screen.write(self._screen.ink(HELP, "dim"))

    # -- seats ---------------------------------------------------------------------------------------

    async def _citizen(self, _: str) -> None:
        await self._sit(self._seats[CITIZEN])

    async def _officer(self, rest: str) -> None:
        words = rest.upper().split()
        who = next((code for code in tryout.OFFICERS if code.upper() in words), "budi")
        agency = next((word for word in words if word.lower() not in tryout.OFFICERS), "") or await self._agency()
        catalogue = self._app.house.city.catalogue
        if agency not in catalogue.agencies or catalogue.agency(agency).kind == "external":
            raise ValueError(f"{agency} is no office here. Write one of: {', '.join(sorted(catalogue.agencies))}")
        seat = self._seats.setdefault(f"g-{agency}", Seat(f"g-{agency}", "", ""))
        seat.sender, seat.name = f"o-{who}", tryout.OFFICERS[who]
        await self._sit(seat)

    async def _head(self, rest: str) -> None:
        peer = f"h-{rest.upper() or await self._agency()}"
        await self._sit(self._seats.setdefault(peer, Seat(peer, "o-head", "Kepala Dinas")))

    async def _ops(self, _: str) -> None:
        await self._sit(self._seats.setdefault("ops", Seat("ops", "o-ops", "Pusat Operasi")))

    async def _agency(self) -> str:
        """The office that has the newest report; the triage desk before there is one."""
        chats = (await self._hall.overview(CITIZEN))["chats"]
        return str(chats[0]["agency"])

    async def _sit(self, seat: Seat) -> None:
        self.seat = seat
        self._screen.note(f"-- {seat.title} " + "-" * max(0, 40 - len(seat.title)), seat.side)
        await self._show()

    # -- sending and showing -------------------------------------------------------------------------

    async def _send(self, **what: Any) -> None:
        number, seat = next(self._count), self.seat
        given: dict[str, Any] = {"message_id": f"t{number}", "sender_name": seat.name, **what}
        if seat.side == "office" and "action" not in what and "command" not in what:
            given["reply_to"] = seat.answer_to
        inbound = Inbound(
            channel="web", key=f"t:{number}", peer=seat.peer, sender=seat.sender, at=self._app.clock.now(),
            group=seat.side == "office", **given,
        )  # fmt: skip
        receipt = (await self._intake.take([inbound]))[0]
        await self._settle()
        if receipt.toast:
            self._screen.note(f"({receipt.toast})", "good")
        await self._show()

    async def _settle(self) -> None:
        """Until everything is said: photos cleaned, and questions that wait for the rest of an album asked."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE_S
        while loop.time() < until:
            await self._app.settle()
            due, file = await run(self._app.database, lambda unit: (unit.outbox.next_due(), unit.media.next_due()))
            now = self._app.clock.now()
            if file is None and (due is None or (due - now).total_seconds() > SOON_S):
                return
            await asyncio.sleep(0.05)

    async def _show(self) -> None:
        """What is new in this seat's chat, and that there is news in others."""
        seat = self.seat
        mails = [mail for mail in await self._news(seat) if mail.author != "me" and mail.name != seat.name]
        with_buttons = [mail for mail in mails if mail.buttons]
        if with_buttons:
            seat.offered = []
        for mail in mails:
            buttons = numbered(mail)
            self._screen.said(mail, seat.side, buttons, len(seat.offered) + 1)
            seat.offered += buttons
            if mail.author == "sahut":
                seat.answer_to = mail.id
        seat.answer_to = next((mail.id for mail in reversed(mails) if mail.ask_reply), seat.answer_to)
        await self._elsewhere()

    async def _news(self, seat: Seat) -> Sequence[Mail]:
        seen = seat.seen
        mails: list[Mail] = await run(self._app.database, lambda unit: unit.mailbox.since(seat.peer, seen, 500))
        seat.seen = max([seen, *(mail.rev for mail in mails)])
        return mails

    async def _elsewhere(self) -> None:
        chats = (await self._hall.overview(CITIZEN))["chats"]
        ways = {"group": "/petugas", "head": "/kepala", "ops": "/pusat"}
        news = [(chat["peer"], chat["news"], ways[chat["role"]]) for chat in chats]
        mine = await run(self._app.database, lambda unit: unit.mailbox.newest([CITIZEN]))
        news.append((CITIZEN, mine.get(CITIZEN, 0), "/warga"))
        waiting = [
            way for peer, rev, way in news
            if peer != self.seat.peer and rev > (self._seats[peer].seen if peer in self._seats else 0)
        ]  # fmt: skip
        if waiting:
            self._screen.note(f"   news elsewhere: {' '.join(waiting)}")


def _read(names: Sequence[str]) -> tuple[list[tuple[MediaKind, str, bytes]], str]:
    """The files among the words, and the other words. raises: ValueError"""
    files, words = [], []
    for name in names:
        if not Path(name).is_file():
            words.append(name)
            continue
        data = Path(name).read_bytes()
        kind = sniff(data[:16])
        if kind is None:
            raise ValueError(f"{name} is neither a picture nor a recording.")
        files.append((*kind, data))
    if not files and any("." in word or "/" in word for word in words):
        raise ValueError(f"There is no file {next(word for word in words if '.' in word or '/' in word)}.")
    if not files:
        return _read([str(SAMPLE), *words])
    return files, " ".join(words)
