"""Which messages are questions that the FAQ does not answer, and when one is answered after all."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.core.decision import CloseGap, NoteGap, Record
from chatbot.core.message import NO_MATCH, Kind, Match
from chatbot.core.questions import SMALL_TALK
from tests.unit.dialogue_script import CRY, LIKELY, SIM, SURE, UNSURE, Citizen, ticket

UNKNOWN = "apakah menerbangkan drone perlu izin?"
OFFERED = ("sim-biaya", "sim-mati", "sim-hilang")


def gaps(citizen: Citizen) -> list[NoteGap | CloseGap]:
    return [effect for effect in citizen.last.effects if isinstance(effect, NoteGap | CloseGap)]


def test_a_refused_question_is_a_gap() -> None:
    citizen = Citizen()
    assert citizen.say(UNKNOWN) == ["hello", "no_answer"]
    assert gaps(citizen) == [NoteGap()]


def test_an_answered_question_is_none() -> None:
    citizen = Citizen()
    citizen.say(SIM)
    assert gaps(citizen) == []


def test_choices_are_a_gap_until_one_of_them_is_chosen() -> None:
    citizen = Citizen()
    citizen.say("halo")
    citizen.say(UNSURE)
    assert gaps(citizen) == [NoteGap(OFFERED)]
    citizen.say("yang kedua")
    assert gaps(citizen) == [CloseGap(2, OFFERED)]
    assert Record("faq_chosen", "sim-mati sim-biaya sim-mati sim-hilang") in citizen.last.effects
    citizen.press("faq:sim-hilang")
    assert gaps(citizen) == []
    assert Record("faq_chosen", "sim-hilang") in citizen.last.effects


def test_choices_of_which_none_fits_stay_one_gap() -> None:
    citizen = Citizen()
    citizen.say(UNSURE)
    citizen.say("bukan itu")
    assert gaps(citizen) == []


def test_a_choice_made_after_another_question_still_closes_its_own_gap() -> None:
    citizen = Citizen()
    citizen.say(UNSURE)
    citizen.say(SIM)
    citizen.press("faq:sim-mati")
    assert gaps(citizen) == [CloseGap(1, OFFERED)]


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ("halo", NO_MATCH),
        ("terima kasih pak", NO_MATCH),
        ("hmm begitu", NO_MATCH),
        ("dasar bot tidak berguna", NO_MATCH),
        ("perpanjang kartu saya besok saja", LIKELY),
        ("kamu lagi apa?", Match(refused=SMALL_TALK)),
        ("motor saya dicuri orang kemarin", LIKELY),
        ("apakah benar oknum polisi minta uang damai?", NO_MATCH),
        ("kenapa briptu di pos itu minta uang ke saya?", LIKELY),
        (CRY, NO_MATCH),
    ],
)
def test_what_asks_nothing_of_the_faq_is_no_gap(said: str, match: Match) -> None:
    citizen = Citizen()
    citizen.say(said, match)
    assert gaps(citizen) == []


def test_small_talk_has_a_file_of_that_name() -> None:
    assert (Path(__file__).parents[2] / "faq" / "tidak-dijawab" / f"{SMALL_TALK}.md").exists()


def test_a_question_about_a_picture_is_no_gap() -> None:
    citizen = Citizen()
    citizen.send(Kind.PHOTO, "apakah surat ini asli?")
    assert gaps(citizen) == []


def test_what_is_said_while_a_form_or_a_ticket_waits_is_no_gap() -> None:
    citizen = Citizen()
    citizen.script(("aduan", ["hello", "ask_consent"]), ("setuju", ["ask_category"]))
    for said in (UNKNOWN, UNSURE):
        citizen.say(said)
        assert gaps(citizen) == []
    other = Citizen()
    other.knows(tickets=(ticket(1),))
    other.say(UNKNOWN)
    assert gaps(other) == []


def test_a_form_begun_with_the_question_leaves_the_gap() -> None:
    citizen = Citizen()
    citizen.say(UNSURE)
    citizen.say("bukan itu")
    citizen.say("1")
    assert citizen.state.candidates_id == 0
    assert gaps(citizen) == []


def test_a_surely_answered_question_after_the_offer_closes_nothing() -> None:
    citizen = Citizen()
    citizen.say(UNSURE)
    citizen.say(SIM, SURE)
    assert gaps(citizen) == []
