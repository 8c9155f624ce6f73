"""What every channel offers and how sending can fail: the seam between the desk and the platforms.

Owns the protocol, the capabilities, the closed list of send errors and the splitting of long texts. Refuses to know
any platform.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import IntEnum
from typing import Protocol

from chatbot.core.message import Attachment, Inbound, Outbound


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can carry. Sizes in bytes, texts in UTF-16 units, which is the stricter count."""

    max_text: int
    max_caption: int
    max_upload: int
    max_fetch: int
    buttons: int
    reply_window: timedelta | None  # how long after the person's last message free text may be sent
    person_burst: int
    person_interval: timedelta  # one message of a person's bucket comes back each interval
    edits: bool  # whether a sent message can be changed


@dataclass(frozen=True, slots=True)
class Route:
    """A webhook path. ``challenge`` answers a GET handshake with (status, text); None: no GET."""

    path: str
    challenges: bool = False


class Unauthenticated(Exception):
    """The request does not prove that the platform sent it. ``status`` is 401 (nothing shown) or 403 (wrong)."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.status = status


class Unparsable(Exception):
    """An authenticated body that cannot be read at all. It is kept in quarantine and answered 200."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a body held: messages that were understood, and items that were not, each as bytes with a reason."""

    messages: tuple[Inbound, ...]
    broken: tuple[tuple[bytes, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SendResult:
    """What the platform calls the thing now. ``external_ids`` has one id for each message sent, in order."""

    external_ids: tuple[str, ...] = ()
    thread: str = ""  # TOPIC: the new topic's id; empty where the chat has no topics
    skipped: int = 0  # COPY: how many the platform would not copy


class Standing(IntEnum):
    """What a person is in a group."""

    STRANGER = 0
    MEMBER = 1
    ADMINISTRATOR = 2


class SendError(Exception):
    """Why a send did not succeed. ``code`` is the platform's, for logs and the card; never text of a message."""

    def __init__(self, code: str = "", *, retry_after: timedelta | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class Throttled(SendError):
    """Too fast. ``retry_after`` is the platform's wish; ``whole_account`` when every chat must wait."""

    def __init__(self, code: str = "", *, retry_after: timedelta | None = None, whole_account: bool = False) -> None:
        super().__init__(code, retry_after=retry_after)
        self.whole_account = whole_account


class Unreachable(SendError):
    """The platform did not take it (no connection, 5xx): nothing was delivered, try later."""


class Uncertain(SendError):
    """The body was sent and no answer came: it may have been delivered. Tried again, and marked."""


class WindowClosed(SendError):
    """Free text is not allowed until the person writes again."""


class ContactStopped(SendError):
    """The person cannot or does not want to be reached (blocked, deactivated)."""


class PlaceGone(SendError):
    """The topic or group is not where it was. ``new_address`` is the group's new chat id, where the platform says.

    ``what`` is "topic", "topic_closed", "chat" or "reply" .
    """

    def __init__(self, what: str, *, new_address: str = "", code: str = "") -> None:
        super().__init__(code or what)
        self.what = what
        self.new_address = new_address


class ChannelDown(SendError):
    """Token, permission or payment: nothing will go through until a person acts. Rows stay."""


class Rejected(SendError):
    """The platform will never take this call: our mistake, or this recipient's. Dead, and alarmed."""


class TooLarge(Rejected):
    """The file is over what the platform takes."""


class FetchError(Exception):
    """A file could not be fetched. ``permanent`` when trying again cannot help; ``too_large`` says why."""

    def __init__(self, code: str, *, permanent: bool = False, too_large: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.too_large = too_large


@dataclass(frozen=True, slots=True)
class Finding:
    """What an examination of the set-up found at one point.

    ``key`` is the end of a phrase key that says cause and cure; ``values`` go into it. ``grave``: it does not work so.
    ``alarm`` is the alarm that it is the cause of while the program runs, and ``clears`` are those that are over by it;
    all of them are about ``about``: a channel, a group, a folder.
    """

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    grave: bool = False
    good: bool = False
    alarm: str = ""
    clears: tuple[str, ...] = ()
    about: str = ""


class Channel(Protocol):
    """One outside platform, one account."""

    name: str
    account: str
    capabilities: Capabilities

    def routes(self) -> Sequence[Route]:
        """The webhook paths to mount; a channel never sees the web server."""

    def challenge(self, query: Mapping[str, str]) -> str:
        """Answer a GET handshake with the text to echo.

        Raises:
            Unauthenticated: the handshake is not for us.
        """

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check that the platform sent this.

        Raises:
            Unauthenticated: it did not prove it.
        """

    def parse(self, body: bytes) -> Parsed:
        """Read a body; pure. Unknown kinds become ``Kind.UNSUPPORTED``; broken items are returned, not raised.

        Raises:
            Unparsable: nothing in the body can be read.
        """

    async def open(self) -> None:
        """Make connections; tell the platform where we are. Must not fail when the platform is unreachable."""

    async def close(self) -> None:
        """Give connections back."""

    async def send(self, message: Outbound) -> SendResult:
        """Perform one call.

        Raises:
            SendError: one of the closed list above.
        """

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The bytes of a file, from pinned hosts only and within the size limit.

        Raises:
            FetchError: while iterating.
        """


_MARK = re.compile(r"<(/?)([bi])>")
_TOKEN = re.compile(r"</?[bi]>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,32});|.", flags=re.DOTALL)
_EMPTY_MARK = re.compile(r"<([bi])></\1>")


def plain(text: str) -> str:
    """Rich text without its marks."""
    return html.unescape(_MARK.sub("", text))


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the way the platforms count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """Plain text of at most ``limit`` UTF-16 units; what was cut off is said by an ellipsis."""
    if utf16_length(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 2)].decode("utf-16-le", "ignore")
    return f"{kept.rstrip()} …"


def split_text(text: str, limit: int) -> list[str]:
    """Split rich text into parts whose visible length is at most ``limit`` UTF-16 units.

    Cuts at a paragraph, else a line, else a space, each only in the second half of a part so that none is tiny, else
    between characters; never inside an entity or a tag. A mark that is open at a cut is closed before it and opened
    again after it. A single character wider than the limit gets a part of its own.

    Args:
        text: rich text with balanced marks.
        limit: UTF-16 units a reader may see in one part, at least 1.
    """
    if utf16_length(text) <= limit:  # marks counted: nearly every text is short enough even so
        return [text.strip()]
    tokens: list[str] = _TOKEN.findall(text)
    parts: list[str] = []
    marks: list[str] = []
    start = 0
    while start < len(tokens):
        stop = end = _stop(tokens, start, limit)
        while end > start and tokens[end - 1].isspace():
            end -= 1
        opened = [f"<{mark}>" for mark in marks]
        _follow(marks, tokens[start:end])
        closed = [f"</{mark}>" for mark in reversed(marks)]
        part = _without_empty_marks("".join([*opened, *tokens[start:end], *closed]).strip())
        if part:
            parts.append(part)
        start = stop
        while start < len(tokens) and tokens[start].isspace():
            start += 1
    return parts or [""]


def _stop(tokens: list[str], start: int, limit: int) -> int:
    """Where the part that begins at ``start`` ends: the index behind its last token."""
    breaks: dict[str, int] = {}
    seen = 0
    for position in range(start, len(tokens)):
        piece = tokens[position]
        if _MARK.fullmatch(piece):
            continue
        seen += utf16_length(html.unescape(piece))
        if seen > limit:
            best = next((breaks[kind] for kind in ("paragraph", "line", "space") if kind in breaks), position)
            return max(best, start + 1)
        if piece.isspace() and seen > limit // 2:
            breaks["space"] = position + 1
            if piece == "\n":
                breaks["line"] = position + 1
                if tokens[position - 1] == "\n" and position > start:
                    breaks["paragraph"] = position + 1
    return len(tokens)


def _follow(marks: list[str], tokens: list[str]) -> None:
    """Bring the stack of open marks to where it stands after the tokens."""
    for token in tokens:
        if found := _MARK.fullmatch(token):
            if not found[1]:
                marks.append(found[2])
            elif marks:
                marks.pop()


def _without_empty_marks(part: str) -> str:
    """A cut right before a closing mark leaves a pair around nothing."""
    while (shorter := _EMPTY_MARK.sub("", part)) != part:
        part = shorter
    return part
