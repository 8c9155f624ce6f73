"""What goes wrong at the desk: over-long cards, foreign numbers, second thoughts, a platform that cannot answer."""

from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.story import ANSWER, card, file_complaint, photo, taken
from tests.e2e.whatsapp_story import NUMBER
from tests.e2e.whatsapp_story import taken as taken_on_whatsapp
from tests.e2e.world import ADMINS, CITIZEN, OFFICER, OFFICERS, OTHER, PROPAM, World, text_of

BEATEN = "tolong saya sedang dipukuli oknum polisi di kantor, sekarang juga"


async def test_card_of_very_long_answers_is_sent_and_what_did_not_fit_follows_whole(world: World) -> None:
    answers = {step: f"{step} {'sangat panjang 😀 ' * 230}akhir-{step}" for step in ("kejadian", "tempat", "orang")}
    asked = await world.ask("aduan", "setuju")
    world.press(CITIZEN, asked, "Setuju")
    asked = await world.told("Aduan ini tentang apa")
    world.press(CITIZEN, asked, "Pelayanan polisi")
    await world.told("Ceritakan")
    await world.ask(answers["kejadian"], "Di mana")
    await world.ask(answers["tempat"], "Kapan")
    await world.ask("kemarin", "Siapa")
    await world.ask(answers["orang"], "bukti")
    await world.ask("lewati", "identitas")
    await world.ask("terbuka", "periksa")
    world.telegram.say(CITIZEN, "kirim")
    shown = await card(world)

    for step in answers:
        await world.in_group(f"akhir-{step}", thread=shown["message_thread_id"])
        assert f"akhir-{step}" not in text_of(shown)
    assert not world.rows("select 1 from outbound where state = 'dead'")


async def test_emergency_about_members_reaches_propam_only_and_without_a_name(open_world: Open) -> None:
    world = await open_world(CHATBOT_PROPAM_CHAT_ID=str(PROPAM))
    world.telegram.say(CITIZEN, BEATEN)
    await world.in_group("DARURAT", PROPAM)
    await world.told("sudah kami teruskan")

    assert not world.telegram.bot_messages(OFFICERS)
    assert "Warga" not in text_of(await card(world, PROPAM))


async def test_emergency_in_a_form_about_members_is_one_report_with_it(open_world: Open) -> None:
    world = await open_world(CHATBOT_PROPAM_CHAT_ID=str(PROPAM))
    asked = await world.ask("aduan", "setuju")
    world.press(CITIZEN, asked, "Setuju")
    asked = await world.told("Aduan ini tentang apa")
    world.press(CITIZEN, asked, "Anggota polisi")
    await world.told("Ceritakan")
    world.telegram.say(CITIZEN, "tolong dia di depan rumah saya bawa pistol mengancam mau membunuh saya")
    await world.told("sudah kami teruskan")
    for words, expected in (
        ("lanjut", "Di mana"),
        ("rumah saya", "Kapan"),
        ("sekarang", "Siapa"),
        ("tidak tahu", "bukti"),
        ("lewati", "identitas"),
        ("anonim", "periksa"),
    ):
        await world.ask(words, expected)
    world.telegram.say(CITIZEN, "kirim")
    await world.in_group("anonim", PROPAM)

    assert not world.telegram.bot_messages(OFFICERS)
    assert world.rows("select count(*) from ticket") == [(1,)]


async def test_emergency_about_members_is_sealed_where_propam_has_no_group_and_nobody_claims_otherwise(
    world: World,
) -> None:
    world.telegram.say(CITIZEN, BEATEN)
    told = await world.told("110")
    await world.in_group("tersegel", ADMINS)

    assert "kami simpan tertutup" in text_of(told)
    assert "teruskan" not in text_of(told)
    assert not world.telegram.bot_messages(OFFICERS)
    assert world.rows("select sealed, alert from ticket") == [(1, 1)]


async def test_number_of_another_ticket_in_a_topic_sends_nothing_to_either_citizen(world: World) -> None:
    thread = await taken(world)
    asked = await world.ask("petugas", "setuju", OTHER)
    world.press(OTHER, asked, "Setuju")
    await world.told("ingin Anda sampaikan", OTHER)
    world.telegram.say(OTHER, "kapan loket pindah ke gedung baru")
    await world.until(lambda: world.rows("select count(*) from ticket") == [(2,)])
    number = world.rows("select number from ticket order by id desc limit 1")[0][0]
    world.telegram.say(OFFICER, f"/jawab #{number} {ANSWER}", chat_id=OFFICERS, thread=thread)
    await world.in_group("bukan aduan di tempat ini", thread=thread)
    world.telegram.say(OFFICER, f"#{number} {ANSWER}", chat_id=OFFICERS, thread=thread)
    await world.telegram.wait_for(
        lambda sandbox: sum("bukan aduan di tempat ini" in text_of(m) for m in sandbox.bot_messages(OFFICERS)) == 2
    )

    assert not world.rows("select 1 from outbound where purpose = 'answer'")


async def test_officers_reply_is_not_dropped_in_silence_when_membership_cannot_be_checked(world: World) -> None:
    await file_complaint(world)
    shown = await card(world)
    world.telegram.fail_next("getChatMember", status=500, description="Internal Server Error", times=3)
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, reply_to=shown["message_id"])

    await world.in_group("belum dapat memastikan")
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, reply_to=shown["message_id"])
    await world.told(ANSWER)


