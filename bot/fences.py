"""Fences: the marks by which a claim of an outbox row is recognised as this process's own."""

from __future__ import annotations

from itertools import count
from uuid import uuid4

_PROCESS = uuid4().hex[:20]  # drawn once: drawing one per message cost more than storing it
_numbers = count(1)


def fence() -> str:
    """Never given before, by no process."""
    return f"{_PROCESS}{next(_numbers):012x}"
