"""The words as the person reads them: short bubbles, plain language, no promises, 110 first where there is danger.

A sentence ends with a full stop, a question or an exclamation mark before white space or the end, or with a line that
ends without one; a line of a list or a summary, which only names a value, is none.
"""

from __future__ import annotations

import re
import textwrap

import pytest

from tests.unit.dialogue_script import CATALOGUES

LOCALES = ("id", "en")
PHONE, SCREEN = 38, 20  # characters in a line of a phone, lines of a message on its screen
MOST_SENTENCES = 3
MOST_WORDS = 32  # in one sentence; what stands in brackets can be skipped in reading and does not count
FORBIDDEN = {
    "id": re.compile(
        r"pasti|dijamin|menjamin|secepatnya|sesegera|akan segera|segera ditangani|silahkan|di ?karenakan|merubah|ijin|"
        r"kamu|kalian|pelaku|dimana|disini|resiko|mengkonfirmasi|terkait hal tersebut|dimohon untuk|"
        r"file|link|upload|download|screenshot|online|chat|update|email|platform|user|tiket|ticket"
    ),
    "en": re.compile(
        r"guarantee\w*|definitely|certainly|surely|promise\w*|as soon as possible|shortly|right away|"
        r"perpetrators?|culprits?|kindly|hereby|tickets?|aduan|petugas|laporan(?! polisi)"
    ),
}
NEW_NUMBERS = (
    "held_forwarded",
    "question_opened",
    "ticket_kept",
    "ticket_opened",
    "ticket_opened_propam",
    "ticket_sealed",
)
EMERGENCIES = ("citizen.ongoing", *sorted(key for key in CATALOGUES.keys("id") if key.startswith("citizen.emergency")))

TAG = re.compile(r"</?[a-z]+>")
NAMED_VALUE = re.compile(r"(?:<b>[^<]*:</b>|•).*\{\w+\}.*")
SENTENCE = re.compile(r"[^\s.?!].*?(?:[.?!][)”]?(?=\s|$)|$)")
BRACKETS = re.compile(r"\([^()]*\)")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2139\ufe0f]")
RUPIAH = re.compile(r"\bRp(?!\d{1,3}(?:\.\d{3})*(?![\d.,]*\d))|\bIDR\b|\d\s*rupiah\b")
CLOCK = re.compile(r"\b(?:pukul|jam|at) \d|\d{1,2}[.:]\d{2}\b(?! (?:WIB|WITA|WIT)\b)")


def words(locale: str, *groups: str) -> dict[str, str]:
    """The texts of a language whose keys begin so, by key."""
    return {key: CATALOGUES._template(key, locale) for key in CATALOGUES.keys(locale) if key.startswith(groups)}


def sentences(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if not NAMED_VALUE.fullmatch(line)]
    return [found for line in lines for found in SENTENCE.findall(TAG.sub("", line))]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Satu. Dua? <b>Tiga.</b>", 3),
        ("<b>Nomor ini bukan Laporan Polisi.</b> Datang ke SPKT (24 jam, gratis).", 2),
        ("Laporkan ke dumaspresisi.polri.go.id. Biayanya Rp100.000.", 2),
        ("Satu tanpa titik\n\nDua tanpa titik", 2),
        ("Mohon periksa.\n\n<b>Waktu:</b> {when}\n<b>Tempat:</b> {where}\n\nSudah benar?", 2),
        ("\n• <b>{number}</b> ({category}): {status}, diperbarui {updated}{rest}", 0),
        ("{text}", 1),
    ],
)
def test_sentences_are_counted_as_they_are_read(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize("locale", LOCALES)
def test_a_bubble_has_at_most_three_sentences(locale: str) -> None:
    texts = words(locale, "citizen.")
    assert len(texts) > 70
    assert {key: len(sentences(text)) for key, text in texts.items() if len(sentences(text)) > MOST_SENTENCES} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_sentences_are_short(locale: str) -> None:
    said = [(key, one) for key, text in words(locale, "citizen.").items() for one in sentences(text)]
    assert [(key, one) for key, one in said if len(BRACKETS.sub("", one).split()) > MOST_WORDS] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_promised_and_no_word_is_misspelt_or_foreign(locale: str) -> None:
    texts = words(locale, "citizen.", "choice.", "status.", "category.", "field.", "rate.", "faq.footer", "command.")
    forbidden = re.compile(rf"\b(?:{FORBIDDEN[locale].pattern})\b")
    found = {key: forbidden.findall(TAG.sub("", text).casefold()) for key, text in texts.items()}
    assert {key: some for key, some in found.items() if some} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_officers_read_no_promise_and_one_word_for_one_thing(locale: str) -> None:
    forbidden = re.compile(r"\b(?:pasti|dijamin|silahkan|merubah|ijin|pelaku|(?<!/)tiket|guarantee\w*|definitely)\b")
    texts = words(locale, "desk.", "doctor.")
    assert {key for key, text in texts.items() if forbidden.search(text.casefold())} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_officers_help_fits_one_screen_of_a_phone(locale: str) -> None:
    lines = TAG.sub("", CATALOGUES._template("desk.help", locale)).split("\n")
    assert sum(len(textwrap.wrap(line, PHONE)) for line in lines) <= SCREEN


@pytest.mark.parametrize("locale", LOCALES)
def test_texts_are_set_cleanly(locale: str) -> None:
    texts = words(locale, "citizen.", "desk.", "choice.", "status.", "category.", "field.", "rate.", "doctor.", "faq.f")
    for key, text in texts.items():
        assert "  " not in text, key
        assert "..." not in text, key
        assert text == text.rstrip(), key
        assert not re.search(r"\s[.,;:?!]|\d %", text), key


@pytest.mark.parametrize("locale", LOCALES)
def test_money_and_times_are_written_as_they_are_spoken_of_here(locale: str) -> None:
    for key, text in words(locale, "citizen.", "desk.").items():
        assert not RUPIAH.search(text), key
        assert not CLOCK.search(text), key  # a moment comes as a value, and that has its zone


@pytest.mark.parametrize(
    ("text", "right"),
    [("Rp100.000", True), ("Rp50", True), ("Rp 100.000", False), ("Rp100000", False), ("100 rupiah", False)],
)
def test_money_is_recognised(text: str, right: bool) -> None:
    assert (RUPIAH.search(f"Biayanya {text}.") is None) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [("08.00 WIB", True), ("pukul {time}", True), ("pukul 8", False), ("08.00", False), ("24 jam", True)],
)
def test_a_time_without_a_zone_is_recognised(text: str, right: bool) -> None:
    assert (CLOCK.search(f"Datang {text}, silakan.") is None) is right


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", EMERGENCIES)
def test_in_danger_110_comes_first_in_bold_and_nothing_is_cheerful(key: str, locale: str) -> None:
    text = CATALOGUES._template(key, locale)
    assert re.match(r"<b>[^<]*\b110\b[^<]*</b>", text)
    assert not EMOJI.search(text)


def test_every_emergency_text_is_looked_at() -> None:
    assert len(EMERGENCIES) == 10


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", NEW_NUMBERS)
def test_whoever_gets_a_number_reads_in_bold_that_it_is_no_police_report(name: str, locale: str) -> None:
    bold = re.findall(r"<b>([^<]*)</b>", CATALOGUES._template(f"citizen.{name}", locale))
    says = "bukan Laporan Polisi" if locale == "id" else "not a police report (Laporan Polisi)"
    assert any(says in part for part in bold)
