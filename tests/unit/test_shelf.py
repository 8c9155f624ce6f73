from __future__ import annotations

import os
import time
from pathlib import Path

from chatbot.core.message import Kind
from chatbot.services.shelf import shelve


def test_file_lies_ready_to_be_sent_and_what_was_sent_long_ago_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "rekap"
    old = shelve(folder, "rekap.png", "image/png", b"old", Kind.PHOTO)
    young = shelve(folder, "rekap.png", "image/png", b"young", Kind.PHOTO)
    two_days_ago = time.time() - 48 * 3600
    os.utime(old.path, (two_days_ago, two_days_ago))
    new = shelve(folder, "rekap.png", "image/png", b"new", Kind.PHOTO)

    assert (new.name, new.mime, new.kind, new.size) == ("rekap.png", "image/png", Kind.PHOTO, 3)
    assert Path(new.path).read_bytes() == b"new"
    assert sorted(folder.iterdir()) == sorted([Path(young.path), Path(new.path)])


def test_same_content_lies_there_once(tmp_path: Path) -> None:
    first = shelve(tmp_path, "a.png", "image/png", b"same")
    second = shelve(tmp_path, "b.png", "image/png", b"same")

    assert first.path == second.path
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"same"]
