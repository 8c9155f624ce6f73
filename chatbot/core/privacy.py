"""What the officers' group must not see of a citizen.

Owns masking. Refuses to decide who may see what: cards ask ``shows_name``.
"""

from __future__ import annotations

import re

from chatbot.core import receipt

_LONG_NUMBER = re.compile(r"\+?\d(?:[\s.\-]?\d){6,}")
_MASK = "•••"
_SHORTEST_NUMBER = 8  # digits; shorter ids are no phone numbers
_TAPPED = re.compile(r"@(?=\w)|(?<!\w)/(?=\w)")
_JOINER = "\N{WORD JOINER}"  # takes no room, and ends what the platform would take for a name


def shows_name(identity: str) -> bool:
    """Whether a card may show the name that the citizen uses on the platform."""
    return identity == "open"


def mask_name(name: str) -> str:
    """A display name without what looks like a phone number; people use theirs as a name."""
    return inert(_LONG_NUMBER.sub(_MASK, name)[:64])


def mask_own_number(text: str, address_id: str) -> str:
    """A text without the writer's own number, in the forms that people write it; other numbers may be evidence.

    Args:
        text: what the citizen wrote.
        address_id: the platform's id of the citizen; only one that is all digits can be a phone number.
    """
    if not address_id.isdigit() or len(address_id) < _SHORTEST_NUMBER:
        return text
    national = address_id.removeprefix("62")
    spaced = r"[\s.\-()]?".join(national)
    return re.sub(rf"(?<!\d)(?:\+?62|0062|0)?[\s.\-()]?{spaced}(?!\d)", _MASK, text)


def inert(text: str) -> str:
    """A text in which nothing can be tapped or rings a phone: no mention, no command, in the group it is shown in."""
    return _TAPPED.sub(f"\\g<0>{_JOINER}", text)


def for_group(text: str, address_id: str) -> str:
    """A citizen's text as officers may see it: inert, without the citizen's own number, without secret receipts."""
    return inert(receipt.struck(mask_own_number(text, address_id)))


def neutral_file_name(position: int, mime: str) -> str:
    """A file name that says nothing of the sender.

    Args:
        position: counted from 1, within a ticket.
        mime: type of the content, which gives the ending.
    """
    endings = {
        "image/jpeg": "jpg",
        "image/png": "png",
        "image/webp": "webp",
        "video/mp4": "mp4",
        "audio/ogg": "ogg",
        "audio/mpeg": "mp3",
        "application/pdf": "pdf",
    }
    return f"berkas-{position}.{endings.get(mime.partition(';')[0].strip().lower(), 'bin')}"
