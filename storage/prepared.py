"""SQLAlchemy Core statements compiled once per database and run on the driver's own cursor.

The statements stay ordinary Core expressions (one source for both databases); only SQLAlchemy's work per
execution, which costs several times the query itself, is left out. Measured in benchmarks/steps.py; why it is
worth a module of its own: docs/decisions/0002.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable

from storage.dialects import dialect, inserting

Process = Callable[[Any], Any]


class Compiled:
    """One statement for one database: its text, how values go in and how rows come out."""

    __slots__ = ("_in", "_out", "_row", "defaults", "text")

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = compiled.string
        names = compiled.bind_names
        self.defaults = {name: bind.value for bind, name in names.items() if not bind.required}
        processors = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for bind, name in names.items()  # one name may stand in several places
        }
        self._in = [(name, process) for name, process in processors.items() if process is not None]
        columns = list(getattr(statement, "exported_columns", ()))
        self._row = namedtuple("Row", [column.key for column in columns]) if columns else tuple
        self._out: list[tuple[int, Process]] = [
            (place, processor)
            for place, column in enumerate(columns)
            if not isinstance(column.type, sa.Float)  # both drivers give floats; SQLAlchemy would ask for type codes
            and (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        values = {**self.defaults, **given}
        for name, process in self._in:
            values[name] = process(values[name])
        return values

    def row(self, found: Sequence[Any]) -> Any:
        if not self._out:
            return self._row(*found)
        cells = list(found)
        for place, process in self._out:
            cells[place] = process(cells[place])
        return self._row(*cells)


class Prepared:
    """A Core statement with named parameters. `build` gets the dialect's insert() when it needs one."""

    def __init__(self, build: Executable | Callable[[Callable[..., Any]], Executable]) -> None:
        self._build = build
        self._compiled: dict[str, Compiled] = {}

    def on(self, kind: str) -> Compiled:
        found = self._compiled.get(kind)
        if found is None:
            statement = self._build(inserting(kind)) if callable(self._build) else self._build
            found = self._compiled[kind] = Compiled(statement, dialect(kind))
        return found


class Runner:
    """Runs prepared statements inside the transaction of a SQLAlchemy connection."""

    __slots__ = ("_kind", "raw")

    def __init__(self, connection: sa.Connection, kind: str) -> None:
        self._kind = kind
        self.raw: Any = connection.connection.driver_connection

    def rows(self, statement: Prepared, **given: Any) -> list[Any]:
        compiled = statement.on(self._kind)
        return [compiled.row(found) for found in self.raw.execute(compiled.text, compiled.values(given)).fetchall()]

    def row(self, statement: Prepared, **given: Any) -> Any | None:
        compiled = statement.on(self._kind)
        found = self.raw.execute(compiled.text, compiled.values(given)).fetchone()
        return None if found is None else compiled.row(found)

    def value(self, statement: Prepared, **given: Any) -> Any | None:
        """The first column of the first row."""
        found = self.row(statement, **given)
        return None if found is None else found[0]

    def do(self, statement: Prepared, **given: Any) -> int:
        """Returns the number of rows changed."""
        compiled = statement.on(self._kind)
        return int(self.raw.execute(compiled.text, compiled.values(given)).rowcount)

    def do_many(self, statement: Prepared, several: Sequence[Mapping[str, Any]]) -> None:
        compiled = statement.on(self._kind)
        values = [compiled.values(given) for given in several]
        if len(values) == 1:
            self.raw.execute(compiled.text, values[0])
        elif values:
            self.raw.cursor().executemany(compiled.text, values)
