"""SQLAlchemy Core statements compiled once per database and run on the driver's own cursor.

The statements stay ordinary Core expressions (one source for both databases); only SQLAlchemy's work per
execution, which costs several times the query itself, is left out. Measured in benchmarks/steps.py; why it is
worth a module of its own: docs/decisions/0002.
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from msgspec import json
from sqlalchemy import bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable

from storage.dialects import dialect, inserting
from storage.tables import Utc

Process = Callable[[Any], Any]
_encode = json.Encoder().encode
MOMENTS = 32
WORDS = len("2026-11-23 03:00:00.123456")


class Compiled:
    """One statement for one database: its text, how values go in and how rows come out."""

    __slots__ = ("_by_name", "_defaults", "_in", "_names", "_out", "_pick", "_row", "reads", "text", "touches")

    def __init__(self, statement: Any, dialect: Dialect, *, alone: bool = False) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = compiled.string
        self.touches = frozenset() if alone else touched(self.text)
        self.reads = only_reads(self.text)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        # A name may stand twice. By position is the quicker way in, where the driver has one.
        self._by_name = compiled.positiontup is None
        self._names = tuple(binds if compiled.positiontup is None else compiled.positiontup)
        self._defaults = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._pick = _picking(self._names)
        self._in: list[tuple[int, Process]] = [
            (place, process)
            for place, name in enumerate(self._names)
            if (process := _going_in(binds[name].type, dialect)) is not None
        ]
        columns = list(getattr(statement, "exported_columns", ()))
        self._row = namedtuple("Row", [column.key for column in columns]) if columns else tuple
        self._out: list[tuple[int, Process]] = [
            (place, processor)
            for place, column in enumerate(columns)
            if (processor := _coming_out(column.type, dialect)) is not None
        ]

    def values(self, given: Mapping[str, Any]) -> Any:
        """What the driver gets: values in their order, or by their names. raises: KeyError when one is missing."""
        values = list(self._pick({**self._defaults, **given} if self._defaults else given))
        for place, process in self._in:
            if values[place] is not None:
                values[place] = process(values[place])
        return dict(zip(self._names, values, strict=True)) if self._by_name else values

    def row(self, found: Sequence[Any]) -> Any:
        if not self._out:
            return self._row(*found)
        cells = list(found)
        for place, process in self._out:
            if cells[place] is not None:
                cells[place] = process(cells[place])
        return self._row(*cells)


def _picking(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """The values of these names, in one call that does not come back to Python in between."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: [given[name] for name in names]


class NotThere(LookupError):
    """A row was changed by somebody else meanwhile."""


def _going_in(kind: Any, dialect: Dialect) -> Process | None:
    """How values of a type reach the driver; times on SQLite by a quicker way to the same words."""
    if isinstance(kind, Utc):
        return _utc_words if dialect.name == "sqlite" else _aware
    found: Process | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _coming_out(kind: Any, dialect: Dialect) -> Process | None:
    """How values of a type come back from the driver."""
    if isinstance(kind, sa.Float):  # both drivers give floats; SQLAlchemy would ask for type codes
        return None
    if isinstance(kind, Utc) and dialect.name == "sqlite":
        return _from_utc_words
    found: Process | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return found


def _from_utc_words(words: str) -> datetime:
    return datetime.fromisoformat(words + "Z")  # five times as quick as to put the zone in afterwards


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone must not reach the database")
    return value


