"""What a platform posts to a webhook, read whole within a limit and a deadline, or refused."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.channels import whole


class Refused(Exception):
    """The body is not read further; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


async def read(request: web.Request, limit: int, within_s: float) -> bytes:
    """The whole body. raises: Refused."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415)  # a few kB of gzip may unfold to gigabytes
    if (request.content_length or 0) > limit:
        raise Refused(413)
    content = request.content
    if content.is_eof():  # it came with the headers, as most do: nothing to wait for
        body = content.read_nowait()
        if len(body) > limit:
            raise Refused(413)
        return body
    try:
        async with asyncio.timeout(within_s):
            return await whole.read(content, limit)
    except whole.TooLong:
        raise Refused(413) from None
    except TimeoutError:
        raise Refused(408) from None


def refusal(status: int) -> web.Response:
    """An empty answer; the connection ends, because the rest of the body was not read."""
    response = web.Response(status=status)
    response.force_close()
    return response
