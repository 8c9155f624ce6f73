"""The demo as a person starts it: a process of its own, with the real bot under it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from string import Formatter

import psutil
import pytest

from chatbot.sandbox.words import catalogue, commands, locales

ROOT = Path(__file__).parents[2]
DEMO = [sys.executable, "-m", "chatbot.sandbox.demo"]
NUMBER = r"\d{3}-\d{3}-\d{3}-?\d"
FIRST_BUBBLE = "[Buat aduan]"


@pytest.mark.timeout(110)
def test_the_story_is_played_to_its_end() -> None:
    played = subprocess.run(
        [*DEMO, "--once"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=105, check=False
    )
    shown = played.stdout

    assert played.returncode == 0, played.stderr
    assert "\x1b" not in shown
    for words in ("Sumber: PP 76/2020", "Terima kasih atas penilaian Anda", "sudah kami teruskan", "telepon 110"):
        assert words in shown
    filed = re.findall(rf"diterima dengan nomor ({NUMBER})", " ".join(shown.replace("│", " ").split()))
    assert len(set(filed)) == 2
    for number in filed:
        # Card, the citizen's news and the closed topic all name it.
        assert f"> {number} " in shown
        assert re.search(rf"Grup petugas > {number} .*: topik ditutup", shown)
    assert shown.count("Penilaian warga: 5 dari 5") == 2
    assert "Pelapor: anonim" in shown
    assert "DARURAT #" in shown
    forwarded = shown.index("sudah kami teruskan")
    assert shown.index("Segera telepon 110") < forwarded
    assert shown.index("DARURAT #") < forwarded


@pytest.mark.timeout(60)
def test_leaving_in_the_middle_ends_the_bot_too() -> None:
    with subprocess.Popen(DEMO, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            if FIRST_BUBBLE in line:
                break
        bots = psutil.Process(demo.pid).children()
        assert len(bots) == 1

        demo.send_signal(signal.SIGINT)
        demo.stdout.read()

        assert demo.wait(30) == 0
        assert not bots[0].is_running()


@pytest.mark.timeout(60)
def test_the_page_stands_beside_the_prompt() -> None:
    with subprocess.Popen(
        [*DEMO, "--no-story"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdin is not None
        assert demo.stdout is not None
        address = next(found[0] for line in demo.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        with urllib.request.urlopen(address) as answer:
            assert b"page.js" in answer.read()

        # What is typed in the terminal stands on the page too.
        demo.stdin.write("warga Halo\n")
        demo.stdin.flush()
        for line in demo.stdout:
            if FIRST_BUBBLE in line:
                break
        with urllib.request.urlopen(f"{address}view") as answer:
            assert [one["author"] for one in json.load(answer)["phones"]["telegram"]["messages"]] == ["citizen", "bot"]
        demo.stdin.write("keluar\n")
        demo.stdin.close()

        assert demo.wait(30) == 0


def test_every_language_of_the_demo_has_the_same_words_with_the_same_values() -> None:
    def values(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}

    assert {"id", "en"} <= set(locales())
    spoken = catalogue("id")
    for locale in locales():
        texts = catalogue(locale)
        assert texts.keys() == spoken.keys()
        assert all(texts.values())
        assert {key: values(text) for key, text in texts.items()} == {key: values(text) for key, text in spoken.items()}


def test_no_two_commands_of_the_prompt_share_a_word() -> None:
    names = ("citizen", "citizen_2", "wa", "officer", "photo", "location", "button", "help", "quit")
    for locale in locales():
        words = [catalogue(locale)[f"command.{name}"] for name in names]
        assert len(set(words)) == len(names)
        assert [commands(*names)[word] for word in words] == list(names)


@pytest.mark.timeout(110)
def test_the_english_story_is_played_to_its_end_too() -> None:
    played = subprocess.run(
        [*DEMO, "--once", "--locale", "en"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=105,
        check=False,
    )

    assert played.returncode == 0, played.stderr
    assert "Every step went as expected." in played.stdout
