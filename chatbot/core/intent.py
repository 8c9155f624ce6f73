"""What a message says by its words alone.

Owns the making of an utterance: cleaning, folding, language, question, emergency. Refuses anything that needs a row, a
clock or a platform, and refuses deciding what to do about it: that is for ``conversation``.
"""

from __future__ import annotations

import re
import unicodedata

from chatbot.core.emergency import is_emergency
from chatbot.core.language import is_question, language_of
from chatbot.core.message import Inbound, Kind
from chatbot.core.spelling import MAX_CHARS
from chatbot.core.utterance import Utterance

__all__ = ["is_emergency", "is_question", "language_of", "read"]

_FILES = frozenset({Kind.PHOTO, Kind.VIDEO, Kind.VOICE, Kind.AUDIO, Kind.DOCUMENT})
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# "\n" is the only control character a person means; the rest, with direction marks and halves of characters, can only
# mislead whoever reads the card.
_KEPT_CONTROL = "\n"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINER = "\u200d"  # holds together emoji of several people
_GAPS = re.compile(r"[ \u00a0\u2000-\u200a\u3000]+")
_LINES = re.compile(r" ?\n[ \n]*\n ?")


def read(inbound_id: int, inbound: Inbound, *, emergency: bool | None = None) -> Utterance:
    """Read a stored message.

    Args:
        inbound_id: its row id.
        inbound: the message as its channel delivered it.
        emergency: whether its text is one, where that is known already; to find it costs more than all the rest.

    Returns:
        The utterance; never raises, whatever the text holds.
    """
    text = clean(inbound.text)
    # What is passed on or edited is as urgent as what is written: someone may be asking for help for another.
    return Utterance(
        inbound_id=inbound_id,
        kind=inbound.kind,
        text=text,
        folded=fold(text),
        choice=inbound.choice,
        place=inbound.place,
        has_file=inbound.attachment is not None and inbound.kind in _FILES,
        album=inbound.album,
        language=language_of(text),
        emergency=is_emergency(text) if emergency is None else emergency,
        question=is_question(text),
        chat_language=_code(inbound.language),
    )


def clean(text: str) -> str:
    """Make a text fit for keeping and showing: NFC, no control or hidden characters, at most 4096 characters."""
    shorter = text[: 2 * MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    shown = "".join(
        char
        for char in shorter
        if char in _KEPT_CONTROL or char == _JOINER or unicodedata.category(char) not in _HIDDEN
    )
    composed = unicodedata.normalize("NFC", shown)
    return _LINES.sub("\n\n", _GAPS.sub(" ", composed)).strip()[:MAX_CHARS].rstrip()


def fold(text: str) -> str:
    """Make a text fit for comparing with words: case folded, spaces squeezed, no punctuation at its ends."""
    squeezed = " ".join(text.casefold().split())
    start, end = 0, len(squeezed)
    while start < end and _is_mark(squeezed[start]):
        start += 1
    while end > start and _is_mark(squeezed[end - 1]):
        end -= 1
    # Where nothing else was said, the mark is the message: "?" asks for help.
    return squeezed[start:end] or squeezed


def _is_mark(char: str) -> bool:
    return char.isspace() or unicodedata.category(char)[0] in "PSM" or char == _JOINER


def _code(language: str) -> str:
    """Shorten a language tag ("en-GB", "in") to the code that catalogues are named by."""
    found = _LANGUAGE.match(language.casefold())
    code = found.group() if found else ""
    return {"in": "id", "jw": "jv"}.get(code, code)  # the codes that Android still sends
