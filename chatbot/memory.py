"""How memory is looked after.

Owns one setting of the C library's allocator, and what the collector of cycles is spared. Refuses to free anything.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc

_M_MMAP_THRESHOLD = -3  # mallopt(3)
_LARGE = 1_000_000  # bytes
_NEW = 50_000  # objects that hold others, more than at the last look; a batch makes ten thousand


def give_back_at_once() -> None:
    """Let large blocks go back when they are freed; where the C library has no such setting, nothing changes.

    glibc keeps blocks of up to 32 MB once it has seen such, and small ones settle in the holes: each FAQ that is
    swapped in would find no place in what the last one left.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def spare_what_stays() -> None:
    """Keep the collector of cycles from what is no garbage: all that is there now, and batches that are in hand.

    The libraries are 200 000 objects; looking through them cost a twelfth of each message. A batch makes new ones by
    the thousand and lets go of them as it ends, and every 700 were looked through in the midst of it: another tenth.
    Of all that, a few objects a hundred messages are cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW, 2, 2)  # at all of it each ninth time: a matcher that was swapped has cycles
