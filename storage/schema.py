"""Brings a database to the present schema; alembic is loaded only when there is something to do."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import sqlalchemy as sa

from storage import encoding, sole

UPGRADE_WAIT_S = 15.0  # for another process that is upgrading the same SQLite file
LOST = "If reports should be in it, restore the last backup first (docs/runbook.md, Restore)"
VERSIONS = Path(__file__).parent / "migrations" / "versions"


class NewerSchema(Exception):
    """The database belongs to a newer Sahut than this one. Install that version again, or restore a backup that
    this version made."""

    def __str__(self) -> str:
        return " ".join((self.__doc__ or "").split())


def newest() -> str:
    """The revision this program expects."""
    return max(_numbers())


def present(engine: sa.Engine) -> str:
    """The revision a database has, "" for an empty one."""
    with engine.connect() as connection:
        return revision(connection)


def revision(connection: sa.Connection) -> str:
    """The same on a connection that is open already."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(sa.text("select version_num from alembic_version")) or "")


def difference(connection: sa.Connection) -> str:
    """Why this program cannot read the database's rows, and what to do; "" when it can."""
    found = revision(connection)
    if found > newest():
        return str(NewerSchema())
    if not found:
        return f"the database is empty. `sahut run` or `sahut migrate` makes its tables. {LOST}."
    return "" if found == newest() else "the database has an older schema than this version. Run `sahut migrate` first."


def migrate(url: str) -> tuple[str, str]:
    """Upgrade to the newest revision; returns (before, after). Doing it twice, or by two processes, is harmless.

    raises: NewerSchema, encoding.WrongEncoding, sole.InUse when another process has the SQLite file
    """
    engine = sa.create_engine(url)
    encoding.watch(engine)
    try:
        before = present(engine) if _is_there(engine) else ""
        if before > newest():
            raise NewerSchema
        if before != newest():
            _upgrade(url)
        return before, present(engine)
    finally:
        engine.dispose()


def _is_there(engine: sa.Engine) -> bool:
    """Looking into a SQLite file that is not there would make one."""
    return engine.dialect.name != "sqlite" or Path(engine.url.database or "").exists()


def _upgrade(url: str) -> None:
    from alembic import command
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)  # an operator needs no line per revision
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    config.attributes["url"] = url
    with sole.taken(url, UPGRADE_WAIT_S):
        command.upgrade(config, "head")


def _numbers() -> list[str]:
    return [found[0] for path in VERSIONS.glob("*.py") if (found := re.match(r"\d{4}", path.name))]
