"""Filling in a complaint, told as short scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chatbot.core.complaint import CATEGORIES, Complaint
from chatbot.core.conversation import Conversation, Facts
from chatbot.core.decision import OpenTicket, Record, Say
from chatbot.core.message import Kind, Phrase
from tests.unit.dialogue_script import CRY, PIN, SIM, Citizen

BEGUN = (("lapor", ["hello", "ask_consent"]), ("setuju", ["ask_category"]))
STORY = "tetangga saya menyetel musik keras sampai pagi"


def at_evidence() -> Citizen:
    citizen = Citizen()
    citizen.script(
        *BEGUN,
        ("lalu lintas", ["ask_what"]),
        ("ada mobil parkir menutup jalan", ["ask_where"]),
        ("depan pasar", ["ask_when"]),
        ("hari ini", ["ask_who"]),
        ("lewati", ["ask_evidence"]),
    )
    return citizen


def at_review() -> Citizen:
    citizen = at_evidence()
    citizen.script(("tidak ada", ["ask_identity"]), ("rahasia", ["review"]))
    return citizen


def test_a_complaint_is_filled_in_by_words_alone() -> None:
    citizen = at_review()
    citizen.script(("kirim", ["OpenTicket", "ticket_opened"]))
    assert citizen.state.form is None
    assert citizen.sent == Complaint(
        category="lalin",
        what="ada mobil parkir menutup jalan",
        where_text="depan pasar",
        when="24-11-2026",
        identity="confidential",
        step="review",
        answered=("category", "what", "where", "when", "who", "evidence", "identity"),
    )


def test_a_complaint_is_filled_in_by_presses_files_and_a_pin() -> None:
    citizen = Citizen()
    citizen.script(
        ("[menu:complaint]", ["hello", "ask_consent"]),
        ("[form:agree]", ["ask_category"]),
        ("[cat:kriminal]", ["ask_what"]),
        ("<voice>", ["ask_where"]),
        ("<place>", ["place_kept", "ask_when"]),
        ("[when:yesterday]", ["ask_who"]),
        ("[skip:who]", ["ask_evidence"]),
        ("<photo>", ["evidence_kept"]),
        ("<document>", ["evidence_kept"]),
        ("[done:evidence]", ["ask_identity"]),
        ("[id:anonymous]", ["review"]),
        ("[review:send]", ["OpenTicket", "ticket_opened", "receipt"]),
    )
    assert citizen.sent.place == PIN
    assert citizen.sent.evidence == (4, 8, 9)
    assert (citizen.sent.when, citizen.sent.identity) == ("23-11-2026", "anonymous")


def test_consent_is_recorded_and_holds_for_the_next_complaint() -> None:
    citizen = Citizen()
    citizen.script(*BEGUN)
    assert Record("consent_given", "") in citizen.last.effects
    citizen.script(("batal", ["cancelled"]), ("lapor", ["ask_category"]), ("batal", ["cancelled"]))
    citizen.wait(timedelta(days=31))
    citizen.script(("lapor", ["ask_consent"]))


@pytest.mark.parametrize(("number", "category"), list(enumerate(CATEGORIES, 1)))
def test_every_category_can_be_named_by_its_number(number: int, category: str) -> None:
    citizen = Citizen()
    citizen.script(*BEGUN)
    citizen.say(str(number))
    assert citizen.form.category == category


@pytest.mark.parametrize(
    ("typed", "category"),
    [("Narkoba", "narkoba"), ("balap liar", "lalin"), ("LAINNYA", "lainnya"), ("penipuan online", "siber")],
)
def test_a_category_is_understood_by_its_label_or_by_plain_words(typed: str, category: str) -> None:
    citizen = Citizen()
    citizen.script(*BEGUN)
    citizen.say(typed)
    assert citizen.form.category == category


def test_a_story_told_where_the_category_is_asked_is_not_asked_again() -> None:
    citizen = Citizen()
    citizen.script(*BEGUN, (STORY, ["words_kept", "ask_category"]), ("hmm", ["please_choose", "ask_category"]))
    citizen.script(("[cat:kamtibmas]", ["ask_where"]))
    assert citizen.form.what == STORY


def test_what_the_first_message_says_is_not_asked_again() -> None:
    citizen = Citizen()
    citizen.script(
        ("motor saya dicuri di parkiran pasar Contoh tadi malam jam 8", ["hello", "offer_complaint"]),
        ("1", ["ask_consent"]),
        ("ya", ["ask_who"]),
    )
    assert citizen.form.category == "kriminal"
    assert citizen.form.where_text == "parkiran pasar Contoh"
    assert citizen.form.when == "tadi malam jam 8"


def test_something_still_going_on_is_answered_with_110() -> None:
    citizen = Citizen()
    citizen.script(
        *BEGUN, ("lalin", ["ask_what"]), ("mobil parkir menutup jalan", ["ask_where"]), ("tidak tahu", ["ask_when"])
    )
    assert citizen.form.where_text == ""
    citizen.script(("masih berlangsung", ["ongoing", "ask_who"]))
    assert citizen.form.ongoing
    assert citizen.form.when == f"24-11-2026 12.0{(citizen.now.minute * 60 + citizen.now.second - 40) // 60}"


def test_another_time_is_typed() -> None:
    citizen = at_evidence()
    citizen.script(
        ("tidak ada", ["ask_identity"]), ("1", ["review"]), ("ubah", ["ask_change"]), ("Waktu", ["ask_when"])
    )
    citizen.script(("waktu lain", ["ask_when_typed"]), ("dua minggu lalu, malam", ["review"]))
    assert citizen.form.when == "dua minggu lalu, malam"


# Questions on the way


def test_a_sure_question_on_the_way_is_answered_and_may_go_into_the_complaint() -> None:
    citizen = Citizen()
    citizen.script(*BEGUN, ("lalin", ["ask_what"]), (SIM, ["Answer sim-biaya", "ask_what"]))
    assert citizen.form.what == ""
    citizen.script(("Masukkan ke aduan", ["ask_where"]))
    assert citizen.form.what == SIM


@pytest.mark.parametrize("text", ["kenapa polisi tidak datang?", "perpanjang SIM C lama sekali"])
def test_in_free_text_only_a_sure_question_is_a_question(text: str) -> None:
    citizen = Citizen()
    citizen.script(*BEGUN, ("[cat:pelayanan]", ["ask_what"]), (text, ["ask_where"]))
    assert citizen.form.what == text


def test_an_account_number_is_an_answer_and_not_a_status() -> None:
    citizen = Citizen()
    citizen.script(
        *BEGUN, ("[cat:siber]", ["ask_what"]), ("uang saya dibawa penjual", ["ask_where"]), ("daring", ["ask_when"])
    )
    citizen.script(("kemarin", ["ask_who"]), ("1234567890", ["ask_evidence"]))
    assert citizen.form.who == "1234567890"


def test_commands_answer_and_put_the_question_again() -> None:
    citizen = Citizen()
    citizen.script(
        *BEGUN,
        ("status", ["status_none", "ask_category"]),
        ("bantuan", ["help", "ask_category"]),
        ("english", ["language_set", "ask_category"]),
        ("halo", ["ask_category"]),
        ("lapor", ["ask_category"]),
        ("ini bot?", ["who_am_i", "ask_category"]),
    )


def test_a_greeting_is_no_answer_in_a_free_text_step() -> None:
    citizen = Citizen()
    citizen.script(*BEGUN, ("[cat:lalin]", ["ask_what"]), ("halo", ["story_empty"]))
    assert citizen.form.what == ""


# Evidence


def test_an_album_is_acknowledged_once() -> None:
    citizen = at_evidence()
    assert citizen.send(Kind.PHOTO, album="a") == ["evidence_kept"]
    assert citizen.send(Kind.PHOTO, album="a") == []
    assert citizen.send(Kind.PHOTO, album="b") == ["evidence_kept"]
    assert len(citizen.form.evidence) == 3


def test_a_file_is_evidence_at_every_step() -> None:
    citizen = Citizen()
    citizen.script(*BEGUN, ("<photo>", ["file_kept", "ask_category"]), ("[cat:lalin]", ["ask_what"]))
    citizen.script(("<photo>", ["file_needs_words"]))
    assert citizen.send(Kind.PHOTO, "mobil parkir di trotoar") == ["ask_where"]
    assert citizen.form.what == "mobil parkir di trotoar"
    assert len(citizen.form.evidence) == 3


def test_words_among_the_evidence_are_kept() -> None:
    citizen = at_evidence()
    citizen.script(("buktinya ada di https://contoh.id/video", ["evidence_words"]))
    assert citizen.form.what.endswith("\nbuktinya ada di https://contoh.id/video")


# Review, change


def test_the_review_shows_what_was_taken() -> None:
    citizen = at_review()
    said = citizen.last.effects[-1]
    assert isinstance(said, Say)
    assert said.phrase.values["what"] == "ada mobil parkir menutup jalan"
    assert said.phrase.values["category"] == Phrase("category.lalin")
    assert said.phrase.values["who"] == Phrase("citizen.not_filled")


@pytest.mark.parametrize(
    ("field", "asked", "answer", "expected"),
    [
        ("Jenis aduan", "ask_category", "narkoba", ("category", "narkoba")),
        ("Kejadian", "ask_what", "sebuah truk terparkir", ("what", "sebuah truk terparkir")),
        ("3", "ask_where", "depan sekolah", ("where_text", "depan sekolah")),
        ("waktu", "ask_when", "kemarin", ("when", "23-11-2026")),
        ("Terlapor", "ask_who", "orang berjaket hitam", ("who", "orang berjaket hitam")),
        ("Identitas", "ask_identity", "3", ("identity", "anonymous")),
    ],
)
def test_every_answer_can_be_changed_and_leads_back_to_the_review(
    field: str, asked: str, answer: str, expected: tuple[str, str]
) -> None:
    citizen = at_review()
    citizen.script(("ubah", ["ask_change"]), (field, [asked]), (answer, ["review"]))
    assert getattr(citizen.form, expected[0]) == expected[1]


def test_a_pin_replaces_the_words_when_the_place_is_changed() -> None:
    citizen = at_review()
    citizen.script(("2", ["ask_change"]), ("3", ["ask_where"]), ("<place>", ["place_kept", "review"]))
    assert (citizen.form.place, citizen.form.where_text) == (PIN, "")


def test_evidence_can_be_added_or_removed_at_the_review() -> None:
    citizen = at_review()
    citizen.script(("ubah", ["ask_change"]), ("bukti", ["ask_evidence"]), ("<photo>", ["evidence_kept"]))
    citizen.script(("selesai", ["review"]), ("ubah", ["ask_change"]), ("bukti", ["ask_evidence"]))
    citizen.script(("hapus bukti", ["ask_evidence"]), ("lewati", ["review"]))
    assert citizen.form.evidence == ()


def test_change_can_be_left_without_a_change() -> None:
    at_review().script(("ubah", ["ask_change"]), ("kembali", ["review"]))


# Cancel, menu, days


@pytest.mark.parametrize("word", ["batal", "Batal.", "/batal", "cancel"])
def test_cancel_erases_the_draft_at_any_step(word: str) -> None:
    citizen = at_evidence()
    citizen.script((word, ["cancelled"]))
    assert citizen.state.form is None


def test_a_number_in_a_free_text_step_never_throws_the_form_away() -> None:
    citizen = at_evidence()
    citizen.script(("ubah", ["evidence_words"]), ("2", ["evidence_words"]), ("tidak ada", ["ask_identity"]))
    citizen.script(("1", ["review"]), ("3", ["cancelled"]))


def test_the_menu_leaves_the_form_waiting_and_the_way_back_open() -> None:
    citizen = Citizen()
    citizen.script(*BEGUN, ("[cat:lalin]", ["ask_what"]), ("menu", ["menu_form"]))
    assert citizen.options()[0] == "form:resume"
    citizen.script(("mobil menutup jalan", ["form_waits"]), ("lanjutkan", ["ask_where"]))
    assert citizen.form.what == "mobil menutup jalan"


def test_the_next_day_the_form_is_offered_and_what_was_sent_is_not_lost() -> None:
    citizen = at_evidence()
    citizen.wait(timedelta(hours=20))
    citizen.script(("<photo>", ["form_waits"]), ("ya", ["ask_evidence"]))
    assert len(citizen.form.evidence) == 1


def test_the_next_day_a_greeting_is_met_with_the_waiting_form() -> None:
    citizen = at_evidence()
    citizen.wait(timedelta(hours=20))
    citizen.script(("halo", ["form_waits"]), ("lanjut", ["ask_evidence"]))


def test_the_next_day_the_draft_can_be_deleted() -> None:
    citizen = at_evidence()
    citizen.wait(timedelta(hours=20))
    citizen.script(("halo", ["form_waits"]), ("hapus isian", ["cancelled"]))
    assert citizen.state.form is None


def test_a_pause_of_an_hour_is_no_interruption() -> None:
    citizen = at_evidence()
    citizen.wait(timedelta(hours=1))
    citizen.script(("tidak ada", ["ask_identity"]))


def test_an_officer_can_be_called_from_the_form_by_sending_it_in_short() -> None:
    citizen = Citizen()
    citizen.script(
        *BEGUN,
        ("[cat:lalin]", ["ask_what"]),
        (STORY, ["ask_where"]),
        ("petugas", ["officer_in_form"]),
        ("Kirim singkat", ["ask_identity"]),
        ("terbuka", ["review"]),
    )


# Members of the police


def test_a_complaint_about_members_goes_to_propam_and_says_so() -> None:
    citizen = Citizen(Facts(region="Polres Contoh", propam=True))
    citizen.script(
        *BEGUN, ("Anggota polisi", ["note_propam", "ask_what"]), (STORY, ["ask_where"]), ("menu", ["menu_form"])
    )
    citizen.script(("[form:resume]", ["ask_where"]), ("petugas", ["officer_in_form"]), ("1", ["ask_identity"]))
    citizen.script(("2", ["review"]), ("kirim", ["OpenTicket", "ticket_opened_propam"]))


def test_without_propam_the_citizen_is_told_of_dumas_presisi_and_the_complaint_is_still_sent() -> None:
    citizen = Citizen()
    text = "oknum polisi minta uang di jalan kemarin"
    citizen.script(
        (text, ["hello", "offer_complaint"]), ("ya", ["ask_consent"]), ("ya", ["note_no_propam", "ask_where"])
    )
    citizen.script(("petugas", ["officer_in_form"]), ("1", ["ask_identity"]), ("3", ["review"]))
    citizen.script(("1", ["OpenTicket", "ticket_sealed", "receipt"]))
    assert citizen.sent.category == "anggota"


@pytest.mark.parametrize(("number", "note"), [("4", "note_ppa"), ("7", "note_orang_hilang")])
def test_delicate_categories_get_a_word_of_their_own_once(number: str, note: str) -> None:
    citizen = Citizen()
    citizen.script(*BEGUN)
    got = citizen.say(number)
    assert got[0] == note
    assert got[1].startswith("ask_what_")


def test_a_form_that_an_emergency_interrupted_is_still_sent_as_a_ticket() -> None:
    citizen = at_review()
    citizen.say(CRY)
    citizen.script(("lanjut", ["review"]), ("kirim", ["OpenTicket", "ticket_opened"]))
    assert citizen.sent.alerted


def test_sending_twice_opens_one_ticket() -> None:
    citizen = at_review()
    citizen.script(
        ("[review:send]", ["OpenTicket", "ticket_opened"]), ("[review:send]", []), ("kirim", ["not_understood"])
    )
    assert not any(isinstance(effect, OpenTicket) for effect in citizen.last.effects)


def test_a_state_written_before_a_field_existed_still_decodes() -> None:
    assert Conversation(form=Complaint()) == Conversation(form=Complaint(category=""))


@pytest.mark.parametrize("words", ["masih berlangsung", "sedang berlangsung"])
def test_a_typed_choice_that_sounds_of_danger_is_the_choice(words: str) -> None:
    citizen = Citizen()
    citizen.say("/lapor pelayanan loket lambat sekali di kantor")
    citizen.say("setuju")
    citizen.say("di loket 3")
    assert "Alert" not in citizen.say(words, emergency=True)
    assert citizen.form.ongoing
