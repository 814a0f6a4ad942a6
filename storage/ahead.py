"""What the units of a group are about to take in, read, locked and registered at once. Only on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import bindparam, exists, select, tuple_

from storage import chat_queries as q
from storage.inbox import Arrival
from storage.prepared import Prepared, as_rows, listed
from storage.tables import conversation, inbox_event, person, person_identity, word

if TYPE_CHECKING:
    from storage.unit import Unit

MOST_KNOWN = 10_000
_GIVEN = {
    "channel": sa.Text(),
    "peer": sa.Text(),
    "key": sa.Text(),
    "kind": sa.Text(),
    "at": inbox_event.c.platform_at.type,
    "place": sa.Integer(),
}
_ARRIVED = listed("arrived", **_GIVEN)


def _of_person(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Asked chat by chat: for a join PostgreSQL reads all people, as long as it has not counted them."""
    return select(column).where(person.c.id == conversation.c.person_id).scalar_subquery().label(column.key)


_FOUND = (
    select(*(_of_person(c) if isinstance(c, sa.Column) and c.table is person else c for c in q.COLUMNS))
    .where(tuple_(conversation.c.channel, conversation.c.peer).in_(select(_ARRIVED.c.channel, _ARRIVED.c.peer)))
    .with_for_update(of=conversation, skip_locked=True, key_share=True)
    .cte("found")
)
_NOW = bindparam("now", type_=person.c.created_at.type)


