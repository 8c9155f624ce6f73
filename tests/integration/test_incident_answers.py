"""What officers write in one ticket of an incident reaches each reporter, under the own number."""

from __future__ import annotations

from typing import Any

from chatbot.core.ticket import TicketStatus
from chatbot.services.outgoing import payload_of
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS
from tests.integration.desk_bench import OFFICER, DeskBench
from tests.integration.incident_bench import (
    ELSEWHERE,
    copies,
    events,
    person,
    photo,
    tickets,
    told,
    two,
)


async def test_one_answer_reaches_each_reporter_under_the_own_number_only(bench: DeskBench) -> None:
    first, second = await two(bench)
    before = len(await bench.texts())
    await bench.officer(f"/jawab #{first} Petugas menuju lokasi")
    for who, own, others in ((501, first, second), (502, second, first)):
        (text,) = await told(bench, who, before)
        assert "Petugas menuju lokasi" in text
        assert own in text
        assert others not in text
    assert (await events(bench, 1))[-1] == (await events(bench, 2))[-1] == "answered"
    assert all(ticket.officer_id == str(OFFICER) for ticket in await tickets(bench))


async def test_saved_answer_names_to_each_reporter_the_own_number(bench: DeskBench) -> None:
    bench.office.saved_answers.load({})
    numbers = await two(bench)
    before = len(await bench.texts())
    await bench.officer(f"/jawab #{numbers[0]} terima-kasih")
    first, second = numbers
    for who, own, other in ((501, first, second), (502, second, first)):
        (text,) = await told(bench, who, before)
        assert text.count(own) > 0
        assert other not in text
    (there,) = [text for text in await told(bench, OFFICERS, before) if "Dikirim juga ke pelapor" in text]
    assert f"pada aduan {second}" in there


async def test_rejection_with_an_album_reaches_its_own_reporter_alone(bench: DeskBench) -> None:
    first, _ = await two(bench)
    before = len(await bench.texts())
    photo = [{"file_id": "a", "file_unique_id": "a", "width": 90, "height": 90}]
    album: dict[str, Any] = {"photo": photo, "media_group_id": "9"}
    await bench.officer(caption=f"/tolak #{first} Bukan wewenang kami", **album)
    await bench.officer(**album)
    assert [ticket.status for ticket in await tickets(bench)] == [TicketStatus.REJECTED, TicketStatus.RECEIVED]
    assert await told(bench, 501, before)
    assert await told(bench, 502, before) == []


async def test_each_reporter_reads_the_own_language(bench: DeskBench) -> None:
    first, second = await two(bench)
    await bench.hear(text="/english", **person(502))
    locale = await bench.store.read(lambda uow: uow.locale_of(2, "id"))
    before = len(await bench.texts())
    await bench.officer(f"/tanya #{first} Nomor rumah?")
    (indonesian,), (english,) = await told(bench, 501, before), await told(bench, 502, before)
    assert locale == "en"
    assert indonesian.split(": ", 1)[1].replace(first, "") != english.split(": ", 1)[1].replace(second, "")
    assert [ticket.status for ticket in await tickets(bench)] == [TicketStatus.WAITING] * 2


async def test_what_a_reporter_answers_stays_with_the_own_ticket(bench: DeskBench) -> None:
    first, _ = await two(bench)
    await bench.officer(f"/tanya #{first} Nomor rumah?")
    before = len(await bench.texts())
    await bench.hear(text="Rumahnya di ujung gang", **person(502))
    assert await told(bench, 501, before) == []
    assert [ticket.status for ticket in await tickets(bench)] == [TicketStatus.WAITING, TicketStatus.ASSIGNED]


async def test_note_stays_where_it_is(bench: DeskBench) -> None:
    first, _ = await two(bench)
    await bench.officer(f"/catat #{first} cek kamera")
    assert (await events(bench, 1))[-1] == "noted"
    assert (await events(bench, 2))[-1] == "joined"


async def test_answer_that_is_made_a_note_is_noted_where_it_was_written(bench: DeskBench) -> None:
    first, _ = await two(bench)
    written = await bench.officer(f"/jawab #{first} cek kamera")
    await bench.officer(f"/catat #{first} cek kamera toko", update="edited_message", message_id=written, edit_date=1)
    assert (await events(bench, 1))[-3:] == ["recalled", "corrected", "noted"]
    assert (await events(bench, 2))[-1] == "recalled"


