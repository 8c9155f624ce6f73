"""Owns the files that a visitor of the page sends without having any: pictures, a voice note, a document.

Refuses anything of real places or people: all of it is drawn here, the voice is a hum.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw

from chatbot.sandbox.cast import photo

_STATIC = Path(__file__).parent / "static"
_SIZE = (480, 320)
_PAGE = (595, 842)  # points of an A4 page
_INK = "#222222"


def album() -> list[bytes]:
    """Three JPEG pictures: the road, a street lamp at night, a broken mirror."""
    return [photo(), _lamp(), _mirror()]


def _lamp() -> bytes:
    picture = Image.new("RGB", _SIZE, "#26324a")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 260, 480, 320), fill="#3b3f46")
    draw.rectangle((232, 90, 242, 262), fill="#8b9099")
    draw.polygon(((237, 92), (140, 262), (334, 262)), fill="#6d6a45")
    draw.ellipse((218, 74, 256, 108), fill="#f4d97b")
    return _jpeg(picture)


def _mirror() -> bytes:
    picture = Image.new("RGB", _SIZE, "#c9ccd1")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((130, 90, 350, 230), 40, fill="#54606e")
    draw.rounded_rectangle((150, 108, 330, 212), 28, fill="#a9bfd1")
    for end in ((170, 120), (310, 118), (318, 196), (180, 206)):
        draw.line(((236, 160), end), fill="#f2f6fa", width=4)
    return _jpeg(picture)


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def voice() -> bytes:
    """A voice note of two seconds, Opus in Ogg."""
    return (_STATIC / "voice.ogg").read_bytes()


def document(line: str) -> bytes:
    """A PDF of one page.

    Args:
        line: what stands on it.
    """
    picture = Image.new("RGB", _PAGE, "white")
    draw = ImageDraw.Draw(picture)
    draw.text((60, 70), line, fill=_INK, font_size=22)
    for row in range(10):
        draw.line(((60, 140 + 34 * row), (535 - 40 * (row % 3), 140 + 34 * row)), fill="#9aa0a8", width=8)
    out = io.BytesIO()
    picture.save(out, "PDF")
    return out.getvalue()
