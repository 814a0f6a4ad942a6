"""A ticket says itself whether it may be offered to a neighbour: one index instead of one for each state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

OFFERED = sa.text("offered")
PASSED = sa.text("offered and status = 'closed'")


def upgrade() -> None:
    op.add_column("ticket", sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    # those closed long ago are taken off the list within the hour, as every day
    op.execute("update ticket set offered = false where confidential or kind <> 'complaint'")
    op.drop_index("ix_ticket_nearby", table_name="ticket")
    op.drop_index("ix_ticket_closed_nearby", table_name="ticket")
    op.create_index(
        "ix_ticket_nearby",
        "ticket",
        ["cell", "category", "lat", "lon"],
        sqlite_where=OFFERED,
        postgresql_where=OFFERED,
    )
    op.create_index("ix_ticket_offered_closed", "ticket", ["closed_at"], sqlite_where=PASSED, postgresql_where=PASSED)
