"""The newest words of a report's talk are found at once, however many said "saya juga" since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TALK = sa.text("action in ('tell', 'say', 'answer')")


def upgrade() -> None:
    op.create_index(
        "ix_ticket_event_talk", "ticket_event", ["ticket_id", "seq"], sqlite_where=TALK, postgresql_where=TALK
    )
