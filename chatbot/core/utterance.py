"""A citizen's message once it has been read: cleaned, and with what its words alone tell.

Owns the shape only; ``intent.read`` makes it. Refuses anything that needs a row, a clock or a platform.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.core.message import Kind, Place


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a citizen said.

    Attributes:
        inbound_id: row id of the stored message, by which evidence is named.
        kind: what it is.
        text: as written, cleaned for keeping and showing (NFC, no control characters, at most 4096 characters).
        folded: the same for comparing with words: case folded, spaces squeezed, no punctuation at its ends.
        choice: payload of a press, as sent; look it up, never trust it.
        place: a pin.
        has_file: whether a photo, video, voice note, audio or document came with it.
        album: id shared by the items of an album.
        language: "id" or "en" as its words tell, empty when they do not.
        emergency: whether its words speak of present danger.
        question: whether it is asked as a question.
        chat_language: the language that the platform says the person uses ("id", "en", ... or empty), a hint.
    """

    inbound_id: int
    kind: Kind
    text: str = ""
    folded: str = ""
    choice: str = ""
    place: Place | None = None
    has_file: bool = False
    album: str = ""
    language: str = ""
    emergency: bool = False
    question: bool = False
    chat_language: str = ""
