"""Encryption at rest: the probe of the keys, and a second change that the triggers of tickets' histories let by.

That change is a text that becomes an encrypted one, which begins with a record separator; that it says the same is
proved by the audit trail. Whoever adds a column to ``ticket_event`` adds it to the trigger for SQLite below.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_UNCHANGED = ("id", "ticket_id", "event", "at", "actor", "inbound_id")
_ERASED = "exists (select 1 from audit where ticket_id = old.ticket_id and act = 'erased' and event_id > old.id)"


def upgrade() -> None:
    op.create_table(
        "encryption",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("probe", sa.LargeBinary(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        same = " and ".join(f"new.{name} is old.{name}" for name in _UNCHANGED)
        encrypted = "old.text <> '' and substr(new.text, 1, 1) = char(30)"
        op.execute("drop trigger ticket_event_no_update")
        op.execute(
            "create trigger ticket_event_no_update before update on ticket_event"
            f" when not ({same} and (({encrypted}) or (new.text = '' and {_ERASED})))"
            " begin select raise(abort, 'ticket_event is only added to'); end"
        )
    else:
        encrypted = "old.text <> '' and left(new.text, 1) = chr(30)"
        op.execute(
            "create or replace function emptied_or_refused() returns trigger language plpgsql as $$ begin"
            " if to_jsonb(new) - 'text' = to_jsonb(old) - 'text'"
            f" and (({encrypted}) or (new.text = '' and {_ERASED})) then return new; end if;"
            " raise exception using message = tg_table_name || ' is only added to',"
            " errcode = 'integrity_constraint_violation'; end $$"
        )
