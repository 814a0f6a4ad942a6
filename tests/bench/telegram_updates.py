"""Updates on their way to the bot: the queue, its odd orders, long polling and the webhook's settings."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.bench.telegram_rules import Refusal, bad_request
from tests.bench.telegram_webhook import Webhook, WebhookSender
from tests.bench.telegram_wire import Params
from tests.bench.telegram_world import Json, World

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
KNOWN = {
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "callback_query",
    "my_chat_member", "chat_join_request", "poll", "poll_answer", *NOT_BY_DEFAULT,
}  # fmt: skip
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
POLL_CAP = 50
TWO_POLLERS = "terminated by other getUpdates request; make sure that only one bot instance is running"
HOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Updates:
    """The queue between people and bot; push from any thread, deliver in the server's loop."""

    def __init__(self, world: World, sender: WebhookSender) -> None:
        self.world, self.sender = world, sender
        sender.taken = self._taken
        self.hosted_rules = False  # True: HTTPS and ports 443, 80, 88, 8443 only, as the hosted API wants
        self.duplicate_every = 0
        self.allowed: set[str] = KNOWN - NOT_BY_DEFAULT
        self.next_id = random.randrange(10**8, 9 * 10**8)
        self._pending: dict[int, Json] = {}
        self._held: list[tuple[str, Json]] | None = None
        self._polls = self._pushed = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._news: asyncio.Event = asyncio.Event()

    @property
    def webhook(self) -> Webhook | None:
        return self.sender.hook

    # ── from people ──
    def push(self, kind: str, payload: Json) -> int | None:
        """Queue one update; None when the bot did not ask for this kind or everything is held back."""
        with self.world.lock:
            if self._held is not None:
                self._held.append((kind, payload))
                return None
            if kind not in self.allowed:
                return None
            update = {"update_id": self.next_id, kind: json.loads(json.dumps(payload))}
            self.next_id += 1
            self._pushed += 1
            self._enqueue(update)
            if self.duplicate_every and self._pushed % self.duplicate_every == 0:
                self.again(update)
        self._wake()
        return int(update["update_id"])

    def push_raw(self, update: Json) -> None:
        """Queue an update exactly as given, for kinds nobody knows."""
        with self.world.lock:
            self._enqueue({"update_id": self.next_id} | update)
            self.next_id += 1
        self._wake()

    def again(self, update: Json) -> None:
        """The same update once more: the same id to a webhook, a new id to a poller."""
        if self.webhook is None:
            update = update | {"update_id": self.next_id}
            self.next_id += 1
        self._enqueue(update)
        self._wake()

    def jump(self, by: int = 1_000_000) -> None:
        """The next update id is far away, as after a week of silence; negative jumps go back."""
        self.next_id += by

    def hold(self) -> None:
        self._held = []

    def release(self, order: Callable[[list[Any]], list[Any]] = lambda held: held) -> None:
        """Let held updates go, in an order of the caller's choice (`reversed`, a shuffle ...)."""
        held, self._held = order(self._held or []), None
        for kind, payload in held:
            self.push(kind, payload)

    def _enqueue(self, update: Json) -> None:
        self._pending[update["update_id"]] = update
        self.sender.line_up(update)

    def _taken(self, update: Json) -> None:
        self._pending.pop(update["update_id"], None)

    @property
    def pending(self) -> int:
        return len(self._pending)

    # ── long polling ──
    async def get(self, params: Params) -> list[Json]:
        if self.webhook is not None:
            raise Refusal(409, f"Conflict: {HOOK_ACTIVE}")
        self._allow(params.get("allowed_updates"))
        self._polls += 1
        mine, loop = self._polls, asyncio.get_running_loop()
        self._wake()
        limit = min(100, max(1, params.number("limit") or 100))
        until = loop.time() + min(POLL_CAP, max(0, params.number("timeout") or 0))
        self._confirm(params.number("offset") or 0)
        while True:
            if found := list(self._pending.values())[:limit]:
                return found
            if (left := until - loop.time()) <= 0:
                return []
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                pass
            if self._polls != mine:
                raise Refusal(409, f"Conflict: {TWO_POLLERS}")

    def _confirm(self, offset: int) -> None:
        """Forget what the offset confirms; a negative one keeps only the newest."""
        ids = list(self._pending)
        for gone in ids[:offset] if offset < 0 else [i for i in ids if i < offset]:
            del self._pending[gone]

    # ── webhook ──
    def set_webhook(self, params: Params) -> str:
        url, secret = params.text("url"), params.text("secret_token")
        if not url:
            return self.delete_webhook(params)
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        connections = params.number("max_connections") or 40
        if not 1 <= connections <= 100:
            raise bad_request("bad webhook: max_connections must be 1-100")
        self._check_url(url)
        self._allow(params.get("allowed_updates"))
        if params.flag("drop_pending_updates"):
            self._pending.clear()
        same = self.webhook == (new := Webhook(url, secret, connections))
        self._polls += 1
        if same and not params.flag("drop_pending_updates"):
            self.sender.retry_now()
        else:
            self.sender.use(new, list(self._pending.values()))
        self._wake()
        return "Webhook is already set" if same else "Webhook was set"

    def delete_webhook(self, params: Params) -> str:
        was = self.webhook
        self.sender.use(None, [])
        if params.flag("drop_pending_updates"):
            self._pending.clear()
        return "Webhook was deleted" if was else "Webhook is already deleted"

    def info(self) -> Json:
        hook = self.webhook or Webhook("")
        facts: Json = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": self.pending}
        if self.webhook:
            facts |= {"max_connections": hook.max_connections}
        if self.allowed != KNOWN - NOT_BY_DEFAULT:
            facts["allowed_updates"] = sorted(self.allowed)
        if self.sender.last_error:
            facts |= {"last_error_date": self.world.date(), "last_error_message": self.sender.last_error}
        return facts

    def _check_url(self, url: str) -> None:
        parts = urlsplit(url)
        if self.hosted_rules and parts.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise bad_request("invalid webhook URL specified")
        if self.hosted_rules and (parts.port or 443) not in {443, 80, 88, 8443}:
            raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")

    def _allow(self, wanted: Any) -> None:
        """Omitted keeps the earlier choice; an empty list is the default; unknown kinds are ignored."""
        if wanted is None:
            return
        if not isinstance(wanted, list):
            raise bad_request("can't parse allowed updates: expected an Array")
        self.allowed = (set(wanted) & KNOWN) or (KNOWN - NOT_BY_DEFAULT)

    def _wake(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stir)

    def _stir(self) -> None:
        self._news.set()
        self.sender.stir()

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.sender.start()

    async def stop(self) -> None:
        await self.sender.stop()
