"""Distinct questions, as many as wanted: every text of the shipped FAQ in the frames in which people put them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from string import ascii_lowercase

from chatbot.core.intent import is_emergency
from chatbot.matching.corpus import assemble

_FAQ = Path(__file__).parents[2] / "faq"
_KEPT = 100_000  # some 12 MB
_MARK = "xq"  # what a text that comes again ends with, beside a letter: in no table of words
_FRAMES = (
    "{}",
    "min {}",
    "permisi, {} ya?",
    "mau tanya dong {}",
    "{} tolong dijawab",
    "assalamualaikum pak, {}",
    "halo admin {} makasih",
    "izin bertanya, {}",
    "kak {} gimana ya",
    "{} mohon infonya",
    "selamat siang. {}",
    "pak polisi {}?",
    "{} soalnya saya bingung",
    "bu, anak saya tanya {}",
    "sy mau nanya {} trims",
    "bang {} dong",
    "ndan izin, {}",
    "{} ditunggu jawabannya ya",
    "maaf mengganggu, {}",
    "info {} donk min",
)


def questions(count: int) -> list[str]:
    """``count`` questions, all different, the same ones each time."""
    return list(islice(_all(), count))


def stream(count: int) -> Iterator[str]:
    """``count`` questions for a long run, all different: those kept come again with a mark each time.

    What is kept is made before this returns, so that whoever measures does not make questions meanwhile.
    """
    kept = questions(min(count, _KEPT))
    # A number may tip the scales to an emergency, whose conversation is of another kind; no mark differs from another.
    again = [text for text in kept if count > _KEPT and not is_emergency(f"{text} {_MARK}b")]
    more = (f"{text} {_MARK}{letter}" for letter in ascii_lowercase[1:] for text in again)
    return islice(chain(kept, more), count)


def _all() -> Iterator[str]:
    files = {path.relative_to(_FAQ).as_posix(): path.read_bytes() for path in sorted(_FAQ.rglob("*.md"))}
    entries = [
        entry for entry in assemble(files).entries.values() if entry.status == "approved" and entry.locale == "id"
    ]
    # What sounds like an emergency opens an alert, which later messages join: a conversation of another kind.
    texts = [text for entry in entries for text in (entry.question, *entry.variants) if not is_emergency(text)]
    number = 0
    while True:
        for frame in _FRAMES:
            for text in texts:
                question = frame.format(text) + (f" ({number})" if number else "")
                if not is_emergency(question):
                    yield question
        number += 1
