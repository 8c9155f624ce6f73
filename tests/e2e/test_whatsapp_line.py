from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.story import ANSWER, RESULT, card, photo
from tests.e2e.whatsapp_story import NUMBER, file_complaint, ids_of, press, said, taken
from tests.e2e.world import OFFICER, OFFICERS, World, text_of


async def test_complaint_travels_to_the_officers_and_their_answer_back(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Warga")
    await file_complaint(world, person)
    shown = await card(world)
    thread = shown["message_thread_id"]
    await world.telegram.wait_for(lambda sandbox: any("document" in m for m in sandbox.bot_messages(OFFICERS, thread)))
    world.press(OFFICER, shown, "Ambil")
    await world.told_on_whatsapp(person, "ditangani")
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread)
    await world.told_on_whatsapp(person, ANSWER)
    world.telegram.send_photo(OFFICER, photo(), caption="Lihat ini", chat_id=OFFICERS, thread=thread)
    await world.told_on_whatsapp(person, "Lihat ini")
    world.telegram.say(OFFICER, f"/tutup {RESULT}", chat_id=OFFICERS, thread=thread)
    closed = await world.told_on_whatsapp(person, RESULT)
    world.whatsapp.press(person, closed.id, next(reply for reply in ids_of(closed).values() if reply.endswith(":5")))
    await world.told_on_whatsapp(person, "penilaian")

    assert world.rows("select status, rating from ticket") == [("closed", 5)]


async def test_confidential_card_shows_no_name_number_or_file_name(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Nama Rahasia")
    await file_complaint(world, person)
    shown = await card(world)
    await world.telegram.wait_for(
        lambda sandbox: any("document" in m for m in sandbox.bot_messages(OFFICERS, shown["message_thread_id"]))
    )

    everything = str(world.telegram.messages(OFFICERS)) + str(world.telegram.topics(OFFICERS))
    assert "Rahasia" not in text_of(shown).replace("dirahasiakan", "")
    assert "Nama Rahasia" not in everything
    assert NUMBER[2:] not in everything


async def test_correction_follows_as_ralat_because_whatsapp_cannot_edit(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Warga")
    thread = await taken(world, person)
    wrong = world.telegram.say(OFFICER, "Datang pukul 9", chat_id=OFFICERS, thread=thread)
    await world.told_on_whatsapp(person, "pukul 9")
    world.telegram.edit(OFFICER, OFFICERS, wrong["message_id"], "Datang pukul 10")

    corrected = await world.told_on_whatsapp(person, "pukul 10")
    assert "Ralat" in str(corrected.content)


async def test_person_without_a_visible_number_is_served_by_scoped_id(world: World) -> None:
    person = world.whatsapp.add_person(None, "Warga", user_id="ID.1234567890")
    await said(world, person, "halo", "asisten otomatis")

    call = next(call for call in world.whatsapp.calls if call.params.get("type"))
    assert call.params["recipient"] == "ID.1234567890"
    assert "to" not in call.params


async def test_known_number_with_another_scoped_id_cannot_read_the_old_ticket(world: World) -> None:
    first = world.whatsapp.add_person(NUMBER, "Warga", user_id="ID.111")
    await file_complaint(world, first)
    number = world.rows("select number from ticket")[0][0]
    second = world.whatsapp.add_person(NUMBER, "Pemilik Baru", user_id="ID.222")
    after = len(world.to_person(second))
    world.whatsapp.say(second, f"status {number}")
    told = await world.whatsapp.wait_for(lambda: world.to_person(second)[after:])

    assert "Diterima" not in str([message.content for message in told])
    assert world.rows("select count(*) from contact") == [(2,)]


async def test_answer_waits_while_the_reply_window_is_closed_and_goes_when_the_person_writes(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Warga")
    thread = await taken(world, person)
    world.whatsapp.close_window(person)
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread)
    await world.in_group("lebih dari 24 jam")
    world.whatsapp.say(person, "halo apakah ada kabar")

    await world.whatsapp.wait_for(
        lambda: [m for m in world.to_person(person) if ANSWER in str(m.content) and "delivered" in m.statuses], 20
    )


async def test_whatsapp_group_opens_no_ticket(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Warga")
    with world.whatsapp.in_group("grup-1"):
        world.whatsapp.say(person, "tolong ada maling masuk rumah")
    await world.whatsapp.settled()
    await said(world, person, "halo", "asisten otomatis")

    assert world.rows("select count(*) from ticket") == [(0,)]


async def test_desk_on_whatsapp_alone_keeps_the_complaint(open_world: Open) -> None:
    world = await open_world(CHATBOT_TELEGRAM_TOKEN="", CHATBOT_OFFICERS_CHAT_ID="", CHATBOT_ADMINS_CHAT_ID="")
    person = world.whatsapp.add_person(NUMBER, "Warga")
    await file_complaint(world, person)
    await said(world, person, "tolong ada kebakaran besar, anak saya di dalam", "110")

    assert world.rows("select count(*) from ticket") == [(2,)]
    assert not world.rows("select 1 from inbound where state = 'quarantined'")


async def test_new_owner_of_a_changed_number_gets_nothing_of_the_old_one(world: World) -> None:
    old, new = "6281200000001", "6281299999999"
    person = world.whatsapp.add_person(old, "Warga")
    await file_complaint(world, person)
    shown = await card(world)
    world.whatsapp.system_changed_number(person, new)
    await world.in_group("berganti nomor", thread=shown["message_thread_id"])
    stranger = world.whatsapp.add_person(old, "Orang Lain")
    await said(world, stranger, "halo", "asisten otomatis")
    await said(world, stranger, "status", "Tidak ada aduan")
    world.telegram.say(OFFICER, f"/jawab {ANSWER}", chat_id=OFFICERS, thread=shown["message_thread_id"])
    await world.told_on_whatsapp(person, ANSWER)

    assert not any(ANSWER in str(m.content) for m in world.to_person(stranger))
    assert world.rows("select address from ticket") == [(new,)]


async def test_photo_withdrawn_before_the_form_is_sent_reaches_nobody(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Warga")
    asked = await said(world, person, "lapor, motor saya dicuri kemarin jam 07.00 di pasar Contoh", "aduan")
    press(world, person, asked, "Ya, buat aduan")
    asked = await world.told_on_whatsapp(person, "setuju")
    press(world, person, asked, "Setuju")
    await world.told_on_whatsapp(person, "Siapa")
    await said(world, person, "lewati", "bukti")
    sent = world.whatsapp.send_image(person, photo(), "image/jpeg", caption="foto salah")
    await world.told_on_whatsapp(person, "Bukti sudah kami terima")
    world.whatsapp.revoke(person, sent)
    await said(world, person, "selesai", "identitas")
    await said(world, person, "terbuka", "periksa")
    await said(world, person, "kirim", "bukan Laporan Polisi")
    shown = await card(world)

    assert "Berkas" not in text_of(shown)
    assert "foto salah" not in str(world.telegram.bot_messages(OFFICERS))
