"""The outbox's statements that add messages: to wait, or claimed at birth. Why in this form: docs/delivery.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import json
from sqlalchemy import and_, bindparam, exists, or_, select

from storage.outbox_queries import c, earlier, message
from storage.prepared import Prepared, listed
from storage.tables import conversation, rate_gate, word
from usecases.records import Queued

_NEW: dict[str, sa.BindParameter[Any]] = {  # what every new message has, whether it waits or is claimed at birth
    "conversation_id": bindparam("chat"),
    "dedupe_key": bindparam("dedupe"),
    "kind": bindparam("kind"),
    "cls": bindparam("cls"),
    "priority": bindparam("priority"),
    "body_json": bindparam("body"),
    "ticket_id": bindparam("ticket"),
    "purpose": bindparam("purpose"),
    "created_at": bindparam("now"),
}
_encode = json.Encoder().encode


def fresh(row: Queued, now: datetime) -> dict[str, Any]:
    """What every statement that adds a message is given for it."""
    return {
        "chat": row.chat,
        "dedupe": row.dedupe,
        "kind": row.kind,
        "cls": row.cls,
        "priority": row.priority,
        "body": _encode(row.body).decode(),
        "ticket": row.ticket or None,
        "purpose": row.purpose,
        "now": now,
    }


def waiting(row: Queued, now: datetime) -> dict[str, Any]:
    """What ADD is given for a message that waits its turn."""
    return {
        **fresh(row, now),
        "at": row.at or now,
        "expires_at": row.expires_at,
        "card": row.card or None,
        "guard": row.guard,
    }


_WAITING: dict[str, sa.BindParameter[Any]] = {
    "next_at": bindparam("at"),
    "expires_at": bindparam("expires_at"),
    "card_id": bindparam("card"),
    "guard": bindparam("guard"),
}


def _before(chat: sa.ColumnElement[int], behind: sa.ColumnElement[str]) -> tuple[sa.ColumnElement[bool], ...]:
    """Which messages stand before a new one of the chat, but for one under way that it may be sent behind."""
    return (
        earlier.c.conversation_id == chat,
        earlier.c.state.in_((word("queued"), word("sending"))),
        or_(earlier.c.state == word("queued"), earlier.c.fence != behind),
    )


def _paused(chat: sa.ColumnElement[int], now: sa.ColumnElement[datetime]) -> sa.ColumnElement[bool]:
    """Whether the platform asked for a pause, for this private chat or its whole channel. The chat is looked up only
    while there is some pause."""
    concerns = select(conversation.c.id).where(
        conversation.c.id == chat,
        or_(
            rate_gate.c.scope == conversation.c.channel,
            rate_gate.c.scope == conversation.c.channel + word(":") + conversation.c.peer,
        ),
    )
    return exists(
        select(rate_gate.c.scope).where(
            rate_gate.c.blocked_until > now, exists(concerns.correlate_except(conversation))
        )
    )


_CHAT = bindparam("chat", type_=c.conversation_id.type)
_IN_THE_WAY = or_(  # what forbids to send at once
    exists(select(earlier.c.id).where(*_before(_CHAT, bindparam("behind", type_=c.fence.type)))),
    _paused(_CHAT, bindparam("now", type_=c.next_at.type)),
)
_CLAIMED: dict[str, sa.ColumnElement[Any]] = {
    "next_at": bindparam("now"),
    "state": word("sending"),
    "attempts": sa.literal_column("1"),
    "fence": bindparam("fence"),
    "lease_until": bindparam("until"),
}
_CLAIMED_OR_WAITING: dict[str, sa.ColumnElement[Any]] = {
    **_CLAIMED,
    "state": sa.case((_IN_THE_WAY, word("queued")), else_=word("sending")),
    "attempts": sa.case((_IN_THE_WAY, 0), else_=1),
}


def _insert(insert: Any, more: Mapping[str, sa.ColumnElement[Any]]) -> Any:
    return insert(message).values({**_NEW, **more}).on_conflict_do_nothing(index_elements=["dedupe_key"])


ADD = Prepared(lambda insert: _insert(insert, _WAITING))
# At once when nothing is in the way, else it waits like all others: decided by the insert itself, which saves a round
# trip to PostgreSQL. SQLite is asked first: that costs half as much there, and nobody else writes meanwhile.
ADD_CLAIMED_OR_WAITING = Prepared(lambda insert: _insert(insert, _CLAIMED_OR_WAITING).returning(c.id, c.state))
_LISTED = {**_NEW, **_WAITING}
_ROWS = listed(
    "several",
    **{str(given.key): c[name].type for name, given in _LISTED.items()},
    fence=sa.Text(),
    behind=sa.Text(),
    place=sa.Integer(),
)
_FIRST = select(earlier.c.id).where(*_before(_ROWS.c.chat, _ROWS.c.behind)).limit(1).scalar_subquery()
_LEAVES = and_(_ROWS.c.fence != word(""), _FIRST.is_(None), ~_paused(_ROWS.c.chat, _ROWS.c.now))
_SEVERAL = select(*_ROWS.c, _LEAVES.label("leaves")).order_by(_ROWS.c.place).subquery("each")
ADD_SEVERAL = Prepared(  # the same for the messages of several units at once; only on PostgreSQL
    lambda insert: (
        insert(message)
        .from_select(
            [*_LISTED, "state", "attempts", "fence", "lease_until"],
            select(
                *(_SEVERAL.c[str(given.key)] for given in _LISTED.values()),
                sa.case((_SEVERAL.c.leaves, word("sending")), else_=word("queued")),
                sa.case((_SEVERAL.c.leaves, sa.literal_column("1")), else_=sa.literal_column("0")),
                _SEVERAL.c.fence,
                sa.case((_SEVERAL.c.leaves, bindparam("until", type_=c.lease_until.type))),
            ),
            include_defaults=False,
        )
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(c.id, c.dedupe_key, c.state)
    ),
    alone=True,
)
IN_THE_WAY = Prepared(select(_IN_THE_WAY.label("found")))
ADD_CLAIMED = Prepared(lambda insert: _insert(insert, _CLAIMED), makes=c.id)
