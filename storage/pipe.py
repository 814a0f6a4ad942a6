"""Statements of one PostgreSQL connection that do not wait for one another (libpq's pipeline mode).

The driver's cursors wait for every result, and its own pipelines cost four times what is done here (decision 0016).
Its lower half is documented, and used as it is: https://www.psycopg.org/psycopg3/docs/api/pq.html. Values go out as
text of which the server finds out the type, as its statements name the types where that is not plain.
"""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result

_FINE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_SYNC = pq.ExecStatus.PIPELINE_SYNC
_PREPARED = "sahut_{}"
_UNMARKED = 6_000  # bytes: libpq sends by itself what is more than 8 kB, and a mark has to stand before that
_FRAME = 64  # what a message needs beside its words


class Sent:
    """A statement under way; `prepares`: the text that it makes known to the server."""

    __slots__ = ("prepares", "result")

    def __init__(self, prepares: str = "") -> None:
        self.prepares = prepares
        self.result: Any = None

    @property
    def changed(self) -> int:
        """How many rows it changed, once it is answered."""
        return int(self.result.command_tuples or 0)

    @property
    def tag(self) -> str:
        """What the server says it did, once it is answered: "COMMIT"."""
        return str((self.result.command_status or b"").decode())


class Pipe:
    """Sends statements together and reads results when somebody asks. Not for several threads at a time. As long as it
    is open the connection cannot be used in any other way.

    An error of a statement comes out with the first result that is asked for after it: then nothing but `abandon`.
    What the server knows by name is never forgotten: the program has a fixed set of texts.

    raises: psycopg.Error
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._libpq = connection.pgconn
        self._adapt = Transformer(connection)
        self._socket = select.poll()
        self._names: dict[str, bytes] = {}  # of statements the server knows, by their text
        self._given = 0
        self._under_way: deque[Sent | None] = deque()  # None: a mark, see `push`
        self._open = False
        self._unmarked = 0  # bytes since the last mark

    def order(self, text: str) -> Sent:
        """Send BEGIN, COMMIT or ROLLBACK, unprepared on purpose: had the server lost a prepared BEGIN, it would refuse
        that one and commit the statements behind the next sync one by one."""
        self._enter()
        self._libpq.send_query_params(text.encode(), None)
        return self._expect()

    def send(self, text: str, values: Sequence[Any] = ()) -> Sent:
        """It leaves with the next mark, at the latest when much has come together."""
        self._enter()
        name = self._names.get(text) or self._prepare(text)
        given = self._adapt.dump_sequence(values, [PyFormat.TEXT] * len(values)) if values else None
        self._count(sum(len(one) for one in given if one is not None) if given else 0)
        self._libpq.send_query_prepared(name, given)
        sent = self._expect()
        if self._unmarked > _UNMARKED:  # this one alone
            self.push()
        return sent

    def _count(self, size: int) -> None:
        """Before a message of that size: where it would be too much, what came before it leaves."""
        if self._unmarked + size + _FRAME > _UNMARKED:
            self.push()
        self._unmarked += size + _FRAME

    def _prepare(self, text: str) -> bytes:
        self._count(len(text))
        self._given += 1
        name = self._names[text] = _PREPARED.format(self._given).encode()
        self._libpq.send_prepare(name, text.encode())
        self._expect(text)
        return name

    def _enter(self) -> None:
        if not self._open:
            self._libpq.enter_pipeline_mode()
            self._open = True

    def _expect(self, prepares: str = "") -> Sent:
        sent = Sent(prepares)
        self._under_way.append(sent)
        return sent

    def push(self) -> None:
        """The server begins with what was sent. Up to this mark an error makes it pass over everything; and here it
        knows that it waits for us: should we never come back, it ends the transaction after a while. So nothing may
        leave without one."""
        if self._under_way and self._under_way[-1] is not None:
            self._libpq.pipeline_sync()
            self._under_way.append(None)
        self._unmarked = 0

    def wait(self, sent: Sent) -> Sent:
        """Until it is answered, and with it all that was sent before."""
        if sent.result is None:
            self.push()
            while sent.result is None:
                self._read()
        return sent

    def rows(self, sent: Sent) -> list[tuple[Any, ...]]:
        """Of a statement that was sent; waits for it."""
        result = self.wait(sent).result
        self._adapt.set_pgresult(result)
        return self._adapt.load_rows(0, result.ntuples, tuple)

    def close(self) -> None:
        """Wait for all that was sent, and leave the connection to others."""
        self.push()
        while self._under_way:
            self._read()
        self._leave()

    def abandon(self) -> None:
        """After an error: reads on to the end, whatever became of the rest. The transaction is left to the caller."""
        self.push()
        while self._under_way:
            sent, result = self._answer()
            if sent is not None and result.status not in _FINE:
                self._names.pop(sent.prepares, None)
        self._leave()

    def _leave(self) -> None:
        if self._open:
            self._libpq.exit_pipeline_mode()
            self._open = False

    def _read(self) -> None:
        sent, result = self._answer()
        if sent is None:
            return
        if result.status not in _FINE:
            self._names.pop(sent.prepares, None)
            raise error_from_result(result)
        sent.result = result

    def _answer(self) -> tuple[Sent | None, Any]:
        """The next one, with the statement or mark it belongs to."""
        sent, result = self._under_way.popleft(), self._next()
        fits = result is not None and (result.status == _SYNC) == (sent is None)
        if not fits or (sent is not None and self._next() is not None):
            raise psycopg.OperationalError("the database's answers do not fit what was asked")
        return sent, result

    def _next(self) -> Any:
        """Others may run while we wait; libpq's own waiting would not let them."""
        libpq = self._libpq
        while (left := libpq.flush()) or libpq.is_busy():
            self._socket.register(libpq.socket, select.POLLIN | (select.POLLOUT if left else 0))
            self._socket.poll()
            libpq.consume_input()
        return libpq.get_result()
