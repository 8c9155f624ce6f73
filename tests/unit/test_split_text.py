"""Owns the proof that long texts are cut where a reader would cut them, and never in a way that breaks them."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.channels.base import plain, split_text, utf16_length
from chatbot.channels.whatsapp_text import wa_parts, wa_text

WORDS = st.lists(
    st.sampled_from(
        ["aduan", "SIM", " ", "\n", "\n\n", "😀", "&amp;", "&lt;b&gt;", "&#x27;", "<b>x</b>", "<i>ya & </i>"]
    ),
    max_size=60,
).map("".join)


def balanced(part: str) -> bool:
    open_marks: list[str] = []
    for closing, mark in re.findall(r"<(/?)([bi])>", part):
        if not closing:
            open_marks.append(mark)
        elif not open_marks or open_marks.pop() != mark:
            return False
    return not open_marks


def test_short_text_stays_whole() -> None:
    assert split_text("<b>Halo</b> Warga", 100) == ["<b>Halo</b> Warga"]


def test_empty_text_is_one_empty_part() -> None:
    assert split_text("", 10) == [""]


def test_text_of_spaces_is_one_empty_part() -> None:
    assert split_text(" " * 50, 10) == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("satu dua tiga\n\nempat\nlima", ["satu dua tiga", "empat\nlima"]),
        ("satu dua tiga\nempat lima", ["satu dua tiga", "empat lima"]),
        ("satu dua tiga empat lima", ["satu dua tiga empat", "lima"]),
        ("satuduatigaempatlimaenam", ["satuduatigaempatlima", "enam"]),
    ],
)
def test_cut_prefers_paragraph_then_line_then_space(text: str, expected: list[str]) -> None:
    assert split_text(text, 20) == expected


def test_early_paragraph_does_not_make_a_tiny_part() -> None:
    assert split_text("a\n\nsatu dua tiga empat lima", 20) == ["a\n\nsatu dua tiga", "empat lima"]


def test_open_mark_is_closed_and_opened_again() -> None:
    assert split_text("<b>satu <i>dua tiga</i></b> empat", 9) == [
        "<b>satu <i>dua</i></b>",
        "<b><i>tiga</i></b>",
        "empat",
    ]


@pytest.mark.parametrize("entity", ["&amp;", "&#38;", "&#x26;"])
def test_entity_counts_as_one_and_is_never_cut(entity: str) -> None:
    assert split_text(entity * 5, 2) == [entity * 2, entity * 2, entity]


def test_emoji_counts_two_units() -> None:
    assert split_text("😀" * 5, 4) == ["😀😀", "😀😀", "😀"]


def test_character_wider_than_the_limit_still_goes_out() -> None:
    assert split_text("😀a", 1) == ["😀", "a"]


def test_long_text_is_cut_in_linear_time() -> None:
    text = "kata " * 200_000

    parts = split_text(text, 4096)

    assert "".join(parts).count("kata") == 200_000


@given(text=WORDS, limit=st.integers(2, 40))
def test_every_part_fits_and_is_balanced(text: str, limit: int) -> None:
    for part in split_text(text, limit):
        assert utf16_length(plain(part)) <= limit
        assert balanced(part)


@given(text=WORDS, limit=st.integers(2, 40))
def test_no_word_is_lost(text: str, limit: int) -> None:
    together = "".join(plain(part) for part in split_text(text, limit))

    assert re.sub(r"\s", "", together) == re.sub(r"\s", "", plain(text))


@given(text=WORDS, limit=st.integers(8, 40))
def test_whatsapp_parts_fit_with_their_marks(text: str, limit: int) -> None:
    assert all(utf16_length(part) <= limit for part in wa_parts(text, limit))


@pytest.mark.parametrize(
    ("rich", "shown"),
    [
        ("<b>Tiket</b> <i>baru</i>", "*Tiket* _baru_"),
        ("<b>satu\ndua</b>", "*satu*\n*dua*"),
        ("<b> satu </b>dua", " *satu* dua"),
        ("<b><i>x</i></b>", "*_x_*"),
        ("A &amp; B &lt;c&gt;", "A & B <c>"),
        ("<b></b>x", "x"),
        ("2*3 dan *tebal*", "2*3 dan \N{ASTERISK OPERATOR}tebal*"),
        ("_miring_", "\N{FULLWIDTH LOW LINE}miring_"),
        ("https://contoh.id/_a_b", "https://contoh.id/_a_b"),
        ("nama_warga@contoh.id", "nama_warga@contoh.id"),
    ],
)
def test_rich_text_reads_right_on_whatsapp(rich: str, shown: str) -> None:
    assert wa_text(rich) == shown


@given(st.text(alphabet="ab *_~`\n", max_size=40))
def test_a_persons_signs_never_open_a_mark(words: str) -> None:
    shown = wa_text(html.escape(words))

    assert not re.search(r"(?<![^\W_])[*_~`](?=\S)", shown)
