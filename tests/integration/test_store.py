from __future__ import annotations

import asyncio
import shutil
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from chatbot.store.engine import StoreInUse
from chatbot.store.faq_tables import FaqEditRow
from chatbot.store.outbox import DeliveryReceipt
from chatbot.store.queue import Handled, Stored
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable
from tests.integration.rows import NOW, inbound, meet, outbound, ticket


async def test_duplicate_update_is_stored_once(store: Store) -> None:
    first = await store.write(lambda uow: uow.inbox.add([[inbound("update:1"), inbound("update:1")]])[0])
    second = await store.write(lambda uow: uow.inbox.add([[inbound("update:1")]])[0])

    assert (first.new, first.duplicates) == (1, 1)
    assert (second.new, second.duplicates) == (0, 1)
    assert len(await store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))) == 1


async def test_known_id_with_another_body_is_a_new_message_and_counted(store: Store) -> None:
    await store.write(lambda uow: uow.inbox.add([[inbound("update:1", body="one")]])[0])
    stored = await store.write(lambda uow: uow.inbox.add([[inbound("update:1", body="two")]])[0])

    assert (stored.new, stored.conflicts) == (1, 1)


async def test_only_what_waits_is_set_aside(store: Store) -> None:
    await store.write(lambda uow: uow.inbox.add([[inbound("update:1"), inbound("update:2")]]))
    handled, waits = await store.read(lambda uow: uow.inbox.waiting("citizen", 2, ["telegram"]))
    await store.write(lambda uow: uow.inbox.done([Handled(handled.id, "answered")]))
    for one in (handled, waits):
        await store.write(partial(_set_aside, row_id=one.id))
    assert await store.read(lambda uow: uow.inbox.outcomes()) == {"answered": 1, "quarantined": 1}


def _set_aside(uow: UnitOfWork, row_id: int) -> None:
    uow.inbox.quarantine(row_id, "unreadable")


async def test_message_of_a_channel_that_is_not_served_holds_up_nobody(store: Store) -> None:
    theirs = {**inbound("update:1"), "channel": "whatsapp"}  # the very same lane
    await store.write(lambda uow: uow.inbox.add([[theirs, inbound("update:2")]]))
    waiting = await store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))

    assert await store.write(lambda uow: uow.inbox.take(waiting, "citizen")) == waiting


async def test_parallel_deliveries_of_one_message_leave_one_row(store: Store) -> None:
    results = await asyncio.gather(
        *(store.write(lambda uow: uow.inbox.add([[inbound("update:9")]])[0]) for _ in range(50))
    )

    assert sum(one.new for one in results) == 1


async def test_unit_that_raises_leaves_nothing_and_takes_nobody_with_it(store: Store) -> None:
    def keeps(n: int, uow: UnitOfWork) -> Stored:
        return uow.inbox.add([[inbound(f"update:{n}")]])[0]

    def breaks(uow: UnitOfWork) -> None:
        uow.inbox.add([[inbound("update:lost")]])[0]
        raise ValueError("this unit breaks")

    good = [store.write(partial(keeps, n)) for n in range(5)]
    outcomes = await asyncio.gather(*good, store.write(breaks), return_exceptions=True)

    assert isinstance(outcomes[-1], ValueError)
    waiting = await store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))
    assert len(waiting) == 5


async def test_row_that_sends_a_ticket_to_another_citizen_cannot_be_written(store: Store) -> None:
    def two_citizens(uow: UnitOfWork) -> tuple[int, int, int]:
        mine = meet(uow, "501")
        other = meet(uow, "502")
        row = ticket(mine.contact_id)
        uow.add(row)
        uow.flush()
        return row.id, mine.contact_id, other.contact_id

    ticket_id, mine, other = await store.write(two_citizens)
    ours = {"for_group": False, "queue": "q", "ticket_id": ticket_id}

    await store.write(lambda uow: uow.add(outbound(**ours, chat="501", contact_id=mine)))
    with pytest.raises(IntegrityError):  # the other citizen, my ticket
        await store.write(lambda uow: uow.add(outbound(**ours, chat="502", contact_id=other)))
    with pytest.raises(IntegrityError):  # me, but at the other's address
        await store.write(lambda uow: uow.add(outbound(**ours, chat="502", contact_id=mine)))
    with pytest.raises(IntegrityError):  # a citizen's chat dressed up as a group's row keeps its contact
        await store.write(lambda uow: uow.add(outbound(**{**ours, "for_group": True}, chat="502", contact_id=mine)))
    with pytest.raises(IntegrityError):  # nobody's row
        await store.write(lambda uow: uow.add(outbound(**ours, chat="502")))


