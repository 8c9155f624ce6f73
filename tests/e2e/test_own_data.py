"""DATA SAYA, a legal hold and the retention job, over the wire, with the real program in between."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.e2e.conftest import Open
from tests.e2e.story import ANSWER, NARRATIVE, RESULT, card, file_complaint
from tests.e2e.test_bad_input import run
from tests.e2e.whatsapp_story import NUMBER, press, said
from tests.e2e.world import CITIZEN, COLLEAGUE, OFFICER, OFFICERS, OTHER, PROPAM, World, text_of

REASON = "diperlukan dalam praperadilan"
REGION = f"""
name = "Polres Contoh"
timezone = "Asia/Jakarta"
retention_days = 365

[units.spkt]
name = "Polres Contoh"
group = "{OFFICERS}"
default = true

[units.propam]
name = "Propam"
group = "{PROPAM}"
members = true
"""


async def document_to(world: World, user: int, *, after: int = 0) -> str:
    """The text of a document that a citizen was sent."""
    message: dict[str, Any] = await world.telegram.wait_for(
        lambda box: next((m for m in box.bot_messages(user)[after:] if "document" in m), None), world.patience
    )
    assert message["document"]["file_name"] == "data-saya.txt"
    return world.telegram.world.files[message["document"]["file_id"]].data.decode()


def words_left(world: World) -> str:
    """All that the bot keeps on the disk, the database after its free pages are given back; the bot is stopped."""
    database = world.folder / "tanggap.db"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("vacuum")
        connection.execute("pragma wal_checkpoint(truncate)")
    files = [path for path in (world.folder / "media").rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode(errors="replace") for path in (database, *files))


async def test_person_gets_has_erased_and_is_forgotten_what_the_region_keeps_no_longer(
    open_world: Open, tmp_path: Path
) -> None:
    (tmp_path / "region.toml").write_text(REGION)
    world = await open_world(CHATBOT_REGION_FILE=str(tmp_path / "region.toml"))
    number = await file_complaint(world)
    thread = (await card(world))["message_thread_id"]
    await world.ask("cerita orang lain tentang pagar", "", OTHER)
    world.telegram.say(OFFICER, f"/jawab {ANSWER}", chat_id=OFFICERS, thread=thread)
    await world.told(ANSWER)

    overview = await world.ask("Data saya", "365 hari setelah selesai")
    world.press(CITIZEN, overview, "Salinan")
    copy = await document_to(world, CITIZEN)
    assert (NARRATIVE in copy, ANSWER in copy, "antrean" in copy) == (True, True, True)
    assert not [part for part in ("Petugas 1", "pagar", str(OTHER), str(OFFICERS)) if part in copy]

    world.telegram.say(COLLEAGUE, f"/tahan {REASON}", chat_id=OFFICERS, thread=thread)
    await world.in_group("Hanya admin grup ini")
    world.telegram.say(OFFICER, f"/tahan {REASON}", chat_id=OFFICERS, thread=thread)
    await world.in_group("Aduan ditahan untuk proses hukum")
    world.telegram.say(OFFICER, f"/tutup {RESULT}", chat_id=OFFICERS, thread=thread)
    await world.told(RESULT)
    asked = await world.ask("hapus data saya", "365 hari setelah selesai")
    world.press(CITIZEN, asked, "Hapus data")
    asked = await world.told("Hapus sekarang?")
    world.press(CITIZEN, asked, "Ya, hapus")
    stays = await world.told("Yang masih kami simpan")
    assert "diperlukan dalam proses hukum (UU 27/2022)" in text_of(stays)
    await world.in_group("meminta datanya dihapus")
    assert not list((world.folder / "media" / "data-saya").rglob("*.*"))

    world.telegram.say(OFFICER, "/lepas-tahan", chat_id=OFFICERS, thread=thread)
    await world.in_group("tidak lagi ditahan")
    await world.bot.stop()
    before = words_left(world)
    assert (NARRATIVE in before, "pagar" in before) == (True, True)
    with closing(sqlite3.connect(world.folder / "tanggap.db")) as connection, connection:
        connection.execute("update ticket set closed_at = '2020-01-01 00:00:00.000000'")
    await world.start_bot()
    for _ in range(40):  # which no sandbox can see, so that it is looked at after each answer
        await world.ask("halo", "", OTHER)
        if world.rows("select 1 from ticket where emptied"):
            break
    await world.bot.stop()

    left = words_left(world)
    assert not [part for part in (NARRATIVE, ANSWER, RESULT, REASON, "antrean") if part in left]
    assert "pagar" in left
    assert not list((world.folder / "media").glob("??/*"))
    settings = {name: value for name, value in world.settings.items() if name.startswith("CHATBOT_")}
    ended = run("audit", **settings)
    assert (ended.returncode, *re.findall("^Rantai +(.*)$", ended.stdout, re.MULTILINE)) == (0, "utuh")
    emptied = re.findall("^Teks yang dihapus +(.*)$", ended.stdout, re.MULTILINE)
    assert emptied == ["4"]  # form, answer, result, and the reason of the hold
    exported = run("ticket", "export", number, "--out", str(tmp_path / "out"), **settings)
    assert (exported.returncode, "ISI ADUAN INI TELAH DIHAPUS" in exported.stdout) == (0, True)


async def test_copy_reaches_a_person_on_whatsapp_as_a_document(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Warga")
    await said(world, person, "halo", "asisten otomatis")
    overview = await said(world, person, "my data", "perlukan")
    press(world, person, overview, "Salinan data saya")
    sent = await world.told_on_whatsapp(person, "data-saya.txt")
    assert (sent.kind, NUMBER in str(sent.content)) == ("document", False)
