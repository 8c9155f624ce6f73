from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from chatbot.core import danger_phrases, doubt_phrases, harmless_phrases
from chatbot.core.emergency import tokens_of
from chatbot.core.phrase_pattern import Tables, any_of

LISTS = Path(__file__).parents[1] / "testdata" / "emergency"
PATTERNS = {
    name: pattern
    for module in (danger_phrases, doubt_phrases, harmless_phrases)
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern)
}


def sentences(name: str) -> list[list[str]]:
    rows = (LISTS / name).read_text(encoding="utf-8").splitlines()
    return [tokens_of(row.split("\t")[2]) for row in rows if row.count("\t") >= 2]


@pytest.mark.parametrize("name", sorted(path.name for path in LISTS.glob("*.tsv")))
def test_tables_are_found_in_one_pass_as_one_by_one(name: str) -> None:
    told = sentences(name)
    shuffled = [word for words in told for word in words]
    Random(name).shuffle(shuffled)  # meets what no sentence would: half a phrase, then another one's end
    told += [shuffled[start : start + 60] for start in range(0, len(shuffled), 60)]
    tables = Tables(PATTERNS)
    for words in told:
        text = f" {' '.join(words)} "
        assert tables.found(text) == {name for name, pattern in PATTERNS.items() if pattern.search(text)}, text


def test_what_stands_around_a_phrase_decides_too() -> None:
    tables = Tables({"now": any_of(r"sekarang(?! (?:sudah )?aman)", "segera"), "joke": any_of(r"(?<!bukan )bercanda")})
    assert tables.found(" api sekarang ") == {"now"}
    assert tables.found(" sekarang sudah aman ") == set()
    assert tables.found(" bukan bercanda ") == set()
    assert tables.found(" cuma bercanda segera ") == {"now", "joke"}
    assert tables.found(" ") == set()


def test_longest_text_is_searched_whole() -> None:
    text = " saya" * 800 + " bunuh diri "
    assert "GRAVE" in Tables(PATTERNS).found(text)
