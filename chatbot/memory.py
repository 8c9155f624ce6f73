"""How memory is looked after.

Owns one setting of the C library's allocator, and what the collector of cycles is spared. Refuses to free anything.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc

_M_MMAP_THRESHOLD = -3  # mallopt(3)
_LARGE = 1_000_000  # bytes


def give_back_at_once() -> None:
    """Let large blocks go back when they are freed; where the C library has no such setting, nothing changes.

    glibc keeps blocks of up to 32 MB once it has seen such, and small ones settle in the holes: each FAQ that is
    swapped in would find no place in what the last one left.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def spare_what_stays() -> None:
    """Keep the collector of cycles from going over all that is there now each time that it looks: it is here to stay.

    The libraries are 200 000 objects; looking through them cost a twelfth of each message.
    """
    gc.collect()
    gc.freeze()
