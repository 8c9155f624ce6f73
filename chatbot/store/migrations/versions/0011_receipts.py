"""Secret receipts of anonymous reports; tickets that their citizens reopened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_RECEIPT = "receipt <> ''"
_GIVEN = "purpose = 'receipt'"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("receipt", sa.Text(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("objected", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ticket_receipt",
        "ticket",
        ["receipt"],
        unique=True,
        sqlite_where=sa.text(_RECEIPT),
        postgresql_where=sa.text(_RECEIPT),
    )
    op.add_column("outbound", sa.Column("left_ticket_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "outbound_receipt",
        "outbound",
        ["sent_at"],
        sqlite_where=sa.text(_GIVEN),
        postgresql_where=sa.text(_GIVEN),
    )
