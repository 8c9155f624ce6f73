"""The words that every layer shares: what came in, what goes out, who it is for.

Owns the frozen shapes of a message, whatever the platform. Refuses any knowledge of how a platform spells them
(``channels``), of how they are stored (``store``) and of what they mean (``conversation``, ``officer``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What an inbound message is. Whatever no one here knows is UNSUPPORTED: stored, and answered politely."""

    TEXT = "text"
    PRESS = "press"  # a button or a list row
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    PLACE = "place"  # a pin on the map
    CONTACT = "contact"
    REACTION = "reaction"
    EDIT = "edit"
    REVOKE = "revoke"
    RECEIPT = "receipt"  # a platform's word about a message of ours: sent, delivered, read, failed
    MEMBERSHIP = "membership"  # someone (perhaps the bot) entered, left, blocked or changed rights
    MIGRATION = "migration"  # a group got a new chat id
    SYSTEM = "system"  # an identity changed on the platform's side
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a message carries. ``ref`` is what the channel needs to fetch it; names are the sender's claim.

    ``same`` is the platform's id of the content, which stays when the file is sent again; empty where it has none.
    """

    kind: Kind
    ref: str
    mime: str = ""
    name: str = ""
    size: int = 0  # bytes as the platform states them; 0 when it does not
    sha256: str = ""  # hex, where the platform states it
    same: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A pin: degrees WGS 84, chosen freely by the sender, so a statement and no proof."""

    latitude: float
    longitude: float
    label: str = ""


_ROW = re.compile(r"[0-9]{1,18}")  # what fits the database; a platform gives back any text


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a platform delivered it, understood as far as its shape goes.

    ``raw`` is a body of the platform's own form that holds this one item; parsing it again gives this same value.

    Attributes:
        channel: name of the channel ("telegram", "whatsapp").
        account: our account there (bot id, phone number id).
        external_id: the platform's id of this delivery; with channel and account it recognises a duplicate.
        at: the platform's time, aware, UTC; the time of receipt where the platform gives none.
        kind: what it is.
        chat: where it was said. In a private chat this is the citizen's address id.
        private: whether the chat is one person's talk with us. Only those are citizens.
        author: the platform's id of the person who wrote; empty when it identifies nobody (anonymous admin, channel).
        author_name: a display name, free text.
        message_id: the platform's id of the message itself, for replies, edits and copies.
        thread: forum topic id, empty outside topics.
        reply_to: id of the message replied to.
        text: text or caption.
        choice: payload of the pressed button or list row; any bytes can come here, so look it up and never trust it.
        press_id: id of the press, to be acknowledged (Telegram).
        attachment: the file, if any.
        album: id shared by the items of one album.
        place: the pin, if any.
        target: id of the message that an edit, revoke, reaction, press or receipt is about.
        status: receipt: "sent", "delivered", "read", "failed". Membership: "bot_added", "bot_removed", "bot_rights",
            "blocked", "unblocked", "member" (someone's membership changed), "member_left" (someone is not there any
            more). Reaction: the emoji, empty when removed.
        error: receipt: the platform's error code, as text.
        reference: receipt: what we gave the platform with the message (the outbound id).
        moved_to: migration: the new chat id.
        language: the language the platform says the person uses; a hint.
        forwarded: whether the author passes on someone else's message.
        chat_title: name of the group, free text.
        raw: see above.
    """

    channel: str
    account: str
    external_id: str
    at: datetime
    kind: Kind
    chat: str
    private: bool = True
    author: str = ""
    author_name: str = ""
    message_id: str = ""
    thread: str = ""
    reply_to: str = ""
    text: str = ""
    choice: str = ""
    press_id: str = ""
    attachment: Attachment | None = None
    album: str = ""
    place: Place | None = None
    target: str = ""
    status: str = ""
    error: str = ""
    reference: str = ""
    moved_to: str = ""
    language: str = ""
    forwarded: bool = False
    chat_title: str = ""
    raw: bytes = b""

    @property
    def outbound_id(self) -> int | None:
        """Receipt: the row of ours that it is of; None: of no message of ours."""
        return int(self.reference) if _ROW.fullmatch(self.reference) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to press or to pick, as the person reads it.

    ``label`` has at most 20 characters, ``payload`` at most 64 bytes, ``description`` (shown in lists) at most 72
    characters: the smallest of what the platforms allow.
    """

    payload: str
    label: str
    description: str = ""


