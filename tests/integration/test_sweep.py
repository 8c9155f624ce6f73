"""What happens because time passes, on a real database with a clock of the test's own."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from chatbot.services.outgoing import payload_of
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, Bench, behind
from tests.integration.rows import ticket


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


async def test_alert_that_nobody_presses_is_repeated_by_name_and_the_citizen_hears_110_again(bench: Bench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    assert await bench.later(1) == []

    repeated = await bench.later(1.5)
    assert len(repeated) == 1
    assert repeated[0].startswith(f"{OFFICERS}: ")
    assert "belum diambil" in repeated[0]
    rows = await bench.store.write(behind)
    assert payload_of(rows[-1]).mention_admins

    reminded, overdue = await bench.later(3)
    assert reminded.startswith("501: ")
    assert "110" in reminded
    assert "jawaban pertama jatuh tempo" in overdue
    assert await bench.later(10) == []


async def test_photo_that_nobody_explains_reaches_the_officers_after_a_quarter_of_an_hour(bench: Bench) -> None:
    photo = {"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90, "file_size": 10}
    await bench.hear(photo=[photo])
    assert await bench.later(10) == []

    told = await bench.later(6)
    assert [text.split(":")[0] for text in told].count(OFFICERS) >= 1  # the card; the photo is copied beside it
    assert any(text.startswith("501: ") and "petugas" in text for text in told)
    ticket = await bench.store.read(lambda uow: uow.ticket(1))
    assert ticket is not None
    assert ticket.identity == "confidential"
    assert await bench.later(60) == []


async def test_silent_alert_ends_and_the_next_cry_is_an_alert_of_its_own(bench: Bench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    await bench.later(120)
    await bench.hear(text="tolong kebakaran rumah tetangga ada anak di dalam")

    second = await bench.store.read(lambda uow: uow.ticket(2))
    assert second is not None
    assert second.alert_live


async def test_alert_from_before_a_long_outage_is_said_again_once_and_the_citizen_is_left_alone(bench: Bench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")

    told = [text for text in await bench.later(120) if "jatuh tempo" not in text]
    assert len(told) == 1
    assert "belum diambil" in told[0]
    assert [text for text in await bench.later(120) if "belum diambil" in text] == []


async def test_alert_whose_time_lies_ahead_since_the_clock_was_put_back_is_said_again(bench: Bench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")

    assert any("belum diambil" in text for text in await bench.later(-2 * 24 * 60))


def opens(number: str, uow: UnitOfWork, **fields: str) -> None:
    uow.add(ticket(1, number, **fields))


async def test_words_that_nobody_placed_come_to_an_open_ticket_after_a_quarter_of_an_hour(bench: Bench) -> None:
    await bench.hear(text="halo")
    for number in ("1111111111", "2222222222"):
        await bench.store.write(partial(opens, number))
    await bench.hear(text="nomor platnya B 1234 XYZ warna merah")
    assert await bench.later(10) == []

    told = await bench.later(6)
    assert any(text.startswith(OFFICERS) and "B 1234 XYZ" in text for text in told)
    assert any(text.startswith("501: ") and "222-222-2222" in text for text in told)
    assert await bench.later(60) == []


async def test_words_that_nobody_placed_are_not_lost_when_the_tickets_were_closed_meanwhile(bench: Bench) -> None:
    await bench.hear(text="halo")
    for number in ("1111111111", "2222222222"):
        await bench.store.write(partial(opens, number))
    await bench.hear(text="nomor platnya B 1234 XYZ warna merah")

    def close(uow: UnitOfWork) -> None:
        for ticket_id in (1, 2):
            row = uow.ticket(ticket_id)
            assert row
            row.status, row.closed_at = "closed", bench.now

    await bench.store.write(close)
    told = await bench.later(16)
    assert any(text.startswith(OFFICERS) and "B 1234 XYZ" in text for text in told)


async def test_words_that_nobody_placed_come_to_the_officers_although_another_complaint_was_begun(bench: Bench) -> None:
    for story in ("Loket lambat sekali", "Petugas loket tidak ada"):
        for text in ("petugas", "setuju", story):
            await bench.hear(text=text)
    await bench.hear(text="yang jaga siang itu")
    assert "aduan yang mana" in (await bench.texts())[-1]
    await bench.hear(text="aduan")
    told = await bench.later(16)
    assert any(text.startswith(OFFICERS) and "yang jaga siang itu" in text for text in told)


async def test_photo_about_members_that_reaches_nobody_is_not_said_to_be_with_the_officers(bench: Bench) -> None:
    photo = {"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90, "file_size": 10}
    await bench.hear(photo=[photo], caption="oknum polisi ini minta uang tilang kemarin")
    told = await bench.later(16)

    assert not any(text.startswith(OFFICERS) for text in told)
    assert any(text.startswith("501: ") and "tidak ada petugas" in text for text in told)


async def test_every_cry_for_the_group_beside_the_live_alert_is_one_ticket_there(bench: Bench) -> None:
    await bench.hear(text="tolong ada maling masuk rumah bawa golok")
    for words in ("tolong saya dipukuli oknum polisi sekarang", "tolong oknum polisi masih memukuli saya sekarang"):
        await bench.hear(text=words)
    found = [await bench.store.read(partial(has_ticket, number)) for number in (1, 2, 3)]
    assert found == [True, True, False]


def has_ticket(ticket_id: int, uow: UnitOfWork) -> bool:
    return uow.ticket(ticket_id) is not None


async def test_edit_that_mentions_members_does_not_reach_the_unit_of_who_complains_of_them(bench: Bench) -> None:
    await bench.hear(text="halo")
    await bench.store.write(partial(opens, "1111111111"))
    await bench.hear(text="nomor platnya B 1234 XYZ")
    await bench.store.write(partial(opens, "2222222222", category="anggota"))
    before = await bench.texts()
    await bench.hear("edited_message", message_id=2, edit_date=1, text="namanya Briptu Contoh, orangnya tinggi")
    told = (await bench.texts())[len(before) :]

    assert told
    assert not any("Briptu" in text for text in told)
