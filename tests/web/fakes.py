"""An echo city hall in memory: enough of a dialogue, a card and a clock to drive the pages with."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web as http
from msgspec.structs import replace

from bot.channels.webchat import Door, Incoming, mount
from bot.channels.webchat.budget import Budgets
from bot.channels.webchat.tryout import OFFICERS
from conversations.inbound import Inbound
from texts.catalogue import BOLD_OFF, BOLD_ON, shipped
from usecases.ports import Button, Mail, Outgoing, Receipt, Unavailable
from web.assets import Assets
from web.routes import Site, guide, routes
from web.samples import Samples, Spot, load

GROUP, HEAD, OPS = "g-DISHUB", "h-DISHUB", "ops"
CITY = Path(__file__).parents[2] / "cities" / "kota-bekasi"
START = datetime(2026, 11, 21, 12, 40, tzinfo=UTC)


class FakeListener:
    def __init__(self, mailbox: FakeMailbox, peer: str) -> None:
        self._mailbox = mailbox
        self._peer = peer

    async def wait(self, rev: int, timeout_s: float) -> bool:
        changed = self._mailbox.changed
        if self._mailbox.revs[self._peer] > rev:
            return True
        try:
            await asyncio.wait_for(changed.wait(), timeout_s)
        except TimeoutError:
            return False
        return True


class FakeMailbox:
    """Lines in lists; a revision per chat."""

    def __init__(self, now: Any) -> None:
        self.lines: dict[str, list[Mail]] = defaultdict(list)
        self.revs: dict[str, int] = defaultdict(int)
        self._now = now
        self.changed = asyncio.Event()

    def _next(self, peer: str) -> int:
        self.revs[peer] += 1
        self.changed.set()
        self.changed = asyncio.Event()
        return self.revs[peer]

    async def put(self, message: Outgoing) -> str:
        buttons = [[[b.label, b.data, b.kind] for b in row] for row in message.rows]
        photos = [{"sha256": p.sha256, "mime": p.mime} for p in message.photos]
        if message.edit_of:
            for index, old in enumerate(self.lines[message.peer]):
                if old.id == message.edit_of:
                    self.lines[message.peer][index] = replace(
                        old, rev=self._next(message.peer), text=message.text, buttons=buttons
                    )
            return message.edit_of
        line = self._line(message.peer, "sahut", "", message.text)
        line = replace(line, buttons=buttons, photos=photos, reply_to=message.reply_to, ask_reply=message.ask_reply)
        self.lines[message.peer].append(line)
        return line.id

    def _line(self, peer: str, author: str, name: str, text: str) -> Mail:
        total = sum(len(lines) for lines in self.lines.values()) + 1
        return Mail(self._next(peer), str(total), author, name, text, [], [], "", False, self._now())

    def heard(self, event: Inbound) -> None:
        words = event.text or (f"{event.pin.lat:.5f}, {event.pin.lon:.5f}" if event.pin else "")
        author = "other" if event.group else "me"
        line = self._line(event.peer, author, event.sender_name, words)
        self.lines[event.peer].append(replace(line, client_key=event.key, reply_to=event.reply_to))

    async def since(self, peer: str, rev: int, limit: int = 200) -> list[Mail]:
        newer = sorted((line for line in self.lines[peer] if line.rev > rev), key=lambda line: line.rev)
        return newer[:limit]

    @contextmanager
    def listen(self, peer: str) -> Iterator[FakeListener]:
        yield FakeListener(self, peer)


@dataclass
class FakeTicket:
    number: str
    visitor: str
    words: str
    status: str = "assigned"
    holder: str = ""
    card: str = ""


LABELS = {
    "assigned": "Menunggu petugas",
    "acknowledged": "Diterima",
    "in_progress": "Sedang dikerjakan",
    "resolved": "Menunggu jawaban warga",
    "closed": "Selesai",
}
MOVES = {"acknowledged": ("Terima",), "in_progress": ("Mulai",), "resolved": ("Selesai",)}


class FakeHall:
    """Intake, Mailbox and TryOut in one: asks for a place and a photo, then opens a ticket with a card."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.mailbox = FakeMailbox(self.now)
        self.taken: list[Inbound] = []
        self.keys: set[str] = set()
        self.drafts: dict[str, dict[str, Any]] = defaultdict(dict)
        self.tickets: list[FakeTicket] = []
        self.down = False
        self.files: dict[str, Path] = {}

    def now(self) -> datetime:
        return START + self.ahead

    async def forward(self, seconds: int) -> datetime:
        self.ahead += timedelta(seconds=seconds)
        for ticket in self.tickets:
            if ticket.status == "assigned":
                await self.tell(GROUP, f"⏰ {bold(ticket.number)} belum diterima. Janji kepada warga: 6 jam.")
                if self.ahead > timedelta(hours=20):
                    await self.tell(HEAD, f"{bold(ticket.number)} lewat tenggat dan belum ada yang menerima.")
        return self.now()

    async def overview(self, peer: str) -> dict[str, Any]:
        mine = [t for t in reversed(self.tickets) if t.visitor == peer]
        chats = [
            {"peer": GROUP, "title": "Grup Dinas Perhubungan", "role": "group", "agency": "Dishub"},
            {"peer": HEAD, "title": "Kepala Dinas Perhubungan", "role": "head", "agency": "Dishub"},
            {"peer": OPS, "title": "Pusat Operasi", "role": "ops", "agency": ""},
        ]
        return {
            "now": self.now(),
            "tickets": [
                {
                    "number": t.number,
                    "status": t.status,
                    "status_label": LABELS[t.status],
                    "agency": "DISHUB",
                    "agency_name": "Dinas Perhubungan",
                    "group": GROUP,
                }
                for t in mine
            ],
            "chats": [c | {"news": self.mailbox.revs[c["peer"]]} for c in chats] if mine else [],
        }

    async def take(self, events: Sequence[Inbound], *, cursor: tuple[str, int] | None = None) -> list[Receipt]:
        if self.down:
            raise Unavailable("storage is away")
        return [await self._one(event) for event in events]

    async def _one(self, event: Inbound) -> Receipt:
        if event.key in self.keys:
            return Receipt(event.key, fresh=False)
        self.keys.add(event.key)
        self.taken.append(event)
        if not event.action:
            self.mailbox.heard(event)
        toast = await (self._officer(event) if event.group else self._citizen(event))
        return Receipt(event.key, fresh=True, toast=toast or "")

    async def quarantine(self, channel: str, body: bytes, reason: str) -> None:
        raise AssertionError("the web chat has nothing to quarantine")

    async def cursor(self, channel: str) -> int:
        return 0

    async def tell(self, peer: str, text: str, *rows: tuple[Button, ...], **more: Any) -> str:
        return await self.mailbox.put(Outgoing(id=0, channel="web", peer=peer, text=text, rows=rows, **more))

    async def _citizen(self, event: Inbound) -> str:
        draft = self.drafts[event.peer]
        if event.action.startswith("rate:"):
            await self.tell(event.peer, "Terima kasih. Nilai Anda kami catat.")
            return ""
        if event.action == "beres":
            self.tickets[-1].status = "closed"
            stars = tuple(Button(f"{n} ★", f"rate:{n}") for n in range(1, 6))
            await self.tell(event.peer, "Syukurlah! Seberapa puas Anda?", stars)
            return ""
        if event.action == "send":
            return await self._open(event.peer, draft)
        draft["words"] = draft.get("words") or event.text
        draft["place"] = draft.get("place") or (event.pin and "Jatiasih, Kecamatan Jatiasih")
        draft["photos"] = draft.get("photos", 0) + len(event.attachments) or int(event.action == "skip") * -1
        if not draft["words"]:
            await self.tell(event.peer, "Apa yang terjadi di sana? Ceritakan dengan kata-kata Anda.")
        elif not draft["place"]:
            await self.tell(
                event.peer,
                f"Saya catat sebagai {bold('Lampu jalan mati')}.\nDi mana tempatnya?",
                (Button("📍 Kirim lokasi", "", "location"),),
                (Button("Bukan itu", "category"),),
            )
        elif not draft["photos"]:
            await self.tell(
                event.peer,
                f"{draft['place']}. Ada fotonya? Petugas jadi lebih cepat paham.",
                (Button("Lewati", "skip"), Button("Ubah lokasi", "place")),
            )
        else:
            await self.tell(
                event.peer,
                f"{bold('Ringkasan')}\n\n{draft['words']}\n📍 {draft['place']}\n📷 {max(0, draft['photos'])} foto\n\n"
                "Sudah benar?",
                (Button("Kirim laporan", "send"),),
                (Button("Ubah", "edit"), Button("Batal", "cancel")),
            )
        return ""

    async def _open(self, peer: str, draft: dict[str, Any]) -> str:
        number = f"BKS-26-{len(self.tickets) + 123:06d}-7"
        ticket = FakeTicket(number, peer, draft["words"])
        self.tickets.append(ticket)
        self.drafts[peer] = {}
        await self.tell(
            peer,
            f"Terkirim. Nomor laporan Anda {bold(number)}.\nDinas Perhubungan menjawab paling lambat "
            "Minggu 22 November, pukul 01.40 WIB.\nKabar berikutnya kami kirim ke sini.",
        )
        ticket.card = await self.tell(GROUP, self._card(ticket), *self._keys(ticket), group=True)
        return "Terkirim"

    def _card(self, ticket: FakeTicket) -> str:
        held = f"\nDipegang {ticket.holder}" if ticket.holder else ""
        return (
            f"{bold(ticket.number)} · Lampu jalan\n“{ticket.words}”\n\n📍 Jatiasih, Kec. Jatiasih\n"
            f"https://maps.google.com/?q=-6.29799,106.95911\n⏳ Terima sebelum Minggu 01.40 WIB\n"
            f"Status: {LABELS[ticket.status]}{held}"
        )

    def _keys(self, ticket: FakeTicket) -> list[tuple[Button, ...]]:
        after = {"assigned": "acknowledged", "acknowledged": "in_progress", "in_progress": "resolved"}
        follows = after.get(ticket.status)
        if not follows:
            return []
        first = Button(MOVES[follows][0], f"{follows}:{ticket.number}")
        return [(first, Button("Tanya warga", f"ask:{ticket.number}")), (Button("Bukan wewenang kami", "not"),)]

    async def _officer(self, event: Inbound) -> str:
        move, _, number = event.action.partition(":")
        ticket = next((t for t in self.tickets if t.number == number), None)
        if ticket is None:
            return ""
        if move == "ask":
            await self.tell(GROUP, f"Tulis pertanyaan untuk pelapor {bold(number)}.", ask_reply=True)
            return ""
        if ticket.status == move:
            return f"Sudah diambil {ticket.holder}."
        ticket.status, ticket.holder = move, event.sender_name
        await self.tell(GROUP, self._card(ticket), *self._keys(ticket), edit_of=ticket.card)
        if move == "resolved":
            await self.tell(
                ticket.visitor,
                f"Petugas menyatakan {bold(number)} selesai. Sudah beres?",
                (Button("Ya, sudah beres", "beres"), Button("Belum", "belum")),
            )
        else:
            await self.tell(ticket.visitor, f"Kabar {bold(number)}: {LABELS[move].lower()}.")
        return f"Dicatat: {MOVES[move][0]}"


