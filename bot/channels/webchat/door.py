"""What the doors of the web chat share: their parts, the checks before work, and the way into the house."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from msgspec import Struct

from bot.channels.webchat import visitor
from bot.channels.webchat.body import Refused, answer, form_of, json_of, upload_size
from bot.channels.webchat.budget import Budgets, Purse
from bot.channels.webchat.inbound import BadMessage, Speaker, read, with_files
from bot.channels.webchat.incoming import Incoming
from conversations.inbound import Attachment, Inbound
from usecases.ports import Intake, Mailbox, TryOut, Unavailable
from usecases.trouble import why

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Who = Callable[[Any], Awaitable[Speaker]]
RETRY_S = 5.0  # what a page waits when storage cannot keep its message


class Listener(Struct, frozen=True):
    """Who holds a stream open."""

    peer: str
    request: web.Request


@dataclass(frozen=True, slots=True)
class Door:
    """media: path of a cleaned file by its hash, None when there is none (asked in a worker thread)
    now: the time that messages carry; ticks and wall: seconds for budgets and for links
    """

    intake: Intake
    mailbox: Mailbox
    incoming: Incoming
    key: bytes
    now: Callable[[], datetime]
    media: Callable[[str], Path | None]
    secure: bool = False  # served over https: the cookie travels only there
    tryout: TryOut | None = None
    budgets: Budgets = field(default_factory=Budgets)
    ticks: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    streams: dict[asyncio.Task[Any], Listener] = field(default_factory=dict)
    purse: Purse = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "purse", Purse(self.budgets, self.ticks))

    def visitor(self, request: web.Request) -> str:
        """The visitor's peer. raises: Refused (401) when the page has to open a session first"""
        peer = visitor.visitor(request, self.key)
        if not peer:
            raise Refused(401, "session")
        return peer

    def spend(self, request: web.Request, peer: str, size: int = 0) -> None:
        """Take one message, or so many bytes, from the budgets. raises: Refused (429)"""
        where = visitor.address(request)
        wait = self.purse.upload(peer, where, size) if size else self.purse.message(peer, where)
        if wait:
            raise Refused(429, "slow", wait_s=wait)

    async def take(self, event: Inbound) -> web.Response:
        """Hand one event in; the answer is given only after the commit. raises: Unavailable"""
        receipt = (await self.intake.take([event]))[0]
        return answer({"fresh": receipt.fresh, "toast": receipt.toast, "alert": receipt.alert})

    async def take_message(self, request: web.Request, who: Who) -> web.Response:
        """A JSON message; `who` reads from it who speaks where."""
        data = await json_of(request)
        return await self.take(read(data, await who(data), self.now()))

    async def take_files(self, request: web.Request, who: Who) -> web.Response:
        """Files with a caption; kept durably before the event that names them.

        They stay also when it is refused: a commit whose answer got lost may have kept the event that names them. What
        nobody names is tidied away after two days.
        """
        fields, files = await form_of(request)
        speaker = await who(fields)
        key = with_files(fields, (), speaker, self.now()).key  # refuse a bad form before anything is written
        refs = await self._keep([content for _, _, content in files], key)
        kept = tuple(
            Attachment(kind, ref, mime, len(content)) for ref, (kind, mime, content) in zip(refs, files, strict=True)
        )
        receipt = (await self.intake.take([with_files(fields, kept, speaker, self.now())]))[0]
        return answer({"fresh": receipt.fresh, "toast": receipt.toast, "alert": receipt.alert})

    async def _keep(self, contents: list[bytes], key: str) -> list[str]:
        """References of the written files. raises: Unavailable (the disk is full)"""
        try:
            return [await self.incoming.keep(content, f"{key}:{at}") for at, content in enumerate(contents)]
        except OSError as error:
            log.error("an upload cannot be written", extra={"why": why(error)})
            raise Unavailable("uploads cannot be written") from error

    @contextmanager
    def streaming(self, request: web.Request, peer: str) -> Iterator[None]:
        """Count an open stream. raises: Refused when there are too many"""
        if self._crowded(peer):
            self._end_gone()
        if self._crowded(peer):
            raise Refused(503, "crowded", wait_s=30)
        task = asyncio.current_task()
        assert task is not None
        self.streams[task] = Listener(peer, request)
        try:
            yield
        finally:
            self.streams.pop(task, None)

    def _crowded(self, peer: str) -> bool:
        own = sum(listener.peer == peer for listener in self.streams.values())
        return own >= self.budgets.streams_per_visitor or len(self.streams) >= self.budgets.streams

    def _end_gone(self) -> None:
        """A stream notices at its next beat only that its page went away: whoever reloads must not wait for that."""
        for task, listener in tuple(self.streams.items()):
            transport = listener.request.transport
            if transport is None or transport.is_closing():
                del self.streams[task]
                task.cancel()

    async def close(self, _: web.Application) -> None:
        """End the open streams, so that the server can stop at once; pages come back by themselves."""
        for task in tuple(self.streams):
            task.cancel()


def guarded(handler: Handler) -> Handler:
    """Turn refusals into answers, and let only our own pages and browserless tools post."""

    @functools.wraps(handler)
    async def run(request: web.Request) -> web.StreamResponse:
        try:
            if request.method == "POST" and not visitor.same_origin(request):
                raise Refused(403, "foreign")
            return await handler(request)
        except Refused as no:
            return no.response()
        except BadMessage:
            return Refused(400, "bad").response()
        except Unavailable:
            return Refused(503, "later", wait_s=RETRY_S).response()

    return run


def upload_checked(request: web.Request, door: Door) -> str:
    """The visitor of an upload that may go on. raises: Refused"""
    peer = door.visitor(request)
    if request.headers.get("X-Sahut") != "1":  # other sites' forms cannot set it without asking first
        raise Refused(403, "foreign")
    size = upload_size(request)
    door.spend(request, peer)
    door.spend(request, peer, size)
    return peer
