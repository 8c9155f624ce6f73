"""DATA SAYA on real databases: a copy with nobody else's data, corrections beside the original, erasure at once."""

from __future__ import annotations

import hashlib
import os
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from chatbot.core import receipt
from chatbot.core.ticket import spoken
from chatbot.services.dialogue import Dialogue
from chatbot.services.outgoing import payload_of
from chatbot.store.audit_tables import AuditRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.desk_bench import STORY, DeskBench
from tests.integration.erasure_bench import (
    OTHER,
    all_sent,
    asks,
    copy_of,
    everything,
    forget,
    in_folder,
    keep_for,
    other,
    sent,
    told,
)

PHOTO: dict[str, Any] = {"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90, "file_size": 10}


async def trail(bench: DeskBench, ticket_id: int | None = None) -> list[AuditRow]:
    """What stands in the trail about a ticket, or about none."""

    def rows(uow: UnitOfWork) -> list[AuditRow]:
        found = [uow._session.get(AuditRow, number) for number in range(1, 60)]
        return [row for row in found if row and row.ticket_id == ticket_id]

    return await bench.store.read(rows)


async def number_of(bench: DeskBench, ticket_id: int) -> str:
    row = await bench.store.read(lambda uow: uow.ticket(ticket_id))
    assert row
    return row.number


def rows_of(bench: DeskBench, chat: int) -> list[str]:
    """Every row that names a chat."""
    return [line for line in everything(bench.store).split("\n") if str(chat) in line]


def keep_photo(bench: DeskBench, *inbound_ids: int) -> None:
    """The photos of these messages lie on the shelf, each with a content of its own."""
    for inbound_id, content in zip(inbound_ids, (b"\xff\xd8 satu", b"\xff\xd8 satu lagi"), strict=False):
        sha256 = hashlib.sha256(content).hexdigest()
        path = bench.folder / sha256[:2] / sha256
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        with bench.store.engine.begin() as connection:
            statement = "update media set state = 'kept', sha256 = :sha where inbound_id = :id"
            connection.execute(sql(statement), {"sha": sha256, "id": inbound_id})


async def test_what_is_kept_and_for_how_long_is_said_with_three_choices(bench: DeskBench) -> None:
    keep_for(bench)
    said = await asks(bench)
    assert "30 hari" in said[-1]
    assert "365 hari setelah selesai" in said[-1]
    labels = [choice.label for choice in payload_of((await sent(bench))[-1]).choices]
    assert labels == ["Salinan data saya", "Perbaiki data", "Hapus data"]
    keep_for(bench, None)
    assert "selama satuan memerlukannya" in (await asks(bench))[-1]


async def test_copy_has_what_was_said_both_ways_and_no_officer_and_no_note(bench: DeskBench) -> None:
    await bench.hear(text="halo, berapa biaya SIM?")
    number = await bench.complain()
    await bench.officer(f"/catat #{number} pelapor cerewet")
    await bench.officer(f"/jawab #{number} Sedang kami cari")
    await bench.hear(text="Warnanya merah, nomor tanda terima 2ABC-DEFG-HJKM")
    await bench.officer(f"/tutup #{number} Motor ditemukan")
    await asks(bench, "1")
    copy = await copy_of(bench)

    for part in ("Nama: Warga", "Akun Telegram: 501", f"ADUAN {number[:3]}-{number[3:6]}-{number[6:]}", STORY):
        assert part in copy
    for part in ("Pasar Contoh", "Sedang kami cari", "Warnanya merah", "Motor ditemukan", "Identitas: Terbuka"):
        assert part in copy
    assert "halo, berapa biaya SIM?" in copy.partition("PESAN ANDA DI LUAR ADUAN")[2]
    for part in ("Petugas 1", "cerewet", "901", "-100"):
        assert part not in copy
    assert [row.act for row in await trail(bench)] == ["data_sent"]


async def test_copy_of_one_reporter_of_an_incident_has_nothing_of_the_others(bench: DeskBench) -> None:
    mine = await bench.complain()
    await bench.complain(**other())
    theirs = await number_of(bench, 2)
    await bench.officer(f"/gabung #{mine} #{theirs}")
    await bench.hear(text="Tetangga melihat pelat B 1234 XY", **other())
    answer = await bench.officer(f"/jawab #{theirs} terima-kasih")
    await bench.officer(
        f"/jawab #{theirs} Sudah dekat",
        update="edited_message",
        message_id=answer,
        edit_date=int(bench.now.timestamp()),
    )
    await asks(bench, "salinan")
    copy = await copy_of(bench)

    assert spoken(mine) in copy
    assert "Sudah dekat" in copy
    for part in (theirs, spoken(theirs), "B 1234 XY", "Tetangga", "502"):
        assert part not in copy


async def test_report_that_another_account_goes_on_with_is_in_that_ones_copy_only(bench: DeskBench) -> None:
    number = await bench.complain("anonim")
    secret = next(text for text in await told(bench) if "tanda terima" in text.lower())
    await bench.hear(text=receipt.written(receipt.find(secret)), **other())
    await asks(bench, "1")
    first = await copy_of(bench)
    await asks(bench, "1", **other())
    second = await copy_of(bench, OTHER)

    assert (spoken(number) in first, STORY in first) == (False, False)
    assert (spoken(number) in second, STORY in second) == (True, True)
    assert receipt.find(secret) not in second.replace("-", "")


async def test_sealed_report_is_named_in_the_copy_and_not_told(bench: DeskBench) -> None:
    await bench.hear(text="aduan")
    for text in ("setuju", "Perilaku anggota", "Bripka Contoh meminta uang", "Pos Contoh", "kemarin", "tidak tahu"):
        await bench.hear(text=text)
    for text in ("selesai", "terbuka", "kirim"):
        await bench.hear(text=text)
    ticket = await bench.store.read(lambda uow: uow.ticket(1))
    assert ticket
    assert ticket.sealed
    await asks(bench, "1")
    copy = await copy_of(bench)

    assert spoken(ticket.number) in copy
    assert "tersegel" in copy
    assert "Bripka" not in copy


async def test_who_may_be_watched_is_sent_no_file_and_no_numbers(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tidak-aman #{number}")
    said = await asks(bench, "1")
    assert "orang lain mungkin ikut membaca" in said[-1]
    assert not [row for row in await sent(bench) if row.chat == "501" and row.task == "media"]

    said = await asks(bench, "Hapus data", "ya")
    assert "tetap tersimpan" in said[-1]
    assert spoken(number) not in "".join(said)


async def test_second_copy_within_minutes_is_not_made(bench: DeskBench) -> None:
    await asks(bench, "1")
    assert "baru saja kami kirim" in (await asks(bench, "1"))[-1]
    bench.now += timedelta(minutes=11)
    await asks(bench, "1")
    assert len([row for row in await sent(bench) if row.task == "media"]) == 2


async def test_copy_lies_in_the_media_folder_for_a_day_and_no_longer(bench: DeskBench) -> None:
    await asks(bench, "1")
    (path,) = (bench.folder / "data-saya").glob("*/*")
    await forget(bench)
    assert path.exists()
    then = path.stat().st_mtime - 86401
    os.utime(path, (then, then))
    await forget(bench)
    assert not list((bench.folder / "data-saya").iterdir())


# Corrections


async def test_name_is_corrected_where_the_officers_may_see_it_and_nowhere_else(bench: DeskBench) -> None:
    await bench.complain()
    await bench.complain("rahasia")
    said = await asks(bench, "2", "Nama", "Siti Nur'aini, S.H.")
    contact = await bench.store.read(lambda uow: uow.people.contact(1))

    assert contact.name == "Siti Nur'aini, S.H."
    assert "Siti Nur'aini, S.H." in said[-1]
    rows = [row for row in await sent(bench) if row.for_group and "Koreksi data" in payload_of(row).text]
    assert [row.ticket_id for row in rows] == [1]
    assert [row.act for row in await trail(bench)] == ["data_corrected"]
    assert "Siti" not in "".join(row.detail for row in await trail(bench))


@pytest.mark.parametrize("words", ["motor saya dicuri di pasar tadi", "Berapa biaya SIM?", "08123456789", "a" * 61])
async def test_what_is_no_name_is_taken_for_what_it_is(bench: DeskBench, words: str) -> None:
    await asks(bench, "2", "Nama", words)
    assert (await bench.store.read(lambda uow: uow.people.contact(1))).name == "Warga"


async def test_correction_of_a_report_stands_beside_what_it_corrects(bench: DeskBench) -> None:
    number = await bench.complain()
    said = await asks(bench, "2", "Isi aduan", "Bukan kemarin tetapi hari Senin")
    events = await bench.store.read(lambda uow: uow.events(1))
    ticket = await bench.store.read(lambda uow: uow.ticket(1))

    assert f"aduan <b>{spoken(number)}</b> sudah kami sampaikan" in said[-1]
    assert [(event.event, event.text) for event in events] == [
        ("opened", STORY),
        ("amended", "Bukan kemarin tetapi hari Senin"),
    ]
    assert ticket
    assert b"23-11-2026" in ticket.complaint
    (row,) = [row for row in await sent(bench) if "Koreksi data dari warga" in payload_of(row).text]
    assert (row.ticket_id, "hari Senin" in payload_of(row).text) == (1, True)
    assert not (await bench.store.read(lambda uow: uow.audit.verify())).broken


async def test_correction_that_speaks_of_members_does_not_reach_the_officers_unasked(bench: DeskBench) -> None:
    await bench.complain()
    said = await asks(bench, "2", "Isi aduan", "Yang mengambil itu oknum polisi Bripka Contoh")
    assert "Propam" in said[-1]
    assert not [row for row in await sent(bench) if row.for_group and "Bripka" in payload_of(row).text]


async def test_of_several_reports_it_is_asked_which_one_is_wrong(bench: DeskBench) -> None:
    await bench.complain()
    await bench.complain()
    second = await number_of(bench, 2)
    said = await asks(bench, "2", "Isi aduan", spoken(second), "Tempatnya pasar lama")
    assert "Aduan mana" in said[-3]
    assert spoken(second) in said[-1]
    assert [event.event for event in await bench.store.read(lambda uow: uow.events(2))] == ["opened", "amended"]


# Erasure


async def test_one_citizens_erasure_takes_what_is_his_and_leaves_the_others_untouched(bench: DeskBench) -> None:
    for who in ({}, other()):
        await bench.hear(text="rahasia-satu tentang tetangga saya", **who)
        await bench.hear(photo=[PHOTO], **who)
    keep_photo(bench, 2, 4)
    await asks(bench, "1", **other())
    await asks(bench, "salinan")
    all_sent(bench)
    before = (rows_of(bench, OTHER), await copy_of(bench, OTHER))
    said = await asks(bench, "3", "Ya, hapus")

    assert "Percakapan, nama, dan berkas Anda telah dihapus" in said[-1]
    assert (rows_of(bench, OTHER), await copy_of(bench, OTHER)) == before
    contact = await bench.store.read(lambda uow: uow.people.contact(1))
    assert contact.name == ""
    left = [line for line in everything(bench.store).split("\n") if "501" in line or "Warga" in line]
    assert not any("rahasia-satu" in line or "Warga" in line for line in left)
    assert in_folder(bench.folder).count(b"\xff\xd8 satu") == 1
    assert b"501" not in in_folder(bench.folder)
    assert [row.act for row in await trail(bench)][-1] == "erasure_asked"
    assert not (await bench.store.read(lambda uow: uow.audit.verify())).broken


async def test_nothing_goes_before_it_is_confirmed(bench: DeskBench) -> None:
    await bench.hear(text="rahasia-satu tentang tetangga saya")
    said = await asks(bench, "3", "Jangan hapus")
    assert "tidak ada yang kami hapus" in said[-1]
    assert "rahasia-satu" in everything(bench.store)


async def test_message_that_the_platform_repeats_after_the_erasure_is_still_known(bench: DeskBench) -> None:
    await bench.hear(text="rahasia-satu tentang tetangga saya")
    await asks(bench, "3", "ya")
    before = len(await told(bench))
    bench.updates = 0
    await bench.arrive(text="rahasia-satu tentang tetangga saya")
    await bench.handle()
    assert len(await told(bench)) == before
    assert "rahasia-satu" not in everything(bench.store)


async def test_what_protects_the_person_and_us_outlives_the_dialogue(bench: DeskBench) -> None:
    await bench.hear(text="hapus")
    for _ in range(5):
        await bench.hear(text="status 123-456-7894")
    await asks(bench, "3", "ya")
    await bench.hear(text="status 123-456-7894")
    state = await bench.store.read(lambda uow: Dialogue(uow, bench.office, bench.now).state(1))

    assert state.unsafe
    assert len(state.status_misses) == 5
    assert "terlalu banyak" in (await told(bench))[-1].lower() or "beberapa saat" in (await told(bench))[-1]


async def test_open_ticket_stays_and_it_is_said_why_on_both_sides(bench: DeskBench) -> None:
    keep_for(bench)
    number = await bench.complain()
    said = await asks(bench, "3", "ya")

    assert f"<b>{spoken(number)}</b>: masih ditangani" in said[-1]
    assert (await bench.store.read(lambda uow: uow.people.contact(1))).name == "Warga"
    assert STORY in everything(bench.store)
    assert [row for row in await sent(bench) if row.for_group and "meminta datanya dihapus" in payload_of(row).text]
    assert ("erasure_asked", '{"kept":"open"}') in [(row.act, row.detail) for row in await trail(bench, 1)]


async def test_two_tickets_of_one_person_are_not_betrayed_as_such(bench: DeskBench) -> None:
    await bench.complain()
    await bench.complain("anonim")
    await asks(bench, "3", "ya")
    rows = [row for row in await sent(bench) if row.for_group and "meminta datanya dihapus" in payload_of(row).text]
    assert [row.ticket_id for row in rows] == [1]


async def test_ticket_within_the_period_stays_until_a_day_that_is_named(bench: DeskBench) -> None:
    keep_for(bench)
    number = await bench.complain()
    await bench.officer(f"/tutup #{number} Motor ditemukan")
    bench.now += timedelta(days=40)
    said = await asks(bench, "3", "ya")
    assert f"<b>{spoken(number)}</b>: masih dalam masa simpan, sampai 24 November 2027" in said[-1]

    keep_for(bench, None)
    bench.now += timedelta(days=400)
    said = await asks(bench, "3", "ya")
    assert f"<b>{spoken(number)}</b>: disimpan menurut aturan arsip satuan; tanyakan lamanya" in said[-1]
    assert STORY in everything(bench.store)


async def test_second_erasure_within_the_hour_is_not_done_again(bench: DeskBench) -> None:
    await asks(bench, "3", "ya")
    assert "baru saja kami jalankan" in (await asks(bench, "3", "ya"))[-1]
    assert [row.act for row in await trail(bench)] == ["erasure_asked"]


# Who asks


async def test_words_in_the_officers_group_are_no_business_of_ours(bench: DeskBench) -> None:
    await bench.complain()
    before = everything(bench.store)
    await bench.officer("data saya")
    rows = [row for row in await sent(bench) if row.task == "media"]
    assert not rows
    assert len(everything(bench.store).split("\n")) == len(before.split("\n")) + 1  # the message itself


async def test_who_is_asked_whose_data_answers_the_officer(bench: DeskBench) -> None:
    number = await bench.complain()
    await bench.officer(f"/tanya #{number} Data siapa yang disebarkan?")
    await bench.hear(text="data saya")
    assert [event.event for event in await bench.store.read(lambda uow: uow.events(1))][-1] == "added"
    assert not [text for text in await told(bench) if "Apa yang Anda perlukan" in text]
    await bench.hear(text="/datasaya")
    assert "Apa yang Anda perlukan" in (await told(bench))[-1]
