"""What officers do in odd orders: albums, corrections, second thoughts, slips; nothing meant for them leaks."""

from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.story import ANSWER, RESULT, card, file_complaint, photo, taken
from tests.e2e.world import ADMINS, CITIZEN, COLLEAGUE, OFFICER, OFFICERS, OTHER, World, text_of


def photos_to(world: World, chat: int) -> int:
    return sum("photo" in message for message in world.telegram.bot_messages(chat))


async def test_album_marked_as_a_note_stays_in_the_group(world: World) -> None:
    thread = await taken(world)
    pictures = [photo((shade, 0, 0)) for shade in (10, 20, 30)]
    world.telegram.send_album(OFFICER, pictures, caption="/catat foto internal", chat_id=OFFICERS, thread=thread)
    await world.until(lambda: world.rows("select count(*) from ticket_event where event = 'noted'") == [(3,)])
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread)
    await world.told(ANSWER)

    assert photos_to(world, CITIZEN) == 0


async def test_album_of_a_colleague_with_a_command_reaches_the_citizen_whole(world: World) -> None:
    thread = await taken(world)
    pictures = [photo((0, shade, 0)) for shade in (10, 20)]
    world.telegram.send_album(COLLEAGUE, pictures, caption="/jawab ini lokasinya", chat_id=OFFICERS, thread=thread)
    await world.told("ini lokasinya")
    await world.telegram.wait_for(lambda _: photos_to(world, CITIZEN) == 2, world.patience)


async def test_slip_of_a_command_reaches_nobody_and_its_correction_is_obeyed(world: World) -> None:
    thread = await taken(world)
    said = world.telegram.say(OFFICER, "/jwab Silakan datang", chat_id=OFFICERS, thread=thread)
    await world.in_group("tidak dikenal", thread=thread)
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "/jawab Silakan datang")
    told = await world.told("Silakan datang")

    assert "/" not in text_of(told)


async def test_answer_to_a_closed_ticket_is_sent_without_its_command_and_keeps_its_sense(open_world: Open) -> None:
    world = await open_world(forum=False)
    number = await file_complaint(world)
    await card(world)
    world.telegram.say(OFFICER, f"/tutup #{number} {RESULT}", chat_id=OFFICERS)
    await world.told(RESULT)
    world.telegram.say(OFFICER, f"/tanya #{number} Nomor antreannya berapa?", chat_id=OFFICERS)
    refused = await world.in_group("belum dikirim")
    world.press(OFFICER, refused, "Buka dan kirim")
    told = await world.told("Nomor antreannya berapa?")

    assert "/tanya" not in text_of(told)
    assert number not in text_of(told).replace("-", "").partition("Nomor")[2]
    assert world.rows("select status from ticket") == [("waiting",)]


async def test_note_reaches_the_citizen_in_its_latest_wording_and_is_corrected_there(world: World) -> None:
    thread = await taken(world)
    said = world.telegram.say(COLLEAGUE, "Datang hari Senin", chat_id=OFFICERS, thread=thread)
    note = await world.in_group("catatan internal")
    world.telegram.edit(COLLEAGUE, OFFICERS, said["message_id"], "Datang hari Selasa")
    await world.until(lambda: world.rows("select 1 from ticket_event where event = 'corrected'"))
    world.press(COLLEAGUE, note, "Kirim ke warga")
    await world.told("Datang hari Selasa")
    world.telegram.edit(COLLEAGUE, OFFICERS, said["message_id"], "Datang hari Rabu")
    await world.told("Datang hari Rabu")

    assert not any("Senin" in text_of(message) for message in world.telegram.bot_messages(CITIZEN))


async def test_note_that_was_sent_and_recalled_can_be_sent_after_all(world: World) -> None:
    thread = await taken(world)
    world.telegram.say(COLLEAGUE, "Datang hari Senin", chat_id=OFFICERS, thread=thread)
    note = await world.in_group("catatan internal")
    world.press(COLLEAGUE, note, "Kirim ke warga")
    await world.until(lambda: world.rows("select 1 from outbound where purpose = 'answer' and state = 'pending'"))
    world.telegram.say(COLLEAGUE, "/batal", chat_id=OFFICERS, thread=thread)
    await world.in_group("Ditarik")
    world.press(COLLEAGUE, note, "Kirim ke warga")

    await world.told("Datang hari Senin")


async def test_long_result_reaches_the_citizen_whole(world: World) -> None:
    thread = await taken(world)
    world.telegram.say(OFFICER, f"/tutup {'Sudah diperiksa. ' * 220}AKHIR", chat_id=OFFICERS, thread=thread)

    await world.told("AKHIR")


async def test_photo_of_the_work_goes_to_the_citizen_with_the_closing(world: World) -> None:
    thread = await taken(world)
    world.telegram.send_photo(OFFICER, photo(), caption=f"/tutup {RESULT}", chat_id=OFFICERS, thread=thread)
    await world.told(RESULT)

    assert photos_to(world, CITIZEN) == 1


async def test_ticket_of_an_officer_who_is_away_can_be_taken_over(world: World) -> None:
    thread = await taken(world)
    world.telegram.say(COLLEAGUE, "/ambil", chat_id=OFFICERS, thread=thread)
    asked = await world.in_group("Sudah ditangani")
    world.press(COLLEAGUE, asked, "Ambil alih")
    await world.until(lambda: world.rows("select 1 from ticket where officer_id = ?", str(COLLEAGUE)))


