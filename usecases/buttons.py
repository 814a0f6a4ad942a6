"""Buttons that change a ticket: signed, bound to one chat, so that forged, copied or foreign ones are nothing.

A button's data is "c.<ticket>.<action>.<signature>" below a card and "t.<...>" below a citizen's notice. The
signature covers chat, kind, ticket and action, and needs this installation's key. Whether the act is allowed is
asked anew at every press; see docs/decisions/0003 for why there is no table of tokens.
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

from msgspec import Struct

SIGNATURE = 16  # characters of base64: 96 bits
LIMIT = 64  # bytes a channel carries


class TicketPress(Struct, frozen=True):
    """kind: "ticket" below a citizen's notice, "card" in a group."""

    kind: str
    ticket: int
    action: str


def is_ticket_action(action: str) -> bool:
    """Does this choice act on a ticket ("ticket:12:confirm", "card:12:acknowledge")?"""
    return action.startswith(("ticket:", "card:"))


def seal(key: bytes, chat: int, action: str) -> str:
    """The data for a button of this chat. raises: ValueError when it would not fit into 64 bytes."""
    kind, ticket, what = action.split(":", 2)
    data = f"{kind[0]}.{int(ticket)}.{what}.{_sign(key, chat, kind, int(ticket), what)}"
    if len(data.encode()) > LIMIT:
        raise ValueError(f"button does not fit: {kind} {what}")
    return data


def unseal(key: bytes, chat: int, data: str) -> TicketPress | None:
    """What a pressed button means in this chat; None when it was not made here for this chat."""
    parts = data.split(".")
    if len(parts) < 4 or parts[0] not in ("t", "c") or not parts[1].isascii() or not parts[1].isdigit():
        return None
    kind = "ticket" if parts[0] == "t" else "card"
    if len(parts[1]) > 18:
        return None
    ticket, what, signature = int(parts[1]), ".".join(parts[2:-1]), parts[-1]
    expected = _sign(key, chat, kind, ticket, what)
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
        return None
    return TicketPress(kind, ticket, what)


def looks_sealed(data: str) -> bool:
    return data.startswith(("t.", "c.")) and data.count(".") >= 3


def _sign(key: bytes, chat: int, kind: str, ticket: int, what: str) -> str:
    digest = hmac.new(key, f"{chat}|{kind}|{ticket}|{what}".encode("utf-8", "replace"), sha256).digest()
    return base64.urlsafe_b64encode(digest)[:SIGNATURE].decode()
