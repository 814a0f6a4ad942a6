"""How units that share a transaction on PostgreSQL speak to it: what can wait is held back and sent together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
import sqlalchemy as sa

from storage.pipe import Pipe, Sent
from storage.prepared import Compiled, Prepared, Runner, only_reads, touched


class Gathered(Runner):
    """Saved dialogues and new messages are held back, because each would cost a round trip; statements whose result
    nobody asks for leave with the next that is waited for. `raw` is not for units: SQLAlchemy's connection closes the
    pipe first."""

    __slots__ = ("_owed", "_pipe", "_then")

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection, "pipe")
        self._pipe = Pipe(self.raw)
        self._owed: dict[str, Callable[[], None]] = {}
        self._then: list[Callable[[], None]] = []
        sa.event.listen(connection, "before_cursor_execute", self._before_others)

    # ── the transaction ──
    def begin(self) -> None:
        """Nothing of the last transaction counts."""
        self._owed, self._then, self.ahead, self.missing = {}, [], {}, set()
        self._pipe.order("BEGIN")

    def push(self) -> None:
        """The server may begin with what was sent."""
        self._pipe.push()

    def commit(self) -> None:
        """Write all that is held back, with the commit right behind it: it is not done if anything fails.

        raises: psycopg.Error, and nothing of the transaction is there
        """
        for what in tuple(self._owed):
            self.pay(what)
        done = self._pipe.order("COMMIT")
        self._pipe.close()
        if done.tag != "COMMIT":  # a unit kept an error to itself that the server did not forget
            raise psycopg.errors.InFailedSqlTransaction("the transaction was lost before its end")
        for learn in self._then:
            learn()

    def roll_back(self) -> None:
        """Through the pipe: the driver's own would make the server forget all statements, ours with its own."""
        self._pipe.abandon()
        self._pipe.order("ROLLBACK")
        self._pipe.close()

    # ── what is held back ──
    def owes(self, what: str, write: Callable[[], None]) -> None:
        """Defer a write: `write` is called before the commit, or before the first statement that reads or changes the
        same tables (`touched` names them)."""
        self._owed[what] = write

    def pay(self, what: str) -> None:
        write = self._owed.pop(what, None)
        if write is not None:
            write()

    def _settle(self, touches: frozenset[str], *, reads: bool) -> None:
        """Before a statement that looks at chats or messages at large, or changes some."""
        if "chats" in touches and not reads:
            self.ahead, self.missing = {}, set()
        for what in touches:
            self.pay(what)

    def _before_others(self, _1: Any, _2: Any, text: str, *_: Any) -> None:
        """Statements that do not come through here."""
        self._settle(touched(text), reads=only_reads(text))
        self._pipe.close()

    # ── statements ──
    def _sent(self, statement: Prepared, given: Mapping[str, Any]) -> tuple[Sent, Compiled]:
        compiled = statement.on(self._kind)
        if compiled.touches:
            self._settle(compiled.touches, reads=compiled.reads)
        return self._pipe.send(compiled.text, compiled.values(given)), compiled

    def rows(self, statement: Prepared, **given: Any) -> list[Any]:
        sent, compiled = self._sent(statement, given)
        return [compiled.row(found) for found in self._pipe.rows(sent)]

    def row(self, statement: Prepared, **given: Any) -> Any | None:
        sent, compiled = self._sent(statement, given)
        found = self._pipe.rows(sent)
        return compiled.row(found[0]) if found else None

    def row_of_each(self, statement: Prepared, several: Sequence[Mapping[str, Any]]) -> list[Any | None]:
        asked = [self._sent(statement, given) for given in several]
        answers = [(self._pipe.rows(sent), compiled) for sent, compiled in asked]
        return [compiled.row(found[0]) if found else None for found, compiled in answers]

    def made(self, statement: Prepared, **given: Any) -> int | None:
        sent, _ = self._sent(statement, given)
        found = self._pipe.rows(sent)
        return int(found[0][0]) if found else None

    def do(self, statement: Prepared, **given: Any) -> int:
        sent, _ = self._sent(statement, given)
        return self._pipe.wait(sent).changed

    def send(self, statement: Prepared, **given: Any) -> None:
        """It leaves with the next one that is waited for: a mark and a call of the system for each cost more than
        the server's earlier beginning brings."""
        self._sent(statement, given)

    def do_many(self, statement: Prepared, several: Sequence[Mapping[str, Any]]) -> None:
        for given in several:
            self._sent(statement, given)

    def promised(self, statement: Prepared, **given: Any) -> Callable[[], list[Any]]:
        """The rows that will be wanted later."""
        sent, compiled = self._sent(statement, given)
        return lambda: [compiled.row(found) for found in self._pipe.rows(sent)]

    def ask(self, statement: Prepared, **given: Any) -> Callable[[], list[Any]]:
        """The same, on its way at once: by then they may be here."""
        rows = self.promised(statement, **given)
        self._pipe.push()
        return rows

    def then(self, learn: Callable[[], None]) -> None:
        """To be done once the transaction is committed, with what it answered."""
        self._then.append(learn)
