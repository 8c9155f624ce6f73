"""The duty roster."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatbot.store.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NOT_ENDED = sa.text("ended_at is null")


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Text(), nullable=False),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("taker_id", sa.Text(), nullable=False),
        sa.Column("taker_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "duty_one_each",
        "duty",
        ["chat", "officer_id"],
        unique=True,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    )
    op.create_index("duty_chat", "duty", ["chat", "since"])
