"""Erasure: what a ticket keeps once it is erased, legal holds, and the one change that its history's triggers let by.

That change is a text that becomes empty, of an event from before the ticket's ``erased`` one, which stands in the audit
trail. Whoever adds a column to ``ticket_event`` adds it to the trigger for SQLite below.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from chatbot.store.columns import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_UNCHANGED = ("id", "ticket_id", "event", "at", "actor", "inbound_id")
_ERASED = "exists (select 1 from audit where ticket_id = old.ticket_id and act = 'erased' and event_id > old.id)"
_INDEXES = (
    ("ticket_past", "ticket", ["closed_at", "id"], "closed_at is not null and erased_at is null"),
    ("ticket_erasing", "ticket", ["id"], "erased_at is not null and not emptied"),
    ("inbound_ticket", "inbound", ["ticket_id"], "ticket_id is not null and raw is not null"),
    ("outbound_worded", "outbound", ["created_at", "id"], "length(payload) > 0"),
    ("outbound_contact", "outbound", ["contact_id"], "contact_id is not null"),
)


def upgrade() -> None:
    op.add_column("ticket", sa.Column("legal_hold", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("ticket", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.add_column("ticket", sa.Column("emptied", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    if op.get_bind().dialect.name == "sqlite":
        _let_by_on_sqlite()
    else:
        _let_by_on_postgresql()


def _let_by_on_sqlite() -> None:
    same = " and ".join(f"new.{name} is old.{name}" for name in _UNCHANGED)
    op.execute("drop trigger ticket_event_no_update")
    op.execute(
        "create trigger ticket_event_no_update before update on ticket_event"
        f" when not (new.text = '' and {same} and {_ERASED})"
        " begin select raise(abort, 'ticket_event is only added to'); end"
    )


def _let_by_on_postgresql() -> None:
    op.execute(
        "create function emptied_or_refused() returns trigger language plpgsql as $$ begin"
        f" if new.text = '' and to_jsonb(new) - 'text' = to_jsonb(old) - 'text' and {_ERASED} then return new; end if;"
        " raise exception using message = tg_table_name || ' is only added to', errcode = 'integrity_constraint_violation';"
        " end $$"
    )
    op.execute("drop trigger ticket_event_no_change on ticket_event")
    op.execute(
        "create trigger ticket_event_no_update before update on ticket_event"
        " for each row execute function emptied_or_refused()"
    )
    op.execute(
        "create trigger ticket_event_no_delete before delete on ticket_event"
        " for each row execute function only_added_to()"
    )
