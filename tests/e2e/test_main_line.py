from __future__ import annotations

import pytest

from tests.e2e.conftest import Open
from tests.e2e.story import ANSWER, RESULT, card, file_complaint, photo, taken, work_on
from tests.e2e.world import (
    ADMINS,
    CITIZEN,
    COLLEAGUE,
    OFFICER,
    OFFICERS,
    OTHER,
    PROPAM,
    STRANGER,
    World,
    buttons_of,
    text_of,
)


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize("forum", [True, False], ids=["forum", "plain group"])
async def test_complaint_travels_to_the_officers_and_their_answer_back(
    open_world: Open, *, webhook: bool, forum: bool
) -> None:
    world = await open_world(webhook=webhook, forum=forum)

    number = await file_complaint(world)
    await work_on(world)

    assert world.rows("select number, status, rating from ticket") == [(number, "closed", 5)]
    assert {text for (text,) in world.rows("select outcome from inbound")} <= {"answered", "ticketed", "ignored"}
    assert not world.rows("select 1 from outbound where state = 'dead'")


async def test_new_ticket_costs_at_most_three_calls_in_the_group(world: World) -> None:
    await file_complaint(world)
    await card(world)
    await world.telegram.wait_for(lambda sandbox: sandbox.calls_of("copyMessage"))

    calls = [call.method for call in world.telegram.calls if call.params.get("chat_id") in {OFFICERS, str(OFFICERS)}]
    written = [method for method in calls if not method.startswith("get")]  # the group's limit is on writing
    assert sorted(written) == ["copyMessage", "createForumTopic", "sendMessage"]


async def test_question_in_chat_spelling_is_answered_with_source_and_date(world: World) -> None:
    answer = await world.ask("gmn cara prpanjang sim min?", "Rp80.000")

    assert "Sumber: PP 76/2020" in text_of(answer)
    assert "belum disahkan" in text_of(answer)
    assert list(buttons_of(answer)) == ["1", "2", "Membantu", "Tidak membantu"]


async def test_english_question_is_answered_in_english(world: World) -> None:
    answer = await world.ask("how do I renew my driving licence?", "Source:")

    assert "Helpful" in "".join(buttons_of(answer))


async def test_question_that_nobody_wrote_an_answer_for_is_refused_honestly(world: World) -> None:
    answer = await world.ask("resep rendang padang yang enak gimana ya", "belum memiliki jawaban resmi")

    assert buttons_of(answer)


async def test_two_officers_take_at_once_and_exactly_one_gets_it(world: World) -> None:
    await file_complaint(world)
    shown = await card(world)
    presses = [world.press(who, shown, "Ambil") for who in (OFFICER, COLLEAGUE)]
    answers = [(await world.telegram.answer_to(press))["text"] for press in presses]

    assert sorted("Anda menangani" in answer for answer in answers) == [False, True]
    assert any("Sudah ditangani Petugas" in answer for answer in answers)


async def test_talk_between_officers_never_reaches_the_citizen_unless_sent_with_the_button(world: World) -> None:
    thread = await taken(world)
    world.telegram.say(COLLEAGUE, "ini yang kemarin ya?", chat_id=OFFICERS, thread=thread)
    note = await world.in_group("catatan internal")
    assert not any("kemarin ya" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))

    world.press(COLLEAGUE, note, "Kirim ke warga")
    await world.told("ini yang kemarin ya?")
    assert not any("Petugas 2" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))


async def test_answer_can_be_taken_back_within_five_seconds(world: World) -> None:
    thread = await taken(world)
    world.telegram.say(OFFICER, "salah ketik ini", chat_id=OFFICERS, thread=thread)
    world.telegram.say(OFFICER, "/batal", chat_id=OFFICERS, thread=thread)
    await world.in_group("Ditarik")
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread)
    await world.told(ANSWER)

    assert not any("salah ketik" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))