async def test_card_that_the_platform_refuses_in_its_form_comes_in_plain_words(world: World) -> None:
    world.telegram.fail_next("sendMessage", chat_id=OFFICERS, status=400, description="Bad Request: SOMETHING_NEW")
    await file_complaint(world)

    await card(world)


async def test_emergency_notice_that_is_refused_in_its_form_comes_in_plain_words(world: World) -> None:
    world.telegram.fail_next("sendMessage", chat_id=CITIZEN, status=400, description="Bad Request: BUTTON_TYPE_INVALID")
    world.telegram.say(CITIZEN, "tolong pak ada maling masuk rumah saya sekarang bawa golok")

    await world.told("telepon 110 sekarang")


async def test_admins_hear_that_a_group_cannot_be_reached_and_reports_come_when_it_is_put_right(
    open_world: Open,
) -> None:
    world = await open_world(CHATBOT_OFFICERS_CHAT_ID="-1009999999999")
    await file_complaint(world)
    world.telegram.say(CITIZEN, "Tambahan: loketnya nomor tiga")
    await world.in_group("kehilangan tempat atau hak di grup -1009999999999", ADMINS)
    world.telegram.say(OTHER, "tolong pak ada maling masuk rumah saya sekarang bawa golok")
    await world.told("110", OTHER)
    await world.bot.stop()
    world.settings["CHATBOT_OFFICERS_CHAT_ID"] = str(OFFICERS)
    await world.start_bot()

    await world.in_group("loketnya nomor tiga")
    await world.in_group("DARURAT")
    await world.told("sudah kami teruskan", OTHER)


async def test_without_a_group_the_citizen_hears_the_truth_and_everything_comes_once_there_is_one(
    open_world: Open,
) -> None:
    world = await open_world(CHATBOT_OFFICERS_CHAT_ID="")
    await file_complaint(world)
    assert not any("diteruskan ke Polres Contoh. <" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))
    await world.told("Belum ada petugas")
    world.telegram.say(CITIZEN, "Tambahan: loketnya nomor tiga")
    await world.told("sudah kami tambahkan")
    await world.bot.stop()
    world.settings["CHATBOT_OFFICERS_CHAT_ID"] = str(OFFICERS)
    await world.start_bot()

    thread = (await card(world))["message_thread_id"]
    await world.in_group("loketnya nomor tiga", thread=thread)


async def test_admins_hear_that_the_bot_was_thrown_out(world: World) -> None:
    world.telegram.remove_bot(OFFICER, OFFICERS)

    await world.in_group("Bot bukan anggota grup petugas", ADMINS)


async def test_answer_that_is_turned_into_a_note_in_time_does_not_reach_the_citizen(world: World) -> None:
    thread = await taken(world)
    said = world.telegram.say(OFFICER, "pelapor ini diduga penipu", chat_id=OFFICERS, thread=thread)
    await world.until(lambda: world.rows("select 1 from outbound where purpose = 'answer' and state = 'pending'"))
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "/catat pelapor ini diduga penipu")
    await world.in_group("Ditarik", thread=thread)
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread)
    await world.told(ANSWER)

    assert not any("penipu" in text_of(message) for message in world.telegram.bot_messages(CITIZEN))


async def test_recall_takes_a_whole_album_back(world: World) -> None:
    thread = await taken(world)
    pictures = [photo((shade, shade, 0)) for shade in (10, 20, 30)]
    world.telegram.send_album(OFFICER, pictures, caption="salah foto", chat_id=OFFICERS, thread=thread)
    await world.until(lambda: world.rows("select count(*) from outbound where purpose = 'answer'") == [(3,)])
    world.telegram.say(OFFICER, "/batal", chat_id=OFFICERS, thread=thread)
    await world.in_group("Ditarik", thread=thread)
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread)
    await world.told(ANSWER)

    assert photos_to(world, CITIZEN) == 0


async def test_album_with_the_closing_goes_to_the_citizen_whole(world: World) -> None:
    thread = await taken(world)
    pictures = [photo((0, shade, shade)) for shade in (10, 20, 30)]
    world.telegram.send_album(OFFICER, pictures, caption=f"/tutup {RESULT}", chat_id=OFFICERS, thread=thread)
    await world.told(RESULT)
    await world.telegram.wait_for(lambda _: photos_to(world, CITIZEN) == 3, world.patience)

    assert world.rows("select status from ticket") == [("closed",)]


async def test_album_kept_as_a_note_is_sent_whole_by_its_one_button(world: World) -> None:
    thread = await taken(world)
    pictures = [photo((0, 0, shade)) for shade in (10, 20)]
    world.telegram.send_album(COLLEAGUE, pictures, caption="ini lokasinya", chat_id=OFFICERS, thread=thread)
    await world.until(lambda: world.rows("select count(*) from ticket_event where event = 'noted'") == [(2,)])
    note = await world.in_group("catatan internal")
    world.press(COLLEAGUE, note, "Kirim ke warga")
    await world.telegram.wait_for(lambda _: photos_to(world, CITIZEN) == 2, world.patience)

    assert sum("catatan internal" in text_of(message) for message in world.telegram.bot_messages(OFFICERS)) == 1
