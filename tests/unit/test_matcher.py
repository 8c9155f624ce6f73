from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from chatbot.core.language import language_of
from chatbot.core.message import NO_MATCH, Match
from chatbot.core.questions import SMALL_TALK
from chatbot.matching.corpus import assemble
from chatbot.matching.lexicon import NO_LEXICON
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.faq import matcher_of
from chatbot.services.faq_questions import Question
from tests.benchmarks.labelled import CHECKING, question_set

ROOT = Path(__file__).parents[2]


@cache
def matcher() -> FaqMatcher:
    faq = ROOT / "faq"
    corpus = assemble({str(path.relative_to(faq)): path.read_bytes() for path in faq.rglob("*.md")})
    return matcher_of(corpus)


@cache
def asked() -> list[tuple[Question, Match]]:
    """Every question of the checking sets, which the matcher was not fitted on, with its match."""
    questions = [question for name in CHECKING for question in question_set(name)]
    return [(one, matcher().match_many([one.text], language_of(one.text) or "id")[0]) for one in questions]


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


def is_first(question: Question, match: Match) -> bool:
    return bool(match.candidates) and match.candidates[0].entry_id in question.entries


def test_right_entry_comes_first_for_most_questions() -> None:
    known = [(question, match) for question, match in asked() if question.entries]
    assert len(known) >= 600
    assert share([is_first(question, match) for question, match in known]) >= 0.95


def test_hardly_any_question_is_answered_wrongly() -> None:
    known = [(question, match) for question, match in asked() if question.entries]
    assert share([match.sure and is_first(question, match) for question, match in known]) >= 0.83
    assert share([match.sure and not is_first(question, match) for question, match in known]) <= 0.01


def test_nearly_every_question_is_answered_or_offered_among_three_choices() -> None:
    known = [(question, match) for question, match in asked() if question.entries]
    served = [
        (match.sure and is_first(question, match))
        or (match.likely and not match.sure and any(one.entry_id in question.entries for one in match.candidates))
        for question, match in known
    ]
    assert share(served) >= 0.92


def test_questions_of_no_entry_are_refused() -> None:
    foreign = [(question, match) for question, match in asked() if not question.entries]
    near = [match.sure for question, match in foreign if question.kind == "near-miss"]
    others = [match.sure for question, match in foreign if question.kind != "near-miss"]
    assert min(len(near), len(others)) >= 100
    assert share(near + others) <= 0.05
    assert share(near) <= 0.1
    assert share(others) <= 0.02


@pytest.mark.parametrize(
    "text",
    [
        "cara perpanjang kartu perpustakaan",
        "how to renew my library card",
        "resep rendang padang",
        "biaya perpanjang domain website",
        "asdfgh qwerty",
        "terima kasih banyak ya pak",
        "",
        "?",
    ],
)
def test_foreign_question_is_never_answered(text: str) -> None:
    assert not matcher().match_many([text], "id")[0].sure


def test_small_talk_is_told_from_what_an_entry_answers() -> None:
    talk = [match.refused == SMALL_TALK for question, match in asked() if question.kind in {"chitchat", "insult"}]
    known = [match.refused == SMALL_TALK for question, match in asked() if question.entries]
    assert len(talk) >= 50
    assert share(talk) >= 0.8
    assert share(known) <= 0.01


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("orang asing bikin SIM gimana?", "izin-tinggal-wna"),
        ("bikin SIM pakai paspor bisa?", "paspor"),
        ("SKCK beda domisili KTP gimana?", "ktp-kk"),
        ("KTP for my 17 year old son", "sim-usia"),
    ],
)
def test_question_that_names_another_service_is_not_answered_by_the_entry_beside_it(text: str, instead: str) -> None:
    match = matcher().match_many([text], "id")[0]
    assert not (match.sure and match.candidates[0].entry_id == instead)


@pytest.mark.parametrize(
    ("text", "locale", "entry_id"),
    [
        ("gmn cr prpanjang sim", "id", "sim-perpanjang"),
        ("pripun damel skck", "id", "skck-buat"),
        ("how do i renew my driving license", "en", "sim-perpanjang"),
        ("how do i renew my driving license", "id", "sim-perpanjang"),
        ("SURAT KEHILANGAN BAYAR BERAPA", "id", "surat-kehilangan"),
        (
            (
                "Selamat siang pak, saya baru pindah ke kota ini minggu lalu. Anak saya kuliah. "
                "Bagaimana cara membuat surat keterangan kehilangan? Terima kasih sebelumnya."
            ),
            "id",
            "surat-kehilangan",
        ),
    ],
)
def test_question_in_a_citizens_spelling_is_answered(text: str, locale: str, entry_id: str) -> None:
    match = matcher().match_many([text], locale)[0]
    assert match.sure
    assert match.candidates[0].entry_id == entry_id


@pytest.mark.parametrize("text", ["tilang", "SIM", "skck", "stnk bpkb"])
def test_bare_name_of_a_service_is_offered_what_is_asked_about_it(text: str) -> None:
    match = matcher().match_many([text], "id")[0]
    assert match.likely
    assert len(match.candidates) == 3


