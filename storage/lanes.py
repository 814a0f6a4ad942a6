"""What waits behind a message in its chat, and how several of them become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec import json
from sqlalchemy import select

from storage.outbox import LEASE
from storage.outbox_queries import body_of
from storage.tables import outbox_message, word
from usecases.records import Held

if TYPE_CHECKING:
    from storage.unit import Unit

_o = outbox_message.c


class Lanes:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def following(self, chat: int, after: int, most: int) -> list[Held]:
        """What may leave now behind this message, in its order."""
        return self._held(self._waiting(chat).where(_o.id > after, _o.attempts == 0).limit(most))

    def alike(self, chat: int, purpose: str) -> list[Held]:
        """What may leave for this chat now for the same purpose."""
        return self._held(self._waiting(chat).where(_o.purpose == purpose))

    def _waiting(self, chat: int) -> sa.Select[Any]:
        waiting = select(_o.id, _o.kind, _o.cls, _o.body_json, _o.ticket_id, _o.purpose, _o.guard).where(
            _o.conversation_id == chat, _o.state == word("queued"), _o.next_at <= self._unit.now
        )
        return waiting.order_by(_o.id)

    def _held(self, query: sa.Select[Any]) -> list[Held]:
        rows = self._unit.connection.execute(query)
        return [Held(r.id, r.kind, r.cls, body_of(r), r.ticket_id or 0, r.purpose, r.guard) for r in rows]

    def take_over(self, row_id: int, fence: str, body: dict[str, Any]) -> None:
        """This message leaves now, with these words, in place of the one that was claimed."""
        until = self._unit.now + LEASE
        mine = sa.update(outbox_message).where(_o.id == row_id, _o.state == word("queued"))
        self._unit.connection.execute(
            mine.values(
                state="sending",
                attempts=1,
                fence=fence,
                lease_until=until,
                body_json=json.encode(body).decode(),
            )
        )

    def said_with_another(self, ids: Sequence[int]) -> None:
        waiting = sa.update(outbox_message).where(_o.id.in_(list(ids)), _o.state == word("queued"))
        self._unit.connection.execute(waiting.values(state="superseded", error="said with a later one"))

    def stands_for_all(self, row_id: int, body: dict[str, Any], purpose: str) -> None:
        """This message, which is being sent, says what others would have said; it depends on its own ticket no more."""
        mine = sa.update(outbox_message).where(_o.id == row_id, _o.state == word("sending"))
        self._unit.connection.execute(mine.values(body_json=json.encode(body).decode(), purpose=purpose, guard=""))

    def left_with_another(self, ids: Sequence[int]) -> None:
        """What was said with another has left with it."""
        said = sa.update(outbox_message).where(_o.id.in_(list(ids)), _o.state == word("superseded"))
        self._unit.connection.execute(said.values(sent_at=self._unit.now))
