"""The statements about chats and people, built once."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import bindparam, exists, select

from storage.prepared import Prepared, listed
from storage.tables import conversation, inbox_event, person, person_identity, word

EMPTY, FIRST = "{}", 1  # a new chat's state and version
LONGEST_NAME = 120  # characters of a profile name that are kept
COLUMNS = (
    conversation.c.id,
    conversation.c.channel,
    conversation.c.peer,
    conversation.c.is_group,
    conversation.c.person_id,
    person.c.name,
    person.c.locale,
    conversation.c.reachable,
    conversation.c.state_json,
    conversation.c.version,
    exists(
        select(inbox_event.c.id).where(
            inbox_event.c.conversation_id == conversation.c.id, inbox_event.c.state == word("new")
        )
    ).label("backlog"),
    conversation.c.wake_at,
)
_JOINED = conversation.outerjoin(person, person.c.id == conversation.c.person_id)
FIND_ALL = select(*COLUMNS).select_from(_JOINED)
_FIND_QUERY = FIND_ALL.where(conversation.c.channel == bindparam("channel"), conversation.c.peer == bindparam("peer"))
FIND = Prepared(_FIND_QUERY, alone=True)
# "for no key update": rows that only refer to the chat (its events, its messages) may be written meanwhile.
# With "for update" two deliveries of one event wait for each other: one for the chat, one for the event's key.
FIND_LOCKED = Prepared(_FIND_QUERY.with_for_update(of=conversation, skip_locked=True, key_share=True), alone=True)
_BY_ID_QUERY = FIND_ALL.where(conversation.c.id == bindparam("id"))
BY_ID = Prepared(_BY_ID_QUERY)
BY_ID_ALONE = Prepared(_BY_ID_QUERY, alone=True)
LOCK = (
    select(conversation.c.id)
    .where(conversation.c.id == bindparam("id"))
    .with_for_update(skip_locked=True, key_share=True)
)
SAVE = Prepared(
    sa.update(conversation)
    .where(conversation.c.id == bindparam("b_id"), conversation.c.version == bindparam("b_version"))
    .values(
        state_json=bindparam("b_state"),
        version=bindparam("b_next", type_=sa.Integer),
        last_inbound_at=sa.func.coalesce(
            bindparam("b_now", type_=conversation.c.last_inbound_at.type), conversation.c.last_inbound_at
        ),
        wake_at=bindparam("b_wake"),
    ),
    alone=True,
)
_KEPT = listed(
    "kept",
    id=sa.BigInteger(),
    version=sa.Integer(),
    state=sa.Text(),
    now=conversation.c.last_inbound_at.type,
    wake=conversation.c.wake_at.type,
)
_HEARD = sa.func.coalesce(_KEPT.c.now, conversation.c.last_inbound_at)
_SAVED = (
    sa.update(conversation)
    .where(conversation.c.id == _KEPT.c.id, conversation.c.version == _KEPT.c.version)
    .values(state_json=_KEPT.c.state, version=_KEPT.c.version + 1, last_inbound_at=_HEARD, wake_at=_KEPT.c.wake)
    .returning(conversation.c.id)
    .cte("saved")
)
# Only on PostgreSQL, where nobody waits for the answer before the commit: one that was changed by somebody else
# meanwhile is a division by zero, which the server does not commit.
_FITS = sa.case((sa.func.count() == bindparam("wanted", type_=sa.BigInteger), 1), else_=0)
SAVE_SEVERAL = Prepared(
    select((sa.literal_column("1", sa.Integer) // _FITS).label("fits")).select_from(_SAVED), alone=True
)
IDENTITY = Prepared(
    select(person_identity.c.person_id).where(
        person_identity.c.channel == bindparam("channel"), person_identity.c.value == bindparam("value")
    ),
    alone=True,
)
NAME = Prepared(select(person.c.name).where(person.c.id == bindparam("id")), alone=True)
NEW_CHAT = Prepared(
    lambda insert: (
        insert(conversation)
        .values(
            channel=bindparam("channel"),
            peer=bindparam("peer"),
            person_id=bindparam("person"),
            is_group=bindparam("group"),
            created_at=bindparam("now"),
            state_json=word(EMPTY),
            version=sa.literal_column(str(FIRST)),
            reachable=word("ok"),
        )
        .on_conflict_do_nothing()
    ),
    alone=True,
    makes=conversation.c.id,
)
NEW_PERSON = Prepared(
    lambda insert: insert(person).values(
        name=bindparam("name"), locale=bindparam("locale"), created_at=bindparam("now")
    ),
    alone=True,
    makes=person.c.id,
)
NEW_IDENTITY = Prepared(
    lambda insert: (
        insert(person_identity)
        .values(channel=bindparam("channel"), value=bindparam("value"), person_id=bindparam("person"))
        .on_conflict_do_nothing()
    ),
    alone=True,
)
NO_PERSON = Prepared(sa.delete(person).where(person.c.id == bindparam("id")))
WAKES = (
    select(conversation.c.id)
    .where(conversation.c.wake_at <= bindparam("now"))
    .order_by(conversation.c.wake_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
