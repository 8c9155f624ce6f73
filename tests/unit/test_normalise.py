from __future__ import annotations

import pytest

from chatbot.core.spelling import index_by_consonants, restore_vowels, standard_words
from chatbot.matching.normalise import normalise


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("gmn cr prpanjang sim", "bagaimana cara memperpanjang sim"),
        ("tolooooong pliiis", "tolong plis"),
        ("s4y4 mau t4ny4", "saya mau tanya"),
        ("surat2 ap aja", "surat apa saja"),
        ("syaratx brp", "syarat berapa"),
        ("biayanya brp min", "biaya berapa min"),
        ("dijln sudirman", "di jalan sudirman"),
        ("di tipu orang", "ditipu orang"),
        ("pripun caranipun", "bagaimana caranipun"),
        ("kumaha carana", "bagaimana cara"),
        ("sim c1", "sim c1"),
        ("3bln", "3 bulan"),
        ("Mau TANYA!!", "mau tanya"),
    ],
)
def test_citizens_spelling_becomes_standard(written: str, standard: str) -> None:
    assert " ".join(standard_words(written)) == standard


@pytest.mark.parametrize("word", ["td", "bs", "dan", "besuk", "kk", "min"])
def test_words_with_two_meanings_are_left_alone(word: str) -> None:
    assert standard_words(word) == [word]


def test_english_words_are_not_read_as_short_indonesian() -> None:
    assert standard_words("no way to do so", english=True) == ["no", "way", "to", "do", "so"]
    assert standard_words("no hp") == ["nomor", "handphone"]


def test_dropped_vowels_are_restored_from_known_words_only() -> None:
    index = index_by_consonants(["melapor", "lapor", "tilang"])
    assert restore_vowels("lpor", index) == "lapor"
    assert restore_vowels("lapar", index) == "lapar"
    assert restore_vowels("xyz", index) == "xyz"


def test_names_of_one_service_are_one_topic() -> None:
    assert normalise("driving licence renewal", "en").topics == normalise("memperpanjang SIM").topics[::-1]
    assert "skck" in normalise("police clearance certificate", "en").topics


def test_frames_carry_no_topic() -> None:
    assert normalise("selamat pagi pak, mohon izin bertanya, bagaimana caranya ya").topics == ()


def test_age_is_a_topic_and_years_of_delay_are_not() -> None:
    assert "umur" in normalise("anak 17 tahun boleh bikin sim?").topics
    assert "umur" not in normalise("sim mati 2 tahun").topics
