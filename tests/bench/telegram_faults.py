"""The scenario table: which call meets which trouble, and how that trouble looks on the wire."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

PHRASES = {
    400: "Bad Request: trouble ordered by the test",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    429: "Too Many Requests: retry after",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """One row of the table. `nth` counts matching calls from 1; `times` is how many of them are hit."""

    method: str = "*"
    chat: int | None = None
    nth: int = 1
    times: float = 1
    accepted: bool = False
    kind: str = "none"
    code: int = 0
    seconds: float = 0.0
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    seen: int = 0
    used: int = 0

    # ── what happens; each returns the row, so that a test can look at `used` ──
    def answers(self, code: int, description: str = "", *, accepted: bool = False, **parameters: int) -> Fault:
        """Refuse with this code; `accepted=True` does the work first and then answers with the error."""
        self.kind, self.code, self.accepted, self.parameters = "error", code, accepted, parameters
        if code == 429:
            self.parameters = {"retry_after": parameters.get("retry_after", 1)}
            description = description or f"{PHRASES[429]} {self.parameters['retry_after']}"
        self.description = description or PHRASES.get(code, "trouble ordered by the test")
        return self

    def html(self, code: int = 502, *, accepted: bool = False) -> Fault:
        return self._be("html", code=code, accepted=accepted)

    def delays(self, seconds: float, *, accepted: bool = False) -> Fault:
        """Answer late; `accepted=True` means the message is out before the waiting starts."""
        return self._be("delay", seconds=seconds, accepted=accepted)

    def closes(self, *, accepted: bool = True) -> Fault:
        return self._be("close", accepted=accepted)

    def resets(self, *, accepted: bool = True) -> Fault:
        return self._be("reset", accepted=accepted)

    def hangs(self, seconds: float = 3600.0, *, accepted: bool = True) -> Fault:
        return self._be("hang", seconds=seconds, accepted=accepted)

    def truncates(self, *, accepted: bool = True) -> Fault:
        """A 200 whose JSON stops in the middle."""
        return self._be("truncate", accepted=accepted)

    def breaks_length(self, *, accepted: bool = True) -> Fault:
        """Fewer bytes than Content-Length says, then the end."""
        return self._be("short", accepted=accepted)

    def drips(self, seconds: float = 0.05, *, accepted: bool = True) -> Fault:
        """One byte at a time."""
        return self._be("drip", seconds=seconds, accepted=accepted)

    def _be(self, kind: str, *, code: int = 0, seconds: float = 0.0, accepted: bool = False) -> Fault:
        self.kind, self.code, self.seconds, self.accepted = kind, code, seconds, accepted
        return self


class Faults:
    """The table and its one question: does this call meet trouble?"""

    def __init__(self) -> None:
        self.rows: list[Fault] = []

    def on(self, method: str = "*", *, chat: int | None = None, nth: int = 1, times: float = 1) -> Fault:
        row = Fault(method=method.lower(), chat=chat, nth=nth, times=times)
        self.rows.append(row)
        return row

    def add(self, rows: Iterable[dict[str, Any]]) -> None:
        """Rows as plain data, for scenario files and the control door."""
        self.rows.extend(Fault(**row | {"method": row.get("method", "*").lower()}) for row in rows)

    def clear(self) -> None:
        self.rows.clear()

    def pick(self, method: str, chat: Any) -> Fault | None:
        hit = None
        for row in self.rows:
            if not fnmatchcase(method.lower(), row.method) or (row.chat is not None and str(row.chat) != str(chat)):
                continue
            row.seen += 1
            if hit is None and row.seen >= row.nth and row.used < row.times and row.kind != "none":
                row.used += 1
                hit = row
        return hit


async def spoil(request: web.Request, fault: Fault, body: dict[str, Any]) -> web.StreamResponse:
    """Give `body`, or what the fault leaves of it."""
    text = json.dumps(body, ensure_ascii=False)
    if fault.kind == "error":
        refusal = {"ok": False, "error_code": fault.code, "description": fault.description}
        return web.json_response(
            refusal | ({"parameters": fault.parameters} if fault.parameters else {}), status=fault.code
        )
    if fault.kind == "html":
        page = f"<html><head><title>{fault.code}</title></head><body><center>nginx</center></body></html>"
        return web.Response(text=page, status=fault.code, content_type="text/html")
    if fault.kind == "truncate":
        return web.Response(text=text[: len(text) // 2], content_type="application/json")
    if fault.kind in {"close", "reset"}:
        _cut(request, hard=fault.kind == "reset")
        return web.Response(text="")
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
        _cut(request, hard=False)
        return web.Response(text="")
    if fault.kind in {"short", "drip"}:
        return await _slowly(request, fault, text.encode())
    await asyncio.sleep(fault.seconds)
    return web.json_response(body, status=body.get("error_code", 200))


async def _slowly(request: web.Request, fault: Fault, raw: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(raw))})
    await response.prepare(request)
    if fault.kind == "short":
        await response.write(raw[: len(raw) // 2])
        _cut(request, hard=False)
        return response
    for byte in raw:
        await response.write(bytes([byte]))
        await asyncio.sleep(fault.seconds)
    return response


def _cut(request: web.Request, *, hard: bool) -> None:
    """End the connection without an answer; hard = a reset instead of a polite end."""
    if request.transport is None:
        return
    if hard:
        plug = request.transport.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    else:
        request.transport.close()