class _UtcWords:
    """A time as SQLite keeps it. One unit of work names the same few moments again and again, so the last ones are
    kept (with the moments themselves, so that no other can get the same id)."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[datetime, str]] = {}

    def __call__(self, value: datetime) -> str:
        kept = self._kept.get(id(value))
        if kept is not None and kept[0] is value:
            return kept[1]
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not reach the database")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        words = _encode(utc)[1:-2].decode().replace("T", " ")  # "...Z" in quotes; isoformat takes four times as long
        if len(words) < WORDS:
            words += ".000000"
        if len(self._kept) >= MOMENTS:
            self._kept = {}
        self._kept[id(value)] = value, words
        return words


_utc_words = _UtcWords()


_ABOUT = {
    what: re.compile(rf"(?:\b(?:FROM|JOIN|UPDATE|INTO)\s+|,\s*)(?:{tables})\b(?!\.)", re.IGNORECASE)
    for what, tables in {"chats": "conversation|person", "messages": "outbox_message"}.items()
}


_INSERTED = re.compile(r"(\bINTO\s+\w+\s*)\([^)]*\)", re.IGNORECASE)


def touched(text: str) -> frozenset[str]:
    """What a statement reads or changes of that which may be held back: "chats" (or people), "messages"."""
    text = _INSERTED.sub(r"\1", text)  # a column may be called as a table
    return frozenset(what for what, about in _ABOUT.items() if about.search(text))


def only_reads(text: str) -> bool:
    """Whether what was read before is still true after it. One that begins with WITH may change something."""
    return text.lstrip().upper().startswith("SELECT")


class Prepared:
    """A Core statement with named parameters. `build` gets the dialect's insert() when it needs one.

    alone: though about chats or messages, it neither reads what a `Gathered` holds back nor changes another chat
    makes: the id of the row an insert makes, for `Runner.made`
    """

    def __init__(
        self,
        build: Executable | Callable[[Callable[..., Any]], Executable],
        *,
        alone: bool = False,
        makes: sa.Column[int] | None = None,
    ) -> None:
        self._build = build
        self._alone = alone
        self._makes = makes
        self._compiled: dict[str, Compiled] = {}

    def on(self, kind: str) -> Compiled:
        found = self._compiled.get(kind)
        if found is None:
            statement: Any = self._build(inserting(kind)) if callable(self._build) else self._build
            if self._makes is not None and kind != "sqlite":  # SQLite's driver knows the id without being asked
                statement = statement.returning(self._makes)
            found = self._compiled[kind] = Compiled(statement, dialect(kind), alone=self._alone)
        return found


def listed(name: str, /, **columns: Any) -> sa.TableValuedAlias:
    """Rows of one parameter, "rows", as a table with these columns and types: see `as_rows`. Only on PostgreSQL, where
    a statement per row would cost a round trip each."""
    given = sa.cast(bindparam("rows", type_=sa.Text), sa.JSON)
    table = sa.func.json_to_recordset(given).table_valued(*(sa.column(key, kind) for key, kind in columns.items()))
    return table.render_derived(name=name, with_types=True)


def as_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """raises: ValueError for a time without a zone"""
    for row in rows:
        for value in row.values():
            if isinstance(value, datetime):
                _aware(value)
    return _encode(rows).decode()


class Runner:
    """Runs prepared statements inside the transaction of a SQLAlchemy connection, on the driver's own cursor."""

    __slots__ = ("_kind", "ahead", "missing", "raw")

    def __init__(self, connection: sa.Connection, kind: str) -> None:
        self._kind = kind
        self.ahead: dict[tuple[str, str], Any] = {}  # rows of chats that were read for several units at once
        self.missing: set[tuple[str, str]] = set()  # chats that were not found, or that somebody else thinks about
        self.raw: Any = connection.connection.driver_connection

    def _execute(self, statement: Prepared, given: Mapping[str, Any]) -> tuple[Any, Compiled]:
        compiled = statement.on(self._kind)
        return self.raw.execute(compiled.text, compiled.values(given)), compiled

    def rows(self, statement: Prepared, **given: Any) -> list[Any]:
        cursor, compiled = self._execute(statement, given)
        return [compiled.row(found) for found in cursor.fetchall()]

    def row(self, statement: Prepared, **given: Any) -> Any | None:
        cursor, compiled = self._execute(statement, given)
        found = cursor.fetchone()
        return None if found is None else compiled.row(found)

    def row_of_each(self, statement: Prepared, several: Sequence[Mapping[str, Any]]) -> list[Any | None]:
        """The first row for each of these values, asked together where that saves waiting."""
        return [self.row(statement, **given) for given in several]

    def value(self, statement: Prepared, **given: Any) -> Any | None:
        """The first column of the first row."""
        found = self.row(statement, **given)
        return None if found is None else found[0]

    def made(self, statement: Prepared, **given: Any) -> int | None:
        """The id of the row an insert made; None when a row with its key was there before."""
        cursor, _ = self._execute(statement, given)
        if self._kind == "sqlite":  # "returning" costs as much there as the insert itself
            return int(cursor.lastrowid) if cursor.rowcount == 1 else None
        found = cursor.fetchone()
        return None if found is None else int(found[0])

    def do(self, statement: Prepared, **given: Any) -> int:
        """Returns the number of rows changed."""
        cursor, _ = self._execute(statement, given)
        return int(cursor.rowcount)

    def send(self, statement: Prepared, **given: Any) -> None:
        """The same where nobody asks how many: it may not have left yet."""
        self._execute(statement, given)

    def do_many(self, statement: Prepared, several: Sequence[Mapping[str, Any]]) -> None:
        if len(several) == 1:
            self._execute(statement, several[0])
        elif several:
            compiled = statement.on(self._kind)
            self.raw.cursor().executemany(compiled.text, [compiled.values(given) for given in several])
