"""Whose fault an error is: the database's, then the platform sends again; or our own, then it is buried by name."""

from __future__ import annotations

import errno

DRIVERS = ("sqlite3", "psycopg")
OF_THE_DATABASE = frozenset({"DBAPIError", "TimeoutError", "DisconnectionError"})  # of all that SQLAlchemy raises
OURS = frozenset({"IntegrityError", "DataError"})  # the database works; what we gave it cannot be kept
LONGEST = 8  # errors, each the cause of the one before


def is_storage_trouble(error: BaseException) -> bool:
    """Would the same work succeed once the database is well again?

    An error of the data itself, or of what we made of it (SQLAlchemy wraps a time without a zone into an error of its
    own), would come back for ever and, with polling, hold up all other messages.
    """
    kinds = type(error).__mro__
    if any(kind.__name__ in OURS for kind in kinds):
        return False
    return any(
        kind.__module__.startswith(DRIVERS)
        or (kind.__module__ == "sqlalchemy.exc" and kind.__name__ in OF_THE_DATABASE)
        for kind in kinds
    )


def why(error: BaseException) -> str:
    """The reason in the code of who gave it ("SQLITE_FULL", "53100", "ENOSPC"), else what kind of error it is.

    Never the error's words: they may quote a row.
    """
    found: BaseException | None = error
    last = error
    for _ in range(LONGEST):
        if found is None:
            break
        last, code = found, _code(found)
        if code:
            return code
        found = getattr(found, "orig", None) or found.__cause__
    return "no connection" if type(last).__module__.startswith("psycopg") else type(last).__name__


def _code(error: BaseException) -> str:
    given = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    if not given and isinstance(error, OSError):
        given = errno.errorcode.get(error.errno or 0)
    return str(given or "")