async def test_edit_of_a_recalled_answer_does_not_reach_the_citizen(world: World) -> None:
    thread = await taken(world)
    said = world.telegram.say(OFFICER, "salah kirim", chat_id=OFFICERS, thread=thread)
    world.telegram.say(OFFICER, "/batal", chat_id=OFFICERS, thread=thread)
    await world.in_group("Ditarik")
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "salah kirim lagi")
    await world.in_group("perubahannya tidak dikirim")
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread)
    await world.told(ANSWER)

    assert not any("salah kirim" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))


async def test_edited_caption_changes_under_the_file_that_the_citizen_has(world: World) -> None:
    thread = await taken(world)
    said = world.telegram.send_photo(OFFICER, photo(), caption="Loket 3", chat_id=OFFICERS, thread=thread)
    await world.told("Loket 3")
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "Loket 4")
    seen = await world.told("Loket 4")

    assert "photo" in seen
    assert not any("Loket 3" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))


async def test_caption_edited_while_the_file_waits_for_whatsapp_goes_out_as_edited(world: World) -> None:
    person = world.whatsapp.add_person(NUMBER, "Warga")
    thread = await taken_on_whatsapp(world, person)
    said = world.telegram.send_photo(OFFICER, photo(), caption="Loket 3", chat_id=OFFICERS, thread=thread)
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "Loket 4")
    await world.told_on_whatsapp(person, "Loket 4")

    assert not any("Loket 3" in str(m.content) for m in world.to_person(person))


async def test_edit_of_an_answer_that_is_being_sent_waits_until_it_is_known_where_that_stands(world: World) -> None:
    thread = await taken(world)
    world.telegram.fail_next("sendMessage", chat_id=CITIZEN, mode="delay", delay=1.0)
    said = world.telegram.say(OFFICER, "Loket 3", chat_id=OFFICERS, thread=thread)
    await world.told("Loket 3")
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "Loket 4")
    world.telegram.say(OFFICER, "Bawa KTP", chat_id=OFFICERS, thread=thread)
    await world.told("Bawa KTP")

    said_to_citizen = [text_of(message) for message in world.telegram.bot_messages(CITIZEN)][-2:]
    assert ["Loket 4" in said_to_citizen[0], "Bawa KTP" in said_to_citizen[1]] == [True, True]
    assert not any("Loket 3" in text_of(message) for message in world.telegram.bot_messages(CITIZEN))


async def test_reply_to_an_alert_that_is_being_sent_waits_until_it_is_known_which_that_is(world: World) -> None:
    world.telegram.fail_next("sendMessage", chat_id=OFFICERS, mode="delay", delay=1.0)
    world.telegram.say(CITIZEN, "tolong pak ada maling masuk rumah saya sekarang bawa golok")
    alert = await world.in_group("DARURAT")
    world.telegram.say(OFFICER, "Kami menuju lokasi", chat_id=OFFICERS, reply_to=alert["message_id"])
    await world.told("Kami menuju lokasi")


async def test_answer_to_an_alert_counts_as_taking_notice_of_it(world: World) -> None:
    world.telegram.say(CITIZEN, "tolong pak ada maling masuk rumah saya sekarang bawa golok")
    alert = await world.in_group("DARURAT")
    world.telegram.say(OFFICER, "Kami menuju lokasi", chat_id=OFFICERS, reply_to=alert["message_id"])
    await world.told("Kami menuju lokasi")

    assert not world.rows("select 1 from ticket where alert_pressed_at is null")


async def test_alert_that_cannot_be_sent_holds_up_no_other_alert(world: World) -> None:
    world.telegram.fail_next("sendMessage", chat_id=OFFICERS, status=500, description="Internal Server Error", times=4)
    world.telegram.say(CITIZEN, "tolong pak ada maling masuk rumah saya sekarang bawa golok")
    await world.telegram.wait_for(lambda sandbox: [c for c in sandbox.calls_of("sendMessage") if c.status == 500])
    world.telegram.say(OTHER, "tolong kebakaran di rumah tetangga, ada anak di dalam")
    await world.told("110", OTHER)

    queues = world.rows("select distinct queue from outbound where purpose = 'alert'")
    assert len(queues) == 2


async def test_what_officers_wrote_while_their_group_became_a_supergroup_is_still_theirs(open_world: Open) -> None:
    basic, big = -4001, -1004000000001
    world = await open_world(CHATBOT_OFFICERS_CHAT_ID=str(basic))
    world.telegram.add_group(basic, "Petugas", supergroup=False)
    world.telegram.add_member(basic, OFFICER, "administrator")
    number = await file_complaint(world)
    await card(world, basic)
    await world.bot.stop()
    world.telegram.say(OFFICER, f"/jawab #{number} {ANSWER}", chat_id=basic)
    world.telegram.migrate_group(basic, big)
    await world.start_bot()
    await world.told(ANSWER)
    world.telegram.say(OFFICER, f"/tutup #{number} Selesai", chat_id=big)

    await world.told("Selesai")
    assert world.rows("select chat from ticket") == [(str(big),)]
    assert not world.telegram.calls_of("leaveChat")
