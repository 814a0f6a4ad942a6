"""What can go wrong between the program and its database, for the commands that have to say it in plain words."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import SQLAlchemyError

from storage.encoding import WrongEncoding
from storage.schema import NewerSchema
from storage.sole import InUse
from usecases.ports import Unavailable

TROUBLE = (SQLAlchemyError, sqlite3.Error, Unavailable, InUse, NewerSchema, WrongEncoding)


DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
AFTER_DAMAGE = "Stop Sahut, copy the whole data folder, then restore the last backup (docs/runbook.md, Restore)"


def damaged(error: BaseException) -> bool:
    """Whether what SQLite found in its file is not what it wrote."""
    inner = getattr(error, "orig", None) or error.__cause__ or error
    return (getattr(inner, "sqlite_errorcode", None) or 0) & 0xFF in DAMAGED


def said(error: BaseException) -> str:
    """What an operator reads: our own words where we have them, else what kind of trouble it is."""
    if isinstance(error, InUse | NewerSchema | WrongEncoding):
        return str(error)
    if damaged(error):
        return "its file is damaged"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, Unavailable) and error.__cause__ is not None:
        return said(error.__cause__)
    inner = getattr(error, "orig", None) or error
    first = str(inner).strip().splitlines()[0] if str(inner).strip() else ""
    return f"{type(inner).__name__}: {first}" if first else type(inner).__name__
