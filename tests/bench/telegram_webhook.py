"""The platform's webhook sender: in order per chat, again until a 2xx, obedient to Retry-After."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.bench.telegram_world import Json, World


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    secret: str = ""
    max_connections: int = 40


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to bring one update to the webhook; status 0 means no HTTP answer."""

    update_id: int
    status: int
    body: str
    at: float


class WebhookSender:
    """Brings updates to one address; several chats at a time, one update per chat."""

    def __init__(self, world: World, execute: Callable[[str, Json], Awaitable[Any]]) -> None:
        self.world, self.execute = world, execute
        self.retry_first, self.retry_cap, self.retry_after_scale = 0.05, 0.5, 1.0
        self.hook: Webhook | None = None
        self.deliveries: list[Delivery] = []
        self.last_error = ""
        self.taken: Callable[[Json], None] = lambda update: None
        self._lanes: dict[int, deque[Json]] = {}
        self._busy: set[int] = set()
        self._retry = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def platform_pace(self) -> None:
        """Retry as the platform does (1 s, doubling to about a minute) instead of the tests' haste."""
        self.retry_first, self.retry_cap = 1.0, 90.0

    def use(self, hook: Webhook | None, waiting: list[Json]) -> None:
        """Turn to another address, or to none; whatever waits is lined up again."""
        self.hook, self._lanes, self.last_error = hook, {}, ""
        for update in waiting:
            self.line_up(update)
        self.retry_now()

    def line_up(self, update: Json) -> None:
        if self.hook is not None:
            self._lanes.setdefault(_lane(update), deque()).append(update)

    def stir(self) -> None:
        """Start a delivery for every chat that waits and has none under way."""
        hook = self.hook
        if hook is None:
            return
        for lane in list(self._lanes):
            if len(self._busy) >= hook.max_connections:
                break
            if lane not in self._busy:
                self._busy.add(lane)
                task = asyncio.get_running_loop().create_task(self._drain(hook, lane))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _drain(self, hook: Webhook, lane: int) -> None:
        """Bring one chat's updates in order; a refused one holds back the later ones."""
        delay = self.retry_first
        while self.hook is hook and (queue := self._lanes.get(lane)):
            pause = await self._deliver(hook, queue[0])
            if pause is None:
                delay = self.retry_first
                if self.hook is hook:
                    done = queue.popleft()
                    if done not in queue:
                        self.taken(done)
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._retry.wait(), pause or delay)
            delay = min(self.retry_cap, delay * 2)
        self._busy.discard(lane)
        if self.hook is hook and not self._lanes.get(lane):
            self._lanes.pop(lane, None)
        self.stir()

    async def _deliver(self, hook: Webhook, update: Json) -> float | None:
        """None when taken; else the pause the receiver asked for, 0 when it asked for none."""
        assert self._session is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with self._session.post(hook.url, json=update, headers=headers) as answer:
                body = await answer.text()
                status, after = answer.status, answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            status, body, after = 0, type(problem).__name__, ""
        self.deliveries.append(Delivery(update["update_id"], status, body[:200], self.world.wall()))
        if 200 <= status < 300:
            await self._obey(body)
            return None
        self.last_error = f"Wrong response from the webhook: {status} {body[:60]}" if status else "Connection refused"
        return min(3600.0, float(after)) * self.retry_after_scale if after.isdigit() else 0.0

    async def _obey(self, body: str) -> None:
        """The platform executes a JSON answer that names a method; so does this one."""
        try:
            answer = json.loads(body)
        except ValueError:
            return
        if isinstance(answer, dict) and isinstance(answer.get("method"), str):
            await self.execute(answer["method"], {k: v for k, v in answer.items() if k != "method"})

    def retry_now(self) -> None:
        """Let every waiting retry happen at once; may be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._release)

    def _release(self) -> None:
        waiting, self._retry = self._retry, asyncio.Event()
        waiting.set()

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=30)
        )

    async def stop(self) -> None:
        self.use(None, [])
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()


def _lane(update: Json) -> int:
    """Updates of one chat or person stay in order, others overtake."""
    body: Json = next((v for k, v in update.items() if k != "update_id" and isinstance(v, dict)), {})
    source: Json = body.get("chat") or body.get("message", {}).get("chat") or body.get("from") or {}
    return int(source.get("id", 0))
