"""A strict local Graph API server for tests: its limits, its 24 hours, its errors, and webhooks as Meta sends them."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.bench.whatsapp_people import Person, shown
from tests.bench.whatsapp_rules import Refusal, check_message, need

Json = dict[str, Any]
TOKEN = "EAAsahut-uji-token-bukan-rahasia-0000"
NUMBER = "106540352242922"
BUSINESS = "102290129340398"
SECRET = "uji-app-secret-0123456789abcdef"
VERIFY = "uji-verify-kata-0123456789"
DAY_S = 86_400.0
LINK_S = 300.0  # an address of a file lives so long
PAIR_S = 6.0
UPLOADS = {"image/jpeg": 5, "image/png": 5, "audio/ogg": 16, "video/mp4": 16, "application/pdf": 100}


@dataclass
class Accepted:
    """One message the platform took."""

    wamid: str
    person: Person
    payload: Json
    at: float


@dataclass
class FakeWhatsApp:
    """The platform. `sent`, `refused` and `answers` only grow; everything else is open to tests.

    faults: what happens to the next sends, in order: "drop" (taken, but the answer is lost), "hang", an error code,
    an HTTP status ("502"), "" (nothing). statuses: which words follow a message, in which order. late: refusals for
    the person's sake come as a status instead of at once, as they often do.
    """

    wall: Callable[[], float] = time.time
    hook: str = ""
    token: str = TOKEN
    burst: int = 6
    pace: bool = False
    late: bool = False
    scoped_sending: bool = True
    knows_scoped: bool = True  # False: a server of before scoped ids, which misses the field "to"
    statuses: list[str] = field(default_factory=lambda: ["sent", "delivered"])
    faults: list[str | int] = field(default_factory=list)
    templates: dict[tuple[str, str], Json] = field(default_factory=dict)
    submitted: list[Json] = field(default_factory=list)  # what the account's list of templates tells
    number_fields: Json = field(default_factory=dict)
    file_says: Json = field(default_factory=dict)  # instead of what the platform tells about a file
    download_says: tuple[int, dict[str, str]] | None = None  # status and headers instead of the bytes
    display: str = "628111000222"

    def __post_init__(self) -> None:
        self.people: list[Person] = []
        self.sent: list[Accepted] = []
        self.refused: list[tuple[Json, Refusal]] = []
        self.uploads: dict[str, tuple[str, bytes]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.links: dict[str, tuple[str, float]] = {}
        self.downloads: list[dict[str, str]] = []
        self.answers: list[int] = []  # HTTP status of every webhook
        self.held: list[Json] | None = None
        self._pairs: dict[str, tuple[float, float]] = {}
        self._ids = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._post = asyncio.Lock()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.port = 0

    # ── the test's side ──
    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v23.0"

    def person(self, phone: str = "6281200001111", name: str = "Siti", scoped: str = "") -> Person:
        """Somebody; the same number or scoped id gives the same person again."""
        known = next((p for p in self.people if p.phone == phone and p.scoped == scoped), None)
        if known is None:
            known = Person(self, phone, name, scoped)
            self.people.append(known)
        return known

    def new_id(self) -> str:
        self._ids += 1
        return f"wamid.HBgNNjI4{self._ids:08d}"

    def keeps_file(self, data: bytes, mime: str) -> str:
        self._ids += 1
        self.files[str(9_000_000 + self._ids)] = (mime, data)
        return str(9_000_000 + self._ids)

    @contextlib.contextmanager
    def one_post(self, shape: str = "messages"):  # type: ignore[no-untyped-def]
        """What happens meanwhile arrives in one POST: several messages, changes or entries."""
        self.held = []
        try:
            yield
        finally:
            held, self.held = self.held, None
            self.posts(_body(held, shape))

    def arrives(self, value: Json) -> None:
        if self.held is not None:
            self.held.append(value)
        else:
            self.posts(_body([value], "changes"))

    def posts(self, body: Json | bytes, *, signature: str | None = None) -> None:
        """Hand a body to the webhook, again and again until it is taken, as Meta does."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._go(self._hand_over(raw, signature))

    async def settled(self) -> None:
        """All webhooks under way are answered."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def once(self, raw: bytes, *, signature: str | None = None, headers: Json | None = None) -> int:
        """One POST; the HTTP status."""
        given = {"X-Hub-Signature-256": signed(raw) if signature is None else signature}
        if self._session is None:  # one for all: a new one each time costs more than the webhook
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        sent = {k: v for k, v in (given | (headers or {})).items() if v}
        async with self._session.post(self.hook, data=raw, headers=sent) as got:
            self.answers.append(got.status)
            return got.status

    def tells(self, accepted: Accepted, *words: str, code: int = 0) -> None:
        """Statuses of a message, each in a webhook of its own."""
        for word in words:
            status: Json = {
                "id": accepted.wamid,
                "status": word,
                "timestamp": str(int(self.wall())),
                "recipient_id": accepted.person.phone,
            }
            if accepted.person.scoped:
                status["recipient_user_id"] = accepted.person.scoped
            if "biz_opaque_callback_data" in accepted.payload:
                status["biz_opaque_callback_data"] = accepted.payload["biz_opaque_callback_data"]
            if word == "failed":
                status["errors"] = [{"code": code or 131000, "title": "failed"}]
            self.arrives({"statuses": [status]})

    # ── the business's side ──
    async def _messages(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        fault = self.faults.pop(0) if self.faults else ""
        if isinstance(fault, str) and fault.isdigit():
            return web.Response(status=int(fault), text="<html>Bad Gateway</html>")
        try:
            self._admit(request)
            need(request.match_info["number"] == NUMBER, "no such number", 100)
            payload = json.loads(raw)
            if isinstance(fault, int):
                raise Refusal(fault)
            check_message(payload)
            accepted, late = self._take(payload)
        except Refusal as refusal:
            with contextlib.suppress(ValueError):
                self.refused.append((json.loads(raw), refusal))
            return web.json_response(refusal.body(), status=refusal.status)
        if late:
            self.tells(accepted, "sent", "failed", code=late)
        else:
            self.tells(accepted, *self.statuses)
        if fault == "drop":
            assert request.transport is not None
            request.transport.abort()
        if fault == "hang":
            await asyncio.sleep(60)
        contact = {"input": payload.get("to") or payload.get("recipient"), "wa_id": accepted.person.phone}
        said = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": accepted.wamid}]}
        return web.json_response(said)

    def _take(self, payload: Json) -> tuple[Accepted, int]:
        """Keep and show a message, or refuse it; an error code that will be told later."""
        person = self._addressee(payload)
        kind = payload["type"]
        late = 0
        if person is None or person.blocked:
            late = self._refuse(131026)
        elif kind == "template":
            self._check_template(payload["template"])
        elif person.wrote_at is None or self.wall() - person.wrote_at >= DAY_S:
            late = self._refuse(131047)
        if person is not None and self.pace:
            self._check_pair(person)
        inner = payload[kind]
        media = (
            inner.get("id") or (inner.get("header") or {}).get("image", {}).get("id") if kind != "template" else None
        )
        need(media is None or media in self.uploads, "media id unknown", 131053)
        accepted = Accepted(self.new_id(), person or Person(self, payload.get("to", ""), "", ""), payload, self.wall())
        self.sent.append(accepted)
        if not late and person is not None:
            person.screen.append(shown(payload, accepted.wamid))
        return accepted, late

    def _refuse(self, code: int) -> int:
        if self.late:
            return code
        raise Refusal(code)

    def _addressee(self, payload: Json) -> Person | None:
        if "recipient" in payload:
            need(self.knows_scoped, "The parameter to is required.", 100)
            need(self.scoped_sending, "", 131062)
            return next((p for p in self.people if p.scoped == payload["recipient"]), None)
        to = str(payload["to"]).lstrip("+")
        need(to.isdigit(), "to is no number", 100)
        return next((p for p in self.people if p.phone == to), None)

    def _check_pair(self, person: Person) -> None:
        now = self.wall()
        tokens, at = self._pairs.get(person.phone or person.scoped, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - at) / PAIR_S)
        need(tokens >= 0.95, "", 131056)
        self._pairs[person.phone or person.scoped] = (tokens - 1, now)

    def _check_template(self, template: Json) -> None:
        known = self.templates.get((template["name"], template["language"]["code"]))
        need(known is not None, "", 132001)
        assert known is not None
        need(known.get("status", "APPROVED") == "APPROVED", "", 132015)
        body = next((c["parameters"] for c in template.get("components", []) if c["type"] == "body"), [])
        need(len(body) == known.get("slots", len(body)), "", 132000)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        try:
            self._admit(request)
            form = await request.post()
            file, mime = form.get("file"), form.get("type")
            need(form.get("messaging_product") == "whatsapp" and isinstance(file, web.FileField), "", 100)
            assert isinstance(file, web.FileField)
            need(mime in UPLOADS and file.content_type == mime, f"type {mime}", 131053)
            data = file.file.read()
            need(0 < len(data) <= UPLOADS[str(mime)] * 2**20, "size", 131053)
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.status)
        self._ids += 1
        self.uploads[str(7_000_000 + self._ids)] = (str(mime), data)
        return web.json_response({"id": str(7_000_000 + self._ids)})

    async def _object(self, request: web.Request) -> web.StreamResponse:
        wanted = request.match_info["id"]
        try:
            self._admit(request)
            if wanted == NUMBER:
                return web.json_response(self._about_number())
            need(wanted in self.files, "Unsupported get request", 100)
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.status)
        mime, data = self.files[wanted]
        self._ids += 1
        link = f"{self._ids:06x}"
        self.links[link] = (wanted, self.wall() + LINK_S)
        told = {"url": f"http://127.0.0.1:{self.port}/download/{link}", "mime_type": mime, "file_size": len(data)}
        digest = hashlib.sha256(data).hexdigest()
        told |= {"sha256": digest, "id": wanted, "messaging_product": "whatsapp"}
        return web.json_response(told | self.file_says)

    async def _listed(self, request: web.Request) -> web.StreamResponse:
        try:
            self._admit(request)
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.status)
        return web.json_response({"data": self.submitted})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self.downloads.append(dict(request.headers))
        if self.download_says is not None:
            return web.Response(status=self.download_says[0], headers=self.download_says[1])
        found, until = self.links.get(request.match_info["link"], ("", 0.0))
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.Response(status=401)
        if not found or until <= self.wall():
            return web.Response(status=404)
        mime, data = self.files[found]
        return web.Response(body=data, headers={"Content-Type": mime})

    def _about_number(self) -> Json:
        usual = {
            "id": NUMBER,
            "display_phone_number": "+62 811-1000-222",
            "verified_name": "Sahut Kota Bekasi",
            "quality_rating": "GREEN",
            "status": "CONNECTED",
            "name_status": "APPROVED",
            "webhook_configuration": {"application": "https://lapor.kota.go.id/whatsapp/webhook"},
        }
        return usual | self.number_fields

    def _admit(self, request: web.Request) -> None:
        need(request.headers.get("Authorization") == f"Bearer {self.token}", "", 190)

    # ── webhooks ──
    async def _hand_over(self, raw: bytes, signature: str | None) -> None:
        for attempt in range(40):
            try:
                if await self.once(raw, signature=signature) in (200, 403):
                    return
            except aiohttp.ClientError:
                self.answers.append(0)
            await asyncio.sleep(0.02 * (attempt + 1))

    def _go(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ── life ──
    async def __aenter__(self) -> FakeWhatsApp:
        app = web.Application(client_max_size=110 * 2**20, middlewares=[in_two_pieces])
        app.add_routes(
            [
                web.post("/v23.0/{number}/messages", self._messages),
                web.post("/v23.0/{number}/media", self._upload),
                web.get(f"/v23.0/{BUSINESS}/message_templates", self._listed),
                web.get("/v23.0/{id}", self._object),
                web.get("/download/{link}", self._download),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        if self._runner is not None:
            await self._runner.cleanup()


@web.middleware
async def in_two_pieces(request: web.Request, handler: Callable[..., Any]) -> web.StreamResponse:
    """Every answer comes as over a real line: its second half only after its first was there to be read."""
    made = await handler(request)
    if not isinstance(body := made.body, bytes) or len(body) < 2:
        return made
    answer = web.StreamResponse(status=made.status, headers=made.headers)
    answer.content_length = len(body)
    with contextlib.suppress(ConnectionError):  # whoever asked is gone, or was cut off on purpose
        await answer.prepare(request)
        await answer.write(body[: len(body) // 2])
        for _ in range(10):  # turns of the loop, in which a client in this process gets the first
            await asyncio.sleep(0)
        await answer.write(body[len(body) // 2 :])
        await answer.write_eof()
    return answer


def signed(raw: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def _body(values: list[Json], shape: str) -> Json:
    """One POST for several values: as messages of one change, as changes of one entry, or as entries."""
    full = [{"messaging_product": "whatsapp", "metadata": {"phone_number_id": NUMBER}} | value for value in values]
    if shape == "messages" and full:
        names = ("messages", "statuses", "contacts")
        merged = {name: [one for value in full for one in value.get(name, [])] for name in names}
        full = [full[0] | {name: parts for name, parts in merged.items() if parts}]
    changes = [{"field": "messages", "value": value} for value in full]
    if shape == "entries":
        entries = [{"id": BUSINESS, "changes": [change]} for change in changes]
    else:
        entries = [{"id": BUSINESS, "changes": changes}]
    return {"object": "whatsapp_business_account", "entry": entries}


@asynccontextmanager
async def platform(**given: Any) -> AsyncIterator[FakeWhatsApp]:
    async with FakeWhatsApp(**given) as server:
        yield server
