"""Help on the terminal and what a wrong use is told: in the account's language, and never a bare key."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chatbot import cli

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"\bhelp\.[a-z_]+")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The status, and what was printed."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out + said.err


def below(said: str) -> list[str]:
    """The verbs or steps that a help lists."""
    listed = re.search(r"^  \{([a-z,]+)\}$", said, re.MULTILINE)
    return listed[1].split(",") if listed else []


@pytest.mark.parametrize(("locale", "usage"), [("id", "Penggunaan: "), ("en", "Usage: ")])
def test_every_verb_and_step_has_help_in_the_accounts_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], locale: str, usage: str
) -> None:
    monkeypatch.setenv("CHATBOT_LOCALE", locale)
    left: list[tuple[str, ...]] = [()]
    seen = 0
    while left:
        verbs = left.pop()
        status, said = told(capsys, *verbs, "--help")
        assert (status, said.startswith(usage), KEY.findall(said)) == (0, True, []), verbs
        left += [(*verbs, name) for name in below(said)]
        seen += 1
    assert seen == 1 + 10 + 12  # the program, its verbs and their steps


@pytest.mark.parametrize("arguments", [(), ("wrong",), ("queue",), ("faq", "try"), ("audit", "--wrong")], ids=" ".join)
def test_wrong_use_is_told_where_help_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    monkeypatch.delenv("CHATBOT_LOCALE", raising=False)
    status, said = told(capsys, *arguments)
    assert status == 2
    assert said.startswith("Penggunaan: chatbot")
    assert re.search(r"\nPerintah tidak dikenal atau tidak lengkap; lihat chatbot( [a-z]+)* --help\.\n.+\n$", said)


@pytest.mark.parametrize("has_words", [False, True], ids=["none", "broken"])
def test_catalogues_that_are_not_there_or_cannot_serve_are_named_and_nothing_else(
    tmp_path: Path, *, has_words: bool
) -> None:
    (tmp_path / "chatbot").symlink_to(ROOT / "chatbot")  # a package without the words beside it
    if has_words:
        shutil.copytree(ROOT / "locales", tmp_path / "locales")
        words = tmp_path / "locales/id/LC_MESSAGES/chatbot.po"
        words.write_text(words.read_text().replace('msgid "help.usage"', 'msgid "help.usages"'))
    command = [sys.executable, "-m", "chatbot", "--help"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert ("help.usage" if has_words else "chatbot.pot") in ended.stderr
