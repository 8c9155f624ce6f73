"""Owns formatted text as the Bot API reads it: the HTML mode, found entities, trimming, lengths in UTF-16 units.

Refuses every other parse mode: the bot under test has one way to format.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from chatbot.sandbox.telegram_errors import ApiError, bad_request

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]{1,6})|#(?P<dec>[0-9]{1,7})|(?P<name>[a-zA-Z]+));?")
_PLAIN = range(1, 0xD800)
_BEYOND_SURROGATES = range(0xE000, 0x10FFFF)
_SPACE = " \t\r\n\v\0"
_TAG_NAME = re.compile(r"[^ \t\r\n\v\0>]*")
_ATTRIBUTE = re.compile(
    r"""[ \t\r\n\v]*(?P<name>[^ \t\r\n\v=>]*)[ \t\r\n\v]*(?P<equals>=?)[ \t\r\n\v]*"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<token>[A-Za-z0-9.\-]*))"""
)
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")
_CHECKED_LINK = re.compile(r"(?:https?|ftp|tg|ton|tonsite)://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)?", re.IGNORECASE)
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>]+[^\s<>.,;:!?)])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/@])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<!\w)(?P<phone_number>\+\d{8,15})(?!\w)"
)
_MAX_SOURCE_BYTES = 1 << 15
_MAX_ENTITIES = 100


@dataclass(frozen=True)
class Formatted:
    """Text after parsing, with its entities (offsets and lengths in UTF-16 units)."""

    text: str
    entities: list[dict[str, Any]]


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    start: int