async def test_ticket_cannot_answer_to_an_address_of_someone_else(store: Store) -> None:
    def unit(uow: UnitOfWork) -> None:
        mine = meet(uow, "501")
        meet(uow, "502")
        uow.add(ticket(mine.contact_id, address="502"))

    with pytest.raises(IntegrityError):
        await store.write(unit)


async def test_second_live_alert_of_a_person_cannot_be_written(store: Store) -> None:
    def unit(uow: UnitOfWork) -> None:
        mine = meet(uow, "501")
        uow.add(ticket(mine.contact_id, "1111111110", alert_live=True))
        uow.add(ticket(mine.contact_id, "2222222220", alert_live=True))

    with pytest.raises(IntegrityError):
        await store.write(unit)


async def test_stale_version_of_a_ticket_is_refused(store: Store) -> None:
    def make(uow: UnitOfWork) -> int:
        mine = meet(uow, "501")
        row = ticket(mine.contact_id)
        uow.add(row)
        uow.flush()
        return row.id

    ticket_id = await store.write(make)
    stale = await store.write(lambda uow: uow.ticket(ticket_id))

    def change(uow: UnitOfWork) -> None:
        row = uow.ticket(ticket_id)
        assert row is not None
        row.officer_id = "901"

    await store.write(change)
    assert stale is not None

    def overwrite(uow: UnitOfWork) -> None:
        stale.officer_id = "902"
        uow.add(stale)

    with pytest.raises(StaleDataError):
        await store.write(overwrite)


async def test_only_the_head_of_a_queue_is_given_out_and_urgent_queues_come_first(store: Store) -> None:
    def fill(uow: UnitOfWork) -> None:
        for queue, priority in (("news", 8), ("slow", 4), ("slow", 4), ("other", 4), ("answer", 2), ("urgent", 0)):
            uow.add(outbound(queue=queue, priority=priority))
            uow.flush()

    await store.write(fill)
    heads = await store.write(lambda uow: [row.queue for row in uow.outbox.heads("telegram", NOW, 10)])

    assert heads == ["urgent", "answer", "slow", "other", "news"]


async def test_row_put_off_further_than_anything_is_goes_now_for_the_clock_was_put_back(store: Store) -> None:
    def fill(uow: UnitOfWork) -> list[int]:
        rows = [outbound(queue=queue) for queue in ("a", "b")]
        rows[1].error = "Throttled 429"  # the platform asked for so much
        for row in rows:
            uow.add(row)
            uow.flush()
        uow.outbox.postpone([(row.id, NOW + timedelta(days=2)) for row in rows])
        return [row.id for row in rows]

    ids = await store.write(fill)
    assert await store.write(lambda uow: [row.id for row in uow.outbox.heads("telegram", NOW, 10)]) == [ids[0]]


async def test_row_under_way_or_put_off_holds_only_its_own_queue(store: Store) -> None:
    def fill(uow: UnitOfWork) -> list[int]:
        rows = [outbound(queue=queue) for queue in ("a", "a", "b", "b")]
        for row in rows:
            uow.add(row)
            uow.flush()
        uow.outbox.sending([rows[0].id])
        uow.outbox.postpone([(rows[2].id, NOW + timedelta(minutes=5))])
        return [row.id for row in rows]

    ids = await store.write(fill)
    assert await store.write(lambda uow: [row.id for row in uow.outbox.heads("telegram", NOW, 10)]) == []

    await store.write(lambda uow: uow.outbox.sent([(ids[0], "m1")], NOW))
    assert await store.write(lambda uow: [row.id for row in uow.outbox.heads("telegram", NOW, 10)]) == [ids[1]]


async def test_receipt_never_moves_back_and_never_counts_for_another_message(store: Store) -> None:
    def fill(uow: UnitOfWork) -> list[int]:
        rows = [outbound(queue=queue) for queue in ("a", "b", "c")]
        for row in rows:
            uow.add(row)
        uow.flush()
        return [row.id for row in rows]

    first, second, third = await store.write(fill)
    await store.write(lambda uow: uow.outbox.sent([(third, "m3"), (second, "m2")], NOW))
    # The first one's call was not answered yet; of the third a receipt names another message.
    told = [
        DeliveryReceipt(third, "read", "m2"),
        DeliveryReceipt(first, "read", "m1"),
        DeliveryReceipt(second, "delivered", "m2"),
    ]
    await store.write(lambda uow: uow.outbox.arrived(told))
    await store.write(
        lambda uow: uow.outbox.arrived([DeliveryReceipt(first, "delivered", "m1"), DeliveryReceipt(99, "read", "m9")])
    )

    rows = await store.read(lambda uow: [uow.outbound(row_id) for row_id in (first, second, third)])
    assert [row.receipt for row in rows if row] == ["read", "delivered", ""]


