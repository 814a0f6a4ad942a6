"""An inbound event as JSON and back, for events that wait to be thought about."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from conversations.inbound import Attachment, Inbound, Kind, MediaKind, Pin


def dumps(inbound: Inbound) -> str:
    data = asdict(inbound)
    data["at"] = inbound.at.isoformat()
    return json.dumps(data, ensure_ascii=False)


def loads(payload: str) -> Inbound:
    """Fields this version does not know are dropped, missing ones take their defaults."""
    data = {k: v for k, v in json.loads(payload).items() if k in Inbound.__dataclass_fields__}
    data["at"] = datetime.fromisoformat(data["at"])
    data["kind"] = Kind(data.get("kind", Kind.MESSAGE))
    data["attachments"] = tuple(Attachment(**{**a, "kind": MediaKind(a["kind"])}) for a in data.get("attachments", ()))
    data["aliases"] = tuple(data.get("aliases", ()))
    data["pin"] = Pin(**data["pin"]) if data.get("pin") else None
    return Inbound(**data)
