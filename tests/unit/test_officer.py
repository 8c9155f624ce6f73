from __future__ import annotations

import pytest

from chatbot.core.officer import Act, OfficerCommand, Situation, part_of_album, read, read_press

TOPIC = Situation(in_topic=True)
HOLDER = Situation(in_topic=True, holds=True)


@pytest.mark.parametrize(
    ("text", "act", "rest"),
    [
        ("/ambil", Act.TAKE, ""),
        ("/jawab Baik Bapak", Act.ANSWER, "Baik Bapak"),
        ("/JAWAB@tanggap_bot Baik\nBapak", Act.ANSWER, "Baik\nBapak"),
        ("/tutup sudah ditangani", Act.CLOSE, "sudah ditangani"),
        ("/catat cek kamera", Act.NOTE, "cek kamera"),
        ("/antrean", Act.LIST, ""),
        ("/tiket 123-456-7894", Act.TICKET, "123-456-7894"),
        ("/aduan", Act.TICKET, ""),
        ("/cari motor pasar", Act.SEARCH, "motor pasar"),
        ("/rekap minggu", Act.RECAP, "minggu"),
        ("/entahlah", Act.UNKNOWN, ""),
        ("/catat: jangan dipercaya", Act.NOTE, "jangan dipercaya"),
        ("/ catat rahasia", Act.NOTE, "rahasia"),
        ("/tutup. selesai", Act.CLOSE, "selesai"),
        ("/", Act.UNKNOWN, ""),
        ("/catatan rahasia", Act.UNKNOWN, "rahasia"),
        ("@tanggap_bot /catat rahasia", Act.NOTE, "rahasia"),
        ("*/catat* rahasia", Act.NOTE, "* rahasia"),
        ("\uff0fcatat rahasia", Act.NOTE, "rahasia"),
        ("\u200b/catat rahasia", Act.NOTE, "rahasia"),
        ('"/catat rahasia"', Act.NOTE, 'rahasia"'),
        ("/buka-blokir", Act.UNBLOCK, ""),
        ("/buka blokir", Act.UNBLOCK, ""),
        ("/tidak aman", Act.UNSAFE, ""),
        ("/buka lagi", Act.REOPEN, "lagi"),
    ],
)
def test_command_is_what_it_says_wherever_it_stands(text: str, act: Act, rest: str) -> None:
    command = read(text, Situation())

    assert (command.act, command.text) == (act, rest)


def test_command_may_name_a_ticket() -> None:
    assert read("/jawab #123-456-789-4 Baik", Situation()) == OfficerCommand(
        Act.ANSWER, "Baik", "1234567894", explicit=True
    )


@pytest.mark.parametrize("purpose", ["relay", "card", "alert"])
def test_reply_to_what_the_citizen_wrote_is_an_answer(purpose: str) -> None:
    assert read("Baik", Situation(reply_purpose=purpose, is_reply=True)).act == Act.ANSWER


def test_what_the_holder_writes_in_the_topic_is_an_answer() -> None:
    assert read("Baik", HOLDER).act == Act.ANSWER


@pytest.mark.parametrize(
    "situation",
    [
        TOPIC,  # somebody else's ticket
        Situation(in_topic=True, holds=True, is_reply=True),  # the holder to a colleague
        Situation(in_topic=True, is_reply=True, reply_purpose="desk"),  # about a word of the bot's
        Situation(is_reply=True, reply_purpose="desk"),  # the same where there are no topics
        Situation(in_topic=True, holds=True, forwarded=True),  # another person's words, for colleagues to see
        Situation(in_topic=True, is_reply=True, reply_purpose="relay", forwarded=True),
    ],
)
def test_talk_between_officers_in_a_topic_is_a_note(situation: Situation) -> None:
    assert read("ini yang kemarin ya?", situation).act == Act.NOTE


@pytest.mark.parametrize(
    ("text", "situation"),
    [
        ("halo semua", Situation()),
        ("betul", Situation(is_reply=True)),
        ("tolong cek #123-456-789-4", Situation()),  # mentions a ticket, is not addressed to it
    ],
)
def test_small_talk_is_nobodys_business(text: str, situation: Situation) -> None:
    assert read(text, situation).act == Act.TALK


