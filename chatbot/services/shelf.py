"""Files of our own that wait to be sent to a group.

Owns the folder in which nothing but such files lies, and clearing away those that were sent long ago. Refuses what
people send (``media``).
"""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from pathlib import Path

from chatbot.core.message import File, Kind
from chatbot.services import durable

_SENT_SECONDS = 24 * 3600.0


def shelve(folder: Path, name: str, mime: str, data: bytes, kind: Kind = Kind.DOCUMENT) -> File:
    """Put a file on the shelf.

    Args:
        folder: the shelf; it is made where there is none.
        name: what the file is called when it arrives.
        mime: type of its content.
        data: the content.
        kind: how it is sent.

    Returns:
        The file, ready to be sent.

    Raises:
        OSError: the folder cannot be written.
    """
    durable.make_folder(folder)
    for old in folder.iterdir():
        with suppress(FileNotFoundError):  # another process clears the same shelf
            if time.time() - old.stat().st_mtime > _SENT_SECONDS:
                old.unlink()
    path = folder / hashlib.sha256(data).hexdigest()
    durable.write(path, data)  # it may be on its way already: whoever reads it finds it whole
    return File(str(path), mime, name, kind, len(data))
