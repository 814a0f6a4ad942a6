"""The two SQL dialects we speak; each is loaded only where it is used, because loading costs start-up time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy.engine import Dialect


@cache
def dialect(kind: str) -> Dialect:
    """For compiling statements: "sqlite", "postgresql" (as its driver takes them) or "pipe" (as the server does)."""
    if kind == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.dialect(paramstyle="qmark")
    from sqlalchemy.dialects.postgresql import psycopg

    return psycopg.dialect(paramstyle="numeric_dollar" if kind == "pipe" else None)


@cache
def inserting(kind: str) -> Callable[..., Any]:
    """The dialect's insert(): both spell "on conflict do nothing" the same way, in different modules."""
    if kind == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert
    from sqlalchemy.dialects import postgresql

    return postgresql.insert
