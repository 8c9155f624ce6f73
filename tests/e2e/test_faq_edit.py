"""An admin changes the FAQ in the group; a second person approves; citizens read it; it can be taken back."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.e2e.conftest import Open
from tests.e2e.world import ADMINS, CITIZEN, COLLEAGUE, FAQ, OFFICER, OFFICERS, STRANGER, World, text_of

QUESTION = "berapa biaya perpanjang sim c"
MARK = "Kantor Contoh"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A FAQ of a few entries, with some questions to be tried on."""
    folder = tmp_path / "faq"
    for name in ("sim-biaya", "sim-perpanjang", "sim-hilang"):
        for ending in (".md", ".en.md"):
            (folder / "sim").mkdir(parents=True, exist_ok=True)
            shutil.copy(FAQ / "sim" / f"{name}{ending}", folder / "sim" / f"{name}{ending}")
    (folder / "soal-uji").mkdir()
    (folder / "soal-uji" / "soal.tsv").write_text(
        f"text\tids\tkind\tlocale\n{QUESTION}\tsim-biaya|sim-perpanjang\tx\tid\nresep rendang\t-\tx\tid\n"
    )
    return folder


async def opened(open_world: Open, folder: Path, **settings: str) -> World:
    return await open_world(CHATBOT_FAQ_DIR=str(folder), **settings)


def file_in(message: dict[str, Any], world: World) -> bytes:
    return world.telegram.world.files[message["document"]["file_id"]].data


async def document_to(world: World, chat: int = ADMINS) -> dict[str, Any]:
    return await world.telegram.wait_for(
        lambda box: next((m for m in box.bot_messages(chat) if "document" in m), None), world.patience
    )


def changed(folder: Path) -> bytes:
    text = (folder / "sim" / "sim-biaya.md").read_text()
    return text.replace("\n\n", f"\n- ongkos perpanjangan di {MARK.lower()}\n\n{MARK} melayani Anda.\n\n", 1).encode()


async def answered(world: World, question: str, words: str) -> None:
    """Ask until the answer holds these words: a change of the folder is seen a moment after it is made."""
    for _ in range(40):
        before = len(world.telegram.bot_messages(CITIZEN))
        world.telegram.say(CITIZEN, question)
        if words in text_of(await world.told("", after=before)):
            return
    raise AssertionError(words)


def send(world: World, data: bytes, name: str = "sim-biaya.md", user: int = OFFICER) -> None:
    world.telegram.send_document(user, data, file_name=name, chat_id=ADMINS)


