"""The outbox's statements: what may be claimed, taken, settled. Why in this form: docs/delivery.md."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from msgspec import DecodeError, json
from sqlalchemy import and_, bindparam, or_, select

from storage.prepared import Prepared, listed
from storage.tables import conversation, outbox_message, outbox_part, person, rate_gate, word
from usecases.records import Claimed, Settled

message = outbox_message
c = message.c
earlier = message.alias("earlier")
# Asked row by row, with its index: for "exists" PostgreSQL may read the whole queue for each row, for as long as it has
# not learned that thousands wait where none did before.
head = (
    select(earlier.c.id)
    .where(
        earlier.c.conversation_id == c.conversation_id,
        earlier.c.id < c.id,
        earlier.c.state.in_((word("queued"), word("sending"))),
        or_(
            earlier.c.state == word("sending"),
            and_(
                # a nudge that could not leave holds nobody back; one that still may is the head of its lane,
                # else a pile of them for one busy group would fill every look at the queue
                or_(earlier.c.cls != "nudge", earlier.c.next_at <= bindparam("now")),
                or_(earlier.c.first_failed_at.is_(None), earlier.c.first_failed_at > bindparam("passing")),
            ),
        ),
    )
    .limit(1)
    .scalar_subquery()
    .is_(None)
)
_CLAIM_COLUMNS = (
    c.id,
    c.conversation_id,
    conversation.c.channel,
    conversation.c.peer,
    conversation.c.is_group,
    conversation.c.person_id,
    person.c.locale,
    conversation.c.reachable,
    c.kind,
    c.cls,
    c.body_json,
    c.attempts,
    c.ambiguous,
    c.ticket_id,
    c.purpose,
    c.card_id,
    c.guard,
    c.created_at,
    c.first_failed_at,
    conversation.c.phone,
    conversation.c.window_until,
)
_JOINED = message.join(conversation, conversation.c.id == c.conversation_id).outerjoin(
    person, person.c.id == conversation.c.person_id
)
ONE = Prepared(select(*_CLAIM_COLUMNS).select_from(_JOINED).where(c.id == bindparam("id")))
CANDIDATES = (
    select(*_CLAIM_COLUMNS)
    .select_from(_JOINED)
    .where(
        c.state == word("queued"),
        c.next_at <= bindparam("now"),
        or_(c.expires_at.is_(None), c.expires_at > bindparam("now")),
        head,
    )
    .order_by(c.priority, c.id)
    .limit(bindparam("most"))
)
HEADS = Prepared(CANDIDATES)
HEADS_LOCKED = Prepared(CANDIDATES.with_for_update(of=message, skip_locked=True))
TAKE = Prepared(
    sa.update(message)
    .where(c.id == bindparam("b_id"), c.state == word("queued"))
    .values(
        state="sending", attempts=c.attempts + 1, fence=bindparam("b_fence"), lease_until=bindparam("b_until"), reach=""
    )
)
ARRIVED = (word("sent"), word("delivered"), word("read"))
SETTLE = Prepared(
    sa.update(message)
    .where(c.id == bindparam("b_id"), c.fence == bindparam("b_fence"), c.state == word("sending"))
    .values(
        # the platform told of its arrival while the answer to our call was still on its way, or was lost
        state=sa.case((c.reach.in_(ARRIVED), word("sent")), else_=bindparam("b_state")),
        platform_message_id=sa.case(
            (bindparam("b_message") != word(""), bindparam("b_message")), else_=c.platform_message_id
        ),
        error=bindparam("b_error"),
        next_at=sa.func.coalesce(bindparam("b_next", type_=c.next_at.type), c.next_at),
        sent_at=bindparam("b_sent", type_=c.sent_at.type),
        ambiguous=c.ambiguous + bindparam("b_ambiguous"),
        attempts=c.attempts - bindparam("b_free"),
        first_failed_at=sa.func.coalesce(c.first_failed_at, bindparam("b_failed", type_=c.next_at.type)),
        lease_until=None,
    ),
    alone=True,
)


def body_of(row: Any) -> dict[str, Any]:
    """What a message says; nothing when a row was damaged: then it is buried by whoever renders it, alone."""
    try:
        return cast("dict[str, Any]", json.decode(row.body_json))
    except DecodeError:
        return {}


def claimed(row: Any, fence: str) -> Claimed:
    """What a row of `HEADS` or `ONE` says, leased with this mark."""
    return Claimed(
        id=row.id,
        fence=fence,
        chat=row.conversation_id,
        channel=row.channel,
        peer=row.peer,
        group=row.is_group,
        person=row.person_id or 0,
        locale=row.locale or "id",
        reachable=row.reachable,
        kind=row.kind,
        cls=row.cls,
        body=body_of(row),
        attempts=row.attempts + 1,
        ambiguous=row.ambiguous,
        ticket=row.ticket_id or 0,
        purpose=row.purpose,
        card=row.card_id or 0,
        guard=row.guard,
        created_at=row.created_at,
        first_failed_at=row.first_failed_at,
        phone=row.phone,
        window_until=row.window_until,
    )


def ending(result: Settled, now: datetime) -> dict[str, Any]:
    """What SETTLE is given for one result."""
    return {
        "b_id": result.id,
        "b_fence": result.fence,
        "b_state": result.state,
        "b_message": result.message_id,
        "b_error": result.error[:200],
        "b_next": result.next_at,
        "b_sent": now if result.state == "sent" else None,
        "b_ambiguous": result.ambiguous,
        "b_free": 0 if result.count_attempt else 1,
        "b_failed": now if result.state == "queued" and result.count_attempt else None,
    }


def simply_left(result: Settled) -> bool:
    return result == Settled(result.id, result.fence, "sent", result.message_id)


def _left(row: Any, fence: Any, said: Any, at: Any) -> sa.Update:
    """A message that simply left; touches no index but those of its state."""
    return (
        sa.update(message)
        .where(c.id == row, c.fence == fence, c.state == word("sending"))
        .values(
            state=word("sent"),
            platform_message_id=sa.func.coalesce(sa.func.nullif(said, word("")), c.platform_message_id),
            error=word(""),
            sent_at=at,
            lease_until=sa.null(),
        )
    )


LEFT_ALONE = Prepared(  # on SQLite, where they are written one by one
    _left(bindparam("b_id"), bindparam("b_fence"), bindparam("b_message"), bindparam("b_at", type_=c.sent_at.type)),
    alone=True,
)
_GONE = listed("gone", id=sa.BigInteger(), fence=sa.Text(), message=sa.Text(), at=c.sent_at.type)
LEFT = Prepared(_left(_GONE.c.id, _GONE.c.fence, _GONE.c.message, _GONE.c.at), alone=True)  # several; on PostgreSQL


_HERE = c.conversation_id == bindparam("chat", type_=c.conversation_id.type)
_QUOTED = c.id, c.ticket_id, c.purpose
QUOTED = Prepared(  # the message itself, or one that another part of it became; the newest, should an id come again
    sa.union_all(
        select(*_QUOTED).where(
            _HERE,
            c.platform_message_id == bindparam("message"),
            c.platform_message_id != word(""),  # only then the index is used
        ),
        select(*_QUOTED)
        .select_from(outbox_part.join(message, c.id == outbox_part.c.outbox_id))
        .where(
            outbox_part.c.conversation_id == bindparam("chat", type_=c.conversation_id.type),
            outbox_part.c.platform_message_id == bindparam("message"),
        ),
    )
    .order_by(sa.desc("id"))
    .limit(1)
)
PART = Prepared(
    lambda insert: (
        insert(outbox_part)
        .values(
            conversation_id=bindparam("chat"), platform_message_id=bindparam("message"), outbox_id=bindparam("outbox")
        )
        .on_conflict_do_nothing()
    )
)
GATES = Prepared(select(rate_gate.c.scope).where(rate_gate.c.blocked_until > bindparam("now")))

_NOTED: dict[str, Any] = {"reach": bindparam("b_reach"), "reach_at": bindparam("b_at", type_=c.reach_at.type)}
CAME_BACK = Prepared(sa.update(message).where(c.id == bindparam("b_id")).values(_NOTED))
REACHED = Prepared(
    sa.update(message)
    .where(c.id == bindparam("b_id"))
    .values(
        {
            **_NOTED,
            "platform_message_id": sa.case(
                (c.platform_message_id == word(""), bindparam("b_message")), else_=c.platform_message_id
            ),
            "state": sa.case(
                (
                    or_(
                        c.state.in_((word("uncertain"), word("dead"))),
                        and_(c.state == word("queued"), c.ambiguous > 0),
                    ),
                    word("sent"),
                ),
                else_=c.state,
            ),
            "sent_at": sa.func.coalesce(c.sent_at, bindparam("b_at", type_=c.sent_at.type)),
        }
    )
)