async def test_purge_empties_old_bodies_but_keeps_the_duplicate_key(store: Store) -> None:
    await store.write(lambda uow: uow.inbox.add([[inbound("update:1"), inbound("update:2")]])[0])
    one, two = await store.read(lambda uow: uow.inbox.waiting("citizen", 10, ["telegram"]))
    await store.write(lambda uow: uow.inbox.quarantine(one.id, "old"))

    beginning = (NOW - timedelta(days=1), 0)
    old = await store.read(lambda uow: uow.erasures.purgeable(NOW + timedelta(days=1), beginning, 10))
    await store.write(lambda uow: uow.erasures.empty_bodies([row.id for row in old]))
    kept = await store.read(lambda uow: (uow.inbound(one.id), uow.inbound(two.id)))
    assert [row.raw if row else None for row in kept] == [None, b"{}"]  # what waits is never emptied
    again = await store.write(lambda uow: uow.inbox.add([[inbound("update:1")]])[0])
    assert again.duplicates == 1


async def test_group_that_moved_takes_its_tickets_and_what_waits_with_it(store: Store) -> None:
    def fill(uow: UnitOfWork) -> tuple[int, int]:
        mine = meet(uow, "501")
        row = ticket(mine.contact_id, thread="5", has_topic=True, card_message="9")
        uow.add(row)
        uow.flush()
        card = outbound(queue=f"telegram:-100#{row.id}", ticket_id=row.id)
        uow.add(card)
        uow.flush()
        return row.id, card.id

    ticket_id, card_id = await store.write(fill)
    assert await store.write(lambda uow: uow.groups.move_chat("-100", "-200"))
    assert not await store.write(lambda uow: uow.groups.move_chat("-100", "-200"))

    row, card, now = await store.read(
        lambda uow: (uow.ticket(ticket_id), uow.outbound(card_id), uow.groups.current_chat("-100"))
    )
    assert row is not None
    assert card is not None
    assert (row.chat, row.thread, row.has_topic, now) == ("-200", "", None, "-200")
    assert (card.chat, card.queue) == ("-200", f"telegram:-200#{ticket_id}")


def test_second_process_on_an_sqlite_file_is_refused(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/one.db"
    first, second = Store(url), Store(url)
    first.open()
    with pytest.raises(StoreInUse):
        second.open()
    first.close()
    second.open()
    second.close()


async def test_change_of_the_faq_that_came_in_force_last_is_taken_back_first(store: Store) -> None:
    def unit(uow: UnitOfWork) -> int | None:
        for number, minutes, state in ((1, 9, "live"), (2, 5, "live"), (3, 10, "undone")):
            row = FaqEditRow(
                inbound_id=number,
                chat="-1",
                message_id="1",
                author="9",
                author_name="",
                state=state,
                approver="8",
                created_at=NOW,
                changed_at=NOW + timedelta(minutes=minutes),
            )
            uow.add(row)
        latest = uow.faq_edits.latest_live()
        return latest.inbound_id if latest else None

    assert await store.write(unit) == 1  # it was proposed first and approved last


async def test_who_shares_a_commit_with_one_who_fills_the_disk_is_not_told_that_it_was_kept(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """SQLite rolls the whole transaction back then, and Python's driver says nothing at a commit of none."""
    shutil.copyfile(sqlite_template, tmp_path / "small.db")
    store = Store(f"sqlite:///{tmp_path / 'small.db'}")
    store.open()
    together = threading.Event()

    def wait(_: UnitOfWork) -> None:
        together.wait()

    def fill(uow: UnitOfWork) -> None:
        pages = uow._session.execute(text("pragma page_count")).scalar_one()
        uow._session.execute(text(f"pragma max_page_count = {pages + 2}"))
        uow.inbox.add([[{**inbound("update:2"), "raw": bytes(1_000_000)}]])

    try:
        first = asyncio.gather(store.write(wait), return_exceptions=True)  # it may be in the same commit
        await asyncio.sleep(0)
        units = (
            lambda uow: uow.inbox.add([[inbound("update:1")]]),
            fill,
            lambda uow: uow.inbox.add([[inbound("update:3")]]),
        )
        waiting = asyncio.gather(*map(store.write, units), return_exceptions=True)
        await asyncio.sleep(0)
        together.set()
        await first
        told = [isinstance(one, StoreUnavailable) for one in await waiting]
        kept = await store.read(
            lambda uow: uow._session.execute(text("select external_id from inbound")).scalars().all()
        )
        assert told == [True, True, True]
        assert list(kept) == []
    finally:
        store.close()
