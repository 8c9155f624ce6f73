"""In which order what waits is handled: danger first, and of each chat in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import event as listening

from chatbot.store.queue import Handled, Waiting
from chatbot.store.store import Store
from tests.integration.rows import inbound

_LIMIT = 4
_CHANNELS = ["telegram"]


async def _fill(store: Store, *messages: tuple[str, bool]) -> list[int]:
    """Store one message of each of these chats, in this order; their ids."""
    rows = [inbound(f"{chat}:{n}", chat=chat, urgent=urgent) for n, (chat, urgent) in enumerate(messages)]
    await store.write(lambda uow: uow.inbox.add([rows]))
    return [one.id for one in await store.read(lambda uow: uow.inbox.waiting("citizen", 1000, _CHANNELS))]


async def _waiting(store: Store, limit: int = _LIMIT) -> list[Waiting]:
    return await store.write(lambda uow: uow.inbox.claim("citizen", limit, _CHANNELS))


def _chats(waiting: Sequence[Waiting]) -> list[str]:
    return [one.chat for one in waiting]


async def test_danger_at_the_end_of_a_backlog_comes_first_behind_what_the_same_person_wrote(store: Store) -> None:
    await _fill(store, ("1", False), ("2", False), ("3", False), ("4", False), ("5", False), ("3", True))

    found = await _waiting(store)

    assert _chats(found) == ["3", "3", "1", "2"]
    assert [one.urgent for one in found] == [False, True, False, False]


async def test_danger_behind_more_of_one_person_than_a_batch_holds_stays_in_order(store: Store) -> None:
    await _fill(store, ("1", False), *[("2", False)] * 5, ("2", True))

    first = await _waiting(store)
    await store.write(lambda uow: uow.inbox.done([Handled(one.id, "answered") for one in first]))
    second = await _waiting(store)

    assert _chats(first) == ["2"] * 4
    assert _chats(second) == ["2", "2", "1"]
    assert [one.id for one in (*first, *second[:2])] == sorted(one.id for one in (*first, *second[:2]))


async def test_while_only_danger_is_asked_for_nothing_else_is_given_out(store: Store) -> None:
    await _fill(store, ("1", False), ("2", False), ("3", False))
    assert await store.write(lambda uow: uow.inbox.claim("citizen", _LIMIT, _CHANNELS, only_danger=True)) == []

    await _fill(store, ("2", True))
    found = await store.write(lambda uow: uow.inbox.claim("citizen", _LIMIT, _CHANNELS, only_danger=True))
    assert _chats(found) == ["2", "2"]


async def test_danger_on_a_channel_that_is_not_served_hides_nobody_elses(store: Store) -> None:
    unserved = [{**inbound(f"wamid.{n}", chat=f"62{n}", urgent=True), "channel": "whatsapp"} for n in range(_LIMIT)]
    await store.write(lambda uow: uow.inbox.add([unserved]))
    await store.write(lambda uow: uow.inbox.add([[inbound("update:1", chat="1"), inbound("update:2", urgent=True)]]))

    assert _chats(await _waiting(store)) == ["501", "1"]


async def test_message_waits_for_an_older_one_of_its_chat_that_arrived_late_and_holds_nobody_up(store: Store) -> None:
    await _fill(store, ("1", False), ("2", False), ("2", False), ("1", False), ("3", True))
    without = [one for one in await _waiting(store, 10) if (one.chat, one.id) != ("2", 2)]

    taken = await store.write(lambda uow: uow.inbox.take(without, "citizen"))

    assert _chats(taken) == ["3", "1", "1"]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # PostgreSQL chooses by what is in the tables
async def test_what_is_first_is_found_without_reading_everything_that_waits(store: Store) -> None:
    await _fill(store, ("1", False), ("2", True))
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, _x: Any, _many: Any) -> None:
        asked.append((statement, values))

    listening.listen(store.engine, "before_cursor_execute", note)
    with store.reading() as uow:
        uow.inbox.take(uow.inbox.waiting("citizen", _LIMIT, _CHANNELS), "citizen")
    listening.remove(store.engine, "before_cursor_execute", note)
    with store.engine.connect() as connection:
        plans = [
            " ".join(row[3] for row in connection.exec_driver_sql(f"explain query plan {statement}", values))
            for statement, values in asked
            if statement.startswith("SELECT")
        ]

    assert [re.findall(r"inbound_\w+", plan) for plan in plans] == [
        ["inbound_urgent"],
        ["inbound_waiting_chat"],
        ["inbound_waiting"],
        ["inbound_waiting_chat"],
    ]
