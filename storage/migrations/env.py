"""Alembic's door: the whole upgrade is one transaction, and of several starting processes one does it.

A process that dies in here leaves the database as it was. SQLite's driver would commit before every
`create table`, therefore it is told to leave transactions to us.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context

from storage.tables import metadata

LOCK = 7_281_001  # any number, the same for every worker of one PostgreSQL database


def run() -> None:
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True)["url"]
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _leave_transactions_to_us)
        sa.event.listen(engine, "begin", _begin_immediately)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            context.configure(
                connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True
            )
            context.run_migrations()
    finally:
        engine.dispose()


def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=30000")


def _begin_immediately(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


run()
