"""A PostgreSQL that cannot keep every sign people write is refused before anything is asked of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

WANTED = "UTF8"


class WrongEncoding(Exception):
    """The database cannot keep what people write."""

    def __init__(self, encoding: str) -> None:
        super().__init__(
            f"The database's encoding is {encoding}, which cannot keep every sign people write (an emoji is enough)."
            " Make an empty one: create database sahut owner sahut encoding 'UTF8' locale 'C' template template0;"
            " and name it in DATABASE_URL."
        )


def watch(engine: sa.Engine) -> None:
    """From now on each new connection of this engine raises WrongEncoding where the database is not in UTF-8."""
    if engine.dialect.name == "postgresql":
        # first of all: SQLAlchemy's own first questions stumble over a database without an encoding
        sa.event.listen(engine, "connect", _must_be_utf8, insert=True)


def _must_be_utf8(connection: Any, _record: Any) -> None:
    """The server has told it while connecting; nothing is asked."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding and encoding != WANTED:
        raise WrongEncoding(encoding)
