"""A citizen who may be watched: nobody writes first, and what waits goes in order when the citizen writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chatbot.channels.base import WindowClosed
from chatbot.core.ticket import new_number
from chatbot.services.deliver import Deliver
from chatbot.services.outcome import Outcomes
from chatbot.services.outgoing import payload_of
from chatbot.store.outbox import Outbox
from chatbot.store.tables import OutboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.desk_bench import DeskBench

CITIZEN = "501"
CRY = "tolong ada maling bawa celurit di rumah saya"


async def unsafe_ticket(bench: DeskBench) -> str:
    """A ticket whose citizen must not be written to first, and who wrote an hour ago; all that was due is sent."""
    number = await bench.complain()
    await bench.hear(text="hapus")
    await bench.hear(text="tidak")
    await all_sent(bench)
    bench.now += timedelta(hours=1)
    return number


async def all_sent(bench: DeskBench) -> None:
    def unit(uow: UnitOfWork) -> None:
        for row in every_row(uow):
            if row.state == "pending":
                row.state = "sent"

    await bench.store.write(unit)


def every_row(uow: UnitOfWork) -> list[OutboundRow]:
    return [row for number in range(1, 300) if (row := uow.outbound(number))]


async def to_citizen(bench: DeskBench, state: str) -> list[str]:
    """What is written to the citizen and stands so, in order."""
    rows = await bench.store.read(every_row)
    return [payload_of(row).text for row in rows if row.chat == CITIZEN and row.state == state and row.task == "text"]


async def ticket_of(bench: DeskBench) -> TicketRow:
    row = await bench.store.read(lambda uow: uow.ticket(1))
    assert row
    return row


async def test_officers_answer_waits_until_the_citizen_writes_and_goes_ahead_of_the_reply(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    await bench.officer(f"/ambil #{number}")
    await bench.officer(f"/jawab #{number} Petugas sudah di lokasi")
    assert await to_citizen(bench, "pending") == []
    first, second = await to_citizen(bench, "held")
    assert "Petugas sudah di lokasi" in second
    assert any("dikirim saat warga menulis" in text for text in await bench.texts())

    await bench.hear(text="status")
    assert await to_citizen(bench, "held") == []
    waiting = await to_citizen(bench, "pending")
    assert waiting[:2] == [first, second]
    assert len(waiting) == 3


async def test_answer_to_what_was_just_written_goes_at_once_and_a_later_one_does_not(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    await bench.hear(text="bagaimana kelanjutannya pak")
    await all_sent(bench)
    bench.now += timedelta(minutes=9)
    await bench.officer(f"/jawab #{number} Sedang diperiksa")
    assert len(await to_citizen(bench, "pending")) == 1

    bench.now += timedelta(minutes=2)
    await bench.officer(f"/jawab #{number} Sudah diperiksa")
    assert len(await to_citizen(bench, "held")) == 1


async def test_reminder_waits_too(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    await bench.officer(f"/tanya #{number} Apa nomor polisinya?")
    await bench.later(9 * 24 * 60)
    assert await to_citizen(bench, "pending") == []
    assert len(await to_citizen(bench, "held")) == 2


async def test_closing_waits_and_a_number_typed_before_it_is_read_is_no_mark(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    await bench.officer(f"/tutup #{number} Sudah selesai")
    assert len(await to_citizen(bench, "held")) == 1

    await bench.hear(text="5")
    assert (await ticket_of(bench)).rating is None


async def test_held_answer_can_be_taken_back(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    await bench.officer(f"/jawab #{number} Salah tulis")
    await bench.officer(f"/batal #{number}")
    await bench.hear(text="status")
    assert not [text for text in await to_citizen(bench, "pending") if "Salah tulis" in text]


async def test_the_110_notice_in_answer_to_a_cry_goes_at_once_however_late(bench: DeskBench) -> None:
    await unsafe_ticket(bench)
    await bench.hear(text=CRY)
    deliver = Deliver(bench.store, bench.office, bench.telegram, 30)
    bench.now += timedelta(hours=1)  # an outage
    jobs = await bench.store.write(deliver._claim)
    notices = [job.message.text for job in jobs if job.row.chat == CITIZEN and job.row.priority == 0]
    assert len(notices) == 1
    assert "110" in notices[0]


async def test_alert_of_somebody_who_is_watched_is_marked(bench: DeskBench) -> None:
    await bench.hear(text="hapus")
    await bench.hear(text=CRY)
    ticket = await ticket_of(bench)
    assert (ticket.alert, ticket.unsafe) == (True, True)


async def test_answer_that_an_outage_kept_for_long_would_be_a_first_word(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    await bench.hear(text="bagaimana kelanjutannya pak")
    await bench.officer(f"/jawab #{number} Sedang diperiksa")
    assert await to_citizen(bench, "held") == []

    bench.now += timedelta(hours=1)
    deliver = Deliver(bench.store, bench.office, bench.telegram, 30)
    jobs = await bench.store.write(deliver._claim)
    assert not [job for job in jobs if job.row.chat == CITIZEN]
    assert "held" in {row.state for row in await bench.store.read(every_row) if row.chat == CITIZEN}


async def test_what_waits_for_a_citizen_does_not_look_like_a_standstill(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    await bench.officer(f"/jawab #{number} Sedang diperiksa")
    await bench.hear(text="status")
    await all_sent(bench)
    bench.now += timedelta(hours=1)
    await bench.officer(f"/jawab #{number} Sudah diperiksa")

    def another(uow: UnitOfWork) -> None:
        held = next(row for row in every_row(uow) if row.state == "held")
        values: dict[str, Any] = {
            "channel": held.channel,
            "chat": held.chat,
            "contact_id": held.contact_id,
            "queue": held.queue,
        }
        uow.add(OutboundRow(**values, task="text", due_at=bench.now, created_at=bench.now))
        for row in every_row(uow):
            if row.for_group:
                row.state = "sent"

    await bench.store.write(another)
    oldest = await bench.store.read(lambda uow: Outbox(uow._session).oldest_waiting(bench.now + timedelta(hours=1)))
    assert oldest is None


async def test_officers_change_the_mark_and_the_trail_knows_who_did(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tidak-aman #{number}")
    assert (await ticket_of(bench)).unsafe
    await bench.officer(f"/tidak-aman #{number}")
    assert (await bench.texts())[-1].endswith("Tandanya sudah demikian.")
    bench.now += timedelta(hours=1)
    await bench.officer(f"/jawab #{number} Sedang diperiksa")
    assert len(await to_citizen(bench, "held")) == 1

    await bench.officer(f"/aman #{number}")
    assert await to_citizen(bench, "held") == []
    acts = await bench.store.read(lambda uow: [(row.act, row.actor) for row in uow.audit.of_ticket(1)])
    assert [act for act in acts if act[0] in {"safe", "unsafe"}] == [("unsafe", "901"), ("safe", "901")]


async def test_officers_hear_what_the_citizen_wishes(bench: DeskBench) -> None:
    await bench.complain()
    await bench.hear(text="hapus")
    assert any("Warga meminta: jangan menghubungi lebih dulu" in text for text in await bench.texts())
    await bench.hear(text="boleh")
    assert any("Warga membolehkan" in text for text in await bench.texts())
    acts = await bench.store.read(lambda uow: [(row.act, row.actor) for row in uow.audit.of_ticket(1)])
    assert acts[-2:] == [("unsafe", "citizen"), ("safe", "citizen")]


async def test_other_citizens_and_other_tickets_are_written_to_as_always(bench: DeskBench) -> None:
    number = await bench.complain()
    bench.now += timedelta(hours=1)
    await bench.officer(f"/jawab #{number} Sedang diperiksa")
    assert await to_citizen(bench, "held") == []


async def test_no_template_invites_somebody_who_is_watched(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    bench.office = replace(bench.office, templates=frozenset({"telegram"}))
    await bench.hear(text="bagaimana kelanjutannya pak")
    await bench.officer(f"/jawab #{number} Sedang diperiksa")

    def closed(uow: UnitOfWork) -> None:
        row = next(row for row in every_row(uow) if row.chat == CITIZEN and row.purpose == "answer")
        Outcomes(uow, bench.office, bench.now).failed(row, WindowClosed("131047"))

    await bench.store.write(closed)
    assert "template" not in {row.task for row in await bench.store.read(every_row)}


async def test_what_waits_for_one_ticket_does_not_hold_back_the_answer_to_another(bench: DeskBench) -> None:
    number = await unsafe_ticket(bench)
    await bench.officer(f"/jawab #{number} Petugas sudah di lokasi")
    number_of_second = new_number(lambda _: 4)

    def second(uow: UnitOfWork) -> None:
        first = uow.ticket(1)
        assert first
        copied = {key: getattr(first, key) for key in TicketRow.model_fields if key != "id"}
        uow.add(TicketRow(**{**copied, "number": number_of_second, "unsafe": False}))

    await bench.store.write(second)
    await bench.officer(f"/jawab #{number_of_second} Dompet Anda ditemukan")
    leaving = await bench.store.write(lambda uow: uow.outbox.heads("telegram", bench.now + timedelta(minutes=1), 100))
    assert [payload_of(row).text for row in leaving if row.chat == CITIZEN and "Dompet" in payload_of(row).text]
    assert len(await to_citizen(bench, "held")) == 1
