"""Words and files about police members, and cries among answers: what must not be lost, nor read by the wrong group."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chatbot.core.complaint import Complaint
from chatbot.core.conversation import Conversation, reworded, unanswered_held
from chatbot.core.message import Kind
from chatbot.core.ticket import TicketStatus
from tests.unit.dialogue_script import Citizen, ticket
from tests.unit.test_conversation_tickets import MEMBER, with_open

ONE, ABOUT_MEMBERS = ticket(1), ticket(2, category="anggota")


def test_all_that_was_said_about_members_comes_into_the_new_complaint() -> None:
    citizen = with_open(replace(ONE, last_written=True))
    more = "oknum polisi itu minta 500 ribu"
    citizen.script((MEMBER, ["about_members"]), (more, ["about_members"]))
    citizen.script(("aduan baru", ["ask_consent"]))
    assert citizen.form.what == f"{MEMBER}\n{more}"


def test_what_follows_words_about_members_waits_with_them() -> None:
    citizen = with_open(replace(ONE, last_written=True))
    citizen.script((MEMBER, ["about_members"]), ("<photo>", ["about_members"]), ("namanya Contoh", ["about_members"]))
    citizen.script(("aduan baru", ["ask_consent"]))
    assert citizen.form.what == f"{MEMBER}\nnamanya Contoh"
    assert citizen.form.evidence == (2,)


def test_what_followed_words_about_members_is_added_with_them_where_the_person_wants_it() -> None:
    citizen = with_open(replace(ONE, last_written=True))
    citizen.script((MEMBER, ["about_members"]), ("<photo>", ["about_members"]))
    citizen.script(("tetap tambahkan", ["AddToTicket 1 [1, 2]", "added"]))
    assert not citizen.state.held


def test_file_beside_a_complaint_about_members_that_waits_is_for_propam() -> None:
    form = Complaint(category="anggota", step="where")
    state = Conversation(form=form, paused=True, held=(7,), aside="ini orangnya")
    _, found, _ = unanswered_held(state)
    assert found.category == "anggota"


@pytest.mark.parametrize("newest", ["ordinary", "about members"])
def test_words_about_members_join_no_live_alert_while_any_is_the_units(newest: str) -> None:
    views = [replace(ONE, alert=True, category="darurat"), replace(ABOUT_MEMBERS, alert=True)]
    citizen = with_open(*(views if newest == "ordinary" else reversed(views)), alert_live=True)
    assert "Alert" not in citizen.say("polisi itu menampar saya")


def test_edit_changes_the_lines_that_the_message_was_and_no_other() -> None:
    form = Complaint(what="saya di jalan jaya\nya\ntanggal 11", when="1")
    state = reworded(Conversation(form=form, aside="ya"), "ya", "ya setuju")
    assert state.form
    assert (state.form.what, state.aside) == ("saya di jalan jaya\nya setuju\ntanggal 11", "ya setuju")
    state = reworded(state, "1", r"pukul \1")
    assert state.form
    assert (state.form.when, state.form.what) == (r"pukul \1", "saya di jalan jaya\nya setuju\ntanggal 11")


def replying_to_closed() -> Citizen:
    return with_open(closed=(replace(ONE, status=TicketStatus.CLOSED),), replied_ticket=1)


def test_photo_that_replied_to_a_closed_ticket_reopens_it_once() -> None:
    citizen = replying_to_closed()
    citizen.state = replace(citizen.state, aside="berapa biaya sim", aside_id=99)
    citizen.script(("<photo>", ["ticket_is_closed"]))
    citizen.knows(replied_ticket=None)
    citizen.script(("keberatan", ["ObjectToClosing 1", "AddToTicket 1 [1]", "objected"]))
    assert not citizen.state.held


def test_captioned_photo_that_replied_to_a_closed_ticket_comes_once() -> None:
    citizen = replying_to_closed()
    assert citizen.send(Kind.PHOTO, "loketnya masih rusak") == ["ticket_is_closed"]
    citizen.knows(replied_ticket=None)
    citizen.script(("keberatan", ["ObjectToClosing 1", "AddToTicket 1 [1]", "objected"]))
    assert not citizen.state.held


def test_words_about_members_that_replied_to_a_closed_ticket_do_not_reach_its_officers() -> None:
    citizen = replying_to_closed()
    citizen.script((MEMBER, ["ticket_is_closed"]))
    citizen.knows(replied_ticket=None)
    citizen.script(("keberatan", ["ObjectToClosing 1", "objected", "about_members"]))
    assert citizen.state.unplaced == (1,)


def asked_who() -> Citizen:
    citizen = Citizen()
    for words in ("/lapor pelayanan loket lambat sekali di kantor", "setuju", "di loket 3", "kemarin"):
        citizen.say(words)
    assert citizen.form.step == "who"
    return citizen


@pytest.mark.parametrize("words", ["saya ditusuk", "kebakaran", "saya disekap", "maling masuk rumah", "ada begal"])
def test_cry_where_a_doer_was_asked_for_raises_the_alarm(words: str) -> None:
    assert "Alert" in asked_who().say(words, emergency=True)


@pytest.mark.parametrize("words", ["begal", "dua orang perampok", "preman pasar"])
def test_bare_name_of_a_doer_is_the_answer(words: str) -> None:
    citizen = asked_who()
    assert "Alert" not in citizen.say(words, emergency=True)
    assert citizen.form.who == words


def test_cry_in_an_objection_raises_the_alarm() -> None:
    citizen = with_open(closed=(replace(ONE, status=TicketStatus.CLOSED),))
    citizen.wait(timedelta(minutes=1))
    assert "Alert" in citizen.say("keberatan pak, tolong saya dibacok", emergency=True)


def test_photo_that_nobody_explained_is_not_lost_by_an_objection_that_came_after_it() -> None:
    citizen = with_open(closed=(replace(ONE, status=TicketStatus.CLOSED),))
    citizen.script(("<photo>", ["held_ask"]))
    citizen.knows(replied_ticket=1)
    citizen.say("loketnya masih rusak")
    citizen.knows(replied_ticket=None)
    citizen.script(("keberatan", ["ObjectToClosing 1", "AddToTicket 1 [1, 2]", "objected"]))
