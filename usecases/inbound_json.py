"""An inbound event as JSON and back, for events that wait to be thought about."""

from __future__ import annotations

from msgspec import json

from conversations.inbound import Inbound

_encode = json.Encoder().encode
_decode = json.Decoder(Inbound).decode


def dumps(inbound: Inbound) -> str:
    return _encode(inbound).decode()


def loads(payload: str) -> Inbound:
    """Fields this version does not know are dropped, missing ones take their defaults."""
    return _decode(payload)
