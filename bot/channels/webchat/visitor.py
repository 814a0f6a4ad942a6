"""Who is at the door: signed visitor keys in a cookie, where a request comes from, and signed picture links."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from urllib.parse import urlsplit

from aiohttp import web

COOKIE = "sahut_visitor"
COOKIE_DAYS = 180
_RANDOM = re.compile(r"[A-Za-z0-9_-]{22}")


def _signature(key: bytes, purpose: str, value: str) -> str:
    return hmac.new(key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()[:40]


def issue(key: bytes) -> tuple[str, str]:
    """A new visitor: the chat's peer and the cookie that proves it."""
    name = secrets.token_urlsafe(16)
    return f"v-{name}", f"{name}.{_signature(key, 'visitor', name)}"


def read(key: bytes, cookie: str) -> str:
    """The peer a cookie proves, "" for none or a forged one."""
    name, _, signature = cookie.partition(".")
    if not _RANDOM.fullmatch(name) or not signature.isascii():
        return ""
    return f"v-{name}" if hmac.compare_digest(signature, _signature(key, "visitor", name)) else ""


def visitor(request: web.Request, key: bytes) -> str:
    """The peer of the visitor who sent this request, "" when unknown."""
    return read(key, request.cookies.get(COOKIE, ""))


def remember(response: web.StreamResponse, cookie: str, *, secure: bool) -> None:
    """Give the visitor's key to the browser, out of reach of scripts and of other sites' forms."""
    response.set_cookie(
        COOKIE, cookie, max_age=COOKIE_DAYS * 86_400, path="/", httponly=True, samesite="Lax", secure=secure
    )


def same_origin(request: web.Request) -> bool:
    """Whether the page that sent this is ours. Browsers always say one of both; tools without a browser say
    neither, and carry no other person's cookie either."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == request.headers.get("Host", "").lower() != ""
    except ValueError:
        return False


def address(request: web.Request) -> str:
    """The network address a request comes from, "" when it cannot be told apart from others.

    A proxy of our own (on this machine or in our own network) names the caller in the last entry of
    X-Forwarded-For; what strangers write into that header stands before it and is not believed.
    """
    try:
        near = ipaddress.ip_address(request.remote or "")
    except ValueError:
        return ""
    if not (near.is_loopback or near.is_private):
        return _network(near)
    told = request.headers.getall("X-Forwarded-For", [])
    try:
        return _network(ipaddress.ip_address(told[-1].rsplit(",", 1)[-1].strip()))
    except (ValueError, IndexError):
        return "" if near.is_loopback else str(near)


def _network(who: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """IPv6 homes own a whole /64: count them as one."""
    if who.version == 6:
        return str(ipaddress.ip_network((who, 64), strict=False))
    return str(who)


def sign_link(key: bytes, name: str, now: float) -> str:
    """Address of a kept picture, good for one to two days and the same all day, so browsers can cache it."""
    until = (int(now) // 86_400 + 2) * 86_400
    return f"/media/{name}?e={until}&s={_signature(key, 'media', f'{name}:{until}')}"


def link_holds(key: bytes, name: str, until: str, signature: str, now: float) -> bool:
    """Whether a picture's address was made by us for exactly this picture and is still good."""
    if not re.fullmatch(r"[0-9]{1,12}", until, re.ASCII) or not signature.isascii():
        return False
    fits = hmac.compare_digest(signature, _signature(key, "media", f"{name}:{until}"))
    return fits and int(until) > now
