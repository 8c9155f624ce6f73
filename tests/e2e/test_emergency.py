from __future__ import annotations

from tests.e2e.conftest import Open
from tests.e2e.story import card, fill_in
from tests.e2e.world import ADMINS, CITIZEN, OFFICER, OFFICERS, OTHER, World, buttons_of, text_of

CRY = "tolong pak ada maling masuk rumah saya sekarang bawa golok"


async def test_emergency_gets_110_first_and_forwarded_only_after_the_alert_was_delivered(world: World) -> None:
    world.telegram.fail_next("sendMessage", chat_id=OFFICERS, status=500, description="Internal Server Error")
    world.telegram.say(CITIZEN, CRY)
    first = await world.telegram.wait_for(lambda sandbox: sandbox.bot_messages(CITIZEN))
    await world.told("sudah kami teruskan")

    assert "110" in text_of(first[0])
    sent = [call for call in world.telegram.calls_of("sendMessage") if call.status == 200]
    alert = next(n for n, call in enumerate(sent) if "DARURAT" in str(call.params["text"]))
    forwarded = next(n for n, call in enumerate(sent) if "sudah kami teruskan" in str(call.params["text"]))
    assert alert < forwarded


async def test_later_messages_join_the_one_live_alert(world: World) -> None:
    world.telegram.say(CITIZEN, CRY)
    await world.told("sudah kami teruskan")
    world.telegram.say(CITIZEN, "cepat pak dia masih di dalam")
    world.telegram.send_location(CITIZEN, -6.2, 106.8)
    thread = (await card(world))["message_thread_id"]
    await world.in_group("masih di dalam", thread=thread)
    await world.in_group("-6.200000", thread=thread)

    assert world.rows("select count(*) from ticket") == [(1,)]
    assert len([m for m in world.telegram.bot_messages(OFFICERS) if "DARURAT" in text_of(m)]) == 1


async def test_alert_is_taken_with_its_button_and_the_officer_is_heard(world: World) -> None:
    world.telegram.say(CITIZEN, CRY)
    alert = await world.in_group("DARURAT")
    assert "Ambil" in "".join(buttons_of(alert))
    world.press(OFFICER, alert, "Ambil")
    await world.told("ditangani")
    world.telegram.say(OFFICER, "Kami menuju lokasi", chat_id=OFFICERS, reply_to=alert["message_id"])

    await world.told("Kami menuju lokasi")


async def test_emergency_in_the_form_belongs_to_the_same_report(world: World) -> None:
    asked = await world.ask("aduan", "setuju")
    world.press(CITIZEN, asked, "Setuju")
    await world.told("Aduan ini tentang apa")
    world.telegram.say(CITIZEN, CRY)
    await world.told("sudah kami teruskan")
    await world.ask("lanjut", "Aduan ini tentang apa")
    await world.ask("kriminal", "Ceritakan")
    await world.ask("sepeda saya juga hilang minggu lalu", "Di mana")
    for words, expected in (("di pasar Contoh", "Kapan"), ("kemarin", "Siapa"), ("tidak tahu", "bukti")):
        await world.ask(words, expected)
    await world.ask("lewati", "identitas")
    await world.ask("terbuka", "periksa")
    world.telegram.say(CITIZEN, "kirim")
    shown = await world.in_group("sepeda saya juga hilang")

    assert CRY in text_of(shown)
    assert world.rows("select count(*) from ticket") == [(1,)]


async def test_two_frightened_people_have_an_alert_each(world: World) -> None:
    world.telegram.say(CITIZEN, CRY)
    world.telegram.say(OTHER, "tolong kebakaran di rumah tetangga, ada anak di dalam")
    await world.told("sudah kami teruskan", CITIZEN)
    await world.told("sudah kami teruskan", OTHER)

    assert world.rows("select count(*), count(distinct contact_id) from ticket where alert_live") == [(2, 2)]


async def test_complaint_in_progress_survives_an_alert_elsewhere(world: World) -> None:
    await fill_in(world)
    world.telegram.say(OTHER, CRY)
    await world.told("sudah kami teruskan", OTHER)
    world.telegram.say(CITIZEN, "kirim")

    await world.told("bukan Laporan Polisi")
    assert world.rows(
        "select count(*) from ticket where contact_id = (select contact_id from address where external_id = '501')"
    ) == [(1,)]


async def test_without_an_officers_group_the_citizen_hears_110_and_the_admins_hear_of_it(open_world: Open) -> None:
    world = await open_world(CHATBOT_OFFICERS_CHAT_ID="")
    world.telegram.say(CITIZEN, CRY)
    await world.told("110")
    told = await world.in_group("grup petugas belum diatur", ADMINS)

    assert "golok" not in text_of(told)
    assert not any("sudah kami teruskan" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))
