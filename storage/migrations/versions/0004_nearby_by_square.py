"""Similar reports are found by their square first: kinds that are confused lie side by side there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

INDEXES = {
    "ix_ticket_nearby": (["cell", "category", "lat", "lon"], sa.text("status <> 'closed'")),
    "ix_ticket_closed_nearby": (["cell", "closed_at", "category"], sa.text("status = 'closed'")),
}


def upgrade() -> None:
    for name, (columns, where) in INDEXES.items():
        op.drop_index(name, table_name="ticket")
        op.create_index(name, "ticket", columns, sqlite_where=where, postgresql_where=where)
