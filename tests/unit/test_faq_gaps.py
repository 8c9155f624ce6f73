"""Which questions are put together, and which entries citizens were least content with."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from chatbot.core.faq_command import FaqAct, FaqCommand, read
from chatbot.matching.normalise import normalise
from chatbot.services.faq_gaps import Asked, Standing, grouped, standings
from chatbot.services.matcher_apart import lexicon

COMMON = frozenset({"biaya", "lapor"})
LOANS = ("cara lapor pinjol ilegal", "pinjol ilegal lapornya kemana min?", "diteror pinjol ilegal lapor ke mana ya")
DRONES = ("apakah menerbangkan drone perlu izin?", "izin terbang drone gimana", "do I need a permit to fly a drone")


def asked(text: str, count: int = 1, **offered: int) -> Asked:
    locale = "en" if text.startswith("do I") else "id"
    topics = normalise(text, locale, lexicon()).topics
    return Asked(text, locale, {topic: 1.0 if topic in COMMON else 2.5 for topic in topics}, count, Counter(offered))


def test_the_same_thing_in_other_words_is_one_group_and_the_largest_comes_first() -> None:
    groups = grouped([asked(text) for text in (*DRONES[:2], *LOANS, "harga bakso berapa")])
    assert [{one.text for one in group.questions} for group in groups] == [
        set(LOANS),
        set(DRONES[:2]),
        {"harga bakso berapa"},
    ]
    assert [group.count for group in groups] == [3, 2, 1]


def test_what_everybody_asks_of_puts_nothing_together() -> None:
    assert len(grouped([asked("harga bakso"), asked("harga kulkas"), asked("harga lemari berapa?")])) == 3


def test_the_order_in_which_questions_come_does_not_matter() -> None:
    questions = [asked(text, number) for number, text in enumerate((*LOANS, *DRONES), 1)]
    expected = grouped(questions)
    for seed in range(5):
        shuffled = random.Random(seed).sample(questions, len(questions))
        assert grouped(shuffled) == expected


def test_the_example_is_what_most_of_the_others_are_like() -> None:
    questions = [
        asked("pinjol ilegal"),
        asked("lapor pinjol ilegal", 5),
        asked("lapor pinjol ilegal mengancam keluarga"),
    ]
    (group,) = grouped(questions)
    assert group.questions[0].text == "lapor pinjol ilegal"
    assert group.count == 7


def test_a_group_names_the_entries_that_were_offered_most() -> None:
    questions = [asked(LOANS[0], 2, cek=2, lapor=1), asked(LOANS[1], 1, lapor=1, spkt=1), asked(LOANS[2], 1, a=1)]
    (group,) = grouped(questions)
    assert group.offered == ("cek", "lapor", "a")


def test_entries_stand_by_their_marks_and_by_what_was_chosen_instead_of_them() -> None:
    facts = [
        ("faq_helpful", "sim-biaya", 90),
        ("faq_unhelpful", "sim-biaya", 10),
        ("faq_unhelpful", "sim-mati", 5),
        ("faq_helpful", "sim-baru", 9),
        ("faq_unhelpful", "", 3),
        ("faq_chosen", "sim-hilang skck-buat sim-hilang", 4),
        ("faq_chosen", "skck-buat skck-buat sim-hilang", 4),
        ("faq_chosen", "skck-buat", 50),
    ]
    assert standings(facts) == [
        Standing("sim-mati", unhelpful=5, judged=5),
        Standing("skck-buat", passed=4, offers=8),
        Standing("sim-biaya", unhelpful=10, judged=100),
    ]


@pytest.mark.parametrize("facts", [[], [("faq_helpful", "sim-biaya", 3)], [("faq_chosen", "a a b", 3)]])
def test_who_is_content_names_no_entry(facts: list[tuple[str, str, int]]) -> None:
    assert standings(facts) == []


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("celah", FaqCommand(FaqAct.GAPS)),
        ("Celah 3", FaqCommand(FaqAct.GAPS, value="3")),
        ("gaps #12 ", FaqCommand(FaqAct.GAPS, value="12")),
        ("", FaqCommand(FaqAct.HELP)),
        ("muat", FaqCommand(FaqAct.LOAD)),
        ("ubah sim-perpanjang", FaqCommand(FaqAct.SHOW, "sim-perpanjang")),
        ("ubah sim-perpanjang.en.md", FaqCommand(FaqAct.SHOW, "sim-perpanjang", "en")),
        (
            "ubah SIM-biaya jawaban\nBaris 1.\n\nBaris 2.",
            FaqCommand(FaqAct.ANSWER, "sim-biaya", "id", "Baris 1.\n\nBaris 2."),
        ),
        ("ubah sim-biaya variasi ongkos sim", FaqCommand(FaqAct.VARIANTS, "sim-biaya", "id", "ongkos sim")),
        ("ubah sim-biaya jawaban", FaqCommand(FaqAct.HELP)),
        ("ubah ../../x jawaban y", FaqCommand(FaqAct.HELP)),
        ("kembali #4", FaqCommand(FaqAct.UNDO, value="4")),
    ],
)
def test_what_an_admin_asks_of_the_faq(text: str, command: FaqCommand) -> None:
    assert read(text) == command
