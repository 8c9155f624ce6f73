"""The secret receipt of an anonymous report: who holds it is the reporter, wherever he writes from.

Owns how a receipt is made, written, recognised and kept. Refuses to say what it opens.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
_DIGITS = "23456789"
_SIGNS = _DIGITS + _LETTERS  # without those that are taken for one another: 0 O, 1 I L
_LENGTH = 12
_LETTER_AT = 4
# The first sign is a digit and the fifth a letter, so that no word, phone number or account number looks like one.
_BETWEEN = r"[\s.,_/\u2010-\u2015-]{0,3}"  # as fingers and keyboards put it: spaces, dots, dashes of any length
_WRITTEN = re.compile(
    rf"(?<![A-Z0-9])([{_DIGITS}][{_SIGNS}]{{3}}){_BETWEEN}([{_LETTERS}][{_SIGNS}]{{3}}){_BETWEEN}([{_SIGNS}]{{4}})(?![A-Z0-9])",
    re.IGNORECASE,
)
_MASK = "•••"


def new_receipt(randbelow: Callable[[int], int]) -> str:
    """A receipt: eleven random signs, of which one is a digit and one a letter (47 bits), and a check sign.

    Args:
        randbelow: gives a uniformly random integer in [0, n), as ``secrets.randbelow``.
    """
    kinds = [_SIGNS] * (_LENGTH - 1)
    kinds[0], kinds[_LETTER_AT] = _DIGITS, _LETTERS
    signs = "".join(kind[randbelow(len(kind))] for kind in kinds)
    return signs + _check(signs)


def written(receipt: str) -> str:
    """A receipt as people read it: ``2ABC-DEFG-HJKM``."""
    return "-".join(receipt[start : start + 4] for start in range(0, _LENGTH, 4))


def find(text: str) -> str:
    """The first receipt in a text, in capitals or not; empty where there is none with a right check sign."""
    for found in _WRITTEN.finditer(text):
        receipt = "".join(found.groups()).upper()
        if receipt[-1] == _check(receipt[:-1]):
            return receipt
    return ""


def stands_alone(text: str) -> bool:
    """Whether a message says nothing but what looks like a receipt."""
    return _WRITTEN.fullmatch(text.strip()) is not None


def is_meant(text: str) -> bool:
    """Whether a message shows a receipt: a right one anywhere, or nothing but what looks like one."""
    return bool(find(text)) or stands_alone(text)


def struck(text: str) -> str:
    """A text without receipts, right or nearly so: whoever reads one has the report."""
    return _WRITTEN.sub(_MASK, text)


def digest(receipt: str) -> str:
    """What is kept of a receipt: enough to recognise it, not to read it."""
    return hashlib.sha256(f"receipt {receipt}".encode()).hexdigest()


def _check(signs: str) -> str:
    """A sign that changes with every single wrong sign and with neighbours that change places.

    The number of signs is a prime, so that a weighted sum modulo it tells these apart (as in ISO/IEC 7064).
    """
    return _SIGNS[sum(weight * _SIGNS.index(sign) for weight, sign in enumerate(signs, 2)) % len(_SIGNS)]
