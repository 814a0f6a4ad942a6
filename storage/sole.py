"""One process at a time writes a SQLite file: a lock file beside it, given back by the system when we die.

PostgreSQL needs none of this. Why every second writer is refused, also where SQLite itself is sound:
docs/decisions/0008.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import sqlalchemy as sa

WAIT_S = 3.0  # an invitation or a process that is just ending lets go within this time
LOOK_S = 0.05
IN_USE_BYTE = 128  # of the -shm file: every connection of SQLite holds it shared (its file format, 2.2.1)
OURS = 0o600  # people's words are nobody else's business, wherever the file lies
Version = tuple[int, int, int]


class InUse(Exception):
    """Another Sahut process works with this SQLite file."""

    def __init__(self, path: Path, holder: str, *, lockless: bool = False) -> None:
        """lockless: somebody has the file open, and no lock file says who"""
        who = f"Another Sahut process ({holder})" if holder else "Another Sahut process"
        if lockless:
            who = f"{path}.lock was removed, so it cannot be told who has the file open: probably another Sahut process"
        fault = (
            f" This SQLite ({sqlite3.sqlite_version}) has a fault by which two writers can damage the file"
            " (mended in 3.51.3)."
            if affected(present())
            else ""
        )
        super().__init__(
            f"{who} works with {path}, and a SQLite file is for one process.{fault}"
            " Stop the other one, or set DATABASE_URL to a PostgreSQL, which serves several."
        )


def present() -> Version:
    """The SQLite that Python brought along."""
    major, minor, patch = sqlite3.sqlite_version_info
    return major, minor, patch


def affected(version: Version) -> bool:
    """Does this SQLite have the WAL-reset fault? Versions 3.7.0 to 3.51.2, mended also in 3.44.6 and 3.50.7."""
    if not (3, 7, 0) <= version < (3, 51, 3):
        return False
    mended = {(3, 44): 6, (3, 50): 7}
    first = mended.get(version[:2])
    return first is None or version[2] < first


def lock_file(url: str) -> Path | None:
    """The lock that belongs to a database, None on PostgreSQL."""
    made = sa.make_url(url)
    if made.get_backend_name() != "sqlite" or not made.database:
        return None
    # SQLite follows links, and keeps what belongs to a file beside the real one: so must the lock.
    return Path(f"{os.path.realpath(made.database)}.lock")


class Sole:
    """The right to write a SQLite file, held until `release` or until the process ends."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def release(self) -> None:
        self._file.close()


def take(url: str, wait_s: float | None = None) -> Sole | None:
    """The right to write this database; None on PostgreSQL, which gives it to everybody.

    raises: InUse, OSError that names the file when it or its lock cannot be written
    """
    path = lock_file(url)
    if path is None:
        return None
    database = path.with_suffix("")
    if database.exists() and not os.access(database, os.W_OK):
        raise PermissionError(errno.EACCES, "it may not be written by this user", str(database))
    held = _lock(path, WAIT_S if wait_s is None else wait_s)
    if not database.exists():
        database.touch(mode=OURS)  # SQLite would make it readable for everybody; what it adds has the same mode
    return held


def _lock(path: Path, wait_s: float) -> Sole:
    until = time.monotonic() + wait_s
    while True:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, OURS), "a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lockless = False
        else:
            lockless = _is_new(file) and _is_open(path.with_suffix(""))
            if not lockless and _is_there(file, path):
                break
        file.close()
        if time.monotonic() >= until:
            raise InUse(path.with_suffix(""), _holder(path), lockless=lockless)
        time.sleep(LOOK_S)
    file.truncate(0)
    file.write(f"{_me()}\n")
    file.flush()
    return Sole(file)


def _is_new(file: IO[str]) -> bool:
    """Nobody had this lock file yet: a first start, or the one before was removed, maybe from under its holder."""
    return os.fstat(file.fileno()).st_size == 0


def _is_there(file: IO[str], path: Path) -> bool:
    """Whether the next one would meet this lock; it may have been removed since we opened it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _is_open(database: Path) -> bool:
    """Whether another process has it open, as SQLite itself knows it. Never where this process has it open: to close
    a file ends all of a process's own locks on it."""
    try:
        shared = os.open(f"{database}-shm", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.lockf(shared, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, IN_USE_BYTE)
    except OSError:
        return True
    finally:
        os.close(shared)
    return False


def is_taken(url: str) -> bool:
    """Does another process work with this database, so that we may not? raises: OSError when we may not ask"""
    path = lock_file(url)
    if path is None or not path.exists():
        return False
    try:
        _lock(path, wait_s=0).release()
    except InUse:
        return True
    return False


@contextmanager
def taken(url: str, wait_s: float | None = None) -> Iterator[None]:
    """Hold the right for the block."""
    sole = take(url, wait_s)
    try:
        yield
    finally:
        if sole is not None:
            sole.release()


def holder(url: str) -> str:
    """Who works with this database, as far as is known; else ""."""
    path = lock_file(url)
    return "" if path is None else _holder(path)


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def _me() -> str:
    """How the next one finds us; only Linux tells."""
    try:
        return f"process {Path('/proc/self').readlink()}"
    except OSError:
        return ""
