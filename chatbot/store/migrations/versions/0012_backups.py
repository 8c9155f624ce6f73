"""Restores; what was set aside is found without looking through everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatbot.store.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_QUARANTINED = sa.text("state = 'quarantined'")
_DEAD = sa.text("state = 'dead'")


def upgrade() -> None:
    op.create_table(
        "restore",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("first_id", _ID, nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("aside", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("inbound_quarantined", "inbound", ["id"], sqlite_where=_QUARANTINED, postgresql_where=_QUARANTINED)
    op.create_index("outbound_dead", "outbound", ["id"], sqlite_where=_DEAD, postgresql_where=_DEAD)