class Task(StrEnum):
    """What an outbound row asks the channel to do."""

    TEXT = "text"
    MEDIA = "media"  # send a kept file
    ALBUM = "album"  # send two to ten kept files as one message
    COPY = "copy"  # have the platform copy messages, files uncompressed and without a link to their author
    EDIT = "edit"  # new text and buttons for a message of ours
    TOPIC = "topic"  # open a forum topic
    CLOSE_TOPIC = "close_topic"
    REOPEN_TOPIC = "reopen_topic"
    ANSWER_PRESS = "answer_press"
    DELETE = "delete"  # take back a message of ours
    TEMPLATE = "template"  # the approved template that may be sent outside the reply window
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class File:
    """A kept file on its way out: where it lies, and how it is to be called."""

    path: str
    mime: str
    name: str
    kind: Kind
    size: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who is named so that the phone rings: the platform's id, and a plain name, not escaped."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """One call to a platform, complete: nothing else is needed to perform it.

    ``text`` is rich text: ``<b>``, ``<i>`` and HTML entities, everything else escaped; each channel renders it.

    Attributes:
        id: our id of the row; given to the platform as a reference where it takes one. 0 before it is stored.
        to: chat id, or the person's address id.
        task: what to do.
        text: rich text; caption of media.
        choices: at most ten; up to three are buttons, more a list.
        list_label: what opens the list, at most 20 characters.
        thread: forum topic id.
        reply_to: message to reply to; the message is sent all the same if that one is gone.
        target: message to edit or delete, press to answer.
        source: COPY: the chat to copy from.
        messages: COPY: ids there, in increasing order.
        file: MEDIA: what to send.
        files: ALBUM: two to ten files, all as documents.
        title: TOPIC: its name.
        urgent: wakes the readers; everything else that is for the group as a whole is quiet.
        mention_admins: TEXT: name the group's administrators, so that their phones ring.
        mentions: TEXT: people to name behind the words, in place of the administrators.
        asks_place: offer the platform's own way to send a location.
        as_picture: MEDIA: show it in the chat, as the platform compresses it; else it arrives byte for byte.
        bare: TEXT: send the words alone, for the platform refused them with buttons, marks or a quotation.
    """

    id: int
    to: str
    task: Task
    text: str = ""
    choices: tuple[Choice, ...] = ()
    list_label: str = ""
    thread: str = ""
    reply_to: str = ""
    target: str = ""
    source: str = ""
    messages: tuple[str, ...] = ()
    file: File | None = None
    files: tuple[File, ...] = ()
    title: str = ""
    urgent: bool = False
    mention_admins: bool = False
    mentions: tuple[Mention, ...] = ()
    asks_place: bool = False
    as_picture: bool = False
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One FAQ entry that a text may be about. ``confidence`` is 0..1."""

    entry_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Match:
    """What the FAQ says to a text: candidates best first, and how far they may be trusted.

    ``sure`` means the first one may be answered as it stands; ``likely`` that the first three may be offered.
    Neither: an honest refusal. ``refused`` is the id of what no entry answers, where the text is more like that than
    like any entry.
    """

    candidates: tuple[Candidate, ...] = ()
    sure: bool = False
    likely: bool = False
    refused: str = ""


NO_MATCH = Match()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text in the catalogues: its key, and the values put into it. Values are plain text, escaped when rendered."""

    key: str
    values: Mapping[str, str | Phrase] = field(default_factory=dict)