def utf16(text: str) -> int:
    """Length of ``text`` in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def _cannot_parse(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _resolve(match: re.Match[str]) -> str:
    if match["name"]:
        return _NAMED.get(match["name"], match[0])
    code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
    return chr(code) if code in _PLAIN or code in _BEYOND_SURROGATES else match[0]


class _Html:
    """One pass over one source text; the grammar is that of the public Bot API server."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.out: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "<":
                if self.source.startswith("</", self.at):
                    self._end_tag()
                else:
                    self._start_tag()
                continue
            reference = _REFERENCE.match(self.source, self.at) if character == "&" else None
            piece = _resolve(reference) if reference else character
            self.at = reference.end() if reference else self.at + 1
            self.out.append(piece)
            self.units += utf16(piece)
        if self.open:
            raise _cannot_parse(f"Can't find end tag corresponding to start tag {self.open[-1].tag}")
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return Formatted("".join(self.out), self.entities)

    def _byte(self, index: int) -> int:
        return len(self.source[:index].encode())

    def _start_tag(self) -> None:
        begin = self.at
        name = _TAG_NAME.match(self.source, begin + 1)
        if name is None or name.end() >= len(self.source):
            raise _cannot_parse(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = name[0].lower()
        if tag not in _TYPES:
            raise _cannot_parse(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        self.at = name.end()
        argument = ""
        while (attribute := self._attribute(tag, begin)) is not None:
            argument = self._argument(tag, *attribute) or argument
        if tag == "span" and argument != "spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self.open.append(_Open(tag, argument, self.units, len(self.out)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str] | None:
        while self.at < len(self.source) and self.source[self.at] in _SPACE:
            self.at += 1
        where = self._byte(begin)
        if self.at >= len(self.source):
            raise _cannot_parse(f"Unclosed start tag at byte offset {where}")
        if self.source[self.at] == ">":
            self.at += 1
            return None
        match = _ATTRIBUTE.match(self.source, self.at)
        if match is None or not match["name"]:
            raise _cannot_parse(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
        if not match["equals"]:
            raise _cannot_parse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {where}'
            )
        self.at = match.end()
        if self.at >= len(self.source):
            raise _cannot_parse(f'Unclosed start tag "{tag}" at byte offset {where}')
        if match["token"] is not None and self.source[self.at] not in _SPACE + ">":
            raise _cannot_parse(f"Unexpected end of name token at byte offset {self._byte(match.start('token'))}")
        value = match["double"] if match["double"] is not None else match["single"]
        return match["name"], _REFERENCE.sub(_resolve, value) if value is not None else match["token"].lower()

    @staticmethod
    def _argument(tag: str, name: str, value: str) -> str:
        if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
            return value
        if (tag, name) == ("code", "class"):
            return value.removeprefix("language-") if value.startswith("language-") else ""
        if (tag, name) == ("span", "class"):
            return value.removeprefix("tg-") if value.startswith("tg-") else ""
        return ""

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise _cannot_parse(f"Unexpected end tag at byte offset {self._byte(begin)}")
        name = _TAG_NAME.match(self.source, begin + 2)
        found = name[0].lower() if name else ""
        self.at = name.end() if name else len(self.source)
        while self.at < len(self.source) and self.source[self.at] in _SPACE:
            self.at += 1
        if not self.source.startswith(">", self.at):
            raise _cannot_parse(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self.at += 1
        opened = self.open.pop()
        if found and found != opened.tag:
            raise _cannot_parse(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", found "</{found}>"'
            )
        if self.units > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: dict[str, Any] = {
            "type": _TYPES[opened.tag],
            "offset": opened.offset,
            "length": self.units - opened.offset,
        }
        if opened.tag == "a":
            url = opened.argument or "".join(self.out[opened.start :])
            user = _USER_LINK.fullmatch(url)
            if user:
                entity = {**entity, "type": "text_mention", "user_id": int(user[1])}
            elif _CHECKED_LINK.fullmatch(url):
                entity["url"] = url if "://" in url else f"http://{url}/"
            else:
                return
        elif opened.tag == "tg-emoji":
            if not opened.argument.isdigit():
                raise bad_request("invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "code" and opened.argument and self.open and self.open[-1].tag == "pre":
            self.open[-1].argument = opened.argument
            return
        elif opened.tag == "pre" and opened.argument:
            entity["language"] = opened.argument
        self.entities.append(entity)


def parse_html(source: str) -> Formatted:
    """Read HTML mode.

    Raises:
        ApiError: 400 "can't parse entities: ..." with the byte offset, as the real server words it.
    """
    return _Html(source).parse()


def found_entities(text: str) -> list[dict[str, Any]]:
    """Commands, mentions, links, addresses, tags and phone numbers the server marks by itself."""
    return [
        {"type": str(match.lastgroup), "offset": utf16(text[: match.start()]), "length": utf16(match[0])}
        for match in _FOUND.finditer(text)
    ]


def trim(formatted: Formatted) -> Formatted:
    """Drop white space at both ends, as the server does before it counts; entities are clipped."""
    text = formatted.text.strip(_SPACE)
    lead = utf16(formatted.text[: len(formatted.text) - len(formatted.text.lstrip(_SPACE))])
    size = utf16(text)
    entities = []
    for entity in formatted.entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] + entity["length"] - lead, size)
        if stop > start:
            entities.append({**entity, "offset": start, "length": stop - start})
    return Formatted(text, entities)


def _given_entities(raw: str) -> list[dict[str, Any]]:
    try:
        given = json.loads(raw)
    except ValueError:
        raise bad_request("can't parse entities: Can't parse entities JSON object") from None
    if not isinstance(given, list) or not all(isinstance(entity, dict) for entity in given):
        raise bad_request("can't parse entities: MessageEntity must be an Object")
    if not all({"type", "offset", "length"} <= entity.keys() for entity in given):
        raise bad_request("can't parse MessageEntity: Can't find field")
    return given


def read_text(source: str, parse_mode: str, entities: str | None) -> Formatted:
    """Text as stored: parsed, trimmed, with the entities the server finds itself.

    Args:
        source: the ``text`` or ``caption`` parameter.
        parse_mode: empty or "HTML", any case.
        entities: the JSON of ``entities`` or ``caption_entities``, used when no mode is given.

    Raises:
        ApiError: 400 for an unknown mode, broken markup or text that is no UTF-8.
    """
    try:
        size = len(source.encode())
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    if size > _MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    if parse_mode.lower() not in {"", "none", "html"}:
        raise bad_request("unsupported parse_mode")
    if parse_mode.lower() == "html":
        parsed = parse_html(source)
    else:
        parsed = Formatted(source, _given_entities(entities) if entities else [])
    trimmed = trim(parsed)
    spans = [(entity["offset"], entity["offset"] + entity["length"]) for entity in trimmed.entities]
    found = [
        entity
        for entity in found_entities(trimmed.text)
        if not any(
            start < entity["offset"] + entity["length"] and entity["offset"] < stop
            for (start, stop), own in zip(spans, trimmed.entities, strict=True)
            if own["type"] in {"code", "pre", "text_link", "text_mention"}
        )
    ]
    merged = sorted([*trimmed.entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(trimmed.text, merged[:_MAX_ENTITIES])
