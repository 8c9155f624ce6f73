"""Tickets of one incident, and a group's latest ones to look among."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = "status not in ('closed', 'rejected')"
_INCIDENT = "incident_id is not null"


def upgrade() -> None:
    op.add_column(
        "ticket", sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.create_index(
        "ticket_recent", "ticket", ["chat", "opened_at"], sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)
    )
    op.create_index(
        "ticket_incident",
        "ticket",
        ["incident_id"],
        sqlite_where=sa.text(_INCIDENT),
        postgresql_where=sa.text(_INCIDENT),
    )
