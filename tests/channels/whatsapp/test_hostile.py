"""Two thousand bodies of bad will and bad luck against the real house: no 5xx, nothing valid lost, nothing doubled."""

from __future__ import annotations

import asyncio
import copy
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.channels.whatsapp import WhatsApp
from bot.intake import HouseIntake
from tests.bench.fake_whatsapp import FakeWhatsApp, signed
from tests.channels.whatsapp.bodies import SHAPES, body, contact, message, said, status
from tests.channels.whatsapp.conftest import config
from tests.usecases.fixtures import on_sqlite, towns  # noqa: F401
from tests.usecases.town import Town
from usecases.ports import Unavailable

ROUNDS = 1_000
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**19,
    1.5,
    "",
    "x",
    "\x00",
    "\ud800",
    "é" * 300,
    [],
    [[]],
    {},
    {"id": {}},
    [None],
]
FIELDS = ["message_template_status_update", "phone_number_quality_update", "account_update", "?", ""]
TEMPLATE = {
    "event": "APPROVED",
    "message_template_name": "sahut_laporan_diterima",
    "message_template_language": "id",
    "reason": "NONE",
}
WORDS = ["halo", "lampu jalan mati di Jatiasih", "batal", "status", "BKS-26-1", "1", "*_~`"]
LONG = ["x" * 8_000, "🕳️" * 500, "*_~`" * 500]


