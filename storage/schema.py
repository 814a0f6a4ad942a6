"""Brings a database to the present schema; alembic is loaded only when there is something to do."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """The revision this program expects."""
    return max(re.match(r"\d+", path.name)[0] for path in VERSIONS.glob("[0-9]*.py"))  # type: ignore[index]


def present(engine: sa.Engine) -> str:
    """The revision a database has, "" for an empty one."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.scalar(sa.text("select version_num from alembic_version")) or "")


def migrate(url: str) -> tuple[str, str]:
    """Upgrade to the newest revision; returns (before, after). Doing it twice, or by two processes, is harmless."""
    engine = sa.create_engine(url)
    try:
        before = present(engine)
        if before != newest():
            _upgrade(url)
        return before, present(engine)
    finally:
        engine.dispose()


def _upgrade(url: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    config.attributes["url"] = url
    command.upgrade(config, "head")
