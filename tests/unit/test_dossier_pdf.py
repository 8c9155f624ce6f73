from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.core.ticket import TicketEvent
from chatbot.services.dossier_pdf import latin
from chatbot.store.audit import Break
from chatbot.store.tables import CORRECTED, RECALLED
from tests.unit.dialogue_script import CATALOGUES

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(r'audit\.(?:add|happened)\((?:\s*\w+,)?\s*"(\w+)"(?: if \w+ else "(\w+)")?')


def test_every_act_that_the_code_writes_has_words() -> None:
    found = {
        name for path in (ROOT / "chatbot").rglob("*.py") for pair in WRITTEN.findall(path.read_text()) for name in pair
    }
    acts = {*found - {""}, *TicketEvent, CORRECTED, RECALLED}

    assert {"edited", "revoked", "pressed", "moved", "exported", "continued"} <= acts
    assert {f"dossier.act_{act}" for act in acts} - CATALOGUES.keys("id") == set()


def test_every_break_has_words() -> None:
    assert {f"dossier.break_{reason}" for reason in Break} - CATALOGUES.keys("id") == set()


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Jalan Contoh 1, RT 02\nbaris dua", "Jalan Contoh 1, RT 02\nbaris dua"),
        (
            "“depan” \N{EN DASH} \N{LEFT SINGLE QUOTATION MARK}belakang\N{RIGHT SINGLE QUOTATION MARK} …",
            "\"depan\" - 'belakang' ...",
        ),
        ("café, cafe\N{COMBINING ACUTE ACCENT}", "café, café"),
        ("🎥🎥 kamera ភាសា", "[?] kamera [?]"),
        ("@\N{WORD JOINER}warga", "@warga"),
        ("a\x00b\x07c", "a[?]b[?]c"),
    ],
)
def test_what_paper_lacks_is_seen_to_be_missing(text: str, printed: str) -> None:
    assert latin(text) == printed


@given(st.text())
def test_any_text_can_be_printed_and_latin_letters_stay(text: str) -> None:
    printed = latin(text)
    printed.encode("latin-1")

    assert latin(printed) == printed
