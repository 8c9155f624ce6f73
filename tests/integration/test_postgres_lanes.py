from __future__ import annotations

import asyncio

from chatbot.store.queue import Handled
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.rows import NOW, inbound


async def _work(store: Store, seen: list[int]) -> None:
    while waiting := await store.read(lambda uow: uow.inbox.waiting("citizen", 16, ["telegram"])):

        def unit(uow: UnitOfWork) -> list[int]:
            mine = uow.inbox.take(waiting, "citizen")
            uow.inbox.done([Handled(one.id, "answered") for one in mine])
            return [one.id for one in mine]

        seen += await store.write(unit)


async def test_workers_on_one_database_handle_each_message_once_and_in_order(postgres_url: str) -> None:
    stores = [Store(postgres_url) for _ in range(3)]
    for store in stores:
        store.open()
    try:
        rows = [inbound(f"update:{n}", chat=str(n % 7)) for n in range(400)]
        await stores[0].write(lambda uow: uow.inbox.add([rows]))
        seen: list[list[int]] = [[] for _ in stores]
        await asyncio.gather(*(_work(store, mine) for store, mine in zip(stores, seen, strict=True)))

        together = [row_id for mine in seen for row_id in mine]
        assert len(together) == len(set(together)) == 400
    finally:
        for store in stores:
            store.close()


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


async def test_workers_that_start_together_remember_the_same_faq_files(postgres_url: str) -> None:
    stores = [Store(postgres_url) for _ in range(3)]
    for store in stores:
        store.open()
    try:
        files = [(f"sim/entri-{n}.md", b"# Tanya?\n\nJawab.") for n in range(50)]
        await asyncio.gather(*(store.write(lambda uow: uow.faq_edits.keep_good_files(files, NOW)) for store in stores))

        assert await stores[0].read(lambda uow: uow.faq_edits.good_files()) == dict(files)
    finally:
        for store in stores:
            store.close()
