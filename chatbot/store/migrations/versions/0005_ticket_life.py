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
    for name in ("unit", "area", "clock_said"):
        op.add_column("ticket", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("confirmed_at", "asked_until", "remind_at", "clock_at"):
        op.add_column("ticket", sa.Column(name, UtcDateTime(), nullable=True))
    op.drop_index("ticket_open", "ticket")
    op.create_index(
        "ticket_open", "ticket", ["chat", "id"], sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)
    )
    _index("ticket_clock", "clock_at", _CLOCK)
    _index("ticket_waiting", "remind_at", "status = 'waiting'")
    _index("ticket_unconfirmed", "closed_at", "status = 'closed' and confirmed_at is null")
    op.execute(f"update ticket set clock_at = opened_at where {_OPEN}")  # noqa: S608  a constant


def _index(name: str, column: str, where: str) -> None:
    op.create_index(name, "ticket", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
