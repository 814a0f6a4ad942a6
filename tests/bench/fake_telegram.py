"""A strict local Bot API server for tests: the real paths, the platform's rules, and a record of every call.

In a test:      async with FakeTelegram() as server: server.user(5001, "Siti", "id").writes("halo")
In a thread:    with FakeTelegram().in_thread() as server: ...
As a process:   python -m tests.bench.fake_telegram --port 8081      (driven through /control/...)
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.bench.telegram_faults import Fault, Faults, spoil
from tests.bench.telegram_methods import Described, Methods
from tests.bench.telegram_pace import Pace
from tests.bench.telegram_people import Group, User
from tests.bench.telegram_places import poll_until
from tests.bench.telegram_rules import Refusal
from tests.bench.telegram_sending import Sending
from tests.bench.telegram_updates import Updates
from tests.bench.telegram_webhook import WebhookSender
from tests.bench.telegram_wire import Params, decoded, read_params
from tests.bench.telegram_world import Json, World

TOKEN = "7000000001:AAHsahut-uji-token-bukan-rahasia-000"
BODY_LIMIT = 60 * 2**20
SILENT_METHODS = {"getupdates"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call the bot made. `code` is 200 when it was accepted; `via` is `webhook` for executed answers."""

    method: str
    params: Json
    files: tuple[str, ...]
    message_ids: tuple[int, ...]
    at: float
    code: int = 200
    description: str = ""
    via: str = "http"

    @property
    def chat_id(self) -> int:
        return int(self.params.get("chat_id") or 0)

    @property
    def text(self) -> str:
        return str(self.params.get("text") or self.params.get("caption") or "")


