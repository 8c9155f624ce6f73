"""What officers ask to see of their group's work, and the answers that they send by a key, over the wire."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.e2e.conftest import Open
from tests.e2e.story import RESULT, card, file_complaint, photo, taken
from tests.e2e.world import ADMINS, CITIZEN, FAQ, OFFICER, OFFICERS, PROPAM, World, text_of

THANKS = "Keterangan Anda sudah kami catat pada aduan"


async def opened(open_world: Open, folder: Path, **settings: str) -> World:
    """A world with the shipped saved answers and a unit's own."""
    (folder / "faq" / "local").mkdir(parents=True)
    shutil.copy(FAQ / "jawaban.toml", folder / "faq")
    (folder / "faq" / "local" / "jawaban.toml").write_text('[salam-contoh]\nid = "Salam dari {satuan}."\n')
    return await open_world(**settings)


async def asked(world: World, command: str, words: str, chat: int = OFFICERS, **place: Any) -> dict[str, Any]:
    """What the group reads after an officer's command."""
    after = len(world.telegram.bot_messages(chat))
    world.telegram.say(OFFICER, command, chat_id=chat, **place)
    return await world.in_group(words, chat, after=after)


async def test_group_sees_its_own_work_another_group_none_of_it_and_the_citizen_nothing(
    open_world: Open, tmp_path: Path
) -> None:
    world = await opened(open_world, tmp_path, CHATBOT_PROPAM_CHAT_ID=str(PROPAM))
    number = await file_complaint(world)
    thread = (await card(world))["message_thread_id"]
    told = len(world.telegram.bot_messages(CITIZEN))

    assert f"#{number[:3]}" in text_of(await asked(world, "/antrean", "Aduan terbuka: 1"))
    ticket = text_of(await asked(world, f"/tiket {number}", "Riwayat"))
    assert f"https://t.me/c/{str(OFFICERS).removeprefix('-100')}/{thread}" in ticket
    assert "aduan masuk · warga" in ticket
    in_place = await asked(world, "/tiket", "Riwayat", thread=thread)
    assert in_place["message_thread_id"] == thread
    assert "saya menunggu" in text_of(await asked(world, "/cari LOKET pelayanan", "Aduan yang memuat"))
    recap = await asked(world, "/rekap", "Masuk: 1", thread=thread)
    assert (recap["photo"][-1]["width"], recap["photo"][-1]["height"]) == (800, 400)
    assert recap["message_thread_id"] == thread

    await asked(world, "/antrean", "Tidak ada aduan terbuka", PROPAM)
    await asked(world, "/cari loket", "Tidak ada aduan di grup ini", PROPAM)
    await asked(world, f"/tiket {number}", "tidak ditemukan di grup ini", PROPAM)
    await asked(world, "/rekap minggu", "Masuk: 0", PROPAM)
    after = len(world.telegram.bot_messages(OFFICERS))
    world.telegram.anonymous_admin_says(OFFICERS, "/rekap")
    assert "photo" not in await world.in_group("admin anonim", after=after)
    world.telegram.fail_next("sendPhoto", chat_id=OFFICERS, description="Bad Request: not enough rights to send photos")
    assert "photo" not in await asked(world, "/rekap kemarin", "Masuk: 0")

    assert len(world.telegram.bot_messages(CITIZEN)) == told
    assert not world.rows("select 1 from inbound where state = 'quarantined'")


async def test_saved_answer_reaches_the_citizen_in_full_and_no_slip_does(open_world: Open, tmp_path: Path) -> None:
    world = await opened(open_world, tmp_path)
    thread = await taken(world)
    number = text_of(await card(world))[1:13]

    said = world.telegram.say(OFFICER, "/jawab terima-kasih", chat_id=OFFICERS, thread=thread)
    await world.told(f"{THANKS} {number}")
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "/jawab minta-foto")
    await world.told("mohon kirim di sini")
    listed = text_of(await asked(world, "/jawab", "salah satu kunci ini"))
    assert "salam-contoh: Salam dari {satuan}." in listed
    refused = text_of(await asked(world, "/jawab minta-fto", "tidak ada jawaban tersimpan", thread=thread))
    assert "minta-foto" in refused
    refusals = len(world.telegram.bot_messages(OFFICERS, thread))
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "/jawab minta-fto")
    await world.in_group("tidak ada jawaban tersimpan", thread=thread, after=refusals)
    pictures = [photo((shade, 0, 90)) for shade in (10, 20)]
    world.telegram.send_album(OFFICER, pictures, caption="/jawab minta-fto", chat_id=OFFICERS, thread=thread)
    world.telegram.say(OFFICER, "/jawab terima-kasih dan mohon tunggu", chat_id=OFFICERS, thread=thread)
    await world.told("terima-kasih dan mohon tunggu")
    world.telegram.say(OFFICER, f"/tutup {RESULT}", chat_id=OFFICERS, thread=thread)
    await world.told(RESULT)
    closed = await asked(world, "/jawab mohon-tunggu", "belum dikirim", thread=thread)
    world.press(OFFICER, closed, "Buka dan kirim")
    await world.told("belum selesai diperiksa")

    texts = [text_of(message) for message in world.telegram.bot_messages(CITIZEN)]
    assert not any("minta-f" in text or "mohon-tunggu" in text or "/jawab" in text for text in texts)
    assert not any("photo" in message for message in world.telegram.bot_messages(CITIZEN))
    assert [THANKS in text for (text,) in world.rows("select text from ticket_event where event = 'answered'")] == [
        True,
        False,
        False,
    ]


async def test_broken_file_of_saved_answers_is_told_to_the_admins_and_what_was_right_goes_on(
    open_world: Open, tmp_path: Path
) -> None:
    world = await opened(open_world, tmp_path)
    thread = await taken(world)
    own = tmp_path / "faq" / "local" / "jawaban.toml"
    own.write_text('[salam-contoh]\nid = "Salam dari {satuan}."\n\n[baru-sekali]\nid = "Halo {nama}."\n')
    await world.in_group("local/jawaban.toml, baris 4: dalam kurung kurawal", ADMINS)
    await world.bot.stop()
    await world.start_bot()  # what was right is remembered
    world.telegram.say(OFFICER, "/jawab salam-contoh", chat_id=OFFICERS, thread=thread)
    await world.told("Salam dari Polres Contoh.")
    own.write_text('[salam-contoh]\nid = "Salam hangat."\n')
    for _ in range(40):  # a change of the folder is seen a moment after it is made
        after = len(world.telegram.bot_messages(CITIZEN))
        world.telegram.say(OFFICER, "/jawab salam-contoh", chat_id=OFFICERS, thread=thread)
        if "Salam hangat." in text_of(await world.told("Salam", after=after)):
            return
    raise AssertionError("the file that was put right is not live")
