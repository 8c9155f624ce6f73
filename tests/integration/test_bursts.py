"""What is said in one message where a group is busy, and what never is."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.channels.base import Rejected, SendError, SendResult, Throttled
from chatbot.core.message import Choice
from chatbot.core.ticket import spoken
from chatbot.services.deliver import Deliver
from chatbot.services.job import Job
from chatbot.services.outbox import Post
from chatbot.services.outgoing import Purpose, Recipient, payload_of
from chatbot.store.store import Store
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, behind
from tests.integration.desk_bench import DeskBench


@pytest.fixture
async def bench(store: Store, tmp_path: Path) -> DeskBench:
    """Two tickets in topics of their own, and nothing that waits to be sent."""
    bench = DeskBench(store, tmp_path)
    await bench.complain()

    def unit(uow: UnitOfWork) -> None:
        first = ticket(uow)
        first.has_topic, first.thread, first.card_message = True, "7", "70"
        other = {key: getattr(first, key) for key in TicketRow.model_fields if key != "id"}
        uow.add(TicketRow(**{**other, "number": "1234567894", "thread": "8", "card_message": "80"}))
        for row in filter(None, map(uow.outbound, range(1, 200))):
            row.state = "sent"

    await store.write(unit)
    return bench


@pytest.fixture
def deliver(bench: DeskBench) -> Deliver:
    """A sender to a group that was written to ten times in this minute."""
    made = Deliver(bench.store, bench.office, bench.telegram, 30)
    for _ in range(10):
        made._pace.wait(OFFICERS, time.monotonic(), group=True, urgent=False, free=False)
    return made


def ticket(uow: UnitOfWork, ticket_id: int = 1) -> TicketRow:
    row = uow.ticket(ticket_id)
    assert row
    return row


async def say(bench: DeskBench, *texts: str, ticket_id: int = 1, purpose: Purpose = Purpose.RELAY) -> None:
    def unit(uow: UnitOfWork) -> None:
        for text in texts:
            Post(uow, bench.office, bench.now).to_desk(ticket(uow, ticket_id), text, purpose=purpose)

    await bench.store.write(unit)


async def claimed(bench: DeskBench, deliver: Deliver) -> list[tuple[str, str]]:
    """What is sent now, and where; all of it arrives."""
    jobs = await bench.store.write(deliver._claim)
    await became(bench, deliver, jobs, SendResult(("99",)))
    return [(job.message.thread, job.message.text) for job in jobs]


async def became(bench: DeskBench, deliver: Deliver, jobs: list[Job], outcome: SendResult | SendError) -> None:
    await bench.store.write(lambda uow: deliver._outcomes(uow, [(job, outcome) for job in jobs]))


async def test_what_waits_at_one_place_is_one_message_and_two_tickets_are_two(
    bench: DeskBench, deliver: Deliver
) -> None:
    await say(bench, "satu", "dua")
    await say(bench, "lain", ticket_id=2)
    await say(bench, "tiga")
    assert await claimed(bench, deliver) == [("7", "satu\n\ndua\n\ntiga"), ("8", "lain")]
    assert await claimed(bench, deliver) == []


async def test_group_with_time_to_spare_reads_one_after_the_other(bench: DeskBench) -> None:
    await say(bench, "satu", "dua")
    idle = Deliver(bench.store, bench.office, bench.telegram, 30)
    assert await claimed(bench, idle) == [("7", "satu")]
    assert await claimed(bench, idle) == [("7", "dua")]


async def test_buttons_and_what_a_reply_would_mean_keep_words_apart(bench: DeskBench, deliver: Deliver) -> None:
    await say(bench, "satu")
    await say(bench, "apa sebabnya?", purpose=Purpose.PROMPT_CLOSE)
    await say(bench, "dari petugas", purpose=Purpose.DESK)
    button = (Choice("Ambil", "d:take:1"),)
    await bench.store.write(lambda uow: Post(uow, bench.office, bench.now).to_desk(ticket(uow), "tombol", button))
    said = [(await claimed(bench, deliver))[0][1] for _ in range(4)]
    assert said == ["satu", "apa sebabnya?", "dari petugas", "tombol"]


async def test_message_is_never_longer_than_the_platform_takes(bench: DeskBench, deliver: Deliver) -> None:
    await say(bench, "a" * 2000, "b" * 2000, "c" * 2000)
    assert [len(text) for _, text in await claimed(bench, deliver)] == [4002]
    assert [len(text) for _, text in await claimed(bench, deliver)] == [2000]


async def test_what_was_refused_together_goes_one_by_one(bench: DeskBench, deliver: Deliver) -> None:
    await say(bench, "satu", "dua")
    jobs = await bench.store.write(deliver._claim)
    await became(bench, deliver, jobs, Rejected("400"))
    assert await claimed(bench, deliver) == [("7", "satu")]
    assert await claimed(bench, deliver) == [("7", "dua")]


async def test_what_has_to_wait_waits_together(bench: DeskBench, deliver: Deliver) -> None:
    await say(bench, "satu", "dua")
    jobs = await bench.store.write(deliver._claim)
    await became(bench, deliver, jobs, Throttled("429"))
    bench.now += timedelta(minutes=1)
    assert await claimed(bench, deliver) == [("7", "satu\n\ndua")]


async def test_word_at_a_place_that_lost_its_card_goes_with_the_number_and_a_card_follows(
    bench: DeskBench, deliver: Deliver
) -> None:
    def lost(uow: UnitOfWork) -> str:
        row = ticket(uow)
        row.has_topic, row.thread, row.card_message = False, "", ""
        return spoken(row.number)

    number = await bench.store.write(lost)
    await say(bench, "satu")
    (job,) = await bench.store.write(deliver._claim)
    assert number in deliver._numbered(job.message, job.number).text
    await became(bench, deliver, [job], SendResult(("99",)))

    bench.now += timedelta(seconds=3)
    (job,) = await bench.store.write(deliver._claim)
    assert (job.row.purpose, job.number) == (Purpose.CARD, "")
    assert number in job.message.text


async def test_what_is_not_due_yet_is_not_said_early(bench: DeskBench, deliver: Deliver) -> None:
    await say(bench, "satu", "dua", "tiga")

    def later(uow: UnitOfWork) -> None:
        (row,) = [row for row in filter(None, map(uow.outbound, range(1, 200))) if payload_of(row).text == "dua"]
        row.due_at = bench.now + timedelta(minutes=1)

    await bench.store.write(later)
    assert await claimed(bench, deliver) == [("7", "satu")]
    assert await claimed(bench, deliver) == []
    bench.now += timedelta(minutes=2)
    assert await claimed(bench, deliver) == [("7", "dua\n\ntiga")]


async def test_what_the_account_may_not_send_yet_is_left_as_it_is_and_an_emergency_goes_all_the_same(
    bench: DeskBench,
) -> None:
    """Rows that were put off and put off again would be written to the disk a hundred times for each that is sent."""
    many = 40

    def unit(uow: UnitOfWork) -> None:
        people = uow.people.meet({("telegram", str(n)): "Warga" for n in range(1000, 1000 + many)}, bench.now)
        for (channel, chat), address in people.items():
            to = Recipient(address.contact_id, channel, chat)
            Post(uow, bench.office, bench.now).to_citizen(to, "jawaban")
        Post(uow, bench.office, bench.now).to_citizen(to, "telepon 110", urgent=True)

    await bench.store.write(unit)
    slow = Deliver(bench.store, bench.office, bench.telegram, 1e-3)

    assert [text for _, text in await claimed(bench, slow)] == ["telepon 110"]
    assert await claimed(bench, slow) == []
    rows = [row for row in await bench.store.write(behind) if row.state == "pending"]
    assert len(rows) == many
    assert {row.due_at for row in rows} == {bench.now}