class FakeTelegram:
    """The server. `calls` and `refused` only grow; `pace`, `faults`, `updates`, `world` are open to tests."""

    def __init__(self, token: str = TOKEN, *, port: int = 0, wall: Callable[[], float] = time.time) -> None:
        self.world = World(token, wall)
        self.pace, self.faults = Pace(), Faults()
        self.sending = Sending(self.world, self.pace)
        self.sender = WebhookSender(self.world, self._executed_answer)
        self.updates = Updates(self.world, self.sender)
        self.methods = Methods(self.world, self.sending, self.updates)
        self.calls: list[Call] = []
        self.refused: list[Call] = []
        self.watchers: list[Callable[[Call], None]] = []
        self.privacy = True
        self.token_revoked = False
        self.port = port
        self._runner: web.AppRunner | None = None
        self._called = asyncio.Event()

    # ── the test's side ──
    @property
    def token(self) -> str:
        return self.world.token

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def user(self, user_id: int, name: str = "Siti", language: str | None = "id", username: str | None = None) -> User:
        """A person; the same id gives the same person again."""
        if user_id not in self.world.users:
            self.world.add_user(user_id, name, language, username)
        return User(self, self.world.users[user_id])

    def group(
        self,
        group_id: int,
        title: str,
        *,
        forum: bool = False,
        topics: tuple[str, ...] = (),
        bot: str = "member",
    ) -> Group:
        """A group; -100... is a supergroup. `bot` is member, administrator, muted, left or kicked."""
        group = Group(self, self.world.add_group(group_id, title, forum=forum, bot=bot))
        group.adds_topics(topics)
        return group

    def sent(self, chat_id: int | None = None, method: str = "send*") -> list[Call]:
        """Accepted calls, by chat and method (a trailing * takes every ending)."""
        fits = str.startswith if method.endswith("*") else str.__eq__
        name = method.rstrip("*")
        return [c for c in self.calls if fits(c.method, name) and chat_id in (None, c.chat_id)]

    async def until(
        self,
        fits: Callable[[], bool],
        timeout: float = 10.0,
        complaint: str = "waited in vain",
    ) -> None:
        """Wait until it fits; looked at after every call of the bot, and every 50 ms for all else."""
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout
        while not fits():
            assert loop.time() < end, complaint
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._called.wait(), 0.05)

    def wait_until(self, fits: Callable[[], bool], timeout: float = 10.0, complaint: str = "waited in vain") -> None:
        poll_until(fits, timeout, complaint)

    # ── the bot's side ──
    async def run(self, method: str, params: Params, via: str = "http") -> Json:
        """Execute one call and write it down; raises Refusal when it is refused."""
        try:
            result: Any = (
                await self.updates.get(params) if method.lower() == "getupdates" else self.methods.call(method, params)
            )
        except Refusal as refusal:
            self._note(self.refused, method, params, (), via, refusal)
            raise
        described = {}
        if isinstance(result, Described):
            described, result = {"description": result.description}, result.result
        if method.lower() not in SILENT_METHODS:
            self._note(self.calls, method, params, _message_ids(result), via)
        return {"ok": True, "result": result} | described

    def _note(
        self,
        into: list[Call],
        method: str,
        params: Params,
        ids: tuple[int, ...],
        via: str,
        why: Refusal | None = None,
    ) -> None:
        code, description = (why.code, why.description) if why else (200, "")
        call = Call(method, params.values, tuple(params.files), ids, self.world.wall(), code, description, via)
        into.append(call)
        called, self._called = self._called, asyncio.Event()
        called.set()
        for watcher in self.watchers:
            watcher(call)

    async def _executed_answer(self, method: str, values: Json) -> None:
        with contextlib.suppress(Refusal):
            await self.run(method, Params(decoded(values)), via="webhook")

    async def _method(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"]
        try:
            self._check_token(token)
            params = await read_params(request)
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        fault = self.faults.pick(method, params.get("chat_id"))
        if fault is not None and not fault.accepted:
            if fault.kind != "delay":
                self._note(self.refused, method, params, (), "http", Refusal(fault.code, fault.kind))
                return await spoil(request, fault, {})
            await asyncio.sleep(fault.seconds)
            fault = None
        return await self._answer(request, method, params, fault)

    async def _answer(
        self, request: web.Request, method: str, params: Params, fault: Fault | None
    ) -> web.StreamResponse:
        try:
            body = await self.run(method, params)
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        return web.json_response(body) if fault is None else await spoil(request, fault, body)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request.match_info["token"])
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        path = request.match_info["path"]
        found = next((f for f in self.world.files.values() if f.path == path), None)
        if found is None:
            return web.json_response(Refusal(404, "Not Found").body(), status=404)
        fault = self.faults.pick("file", path)
        if fault is not None:
            return await spoil(request, fault, {"file": found.id})
        return web.Response(body=found.data, content_type="application/octet-stream")

    def _check_token(self, token: str) -> None:
        if ":" not in token:
            raise Refusal(404, "Not Found")
        if token != self.token or self.token_revoked:
            raise Refusal(401, "Unauthorized")

    # ── life ──
    def app(self) -> web.Application:
        from tests.bench.telegram_control import add_control

        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        add_control(app, self)
        return app

    async def start(self) -> FakeTelegram:
        await self.updates.start()
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.port or self._runner.addresses[0][1]
        return self

    async def stop(self) -> None:
        await self.updates.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> FakeTelegram:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @contextlib.contextmanager
    def in_thread(self) -> Iterator[FakeTelegram]:
        """Run in a loop of its own, for tests that are not asynchronous."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="fake-telegram", daemon=True)
        thread.start()
        asyncio.run_coroutine_threadsafe(self.start(), loop).result(10)
        try:
            yield self
        finally:
            asyncio.run_coroutine_threadsafe(self.stop(), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()


def _message_ids(result: Any) -> tuple[int, ...]:
    found = result if isinstance(result, list) else [result]
    return tuple(r["message_id"] for r in found if isinstance(r, dict) and "message_id" in r)


async def _serve(port: int, token: str) -> None:
    async with FakeTelegram(token, port=port) as server:
        print(f"fake Bot API on {server.url} for bot {server.world.bot['id']}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A strict local Bot API server for tests.")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    chosen = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(chosen.port, chosen.token))


if __name__ == "__main__":
    main()
