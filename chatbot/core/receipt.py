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
_WRITTEN = re.compile(
    rf"(?<![A-Z0-9])([{_DIGITS}][{_SIGNS}]{{3}})[\s-]?([{_LETTERS}][{_SIGNS}]{{3}})[\s-]?([{_SIGNS}]{{4}})(?![A-Z0-9])"
)


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
    for found in _WRITTEN.finditer(text.upper()):
        receipt = "".join(found.groups())
        if receipt[-1] == _check(receipt[:-1]):
            return receipt
    return ""


def digest(receipt: str) -> str:
    """What is kept of a receipt: enough to recognise it, not to read it."""
    return hashlib.sha256(f"receipt {receipt}".encode()).hexdigest()


def _check(signs: str) -> str:
    """A sign that changes with every single wrong sign and with neighbours that change places.

    The number of signs is a prime, so that a weighted sum modulo it tells these apart (as in ISO/IEC 7064).
    """
    return _SIGNS[sum(weight * _SIGNS.index(sign) for weight, sign in enumerate(signs, 2)) % len(_SIGNS)]
