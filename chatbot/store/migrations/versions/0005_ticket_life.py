"""Which unit serves a ticket, what its clocks said, and tickets that are rejected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatbot.store.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OPEN = "status not in ('closed', 'rejected')"
_CLOCK = "clock_at is not null"


def upgrade() -> None:
    for name in ("unit", "area", "priority", "clock_said"):
        op.add_column("ticket", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("confirmed_at", "answered_at", "asked_until", "clock_at"):
        op.add_column("ticket", sa.Column(name, UtcDateTime(), nullable=True))
    op.drop_index("ticket_open", "ticket")
    op.create_index(
        "ticket_open", "ticket", ["chat", "id"], sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)
    )
    op.create_index(
        "ticket_clock", "ticket", ["clock_at"], sqlite_where=sa.text(_CLOCK), postgresql_where=sa.text(_CLOCK)
    )
    op.execute(f"update ticket set clock_at = opened_at where {_OPEN}")  # noqa: S608  a constant
