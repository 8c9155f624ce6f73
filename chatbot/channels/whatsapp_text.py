"""How our rich text reads on WhatsApp, which has marks of its own and no way to escape them.

Owns rendering and splitting to WhatsApp's limits. Refuses the network. Marks: ``*bold*`` and ``_italic_`` hold within a
line, stand at a word's edge, and touch what they mark.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from chatbot.channels.base import plain, split_text, utf16_length

_MARK = re.compile(r"(</?[bi]>)")
_SIGNS = {"b": "*", "i": "_"}
_OPENING_SIGN = re.compile(r"(?<![^\W_])([*_~`])(?=\S)")
# Look-alikes without a meaning, for signs in a person's words that would start a mark.
_LOOKALIKES = {"*": "\N{ASTERISK OPERATOR}", "_": "\N{FULLWIDTH LOW LINE}", "~": "\N{TILDE OPERATOR}", "`": "'"}


def wa_text(text: str) -> str:
    """Rich text with WhatsApp's marks; signs that only look like marks are made harmless."""
    rendered: list[str] = []
    open_marks: list[str] = []
    for piece in _MARK.split(text):
        if not _MARK.fullmatch(piece):
            rendered.append(_marked(_harmless(html.unescape(piece)), open_marks))
        elif piece.startswith("</"):
            open_marks = open_marks[:-1]
        else:
            open_marks.append(piece[1])
    return "".join(rendered)


@lru_cache(maxsize=512)  # most of what is sent is said to many
def wa_parts(text: str, limit: int) -> tuple[str, ...]:
    """Rendered parts of at most ``limit`` UTF-16 units each, the marks counted, for WhatsApp counts them too."""
    return tuple(shown for part in split_text(text, limit) for shown in _fitted(part, limit))


def _fitted(part: str, limit: int) -> list[str]:
    shown = wa_text(part)
    length, visible = utf16_length(shown), utf16_length(plain(part))
    if length <= limit or visible <= 1:
        return [shown]
    return [fit for piece in split_text(part, max(1, visible * limit // length)) for fit in _fitted(piece, limit)]


def _marked(text: str, open_marks: list[str]) -> str:
    if not open_marks:
        return text
    signs = "".join(_SIGNS[mark] for mark in open_marks)
    return "\n".join(_marked_line(line, signs) for line in text.split("\n"))


def _marked_line(line: str, signs: str) -> str:
    core = line.strip()
    if not core:
        return line
    lead = line[: len(line) - len(line.lstrip())]
    trail = line[len(line.rstrip()) :]
    return f"{lead}{signs}{core}{signs[::-1]}{trail}"


def _harmless(text: str) -> str:
    if not any(sign in text for sign in _LOOKALIKES):
        return text
    return "".join(word if _is_address(word) else _disarmed(word) for word in re.split(r"(\s+)", text))


def _is_address(word: str) -> bool:
    # A changed link or mail address leads nowhere; a mark inside one does no harm.
    return "://" in word or "@" in word


def _disarmed(word: str) -> str:
    return _OPENING_SIGN.sub(lambda found: _LOOKALIKES[found[1]], word)
