"""The chart as a picture: what is counted can be read off its pixels, and its words can be drawn."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont

from chatbot.services.chart import COLOURS, Chart, drawn, scale
from tests.unit.dialogue_script import CATALOGUES

GROUND = 347  # the lowest line of a bar


def chart(*counts: tuple[int, int]) -> Chart:
    return Chart("Rekap", ("Masuk", "Selesai"), tuple(str(n) for n in range(len(counts))), counts)


def heights(picture: bytes, colour: tuple[int, int, int]) -> list[int]:
    """The heights of the bars of a colour, from left to right."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    columns = [x for x in range(image.width) if image.getpixel((x, GROUND)) == colour]
    first = [x for x in columns if x - 1 not in columns]
    return [next(n for n in range(400) if image.getpixel((x, GROUND - n)) != colour) for x in first]


def test_picture_is_of_a_size_that_a_phone_shows_whole() -> None:
    image = Image.open(io.BytesIO(drawn(chart((1, 0)))))

    assert (image.format, image.size) == ("PNG", (800, 400))


def test_bars_are_as_high_as_what_they_count() -> None:
    picture = drawn(chart((4, 0), (2, 1), (0, 4), (1, 2)))
    came, done = heights(picture, COLOURS[0]), heights(picture, COLOURS[1])

    assert [round(high / came[0] * 4) for high in came] == [4, 2, 1]
    assert [round(high / came[0] * 4) for high in done] == [1, 4, 2]


def test_day_without_anything_has_no_bars() -> None:
    picture = drawn(chart(*[(0, 0)] * 24))

    assert heights(picture, COLOURS[0]) == heights(picture, COLOURS[1]) == []


def test_one_hour_of_many_is_seen_among_others() -> None:
    assert len(heights(drawn(chart(*[(n, n) for n in range(1, 25)])), COLOURS[1])) == 24


@given(st.integers(0, 10**6))
def test_scale_is_short_round_and_reaches_the_highest_bar(most: int) -> None:
    rules = scale(most)

    assert rules[0] == 0
    assert most <= rules[-1]
    assert rules[-1] - rules.step < max(most, 1)
    assert 2 <= len(rules) <= 5
    assert str(rules.step).rstrip("0") in {"1", "2", "5"}


@pytest.mark.parametrize("locale", ["id", "en"])
def test_every_letter_of_a_chart_can_be_drawn(locale: str) -> None:
    keys = ("desk.chart_head", "desk.chart_in", "desk.chart_done", "desk.recap_days")
    font = ImageFont.load_default(22)
    missing = bytes(font.getmask("\U0010ffff"))
    letters = {letter for key in keys for letter in CATALOGUES._template(key, locale)}

    assert {letter for letter in letters if bytes(font.getmask(letter)) == missing} == set()