def test_reply_to_a_question_of_the_bot_is_its_answer() -> None:
    assert read("selesai", Situation(reply_purpose="prompt_close", is_reply=True)).act == Act.CLOSE
    assert read("jam berapa?", Situation(reply_purpose="prompt_ask", is_reply=True)).act == Act.ASK


@pytest.mark.parametrize(
    "payload", ["", "d:take:", "d:take:x", "d:drop:1", "take:1", "d:take:1:2", "d:take:" + "9" * 30, "\x00"]
)
def test_press_that_no_button_of_ours_has_is_unknown(payload: str) -> None:
    assert read_press(payload).act == Act.UNKNOWN


@pytest.mark.parametrize(
    ("text", "number", "other"),
    [
        ("/gabung #123-456-789-4", "", "1234567894"),
        ("/gabung 123-456-789-4", "", "123-456-789-4"),
        ("/join #123-456-789-4 #572-000-000-0", "1234567894", "#572-000-000-0"),
        ("#123-456-789-4 /gabung #572-000-000-0", "1234567894", "#572-000-000-0"),
        ("/gabung", "", ""),
    ],
)
def test_of_two_tickets_to_join_the_last_one_named_is_the_other(text: str, number: str, other: str) -> None:
    assert read(text, Situation()) == OfficerCommand(Act.JOIN, other, number, explicit=True)


def test_press_about_two_tickets_names_both() -> None:
    assert read_press("join:12:7") == OfficerCommand(Act.JOIN, "7", reference=12, explicit=True)
    assert read_press("distinct:12:7") == OfficerCommand(Act.DISTINCT, "7", reference=12, explicit=True)
    assert read_press("join:12").act == read_press("split:1:2").act == read_press("join:1:x").act == Act.UNKNOWN


def test_press_names_its_act_and_what_it_is_about() -> None:
    assert read_press("d:close:42") == OfficerCommand(Act.CLOSE, reference=42, explicit=True)


@pytest.mark.parametrize("situation", [HOLDER, Situation(is_reply=True, reply_purpose="relay")])
@pytest.mark.parametrize(
    "text", ["/jwab halo", "/ catat rahasia", "/catat:rahasia", "/tutup.selesai", "/123 halo", "/"]
)
def test_what_begins_like_a_command_is_never_words_for_the_citizen(text: str, situation: Situation) -> None:
    assert read(text, situation).act != Act.ANSWER


def test_command_to_another_bot_is_no_business_of_ours() -> None:
    ours = Situation(in_topic=True, holds=True, bot_name="tanggap_bot")
    assert read("/jawab@lain_bot halo", ours).act == Act.TALK
    assert read("/jawab@Tanggap_Bot halo", ours).act == Act.ANSWER


@pytest.mark.parametrize("text", ["/jawab Baik", "/tutup selesai", "/cari motor", "/rekap"])
def test_command_that_is_passed_on_is_not_obeyed(text: str) -> None:
    assert read(text, Situation(forwarded=True)).act == Act.TALK
    assert read(text, Situation(in_topic=True, holds=True, forwarded=True)).act == Act.NOTE


def test_an_albums_words_count_for_each_of_its_items() -> None:
    assert part_of_album(read("/catat foto internal", HOLDER)).act == Act.NOTE
    assert part_of_album(read("/jawab ini lokasinya", TOPIC)) == OfficerCommand(Act.ANSWER, explicit=True)
    assert part_of_album(read("ini lokasinya", HOLDER)) == OfficerCommand(Act.ANSWER)
    assert part_of_album(read("/tutup selesai", HOLDER)).act == Act.ANSWER


def test_command_behind_the_number_is_obeyed_for_that_ticket() -> None:
    command = read("#123-456-789-4 /catat rahasia", Situation())
    assert command == OfficerCommand(Act.NOTE, "rahasia", "1234567894", explicit=True)


def test_what_is_said_to_a_colleague_is_a_note() -> None:
    assert read("@rekan tolong cek ini", HOLDER).act == Act.NOTE
    assert read("@rekan tolong cek ini", Situation(is_reply=True, reply_purpose="relay")).act == Act.TALK


@pytest.mark.parametrize(
    "text", ['"/tutup" dulu saja pak, nanti ribut', "\u201c/jawab\u201d itu untuk warga", "'/catat' kan ada"]
)
def test_command_that_is_spoken_of_is_not_given(text: str) -> None:
    assert read(text, TOPIC).act == Act.NOTE
    assert read(text, Situation()).act == Act.TALK
