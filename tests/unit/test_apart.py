from __future__ import annotations

import os
import time

import pytest

from chatbot.services import apart as module
from chatbot.services.apart import apart


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
