"""The program under strace: the way to make its calls to the kernel fail, and to see every one of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import lru_cache

import pytest

_REPLACED = "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])"


@lru_cache
def _missing() -> str:
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    tried = subprocess.run([strace, "-qq", "-e", "trace=none", "true"], check=False, capture_output=True)
    return "" if tried.returncode == 0 else "strace may not trace here"


def under_strace(*options: str) -> tuple[str, ...]:
    """How Python starts the program with strace beside it, so that the process is the program and no other.

    Skips the test where strace is missing or not allowed.
    """
    if reason := _missing():
        pytest.skip(reason)  # strace is missing, or the system does not let it look at other processes
    return ("-c", _REPLACED, "strace", "-D", "-f", "-q", *options, sys.executable, "-m", "chatbot")
