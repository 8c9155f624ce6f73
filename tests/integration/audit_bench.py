"""What the tests of the audit trail do and see: acts, the verdict, and tampering by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import text

from chatbot.store.audit import Broken
from chatbot.store.audit_tables import AuditRow
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.rows import NOW, meet, ticket

CRY = "tolong ada maling masuk rumah bawa golok"
FAQ = Path(__file__).parents[2] / "faq"


def does(uow: UnitOfWork, act: str) -> None:
    uow.audit.add(act, "system", NOW)


async def verdict(store: Store) -> tuple[int, list[Broken]]:
    found = await store.read(lambda uow: uow.audit.verify())
    return found.count, found.broken


async def trail(store: Store, ticket_id: int = 1) -> list[AuditRow]:
    return await store.read(lambda uow: uow.audit.of_ticket(ticket_id))


async def acts(store: Store) -> list[tuple[str, str]]:
    return [(row.act, row.actor) for row in await trail(store)]


def tamper(store: Store, *statements: str, **values: object) -> None:
    """What somebody does who has the database's password: the triggers go first."""
    with store.engine.begin() as connection:
        for table in ("audit", "ticket_event"):
            if store.is_sqlite:
                for name in ("update", "delete", "replace"):
                    connection.execute(text(f"drop trigger {table}_no_{name}"))
            else:
                connection.execute(text(f"alter table {table} disable trigger user"))
        for statement in statements:
            connection.execute(text(statement), values)


def open_ticket(uow: UnitOfWork, events: Iterable[str] = ("satu", "dua", "tiga")) -> None:
    row = ticket(meet(uow, "501").contact_id)
    uow.add(row)
    uow.flush()
    for said in events:
        uow.audit.happened(row, "added", "citizen", NOW, inbound_id=5, text=said)
