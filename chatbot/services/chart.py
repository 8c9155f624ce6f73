"""A bar chart as a picture, to be read on a phone: two bars for each hour or day, with a scale and a legend.

Owns sizes, colours and the scale. Refuses to know what is counted; no font lies beside the program, since the drawing
library has one built in.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 800, 400
COLOURS = ((0, 90, 181), (240, 140, 0))  # told apart by those who see no red or green, and in grey
_PAPER, _INK, _RULE = (255, 255, 255), (40, 40, 40), (215, 215, 215)
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 84, 52  # margins around the bars
_TITLE, _SMALL = 26, 22
_MARK = 20  # side of a square of the legend
_MOST_RULES = 4  # lines of the scale above the ground
_STEPS = (1, 2, 5)
_WIDEST_BAR = 36


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows.

    Attributes:
        title: in one line.
        names: of the first and the second bar.
        labels: under each pair of bars; those that would touch their neighbour are left out.
        counts: of each pair.
    """

    title: str
    names: tuple[str, str]
    labels: tuple[str, ...]
    counts: tuple[tuple[int, int], ...]


def scale(most: int) -> range:
    """Where the lines of the scale are, from 0 to the first that no count passes: round numbers, few of them."""
    power = 1
    while True:
        for step in (one * power for one in _STEPS):
            if step * _MOST_RULES >= most:
                top = max(-(-most // step), 1)
                return range(0, (top + 1) * step, step)
        power *= 10


def drawn(chart: Chart) -> bytes:
    """The chart as PNG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((_LEFT, 10), chart.title, _INK, _font(_TITLE))
    _legend(draw, chart.names)
    rules = scale(max((count for pair in chart.counts for count in pair), default=0))
    ground, high = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    for value in rules:
        y = ground - round(high * value / rules[-1])
        draw.line(((_LEFT, y), (WIDTH - _RIGHT, y)), _RULE, 1)
        draw.text((_LEFT - 10, y), str(value), _INK, _font(_SMALL), anchor="rm")
    room = (WIDTH - _LEFT - _RIGHT) / max(len(chart.counts), 1)
    bar = min(int(room * 0.4), _WIDEST_BAR)
    for position, pair in enumerate(chart.counts):
        middle = round(_LEFT + room * (position + 0.5))
        for side, count in enumerate(pair):
            if count:
                left = middle - bar + side * bar
                y = ground - round(high * count / rules[-1])
                draw.rectangle(((left, y), (left + bar - 1, ground - 1)), COLOURS[side])
    draw.line(((_LEFT, ground), (WIDTH - _RIGHT, ground)), _INK, 2)
    _labels(draw, chart.labels, room)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _legend(draw: ImageDraw.ImageDraw, names: Sequence[str]) -> None:
    left = _LEFT
    for name, colour in zip(names, COLOURS, strict=True):
        draw.rectangle(((left, 48), (left + _MARK, 48 + _MARK)), colour)
        draw.text((left + _MARK + 8, 48 + _MARK // 2), name, _INK, _font(_SMALL), anchor="lm")
        left += _MARK + 8 + int(draw.textlength(name, _font(_SMALL))) + 28


def _labels(draw: ImageDraw.ImageDraw, labels: Sequence[str], room: float) -> None:
    font = _font(_SMALL)
    widest = max((draw.textlength(label, font) for label in labels), default=0)
    every = max(int(-(-(widest + 12) // room)), 1)
    for position in range(0, len(labels), every):
        where = (round(_LEFT + room * (position + 0.5)), HEIGHT - _BOTTOM + 10)
        draw.text(where, labels[position], _INK, font, anchor="mt")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
