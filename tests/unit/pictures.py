"""Pictures that tests draw: scenes that differ, and copies of one as platforms and phones make them."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw


def scene(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """A picture of coloured fields, another one for every number."""
    chance = random.Random(seed)
    image = Image.new("RGB", size, (120, 130, 140))
    pen = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        pen.rectangle((x, y, x + chance.randrange(60, 300), y + chance.randrange(60, 300)), colour)
    return image


def jpeg(image: Image.Image, quality: int = 90, **fields: object) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, **fields)
    return file.getvalue()


def copied(image: Image.Image) -> bytes:
    """The same picture, smaller and recompressed, as it comes back from a chat."""
    return jpeg(image.resize((image.width * 3 // 5, image.height * 3 // 5)), 45)
