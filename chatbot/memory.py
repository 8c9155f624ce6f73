"""How memory is looked after.

Owns one setting of the C library's allocator, and what the collector of cycles looks through and how often. Refuses to
free anything.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc

_M_MMAP_THRESHOLD = -3  # mallopt(3)
_LARGE = 1_000_000  # bytes
_OBJECTS = (50_000, 2, 2)  # gc.set_threshold: new ones before the youngest are looked through, then the older


def give_back_at_once() -> None:
    """Let large blocks go back when they are freed; where the C library has no such setting, nothing changes.

    glibc keeps blocks of up to 32 MB once it has seen such, and small ones settle in the holes: each FAQ that is
    swapped in would find no place in what the last one left.
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def look_seldom() -> None:
    """Let the collector of cycles look seldom, and not at all through what is there now: it is here to stay.

    The libraries are 200 000 objects; looking through them cost a twelfth of each message. By Python's own thresholds
    the program stands still for a tenth of a second now and then, for next to nothing: what messages leave behind is
    hardly ever in cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_OBJECTS)
