from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.core.emergency import danger
from chatbot.core.intent import clean, fold, is_emergency, is_question, language_of
from chatbot.matching.corpus import assemble
from chatbot.matching.entry_file import CorpusError, parse
from chatbot.matching.matcher import FaqMatcher
from chatbot.matching.rich import to_rich
from chatbot.services.matcher_apart import lexicon

TEXTS = [
    ("sim-perpanjang", "id", "Bagaimana cara memperpanjang SIM?"),
    ("sim-perpanjang", "en", "How do I renew my licence?"),
    ("skck-buat", "id", "syarat membuat skck"),
    ("surat-kehilangan", "id", "surat keterangan kehilangan"),
]
WORDS = st.sampled_from(
    [
        "tolong",
        "sim",
        "110",
        "b4ng",
        "mati",
        "maling",
        "gmn?",
        "\U0001f525",
        "surat2",
        "di",
        "ke",
        "nya",
        "xx",
        "ny",
        "\n",
        ".",
    ]
)
WRITTEN = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS).map("".join))


def faults(data: bytes) -> list[CorpusError]:
    try:
        parse("a.md", data)
    except CorpusError as error:
        return [error]
    return []


@cache
def matcher() -> FaqMatcher:
    return FaqMatcher(TEXTS, lexicon())


@given(WRITTEN, st.sampled_from(["id", "en", "jv", ""]))
@settings(max_examples=200, deadline=None)
def test_any_text_is_matched_alike_twice_and_confidences_are_ordered(text: str, locale: str) -> None:
    first, second = matcher().match_many([text, text], locale)
    assert first == second == FaqMatcher(reversed(TEXTS), lexicon()).match_many([text], locale)[0]
    confidences = [candidate.confidence for candidate in first.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert first.likely or not first.sure


@given(WRITTEN)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_error_and_alike_twice(text: str) -> None:
    assert danger(text) == danger(text)
    assert isinstance(is_emergency(text), bool)
    assert isinstance(is_question(text), bool)
    assert language_of(text) in {"", "id", "en"}
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert fold(cleaned) == fold(fold(cleaned))


@given(
    st.one_of(
        st.binary(max_size=300),
        WRITTEN.map(lambda text: f"---\nstatus: {text}\n---\n# {text}\n\n{text}".encode(errors="ignore")),
    )
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_an_entry_or_a_fault_with_a_line(data: bytes) -> None:
    lines = [error.line for error in faults(data)]
    assert all(1 <= line <= data.count(b"\n") + 1 for line in lines)
    assert len(assemble({"a.md": data}).faults) <= 1


@given(st.text(alphabet="ab *_<>&[]()#-1. \n", max_size=80))
@settings(max_examples=300, deadline=None)
def test_rich_text_has_balanced_tags_and_no_others(markdown: str) -> None:
    rich = to_rich(markdown)
    for tag in ("b", "i"):
        assert rich.count(f"<{tag}>") == rich.count(f"</{tag}>")
        rich = rich.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in rich
    assert ">" not in rich
