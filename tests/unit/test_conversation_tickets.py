"""What a citizen may do with open and closed tickets, told as short scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chatbot.core.conversation import Conversation, Facts, after_closing
from chatbot.core.message import Kind
from chatbot.core.ticket import TicketStatus, TicketView
from tests.unit.dialogue_script import NOON, OVERCHARGED, SIM, Citizen, ticket

ONE, TWO, THREE = ticket(1), ticket(2), ticket(3)
OFFICE = Facts(region="Polres Contoh")
INCIDENT = "saya juga ditipu penjual pulsa minggu lalu"


def with_open(*tickets: TicketView, **facts: Any) -> Citizen:
    citizen = Citizen(replace(OFFICE, tickets=tickets, **facts))
    citizen.state = replace(citizen.state, greeted=True, seen_at=NOON - timedelta(days=1))
    return citizen


def test_a_later_message_reaches_the_only_open_ticket_and_is_acknowledged_once() -> None:
    with_open(ONE).script(
        ("pelakunya pakai jaket hitam", ["AddToTicket 1", "added"]),
        ("dan helm merah", ["AddToTicket 1"]),
        ("<photo>", ["AddToTicket 1"]),
        ("<place>", ["AddToTicket 1"]),
    )


def test_the_replied_ticket_comes_before_the_one_that_an_officer_wrote_in() -> None:
    citizen = with_open(ONE, replace(TWO, last_written=True), replied_ticket=1)
    citizen.script(("warnanya hitam", ["AddToTicket 1", "added"]))
    citizen.knows(replied_ticket=None)
    citizen.script(("pelatnya B 1234 XY", ["AddToTicket 2", "added"]))


def test_with_several_tickets_and_no_sign_the_person_is_asked_and_nothing_is_lost() -> None:
    citizen = with_open(ONE, TWO)
    citizen.script(("warnanya hitam", ["which_ticket"]), ("<photo>", ["which_ticket"]))
    assert citizen.options() == ["add:1", "add:2"]
    citizen.script(("2", ["AddToTicket 2 [1, 2]", "added"]), ("dan roda depannya bengkok", ["AddToTicket 2"]))


def test_an_album_for_no_clear_ticket_is_asked_about_once() -> None:
    citizen = with_open(ONE, TWO)
    assert citizen.send(Kind.PHOTO, album="a") == ["which_ticket"]
    assert citizen.send(Kind.PHOTO, album="a") == []
    assert citizen.say("000-000-0001") == ["AddToTicket 1 [1, 2]", "added"]


def test_a_long_list_of_tickets_has_two_levels() -> None:
    citizen = with_open(*(ticket(number) for number in range(1, 15)))
    citizen.script(("warnanya hitam", ["which_ticket"]))
    assert citizen.options() == [*(f"add:{number}" for number in range(1, 9)), "page:1"]
    citizen.script(("berikutnya", ["which_ticket"]))
    assert citizen.options() == [*(f"add:{number}" for number in range(9, 15)), "page:0"]
    citizen.script(("2", ["AddToTicket 10 [1]", "added"]))


def test_a_sure_question_is_answered_and_noted_on_the_ticket() -> None:
    with_open(ONE).script((SIM, ["Answer sim-biaya", "AddToTicket 1 answered"]))
    with_open(ONE, TWO).script((SIM, ["Answer sim-biaya"]))


def test_a_yes_to_the_officer_is_not_taken_for_an_answer_to_us() -> None:
    citizen = with_open(replace(ONE, last_written=True))
    citizen.script((SIM, ["Answer sim-biaya", "AddToTicket 1 answered"]))
    citizen.knows(officer_wrote_at=citizen.now)
    citizen.wait(timedelta(minutes=1))
    citizen.script(("ya", ["AddToTicket 1"]))


def test_words_of_a_talk_with_an_officer_are_not_acknowledged_one_by_one() -> None:
    citizen = with_open(replace(ONE, last_written=True), officer_wrote_at=NOON)
    citizen.script(("baik pak, warnanya hitam", ["AddToTicket 1"]))


def test_thanks_to_an_officer_reach_the_officer() -> None:
    citizen = with_open(replace(ONE, last_written=True), officer_wrote_at=NOON - timedelta(minutes=1))
    citizen.script(("terima kasih", ["AddToTicket 1"]), ("terima kasih", ["welcome"]))


def test_a_new_incident_can_become_a_complaint_of_its_own() -> None:
    citizen = with_open(ONE)
    citizen.script((INCIDENT, ["AddToTicket 1", "added"]), ("aduan baru", ["ask_consent"]))
    assert citizen.form.what == INCIDENT


def test_commands_are_commands_with_an_open_ticket_too() -> None:
    with_open(ONE).script(("menu", ["menu"]), ("status", ["status_list"]), ("lapor", ["ask_consent"]))


def test_a_form_in_work_gets_its_answers_although_a_ticket_is_open() -> None:
    with_open(ONE).script(
        ("lapor", ["ask_consent"]),
        ("ya", ["ask_category"]),
        ("[cat:lalin]", ["ask_what"]),
        ("mobil menutup jalan", ["ask_where"]),
    )


def test_a_reply_to_an_officer_is_no_answer_to_the_form() -> None:
    citizen = with_open(ONE)
    citizen.script(("lapor", ["ask_consent"]), ("ya", ["ask_category"]))
    citizen.knows(replied_ticket=1)
    citizen.script(("1", ["AddToTicket 1", "added"]), ("terima kasih", ["AddToTicket 1"]))
    citizen.knows(replied_ticket=None)
    citizen.script(("[cat:lalin]", ["ask_what"]))


def test_a_paused_form_does_not_keep_words_from_an_open_ticket() -> None:
    citizen = with_open(ONE)
    citizen.script(("lapor", ["ask_consent"]), ("menu", ["menu_form"]), ("warnanya hitam", ["AddToTicket 1", "added"]))
    assert citizen.state.form is not None


# Status


@pytest.mark.parametrize("text", ["0000000001", "000-000-000-1", "status 000 000 000 1", "cek aduan nomor 0000000001?"])
def test_the_status_of_an_own_number_is_told(text: str) -> None:
    with_open(ONE, asked=ONE).script((text, ["status_one"]))


def test_more_than_a_number_is_meant_for_that_ticket() -> None:
    with_open(ONE, TWO, asked=TWO).script(("0000000002 motornya sudah ketemu", ["AddToTicket 2", "added"]))


def test_other_peoples_numbers_and_wrong_ones_get_the_same_answer_and_slow_down_after_five() -> None:
    citizen = Citizen()
    citizen.say("halo")
    for _ in range(5):
        assert citizen.say("1234567890") == ["status_unknown"]
    assert citizen.say("0000000002") == ["status_slow"]
    citizen.wait(timedelta(hours=1))
    assert citizen.say("1234567890") == ["status_unknown"]


def test_five_misses_do_not_hide_an_own_ticket() -> None:
    citizen = Citizen()
    for _ in range(6):
        citizen.say("1234567890")
    citizen.knows(asked=ONE)
    assert citizen.say("0000000001") == ["status_one"]


def test_status_without_a_number_lists_open_tickets() -> None:
    with_open(ONE, TWO).script(("cek status", ["status_list"]))
    with_open().script(("cek status", ["status_none"]))


# After closing


def closed(*, also_open: bool = False) -> Citizen:
    citizen = with_open(*((TWO,) if also_open else ()), closed=(ONE,))
    citizen.state, _ = after_closing(citizen.state, 1, citizen.now)
    return citizen


@pytest.mark.parametrize("mark", ["5", "lima", "[rate:1:5]", "Sangat baik"])
def test_a_closed_ticket_is_rated_by_press_number_or_word(mark: str) -> None:
    closed().script((mark, ["RateTicket 1 5", "rated"]))


def test_a_poor_mark_is_met_with_the_way_to_object() -> None:
    citizen = closed()
    citizen.script(("2", ["RateTicket 1 2", "rated_poor"]), ("keberatan", ["ObjectToClosing 1", "objected_why"]))
    citizen.knows(tickets=(ONE, TWO), closed=())
    citizen.script(("motor saya belum kembali", ["AddToTicket 1"]))


def test_an_objection_with_its_reason_reopens_at_once() -> None:
    closed().script(("keberatan, motor saya belum kembali", ["ObjectToClosing 1", "objected"]))


@pytest.mark.parametrize("words", ["belum", "Blm", "belum selesai", "Belum sesuai!", "not yet"])
def test_after_a_closing_not_yet_is_an_objection(words: str) -> None:
    closed().script((words, ["ObjectToClosing 1", "objected_why"]))


def test_not_yet_is_no_objection_once_something_else_was_said_or_where_several_may_be_meant() -> None:
    citizen = closed()
    citizen.script(("terima kasih", ["welcome"]), ("menu", ["menu"]), ("belum", ["not_understood"]))
    with_open(closed=(ONE, TWO)).script(("keberatan", ["object_which"]), ("belum", ["not_understood"]))


def test_an_objection_without_any_closed_ticket_is_no_objection() -> None:
    with_open(ONE).script(("keberatan", ["AddToTicket 1", "added"]))


def test_with_two_closed_tickets_the_person_says_which() -> None:
    citizen = with_open(closed=(ONE, TWO))
    citizen.script(("keberatan", ["object_which"]), ("2", ["ObjectToClosing 2", "objected_why"]))


def test_words_in_reply_to_a_closed_ticket_ask_what_they_are() -> None:
    citizen = with_open(closed=(ONE,), replied_ticket=1)
    citizen.script(("motor saya belum kembali", ["ticket_is_closed"]))
    citizen.knows(replied_ticket=None)
    citizen.script(("keberatan", ["ObjectToClosing 1", "AddToTicket 1 [1]", "objected"]))


def test_nobody_rates_a_ticket_that_is_not_theirs_or_open_again() -> None:
    citizen = closed()
    citizen.knows(closed=())
    citizen.script(("[rate:1:5]", ["stale_choice"]), ("[object:1]", ["stale_choice"]))


def test_a_closing_does_not_disturb_the_form_in_work() -> None:
    citizen = with_open()
    citizen.script(("lapor", ["ask_consent"]), ("ya", ["ask_category"]))
    citizen.state, options = after_closing(citizen.state, 1, citizen.now)
    assert options[-1].payload == "object:1"
    citizen.knows(closed=(ONE,))
    citizen.script(("5", ["ask_what"]), ("[rate:1:4]", ["RateTicket 1 4", "rated"]))
    assert citizen.form.category == "lalin"


def test_a_closing_offers_five_marks_and_the_objection() -> None:
    _, options = after_closing(Conversation(), 7, NOON)
    assert [option.payload for option in options] == [*(f"rate:7:{mark}" for mark in range(1, 6)), "object:7"]


MEMBER = "saya juga mau lapor oknum polisi memeras saya di jalan"


def test_what_may_be_about_members_is_kept_back_from_the_officers_of_another_ticket() -> None:
    citizen = with_open(replace(ONE, last_written=True))
    citizen.script((MEMBER, ["about_members"]))
    assert citizen.options() == ["start:complaint", "add:1"]
    citizen.script(("aduan baru", ["ask_consent"]))
    assert (citizen.form.category, citizen.form.what) == ("anggota", MEMBER)


def test_what_was_kept_back_is_added_where_the_person_wants_it() -> None:
    with_open(ONE).script((MEMBER, ["about_members"]), ("tetap tambahkan", ["AddToTicket 1 [1]", "added"]))


def test_more_about_members_reaches_the_ticket_about_them_unasked() -> None:
    with_open(replace(ONE, category="anggota")).script((MEMBER, ["AddToTicket 1", "added"]))


def test_a_story_about_members_never_becomes_a_question_to_the_unit() -> None:
    citizen = Citizen(OFFICE)
    citizen.say("oknum polisi memeras saya 500 ribu di jalan Contoh kemarin")
    citizen.script(("petugas", ["ask_consent"]), ("setuju", ["note_no_propam", "ask_who"]))
    assert citizen.form.category == "anggota"


def test_typed_question_about_members_goes_the_way_of_a_complaint() -> None:
    citizen = Citizen(OFFICE)
    citizen.script(("petugas", ["hello", "ask_consent"]), ("setuju", ["ask_question"]))
    citizen.script(("oknum polisi memeras saya di jalan Contoh kemarin", ["note_no_propam", "ask_who"]))


def test_objection_with_its_reason_reopens_the_closed_ticket_although_another_is_open() -> None:
    citizen = with_open(ONE, closed=(replace(TWO, status=TicketStatus.CLOSED),))
    citizen.state, _ = after_closing(citizen.state, 2, citizen.now)
    citizen.script(("keberatan, loketnya masih lambat", ["ObjectToClosing 2", "objected"]))


def test_objection_that_may_be_to_something_else_is_asked_about() -> None:
    citizen = with_open(ONE, closed=(replace(TWO, status=TicketStatus.CLOSED),))
    citizen.script(("keberatan, loketnya masih lambat", ["object_which"]))
    assert citizen.options() == ["object:2", "add:1"]
    citizen.script(("2", ["AddToTicket 1 [1]", "added"]))


def test_the_story_behind_a_slash_command_is_kept() -> None:
    citizen = Citizen(OFFICE)
    citizen.say("/lapor motor saya dicuri tadi malam di pasar Contoh")
    assert citizen.form.what == "motor saya dicuri tadi malam di pasar Contoh"
    assert citizen.form.category == "kriminal"


def test_deep_link_greets_whatever_stands_behind_it() -> None:
    Citizen(OFFICE).script(("/start 2026poster", ["greeting"]))


def test_words_that_are_commands_elsewhere_answer_the_form() -> None:
    citizen = Citizen(OFFICE)
    citizen.say("/lapor pelayanan loket lambat sekali di kantor")
    citizen.say("setuju")
    citizen.say("di loket 3")
    citizen.script(("malam", ["ask_who"]), ("petugas", ["ask_evidence"]))
    assert (citizen.form.when, citizen.form.who) == ("malam", "petugas")


def test_reason_of_an_objection_reaches_the_ticket_that_it_is_about() -> None:
    closed = replace(TWO, status=TicketStatus.CLOSED)
    citizen = with_open(replace(ONE, last_written=True), closed=(closed,))
    citizen.state, _ = after_closing(citizen.state, 2, citizen.now)
    citizen.script(("keberatan", ["ObjectToClosing 2", "objected_why"]))
    citizen.knows(tickets=(replace(ONE, last_written=True), TWO), closed=())
    citizen.script(("loketnya masih lambat", ["AddToTicket 2"]), ("platnya B 1234 XY", ["AddToTicket 1", "added"]))


def test_what_concerns_members_joins_no_alert_of_the_units_officers() -> None:
    citizen = with_open(replace(ONE, alert=True, category="darurat"), alert_live=True)
    citizen.script((MEMBER, ["about_members"]))


def test_story_for_a_complaint_about_members_that_waits_goes_to_no_other_ticket() -> None:
    citizen = with_open(ONE)
    citizen.say("aduan")
    citizen.say("setuju")
    citizen.script(("anggota", ["note_no_propam", "ask_what"]), ("menu", ["menu_form"]))
    citizen.script(("dia minta uang 500 ribu di jalan Contoh", ["form_waits"]))


def test_the_same_mark_sent_twice_is_no_objection() -> None:
    citizen = with_open(closed=(replace(ONE, status=TicketStatus.CLOSED),))
    citizen.state, _ = after_closing(citizen.state, 1, citizen.now)
    citizen.script(("1", ["RateTicket 1 1", "rated_poor"]))
    assert "ObjectToClosing 1" not in citizen.say("1")
    citizen.script(("keberatan", ["ObjectToClosing 1", "objected_why"]))


def test_answered_question_about_members_is_not_noted_on_another_ticket() -> None:
    with_open(ONE).script((OVERCHARGED, ["Answer sim-biaya"]))
    with_open(replace(ONE, category="anggota")).script((OVERCHARGED, ["Answer sim-biaya", "AddToTicket 1 answered"]))


def test_objection_that_speaks_of_members_reopens_and_keeps_its_reason_back() -> None:
    citizen = with_open(closed=(replace(ONE, status=TicketStatus.CLOSED),))
    citizen.state, _ = after_closing(citizen.state, 1, citizen.now)
    citizen.script(("keberatan, oknum polisi itu minta uang lagi", ["ObjectToClosing 1", "objected", "about_members"]))


ABOUT_MEMBERS = replace(TWO, category="anggota")
MENTIONS = "namanya Briptu Contoh, orangnya tinggi"


def test_who_complains_of_members_is_asked_where_words_that_mention_them_belong() -> None:
    citizen = with_open(replace(ONE, last_written=True), ABOUT_MEMBERS)
    citizen.script((MENTIONS, ["which_ticket"]), ("2", ["AddToTicket 2 [1]", "added"]))


def test_who_complains_of_members_is_asked_where_a_plain_word_or_file_belongs_that_replies_to_nothing() -> None:
    citizen = with_open(replace(ONE, last_written=True), ABOUT_MEMBERS, officer_wrote_at=NOON)
    citizen.script(("di loket 3, orangnya tinggi", ["which_ticket"]), ("<photo>", ["which_ticket"]))
    citizen.script(("2", ["AddToTicket 2 [1, 2]", "added"]), ("kumisan", ["AddToTicket 2"]))
    citizen.knows(replied_ticket=1)
    citizen.script(("terima kasih pak", ["AddToTicket 1", "added"]))


def test_words_that_mention_members_join_no_ordinary_alert_of_who_complains_of_them() -> None:
    citizen = with_open(replace(ONE, alert=True, category="darurat"), ABOUT_MEMBERS, alert_live=True)
    citizen.script((MENTIONS, ["which_ticket"]))


def test_with_several_tickets_it_is_said_which_one_got_the_words() -> None:
    citizen = with_open(replace(ONE, last_written=True), TWO, officer_wrote_at=NOON)
    citizen.script(("baik pak, warnanya hitam", ["AddToTicket 1", "added"]))


def test_after_an_objection_the_person_goes_on_about_that_ticket_until_an_officer_writes_in_another() -> None:
    closed = replace(TWO, status=TicketStatus.CLOSED)
    talk = replace(ONE, last_written=True)
    citizen = with_open(talk, closed=(closed,), officer_wrote_at=NOON - timedelta(minutes=5))
    citizen.state, _ = after_closing(citizen.state, 2, citizen.now)
    citizen.script(("keberatan, loketnya masih lambat", ["ObjectToClosing 2", "objected"]))
    citizen.knows(tickets=(talk, TWO), closed=())
    citizen.script(("masih menunggu tiga jam", ["AddToTicket 2"]))
    citizen.knows(officer_wrote_at=citizen.now)
    citizen.wait(timedelta(minutes=1))
    citizen.script(("baik, platnya B 1234 XY", ["AddToTicket 1", "added"]))


def test_reply_that_the_template_asks_for_brings_the_answer_and_nothing_else() -> None:
    citizen = with_open(ONE)
    citizen.script(("BUKA", []), ("[Baca]", []))
    citizen = Citizen(OFFICE)
    citizen.script(("buka", ["greeting"]))


def test_choice_of_a_ticket_that_is_not_theirs_any_more_keeps_what_waits() -> None:
    citizen = with_open(ONE, TWO)
    citizen.script(("warnanya hitam", ["which_ticket"]))
    citizen.knows(tickets=(TWO,))
    citizen.script(("[add:1]", ["which_ticket"]), ("[add:2]", ["AddToTicket 2 [1]", "added"]))
    citizen.knows(tickets=(ONE, TWO))
    citizen.wait(timedelta(hours=1))
    citizen.script(("warnanya merah", ["which_ticket"]))
    citizen.knows(tickets=())
    citizen.press("add:1")
    assert citizen.state.unplaced