async def test_officers_edit_changes_what_the_citizen_reads(world: World) -> None:
    thread = await taken(world)
    said = world.telegram.say(OFFICER, "Datang pukul 9", chat_id=OFFICERS, thread=thread)
    await world.told("Datang pukul 9")
    world.telegram.edit(OFFICER, OFFICERS, said["message_id"], "Datang pukul 10")

    await world.told("Datang pukul 10")
    assert not any("pukul 9" in text_of(m) for m in world.telegram.bot_messages(CITIZEN))


async def test_officers_photo_reaches_the_citizen(world: World) -> None:
    thread = await taken(world)
    world.telegram.send_photo(OFFICER, photo(), caption="Ini buktinya", chat_id=OFFICERS, thread=thread)
    seen = await world.told("Ini buktinya")

    assert "photo" in seen
    assert "forward_origin" not in seen


async def test_what_the_citizen_adds_edits_and_sends_arrives_at_the_ticket(world: World) -> None:
    await file_complaint(world)
    shown = await card(world)
    thread = shown["message_thread_id"]
    said = world.telegram.say(CITIZEN, "Tambahan: loketnya nomor tiga")
    await world.in_group("loketnya nomor tiga", thread=thread)
    world.telegram.edit(CITIZEN, CITIZEN, said["message_id"], "Tambahan: loketnya nomor empat")
    await world.in_group("loketnya nomor empat", thread=thread)
    world.telegram.send_document(CITIZEN, b"%PDF-1.4 bukti", file_name="bukti.pdf", mime="application/pdf")
    await world.telegram.wait_for(lambda sandbox: any("document" in m for m in sandbox.bot_messages(OFFICERS, thread)))


async def test_citizens_text_is_inert_in_the_group(world: World) -> None:
    hostile = '<b>tebal</b> <a href="tg://user?id=901">x</a> @petugas &lt; https://contoh.invalid'
    await file_complaint(world, narrative=f"Pelayanan loket lambat {hostile}")
    shown = await card(world)

    assert hostile in text_of(shown).replace("\N{WORD JOINER}", "")
    assert {entity["type"] for entity in shown["entities"]} <= {"bold", "url"}
    assert not any(
        entity["type"] == "bold" and "tebal" in text_of(shown)[entity["offset"] :][: entity["length"]]
        for entity in shown["entities"]
    )
    sent = next(call for call in world.telegram.calls_of("sendMessage") if "tebal" in str(call.params.get("text")))
    assert "is_disabled" in str(sent.params.get("link_preview_options"))


async def test_complaint_about_a_police_member_is_seen_by_propam_only(open_world: Open) -> None:
    world = await open_world(CHATBOT_PROPAM_CHAT_ID=str(PROPAM))
    number = await file_complaint(world, narrative="Seorang anggota meminta uang di jalan", category="Anggota polisi")
    await card(world, PROPAM)

    assert not world.telegram.bot_messages(OFFICERS)
    assert not world.telegram.topics(OFFICERS)
    world.telegram.say(OFFICER, f"/jawab #{number} halo", chat_id=OFFICERS)
    await world.in_group("tidak ditemukan")


async def test_complaint_about_a_police_member_is_sealed_where_propam_has_no_group(world: World) -> None:
    await file_complaint(world, narrative="Seorang anggota meminta uang di jalan", category="Anggota polisi")
    told = await world.in_group("tersegel", ADMINS)

    assert not world.telegram.bot_messages(OFFICERS)
    assert "uang" not in text_of(told)
    assert any("dumaspresisi" in text_of(m).lower() for m in world.telegram.bot_messages(CITIZEN))
    assert world.rows("select sealed, chat from ticket") == [(1, "")]


