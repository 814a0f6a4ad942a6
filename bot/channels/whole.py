"""A body read to its end, but no further than a limit."""

from __future__ import annotations

from aiohttp import StreamReader


class TooLong(Exception):
    """There is more than was allowed; the rest was not read."""


async def read(content: StreamReader, limit: int) -> bytes:
    """Everything that comes, in however many pieces, at most `limit` bytes. raises: TooLong.

    `content.read(limit)` is not this: it gives what has arrived so far.
    """
    parts, size = [], 0
    async for part in content.iter_any():
        size += len(part)
        if size > limit:
            raise TooLong
        parts.append(part)
    return b"".join(parts)
