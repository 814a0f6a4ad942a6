"""The door: Meta's question, signatures, limits, and an answer only after the commit."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.channels.whatsapp.desk import Desk
from bot.channels.whatsapp.webhook import LIMIT, sign
from tests.bench.fake_whatsapp import VERIFY, FakeWhatsApp, signed
from tests.channels.whatsapp.bodies import body, message, said, status
from tests.channels.whatsapp.conftest import RecordingIntake
from usecases.ports import Reach, Report

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


def raw(*values: dict[str, Any], **given: Any) -> bytes:
    return json.dumps(body(*values, **given)).encode()


# -- Meta's question -------------------------------------------------------------------------------------


async def ask(door: str, **asked: str) -> tuple[int, str]:
    usual = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "1158201444"}
    given = {k: v for k, v in (usual | {f"hub.{name}": value for name, value in asked.items()}).items() if v}
    async with aiohttp.ClientSession() as session, session.get(door, params=given) as got:
        return got.status, await got.text()


async def test_the_challenge_comes_back(door: str):
    assert await ask(door) == (200, "1158201444")


@pytest.mark.parametrize(
    "asked",
    [
        {"verify_token": "wrong"},
        {"verify_token": ""},
        {"verify_token": VERIFY[:-1]},
        {"verify_token": VERIFY + "é"},
        {"mode": "unsubscribe"},
        {"mode": ""},
        {"challenge": ""},
        {"challenge": "x" * 300},
        {"challenge": "a\r\nb"},
    ],
)
async def test_who_does_not_know_our_word_gets_nothing(door: str, asked: dict[str, str]):
    assert (await ask(door, **asked)) == (403, "")


# -- signatures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["biasa", "jalan 🕳️ berlubang", "\u00e9\u2028\u0000", "\ud83d\ude00", "</script>&\\u0041"]
)
@pytest.mark.parametrize("ascii_only", [True, False])
async def test_the_raw_bytes_are_signed(
    server: FakeWhatsApp, door: str, intake: RecordingIntake, text: str, ascii_only: bool
):
    """Escaped or not, with spaces or without: what counts is what came."""
    data = json.dumps(body(said(message(text={"body": text}))), ensure_ascii=ascii_only, indent=ascii_only or None)
    assert await server.once(data.encode("utf-8", "surrogatepass" if not ascii_only else "strict")) == 200
    assert intake.events or intake.quarantined


def test_the_signature_is_the_usual_one():
    assert sign("geheim", b'{"a":1}') == signed(b'{"a":1}', "geheim")
    # RFC 4231, test case 2
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert sign("Jefe", b"what do ya want for nothing?") == f"sha256={digest}"


def _nearly(good: str) -> dict[str, str]:
    return {
        "missing": "",
        "wrong secret": signed(b"x", "another-secret"),
        "other body": signed(b"{}"),
        "last sign": good[:-1] + ("0" if good[-1] != "0" else "1"),
        "upper case": "sha256=" + good[7:].upper(),
        "cut": good[:-1],
        "longer": good + "0",
        "no prefix": good[7:],
        "sha1": "sha1=" + good[7:],
        "signs": "sha256=" + "é" * 64,
    }


@pytest.mark.parametrize(
    "wrong",
    ["missing", "wrong secret", "other body", "last sign", "upper case", "cut", "longer", "no prefix", "sha1", "signs"],
)
async def test_nearly_right_is_wrong_and_nothing_is_stored(
    server: FakeWhatsApp, door: str, intake: RecordingIntake, wrong: str, caplog: pytest.LogCaptureFixture
):
    data = raw(said(message()))
    headers = {"X-Hub-Signature-256": _nearly(signed(data))[wrong]}
    assert await server.once(data, signature="", headers=headers) == 403
    assert not intake.events
    assert not intake.quarantined
    assert not intake.calls
    assert "/whatsapp/webhook turned deliveries away: 1x" in caplog.text


async def test_the_same_body_written_anew_is_not_signed(server: FakeWhatsApp, door: str, intake: RecordingIntake):
    data = raw(said(message()))
    again = json.dumps(json.loads(data), indent=1).encode()
    assert await server.once(again, signature=signed(data)) == 403
    assert not intake.events


# -- limits ------------------------------------------------------------------------------------------------


async def test_three_megabytes_are_taken_and_not_much_more(server: FakeWhatsApp, door: str, intake: RecordingIntake):
    fits = raw(said(message(text={"body": "x" * (3 * 2**20)})))
    assert await server.once(fits) == 200
    with _status_or_reset() as got:
        got.append(await server.once(b"x" * (LIMIT + 1)))
    assert got in ([413], [])
    assert len(intake.events) == 1


class _status_or_reset:
    """The server may hang up while a body that is too large is still on its way."""

    def __enter__(self) -> list[int]:
        self.got: list[int] = []
        return self.got

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, aiohttp.ClientError | OSError)


async def test_a_body_without_end_is_given_up(server: FakeWhatsApp, door: str, intake: RecordingIntake):
    async def endless() -> Any:
        for _ in range(200):
            yield b"x" * 65_536

    statuses: list[int] = []
    with _status_or_reset():
        async with (
            aiohttp.ClientSession() as session,
            session.post(door, data=endless(), headers={"X-Hub-Signature-256": "sha256=" + "0" * 64}) as got,
        ):
            statuses.append(got.status)
    assert statuses in ([413], [])
    assert not intake.calls


async def test_packed_bodies_are_refused(server: FakeWhatsApp, door: str):
    data = raw(said(message()))
    assert await server.once(data, headers={"Content-Encoding": "gzip"}) == 415


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff\xfe", b'{"entry":NaN}', b"[" * 100, b'{"entry": 7}'])
async def test_what_nobody_can_read_is_kept_and_not_sent_again(
    server: FakeWhatsApp, door: str, intake: RecordingIntake, data: bytes
):
    assert await server.once(data) == 200
    assert [kept for kept, _ in intake.quarantined] == [data]


async def test_a_body_full_of_nonsense_is_kept_whole_and_once(server: FakeWhatsApp, door: str, intake: RecordingIntake):
    data = raw(said(*[{"id": n} for n in range(200)], message()))
    assert await server.once(data) == 200
    assert len(intake.quarantined) == 1
    assert len(intake.events) == 1


# -- after the commit, not before ---------------------------------------------------------------------------------


async def test_no_answer_before_the_commit(server: FakeWhatsApp, door: str, intake: RecordingIntake):
    intake.gate = asyncio.Event()
    asking = asyncio.create_task(server.once(raw(said(message()))))
    await asyncio.sleep(0.05)
    assert not asking.done()
    intake.gate.set()
    assert await asking == 200


async def test_trouble_with_storage_asks_for_a_repeat(server: FakeWhatsApp, door: str, intake: RecordingIntake):
    data = raw(said(message()))
    intake.failures = 1
    async with aiohttp.ClientSession() as session:
        headers = {"X-Hub-Signature-256": signed(data)}
        async with session.post(door, data=data, headers=headers) as got:
            assert (got.status, got.headers["Retry-After"]) == (503, "5")
    assert await server.once(data) == 200
    assert len(intake.events) == 1


async def test_a_client_that_hangs_up_does_not_tear_the_commit(
    server: FakeWhatsApp, door: str, intake: RecordingIntake
):
    intake.gate = asyncio.Event()
    asking = asyncio.create_task(server.once(raw(said(message()))))
    await asyncio.sleep(0.05)
    asking.cancel()
    await asyncio.sleep(0.05)
    intake.gate.set()
    await asyncio.sleep(0.05)
    assert len(intake.events) == 1


async def test_several_messages_are_one_transaction_in_their_order(
    server: FakeWhatsApp, door: str, intake: RecordingIntake
):
    data = raw(said(*[message(id=f"wamid.{n}") for n in range(12)]))
    assert await server.once(data) == 200
    assert intake.calls == ["take 12"]
    assert [event.message_id for event in intake.events] == [f"wamid.{n}" for n in range(12)]


async def test_a_flood_of_statuses_stands_in_nobodys_way(server: FakeWhatsApp, door: str, intake: RecordingIntake):
    """A message does not wait for any of them."""
    intake.reports_gate = asyncio.Event()
    flood = [asyncio.create_task(server.once(raw({"statuses": [status(id=f"w.{n}")]}))) for n in range(150)]
    assert await server.once(raw(said(message()))) == 200
    assert intake.calls == ["take 1"]
    intake.reports_gate.set()
    assert set(await asyncio.gather(*flood)) == {200}
    assert len(intake.reports) == 150


async def test_statuses_that_wait_are_committed_many_at_a_time(intake: RecordingIntake):
    desk, gate = Desk(intake), asyncio.Event()
    intake.reports_gate = gate
    reports = [Report("whatsapp", f"w.{n}", Reach.DELIVERED, NOW) for n in range(150)]
    wait = [asyncio.create_task(desk.take([report], ())) for report in reports]
    for _ in range(3):  # each has queued, and the first transaction stands at the gate
        await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*wait)
    assert intake.reports == reports
    assert intake.calls == ["report 100", "report 50"]


async def test_an_error_of_our_own_keeps_the_body_and_holds_up_no_other_message(
    server: FakeWhatsApp, door: str, intake: RecordingIntake
):
    intake.poison = "racun"
    texts = ("satu", "racun", "tiga")
    data = raw(said(*(message(id=f"wamid.{text}", text={"body": text}) for text in texts)))
    assert await server.once(data) == 200
    assert [event.text for event in intake.events] == ["satu", "tiga"]
    assert intake.quarantined == [(data, "LookupError")]


async def test_statuses_that_cannot_be_kept_are_asked_for_again(
    server: FakeWhatsApp, door: str, intake: RecordingIntake
):
    data = raw(said(message()) | {"statuses": [status()]})
    intake.reports_fail = 1
    assert await server.once(data) == 503
    assert await server.once(data) == 200
    assert (len(intake.events), len(intake.reports)) == (1, 1)


async def test_nothing_but_the_two_methods(server: FakeWhatsApp, door: str):
    async with aiohttp.ClientSession() as session:
        for method in ("PUT", "DELETE", "HEAD", "PATCH"):
            async with session.request(method, door) as got:
                assert got.status == 405
