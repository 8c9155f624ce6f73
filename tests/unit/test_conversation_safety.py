"""Who may be watched, who says nothing, who writes very much, and who is blocked: told as short scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chatbot.core import slowing
from chatbot.core.conversation import Facts
from chatbot.core.decision import Alert, Appeal, EraseOwnData, MarkSafety, OpenTicket, Say, SendOwnData
from chatbot.core.intent import is_emergency
from chatbot.core.message import Kind
from chatbot.core.narrative import says_nothing
from tests.unit.dialogue_script import CRY, Citizen, ticket
from tests.unit.test_conversation_form import BEGUN, STORY, at_evidence

BLOCKED = Facts(region="Polres Contoh", blocked="1 Desember 2026 12.00 WIB")


def at_what(category: str = "lalin") -> Citizen:
    citizen = Citizen()
    citizen.script(*BEGUN)
    citizen.press(f"cat:{category}")
    return citizen


# Hiding


@pytest.mark.parametrize(
    "word", ["HAPUS", "hapus.", "sembunyikan", "hide", "Delete chat", "hapus percakapan", "/hapus", "hapus pak"]
)
def test_one_neutral_word_hides_the_talk_although_it_may_sound_of_danger(word: str) -> None:
    citizen = Citizen(Facts(region="Polres Contoh", channel="telegram"))
    assert citizen.say(word, emergency=is_emergency(word)) == ["hide_telegram"]
    assert citizen.options() == ["safe:yes", "safe:no"]
    assert not any(isinstance(effect, Alert) for effect in citizen.last.effects)


def test_each_platform_has_words_of_its_own() -> None:
    for channel, key in (("whatsapp", "hide_whatsapp"), ("", "hide")):
        assert Citizen(Facts(channel=channel)).say("hapus") == [key]


def test_until_the_question_is_answered_we_do_not_write_first() -> None:
    citizen = Citizen(Facts(region="Polres Contoh", tickets=(ticket(1),)))
    citizen.say("hapus")
    assert MarkSafety(unsafe=True) in citizen.last.effects
    assert citizen.say("boleh") == ["safe_noted"]
    assert MarkSafety(unsafe=False) in citizen.last.effects
    assert not citizen.state.unsafe


@pytest.mark.parametrize("answer", ["Jangan tulis lebih dulu", "jangan tulis dahulu", "tidak", "2"])
def test_no_is_understood_however_it_is_put(answer: str) -> None:
    citizen = Citizen()
    citizen.script(("hapus", ["hide"]), (answer, ["unsafe_noted"]))
    assert citizen.state.unsafe


def test_hiding_in_the_middle_of_a_form_loses_nothing_and_the_form_goes_on() -> None:
    citizen = at_what()
    citizen.script(("hapus", ["hide"]), ("[safe:no]", ["unsafe_noted", "ask_what"]), (STORY, ["ask_where"]))
    assert (citizen.form.what, citizen.form.unsafe) == (STORY, True)


def test_a_form_goes_on_too_where_the_question_is_passed_over() -> None:
    citizen = at_what()
    citizen.script(("hapus", ["hide"]), (STORY, ["ask_where"]))
    assert citizen.form.unsafe


def test_a_form_that_waits_is_hidden_and_not_thrown_away() -> None:
    citizen = at_what()
    citizen.wait(timedelta(hours=7))
    citizen.script(("malam", ["form_waits"]), ("hapus", ["hide"]), ("lanjut", ["ask_what"]))


def test_what_is_begun_later_is_marked_as_well() -> None:
    citizen = Citizen()
    citizen.script(("hapus", ["hide"]), ("[safe:no]", ["unsafe_noted"]))
    citizen.say(CRY)
    alert = next(effect for effect in citizen.last.effects if isinstance(effect, Alert))
    assert alert.unsafe


def at_safe() -> Citizen:
    citizen = at_what("ppa")
    citizen.script(
        (STORY, ["ask_where"]), ("di rumah", ["ask_when"]), ("hari ini", ["ask_who"]), ("lewati", ["ask_evidence"])
    )
    citizen.script(("tidak ada", ["ask_safe"]))
    return citizen


@pytest.mark.parametrize(("answer", "word", "unsafe"), [("ya", "safe_noted", False), ("Tidak", "unsafe_noted", True)])
def test_who_reports_violence_at_home_says_whether_we_may_write_first(answer: str, word: str, unsafe: bool) -> None:
    citizen = at_safe()
    citizen.script(
        (answer, [word, "ask_identity"]), ("rahasia", ["review"]), ("kirim", ["OpenTicket", "ticket_opened"])
    )
    assert citizen.sent.unsafe is unsafe


def test_who_said_so_already_is_not_asked_again() -> None:
    citizen = at_what("ppa")
    citizen.script(("hapus", ["hide"]), ("[safe:no]", ["unsafe_noted", "ask_what_ppa"]), (STORY, ["ask_where"]))
    citizen.script(("di rumah", ["ask_when"]), ("hari ini", ["ask_who"]), ("lewati", ["ask_evidence"]))
    citizen.script(("tidak ada", ["ask_identity"]))


def test_other_words_at_that_step_are_asked_for_a_choice_and_nobody_else_is_asked() -> None:
    at_safe().script(("mungkin besok saja", ["please_choose", "ask_safe"]))
    at_evidence().script(("tidak ada", ["ask_identity"]))


# A story that says nothing


@pytest.mark.parametrize("text", ["...", "test", "coba", "Halo", "aaaaaa", "tes tes", "wkwkwk", "hahaha", "p", "???"])
def test_a_story_that_says_nothing_is_asked_for_once_more_and_then_taken(text: str) -> None:
    citizen = at_what()
    assert citizen.say(text) == ["story_empty"]
    assert citizen.form.what == ""
    assert citizen.say(text) == ["ask_where"]
    assert citizen.form.what == text


@pytest.mark.parametrize("text", ["takut", "dia datang", "coba tolong anak saya", "KDRT", "saya tes urine dipaksa"])
def test_few_words_are_a_story(text: str) -> None:
    assert not says_nothing(text.casefold())
    assert at_what().say(text)[-1] == "ask_where"


def test_a_question_to_an_officer_that_says_nothing_is_asked_for_once_too() -> None:
    citizen = Citizen()
    citizen.script(("petugas", ["hello", "ask_consent"]), ("setuju", ["ask_question"]), ("coba", ["story_empty"]))
    assert citizen.say("coba") == ["OpenTicket", "question_opened"]


def test_a_cry_in_the_place_of_a_story_is_a_cry() -> None:
    citizen = at_what()
    citizen.script(("...", ["story_empty"]), (CRY, ["emergency", "Alert"]))


# Writing very much


def flooding(facts: Facts | None = None) -> Citizen:
    """A person at the last message that is answered as usual."""
    citizen = Citizen(facts)
    for _ in range(slowing.MOST):
        citizen.now -= timedelta(seconds=39)  # the script's own pace is slower
        citizen.say("apa kabar semuanya di sana")
    citizen.now -= timedelta(seconds=39)
    return citizen


def test_who_writes_very_much_is_told_once_and_then_answered_once_a_minute() -> None:
    citizen = flooding()
    assert citizen.say("hei jawab dong sekarang juga") == ["slow"]
    assert citizen.say("hei jawab dong sekarang juga") == []
    assert citizen.say("hei jawab dong sekarang juga") == ["not_understood"]
    assert citizen.say("hei jawab dong sekarang juga") == []


def test_thirty_messages_in_ten_minutes_are_answered_as_usual_and_so_is_who_pauses() -> None:
    citizen = flooding()
    citizen.wait(slowing.WITHIN)
    assert citizen.say("hei jawab dong sekarang juga") == ["not_understood"]


def test_words_for_an_open_ticket_still_reach_it() -> None:
    citizen = flooding(Facts(region="Polres Contoh", tickets=(ticket(1),)))
    assert citizen.say("motornya warna merah") == ["AddToTicket 1", "slow"]
    assert citizen.say("dan ada stikernya") == ["AddToTicket 1"]


def test_evidence_sent_too_fast_is_kept_and_the_number_is_said() -> None:
    citizen = at_evidence()
    before = len(citizen.form.evidence)
    for _ in range(slowing.MOST + 10):
        citizen.now -= timedelta(seconds=39)
        citizen.send(Kind.PHOTO)
    assert len(citizen.form.evidence) == before + slowing.MOST + 10
    citizen.press("done:evidence")
    citizen.press("id:open")
    assert citizen.press("review:send") == ["OpenTicket", "ticket_opened"]
    assert any(isinstance(effect, OpenTicket) for effect in citizen.last.effects)


def test_choices_that_were_not_shown_do_not_count() -> None:
    citizen = flooding()
    citizen.say("hei jawab dong sekarang juga")
    before = citizen.state.offered
    citizen.say("hei jawab dong sekarang juga")
    assert citizen.state.offered == before


# Blocked


def test_a_blocked_person_hears_one_line_a_day() -> None:
    citizen = Citizen(BLOCKED)
    citizen.script(("halo", ["blocked_still"]), ("halo", []), ("lapor", []), ("<photo>", []), ("[menu:status]", []))
    citizen.wait(timedelta(days=1))
    citizen.script(("halo", ["blocked_still"]))


def test_a_blocked_person_who_cries_for_help_is_heard_and_so_is_what_follows() -> None:
    citizen = Citizen(BLOCKED)
    citizen.script((CRY, ["emergency", "Alert"]))
    citizen.knows(alert_live=True, tickets=(ticket(1, alert=True),))
    citizen.script(("<place>", ["Alert", "emergency_place"]))


def test_a_blocked_person_has_his_rights_to_his_own_data() -> None:
    citizen = Citizen(BLOCKED)
    citizen.script(("halo", ["blocked_still"]), ("data saya", ["hello", "data_undated"]))
    assert citizen.options() == ["data:send", "data:erase"]
    citizen.script(("[data:send]", []))
    assert SendOwnData() in citizen.last.effects
    citizen.script(
        ("hapus data saya", ["data_undated"]), ("2", ["data_erase_ask"]), ("halo", []), ("[data:erase_now]", [])
    )
    assert not citizen.last.effects  # the question was dropped when something else was said
    citizen.script(("data saya", ["data_undated"]), ("[data:erase]", ["data_erase_ask"]), ("[data:erase_now]", []))
    assert EraseOwnData() in citizen.last.effects


def test_nothing_of_his_own_data_lets_a_blocked_person_speak_to_officers() -> None:
    citizen = Citizen(BLOCKED)
    citizen.knows(blocked="")
    citizen.script(("data saya", ["hello", "data_undated"]), ("[data:correct]", ["data_correct"]))
    citizen.knows(blocked=BLOCKED.blocked, tickets=(ticket(1),))
    citizen.script(("[data:report]", ["blocked_still"]), ("Rina", []))
    for _ in range(40):
        citizen.say("data saya")
        citizen.wait(-timedelta(seconds=35))
    assert not any(isinstance(effect, Say) for effect in citizen.last.effects)


def test_a_form_waits_until_the_block_is_over() -> None:
    citizen = at_what()
    citizen.knows(blocked=BLOCKED.blocked)
    citizen.script((STORY, ["blocked_still"]))
    citizen.knows(blocked="")
    citizen.script(("lanjut", ["ask_what"]), (STORY, ["ask_where"]))


@pytest.mark.parametrize("text", ["BANDING saya tidak pernah memaki", "banding: saya tidak pernah memaki"])
def test_an_appeal_is_one_message_and_is_taken_once(text: str) -> None:
    citizen = Citizen(BLOCKED)
    citizen.script((text, ["appealed"]))
    assert Appeal("saya tidak pernah memaki") in citizen.last.effects
    citizen.knows(appealed=True)
    citizen.script((text, ["appealed_already"]))
    assert not any(isinstance(effect, Appeal) for effect in citizen.last.effects)


def test_an_appeal_may_come_in_two_messages() -> None:
    citizen = Citizen(BLOCKED)
    citizen.script(("banding", ["appeal_ask"]), ("saya tidak pernah memaki", ["appealed"]))
    assert Appeal("saya tidak pernah memaki") in citizen.last.effects
