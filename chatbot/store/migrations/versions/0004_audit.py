"""The audit trail, and triggers by which the database refuses to change or delete it and the tickets' history.

On SQLite a later step that makes one of the two tables anew (``batch_alter_table``) has to make its triggers anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatbot.store.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = ("audit", "ticket_event")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("ticket_id", _ID, nullable=True),
        sa.Column("event_id", _ID, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("prev", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_index("audit_ticket", "audit", ["ticket_id", "id"])
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite()
    else:
        _refuse_on_postgresql()


def _refuse_on_sqlite() -> None:
    for table in _KEPT:
        refusal = f"begin select raise(abort, '{table} is only added to'); end"
        op.execute(f"create trigger {table}_no_update before update on {table} {refusal}")
        op.execute(f"create trigger {table}_no_delete before delete on {table} {refusal}")
        # "insert or replace" deletes without asking the trigger for deletions.
        known = f"when exists (select 1 from {table} where id = new.id)"  # noqa: S608  the names stand above
        op.execute(f"create trigger {table}_no_replace before insert on {table} {known} {refusal}")


def _refuse_on_postgresql() -> None:
    op.execute(
        "create function only_added_to() returns trigger language plpgsql as $$ begin"
        " raise exception using message = tg_table_name || ' is only added to', errcode = 'integrity_constraint_violation';"
        " end $$"
    )
    for table in _KEPT:
        refusal = "execute function only_added_to()"
        op.execute(f"create trigger {table}_no_change before update or delete on {table} for each row {refusal}")
        op.execute(f"create trigger {table}_no_truncate before truncate on {table} for each statement {refusal}")
