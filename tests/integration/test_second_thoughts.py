"""What an officer takes back is undone whole: status, question, clocks, alert; and edits that change nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from chatbot.core.ticket import TicketStatus
from chatbot.services.clocks import Clocks
from chatbot.services.outgoing import payload_of
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.desk_bench import COLLEAGUE, DeskBench

DAY = 24 * 60
CRY = "tolong ada maling bawa celurit di rumah saya"


async def ticket(bench: DeskBench) -> TicketRow:
    row = await bench.store.read(lambda uow: uow.ticket(1))
    assert row
    return row


async def due(bench: DeskBench) -> datetime | None:
    def unit(uow: UnitOfWork) -> datetime | None:
        row = uow.ticket(1)
        assert row
        return Clocks(uow, bench.office, bench.now).deadlines([row]).get(row.id)

    return await bench.store.read(unit)


async def edit(bench: DeskBench, message_id: int, text: str) -> None:
    await bench.officer(text, update="edited_message", message_id=message_id, edit_date=1)


async def test_answer_that_is_taken_back_does_not_stop_the_clock_of_the_first_answer(bench: DeskBench) -> None:
    number = await bench.complain()
    before = await due(bench)
    await bench.officer(f"/jawab #{number} Kami periksa")
    assert await due(bench) != before

    await bench.officer("/batal")
    assert await due(bench) == before
    assert any("jatuh tempo sekarang" in text for text in await bench.later(8 * 60 + 1))


async def test_closing_that_is_taken_back_leaves_status_and_clocks_as_they_were(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/verifikasi #{number}")
    before = await due(bench)
    await bench.officer(f"/tutup #{number} Sudah selesai")
    await bench.officer("/batal")

    row = await ticket(bench)
    assert (row.status, row.closed_at, row.result) == (TicketStatus.VERIFIED, None, "")
    assert await due(bench) == before


async def test_alert_lives_on_when_its_closing_is_taken_back(bench: DeskBench) -> None:
    await bench.hear(text=CRY)
    number = (await ticket(bench)).number
    await bench.officer(f"/tutup #{number} Sudah selesai")
    assert not (await ticket(bench)).alert_live
    await bench.officer("/batal")
    assert (await ticket(bench)).alert_live

    await bench.hear(text=CRY)
    assert await bench.store.read(lambda uow: uow.ticket(2)) is None


async def test_second_question_that_is_taken_back_leaves_the_first_one_open(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tanya #{number} Apa nomor polisinya?")
    until = (await ticket(bench)).asked_until
    await bench.later(DAY)
    await bench.officer(f"/tanya #{number} Apa warnanya?")
    assert (await ticket(bench)).asked_until != until
    await bench.officer("/batal")

    row = await ticket(bench)
    assert (row.status, row.asked_until) == (TicketStatus.WAITING, until)
    (reminded,) = [text for text in await bench.later(7.5 * DAY) if text.startswith("501: ")]
    assert "Apa nomor polisinya?" in reminded


async def test_question_that_is_made_a_note_is_not_asked_again(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await bench.officer(f"/tanya #{number} Apakah saksi melihatnya?")
    await edit(bench, said, f"/catat #{number} tanyakan saksi")

    row = await ticket(bench)
    assert (row.status, row.asked_until, row.remind_at) == (TicketStatus.ASSIGNED, None, None)
    assert not [text for text in await bench.later(9 * DAY) if text.startswith("501: ")]
    events = await bench.store.read(lambda uow: [(event.event, event.text) for event in uow.events(1)])
    assert events[-1] == ("noted", "tanyakan saksi")


async def test_edited_block_is_said_to_change_nothing(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await bench.officer(f"/blokir #{number} 3 memaki petugas")
    before = await blocked(bench)
    await edit(bench, said, f"/blokir #{number} 30 memaki petugas")

    assert (await bench.texts())[-1].endswith("Suntingan pada perintah ini tidak berlaku. Tulis perintah yang baru.")
    assert before
    assert await blocked(bench) == before


async def blocked(bench: DeskBench) -> datetime | None:
    return await bench.store.read(lambda uow: uow.people.contact(1).blocked_until)


async def test_verified_ticket_can_be_given_back_after_an_answer_on_it_was_taken_back(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/verifikasi #{number}")
    await bench.officer(f"/jawab #{number} Kami periksa")
    await bench.officer("/batal")
    assert (await ticket(bench)).status == TicketStatus.ASSIGNED

    await bench.officer(f"/lepas #{number}")
    row = await ticket(bench)
    assert (row.status, row.officer_id) == (TicketStatus.RECEIVED, "")


async def test_objection_outlives_the_closing_that_is_taken_back(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/ambil #{number}")
    await bench.officer(f"/tutup #{number} Sudah selesai")
    await bench.hear(text="keberatan")
    await bench.officer("/batal")

    row = await ticket(bench)
    assert (row.status, row.officer_id) == (TicketStatus.RECEIVED, "")


@pytest.mark.parametrize("first", ["/jwab", "/catat"])
async def test_what_an_edit_made_an_answer_is_corrected_by_the_next_edit_and_not_sent_again(
    bench: DeskBench, first: str
) -> None:
    number = await bench.complain()
    said = await bench.officer(f"{first} #{number} Kami perikas")
    for text in (f"/jawab #{number} Kami perikas", f"/jawab #{number} Kami periksa", f"/jawab #{number} Kami periksa"):
        await edit(bench, said, text)

    told = [text for text in await bench.texts() if text.startswith("501: ") and "Kami peri" in text]
    assert len(told) == 1
    assert "Kami periksa" in told[0]


async def test_second_recall_takes_back_the_answer_before(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/jawab #{number} Jawaban satu")
    await bench.officer(f"/jawab #{number} Jawaban dua")
    await bench.officer("/batal")
    await bench.officer("/batal")
    assert await leaving(bench) == []
    await bench.officer("/batal")
    assert "Tidak ada jawaban" in (await bench.texts())[-1]


async def test_answer_that_an_edit_addresses_to_a_colleague_is_a_note(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await bench.officer(f"/jawab #{number} tolong dicek")
    await edit(bench, said, "@budi tolong dicek, pelapor ini cerewet")
    assert await leaving(bench) == []


@pytest.mark.parametrize(
    ("written", "meant", "status"),
    [
        ("teruskan reskrim salah unit", "/teruskan reskrim salah unit", TicketStatus.ASSIGNED),
        ("tutup Sudah diperbaiki", "/tutup Sudah diperbaiki", TicketStatus.CLOSED),
    ],
)
async def test_answer_that_was_a_command_without_its_slash_is_taken_back_and_the_command_obeyed(
    bench: DeskBench, written: str, meant: str, status: TicketStatus
) -> None:
    number = await bench.complain()
    await bench.officer(f"/ambil #{number}")
    said = await bench.officer(f"#{number} {written}")
    await edit(bench, said, f"#{number} {meant}")
    assert not [text for text in await leaving(bench) if written in text or "salah unit" in text]
    assert (await ticket(bench)).status == status


async def test_answer_that_has_left_is_no_command_any_more(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/ambil #{number}")
    said = await bench.officer(f"#{number} tutup Sudah diperbaiki")

    def sent(uow: UnitOfWork) -> None:
        for row in filter(None, map(uow.outbound, range(1, 200))):
            row.state = "sent"

    await bench.store.write(sent)
    await edit(bench, said, f"#{number} /tutup Sudah diperbaiki")
    assert (await ticket(bench)).status == TicketStatus.ASSIGNED
    assert "Suntingan pada perintah ini tidak berlaku" in (await bench.texts())[-1]


async def test_note_that_an_edit_made_an_answer_is_not_sent_by_its_old_button(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await bench.officer(f"/catat #{number} pelapor kelihatannya bohong")
    inbound = await bench.store.read(lambda uow: uow.inbound_of_message("telegram", "-100", str(said)))
    assert inbound
    await edit(bench, said, f"/jawab #{number} Terima kasih, kami cek")
    await bench.press(f"d:send:{inbound.id}")
    assert not [text for text in await leaving(bench) if "bohong" in text]
    assert len([text for text in await leaving(bench) if "kami cek" in text]) == 1


async def test_edit_after_the_ticket_went_elsewhere_is_not_swallowed(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await bench.officer(f"/jawab #{number} Kami periksa")

    def moved(uow: UnitOfWork) -> None:
        row = uow.ticket(1)
        assert row
        row.chat = "-300"

    await bench.store.write(moved)
    await edit(bench, said, f"/jawab #{number} Kami periksa besok")
    assert "Suntingan ini tidak dikirim" in (await bench.texts())[-1]


async def test_note_that_was_an_answer_for_a_moment_reaches_nobody(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await bench.officer(f"/catat #{number} rahasia")
    await edit(bench, said, f"/jawab #{number} rahasia")
    assert len(await leaving(bench)) == 1
    await edit(bench, said, f"/catat #{number} rahasia")
    assert await leaving(bench) == []


async def test_reason_for_opening_an_identity_reaches_no_citizen(bench: DeskBench) -> None:
    number = await bench.complain("rahasia")
    await bench.officer(f"/ambil #{number}")
    said = await bench.officer(f"#{number} identitas perlu untuk penyelidikan kasus")
    await edit(bench, said, f"#{number} /identitas perlu untuk penyelidikan kasus")
    assert await leaving(bench) == []

    said = await bench.officer(f"/tutup #{number} Selesai")
    await edit(bench, said, f"/identitas #{number} perlu untuk penyelidikan kasus")
    assert "tidak berlaku" in (await bench.texts())[-1]


@pytest.mark.parametrize(
    ("slip", "meant"), [("/jwab fotonya", "/jawab #{} fotonya"), ("/tutp Beres", "/tutup #{} Beres")]
)
async def test_photo_goes_with_the_command_that_its_caption_became(bench: DeskBench, slip: str, meant: str) -> None:
    number = await bench.complain()
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 90, "height": 90}]
    said = await bench.officer(caption=slip, photo=photo)
    await bench.officer(
        caption=meant.format(number), photo=photo, update="edited_message", message_id=said, edit_date=1
    )

    def copied(uow: UnitOfWork) -> list[tuple[str, ...]]:
        rows = filter(None, map(uow.outbound, range(1, 200)))
        return [payload_of(row).messages for row in rows if row.task == "copy" and row.contact_id]

    assert await bench.store.read(copied) == [(str(said),)]


async def leaving(bench: DeskBench) -> list[str]:
    """What still goes to the citizen of what officers wrote."""

    def unit(uow: UnitOfWork) -> list[str]:
        rows = filter(None, map(uow.outbound, range(1, 200)))
        return [payload_of(row).text for row in rows if row.purpose == "answer" and row.state != "recalled"]

    return await bench.store.read(unit)


async def test_closing_that_is_taken_back_leaves_a_later_closing_as_it_is(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tutup #{number} Sudah selesai")
    await bench.officer(f"/buka #{number}", COLLEAGUE)
    await bench.officer(f"/tutup #{number} Pelaku sudah ditahan", COLLEAGUE)
    await bench.officer("/batal")

    row = await ticket(bench)
    assert (row.status, row.closed_at, row.result) == (TicketStatus.CLOSED, bench.now, "Pelaku sudah ditahan")


async def test_wrong_number_behind_the_command_takes_back_nothing(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/jawab #{number} Kami periksa")
    await bench.officer("/batal #000-000-0000")
    assert "tidak ditemukan" in (await bench.texts())[-1]
    events = await bench.store.read(lambda uow: [event.event for event in uow.standing_events(1)])
    assert events[-1] == "answered"

    await bench.officer(f"/batal #{number}")
    assert (await bench.texts())[-1].endswith("tidak jadi dikirim.")
