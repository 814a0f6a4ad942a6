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
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable

from storage.dialects import dialect, inserting
from storage.tables import Utc

Process = Callable[[Any], Any]
MOMENTS = 32


class Compiled:
    """One statement for one database: its text, how values go in and how rows come out."""

    __slots__ = ("_by_name", "_defaults", "_in", "_names", "_out", "_pick", "_row", "looks_around", "text")

    def __init__(self, statement: Any, dialect: Dialect, *, alone: bool = False) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = compiled.string
        self.looks_around = not alone and about_chats(self.text)
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
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


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
        words = utc.isoformat(" ", "microseconds")[:26]
        if len(self._kept) >= MOMENTS:
            self._kept = {}
        self._kept[id(value)] = value, words
        return words


_utc_words = _UtcWords()


_ABOUT_CHATS = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(?:conversation|person)\b", re.IGNORECASE)


def about_chats(text: str) -> bool:
    """Whether a statement reads or changes chats or people."""
    return _ABOUT_CHATS.search(text) is not None


class Prepared:
    """A Core statement with named parameters. `build` gets the dialect's insert() when it needs one.

    alone: though about chats, it neither reads what `Runner.later` holds back nor changes another chat
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


class Runner:
    """Runs prepared statements inside the transaction of a SQLAlchemy connection.

    gathers: saved dialogues are held back and sent together, because each would cost a round trip
    """

    __slots__ = ("_gathered", "_gathers", "_kind", "ahead", "missing", "raw")

    def __init__(self, connection: sa.Connection, kind: str, *, gathers: bool = False) -> None:
        self._kind = kind
        self._gathers = gathers
        self._gathered: list[tuple[Prepared, dict[str, Any]]] = []
        self.ahead: dict[tuple[str, str], Any] = {}  # rows of chats that were read for several units at once
        self.missing: set[tuple[str, str]] = set()  # chats that were not found, or that somebody else thinks about
        self.raw: Any = connection.connection.driver_connection
        if gathers:  # statements that do not come through here
            sa.event.listen(connection, "before_cursor_execute", self._before_others)

    # ── what is held back ──
    def later(self, statement: Prepared, **given: Any) -> None:
        """An update of exactly one row, done before anything else looks at chats. raises: LookupError."""
        if self._gathers:
            self._gathered.append((statement, statement.on(self._kind).values(given)))
        elif self.do(statement, **given) != 1:
            raise NotThere

    def flush(self) -> None:
        """Do what was held back. raises: LookupError."""
        gathered, self._gathered = self._gathered, []
        for statement in dict.fromkeys(statement for statement, _ in gathered):
            values = [values for one, values in gathered if one is statement]
            with self.raw.cursor() as cursor:
                cursor.executemany(statement.on(self._kind).text, values)
                if cursor.rowcount != len(values):
                    raise NotThere

    def forget(self) -> None:
        """At the beginning of a transaction: nothing of the last one counts."""
        self._gathered, self.ahead, self.missing = [], {}, set()

    def holds_back(self, name: str, value: Any) -> bool:
        """Whether an update with this parameter is still to be done."""
        return any(values.get(name) == value for _, values in self._gathered)

    def _settle(self) -> None:
        """Before a statement that looks at chats at large, or changes some."""
        self.ahead, self.missing = {}, set()
        if self._gathered:
            self.flush()

    def _before_others(self, _1: Any, _2: Any, text: str, *_: Any) -> None:
        if about_chats(text):
            self._settle()

    # ── statements ──
    def _execute(self, statement: Prepared, given: Mapping[str, Any]) -> tuple[Any, Compiled]:
        compiled = statement.on(self._kind)
        if self._gathers and compiled.looks_around:
            self._settle()
        return self.raw.execute(compiled.text, compiled.values(given)), compiled

    def rows(self, statement: Prepared, **given: Any) -> list[Any]:
        cursor, compiled = self._execute(statement, given)
        return [compiled.row(found) for found in cursor.fetchall()]

    def row(self, statement: Prepared, **given: Any) -> Any | None:
        cursor, compiled = self._execute(statement, given)
        found = cursor.fetchone()
        return None if found is None else compiled.row(found)

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

    def do_many(self, statement: Prepared, several: Sequence[Mapping[str, Any]]) -> None:
        if len(several) == 1:
            self._execute(statement, several[0])
        elif several:
            compiled = statement.on(self._kind)
            if self._gathers and compiled.looks_around:
                self._settle()
            self.raw.cursor().executemany(compiled.text, [compiled.values(given) for given in several])