async def test_change_is_proposed_approved_by_another_in_force_and_taken_back(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    send(world, changed(folder), "sim-biaya (1).md")
    proposal = await world.in_group("Usulan perubahan FAQ #1", ADMINS)

    assert "sim-biaya (id): jawaban, +1 variasi" in text_of(proposal)
    assert f"jawaban: {MARK} melayani Anda." in text_of(proposal)
    assert "dijawab benar: 100,0" in text_of(proposal)

    world.press(OFFICER, proposal, "Setujui")
    world.press(COLLEAGUE, proposal, "Setujui")
    await world.in_group("disetujui oleh Petugas 2", ADMINS)
    await world.in_group("Perubahan #1 berlaku", ADMINS)
    assert (folder / "local" / "sim" / "sim-biaya.md").read_bytes() == changed(folder)
    await world.ask(f"ongkos perpanjangan di {MARK.lower()}", MARK)

    world.telegram.say(OFFICER, "/faq kembali", chat_id=ADMINS)
    await world.in_group("Perubahan #1 dibatalkan", ADMINS)
    assert not (folder / "local" / "sim" / "sim-biaya.md").exists()
    assert "ongkos perpanjangan" not in (folder / "sim" / "sim-biaya.md").read_text()


async def test_who_proposes_cannot_approve_and_others_can_cancel(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    send(world, changed(folder))
    proposal = await world.in_group("Usulan perubahan FAQ #1", ADMINS)
    pressed = world.press(OFFICER, proposal, "Setujui")
    answer = await world.telegram.answer_to(pressed)
    assert "tidak dapat menyetujui" in answer["text"]

    world.press(COLLEAGUE, proposal, "Batalkan")
    await world.in_group("dibatalkan oleh Petugas 2", ADMINS)
    assert world.rows("select state from faq_edit") == [("refused",)]
    assert not (folder / "local").exists()


async def test_proposal_survives_a_kill_and_is_put_in_force_afterwards(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    send(world, changed(folder))
    proposal = await world.in_group("Usulan perubahan FAQ #1", ADMINS)
    await world.bot.kill()
    world.press(COLLEAGUE, proposal, "Setujui")
    await world.start_bot()

    await world.in_group("Perubahan #1 berlaku", ADMINS)
    assert MARK in (folder / "local" / "sim" / "sim-biaya.md").read_text()
    assert world.rows("select count(*) from faq_edit") == [(1,)]


async def test_answer_is_changed_from_a_phone_in_one_message(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    world.telegram.say(OFFICER, f"/faq ubah sim-biaya jawaban\n{MARK} menjawab sekarang.", chat_id=ADMINS)
    proposal = await world.in_group("Usulan perubahan FAQ #1", ADMINS)
    assert "sim-biaya (id): jawaban" in text_of(proposal)
    world.press(COLLEAGUE, proposal, "Setujui")
    await world.in_group("Perubahan #1 berlaku", ADMINS)

    await world.ask("Berapa biaya resmi pembuatan dan perpanjangan SIM?", MARK)


async def test_entry_and_whole_faq_are_handed_out_and_the_sheet_comes_back(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    sent_long_ago = world.folder / "media" / "faq" / "old"
    sent_long_ago.parent.mkdir(parents=True)
    sent_long_ago.touch()
    os.utime(sent_long_ago, (0, 0))
    world.telegram.say(OFFICER, "/faq ubah sim-biaya", chat_id=ADMINS)
    handed = await document_to(world)
    assert not sent_long_ago.exists()
    assert handed["document"]["file_name"] == "sim-biaya.md"
    assert file_in(handed, world) == (folder / "sim" / "sim-biaya.md").read_bytes()

    world.telegram.say(OFFICER, "/faq ekspor", chat_id=ADMINS)
    sheet = await world.telegram.wait_for(
        lambda box: next(
            (m for m in box.bot_messages(ADMINS) if m.get("document", {}).get("file_name") == "tanggap-faq.xlsx"), None
        ),
        world.patience,
    )
    book = openpyxl.load_workbook(io.BytesIO(file_in(sheet, world)))
    rows: Any = book.active
    columns = {cell.value: cell.column for cell in rows[1]}
    row = next(one[0].row for one in rows.iter_rows(min_row=2) if one[0].value == "sim/sim-hilang.md")
    rows.cell(row, columns["approved_by"]).value = "Kasatlantas Polres Contoh"
    data = io.BytesIO()
    book.save(data)
    send(world, data.getvalue(), "tanggap-faq.xlsx")

    proposal = await world.in_group("Usulan perubahan FAQ #3", ADMINS)
    lines = [line for line in text_of(proposal).splitlines() if line.startswith("•") and "(" in line]
    assert lines[0] == "• sim-hilang (id): pengesahan"
    assert "sim-biaya (id)" not in text_of(proposal)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("sim-biaya.md", b"---\nid: sim-biaya\nstatus: mungkin\n---\n# Tanya?\n\nJawab.\n", "baris 3"),
        ("sim-biaya.md", b"\xff\xfe", "baris 1"),
        ("lembar.xlsx", b"not a zip", "tidak dapat dibaca"),
        ("lembar.csv", b"id;locale;question\nx;id;=1+1\n", "kolom"),
    ],
)
async def test_broken_file_is_refused_with_its_place_and_changes_nothing(
    open_world: Open, folder: Path, name: str, data: bytes, told: str
) -> None:
    world = await opened(open_world, folder)
    send(world, data, name)
    await world.in_group(told, ADMINS)

    assert world.rows("select state from faq_edit") == [("refused",)]
    await world.ask(QUESTION, "Rp75.000")


async def test_variant_that_another_entry_has_is_refused_with_its_line(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    taken = next(
        line[2:] for line in (folder / "sim" / "sim-hilang.md").read_text().splitlines() if line.startswith("- ")
    )
    world.telegram.say(OFFICER, f"/faq ubah sim-biaya variasi\n{taken}", chat_id=ADMINS)
    refused = await world.in_group("sudah dimiliki entri lain", ADMINS)

    assert "local/sim/sim-biaya.md, baris" in text_of(refused)
    assert "sim-hilang" in text_of(refused)


async def test_what_is_approved_is_quoted_whatever_becomes_of_the_request(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    asked = world.telegram.say(OFFICER, f"/faq ubah sim-biaya jawaban\n{MARK} lama.", chat_id=ADMINS)
    world.telegram.edit(OFFICER, ADMINS, asked["message_id"], "/faq ubah sim-biaya jawaban\nBaru.")
    proposal = await world.in_group("Usulan perubahan FAQ #1", ADMINS)

    assert f"jawaban: {MARK} lama." in text_of(proposal)
    assert world.rows("select count(*) from faq_edit") == [(1,)]


async def test_file_with_windows_line_ends_is_taken_back_like_any(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    send(world, changed(folder).replace(b"\n", b"\r\n"))
    world.press(COLLEAGUE, await world.in_group("Usulan perubahan FAQ #1", ADMINS), "Setujui")
    await world.in_group("Perubahan #1 berlaku", ADMINS)
    assert b"\r" not in (folder / "local" / "sim" / "sim-biaya.md").read_bytes()
    world.telegram.say(OFFICER, "/faq kembali 1", chat_id=ADMINS)

    await world.in_group("Perubahan #1 dibatalkan", ADMINS)
    assert not (folder / "local" / "sim" / "sim-biaya.md").exists()


async def test_files_that_a_killed_process_wrote_already_do_not_stop_the_others(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    sheet = "file;locale;question;answer;status;source;effective;review_due\n" + "".join(
        f"a/{name}.md;id;Apa itu {name}?;{MARK} {name}.;approved;Contoh;2026-01-01;2027-01-01\n"
        for name in ("ab", "cd")
    )
    send(world, sheet.encode(), "lembar.csv")
    proposal = await world.in_group("Usulan perubahan FAQ #1", ADMINS)
    await world.bot.kill()
    files, *_ = world.rows("select files from faq_edit")[0]
    (folder / "local" / "a").mkdir(parents=True)
    (folder / "local" / "a" / "ab.md").write_text(json.loads(files)["local/a/ab.md"])
    world.press(COLLEAGUE, proposal, "Setujui")
    await world.start_bot()

    await world.in_group("Perubahan #1 berlaku", ADMINS)
    assert (folder / "local" / "a" / "cd.md").exists()


async def test_second_file_with_an_entrys_id_and_a_variant_taken_meanwhile_are_refused(
    open_world: Open, folder: Path
) -> None:
    world = await opened(open_world, folder)
    for entry in ("sim-biaya", "sim-hilang"):
        world.telegram.say(OFFICER, f"/faq ubah {entry} variasi\nzebra ungu terbang", chat_id=ADMINS)
    first = await world.in_group("Usulan perubahan FAQ #1", ADMINS)
    second = await world.in_group("Usulan perubahan FAQ #2", ADMINS)
    world.press(COLLEAGUE, first, "Setujui")
    await world.in_group("Perubahan #1 berlaku", ADMINS)
    world.press(COLLEAGUE, second, "Setujui")
    await world.in_group("kini dimiliki juga oleh", ADMINS)

    send(world, changed(folder), "abc.md")
    await world.in_group("id sudah dipakai berkas lain", ADMINS)
    assert world.rows("select state from faq_edit order by id") == [("live",), ("refused",), ("refused",)]
    assert sorted(path.name for path in (folder / "local").rglob("*.md")) == ["sim-biaya.md"]


async def test_stranger_changes_nothing(open_world: Open, folder: Path) -> None:
    world = await opened(open_world, folder)
    world.telegram.add_member(ADMINS, STRANGER)
    send(world, changed(folder))
    proposal = await world.in_group("Usulan perubahan FAQ #1", ADMINS)
    world.telegram.remove_member(ADMINS, STRANGER)
    pressed = world.press(STRANGER, proposal, "Setujui")
    await world.telegram.answer_to(pressed)

    assert world.rows("select state from faq_edit") == [("proposed",)]


async def test_without_an_admins_group_administrators_change_it_in_the_officers_group(
    open_world: Open, folder: Path
) -> None:
    world = await opened(open_world, folder, CHATBOT_ADMINS_CHAT_ID="")
    world.telegram.say(COLLEAGUE, "/faq ubah sim-biaya", chat_id=OFFICERS)
    await world.in_group("Hanya administrator grup ini")
    world.telegram.say(OFFICER, "/faq ubah sim-biaya", chat_id=OFFICERS)

    handed = await document_to(world, OFFICERS)
    assert handed["document"]["file_name"] == "sim-biaya.md"


async def test_changed_folder_is_live_without_a_command_and_a_broken_file_is_told(
    open_world: Open, folder: Path
) -> None:
    world = await opened(open_world, folder)
    await world.ask(QUESTION, "Rp75.000")
    path = folder / "sim" / "sim-biaya.md"
    path.write_bytes(changed(folder))
    await answered(world, f"ongkos perpanjangan di {MARK.lower()}", MARK)

    path.write_text("---\nid: sim-biaya\nstatus: mungkin\n---\n# Tanya?\n\nJawab.\n")
    told = await world.in_group("Berkas FAQ rusak", ADMINS)
    assert "sim/sim-biaya.md, baris 3" in text_of(told)
    await world.ask(f"ongkos perpanjangan di {MARK.lower()}", MARK)
