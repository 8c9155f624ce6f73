"""A channel's reply window as officers see it: on the card, before its end, and without an edit for every message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chatbot.services.cards import card_text
from chatbot.services.outgoing import Purpose
from chatbot.store.store import Store
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, behind
from tests.integration.desk_bench import DeskBench

HOUR = 60


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> DeskBench:
    """A desk whose one channel has a window of a day, as WhatsApp does."""
    bench = DeskBench(store, tmp_path)
    carries = replace(bench.telegram.capabilities, reply_window=timedelta(hours=24))
    bench.office = replace(bench.office, capabilities={"telegram": carries})
    bench.respond._office = bench.sweeper._office = bench.office
    return bench


def the_ticket(uow: UnitOfWork) -> TicketRow:
    found = uow.ticket(1)
    assert found
    return found


async def card(bench: DeskBench) -> str:
    return await bench.store.read(lambda uow: card_text(the_ticket(uow), uow, bench.office))


async def delivered(bench: DeskBench) -> None:
    """All that waits has gone out, the card too."""

    def unit(uow: UnitOfWork) -> None:
        for row in behind(uow):
            row.state = "sent"
        the_ticket(uow).card_message = "9"

    await bench.store.write(unit)


async def edits(bench: DeskBench) -> int:
    rows = await bench.store.write(behind)
    return sum(row.purpose == Purpose.CARD_EDIT and row.state == "pending" for row in rows)


async def nudges(bench: DeskBench, minutes: float) -> list[str]:
    return [text for text in await bench.later(minutes) if "menunggu jawaban untuk" in text]


async def test_card_says_until_when_answers_go_out_directly_and_that_they_wait(bench: DeskBench) -> None:
    await bench.complain()
    assert "Jendela Telegram sampai 25 November 2026 08.00 WIB" in await card(bench)

    bench.now += timedelta(hours=24)
    assert "Jendela Telegram tertutup; jawaban menunggu sampai warga menulis" in await card(bench)


async def test_card_says_nothing_of_a_window_that_the_channel_does_not_have(store: Store, tmp_path: Path) -> None:
    bench = DeskBench(store, tmp_path)
    await bench.complain()

    assert "Jendela" not in await card(bench)
    assert await bench.store.read(lambda uow: the_ticket(uow).window_at) is None


async def test_card_of_a_closed_ticket_says_nothing_of_a_window(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tutup #{number} Selesai")

    assert "Jendela" not in await card(bench)
    assert await nudges(bench, 23 * HOUR) == []


async def test_waiting_citizen_is_spoken_of_once_two_hours_before_the_end(bench: DeskBench) -> None:
    await bench.complain()
    assert await nudges(bench, 22 * HOUR - 1) == []
    (told,) = await nudges(bench, 2)
    assert told.startswith(f"{OFFICERS}: ")
    assert "25 November 2026 08.00 WIB" in told
    assert await nudges(bench, 30) == []
    assert await nudges(bench, 2 * HOUR) == []

    await bench.hear(text="Apakah ada kabar?")
    assert await nudges(bench, 21 * HOUR) == []
    assert len(await nudges(bench, 2 * HOUR)) == 1


async def test_ticket_that_is_reopened_by_an_officer_is_not_spoken_of_twice_in_one_window(bench: DeskBench) -> None:
    number = await bench.complain()
    assert len(await nudges(bench, 22 * HOUR)) == 1
    await bench.officer(f"/tutup #{number} Selesai")
    await bench.officer(f"/batal #{number}")

    assert await nudges(bench, 30) == []


async def test_answered_citizen_is_not_spoken_of_unless_the_answer_was_taken_back(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/jawab #{number} Kami periksa")
    assert await nudges(bench, 22 * HOUR) == []

    await bench.hear(text="Baik, saya tunggu")
    bench.now += timedelta(minutes=1)
    await bench.officer(f"/jawab #{number} Salah kirim")
    await bench.officer(f"/batal #{number}")
    assert await nudges(bench, 21 * HOUR) == []
    assert len(await nudges(bench, HOUR)) == 1


async def test_card_changes_when_the_window_closes_and_opens_and_not_for_each_message(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/ambil #{number}")
    await delivered(bench)
    for words in ("Motornya merah", "Platnya B 1234 XYZ", "Hilang di parkiran"):
        bench.now += timedelta(hours=1)
        await bench.hear(text=words)
    assert await edits(bench) == 0

    await bench.later(19 * HOUR)  # near the end that the card shows, which is three hours later by now
    assert await edits(bench) == 1
    assert "sampai 25 November 2026 11.00 WIB" in await card(bench)
    await delivered(bench)
    await bench.later(3 * HOUR)
    assert await edits(bench) == 0

    await bench.later(2 * HOUR)
    assert await edits(bench) == 1
    assert "tertutup" in await card(bench)
    await delivered(bench)
    await bench.later(5 * HOUR)
    assert await edits(bench) == 0

    for words in ("Ada kabar?", "Saya masih menunggu"):
        await bench.hear(text=words)
    assert await edits(bench) == 1


async def test_edit_of_an_old_message_opens_no_window(bench: DeskBench) -> None:
    await bench.complain()
    await bench.hear(text="Warnanya merah")
    said = bench.updates
    bench.now += timedelta(hours=25)
    await bench.hear("edited_message", message_id=said, edit_date=1, text="Warnanya biru")

    assert "tertutup" in await card(bench)


async def test_windows_that_were_missed_in_an_outage_are_not_spoken_of(bench: DeskBench) -> None:
    await bench.complain()

    assert await nudges(bench, 30 * HOUR) == []
    assert await bench.store.read(lambda uow: the_ticket(uow).window_at) is None
