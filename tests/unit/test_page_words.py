"""What the page says stands in the catalogue, and nothing else does."""

from __future__ import annotations

import re

from chatbot.sandbox.words import LOCALES, catalogue

STATIC = LOCALES.parent / "chatbot" / "sandbox" / "static"
SCRIPTS = "".join(path.read_text() for path in STATIC.glob("*.js"))
SERVED = {"page.title", "page.noscript"}
KINDS = "page|who|place|media|kind|topic|chapter|tale"


def test_every_key_that_the_page_names_has_words() -> None:
    named = set(re.findall(rf'"((?:{KINDS})\.[a-z0-9_.]+)"', SCRIPTS))
    assert len(named) > 50
    assert named - catalogue("id").keys() == set()


def test_no_words_are_left_over() -> None:
    # A key that is put together begins with a literal, up to its first variable part.
    begun = tuple(re.findall(r"`(page\.[a-z_.]*)\$\{", SCRIPTS))
    named = set(re.findall(r'"(page\.[a-z0-9_.]+)"', SCRIPTS)) | SERVED
    kept = {key for key in catalogue("id") if key.startswith("page.")}
    assert {key for key in kept - named if not key.startswith(begun)} == set()
    assert "page." not in begun


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    texts = [path.read_text() for path in STATIC.iterdir() if path.suffix in {".js", ".css", ".html"}]
    outside = [found for text in texts for found in re.findall(r"https?://[\w.]+", text)]
    assert set(outside) <= {"http://www.w3.org"}
    assert not any(name in text for text in texts for name in ("innerHTML", "outerHTML", "document.write", "eval("))
