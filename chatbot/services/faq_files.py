"""The FAQ folder as a change finds and leaves it.

Owns which file a change goes to, always in the unit's own layer, and writing it so that a reader finds the old text or
the new one. Refuses any path outside the folder, and refuses to know what a change says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from chatbot.matching.corpus import LOCAL, Corpus
from chatbot.services import durable

_COPY = re.compile(r" ?\(\d+\)(?=(?:\.[a-z]{2,3})?\.md$)")  # what phones add to a file that they saved before


def target_of(name: str, corpus: Corpus) -> str:
    """The file that a changed entry is written to.

    Args:
        name: as it was sent; a base name alone finds the entry's own folder.
        corpus: what stands in the folder.
    """
    name = _COPY.sub("", name)
    base = PurePosixPath(name).name
    known = next((one for one in corpus.names.values() if one == name), None) or next(
        (one for one in sorted(corpus.names.values()) if PurePosixPath(one).name == base), name
    )
    return known if known.startswith(LOCAL) else f"{LOCAL}{known}"


def read_texts(folder: Path, names: list[str]) -> dict[str, str | None]:
    """What stands in files now; None where there is none."""
    paths = {name: _inside(folder, name) for name in names}
    return {name: path.read_bytes().decode() if path.is_file() else None for name, path in paths.items()}


def write_texts(folder: Path, texts: Mapping[str, str | None]) -> None:
    """Write files, each whole or not at all; None deletes one.

    Raises:
        OSError: the folder cannot be written.
    """
    for name, text in texts.items():
        path = _inside(folder, name)
        if text is None:
            durable.drop(path)
            continue
        durable.make_folder(path.parent, 0o777)
        durable.write(path, text.encode(), 0o644)


def _inside(folder: Path, name: str) -> Path:
    """The file of a name; names come from people."""
    path = (folder / name).resolve()
    if not path.is_relative_to((folder / LOCAL).resolve()):
        raise PermissionError(name)
    return path
