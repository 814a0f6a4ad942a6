"""The HTTP server: health, and the doors that channels and pages bring along."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

CLIENT_MAX = 4 * 1024 * 1024
READY_S = 3.0


def application() -> web.Application:
    """An empty application with our limits; uploads raise theirs at their own door."""
    return web.Application(client_max_size=CLIENT_MAX)


def add_health(app: web.Application, can_commit: Callable[[], Awaitable[bool]], ready: Callable[[], bool]) -> None:
    """/live: the loop turns. /ready: we can commit and are not stopping."""

    async def live(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def is_ready(_: web.Request) -> web.Response:
        if not ready():
            return _not_ready("starting or stopping")
        try:
            async with asyncio.timeout(READY_S):
                fine = await can_commit()
        except TimeoutError:
            fine = False
        return web.Response(text="ready\n") if fine else _not_ready("the database cannot be written")

    app.add_routes([web.get("/live", live), web.get("/ready", is_ready)])


def _not_ready(why: str) -> web.Response:
    return web.Response(status=503, text=f"not ready: {why}\n", headers={"Retry-After": "5"})
