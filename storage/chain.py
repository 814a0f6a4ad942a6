"""The chain of a ticket's history: every line carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def event_hash(values: dict[str, Any]) -> str:
    """SHA-256 over the line and the hash before it; `verify` recomputes it."""
    at = values["at"]
    parts = [
        values["prev_hash"],
        str(values["ticket_id"]),
        str(values["seq"]),
        values["action"],
        values.get("from_status", ""),
        values.get("to_status", ""),
        values.get("actor_role", ""),
        str(values.get("actor_id", 0)),
        values.get("actor_name", ""),
        values.get("agency", ""),
        values.get("note", ""),
        values.get("data_json", "{}"),
        at.isoformat(timespec="microseconds"),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
