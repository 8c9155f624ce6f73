"""Indexes for what a group asks about its own work: its tickets by time, and what happened in a time."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ticket_group", "ticket", ["chat", "opened_at", "id"])
    op.create_index("ticket_event_at", "ticket_event", ["at"])
