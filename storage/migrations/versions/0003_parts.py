"""A message that took several on the platform (an album) keeps the ids of all: any of them may be replied to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outbox_part",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("platform_message_id", sa.Text(), nullable=False),
        sa.Column("outbox_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "platform_message_id", name="pk_outbox_part"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_outbox_part_conversation_id"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox_message.id"], name="fk_outbox_part_outbox_id"),
    )
