from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from chatbot.core.intent import clean, fold, is_emergency, is_question, language_of, read
from chatbot.core.message import Attachment, Inbound, Kind
from chatbot.matching.corpus import assemble
from tests.benchmarks.fit_emergency import PERILOUS

ROOT = Path(__file__).parents[2]
LISTS = ROOT / "tests" / "testdata" / "emergency"


@cache
def labelled(name: str) -> dict[str, list[str]]:
    rows = [line.split("\t") for line in (LISTS / name).read_text(encoding="utf-8").splitlines()]
    return {label: [row[2] for row in rows if row[0] == label] for label in ("emergency", "lookalike")}


@cache
def faq_questions() -> list[str]:
    faq = ROOT / "faq"
    corpus = assemble({str(path.relative_to(faq)): path.read_bytes() for path in faq.rglob("*.md")})
    asked = (ROOT / "faq" / "soal-uji" / "development.tsv").read_text(encoding="utf-8").splitlines()[1:]
    questions = [text for entry, _, text in corpus.texts() if entry not in PERILOUS]
    for text, ids, *_ in (line.split("\t") for line in asked):
        if ids != "-" and not PERILOUS & set(ids.split("|")):
            questions.append(text)
    return questions


def raised(texts: list[str]) -> float:
    return sum(is_emergency(text) for text in texts) / len(texts)


@pytest.mark.parametrize("name", ["development.tsv", "heldout.tsv"])
def test_emergencies_are_recognised(name: str) -> None:
    emergencies = labelled(name)["emergency"]
    assert len(emergencies) >= 400
    assert raised(emergencies) >= 0.99


@pytest.mark.parametrize("name", ["development.tsv", "heldout.tsv"])
def test_lookalikes_hardly_ever_alarm(name: str) -> None:
    lookalikes = labelled(name)["lookalike"]
    assert len(lookalikes) >= 400
    assert raised(lookalikes) <= 0.05


def test_list_that_neither_the_tables_nor_the_fit_have_seen_is_judged_as_well() -> None:
    unseen = labelled("unseen.tsv")
    assert min(len(unseen["emergency"]), len(unseen["lookalike"])) >= 400
    assert raised(unseen["emergency"]) >= 0.99
    assert raised(unseen["lookalike"]) <= 0.05


def test_danger_is_weighed_alike_in_every_process() -> None:
    # Words that are one slip from two words of danger; a set's order is another one in each process.
    script = "from chatbot.core.emergency import tokens_of; print(tokens_of('perang banjar tusul bakal rampol tikun'))"
    seen = set()
    for seed in ("1", "2", "3", "4"):
        environ = {**os.environ, "PYTHONHASHSEED": seed}
        seen.add(
            subprocess.run(
                [sys.executable, "-c", script], env=environ, cwd=ROOT, capture_output=True, check=True
            ).stdout
        )
    assert len(seen) == 1
    assert b"pedang" in seen.pop()


def test_ordinary_short_answers_and_small_talk_hardly_ever_alarm() -> None:
    ordinary = labelled("ordinary.tsv")["lookalike"]
    assert len(ordinary) >= 300
    assert raised(ordinary) <= 0.04


@pytest.mark.parametrize(
    "text", ["rumah saya", "kamar kos", "masih berlangsung", "saya tidak setuju", "saya beli ikan"]
)
def test_what_answers_our_questions_does_not_alarm(text: str) -> None:
    assert not is_emergency(text)


def test_faq_questions_do_not_alarm() -> None:
    assert raised(faq_questions()) <= 0.01


