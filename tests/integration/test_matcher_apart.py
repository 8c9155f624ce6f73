"""The matcher's own process: it answers as one here does, and whatever becomes of it, questions are answered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest

from chatbot.services import matcher_apart as module
from chatbot.services.faq import Faq
from chatbot.services.matcher_apart import MatcherApart, matcher

ANSWERED = (
    ("sim", "id", "cara perpanjang sim"),
    ("sim", "id", "perpanjang sim mati"),
    ("skck", "id", "syarat membuat skck"),
    ("skck", "id", "berapa biaya skck"),
    ("tilang", "id", "cara bayar tilang"),
)
REFUSED = (("cuaca", "id", "besok hujan tidak"),)
ASKED = ["cara perpanjang sim", "biaya skck brp ya", "besok hujan?", "", "tilang"]
TOLD = (*ANSWERED, ("hilang", "id", "dompet hilang di pasar lapor ke mana"))
_DIES = """
import os, signal
from tests.integration.test_matcher_apart import ANSWERED
from chatbot.services.matcher_apart import MatcherApart
print(MatcherApart(ANSWERED, ()).pid, flush=True)
kept = MatcherApart(ANSWERED, ())
print(kept.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def apart() -> MatcherApart:
    return MatcherApart(ANSWERED, REFUSED)


def test_answers_are_those_of_a_matcher_here(apart: MatcherApart) -> None:
    here = matcher(ANSWERED, REFUSED)
    assert apart.match_many(ASKED, "id") == here.match_many(ASKED, "id")
    assert [apart.rarity(topic) for topic in ("sim", "nothing")] == [here.rarity(topic) for topic in ("sim", "nothing")]

    apart.with_texts(TOLD)
    assert apart.match_many(["dompet hilang di pasar lapor ke mana"], "id")[0].candidates[0].entry_id == "hilang"


def test_it_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_TELEGRAM_TOKEN", "placeholder")
    one = MatcherApart(ANSWERED, REFUSED)
    assert not [name for name in psutil.Process(one.pid).environ() if name.startswith("CHATBOT_")]


def test_what_stops_the_program_does_not_stop_it(apart: MatcherApart) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT):
        os.kill(apart.pid, sign)
        assert apart.match_many(ASKED, "id")
    assert apart.pid in {child.pid for child in psutil.Process().children()}


def test_killed_it_is_replaced_by_one_here_that_knows_as_much(
    apart: MatcherApart, capsys: pytest.CaptureFixture[str]
) -> None:
    apart.with_texts(TOLD)
    told = apart.match_many([*ASKED, "dompet hilang di pasar lapor ke mana"], "id")
    process = psutil.Process(apart.pid)
    process.kill()
    assert apart.match_many([*ASKED, "dompet hilang di pasar lapor ke mana"], "id") == told
    assert "matcher_lost" in capsys.readouterr().out
    assert not process.is_running()

    apart.with_texts(ANSWERED)
    assert apart.match_many(["dompet hilang di pasar lapor ke mana"], "id") != told[-1:]
    assert "matcher_lost" not in capsys.readouterr().out


def test_stopped_it_is_waited_for_and_then_replaced(apart: MatcherApart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ANSWERS", 0.2)
    expected = apart.match_many(ASKED, "id")
    process = psutil.Process(apart.pid)
    process.suspend()
    assert apart.match_many(ASKED, "id") == expected
    assert not process.is_running()


def test_question_that_breaks_the_matcher_is_raised_and_the_next_one_answered(apart: MatcherApart) -> None:
    no_text: Any = None
    with pytest.raises((TypeError, AttributeError)):
        apart.match_many([no_text], "id")
    assert apart.match_many(ASKED[:1], "id")[0].sure
    assert psutil.pid_exists(apart.pid)


def test_process_that_cannot_learn_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(TimeoutError):
        MatcherApart(ANSWERED, REFUSED)


def test_it_ends_with_whoever_may_ask_it() -> None:
    first = MatcherApart(ANSWERED, REFUSED)
    process = psutil.Process(first.pid)
    del first
    assert not process.is_running()


def test_it_ends_with_a_program_that_is_killed() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _DIES], capture_output=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert ended.returncode == -signal.SIGKILL
    gone, alive = psutil.wait_procs(
        [psutil.Process(pid) for pid in map(int, ended.stdout.split()) if psutil.pid_exists(pid)], timeout=20
    )
    assert not alive
    assert len(gone) <= 1  # the first one ended when its matcher was dropped


def test_faq_that_changes_is_matched_by_a_new_process_and_the_old_one_ends(tmp_path: Path) -> None:
    made: list[int] = []

    def make(answered: module.Texts, refused: module.Texts) -> MatcherApart:
        one = MatcherApart(answered, refused)
        made.append(one.pid)
        return one

    source = Path(__file__).parents[2] / "faq" / "sim" / "sim-perpanjang.md"
    (tmp_path / source.name).write_bytes(source.read_bytes())
    faq = Faq(tmp_path, lambda: date(2026, 11, 29), make)
    faq.load({})
    text = source.read_text(encoding="utf-8")
    words = "kopi susu dingin untuk petugas loket"
    assert not faq.match_many([words], "id")[0].sure
    (tmp_path / source.name).write_text(text.replace("\n- ", f"\n- {words}\n- ", 1), encoding="utf-8")
    faq.load({})
    assert faq.match_many([words], "id")[0].sure  # by the process that has not learnt it
    faq.learn()
    assert faq.match_many([words], "id")[0].sure
    assert [psutil.pid_exists(pid) for pid in made] == [False, True]
