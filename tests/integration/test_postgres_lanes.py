from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from chatbot.store.queue import Handled, Waiting
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.wakes import INBOUND, OUTBOUND
from chatbot.worker import forever
from tests.integration.rows import NOW, inbound, outbound


async def _work(store: Store, seen: list[int]) -> None:
    while waiting := await store.read(lambda uow: uow.inbox.waiting("citizen", 16, ["telegram"])):

        def unit(uow: UnitOfWork) -> list[int]:
            mine = uow.inbox.take(waiting, "citizen")
            uow.inbox.done([Handled(one.id, "answered") for one in mine])
            return [one.id for one in mine]

        seen += await store.write(unit)


@pytest.fixture
def stores(postgres_url: str) -> Iterator[list[Store]]:
    """Three processes' stores on one database."""
    opened = [Store(postgres_url) for _ in range(3)]
    for store in opened:
        store.open()
    yield opened
    for store in opened:
        store.close()


async def test_workers_on_one_database_handle_each_message_once_and_in_order(stores: list[Store]) -> None:
    rows = [inbound(f"update:{n}", chat=str(n % 7)) for n in range(400)]
    await stores[0].write(lambda uow: uow.inbox.add([rows]))
    seen: list[list[int]] = [[] for _ in stores]
    await asyncio.gather(*(_work(store, mine) for store, mine in zip(stores, seen, strict=True)))

    together = [row_id for mine in seen for row_id in mine]
    assert len(together) == len(set(together)) == 400


async def test_what_one_worker_prepares_no_other_does(stores: list[Store]) -> None:
    first, second, _ = stores
    await first.write(lambda uow: uow.inbox.add([[inbound(f"update:{n}", chat=str(n)) for n in range(60)]]))

    async with first.kept(_claim) as one:
        async with second.kept(_claim) as other:
            assert one
            assert other
            assert not {row.lane for row in one} & {row.lane for row in other}
            assert [row.id for row in one] < [row.id for row in other]  # the oldest first
        async with second.kept(_claim) as again:
            assert [row.id for row in again] == [row.id for row in other]
    async with second.kept(_claim) as freed:
        assert [row.id for row in freed] == [row.id for row in one]


async def test_loop_that_is_told_to_end_does_so_though_the_session_that_keeps_its_claim_was_cut(
    stores: list[Store],
) -> None:
    first, second, _ = stores
    await first.write(lambda uow: uow.inbox.add([[inbound("update:1")]]))
    claimed = asyncio.Event()

    async def hold() -> None:
        async with first.kept(_claim):
            claimed.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    await claimed.wait()
    with second.engine.begin() as connection:
        holder = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
        assert connection.execute(text(holder)).scalars().all() == [True]
    holding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holding


async def test_danger_at_the_end_of_a_backlog_is_in_the_first_lanes_that_a_worker_takes(stores: list[Store]) -> None:
    first, second, _ = stores
    backlog = [inbound(f"update:{n}", chat=str(n % 40)) for n in range(400)]
    await first.write(lambda uow: uow.inbox.add([[*backlog, inbound("update:400", chat="danger", urgent=True)]]))

    async with first.kept(_claim) as one, second.kept(_claim) as other:
        assert one[0].chat == "danger"
        assert other
        assert "danger" not in {row.chat for row in other}


def _claim(uow: UnitOfWork) -> list[Waiting]:
    return uow.inbox.claim("citizen", 64, ["telegram"])


async def test_others_hear_what_one_process_wrote_once_it_is_there_to_be_read(stores: list[Store]) -> None:
    writer, listener, _ = stores
    heard: asyncio.Queue[str] = asyncio.Queue()
    listening = asyncio.create_task(listener.listen(heard.put_nowait))
    try:
        assert {await heard.get(), await heard.get()} == {INBOUND, OUTBOUND}  # what came before it listened
        await listener.write(lambda uow: uow.add(outbound()))  # its own it knows already
        await writer.write(lambda uow: uow.inbox.add([[inbound("update:1")]]))
        assert await heard.get() == INBOUND
        assert await listener.read(lambda uow: uow.inbox.waiting("citizen", 1, ["telegram"]))
        with writer.begin() as uow:
            uow.add(outbound())
        assert await heard.get() == OUTBOUND
        assert heard.empty()
    finally:
        listening.cancel()


async def test_listener_whose_connection_is_cut_listens_again(stores: list[Store]) -> None:
    writer, listener, _ = stores
    heard: asyncio.Queue[str] = asyncio.Queue()
    listening = asyncio.create_task(forever("wakes", lambda: listener.listen(heard.put_nowait)))
    try:
        for _ in range(2):
            assert {await heard.get(), await heard.get()} == {INBOUND, OUTBOUND}
            with writer.engine.begin() as connection:
                cut = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen tanggap'"
                assert connection.execute(text(cut)).scalars().all() == [True]
    finally:
        listening.cancel()


async def test_role_is_played_by_one_process_and_freed_when_it_ends(postgres_url: str) -> None:
    first, second = Store(postgres_url), Store(postgres_url)
    first.open()
    second.open()
    try:
        assert await first.hold("sender telegram")
        assert not await second.hold("sender telegram")
        assert await second.hold("sender whatsapp")
        first.close()
        while not await second.hold("sender telegram"):
            pass  # the server notices in its own time that a connection ended
    finally:
        second.close()


async def test_role_whose_session_was_cut_is_asked_for_anew(stores: list[Store]) -> None:
    first, second, _ = stores
    assert await first.hold("sweeper")
    with second.engine.begin() as connection:
        holder = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
        assert connection.execute(text(holder)).scalars().all() == [True]

    assert not await first.hold("sweeper")  # whoever was cut off may have lost it to another
    assert await first.hold("sweeper")
    assert not await second.hold("sweeper")


async def test_workers_that_start_together_remember_the_same_faq_files(stores: list[Store]) -> None:
    files = [(f"sim/entri-{n}.md", b"# Tanya?\n\nJawab.") for n in range(50)]
    await asyncio.gather(*(store.write(lambda uow: uow.faq_edits.keep_good_files(files, NOW)) for store in stores))

    assert await stores[0].read(lambda uow: uow.faq_edits.good_files()) == dict(files)
