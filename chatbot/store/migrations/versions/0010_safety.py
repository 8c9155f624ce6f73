"""Citizens who must not be written to first, and those who are blocked for a term."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatbot.store.columns import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_UNSAFE = "unsafe"
_HELD = "state = 'held'"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("unsafe", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("contact", sa.Column("blocked_until", UtcDateTime(), nullable=True))
    op.add_column("contact", sa.Column("block_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("contact", sa.Column("appealed_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ticket_unsafe", "ticket", ["contact_id"], sqlite_where=sa.text(_UNSAFE), postgresql_where=sa.text(_UNSAFE)
    )
    op.create_index(
        "outbound_held", "outbound", ["channel", "chat"], sqlite_where=sa.text(_HELD), postgresql_where=sa.text(_HELD)
    )
