"""Reading bodies that nobody vouches for: JSON whose every value may have the wrong type.

Owns the defences that every channel's parser needs (depth, huge numbers, lone surrogates, NULs). Refuses to know any
platform's field names.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import AsyncIterable, Mapping
from datetime import UTC, datetime
from typing import Any

from chatbot.channels.base import Unparsable

Json = dict[str, Any]

_MAX_DIGITS = 20
_INT64 = 2**63
_SURROGATE = re.compile("[\ud800-\udfff]")
_EARLIEST = 1_230_768_000  # 2009-01-01, before either platform existed
_LATEST = 4_102_444_800  # 2100-01-01


class BrokenItemError(ValueError):
    """One item lacks what makes it usable. The text is a reason in one word, without anything a person wrote."""


async def at_most(chunks: AsyncIterable[bytes], most: int) -> bytes:
    """Bytes as they come, but no more than ``most`` and the chunk that exceeds them: a body may have no end."""
    read = bytearray()
    async for chunk in chunks:
        read += chunk
        if len(read) > most:
            break
    return bytes(read)


def load_json(body: bytes) -> Any:
    """Parse a body. What JSON allows and a database does not (NaN, thousand-digit numbers) becomes None.

    Raises:
        Unparsable: it is no JSON, no UTF-8, or nested beyond reason.
    """
    try:
        return json.loads(body.decode(), parse_int=_whole, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise Unparsable(type(error).__name__) from None


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MAX_DIGITS else None


def clean(text: str) -> str:
    """Text that can be stored: lone surrogates replaced, NULs gone. A message with a broken emoji is still read."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def text_in(values: Mapping[str, Any], name: str) -> str:
    """A text; anything else there is empty."""
    value = values.get(name)
    return clean(value) if isinstance(value, str) else ""


def object_in(values: Mapping[str, Any], name: str) -> Json:
    """A nested object; anything else there is an empty one."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def list_in(values: Mapping[str, Any], name: str) -> list[Any]:
    """A list; anything else there is an empty one."""
    value = values.get(name)
    return value if isinstance(value, list) else []


def objects_in(values: Mapping[str, Any], name: str) -> list[Json]:
    """The objects of a list; what is none is left out."""
    return [item for item in list_in(values, name) if isinstance(item, dict)]


def whole_in(values: Mapping[str, Any], name: str) -> int | None:
    """A whole number of at most 64 bits, or None."""
    value = values.get(name)
    fits = isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64
    return value if fits else None


def id_in(values: Mapping[str, Any], name: str) -> int:
    """An id that must be there.

    Raises:
        BrokenItemError: it is missing or no 64-bit number.
    """
    value = whole_in(values, name)
    if value is None:
        raise BrokenItemError(f"no_{name}")
    return value


def degrees_in(values: Mapping[str, Any], name: str, most: float) -> float | None:
    """A coordinate between ``-most`` and ``most`` degrees, or None."""
    value = values.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return float(value) if abs(value) <= most else None


def moment(seconds: int | None) -> datetime | None:
    """Unix seconds as an aware time, or None where they name no sensible one."""
    if seconds is None or not _EARLIEST <= seconds <= _LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def header(headers: Mapping[str, str], name: str) -> str | None:
    """A header whatever its case."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), None)
