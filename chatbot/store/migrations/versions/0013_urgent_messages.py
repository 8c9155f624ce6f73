"""What speaks of danger is served first, each chat in order: a mark, and an index of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_STORED = "state = 'stored'"
_URGENT = "urgent and state = 'stored'"


def upgrade() -> None:
    op.add_column("inbound", sa.Column("urgent", sa.Boolean(), nullable=True))
    op.create_index(
        "inbound_urgent",
        "inbound",
        ["road", "id"],
        sqlite_where=sa.text(_URGENT),
        postgresql_where=sa.text(_URGENT),
    )
    op.create_index(
        "inbound_waiting_chat",
        "inbound",
        ["road", "chat", "id"],
        sqlite_where=sa.text(_STORED),
        postgresql_where=sa.text(_STORED),
    )