@pytest.fixture
async def house(on_sqlite: str, towns: Any, server: FakeWhatsApp) -> AsyncIterator[Town]:  # noqa: F811
    """The real use cases on a real database behind the webhook; nothing is sent."""
    town = towns(on_sqlite)
    intake = HouseIntake(town.database, town.house, lambda events, queued: None)
    channel = WhatsApp(config(server), intake, now=town.clock.now)
    app = web.Application()
    app.add_routes(channel.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.hook = f"http://127.0.0.1:{runner.addresses[0][1]}/whatsapp/webhook"
    yield town
    await channel.close()
    await runner.cleanup()


class Bodies:
    """Seeded: the same bodies every time. valid: ids that must be taken in, come what may."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.count = 0
        self.valid: set[str] = set()
        self.sent: list[bytes] = []

    def next(self) -> bytes:
        dice = self.dice
        draw = dice.random()
        if self.sent and draw < 0.15:
            return dice.choice(self.sent)  # the same again
        if draw < 0.25:
            made = bytes(dice.randrange(256) for _ in range(dice.randrange(60)))
        elif draw < 0.35:
            made = self._cut(json.dumps(self._whole(keep=False)).encode())
        else:
            made = json.dumps(self._whole(keep=True), ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
            if b"\xed" in made:  # half a pair written raw is no UTF-8: nobody can read this body
                self.valid -= {m["id"] for m in self._last}
        self.sent.append(made)
        return made

    def _words(self) -> str:
        return self.dice.choice(LONG if self.dice.random() < 0.02 else WORDS)

    def _odd(self) -> Any:
        return copy.deepcopy(self.dice.choice(ODD))

    def _cut(self, whole: bytes) -> bytes:
        at = self.dice.randrange(1, len(whole))
        return whole[:at] if self.dice.random() < 0.5 else whole[:at] + b"\x00" + whole[at + 1 :]

    def _whole(self, *, keep: bool) -> dict[str, Any]:
        """Several values with good messages, bad ones among them, and statuses."""
        dice, values = self.dice, []
        self._last: list[dict[str, Any]] = []
        for _ in range(dice.randrange(1, 3)):
            parts: list[Any] = []
            for _ in range(dice.randrange(0, 3)):
                parts.append(self._good() if dice.random() < 0.5 else self._bad())
            value: dict[str, Any] = {"messages": parts}
            if dice.random() < 0.8:
                value["contacts"] = [contact(), self._odd()] if dice.random() < 0.3 else [contact()]
            if dice.random() < 0.5:
                value["statuses"] = [self._status() for _ in range(dice.randrange(4))] + [self._odd()]
            values.append(value)
        whole = body(*values)
        if dice.random() < 0.15:
            value = {name: self._odd() for name in (*TEMPLATE, "metadata") if dice.random() < 0.7}
            whole["entry"].append({"id": "1", "changes": [{"field": dice.choice(FIELDS), "value": TEMPLATE | value}]})
        if dice.random() < 0.3:
            whole["entry"].insert(0, self._odd())
        if keep:
            self.valid |= {part["id"] for part in self._last}
        return whole

    def _good(self) -> dict[str, Any]:
        self.count += 1
        who = f"62812000{self.dice.randrange(20):05d}"
        made = message(id=f"wamid.{self.count}", text={"body": self._words()}, **{"from": who})
        self._last.append(made)
        return made

    def _bad(self) -> Any:
        dice = self.dice
        shape = json.loads(json.dumps(dice.choice(list(SHAPES.values()))))
        shape["id"] = f"wamid.bad{dice.randrange(400)}"
        for _ in range(dice.randrange(1, 4)):
            shape[dice.choice([*shape, "from_user_id", "context", "errors"])] = self._odd()
        inner = shape.get(shape.get("type")) if isinstance(shape.get("type"), str) else None
        if isinstance(inner, dict) and inner and dice.random() < 0.6:
            inner[dice.choice(list(inner))] = self._odd()
        return shape if dice.random() < 0.9 else self._odd()

    def _status(self) -> dict[str, Any]:
        made = status(
            self.dice.choice(["sent", "delivered", "read", "failed", "??"]), id=f"w.{self.dice.randrange(99)}"
        )
        made["biz_opaque_callback_data"] = self.dice.choice([f"s{self.dice.randrange(1, 60)}", "s1.1", "x", None, 7])
        if self.dice.random() < 0.3:
            made[self.dice.choice(list(made))] = self._odd()
        return made


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_a_thousand_bodies(house: Town, server: FakeWhatsApp):
    bodies = Bodies(20261123)
    answers: Counter[int] = Counter()
    for _ in range(ROUNDS // 20):
        batch = [bodies.next() for _ in range(20)]
        for code in await asyncio.gather(*(server.once(raw) for raw in batch)):
            answers[code] += 1
    assert answers == {200: ROUNDS}
    taken = Counter(row[0] for row in house.rows("select natural_key from inbox_event"))
    assert {f"m:{one}" for one in bodies.valid} <= set(taken)
    assert max(taken.values()) == 1
    assert len(bodies.valid) > 150
    while house.think_again():
        pass
    assert not house.rows("select 1 from inbox_event where state <> 'done'")
    assert house.value("select count(*) from inbox_quarantine") > 50
    wrong = {name for name, _ in house.breaches().items()} - {"waiting", "groups", "dead-letters", "quarantine"}
    assert not wrong, house.breaches()


async def test_the_same_id_with_other_bytes_is_the_same_message(house: Town, server: FakeWhatsApp):
    first = json.dumps(body(said(message(id="wamid.1")))).encode()
    again = json.dumps(body(said(message(id="wamid.1", text={"body": "sampah menumpuk"}))), indent=2).encode()
    for raw in (first, again, first, again):
        assert await server.once(raw) == 200
    assert house.value("select count(*) from inbox_event") == 1
    assert house.value("select count(*) from outbox_message") == 1


@pytest.mark.parametrize("shape", ["messages", "changes", "entries"])
async def test_batches_of_every_shape(house: Town, server: FakeWhatsApp, shape: str):
    people = [server.person(f"62812000{n:05d}", f"Warga {n}") for n in range(5)]
    with server.one_post(shape):
        for person in people:
            person.writes("halo")
            person.writes("bantuan")
    await server.settled()
    assert server.answers == [200]
    assert house.value("select count(*) from inbox_event where state = 'done'") == 10
    assert house.value("select count(*) from outbox_message") == 10


async def test_a_crash_between_commit_and_answer(house: Town, server: FakeWhatsApp, monkeypatch: pytest.MonkeyPatch):
    """Everything is committed, then the process dies before it answers: Meta sends again, once is once."""
    real = HouseIntake.take
    died = []

    async def dies(self: HouseIntake, *given: Any, **more: Any) -> Any:
        done = await real(self, *given, **more)
        if not died:
            died.append(1)
            raise Unavailable
        return done

    monkeypatch.setattr(HouseIntake, "take", dies)
    siti = server.person()
    with server.one_post():
        siti.writes("lampu jalan mati di Jatiasih")
        siti.writes("sudah seminggu")
    await server.settled()
    assert server.answers == [503, 200]
    assert house.value("select count(*) from inbox_event") == 2
    assert len({row[0] for row in house.rows("select dedupe_key from outbox_message")}) == 2


@pytest.mark.slow
async def test_a_flood_of_statuses_beside_messages(house: Town, server: FakeWhatsApp):
    """Six hundred statuses at once: every one kept, every message taken in meanwhile."""
    flood = [
        asyncio.create_task(server.once(json.dumps(body({"statuses": [status(id=f"w.{n}")]})).encode()))
        for n in range(600)
    ]
    for n in range(20):
        raw = json.dumps(body(said(message(id=f"wamid.{n}", **{"from": f"62812000{n:05d}"})))).encode()
        assert await server.once(raw, signature=signed(raw)) == 200
    assert set(await asyncio.gather(*flood)) == {200}
    assert house.value("select count(*) from delivery_status") == 600
    assert house.value("select count(*) from inbox_event where state = 'done'") == 20
