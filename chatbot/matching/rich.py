"""From an answer's Markdown to the project's rich text.

Owns the small part of Markdown that answers are written in: headings, bold, italics, bullets, numbered steps, links.
Refuses everything else by showing it as it was typed: all text is escaped, so nothing an editor writes becomes markup
of a platform.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

_HEADING = re.compile(r"#{1,6} +(.*?)[ #]*")
_BULLET = re.compile(r"( *)[-*+] +(.*)")
_STEP = re.compile(r"( *)(\d{1,3})[.)] +(.*)")
_LINK = re.compile(r"\[([^\[\]]+)\]\((https?://[^\s()<>]+)\)")
_BOLD = re.compile(r"\*\*(?=\S)([^*]+?)(?<=\S)\*\*")
_ITALIC = re.compile(
    r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=[^\s*])\*(?![\w*])|(?<!\w)_(?=[^\s_])([^_<>]+?)(?<=[^\s_])_(?!\w)"
)
_GAP = re.compile(r"\n{3,}")


@lru_cache(maxsize=2048)  # the FAQ has few answers and gives them often
def to_rich(markdown: str) -> str:
    """Render Markdown as rich text: ``<b>``, ``<i>`` and entities, bullets as "•", numbered steps as they are.

    Args:
        markdown: an answer as written; any text is safe.

    Returns:
        Rich text whose tags are closed on the line that opens them.
    """
    return _GAP.sub("\n\n", "\n".join(_line(line) for line in markdown.strip().split("\n")))


def _line(line: str) -> str:
    heading = _HEADING.fullmatch(line)
    if heading:
        # A bold heading needs no bold inside it.
        words = _inline(heading[1]).replace("<b>", "").replace("</b>", "")
        return f"<b>{words}</b>" if words else ""
    bullet = _BULLET.fullmatch(line)
    if bullet:
        return f"{bullet[1]}• {_inline(bullet[2])}"
    step = _STEP.fullmatch(line)
    if step:
        return f"{step[1]}{step[2]}. {_inline(step[3])}"
    return _inline(line)


def _inline(text: str) -> str:
    """Escape a run of text and mark it up; the links stand apart, so that "_" in an address stays as it is."""
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(text):
        parts.append(_emphasis(text[end : link.start()]))
        label, address = html.escape(link[1], quote=False), html.escape(link[2], quote=False)
        parts.append(address if label == address else f"{label} ({address})")
        end = link.end()
    parts.append(_emphasis(text[end:]))
    return "".join(parts)


def _emphasis(text: str) -> str:
    bold = _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False))
    return _ITALIC.sub(lambda found: f"<i>{found[1] or found[2]}</i>", bold)
