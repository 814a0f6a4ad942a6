"""Indexes that cost a message less to write: what no platform has numbered yet is in none of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBERED = sa.text("platform_message_id <> ''")


def upgrade() -> None:
    op.drop_index("ix_outbox_platform", table_name="outbox_message")
    op.create_index(
        "ix_outbox_platform",
        "outbox_message",
        ["platform_message_id", "conversation_id"],
        sqlite_where=NUMBERED,
        postgresql_where=NUMBERED,
    )
