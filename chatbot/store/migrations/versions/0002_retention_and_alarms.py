"""Indexes for what retention looks for; what the administrators were told of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatbot.store.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_PURGEABLE = "raw is not null and ticket_id is null"


def upgrade() -> None:
    op.drop_index("inbound_received", table_name="inbound")
    op.create_index(
        "inbound_purgeable",
        "inbound",
        ["received_at", "id"],
        sqlite_where=sa.text(_PURGEABLE),
        postgresql_where=sa.text(_PURGEABLE),
    )
    op.create_index("conversation_updated", "conversation", ["updated_at"])
    op.create_index("media_content", "media", ["sha256"])
    op.create_table(
        "alarm",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("what"),
    )