async def test_closing_closes_both_and_mark_and_objection_stay_each_ones_own(bench: DeskBench) -> None:
    first, second = await two(bench)
    before = len(await bench.texts())
    await bench.officer(f"/tutup #{second} Sudah dibubarkan")
    assert [ticket.status for ticket in await tickets(bench)] == [TicketStatus.CLOSED] * 2
    for who, own in ((501, first), (502, second)):
        (text,) = await told(bench, who, before)
        assert own in text
        assert "Sudah dibubarkan" in text

    await bench.hear(text="5", **person(501))
    await bench.hear(text="keberatan", **person(502))
    one, other = await tickets(bench)
    assert (one.status, one.rating) == (TicketStatus.CLOSED, 5)
    assert (other.status, other.rating) == (TicketStatus.RECEIVED, None)

    before = len(await bench.texts())
    await bench.officer(f"/jawab #{second} Kami periksa lagi")
    assert await told(bench, 501, before) == []  # closed, and content


async def test_rejection_is_of_one_report_only(bench: DeskBench) -> None:
    first, _ = await two(bench)
    await bench.officer(f"/tolak #{first} Bukan urusan kami")
    assert [ticket.status for ticket in await tickets(bench)] == [TicketStatus.REJECTED, TicketStatus.RECEIVED]


async def test_recall_takes_back_what_was_written_to_all(bench: DeskBench) -> None:
    first, _ = await two(bench)
    await bench.officer(f"/tutup #{first} Selesai")
    await bench.officer(f"/batal #{first}")
    assert [ticket.status for ticket in await tickets(bench)] == [TicketStatus.RECEIVED] * 2
    assert [ticket.result for ticket in await tickets(bench)] == ["", ""]

    def states(uow: UnitOfWork) -> set[str]:
        rows = [row for n in range(1, 200) if (row := uow.outbound(n)) and row.contact_id]
        return {row.state for row in rows if "Selesai" in payload_of(row).text}

    assert await bench.store.read(states) == {"recalled"}


async def test_correction_reaches_each_under_the_own_number(bench: DeskBench) -> None:
    first, second = await two(bench)
    written = await bench.officer(f"/jawab #{first} Petugas datang jam tiga")
    await bench.officer(f"/jawab #{first} Petugas datang besok", update="edited_message", message_id=written)
    for who, own in ((501, first), (502, second)):
        (text,) = [text for text in await told(bench, who) if "Petugas datang" in text]
        assert own in text
        assert "besok" in text


async def test_photo_reaches_both(bench: DeskBench) -> None:
    first, _ = await two(bench)
    await bench.officer("", photo=photo(1), caption=f"/jawab #{first} Keadaan sekarang")
    assert await bench.store.read(copies) == [("501", 1), ("502", 2)]


async def test_album_that_closes_shows_all_its_photos_to_both(bench: DeskBench) -> None:
    await two(bench)

    def with_topic(uow: UnitOfWork) -> None:
        row = uow.ticket(1)
        assert row
        uow.groups.remember_topic(row, "77")

    await bench.store.write(with_topic)
    place: dict[str, Any] = {"message_thread_id": 77, "is_topic_message": True, "media_group_id": "a1"}
    await bench.officer("", photo=photo(1), caption="/tutup Sudah dibubarkan", **place)
    await bench.officer("", photo=photo(2), **place)
    assert [ticket.status for ticket in await tickets(bench)] == [TicketStatus.CLOSED] * 2
    assert await bench.store.read(copies) == [("501", 1), ("502", 2)] * 2


async def test_edit_reaches_the_reporter_who_is_still_here_once_the_other_went_elsewhere(bench: DeskBench) -> None:
    first, _ = await two(bench)
    said = await bench.officer(f"/jawab #{first} Datang jam 8")

    def moved(uow: UnitOfWork) -> None:
        row = uow.ticket(2)
        assert row
        row.chat = ELSEWHERE

    await bench.store.write(moved)
    await bench.officer(f"/jawab #{first} Datang jam 9", update="edited_message", message_id=said, edit_date=1)
    assert [text for text in await told(bench, 501) if "jam 9" in text]
    assert not [text for text in await told(bench, 501) if "jam 8" in text]
    assert not [text for text in await told(bench, 502) if "jam 9" in text]
    assert any("Suntingan ini tidak dikirim" in text for text in await bench.texts())


async def test_question_for_the_result_names_every_ticket_that_it_closes(bench: DeskBench) -> None:
    first, second = await two(bench)
    await bench.press("d:close:1")
    assert f"(#{first}, #{second})" in (await bench.texts())[-1]
    await bench.press("d:reject:1")
    assert f"(#{first})" in (await bench.texts())[-1]