async def test_status_is_told_to_the_person_who_filed_and_to_nobody_else(world: World) -> None:
    number = await file_complaint(world)
    await world.ask(f"status {number}", "Diterima")
    foreign = await world.ask(f"status {number}", "", OTHER)
    nonexistent = await world.ask("status 000000000" + "0", "", OTHER)

    last = [text_of(m) for m in world.telegram.bot_messages(OTHER)]
    assert "Diterima" not in " ".join(last)
    assert text_of(nonexistent) in last
    assert text_of(foreign) in last


async def test_former_member_and_stranger_cannot_act(world: World) -> None:
    await file_complaint(world)
    shown = await card(world)
    world.telegram.remove_member(OFFICERS, COLLEAGUE)
    for who in (COLLEAGUE, STRANGER):
        press = world.telegram.press(who, OFFICERS, shown["message_id"], "d:take:1")
        assert "anggota grup" in (await world.telegram.answer_to(press))["text"]
    assert world.rows("select officer_id from ticket") == [("",)]
    refused = world.rows("select actor, ticket_id, detail from audit where act = 'refused' order by id")
    assert [(actor, ticket) for actor, ticket, _ in refused] == [(str(COLLEAGUE), 1), (str(STRANGER), 1)]
    assert '"why":"not_allowed"' in refused[0][2]


async def test_anonymous_admin_is_asked_to_show_himself(world: World) -> None:
    await file_complaint(world)
    shown = await card(world)
    world.telegram.anonymous_admin_says(OFFICERS, "/ambil", thread=shown["message_thread_id"])

    await world.in_group("anonim")
    assert world.rows("select officer_id from ticket") == [("",)]


async def test_deleted_topic_heals_and_nothing_is_lost(world: World) -> None:
    await file_complaint(world)
    shown = await card(world)
    world.telegram.delete_topic(OFFICERS, shown["message_thread_id"])
    world.telegram.say(CITIZEN, "Tambahan setelah topik hilang")

    again = await world.in_group("Tambahan setelah topik hilang")
    assert again["message_thread_id"] != shown["message_thread_id"]
    await world.in_group("Status:", thread=again["message_thread_id"])


async def test_closed_ticket_refuses_an_answer_visibly_and_reopens_with_one_tap(world: World) -> None:
    await file_complaint(world)
    shown = await card(world)
    thread = shown["message_thread_id"]
    world.telegram.say(OFFICER, f"/tutup {RESULT}", chat_id=OFFICERS, thread=thread)
    await world.told(RESULT)
    world.telegram.say(OFFICER, f"/jawab {ANSWER}", chat_id=OFFICERS, thread=thread)
    refused = await world.in_group("belum dikirim")
    world.press(OFFICER, refused, "Buka dan kirim")

    await world.told(ANSWER)


async def test_objection_reopens(world: World) -> None:
    await file_complaint(world)
    shown = await card(world)
    world.telegram.say(OFFICER, f"/tutup {RESULT}", chat_id=OFFICERS, thread=shown["message_thread_id"])
    closed = await world.told(RESULT)
    world.press(CITIZEN, closed, "eberatan")

    await world.in_group("keberatan")
    assert world.rows("select status from ticket") == [("received",)]


async def test_blocked_citizen_shows_on_the_card(world: World) -> None:
    thread = await taken(world)
    world.telegram.block_bot(CITIZEN)
    world.telegram.say(OFFICER, ANSWER, chat_id=OFFICERS, thread=thread)

    await world.in_group("Belum sampai")
    await world.in_group("Belum sampai ke warga: 1", thread=thread)


async def test_group_that_is_not_ours_hears_once_who_we_are_and_is_left(world: World) -> None:
    world.telegram.add_group(-1009, "Grup lain", bot_status="left")
    world.telegram.add_member(-1009, STRANGER)
    world.telegram.add_bot_to_group(STRANGER, -1009)

    told = await world.in_group("-1009", -1009)
    await world.telegram.wait_for(lambda sandbox: sandbox.calls_of("leaveChat"))
    assert "Polres Contoh" in text_of(told)
