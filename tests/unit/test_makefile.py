"""Which Python the set-up takes: by make and sh as they are, on machines that have more or less of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def chosen(machine: Path) -> str:
    """What make takes where only the commands of this folder can be found."""
    command = ["make", "--silent", "python"]
    return subprocess.run(
        command, cwd=ROOT, env={"PATH": str(machine)}, check=True, capture_output=True
    ).stdout.decode()


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    for name in ("make", "sh", "echo"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    return tmp_path


def has(machine: Path, name: str, *, old: bool = False) -> None:
    program = machine / name
    program.write_text("#!/bin/sh\nexit 1\n" if old else f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    program.chmod(0o755)


def test_machines_own_python_is_taken_whatever_its_number(machine: Path) -> None:
    has(machine, "python3")
    has(machine, "python3.11")

    assert chosen(machine) == "python3\n"


def test_newest_other_is_taken_where_the_machines_own_is_too_old(machine: Path) -> None:
    has(machine, "python3", old=True)
    has(machine, "python3.11")
    has(machine, "python3.13")

    assert chosen(machine) == "python3.13\n"


def test_none_is_named_where_there_is_none(machine: Path) -> None:
    assert chosen(machine) == "python3\n"