def bold(words: str) -> str:
    return f"{BOLD_ON}{words}{BOLD_OFF}"


@dataclass
class Town:
    """The fake hall with its real doors and pages on a real server."""

    hall: FakeHall
    app: http.Application
    incoming: Path
    door: Door
    site: Site
    media: dict[str, Path] = field(default_factory=dict)

    def again(self) -> http.Application:
        """The same hall behind a new server, as after a restart."""
        app = http.Application()
        assets = Assets()
        app.add_routes(routes(self.site, assets))
        app.middlewares.append(guide(self.site, assets))
        mount(app, self.door)
        return app

    def add_picture(self, content: bytes) -> str:
        """Keep a cleaned picture; returns its hash."""
        name = hashlib.sha256(content).hexdigest()
        path = self.incoming.parent / f"{name}.jpg"
        path.write_bytes(content)
        self.media[name] = path
        return name


def town(folder: Path, *, tryout: bool = True, budgets: Budgets | None = None, starters: Any = None) -> Town:
    """The pages and doors over the fake hall, as the wiring builds them over the real house."""
    hall = FakeHall()
    media: dict[str, Path] = {}
    door = Door(
        intake=hall,
        mailbox=hall.mailbox,
        incoming=Incoming(folder / "incoming"),
        key=b"k" * 32,
        now=hall.now,
        media=media.get,
        tryout=hall if tryout else None,
        budgets=budgets or Budgets(),
    )
    samples = load(CITY / "tryout.toml")
    if starters:
        samples = Samples(tuple(starters), tuple(Spot(words, -6.3, 107.0) for words in starters))
    site = Site(
        city="Kota Bekasi",
        zone=ZoneInfo("Asia/Jakarta"),
        zone_name="WIB",
        texts=shipped(),
        numbers=(("Darurat", "112"), ("Medis", "119")),
        now=hall.now if tryout else None,
        samples=samples,
        officers=OFFICERS,
    )
    made = Town(hall, http.Application(), folder / "incoming", door, site, media)
    made.app = made.again()
    return made
