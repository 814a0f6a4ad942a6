"""Server-sent events: the lines of one chat as they come, resumed after a cut by their revision."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.channels.webchat.door import Door
from bot.channels.webchat.media import link
from usecases.ports import Mail, Unavailable

HEARTBEAT_S = 15.0
PAGE = 200
Extra = Callable[[], Awaitable[str]]


def revision(request: web.Request) -> int:
    """Where to go on: what the browser saw last wins over what the page asked for when it was opened."""
    for told in (request.headers.get("Last-Event-ID", ""), request.query.get("rev", "")):
        if told.isascii() and told.isdigit() and len(told) < 16:
            return int(told)
    return 0


def line(mail: Mail, door: Door) -> dict[str, Any]:
    """One line as the page reads it."""
    photos = [link(photo, door.key, door.wall()) for photo in mail.photos]
    return {
        "rev": mail.rev,
        "id": mail.id,
        "mine": mail.client_key.rpartition(":")[2],  # the page's own id of its message
        "author": mail.author,
        "name": mail.name,
        "text": mail.text,
        "buttons": mail.buttons,
        "photos": [photo for photo in photos if photo],
        "reply_to": mail.reply_to,
        "ask_reply": mail.ask_reply,
        "at": mail.at.isoformat(),
    }


def event(name: str, data: Any, number: int | None = None) -> str:
    """One server-sent event; JSON has no raw line breaks, so it is always one data line."""
    mark = f"id: {number}\n" if number is not None else ""
    return f"{mark}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def stream(
    request: web.Request, door: Door, peer: str, *, extra: Extra | None = None, beat_s: float = HEARTBEAT_S
) -> web.StreamResponse:
    """Send what the chat holds above the asked revision, then what comes, until the page goes away.

    extra: more events to send at every beat ("" for none). Raises nothing; a gone page ends it, and so does a database
    that is away: the page comes back by itself.
    """
    rev = revision(request)
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",  # proxies must pass lines on at once
            "X-Content-Type-Options": "nosniff",
        }
    )
    await response.prepare(request)
    told_ready, news, said = False, True, door.ticks()
    try:
        with door.mailbox.listen(peer) as listener:
            while True:
                mails = await door.mailbox.since(peer, rev, PAGE) if news else []
                out = "".join(event("line", line(mail, door), mail.rev) for mail in mails)
                rev = max((mail.rev for mail in mails), default=rev)
                if len(mails) < PAGE and not told_ready:
                    told_ready = True
                    out += event("ready", {"rev": rev})
                if extra:
                    out += await extra()
                if out or door.ticks() - said >= HEARTBEAT_S:
                    said = door.ticks()
                    if not await _written(response, out or ": still here\n\n"):
                        break
                news = len(mails) == PAGE or await listener.wait(rev, beat_s)
    except Unavailable:
        pass  # an answer is under way already: no other can take its place
    return response


async def _written(response: web.StreamResponse, words: str) -> bool:
    """False: the page went away."""
    try:
        await response.write(words.encode())
    except (ConnectionError, RuntimeError):
        return False
    return True