def _events(insert: Any, given: sa.FromClause, chat: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> Any:
    """Those that were not here before, as taken in."""
    values = {
        "channel": given.c.channel,
        "natural_key": given.c.key,
        "kind": given.c.kind,
        "conversation_id": chat,
        "platform_at": given.c.at,
        "received_at": _NOW,
        "state": word("done"),
    }
    rows = select(*values.values()).where(given.c.key != word(""), *where).order_by(given.c.place)
    added = insert(inbox_event).from_select([*values], rows, include_defaults=False).on_conflict_do_nothing()
    return added.returning(inbox_event.c.natural_key, inbox_event.c.id, inbox_event.c.conversation_id).cte("added")


def _with_events(chats: sa.FromClause, added: sa.FromClause, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """A row per event, or one with the key None."""
    rows = chats.join(added, added.c.conversation_id == chats.c.id, isouter=True)
    return select(*columns, added.c.natural_key.label("key"), added.c.id.label("event")).select_from(rows)


def _take_in(insert: Any) -> Any:
    of_chat = (_FOUND.c.channel == _ARRIVED.c.channel, _FOUND.c.peer == _ARRIVED.c.peer, ~_FOUND.c.backlog)
    return _with_events(_FOUND, _events(insert, _ARRIVED, _FOUND.c.id, *of_chat), *_FOUND.c)


# The chats that nobody else thinks about, locked, and with them the new ones of the events. An event of a chat where
# others wait must wait, too: that one is left to its unit.
TAKE_IN = Prepared(_take_in, alone=True)

_NEW = listed("several", **_GIVEN, sender=sa.Text(), name=sa.Text(), locale=sa.Text())
_FRESH = (
    select(*_NEW.c, sa.func.nextval(sa.func.pg_get_serial_sequence("person", "id")).label("person"))
    .where(
        ~exists(
            select(conversation.c.id).where(
                conversation.c.channel == _NEW.c.channel, conversation.c.peer == _NEW.c.peer
            )
        ),
        ~exists(
            select(person_identity.c.person_id).where(
                person_identity.c.channel == _NEW.c.channel, person_identity.c.value == _NEW.c.sender
            )
        ),
    )
    .cte("fresh")
)


def _newcomers(insert: Any) -> Any:
    people = insert(person).from_select(
        ["id", "name", "locale", "created_at"], select(_FRESH.c.person, _FRESH.c.name, _FRESH.c.locale, _NOW)
    )
    identities = insert(person_identity).from_select(
        ["channel", "value", "person_id"], select(_FRESH.c.channel, _FRESH.c.sender, _FRESH.c.person)
    )
    values = {
        "channel": _FRESH.c.channel,
        "peer": _FRESH.c.peer,
        "person_id": _FRESH.c.person,
        "is_group": sa.false(),
        "created_at": _NOW,
        "state_json": word(q.EMPTY),
        "version": sa.literal_column(str(q.FIRST)),
        "reachable": word("ok"),
    }
    made = insert(conversation).from_select([*values], select(*values.values())).returning(conversation).cte("made")
    named = {"name": _FRESH.c.name, "locale": _FRESH.c.locale, "backlog": sa.false().label("backlog")}
    columns = [named[column.key] if column.key in named else made.c[column.key] for column in q.COLUMNS]
    added = _events(insert, _FRESH, made.c.id, made.c.person_id == _FRESH.c.person)
    return (
        _with_events(made, added, *columns)
        .join(_FRESH, _FRESH.c.person == made.c.person_id)
        .add_cte(people.cte("people"), identities.cte("identities"))
    )


# Of people who write for the first time, all that is made for them, in one statement. Whom another worker makes at the
# same moment breaks a unique key: then the group is run unit by unit.
NEWCOMERS = Prepared(_newcomers, alone=True)


class Ahead:
    """Reads what arrived into where `Chats.open` and `Inbox.add` look first."""

    def __init__(self, unit: Unit) -> None:
        assert unit.group is not None
        self._unit, self._group = unit, unit.group
        self._arrivals: Sequence[Arrival] = ()
        self._found: Callable[[], list[Any]] | None = None
        self._made: Callable[[], list[Any]] | None = None

    def ask(self, arrivals: Sequence[Arrival], known: Known, now: datetime) -> None:
        """Send the questions, in a transaction that has begun; `read` waits for the answers."""
        self._arrivals = arrivals
        if not arrivals:
            return
        rows = as_rows([_given(place, one) for place, one in enumerate(arrivals)])
        self._found = self._group.promised(TAKE_IN, rows=rows, now=now)
        new: dict[tuple[str, str], Arrival] = {}  # by whom: several chats of one new person are not made at once
        for one in arrivals:
            if one.sender and (one.channel, one.peer) not in known:
                new.setdefault((one.channel, one.sender), one)
        if new:
            given = [
                {**_given(place, one), "sender": one.sender, "name": one.name[: q.LONGEST_NAME], "locale": one.locale}
                for place, (_, one) in enumerate(sorted(new.items()))
            ]
            self._made = self._group.promised(NEWCOMERS, rows=as_rows(given), now=now)
        self._group.push()

    def read(self, known: Known) -> None:
        run, inbox, arrivals = self._unit.run, self._unit.inbox, self._arrivals
        if self._found is None:
            return
        rows = self._found()
        run.ahead = {(row.channel, row.peer): row for row in rows}
        inbox.taken = {
            (one.channel, one.key): None
            for one in arrivals
            if one.key and (row := run.ahead.get((one.channel, one.peer))) is not None and not row.backlog
        }
        made = self._made() if self._made is not None else []
        run.ahead |= {(row.channel, row.peer): row for row in made}
        inbox.taken |= {(row.channel, row.key): row.event for row in (*rows, *made) if row.key is not None}
        run.missing = {(one.channel, one.peer) for one in arrivals} - run.ahead.keys()
        known.add(run.ahead)


class Known:
    """Chats that were there lately: only a hint, so that it is not asked of each whether it is new."""

    def __init__(self) -> None:
        self._chats: dict[tuple[str, str], None] = {}

    def __contains__(self, chat: tuple[str, str]) -> bool:
        return chat in self._chats

    def add(self, chats: Iterable[tuple[str, str]]) -> None:
        if len(self._chats) > MOST_KNOWN:
            self._chats.clear()
        self._chats.update(dict.fromkeys(chats))


def _given(place: int, one: Arrival) -> dict[str, Any]:
    return {
        "channel": one.channel, "peer": one.peer, "key": one.key, "kind": one.kind, "at": one.at, "place": place
    }  # fmt: skip
