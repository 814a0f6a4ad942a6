"""Pages from plain HTML files: every value is escaped, every page carries the same strict headers."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SLOT = re.compile(r"\{\{([a-z_.]+)\}\}")
_FOLDER = Path(__file__).parent / "pages"


class Page:
    """A template read once. `{{name}}` is replaced by the escaped value of that name."""

    def __init__(self, name: str) -> None:
        parts = _SLOT.split((_FOLDER / name).read_text("utf-8"))
        self._fixed, self.slots = parts[::2], parts[1::2]

    def fill(self, values: Mapping[str, str]) -> str:
        """raises: KeyError for a slot without a value: found at the first request, and by a test"""
        told = [html.escape(values[slot]) for slot in self.slots] + [""]
        return "".join(part for pair in zip(self._fixed, told, strict=True) for part in pair)


def as_attribute(value: Any) -> str:
    """A value as JSON for a `data-` attribute; the template escapes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def respond(body: str, status: int = 200) -> web.Response:
    """A page with its headers; never kept by a shared computer's browser."""
    kept = HEADERS | {"Cache-Control": "no-store"}
    return web.Response(text=body, status=status, content_type="text/html", charset="utf-8", headers=kept)