def test_new_text_is_known_word_for_word_before_it_is_learnt() -> None:
    old = FaqMatcher([("a", "id", "zebra ungu"), ("b", "id", "gajah biru")], NO_LEXICON)
    told = old.with_texts([("a", "id", "Kuda, hijau!"), ("b", "id", "gajah biru")])

    assert told.match_many(["kuda hijau"], "id")[0].candidates[0].entry_id == "a"
    assert told.match_many(["kuda hijau"], "id")[0].sure
    assert not old.match_many(["kuda hijau"], "id")[0].sure


def test_new_text_is_known_with_other_words_around_it_before_it_is_learnt() -> None:
    old = FaqMatcher([("a", "id", "zebra ungu"), ("b", "id", "gajah biru")], NO_LEXICON)
    told = old.with_texts([("a", "id", "kuda hijau"), ("b", "id", "sapi"), ("c", "id", "gajah biru")])

    found = told.match_many(["min mau tanya kuda hijau dong", "tanya sapi dong", "tanya zebra ungu dong"], "id")
    assert (found[0].candidates[0].entry_id, found[0].sure) == ("a", True)
    assert found[1] == old.match_many(["tanya sapi dong"], "id")[0]  # one word says too little
    assert found[2] == old.match_many(["tanya zebra ungu dong"], "id")[0]  # it was learnt


def test_new_text_is_known_misspelt_before_it_is_learnt() -> None:
    old = FaqMatcher([("a", "id", "zebra ungu"), ("b", "id", "gajah biru")], NO_LEXICON)
    told = old.with_texts([("a", "id", "kamera hijau"), ("b", "id", "gajah biru")])

    for asked in ("kamrea hijau", "kmra hijau dong", "hijau kamera"):
        (match,) = told.match_many([asked], "id")
        assert (match.candidates[0].entry_id, match.sure) == ("a", True)


def test_new_text_is_offered_to_who_says_half_of_it_before_it_is_learnt() -> None:
    old = FaqMatcher([("a", "id", "zebra ungu besar"), ("b", "id", "gajah biru")], NO_LEXICON)
    told = old.with_texts([("a", "id", "zebra ungu besar"), ("b", "id", "gajah biru"), ("c", "id", "kelinci hijau")])

    (match,) = told.match_many(["kelinci putih"], "id")
    assert (match.candidates[0].entry_id, match.sure, match.likely) == ("c", False, True)
    (match,) = told.match_many(["zebra ungu besar kelinci"], "id")
    assert match == old.match_many(["zebra ungu besar kelinci"], "id")[0]


def test_new_text_is_neither_offered_for_little_nor_put_before_what_is_surely_answered() -> None:
    learnt = [("a", "id", "zebra ungu besar lari cepat"), ("b", "id", "gajah biru")]
    old = FaqMatcher(learnt, NO_LEXICON)
    told = old.with_texts([*learnt, ("c", "id", "kamera hijau kecil bagus"), ("d", "id", "zebra ungu besar mati")])

    little = "hijau jerapah kuning tinggi"
    assert told.match_many([little], "id") == old.match_many([little], "id")
    (sure,) = told.match_many(["zebra ungu besar lari cepat sekali"], "id")
    assert (sure.candidates[0].entry_id, sure.sure) == ("a", True)


def test_text_that_two_entries_are_told_to_have_is_neithers_before_it_is_learnt() -> None:
    old = FaqMatcher([("a", "id", "zebra ungu"), ("b", "id", "gajah biru")], NO_LEXICON)
    told = old.with_texts([("a", "id", "kelinci hijau"), ("b", "id", "hijau kelinci")])

    (match,) = told.match_many(["apa kelinci hijau"], "id")
    assert not match.sure


def test_batch_gives_what_single_questions_give() -> None:
    texts = ["perpanjang sim", "zzz", "skck online"]
    assert matcher().match_many(texts, "id") == [matcher().match_many([text], "id")[0] for text in texts]


def test_at_most_three_distinct_entries_are_offered() -> None:
    for _, match in asked():
        ids = [one.entry_id for one in match.candidates]
        assert len(ids) == len(set(ids)) <= 3


def test_empty_corpus_refuses_everything() -> None:
    assert FaqMatcher([], NO_LEXICON).match_many(["perpanjang sim", ""], "id") == [NO_MATCH, NO_MATCH]


def test_single_entry_is_found() -> None:
    only = FaqMatcher([("sim-perpanjang", "id", "bagaimana cara memperpanjang sim")], NO_LEXICON)
    assert only.match_many(["perpanjang sim"], "id")[0].candidates[0].entry_id == "sim-perpanjang"


def test_texts_without_a_word_do_no_harm() -> None:
    found = FaqMatcher([("a", "id", "?"), ("b", "id", "perpanjang sim"), ("c", "id", "!!")], NO_LEXICON)
    assert found.match_many(["memperpanjang sim"], "id")[0].candidates[0].entry_id == "b"


def test_corpus_that_is_too_large_to_learn_is_matched_by_likeness() -> None:
    words = [first + second for first in ("ba", "du", "ki", "lo", "me") for second in ("nta", "rsi", "pok", "gul")]
    threes = [(one, two, three) for one in words for two in words for three in words]
    texts = [("-".join(three), "id", " ".join(three)) for three in threes]
    assert len(texts) ** 2 > 5_000_000
    found = FaqMatcher(texts, NO_LEXICON).match_many(["dupok kigulx banta", "kambing"], "id")
    assert found[0].candidates[0].entry_id == "dupok-kigul-banta"
    assert found[0].sure
    assert not found[1].likely
