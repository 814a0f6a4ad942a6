"""Alembic's door: one transaction per upgrade, under a lock so that two starting workers do not collide."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from storage.tables import metadata

LOCK = 7_281_001  # any number, the same for every worker of one PostgreSQL database


def run() -> None:
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True)["url"]
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
            connection.commit()
        context.configure(
            connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=True
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