@pytest.mark.parametrize(
    "text",
    [
        "tolong ada maling di rumah saya",
        "TOLONGGG KEBAKARAN",
        "tlg pak ad org bw pisau",
        "istri saya dipukuli suaminya",
        "tetangga saya dibacok",
        "tulung omahku kobong",
        "aya maling di imah abdi",
        "my husband is beating me",
        "saya mau bunuh diri",
        "adakebakaran di pasar",
        "sos",
        "\U0001f198\U0001f198",
        "tolong pak",
        "saya dirampok",
        "Suami saya memukul saya",
        "Ada tawuran di depan sekolah",
        "Ada preman memalak pedagang",
    ],
)
def test_plain_cry_for_help_is_an_emergency(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "SIM saya mati, gimana perpanjangnya?",
        "nembak SIM bayar berapa",
        "bapak saya kebakaran jenggot",
        "polisi tidur depan rumah terlalu tinggi",
        "tahun lalu rumah saya kemalingan",
        "film pembunuhan yang bagus apa",
        "bukan kebakaran kok",
        "apa benar ada begal di simpang lima?",
        "hp saya mati",
        "tolong info jadwal sim keliling",
        "",
    ],
)
def test_what_only_sounds_like_danger_is_none(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "HP saya dijambret di jalan tadi malam",
        "Motor saya dicuri orang di parkiran pasar, kunci stang dirusak",
        "Dua orang naik motor hitam",
        "penganiayaan",
        "Pencurian dengan kekerasan tadi malam",
        "orang tidak dikenal",
        "jam 10 malam di depan pasar",
        "saya dikeroyok tadi malam di kafe, sudah visum",
        "ibu saya",
        "ada rekaman cctv",
        "my bike was stolen in front of the mall last night",
    ],
)
def test_calm_complaint_or_answer_to_the_form_is_no_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "Berapa biaya SIM?",
        "brp biaya sim",
        "gmn cara bikin skck",
        "mau tanya dong min",
        "syarat skck ap aj",
        "pinten biayanipun sim",
        "kumaha carana nyieun sim",
        "piye carane nggawe skck",
        "how much is a licence",
        "can i renew my licence here",
        "samsat sudah buka belum",
        "sim mati bisa diperpanjang ga",
    ],
)
def test_question_is_recognised(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "motor saya hilang di parkiran pasar",
        "kemarin jam 8 malam",
        "saya tidak tahu siapa pelakunya",
        "my bike was stolen yesterday",
        "ya",
        "di jalan melati nomor 5",
        "",
    ],
)
def test_statement_is_no_question(text: str) -> None:
    assert not is_question(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("saya mau buat skck", "id"),
        ("gmn cara prpanjang sim", "id"),
        ("kulo badhe damel skck", "id"),
        ("abdi hoyong nyieun sim", "id"),
        ("how do i renew my licence", "en"),
        ("my wallet was stolen", "en"),
        ("sim", ""),
        ("12345", ""),
        ("", ""),
    ],
)
def test_language_follows_the_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_text_is_cleaned_for_keeping() -> None:
    assert clean(" a\u0000b\u202ec\ud800 \r\n\r\n\r\n d\te ") == "abc\n\nd e"
    assert clean("e\u0301") == "\u00e9"
    assert len(clean("x" * 10_000)) == 4096


def test_text_is_folded_for_comparing() -> None:
    assert fold("  *BATAL*!! ") == "batal"
    assert fold("Ya,  lanjut.") == "ya, lanjut"
    assert fold("?") == "?"


def test_message_becomes_an_utterance() -> None:
    message = Inbound(
        channel="telegram",
        account="1",
        external_id="2",
        at=datetime(2026, 1, 1, tzinfo=UTC),
        kind=Kind.PHOTO,
        chat="3",
        text="Berapa biaya SIM?\u200b",
        attachment=Attachment(Kind.PHOTO, "ref"),
        album="a",
        language="in-ID",
    )
    utterance = read(7, message)
    assert (utterance.inbound_id, utterance.kind, utterance.text) == (7, Kind.PHOTO, "Berapa biaya SIM?")
    assert utterance.folded == "berapa biaya sim"
    assert (utterance.has_file, utterance.album) == (True, "a")
    assert (utterance.language, utterance.question, utterance.emergency) == ("id", True, False)
    assert utterance.chat_language == "id"
