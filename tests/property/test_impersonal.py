"""Whatever is asked: no long number is kept, what is kept fits one line, and a draft made of it is an entry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.core.impersonal import MOST, impersonal
from chatbot.core.intent import clean
from chatbot.matching.entry_file import Entry, parse, render

PIECES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "nama saya ",
            "a.n. ",
            "Budi ",
            " 08",
            "12",
            "-",
            " ",
            "…",
            "\n",
            "٣٤",
            "\N{FULLWIDTH DIGIT FIVE}" * 2,
            "②",
            "@",
            "http://",
        ]
    ),
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.booleans())
def test_no_run_of_four_digits_survives(text: str, known: bool) -> None:
    kept = impersonal(text, lambda _: known)
    assert not re.search(r"\d{4}", kept)
    assert not re.search(r"\d[ .-]?\d[ .-]?\d[ .-]?\d", kept)
    assert "@" not in re.sub(r"@(?!\S)", "", kept)
    assert len(kept) <= MOST
    assert kept == " ".join(kept.split())


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_entry_made_of_kept_questions_can_be_read(one: str, other: str) -> None:
    question, variant = (impersonal(clean(text), lambda _: True) or "x" for text in (one, other))
    draft = Entry("a", "id", "draft", "", None, None, "", question, (variant,), "Rancangan.")
    assert parse("a.md", render(draft)) == draft
    whole = replace(
        draft, status="approved", source="UU", effective=date(2026, 1, 1), review_due=date(2027, 1, 1), answer="Jawab."
    )
    assert parse("a.md", render(whole)) == whole
