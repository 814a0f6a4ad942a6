"""What can go wrong between the program and its database, for the commands that have to say it in plain words."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import SQLAlchemyError

from storage.encoding import WrongEncoding
from storage.schema import NewerSchema
from storage.sole import InUse
from usecases.ports import Unavailable

TROUBLE = (SQLAlchemyError, sqlite3.Error, Unavailable, InUse, NewerSchema, WrongEncoding)


def said(error: BaseException) -> str:
    """What an operator reads: our own words where we have them, else what kind of trouble it is."""
    if isinstance(error, InUse | NewerSchema | WrongEncoding):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, Unavailable) and error.__cause__ is not None:
        return said(error.__cause__)
    inner = getattr(error, "orig", None) or error
    first = str(inner).strip().splitlines()[0] if str(inner).strip() else ""
    return f"{type(inner).__name__}: {first}" if first else type(inner).__name__
