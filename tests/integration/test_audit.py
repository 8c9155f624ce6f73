"""The audit trail on real databases: one chain whoever writes, and nothing in it can be changed unseen."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from chatbot.services.retention import Retention
from chatbot.store.audit import Break, Broken, digest, seal, sealed
from chatbot.store.audit_tables import AuditRow
from chatbot.store.store import Store
from chatbot.store.tables import TicketEventRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.audit_bench import does, open_ticket, tamper, verdict
from tests.integration.desk_bench import DeskBench
from tests.integration.rows import NOW, outbound

# The chain


async def test_units_of_one_commit_and_of_many_make_one_chain(store: Store) -> None:
    for _ in range(3):
        await asyncio.gather(*(store.write(partial(does, act=f"act{number}")) for number in range(100)))

    assert await verdict(store) == (300, [])


async def test_every_field_of_a_row_is_in_its_hash_and_so_is_the_row_before(store: Store) -> None:
    await store.write(partial(does, act="first"))
    await store.write(
        lambda uow: uow.audit.add("second", "901", NOW, 7, event_id=3, before="902", late=False, none=None)
    )
    with store.begin() as uow:
        rows = [uow._session.get_one(AuditRow, number) for number in (1, 2)]

    assert [(row.id, row.prev) for row in rows] == [(1, ""), (2, rows[0].hash)]
    assert rows[1].detail == '{"before":"902","late":false}'
    written = (
        '[2,"2026-11-24T01:00:00.000000+00:00","901","second",7,3,"{\\"before\\":\\"902\\",\\"late\\":false}",'
        f'"{rows[0].hash}"]'
    )
    assert rows[1].hash == digest(written)


async def test_unit_that_raises_leaves_no_act(store: Store) -> None:
    def breaks(uow: UnitOfWork) -> None:
        uow.audit.add("lost", "system", NOW)
        raise ValueError("this unit breaks")

    units = [store.write(partial(does, act="kept")), store.write(breaks), store.write(partial(does, act="kept"))]
    await asyncio.gather(*units, return_exceptions=True)

    assert await verdict(store) == (2, [])


def test_tool_without_a_loop_adds_to_the_chain(store: Store) -> None:
    for act in ("one", "two"):
        with store.begin() as uow:
            uow.audit.add(act, "operator", NOW)

    def nobodys_row() -> None:
        with store.begin() as uow:
            uow.audit.add("lost", "operator", NOW)
            uow.add(outbound(for_group=False))

    with pytest.raises(IntegrityError):
        nobodys_row()
    with store.reading() as uow:
        assert uow.audit.verify().count == 2


async def test_two_programs_that_write_at_once_keep_one_chain(postgres_url: str) -> None:
    stores = [Store(postgres_url) for _ in range(3)]
    for one in stores:
        one.open()
    try:
        await asyncio.gather(*(one.write(partial(does, act="act")) for _ in range(100) for one in stores))
        assert await verdict(stores[0]) == (300, [])
    finally:
        for one in stores:
            one.close()


async def test_who_waits_for_the_other_program_follows_on_what_that_one_committed(postgres_url: str) -> None:
    store = Store(postgres_url)
    store.open()
    act = {"at": NOW, "actor": "system", "act": "first", "ticket_id": None, "event_id": None, "detail": "{}"}
    waits = text("select 1 from pg_locks where locktype = 'advisory' and not granted")
    try:
        with store.engine.begin() as other:
            seal(other, [act])
            second = asyncio.create_task(store.write(partial(does, act="second")))
            while not await asyncio.to_thread(lambda: other.execute(waits).all()):
                pass
        await second
        assert await verdict(store) == (2, [])
    finally:
        store.close()


# Tampering


CHANGES = {
    "at": "update audit set at = '2026-11-24 02:00:00.000000' where id = 3",
    "actor": "update audit set actor = '902' where id = 3",
    "act": "update audit set act = 'closed' where id = 3",
    "ticket": "update audit set ticket_id = 9 where id = 3",
    "event": "update audit set event_id = 77 where id = 3",
    "detail": "update audit set detail = '{}' where id = 3",
    "hash": "update audit set hash = prev where id = 3",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_changed_field_is_found(store: Store, change: str) -> None:
    for number in range(5):
        await store.write(partial(_adds, number=number))
    tamper(store, change)

    count, broken = await verdict(store)
    assert count == 5
    assert broken[0] == (3, Break.CHANGED)


def _adds(uow: UnitOfWork, number: int) -> None:
    uow.audit.add("act", "901", NOW + timedelta(seconds=number), number, before="x")


async def test_deleted_rows_are_found_at_the_beginning_and_in_the_middle(store: Store) -> None:
    for _ in range(6):
        await store.write(partial(does, act="act"))
    tamper(store, "delete from audit where id in (1, 4, 5)")

    assert await verdict(store) == (3, [Broken(1, Break.MISSING), Broken(4, Break.MISSING)])


async def test_swapped_rows_are_found(store: Store) -> None:
    for number in range(5):
        await store.write(partial(_adds, number=number))
    move = "update audit set id = {} where id = {}"
    tamper(store, *(move.format(new, old) for old, new in ((2, 99), (3, 2), (99, 3))))

    changed = [Broken(2, Break.CHANGED), Broken(3, Break.CHANGED)]
    assert await verdict(store) == (5, [*changed, Broken(4, Break.UNLINKED)])


async def test_row_that_was_sealed_anew_does_not_bear_the_next_one(store: Store) -> None:
    for number in range(5):
        await store.write(partial(_adds, number=number))
    with store.begin() as uow:
        row = uow._session.get_one(AuditRow, 3).model_dump()
    forged = sealed({**row, "actor": "902"})
    tamper(store, "update audit set actor = '902', hash = :forged where id = 3", forged=forged)

    assert await verdict(store) == (5, [Broken(4, Break.UNLINKED)])


async def test_more_rows_than_one_step_are_looked_through(store: Store) -> None:
    def unit(uow: UnitOfWork) -> None:
        for number in range(1200):
            _adds(uow, number)

    await store.write(unit)
    tamper(store, "update audit set actor = '902' where id = 1100", "delete from audit where id = 1001")

    assert await verdict(store) == (1199, [Broken(1001, Break.MISSING), Broken(1100, Break.CHANGED)])


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("update ticket_event set text = 'empat' where id = 2", Broken(2, Break.EVENT)),
        ("update ticket_event set actor = '901' where id = 2", Broken(2, Break.EVENT)),
        ("delete from ticket_event where id = 2", Broken(2, Break.EVENT)),
        ("update ticket set complaint = cast('lain' as bytes)", Broken(3, Break.FORM)),
        ("delete from audit where id = 3", Broken(3, Break.UNPROVED)),
    ],
)
async def test_what_the_trail_proves_cannot_be_changed_unseen(store: Store, statement: str, broken: Broken) -> None:
    await store.write(open_ticket)
    assert await verdict(store) == (3, [])
    tamper(store, statement.replace("bytes", "blob" if store.is_sqlite else "bytea"))

    _, found = await verdict(store)
    assert found == [broken]


async def test_event_that_is_written_past_the_trail_is_named(store: Store) -> None:
    await store.write(open_ticket)
    past = TicketEventRow(ticket_id=1, event="noted", at=NOW, actor="901")
    await store.write(lambda uow: uow.add(past))

    assert await verdict(store) == (3, [Broken(4, Break.UNPROVED)])


async def test_history_from_before_the_trail_began_is_none_of_its_business(store: Store) -> None:
    await store.write(partial(open_ticket, events=[]))
    await store.write(lambda uow: uow.add(TicketEventRow(ticket_id=1, event="noted", at=NOW, actor="901")))
    assert await verdict(store) == (0, [])
    await store.write(_adds_event)

    assert await verdict(store) == (1, [])


def _adds_event(uow: UnitOfWork) -> None:
    row = uow.ticket(1)
    assert row
    uow.audit.happened(row, "noted", "901", NOW, text="satu")


# Nothing is taken back


ANY = ("update {} set actor = 'x'", "delete from {}")
SQLITE = ("insert or replace into {0} select * from {0}", "update or replace {} set id = id")
POSTGRESQL = ("truncate {} cascade", "update {} set id = id")


@pytest.mark.parametrize("table", ["audit", "ticket_event"])
async def test_database_refuses_every_change_of_what_is_only_added_to(store: Store, table: str) -> None:
    await store.write(open_ticket)
    for statement in (*ANY, *(SQLITE if store.is_sqlite else POSTGRESQL)):
        with pytest.raises(DBAPIError, match=f"{table} is only added to"), store.engine.begin() as connection:
            connection.execute(text(statement.format(table)))

    assert await verdict(store) == (3, [])


async def test_retention_does_not_touch_the_trail(bench: DeskBench) -> None:
    await bench.complain()
    await bench.hear(text="halo")
    before = await verdict(bench.store)
    bench.now += timedelta(days=4000)
    await Retention(bench.office, bench.folder, 30).run(bench.store)

    assert await verdict(bench.store) == before == (1, [])
