"""A PostgreSQL for measuring: the tests' way to start one, but as durable as in production."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import pg

DURABLE = ("listen_addresses=127.0.0.1", "max_connections=100", "shared_buffers=128MB")


@dataclass(frozen=True, slots=True)
class Measured:
    """A running server and the pid whose tree costs CPU."""

    server: pg.Server
    pid: int


@contextmanager
def durable() -> Iterator[Measured]:
    folder = Path(tempfile.mkdtemp(prefix="sahut-bench-pg-"))
    quick = pg.OPTIONS
    pg.OPTIONS = DURABLE  # type: ignore[assignment]
    try:
        with pg._Process(folder) as process:
            assert process._process is not None
            yield Measured(pg.Server(process.address), process._process.pid)
    finally:
        pg.OPTIONS = quick
        shutil.rmtree(folder, ignore_errors=True)
