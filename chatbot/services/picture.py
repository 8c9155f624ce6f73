"""The perceptual hash of a picture: the same for a smaller or recompressed copy, another one for another picture.

Owns dHash: 64 bits, each of which says whether one of 8 by 8 grey fields is darker than the field to its right.
Refuses what cannot be read, is too large to be unpacked, or shows nothing that could be told apart.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageOps

_FORMATS = ("JPEG", "PNG", "WEBP")
_WIDTH, _HEIGHT = 9, 8
_DRAFT = (_WIDTH * 32, _HEIGHT * 32)  # a JPEG is unpacked no larger than it has to be
_MOST_PIXELS = {"JPEG": 51_000_000}  # the cameras of phones; unpacked by halves, and in parts
_MOST_PIXELS_OTHERS = 25_000_000  # unpacked whole, 100 MB at most
_LEAST_CONTRAST = 10  # of 255 greys; below it noise decides, and all dark pictures would be the same one


def picture_hash(path: Path) -> str:
    """The dHash of a picture, 16 hex digits; empty where it has none.

    Args:
        path: the file; it is read, whatever it is.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            return _hash(image)
    except Exception:  # noqa: BLE001  decoders raise what they like over a file that was made to break them
        return ""


def _hash(image: Image.Image) -> str:
    if image.width * image.height > _MOST_PIXELS.get(image.format or "", _MOST_PIXELS_OTHERS):
        return ""
    image.draft("L", _DRAFT)
    upright = ImageOps.exif_transpose(image)  # platforms turn a photo and drop the note that it is to be turned
    small = upright.convert("L").resize((_WIDTH, _HEIGHT), Image.Resampling.BOX)
    greys = small.tobytes()
    if max(greys) - min(greys) < _LEAST_CONTRAST:
        return ""
    bits = 0
    for start in range(0, len(greys), _WIDTH):
        row = greys[start : start + _WIDTH]
        for left, right in pairwise(row):
            bits = bits << 1 | (left < right)
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """How many of 64 bits two hashes differ in."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
