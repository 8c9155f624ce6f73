"""How freed memory goes back to the machine.

Owns one setting of the C library's allocator. Refuses everything else; where there is no such setting, nothing changes.
"""

from __future__ import annotations

import contextlib
import ctypes

_M_MMAP_THRESHOLD = -3  # mallopt(3)
_LARGE = 1_000_000  # bytes


def give_back_at_once() -> None:
    """Let large blocks go back when they are freed.

    glibc keeps blocks of up to 32 MB once it has seen such, and small ones settle in the holes: each FAQ that is
    swapped in would find no place in what the last one left.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
