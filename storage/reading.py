"""A look at a database that others write: one moment of it, read only, in nobody's way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from storage import encoding

PATIENCE_S = 300  # one question may take so long; `verify` reads everything


@contextmanager
def reading(url: str) -> Iterator[sa.Connection]:
    """A connection on which everything that is read was true at the same moment.

    On SQLite it is opened read only, so that it can neither write nor fold the write-ahead log into the
    file: beside a running Sahut that is the only safe way (docs/decisions/0008).

    raises: FileNotFoundError when the SQLite file is not there yet, encoding.WrongEncoding, else what the driver raises
    """
    made = sa.make_url(url)
    if made.get_backend_name() == "sqlite":
        engine = _sqlite(Path(made.database or ""))
    else:
        options = f"-c statement_timeout={PATIENCE_S * 1000} -c default_transaction_read_only=on -c timezone=UTC"
        engine = sa.create_engine(
            url,
            isolation_level="REPEATABLE READ",
            poolclass=sa.NullPool,
            connect_args={"connect_timeout": 5, "options": options},
        )
        encoding.watch(engine)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _sqlite(path: Path) -> sa.Engine:
    if not path.exists():
        raise FileNotFoundError(f"There is no database at {path} yet")
    mode = "immutable=1" if _cannot_change(path) else "mode=ro"
    address = f"sqlite:///file:{quote(str(path))}?{mode}&uri=true"
    engine = sa.create_engine(address, poolclass=sa.NullPool, connect_args={"timeout": 10.0})
    sa.event.listen(engine, "connect", _leave_transactions_to_us)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _cannot_change(path: Path) -> bool:
    """A backup on a disk that cannot be written: SQLite would want to make its files beside it. Who writes the file at
    this moment keeps some there, and what stands in them would be left out."""
    beside = Path(f"{path}-shm").exists() or _size(Path(f"{path}-wal")) > 0
    return not beside and not os.access(path.parent, os.W_OK)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")
