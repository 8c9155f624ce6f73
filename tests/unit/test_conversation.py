"""What follows from a citizen's message, told as short scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chatbot.core.conversation import Facts, unanswered_held
from chatbot.core.decision import Alert, Answer, Record, Say
from chatbot.core.message import Kind
from tests.unit.dialogue_script import CRY, LIKELY, PIN, SIM, SURE, UNSURE, Citizen

# Greeting, menu, small talk


@pytest.mark.parametrize("hello", ["/start", "halo", "Assalamualaikum", "selamat pagi pak", "P", "Good morning"])
def test_a_greeting_is_answered_by_who_we_are_and_three_choices(hello: str) -> None:
    citizen = Citizen()
    assert citizen.say(hello) == ["greeting"]
    assert citizen.options() == ["menu:complaint", "menu:status", "menu:officer"]


def test_who_we_are_is_said_before_the_first_answer_and_only_once() -> None:
    Citizen().script((SIM, ["hello", "Answer sim-biaya"]), (SIM, ["Answer sim-biaya"]))


def test_menu_after_the_greeting_is_short() -> None:
    Citizen().script(("halo", ["greeting"]), ("menu", ["menu"]))


def test_thanks_and_who_are_you_are_answered() -> None:
    Citizen().script(("halo", ["greeting"]), ("terima kasih pak", ["welcome"]), ("ini bot?", ["who_am_i"]))


def test_help_tells_how_to_use_the_service() -> None:
    Citizen().script(("/bantuan", ["hello", "help"]))


def test_a_press_on_an_old_or_foreign_button_is_refused_politely() -> None:
    Citizen().script(
        ("halo", ["greeting"]),
        ("[rate:77:5]", ["stale_choice"]),
        ("[id:anonymous]", ["stale_choice"]),
        ("[\x00;drop table]", ["stale_choice"]),
        ("[page:notanumber]", ["stale_choice"]),
    )


def test_the_same_press_twice_is_obeyed_once_without_a_complaint() -> None:
    Citizen().script(("buat aduan", ["hello", "ask_consent"]), ("[form:agree]", ["ask_category"]), ("[form:agree]", []))


@pytest.mark.parametrize("kind", [Kind.EDIT, Kind.REVOKE, Kind.REACTION, Kind.RECEIPT, Kind.SYSTEM])
def test_what_is_no_message_is_met_with_silence_and_changes_nothing(kind: Kind) -> None:
    citizen = Citizen()
    before = citizen.state
    assert citizen.hears(citizen.said(CRY, kind)) == []
    assert citizen.state == before


def test_a_sticker_needs_no_answer_and_a_contact_is_declined_once_a_minute() -> None:
    citizen = Citizen()
    citizen.say("halo")
    assert citizen.hears(citizen.said(kind=Kind.STICKER)) == []
    assert citizen.hears(citizen.said(kind=Kind.CONTACT)) == ["cannot_read"]
    assert citizen.hears(citizen.said(kind=Kind.UNSUPPORTED)) == []


# Language


def test_the_answer_follows_the_language_of_the_message() -> None:
    citizen = Citizen()
    citizen.say("How do I renew my driving licence?")
    assert citizen.state.locale == "en"
    citizen.say("bagaimana cara memperpanjang surat saya")
    assert citizen.state.locale == "id"


def test_a_language_that_the_account_does_not_answer_in_is_not_followed_unasked() -> None:
    citizen = Citizen(Facts(languages=("id",)))
    citizen.say("How do I renew my driving licence?")
    assert citizen.state.locale == "id"
    citizen.say("english")
    assert citizen.state.locale == "en"


def test_a_short_word_does_not_change_the_language() -> None:
    citizen = Citizen()
    citizen.say("selamat pagi")
    citizen.say("ok thanks")
    citizen.say("status")
    assert citizen.state.locale == "id"


def test_a_chosen_language_stays() -> None:
    citizen = Citizen()
    citizen.script(("bahasa", ["language"]), ("2", ["language_set"]))
    citizen.say("bagaimana cara memperpanjang surat saya")
    assert citizen.state.locale == "en"


def test_the_platforms_hint_counts_until_the_person_writes() -> None:
    citizen = Citizen()
    citizen.say("/start", chat_language="en-GB")
    assert citizen.state.locale == "en"
    citizen.say("saya mau tanya soal surat")
    assert citizen.state.locale == "id"


# The FAQ


def test_a_sure_question_is_answered_and_judged() -> None:
    citizen = Citizen()
    citizen.script((SIM, ["hello", "Answer sim-biaya"]))
    assert citizen.options() == ["help:yes", "help:no"]
    citizen.script(("Membantu", ["glad"]))
    assert Record("faq_helpful", "sim-biaya") in citizen.last.effects


def test_related_entries_are_offered_under_an_answer_and_answered_when_picked() -> None:
    citizen = Citizen(Facts(region="Polres Contoh", related={"sim-biaya": ("sim-mati", "sim-hilang")}))
    citizen.script((SIM, ["hello", "Answer sim-biaya"]))
    assert citizen.options() == ["faq:sim-mati", "faq:sim-hilang", "help:yes", "help:no"]

    citizen.script(("2", ["Answer sim-hilang"]))
    assert citizen.options() == ["help:yes", "help:no"]


def test_an_answer_that_did_not_help_leads_to_a_person_with_the_question_kept() -> None:
    citizen = Citizen()
    citizen.script(
        (SIM, ["hello", "Answer sim-biaya"]),
        ("tidak membantu", ["not_helpful"]),
        ("1", ["ask_consent"]),
        ("setuju", ["OpenTicket", "question_opened"]),
    )
    assert (citizen.sent.category, citizen.sent.what, citizen.sent.identity) == ("pertanyaan", SIM, "open")


def test_an_unsure_question_gets_three_numbered_choices() -> None:
    citizen = Citizen()
    citizen.script((UNSURE, ["hello", "clarify"]))
    assert citizen.options() == ["faq:sim-biaya", "faq:sim-mati", "faq:sim-hilang", "faq:none"]
    citizen.script(("yang kedua", ["Answer sim-mati"]))


@pytest.mark.parametrize("typed", ["2", "dua", "no 2", "nomor 2.", "pilih dua", "Apa itu sim-mati (id)?"])
def test_numbers_and_words_work_as_well_as_a_press(typed: str) -> None:
    citizen = Citizen()
    citizen.say(UNSURE)
    assert citizen.say(typed, match=LIKELY) == ["Answer sim-mati"]


def test_another_of_the_offered_entries_can_be_read_afterwards() -> None:
    Citizen().script(
        (UNSURE, ["hello", "clarify"]),
        ("[faq:sim-mati]", ["Answer sim-mati"]),
        ("[faq:sim-hilang]", ["Answer sim-hilang"]),
    )


def test_none_of_these_is_an_honest_refusal_with_ways_on() -> None:
    citizen = Citizen()
    citizen.script((UNSURE, ["hello", "clarify"]), ("bukan itu", ["no_answer"]))
    assert citizen.options() == ["start:officer", "start:complaint", "menu:home"]


def test_what_the_faq_does_not_know_is_refused_honestly() -> None:
    Citizen().script(("apakah bulan terbuat dari keju?", ["hello", "no_answer"]), ("hmm begitu", ["not_understood"]))


# Emergencies


def test_the_110_notice_comes_first_and_asks_for_the_place() -> None:
    citizen = Citizen()
    assert citizen.say(CRY) == ["emergency", "Alert"]
    notice = citizen.last.effects[0]
    assert isinstance(notice, Say)
    assert notice.urgent
    assert notice.asks_place


def test_an_emergency_interrupts_the_form_which_stays_and_goes_on_later() -> None:
    citizen = Citizen()
    citizen.script(
        ("buat aduan", ["hello", "ask_consent"]),
        ("setuju", ["ask_category"]),
        ("lalu lintas", ["ask_what"]),
        (CRY, ["emergency", "Alert"]),
    )
    assert citizen.form.alerted
    citizen.knows(alert_live=True)
    citizen.script(("jaketnya warna hitam", ["Alert", "emergency_added"]), ("lanjut", ["ask_where"]))
    assert citizen.form.what == CRY


def test_while_the_alert_lives_what_is_said_joins_it_without_a_flood() -> None:
    citizen = Citizen()
    citizen.say(CRY)
    citizen.knows(alert_live=True)
    citizen.now -= timedelta(seconds=35)  # five seconds after the notice
    assert citizen.say("di ruang tamu") == ["Alert"]
    assert citizen.send(Kind.PLACE) == ["Alert", "emergency_place"]
    citizen.now -= timedelta(seconds=35)
    assert citizen.send(Kind.PHOTO) == ["Alert"]
    citizen.wait(timedelta(minutes=1))
    assert citizen.say(CRY)[0] in {"emergency_added", "emergency"}
    assert Alert() in citizen.last.effects


def test_a_sure_question_during_an_alert_is_still_answered() -> None:
    citizen = Citizen()
    citizen.say(CRY)
    citizen.knows(alert_live=True)
    assert citizen.say(SIM) == ["hello", "Answer sim-biaya"]


def test_a_new_emergency_after_the_alert_is_over_gets_the_whole_notice_again() -> None:
    citizen = Citizen()
    citizen.script((CRY, ["emergency", "Alert"]), (CRY, ["emergency", "Alert"]))


def test_what_was_held_goes_with_the_alert() -> None:
    citizen = Citizen()
    citizen.script(("<photo>", ["hello", "held_ask"]))
    citizen.say(CRY)
    assert Alert(earlier=(1,)) in citizen.last.effects
    assert citizen.state.held == ()


# A first message without words


@pytest.mark.parametrize("kind", ["photo", "voice", "place", "document", "video"])
def test_a_first_message_without_words_is_kept_and_asked_about(kind: str) -> None:
    citizen = Citizen()
    citizen.script((f"<{kind}>", ["hello", "held_ask"]))
    assert citizen.state.held == (1,)
    assert citizen.state.held_since is not None


def test_an_album_is_asked_about_once_and_becomes_evidence() -> None:
    citizen = Citizen()
    citizen.script(("halo", ["greeting"]))
    assert citizen.send(Kind.PHOTO, album="a") == ["held_ask"]
    assert citizen.send(Kind.PHOTO, album="a") == []
    citizen.script(("aduan", ["ask_consent"]))
    assert citizen.form.evidence == (2, 3)
    assert citizen.state.held == ()


def test_a_photo_whose_words_were_answered_waits_for_nothing() -> None:
    citizen = Citizen()
    assert citizen.hears(citizen.said(SIM, Kind.PHOTO, has_file=True), SURE) == ["hello", "Answer sim-biaya"]
    assert citizen.state.held == ()


def test_a_story_in_a_caption_takes_its_photo_along() -> None:
    citizen = Citizen()
    assert citizen.send(Kind.PHOTO, "saya ditipu penjual pulsa", album="a") == ["hello", "offer_complaint"]
    assert citizen.send(Kind.PHOTO, album="a") == []
    citizen.script(("ya", ["ask_consent"]))
    assert (citizen.form.what, citizen.form.evidence) == ("saya ditipu penjual pulsa", (1, 2))


def test_a_photo_after_the_story_belongs_to_it() -> None:
    citizen = Citizen()
    citizen.script(("saya ditipu penjual pulsa", ["hello", "offer_complaint"]), ("<photo>", ["offer_complaint"]))
    citizen.script(("ya", ["ask_consent"]))
    assert (citizen.form.what, citizen.form.evidence) == ("saya ditipu penjual pulsa", (2,))


def test_an_earlier_question_does_not_become_the_story_of_a_later_photo() -> None:
    citizen = Citizen()
    citizen.script((SIM, ["hello", "Answer sim-biaya"]), ("<photo>", ["held_ask"]), ("aduan", ["ask_consent"]))
    assert citizen.form.what == ""


def test_what_nobody_explained_goes_to_the_officers_without_a_name() -> None:
    citizen = Citizen()
    citizen.script(("<photo>", ["hello", "held_ask"]), ("<place>", []))
    rest, found, _ = unanswered_held(citizen.state)
    assert (found.evidence, found.place, found.identity) == ((1, 2), PIN, "confidential")
    assert (rest.held, rest.held_since, rest.pending) == ((), None, "")


def test_a_pin_that_came_first_is_not_asked_again() -> None:
    citizen = Citizen()
    citizen.script(("<place>", ["hello", "held_ask"]), ("1", ["ask_consent"]))
    assert citizen.form.place == PIN


def test_a_voice_note_that_came_first_is_the_question_itself() -> None:
    citizen = Citizen()
    citizen.script(
        ("<voice>", ["hello", "held_ask"]), ("pertanyaan", ["ask_consent"]), ("ya", ["OpenTicket", "question_opened"])
    )
    assert citizen.sent.evidence == (1,)


# Starting a complaint


@pytest.mark.parametrize(
    "text", ["motor saya hilang dicuri orang kemarin malam", "saya mau melaporkan tetangga yang berisik"]
)
def test_a_story_is_offered_to_become_a_complaint_and_is_kept(text: str) -> None:
    citizen = Citizen()
    citizen.script((text, ["hello", "offer_complaint"]), ("ya", ["ask_consent"]))
    assert citizen.form.what == text


def test_a_story_told_in_two_messages_is_one_story() -> None:
    citizen = Citizen()
    citizen.script(
        ("motor saya hilang dicuri orang", ["hello", "offer_complaint"]),
        ("warnanya merah, pelat B 1234 XY", ["offer_complaint"]),
        ("[start:complaint]", ["ask_consent"]),
    )
    assert citizen.form.what == "motor saya hilang dicuri orang\nwarnanya merah, pelat B 1234 XY"


@pytest.mark.parametrize("text", ["lapor", "saya mau lapor pak", "buat aduan", "I want to report", "[menu:complaint]"])
def test_the_wish_to_report_begins_the_form_at_once(text: str) -> None:
    citizen = Citizen()
    citizen.script((text, ["hello", "ask_consent"]))
    assert citizen.form.what == ""


def test_a_question_about_reporting_is_no_report() -> None:
    text = "bagaimana cara lapor kehilangan STNK?"
    assert Citizen().say(text, match=LIKELY) == ["hello", "clarify"]


def test_an_officer_is_asked_after_consent() -> None:
    citizen = Citizen()
    citizen.script(
        ("petugas", ["hello", "ask_consent"]),
        ("setuju", ["ask_question"]),
        ("kapan kantor buka di hari libur?", ["OpenTicket", "question_opened"]),
        ("petugas", ["ask_question"]),
    )


def test_without_consent_nothing_is_kept() -> None:
    citizen = Citizen()
    citizen.script(("lapor", ["hello", "ask_consent"]), ("tidak setuju", ["consent_refused"]))
    assert citizen.state.form is None
    assert Record("consent_refused", "") in citizen.last.effects


def test_cancel_works_with_and_without_a_form() -> None:
    citizen = Citizen()
    citizen.script(("batal", ["nothing_to_cancel"]), ("lapor", ["hello", "ask_consent"]), ("Batal", ["cancelled"]))
    assert citizen.state.form is None


def test_likely_but_unasked_words_of_an_incident_start_the_offer() -> None:
    assert Citizen().say("dompet saya hilang dicopet di pasar", match=LIKELY) == ["hello", "offer_complaint"]


def test_a_sure_answer_wins_over_the_words_of_an_incident() -> None:
    assert Citizen().say("surat kehilangan karena dompet hilang", match=SURE) == ["hello", "Answer sim-biaya"]


def test_a_report_is_offered_a_complaint_though_an_answer_about_reporting_fits() -> None:
    assert Citizen().say("mau lapor min, motor saya dicuri tadi malam", match=SURE) == ["hello", "offer_complaint"]


def test_the_confidence_travels_with_the_answer() -> None:
    citizen = Citizen(Facts(region="Polres Contoh"))
    citizen.say(SIM)
    answers = [effect for effect in citizen.last.effects if isinstance(effect, Answer)]
    assert [answer.confidence for answer in answers] == [0.95]
