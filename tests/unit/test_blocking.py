"""How an officer's words for a block are read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chatbot.core.blocking import read_block
from chatbot.core.officer import Act, Situation, read


@pytest.mark.parametrize(
    ("text", "days", "reason"),
    [
        ("mengirim makian", 7, "mengirim makian"),
        ("14 mengirim makian", 14, "mengirim makian"),
        ("14 hari, mengirim makian", 14, "mengirim makian"),
        ("3 days: insults", 3, "insults"),
        ("30", 30, ""),
        ("2 minggu memaki terus", 14, "memaki terus"),
        ("1 bulan: memaki", 30, "memaki"),
        ("", 7, ""),
    ],
)
def test_days_come_first_and_the_rest_is_the_reason(text: str, days: int, reason: str) -> None:
    block = read_block(text)
    assert (block.term, block.reason) == (timedelta(days=days), reason)


@pytest.mark.parametrize(("days", "right"), [(0, False), (1, True), (90, True), (91, False)])
def test_a_term_has_limits(days: int, right: bool) -> None:
    assert read_block(f"{days} makian").is_within_limits is right


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("/tidak-aman", Act.UNSAFE),
        ("/TIDAK-AMAN", Act.UNSAFE),
        ("/tidak_aman", Act.UNSAFE),
        ("/aman", Act.SAFE),
        ("/buka-blokir", Act.UNBLOCK),
        ("/blokir 3 makian", Act.BLOCK),
        ("/buka", Act.REOPEN),
        ("/buka-lagi", Act.REOPEN),
        ("#123-456-7890 /buka-blokir", Act.UNBLOCK),
    ],
)
def test_commands_of_two_words_are_no_others(text: str, act: Act) -> None:
    assert read(text, Situation()).act == act
