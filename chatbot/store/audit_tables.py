"""The audit trail's table. Refuses queries, and how a row is sealed (``audit``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint

from chatbot.store.columns import Row, moment, ref, words


class AuditRow(Row, table=True):
    """One act. Rows are only added: the database itself refuses to change or delete one.

    No foreign keys: the trail says what was done, whatever becomes of what it was done to.
    """

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("event_id"), Index("audit_ticket", "ticket_id", "id"))

    id: int = ref(nullable=False, primary_key=True)  # counted by the trail, from 1 and without gaps
    at: datetime = moment()
    actor: str = words()  # "citizen", "desk", "system", "operator" or the officer's platform id
    act: str = words()
    ticket_id: int | None = ref()
    event_id: int | None = ref()  # the event of the ticket's history that this row proves
    detail: str = words("{}")  # JSON: keys, states, hashes; no words, names or numbers of people
    prev: str = words()  # hash of the row before; empty in the first
    hash: str = words()
