"""A ticket's life by the clock: verified, asked about, reminded, rejected, confirmed; who hears that it is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatbot.core.message import Outbound
from chatbot.core.ticket import TicketStatus, spoken
from chatbot.services.cards import card_text
from chatbot.services.clocks import Clocks
from chatbot.services.outbox import Post
from chatbot.services.outgoing import payload_of, reporter
from chatbot.services.plan import plain_region
from chatbot.services.views import Views
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import DeskBench

DAY = 24 * 60


def ticket_in(uow: UnitOfWork, ticket_id: int = 1) -> TicketRow:
    ticket = uow.ticket(ticket_id)
    assert ticket
    return ticket


async def status(bench: DeskBench) -> str:
    return await bench.store.read(lambda uow: ticket_in(uow).status)


async def test_verified_ticket_is_told_and_is_not_verified_twice(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/verifikasi #{number}")
    assert await status(bench) == TicketStatus.VERIFIED
    assert any("sudah diperiksa petugas" in text for text in await bench.texts())

    await bench.officer(f"/verifikasi #{number}")
    assert (await bench.texts())[-1].endswith("sudah diverifikasi atau sudah ditangani.")


async def test_rejected_ticket_tells_why_has_no_mark_and_can_be_objected_to(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tolak #{number} Jalan rusak adalah urusan dinas pekerjaan umum")
    assert await status(bench) == TicketStatus.REJECTED
    told = next(text for text in await bench.texts() if "tidak dapat ditangani" in text)
    assert "urusan dinas pekerjaan umum" in told

    await bench.hear(text="5")
    assert await bench.store.read(lambda uow: ticket_in(uow).rating) is None
    await bench.hear(text="keberatan")
    assert await status(bench) == TicketStatus.RECEIVED


async def test_citizen_is_reminded_once_of_a_question_and_then_the_officer_goes_on(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tanya #{number} Apa nomor polisinya?")
    assert await status(bench) == TicketStatus.WAITING
    assert not [text for text in await bench.later(7 * DAY) if text.startswith("501: ")]

    reminded = [text for text in await bench.later(1.5 * DAY) if text.startswith("501: ")]
    assert len(reminded) == 1
    assert "Apa nomor polisinya?" in reminded[0]
    assert not [text for text in await bench.later(DAY) if text.startswith("501: ")]

    lapsed = await bench.later(DAY)
    assert any("tidak menjawab pertanyaan" in text for text in lapsed)
    assert await status(bench) == TicketStatus.ASSIGNED


async def test_answer_in_time_ends_the_waiting(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tanya #{number} Apa nomor polisinya?")
    await bench.later(DAY)
    await bench.hear(text="AB 1234 CD")
    assert await status(bench) == TicketStatus.ASSIGNED
    assert not [text for text in await bench.later(10 * DAY) if text.startswith("501: ")]


async def test_silence_after_closing_counts_as_done_and_is_said_to_nobody(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tutup #{number} Sudah selesai")
    assert await bench.later(2 * DAY) == []
    assert await bench.store.read(lambda uow: ticket_in(uow).confirmed_at) is None

    assert await bench.later(2 * DAY) == []
    assert await bench.store.read(lambda uow: ticket_in(uow).confirmed_at) is not None
    events = await bench.store.read(lambda uow: [event.event for event in uow.events(1)])
    assert events[-1] == "confirmed"


async def test_unanswered_ticket_is_told_of_before_at_and_after_its_time(bench: DeskBench) -> None:
    await bench.complain()  # a crime: 8 hours to the first answer
    assert await bench.later(6 * 60) == []
    soon = await bench.later(60)
    assert "jawaban pertama jatuh tempo" in soon[0]
    assert await bench.later(30) == []

    due = await bench.later(60)
    assert "jatuh tempo sekarang" in due[0]
    late = await bench.later(4 * 60)
    assert "terlambat" in late[0]


async def test_answered_ticket_is_not_warned_of_and_a_reopened_one_anew(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/jawab #{number} Kami periksa")
    assert await bench.later(12 * 60) == []
    await bench.officer(f"/tutup #{number} Selesai")
    await bench.hear(text="keberatan")
    await bench.hear(text="Belum ada yang datang")

    assert any("jatuh tempo" in text for text in await bench.later(9 * 60))


async def test_after_an_outage_one_summary_is_said(bench: DeskBench) -> None:
    for person in range(601, 606):
        who: dict[str, Any] = {"id": person, "type": "private", "first_name": "Warga"}
        sender: dict[str, Any] = {"chat": who, "from": {**who, "is_bot": False}}
        await bench.complain(**sender)

    told = await bench.later(3 * DAY)
    assert len(told) == 1
    assert told[0].startswith(f"{OFFICERS}: ⏰ 5 aduan")
    assert await bench.later(30) == []


async def test_clocks_stand_still_while_the_citizen_is_asked(bench: DeskBench) -> None:
    number = await bench.complain()
    before = await bench.store.read(partial(due, bench))
    await bench.officer(f"/tanya #{number} Berapa nomor polisinya?")
    assert await bench.store.read(partial(due, bench)) is None

    await bench.later(2 * DAY)
    await bench.hear(text="nomornya AB 1234 CD")
    after = await bench.store.read(partial(due, bench))
    assert before
    assert after
    assert after > before


def due(bench: DeskBench, uow: UnitOfWork) -> datetime | None:
    row = ticket_in(uow)
    return Clocks(uow, bench.office, bench.now).deadlines([row]).get(row.id)


async def test_time_to_answer_is_the_regions(bench: DeskBench) -> None:
    region = plain_region("Polres Contoh", ZoneInfo("Asia/Jakarta"), ("id",), OFFICERS, "")
    number = await bench.complain()
    await bench.officer(f"/tanya #{number} Kapan?")
    until = await bench.store.read(lambda uow: ticket_in(uow).asked_until)
    assert until == bench.now + timedelta(days=region.days_to_answer)


async def test_question_that_was_taken_back_is_neither_waited_for_nor_repeated(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tanya #{number} Apakah saksi melihatnya?")
    await bench.officer("/batal")
    assert await status(bench) == TicketStatus.ASSIGNED

    told = await bench.later(9 * DAY)
    assert not [text for text in told if text.startswith("501: ")]


async def test_short_time_to_answer_is_reminded_of_at_its_half(bench: DeskBench) -> None:
    number = await bench.complain()
    region = bench.office.plan.region
    bench.office.plan.take(replace(region, days_to_answer=1))
    await bench.officer(f"/tanya #{number} Kapan?")
    assert not [text for text in await bench.later(11 * 60) if text.startswith("501: ")]
    assert [text for text in await bench.later(2 * 60) if "masih menunggu" in text]


async def test_reopened_ticket_has_no_result_any_more(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tolak #{number} Bukan wewenang kami")
    await bench.hear(text="keberatan")
    assert await bench.store.read(lambda uow: ticket_in(uow).result) == ""


@pytest.mark.parametrize("word", ["buka", "petugas", "batal"])
async def test_word_of_everyday_that_answers_a_question_reaches_the_officer(bench: DeskBench, word: str) -> None:
    number = await bench.complain()
    await bench.officer(f"/tanya #{number} Warungnya masih buka atau tutup?")
    await bench.hear(text=word)
    assert await status(bench) == TicketStatus.ASSIGNED
    assert any(text.startswith(OFFICERS) and text.endswith(word) for text in await bench.texts())
    assert await bench.store.read(lambda uow: uow.ticket(2)) is None


async def test_word_that_a_template_asked_for_is_no_answer_to_a_question(bench: DeskBench) -> None:
    bench.office = replace(bench.office, templates=frozenset({"telegram"}))
    bench.respond._office = bench.office
    number = await bench.complain()
    await bench.officer(f"/tanya #{number} Warungnya masih buka atau tutup?")
    to = await bench.store.read(lambda uow: reporter(ticket_in(uow)))
    await bench.store.write(lambda uow: Post(uow, bench.office, bench.now).template(to, 1))
    await bench.hear(text="BUKA")
    assert await status(bench) == TicketStatus.WAITING


@pytest.mark.parametrize("word", ["selesai", "sudah selesai, terima kasih", "Sudah."])
async def test_done_in_answer_to_a_closing_confirms_it(bench: DeskBench, word: str) -> None:
    number = await bench.complain()
    await bench.officer(f"/tutup #{number} Motor ditemukan")
    await bench.hear(text=word)
    events = await bench.store.read(lambda uow: [(event.event, event.actor) for event in uow.events(1)])
    assert events[-1] == ("confirmed", "citizen")
    await bench.hear(text="4")
    assert await bench.store.read(lambda uow: ticket_in(uow).rating) == 4


@pytest.mark.parametrize("word", ["belum", "Belum, motornya masih hilang"])
async def test_not_yet_in_answer_to_a_closing_reopens_it(bench: DeskBench, word: str) -> None:
    number = await bench.complain()
    await bench.officer(f"/tutup #{number} Motor ditemukan")
    await bench.hear(text=word)
    assert await status(bench) == TicketStatus.RECEIVED
    assert any("masih hilang" in text for text in await bench.texts()) == ("hilang" in word)


async def test_objection_goes_ahead_in_the_queue_and_calls_those_on_duty(bench: DeskBench) -> None:
    who: dict[str, Any] = {"id": 601, "type": "private", "first_name": "Warga"}
    sender: dict[str, Any] = {"chat": who, "from": {**who, "is_bot": False}}
    await bench.complain(**sender)
    await bench.officer("/piket masuk")
    await bench.complain()
    number = spoken(await bench.store.read(lambda uow: ticket_in(uow, 2).number))
    await bench.officer(f"/tutup #{number} Motor ditemukan")
    await bench.hear(text="belum, motornya masih hilang")

    def seen(uow: UnitOfWork) -> tuple[str, str, list[Outbound]]:
        views = Views(uow, bench.office, bench.now, OFFICERS, lambda _: None)
        rows = filter(None, map(uow.outbound, range(1, 300)))
        said = [payload_of(row) for row in rows if row.for_group and "keberatan" in payload_of(row).text]
        return views.queue(), card_text(ticket_in(uow, 2), uow, bench.office), said

    queue, card, said = await bench.store.read(seen)
    assert queue.splitlines()[1].startswith(f"🔁 #{number}")
    assert "Dibuka lagi oleh warga" in card
    assert [(one.urgent, [mention.name for mention in one.mentions]) for one in said] == [(True, ["Petugas 1"])]

    await bench.officer(f"/tutup #{number} Sekarang benar")
    assert (await bench.store.read(lambda uow: ticket_in(uow, 2).objected)) is False
    await bench.officer("/batal")
    assert (await bench.store.read(lambda uow: ticket_in(uow, 2).objected)) is True
