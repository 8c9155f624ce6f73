"""Small pictures of files that are sent as documents, so that officers see what they are.

Owns what is decoded and how large it may be. Refuses to fail: a file without a preview is sent all the same.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from chatbot.core.message import File

_SIDE = 320
_BYTES = 200_000
_PIXELS = 60_000_000  # above this decoding costs more memory than a preview is worth
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


def preview(file: File) -> bytes | None:
    """A small JPEG of a picture, without its metadata; None where there is no picture or it cannot be read."""
    if not file.mime.startswith("image/"):
        return None
    try:
        with Image.open(file.path, formats=_FORMATS) as picture:
            if picture.width * picture.height > _PIXELS:
                return None
            picture.draft("RGB", (_SIDE * 2, _SIDE * 2))
            small = ImageOps.exif_transpose(picture).convert("RGB")
            small.thumbnail((_SIDE, _SIDE))
            out = io.BytesIO()
            small.save(out, "JPEG", quality=75)
    except Exception:  # noqa: BLE001  a stranger's file can fail a decoder in any way, and is sent without a preview
        return None
    data = out.getvalue()
    return data if len(data) <= _BYTES else None
