"""The complaint as a value, and what a first message already says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from chatbot.core import choices, complaint, narrative
from chatbot.core.commands import Command, asks_status_of, command_of, number_of
from chatbot.core.complaint import CATEGORIES, REVIEW, SAFE, STEPS, Complaint
from chatbot.core.decision import Option
from chatbot.core.intent import fold
from chatbot.core.message import Place

PIN = Place(-6.2, 106.8)
LOCAL = datetime.fromisoformat("2026-11-24T08:30")  # a wall clock


def begun(text: str) -> Complaint:
    return narrative.begun_with(Complaint(), text, fold(text))


def test_steps_are_asked_in_order_and_then_reviewed() -> None:
    form = Complaint()
    asked = []
    while (step := complaint.next_step(form)) != REVIEW:
        asked.append(step)
        form = complaint.mark(form, step)
    assert tuple(asked) == tuple(step for step in STEPS if step != SAFE)


def test_who_reports_violence_at_home_is_asked_whether_we_may_write_first() -> None:
    form = complaint.mark(Complaint(category="ppa"), *(step for step in STEPS if step != SAFE))
    assert complaint.next_step(form) == SAFE
    form = complaint.with_safety(form, unsafe=True)
    assert (form.unsafe, complaint.next_step(form)) == (True, REVIEW)


def test_an_answer_taken_back_is_asked_again() -> None:
    form = complaint.unmark(complaint.mark(Complaint(), *STEPS), "where")
    assert complaint.next_step(form) == "where"


def test_words_replace_a_pin_and_a_pin_stays_beside_earlier_words() -> None:
    form = complaint.with_place(complaint.with_text(Complaint(), "where", "depan pasar"), PIN)
    assert (form.place, form.where_text) == (PIN, "depan pasar")
    form = complaint.with_text(form, "where", "dekat sekolah")
    assert (form.place, form.where_text) == (None, "dekat sekolah")


def test_the_same_file_is_evidence_once() -> None:
    form = complaint.with_evidence(Complaint(), 1, 2, 1)
    assert complaint.with_evidence(form, 2, 3).evidence == (1, 2, 3)


def test_fields_do_not_grow_without_bound() -> None:
    form = Complaint()
    for number in range(1200):
        form = complaint.with_evidence(complaint.with_more(form, "x" * 1000), number)
    assert len(form.what) == complaint.MAX_TEXT
    assert len(form.evidence) == complaint.MAX_EVIDENCE


@pytest.mark.parametrize(
    ("choice", "when", "ongoing"),
    [
        ("now", "24-11-2026 08.30", False),
        ("ongoing", "24-11-2026 08.30", True),
        ("today", "24-11-2026", False),
        ("yesterday", "24-11-2026", False),
    ],
)
def test_a_moment_is_written_so_that_it_stays_true(choice: str, when: str, *, ongoing: bool) -> None:
    form = complaint.with_moment(Complaint(), choice, LOCAL)
    assert (form.when, form.ongoing) == (when, ongoing)


def test_skipping_takes_away_what_was_there() -> None:
    form = Complaint(where_text="depan pasar", place=PIN, when="kemarin", ongoing=True, who="seseorang")
    for step in ("where", "when", "who"):
        form = complaint.skipped(form, step)
    assert replace(form, answered=()) == Complaint()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("motor saya dicuri tadi malam", "kriminal"),
        ("akun instagram saya diretas orang", "siber"),
        ("ada yang jual sabu di gang kami", "narkoba"),
        ("suami tetangga melakukan kdrt", "ppa"),
        ("setiap malam ada balap liar", "lalin"),
        ("warga mabuk miras sampai pagi", "kamtibmas"),
        ("adik saya hilang sejak kemarin", "orang_hilang"),
        ("banyak calo di kantor", "pelayanan"),
        ("oknum polisi minta uang waktu saya dicuri", "anggota"),
        ("my phone was stolen at the market", "kriminal"),
        ("dompet dan surat saya hilang entah di mana", ""),
        ("motor dicuri dan akun saya diretas", ""),
        ("apa kabar", ""),
    ],
)
def test_a_category_is_taken_only_when_one_is_plainly_named(text: str, category: str) -> None:
    assert begun(text).category == category


@pytest.mark.parametrize(
    ("text", "where", "when"),
    [
        ("HP saya dicuri di Pasar Contoh kemarin sore", "Pasar Contoh", "kemarin sore"),
        ("dompet dicopet di terminal lama, jam 8 pagi tadi", "terminal lama", ""),
        ("motor dicuri di parkiran kampus saat kuliah hari ini pukul 08.00", "parkiran kampus", "hari ini pukul 08.00"),
        ("My bike was stolen at the market last night", "", "last night"),
        ("My bike was stolen on Jalan Merdeka last night", "Jalan Merdeka", "last night"),
        ("ada balap liar di jl. Contoh 5, tiap malam", "jl. Contoh 5", ""),
        ("motor saya hilang di depan mata saya sendiri", "", ""),
        ("saya ditipu di dunia maya", "", ""),
        ("motor hilang 12 November 2026 di jalan Merdeka", "jalan Merdeka", "12 November 2026"),
    ],
)
def test_place_and_time_are_taken_only_when_they_plainly_stand_there(text: str, where: str, when: str) -> None:
    form = begun(text)
    assert (form.where_text, form.when) == (where, when)


@pytest.mark.parametrize(
    "text", ["saya mau lapor pak", "mohon izin mau melapor", "lapor kehilangan", "I want to report"]
)
def test_the_mere_wish_to_report_is_no_story(text: str) -> None:
    assert begun(text).what == ""


@pytest.mark.parametrize("text", ["halo", "berapa harga sim", "jadwal sim keliling hari ini", "terima kasih banyak ya"])
def test_ordinary_words_tell_no_incident(text: str) -> None:
    assert not narrative.tells_incident(fold(text))


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("BATAL", Command.CANCEL),
        ("/start@contoh_bot", Command.START),
        ("/start abc", Command.START),
        ("Menu.", Command.MENU),
        ("cek status pak", Command.STATUS),
        ("apakah STNK bisa batal?", None),
        ("menu makan siang", None),
        ("status SIM saya", None),
        ("/unknown", None),
        ("", None),
    ],
)
def test_a_command_is_a_whole_message(text: str, command: Command | None) -> None:
    assert command_of(text, fold(text)) == command


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("dua", 2),
        ("no 3", 3),
        ("nomor 4.", 4),
        ("yang kelima", 5),
        ("pilih 10", 10),
        ("0", None),
        ("saya", None),
    ],
)
def test_numbers_are_read_as_people_say_them(text: str, number: int | None) -> None:
    assert number_of(fold(text)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("123-456-789-0", "1234567890"),
        ("status aduan 1234567890 pak", "1234567890"),
        ("transfer ke rekening 1234567890", None),
        ("081234567890", None),
    ],
)
def test_a_status_is_asked_for_by_little_more_than_the_number(text: str, number: str | None) -> None:
    assert asks_status_of(text, fold(text)) == number


def test_the_categories_fit_one_list() -> None:
    assert len(CATEGORIES) == choices.MOST


def test_every_page_of_a_long_list_fits_and_every_option_is_on_one() -> None:
    options = tuple(Option(f"x:{number}") for number in range(37))
    shown = [choices.page_of(options, page) for page in range(5)]
    assert all(len(page) <= choices.MOST for page in shown)
    assert {option for page in shown for option in page} >= set(options)
    assert choices.page_of(options, 99) == shown[-1]
