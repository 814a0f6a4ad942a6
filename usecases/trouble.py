"""Whose fault an error is: the database's, then the platform sends again; or our own, then it is buried by name."""

from __future__ import annotations

DRIVERS = ("sqlite3", "psycopg")
OF_THE_DATABASE = frozenset({"DBAPIError", "TimeoutError", "DisconnectionError"})  # of all that SQLAlchemy raises
OURS = frozenset({"IntegrityError", "DataError"})  # the database works; what we gave it cannot be kept


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
