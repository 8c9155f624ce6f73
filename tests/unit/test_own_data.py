"""DATA SAYA as a dialogue: what asks for it, what only sounds like it, and what becomes of what was going on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chatbot.core.commands import Command, command_of
from chatbot.core.conversation import Facts
from chatbot.core.decision import AmendTicket, CorrectName, EraseOwnData, SendOwnData
from chatbot.core.intent import clean, fold, is_emergency
from chatbot.core.ticket import TicketStatus
from tests.unit.dialogue_script import Citizen, ticket
from tests.unit.test_conversation_form import BEGUN, STORY
from tests.unit.test_conversation_safety import at_what


@pytest.mark.parametrize(
    "words",
    [
        "DATA SAYA",
        "data saya",
        "Data saya.",
        "*DATA SAYA*",
        "data saya pak",
        "data saya min",
        "datasaya",
        "dataku",
        "data sya",
        "/datasaya",
        "/datasaya@polres_bot",
        "MY DATA",
        "/mydata",
        "Hapus data saya",
        "hapus data",
        "lihat data saya",
        "koreksi data saya",
        "delete my data",
    ],
)
def test_what_asks_for_ones_own_data_is_understood(words: str) -> None:
    citizen = Citizen()
    assert citizen.say(words, emergency=is_emergency(words)) == ["hello", "data_undated"]
    assert citizen.options() == ["data:send", "data:correct", "data:erase"]


@pytest.mark.parametrize(
    "words",
    [
        "data saya dicuri",
        "data saya dicuri orang lewat pinjol",
        "data saya disalahgunakan untuk pinjaman online",
        "tolong pak data saya bocor",
        "kenapa data saya salah di SIM?",
        "data saya di SKCK salah, bagaimana memperbaikinya?",
        "bagaimana cara ubah data STNK",
        "hapus data saya dari pinjol ilegal itu",
        "mereka mengancam sebar data saya",
        "data saya dijual",
        "data saya hilang",
        "HP dan data saya dicuri",
        "dia minta data saya",
        "my data was stolen",
        "someone used my data for a loan",
        "data saya?? kok bisa dipakai orang",
        "data",
        "datanya saya kirim besok",
    ],
)
def test_complaints_and_questions_that_hold_the_words_are_no_command(words: str) -> None:
    text = clean(words)
    assert command_of(text, fold(text)) != Command.DATA


def test_hiding_the_talk_is_another_thing() -> None:
    for words in ("hapus", "hapus chat", "hapus percakapan", "delete chat"):
        assert command_of(words, fold(words)) == Command.HIDE


def test_story_about_stolen_data_is_taken_as_a_story() -> None:
    citizen = Citizen()
    citizen.script(*BEGUN)
    citizen.press("cat:siber")
    assert citizen.say("data saya dicuri") == ["ask_where"]
    assert citizen.form.what == "data saya dicuri"


def test_form_goes_on_where_it_stood() -> None:
    citizen = at_what()
    citizen.script(("data saya", ["data_undated", "ask_what"]), ("[data:send]", ["ask_what"]), (STORY, ["ask_where"]))
    assert SendOwnData() not in citizen.last.effects


def test_period_is_named_where_there_is_one() -> None:
    citizen = Citizen(Facts(retention_days=365))
    assert citizen.say("data saya")[-1] == "data"


def test_copy_is_asked_for_by_press_number_or_word() -> None:
    for answer in ("[data:send]", "1", "salinan", "Salinan data saya"):
        citizen = Citizen()
        citizen.say("data saya")
        citizen.script((answer, []))
        assert SendOwnData() in citizen.last.effects


def test_who_may_be_watched_is_sent_to_an_officer() -> None:
    citizen = Citizen(Facts(watched=True))
    citizen.say("data saya")
    citizen.script(("[data:send]", ["data_watched"]))
    assert SendOwnData() not in citizen.last.effects
    assert citizen.options() == ["start:officer"]


def test_press_under_an_old_message_does_nothing() -> None:
    citizen = Citizen()
    citizen.say("data saya")
    citizen.say("menu")
    for payload in ("data:erase_now", "data:send", "data:nothing", "amend:7"):
        citizen.press(payload)
        assert not any(isinstance(effect, SendOwnData | EraseOwnData) for effect in citizen.last.effects)


def test_erasure_is_asked_once_more_and_begins_the_dialogue_anew() -> None:
    citizen = at_what()
    citizen.say("data saya")
    citizen.script(("hapus data", ["data_erase_ask"]), ("tidak", ["data_kept", "ask_what"]))
    citizen.say("data saya")
    citizen.script(("[data:erase]", ["data_erase_ask"]), ("ya", []))
    assert EraseOwnData() in citizen.last.effects
    assert (citizen.state.form, citizen.state.consented_at, citizen.state.greeted) == (None, None, True)


def test_press_that_comes_twice_erases_once() -> None:
    citizen = Citizen()
    citizen.say("data saya")
    citizen.script(("[data:erase]", ["data_erase_ask"]), ("[data:erase_now]", []), ("[data:erase_now]", []))
    assert EraseOwnData() not in citizen.last.effects


def test_name_is_asked_for_and_taken() -> None:
    citizen = Citizen()
    citizen.say("data saya")
    citizen.script(("[data:correct]", ["data_correct"]), ("Nama", ["data_ask_name"]), ("Siti Contoh", ["data_named"]))
    assert CorrectName("Siti Contoh") in citizen.last.effects


def test_story_in_the_place_of_a_name_is_no_name() -> None:
    citizen = Citizen()
    citizen.say("data saya")
    citizen.script(("[data:correct]", ["data_correct"]), ("1", ["data_ask_name"]))
    assert citizen.say("motor saya dicuri di pasar") == ["offer_complaint"]


def test_name_that_comes_much_later_is_none() -> None:
    citizen = Citizen()
    citizen.say("data saya")
    citizen.script(("[data:correct]", ["data_correct"]), ("1", ["data_ask_name"]))
    citizen.wait(timedelta(hours=1))
    citizen.say("Siti Contoh")
    assert CorrectName("Siti Contoh") not in citizen.last.effects


def test_language_is_corrected_by_the_choice_that_there_is() -> None:
    citizen = Citizen()
    citizen.say("data saya")
    citizen.script(("[data:correct]", ["data_correct"]), ("Bahasa", ["language"]), ("[lang:en]", ["language_set"]))
    assert citizen.state.locale == "en"


def test_report_is_corrected_open_or_ended_lately() -> None:
    closed = ticket(2, status=TicketStatus.CLOSED)
    citizen = Citizen(Facts(tickets=(ticket(1),), closed=(closed,)))
    citizen.say("data saya")
    citizen.script(
        ("[data:correct]", ["data_correct"]),
        ("3", ["data_which"]),
        ("[amend:2]", ["data_ask_report"]),
        ("Tempatnya pasar lama", ["data_amended"]),
    )
    assert AmendTicket(2) in citizen.last.effects


def test_correction_without_a_report_is_said_to_be_none() -> None:
    citizen = Citizen()
    citizen.say("data saya")
    citizen.script(("[data:correct]", ["data_correct"]), ("Isi aduan", ["data_no_report"]))


def test_reply_to_an_officer_is_for_the_officer() -> None:
    citizen = Citizen(Facts(tickets=(ticket(1),), replied_ticket=1))
    assert citizen.say("data saya") == ["AddToTicket 1", "added"]
    waiting = Citizen(Facts(tickets=(ticket(1, status=TicketStatus.WAITING),)))
    assert waiting.say("data saya") == ["AddToTicket 1", "added"]
    assert waiting.say("/datasaya")[-1] == "data_undated"
