"""Whether the folders that the program writes to can be written, and how much room is left on their disks.

Owns what too little room is. Refuses to free any.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from chatbot.channels.base import Finding

_GIB = 1024**3
# A tenth of the disk, but neither less than a busy day's files nor more than half a year's.
_LEAST, _MOST = _GIB, 10 * _GIB
_AGAIN = 1.2  # of that must be free before all is well again, else the alarm would come and go with each message
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def nearest(path: Path) -> Path:
    """The folder itself, or the one in which it is going to be made."""
    folder = path.absolute()
    # Not ``Path.exists``, which raises where a folder above may not be looked into.
    return next(place for place in (folder, *folder.parents) if os.path.exists(place))  # noqa: PTH110  which does not raise


def writable(path: Path) -> Finding:
    """Whether files can be written to a folder, tried with one that has no name and leaves nothing behind."""
    place = nearest(path)
    named = {"path": str(path)}
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Finding("folder_full" if error.errno in _FULL else "folder_closed", named, grave=True)
    return Finding("folder", named, good=True)


def room(paths: Iterable[Path], low: frozenset[str] = frozenset()) -> list[Finding]:
    """How much room there is, once for each disk.

    Args:
        paths: folders, made already or not; the first one of a disk speaks for it.
        low: those of them, as texts, of whose disk it was said that it fills.
    """
    found: dict[int, Finding] = {}
    for path in paths:
        place = nearest(path)
        disk = place.stat().st_dev
        usage = shutil.disk_usage(place)
        if disk not in found and usage.total:  # /proc and its like have no size
            found[disk] = judged(str(path), usage.total, usage.free, was_low=str(path) in low)
    return list(found.values())


def judged(path: str, total: int, free: int, *, was_low: bool = False) -> Finding:
    """What so much room means; sizes in bytes."""
    enough = min(max(total // 10, _LEAST), _MOST)
    values = {"path": path, "free": f"{free / _GIB:.1f}", "percent": str(100 * free // max(total, 1))}
    if free < enough * (_AGAIN if was_low else 1):
        return Finding("disk_low", values, alarm="disk_low", about=path)
    return Finding("disk", values, good=True, clears=("disk_low",), about=path)
