"""Files that are still there after a power cut: a row must not promise what lies in a cache only.

Owns the order: content, then name, each forced to the disk before the next. Refuses to know what is in a file.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_WRITING = "new-"  # what a crash leaves of a file begins so


def make_folder(folder: Path, mode: int = 0o700) -> None:
    """Make a folder where there is none, so that it stays. Another thread may have made it, and not come further.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=mode)
    _sync(folder.parent)


def write(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a file whole or not at all; whoever reads it meanwhile finds the old content or the new one.

    Raises:
        OSError: it cannot be written; nothing is left of the try.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_WRITING)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        Path(name).chmod(mode)
        put(Path(name), path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def put(written: Path, path: Path) -> None:
    """Give a file, whose content is on the disk, its name in a folder of the same disk.

    Raises:
        OSError: it cannot be renamed.
    """
    written.replace(path)
    _sync(path.parent)


def drop(path: Path) -> None:
    """Delete a file, if it is there, so that it does not come back.

    Raises:
        OSError: it cannot be deleted.
    """
    if path.exists():
        path.unlink(missing_ok=True)
        _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
