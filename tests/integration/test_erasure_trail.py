"""What the audit trail and the database's triggers say to an erasure, and to what only looks like one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chatbot.store.audit import Break, Broken
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.audit_bench import tamper, verdict
from tests.integration.desk_bench import DeskBench
from tests.integration.erasure_bench import PERIOD, forget, keep_for
from tests.integration.rows import NOW, meet, ticket


def two_tickets(uow: UnitOfWork) -> None:
    """Two that ended, a year between them: the first is past its time."""
    for number, ended in (("1111111111", NOW - timedelta(days=PERIOD + 1)), ("2222222222", NOW)):
        contact = meet(uow, number).contact_id
        row = ticket(contact, number, address=number, status="closed", closed_at=ended, complaint=b'{"what":"satu"}')
        uow.add(row)
        uow.flush()
        for said in ("satu", "dua"):
            uow.audit.happened(row, "added", "citizen", NOW, inbound_id=5, text=said)


async def one_erased(bench: DeskBench) -> dict[str, int]:
    """The ids of an emptied event, of the one by which its ticket was erased, and of one of the other ticket."""
    keep_for(bench)
    await bench.store.write(two_tickets)
    await forget(bench)
    mine, theirs = await bench.store.read(lambda uow: (uow.events(1), uow.events(2)))
    assert [event.text for event in (*mine, *theirs)] == ["", "", "", "satu", "dua"]
    return {"mine": mine[0].id, "erased": mine[-1].id, "theirs": theirs[0].id}


REFUSED = (
    "update ticket_event set text = '' where id = {theirs}",
    "update ticket_event set text = 'lain' where id = {mine}",
    "update ticket_event set text = '', actor = '902' where id = {mine}",
    "update ticket_event set text = '', inbound_id = null where id = {mine}",
    "update ticket_event set text = 'lain' where id = {erased}",
    "update ticket_event set text = '' where id = {erased}",
    "delete from ticket_event where id = {mine}",
)


async def test_database_lets_no_other_change_by(bench: DeskBench) -> None:
    ids = await one_erased(bench)
    for statement in REFUSED:
        with pytest.raises(DBAPIError, match="only added to"), bench.store.engine.begin() as connection:
            connection.execute(text(statement.format(**ids)))
    found = await bench.store.read(lambda uow: uow.audit.verify())
    assert (found.broken, found.emptied) == ([], 2)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("update ticket_event set text = '' where id = {theirs}", Break.EVENT),
        ("update ticket_event set text = 'lain' where id = {mine}", Break.EVENT),
        ("update ticket_event set actor = '902' where id = {mine}", Break.EVENT),
        ("delete from ticket_event where id = {mine}", Break.EVENT),
        ("update ticket set complaint = cast('lain' as bytes) where id = 1", Break.FORM),
        ("update ticket set complaint = cast('{{}}' as bytes) where id = 2", Break.FORM),
    ],
)
async def test_who_empties_without_an_act_or_changes_what_was_emptied_is_found(
    bench: DeskBench, statement: str, reason: Break
) -> None:
    ids = await one_erased(bench)
    tamper(bench.store, statement.format(**ids).replace("bytes", "blob" if bench.store.is_sqlite else "bytea"))
    _, broken = await verdict(bench.store)
    assert [one.reason for one in broken] == [reason]


async def test_text_from_after_the_erasure_may_not_be_empty(bench: DeskBench) -> None:
    await one_erased(bench)

    def late(uow: UnitOfWork) -> None:
        row = uow.ticket(1)
        assert row
        uow.audit.happened(row, "noted", "901", bench.now, text="sesudahnya")

    await bench.store.write(late)
    count, broken = await verdict(bench.store)
    assert broken == []
    last = (await bench.store.read(lambda uow: uow.events(1)))[-1].id
    emptied = "update ticket_event set text = '' where id = :last"
    with pytest.raises(DBAPIError, match="only added to"), bench.store.engine.begin() as connection:
        connection.execute(text(emptied), {"last": last})
    tamper(bench.store, emptied, last=last)
    assert (await verdict(bench.store))[1] == [Broken(count, Break.EVENT)]
