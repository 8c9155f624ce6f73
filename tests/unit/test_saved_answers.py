"""Saved answers: which files are right, which answer stands over which, and what of "/jawab" means one."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.core.officer import Act, Situation, read
from chatbot.services.saved_answers import FILES, NAMES, BrokenFile, Flaw, SavedAnswers, parse_answers
from chatbot.services.views import saved_answers
from tests.integration.rows import NOW
from tests.unit.dialogue_script import CATALOGUES
from tests.unit.small_office import FAQ, small_office
from tests.unit.test_words import FORBIDDEN, MOST_SENTENCES, MOST_WORDS, sentences

SHIPPED, LOCAL = FILES
THANKS = '[terima-kasih]\nid = "Terima kasih."\nen = "Thank you."\n'


def loaded(folder: Path = FAQ) -> SavedAnswers:
    answers = SavedAnswers(folder)
    assert answers.load({}).faults == ()
    return answers


def written(folder: Path, **files: str) -> Path:
    (folder / "local").mkdir()
    for name, text in files.items():
        (folder / {"shipped": SHIPPED, "local": LOCAL}[name]).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "line", "flaw"),
    [
        (f"{THANKS}[mohon tunggu]\n", 4, Flaw.SYNTAX),
        (f'{THANKS}[mohon-tunggu]\nid = "Mohon menunggu.', 5, Flaw.SYNTAX),
        (f'{THANKS}\n["Mohon Tunggu"]\nid = "Mohon menunggu."\n', 5, Flaw.KEY),
        (f'{THANKS}[mohon-tunggu]\nen = "Please wait."\n', 4, Flaw.SHAPE),
        (f'{THANKS}[mohon-tunggu]\nid = "Mohon menunggu."\njv = "Nyuwun sabar."\n', 4, Flaw.SHAPE),
        (f'{THANKS}[mohon-tunggu]\nid = "  "\n', 4, Flaw.SHAPE),
        (f"{THANKS}[mohon-tunggu]\nid = 7\n", 4, Flaw.SHAPE),
        ('salam = "Halo"\n', 1, Flaw.SHAPE),
        (f'{THANKS}[mohon-tunggu]\nid = "{"a" * 1001}"\n', 4, Flaw.LENGTH),
        (f'{THANKS}[mohon-tunggu]\nid = "Pak {{nama}}, mohon menunggu."\n', 4, Flaw.NAME),
        (f'{THANKS}[mohon-tunggu]\nid = "Aduan {{nomor.__class__}}."\n', 4, Flaw.NAME),
        (f'{THANKS}[mohon-tunggu]\nid = "Aduan {{nomor:>99999}}."\n', 4, Flaw.NAME),
        (f'{THANKS}[mohon-tunggu]\nid = "Aduan {{nomor."\n', 4, Flaw.NAME),
        (f'{THANKS}[mohon-tunggu]\nid = "{"a" * 70_000}"\n', 1, Flaw.SIZE),
    ],
)
def test_broken_file_is_told_with_its_line_and_cause(text: str, line: int, flaw: Flaw) -> None:
    with pytest.raises(BrokenFile) as broken:
        parse_answers(LOCAL, text.encode())

    assert (broken.value.name, broken.value.line, broken.value.reason) == (LOCAL, line, flaw)


def test_text_that_is_no_utf8_is_told_with_its_line() -> None:
    with pytest.raises(BrokenFile) as broken:
        parse_answers(LOCAL, THANKS.encode() + b"# \xe9\n")

    assert (broken.value.line, broken.value.reason) == (4, Flaw.UTF8)


def test_units_own_answer_stands_over_the_shipped_one_and_the_others_stay(tmp_path: Path) -> None:
    folder = written(tmp_path, shipped=f'{THANKS}[salam]\nid = "Halo."\n', local='[terima-kasih]\nid = "Suwun."\n')
    answers = loaded(folder)

    assert answers.keys == ("salam", "terima-kasih")
    assert answers.text("terima-kasih", "en") == "Suwun."  # theirs has no English, and is not mixed with ours
    assert answers.text("salam", "en") == "Halo."
    assert answers.text("halo", "id") is None


def test_last_good_text_of_a_broken_file_goes_on_serving_and_what_is_put_right_is_live(tmp_path: Path) -> None:
    folder = written(tmp_path, shipped=THANKS, local='[salam]\nid = "Halo."\n')
    answers = loaded(folder)
    assert not answers.changed()
    (folder / LOCAL).write_text('[salam]\nid = "Halo {siapa}."\n')
    assert answers.changed()
    looked = answers.load({LOCAL: b'[salam]\nid = "Halo."\n'})

    assert [(fault.name, fault.line, fault.reason) for fault in looked.faults] == [(LOCAL, 1, Flaw.NAME)]
    assert [name for name, _ in looked.good] == [SHIPPED]
    assert answers.text("salam", "id") == "Halo."
    (folder / LOCAL).write_text('[salam]\nid = "Halo juga."\n')
    answers.load({})
    assert answers.text("salam", "id") == "Halo juga."
    (folder / LOCAL).unlink()
    assert answers.changed()
    answers.load({})
    assert answers.keys == ("terima-kasih",)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("/jawab terima-kasih", Act.ANSWER),
        ("/jawab Terima-Kasih", Act.ANSWER),
        ("/jawab #123-456-789-4 terima-kasih", Act.ANSWER),
        ("/jawab terima-kasih dan mohon tunggu", Act.ANSWER),
        ("/jawab baik", Act.ANSWER),
        ("/jawab sama-sama", Act.ANSWER),  # a word of its own
        ("/jawab terima-kasihh.", Act.ANSWER),  # with a full stop it is meant as it stands
        ("/jawab", Act.SAVED),
        ("/jawab #123-456-789-4", Act.SAVED),
        ("/jawab terima-kasihh", Act.SAVED),
        ("/jawab TUNGGU-DULU", Act.SAVED),
        ("/tanya tunggu-dulu", Act.ASK),
        ("/catat tunggu-dulu", Act.NOTE),
        ("tunggu-dulu", Act.ANSWER),  # written without a command, by who holds the ticket
    ],
)
def test_only_a_single_word_that_looks_like_a_key_is_taken_for_one(text: str, act: Act) -> None:
    command = read(text, Situation(in_topic=True, holds=True))

    assert loaded().sorted_out(command, has_file=False).act == act


def test_photo_without_words_is_an_answer() -> None:
    assert loaded().sorted_out(read("/jawab", Situation()), has_file=True).act == Act.ANSWER
    assert loaded().sorted_out(read("/jawab tunggu-dulu", Situation()), has_file=True).act == Act.SAVED


def test_nearest_keys_are_offered_and_all_of_them_where_none_is_near() -> None:
    answers = loaded()

    assert answers.nearest("terimakasih-")[0] == "terima-kasih"
    assert answers.nearest("minta-fto")[0] == "minta-foto"
    assert answers.nearest("zzz-qqq") == answers.keys


def test_list_has_each_key_with_its_first_words() -> None:
    office = small_office(NOW)
    office.saved_answers.load({})
    lines = saved_answers(office, "").splitlines()

    assert [line.partition("</b>")[0] for line in lines[1:]] == [f"<b>{key}" for key in office.saved_answers.keys]
    assert "<b>terima-kasih</b>: Terima kasih atas informasinya." in lines[-1]
    assert "“minta-fto”" in saved_answers(office, "minta-fto")
    assert "minta-foto" in saved_answers(office, "minta-fto")
    assert "datang-ke-spkt" not in saved_answers(office, "minta-fto")


def test_without_any_file_an_answer_without_words_is_explained_as_ever(tmp_path: Path) -> None:
    office = small_office(NOW, folder=tmp_path)
    office.saved_answers.load({})

    assert saved_answers(office, "") == office.words("desk.empty_answer")


@pytest.mark.parametrize("locale", ["id", "en"])
def test_shipped_answers_speak_as_we_do_to_citizens_and_promise_nothing(locale: str) -> None:
    answers = loaded()
    assert answers.keys == (
        "bukan-wewenang",
        "datang-ke-spkt",
        "minta-foto",
        "minta-lokasi",
        "mohon-tunggu",
        "sedang-diperiksa",
        "sudah-diteruskan",
        "terima-kasih",
    )
    for key in answers.keys:
        text = answers.text(key, locale) or ""
        assert text.format_map(dict.fromkeys(NAMES, "x"))
        assert not FORBIDDEN[locale].search(text.casefold()), key
        assert len(sentences(text)) <= MOST_SENTENCES, key
        assert all(len(one.split()) <= MOST_WORDS for one in sentences(text)), key
    assert answers.text("terima-kasih", "en") != answers.text("terima-kasih", "id")


@pytest.mark.parametrize("flaw", Flaw)
def test_every_flaw_has_words(flaw: Flaw) -> None:
    assert all(flaw in CATALOGUES.keys(locale) for locale in ("id", "en"))
