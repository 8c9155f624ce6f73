from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from chatbot.services import apart as module
from chatbot.services.apart import apart

_DIES = """
import os, signal, threading, time
from chatbot.services.apart import Apart
process = Apart()
process.ask(60, int)
print(process.pid, flush=True)
threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGKILL)).start()
process.ask(0.6, time.sleep, 600)
"""


def test_work_is_done_in_another_process_and_its_result_comes_back() -> None:
    assert apart(os.getpid) != os.getpid()
    assert apart(divmod, 7, 2) == (3, 1)


def test_what_work_raises_comes_back_too() -> None:
    with pytest.raises(ZeroDivisionError):
        apart(divmod, 1, 0)


def test_work_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.2)
    with pytest.raises(TimeoutError):
        apart(time.sleep, 60)


def test_process_that_is_killed_is_told() -> None:
    with pytest.raises(TimeoutError):
        apart(os._exit, 1)


def test_work_that_nobody_waits_for_any_more_is_ended() -> None:
    ended = subprocess.run([sys.executable, "-c", _DIES], capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL
    pid = int(ended.stdout)
    left = [psutil.Process(pid)] if psutil.pid_exists(pid) else []
    assert not psutil.wait_procs(left, timeout=30)[1]
