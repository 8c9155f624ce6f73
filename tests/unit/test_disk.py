from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.services import disk

GIB = 1024**3


@pytest.mark.parametrize(
    ("total", "free", "low"),
    [
        (50 * GIB, 6 * GIB, False),
        (50 * GIB, 4 * GIB, True),  # under a tenth
        (5 * GIB, 0.9 * GIB, True),  # over a tenth, under 1 GiB
        (4000 * GIB, 11 * GIB, False),  # far under a tenth, and enough for months
        (4000 * GIB, 9 * GIB, True),
    ],
)
def test_disk_fills_under_a_tenth_of_it_but_within_one_and_ten_gibibytes(total: float, free: float, low: bool) -> None:
    assert disk.judged("var", int(total), int(free)).key == ("disk_low" if low else "disk")


def test_folders_of_one_disk_are_told_once_and_those_to_be_made_by_the_one_above(tmp_path: Path) -> None:
    (found,) = disk.room([tmp_path / "media" / "deep", tmp_path])

    assert found.about == str(tmp_path / "media" / "deep")
    assert not (tmp_path / "media").exists()


def test_folder_that_can_be_written_to_is_left_as_it_was(tmp_path: Path) -> None:
    assert disk.writable(tmp_path / "media").good
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written_to_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert disk.writable(tmp_path / "file" / "media").key == "folder_closed"
    assert disk.writable(Path("/proc/tanggap")).key == "folder_closed"
