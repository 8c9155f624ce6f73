"""The media shelf of the WhatsApp sandbox: ids, download links, allowed types and sizes, and lies told on request.

Refuses to serve anything past its life: links live 5 minutes, a person's media 7 days, uploads 30 days.
Types and sizes follow Meta's page "Media" (supported media types).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatbot.sandbox.whatsapp_errors import GraphError, bad_parameter, unknown_object
from chatbot.sandbox.whatsapp_state import Json

LINK_LIFE = timedelta(minutes=5)
INBOUND_LIFE = timedelta(days=7)
UPLOAD_LIFE = timedelta(days=30)
_MB = 1024 * 1024
STICKER_LIMIT = 500 * 1024
MIMES: dict[str, tuple[str, ...]] = {
    "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    "document": (
        "text/plain",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "image": ("image/jpeg", "image/png"),
    "sticker": ("image/webp",),
    "video": ("video/mp4", "video/3gpp"),
}
LIMITS = {"audio": 16 * _MB, "document": 100 * _MB, "image": 5 * _MB, "sticker": STICKER_LIMIT, "video": 16 * _MB}
_UPLOADABLE = tuple(sorted({mime for mimes in MIMES.values() for mime in mimes}))


@dataclass
class Medium:
    """One stored file; ``told_size`` and ``redirect`` are set by the faults only."""

    id: str
    data: bytes
    mime: str
    filename: str | None
    expires_at: datetime
    told_size: int | None = None
    redirect: str | None = None

    def card(self) -> Json:
        """Return the part of a webhook's media object that every kind has; the hash is base64 there."""
        digest = hashlib.sha256(self.data).digest()
        return {"mime_type": self.mime, "sha256": base64.b64encode(digest).decode(), "id": self.id}


class Shelf:
    """Every medium of one number and the links given out for it."""

    def __init__(self) -> None:
        self._media: dict[str, Medium] = {}
        self._links: dict[str, tuple[str, datetime]] = {}

    def put(self, data: bytes, mime: str, filename: str | None, expires_at: datetime) -> Medium:
        """Store a file under a new id."""
        made = Medium(str(10**14 + secrets.randbelow(9 * 10**14)), data, mime, filename, expires_at)
        self._media[made.id] = made
        return made

    def get(self, media_id: str) -> Medium:
        """Return a stored medium whatever its age, for faults and views.

        Raises:
            KeyError: There never was such an id.
        """
        return self._media[media_id]

    def live(self, media_id: str, now: datetime, verb: str = "get") -> Medium:
        """Return a medium that still exists at ``now``.

        Raises:
            GraphError: Unknown, deleted or expired: Graph answers the same to all three.
        """
        found = self._media.get(media_id)
        if found is None or found.expires_at <= now:
            raise unknown_object(verb, media_id)
        return found

    def delete(self, media_id: str, now: datetime) -> None:
        """Forget a medium.

        Raises:
            GraphError: There is no such live medium.
        """
        self.live(media_id, now, "delete")
        del self._media[media_id]

    def describe(self, media_id: str, now: datetime, host: str) -> Json:
        """Return the answer to ``GET /<media_id>`` with a fresh download link.

        Args:
            media_id: The medium asked for.
            now: Time by the sandbox's clock.
            host: Scheme, host and port of this server.

        Raises:
            GraphError: There is no such live medium.
        """
        found = self.live(media_id, now)
        token = secrets.token_urlsafe(18)
        self._links[token] = (media_id, now + LINK_LIFE)
        ends = int((now + LINK_LIFE).timestamp())
        return {
            "url": f"{host}/whatsapp_business/attachments/?mid={media_id}&ext={ends}&hash={token}",
            "mime_type": found.mime,
            "sha256": hashlib.sha256(found.data).hexdigest(),
            "file_size": len(found.data) if found.told_size is None else found.told_size,
            "id": media_id,
            "messaging_product": "whatsapp",
        }

    def download(self, token: str, now: datetime) -> Medium:
        """Return the medium behind a download link.

        Raises:
            GraphError: 404, as the link is unknown or older than five minutes, or its medium is gone.
        """
        media_id, ends = self._links.get(token, ("", now))
        if ends <= now:
            raise GraphError(100, status=404, message="URL signature expired", kind="GraphMethodException")
        try:
            return self.live(media_id, now)
        except GraphError as gone:
            gone.status = 404
            raise

    def upload(self, data: bytes, part_mime: str, declared: str, filename: str | None, now: datetime) -> Medium:
        """Store what the bot uploads, after Meta's checks.

        Args:
            data: The file.
            part_mime: Content type of the multipart file part, parameters allowed (``audio/ogg; codecs=opus``).
            declared: The form's ``type`` field.
            filename: Name of the file part.
            now: Time by the sandbox's clock.

        Raises:
            GraphError: 100 for a type that cannot be uploaded, 131053 for an empty or too large file.
        """
        mime = bare(part_mime)
        if mime not in _UPLOADABLE or bare(declared) not in _UPLOADABLE:
            listed = ", ".join(_UPLOADABLE)
            raise bad_parameter(
                f"Param file must be a file with one of the following types: {listed}. "
                f"Received file of type '{mime if mime not in _UPLOADABLE else bare(declared)}'."
            )
        # WebP is a sticker and nothing else, so the narrowest family decides the limit.
        family = next(kind for kind, mimes in MIMES.items() if mime in mimes)
        if not data or len(data) > LIMITS[family]:
            raise GraphError(131053, f"File size must be between 1 and {LIMITS[family]} bytes for {family}.")
        return self.put(data, part_mime, filename, now + UPLOAD_LIFE)

    def check_use(self, kind: str, media_id: str, now: datetime) -> None:
        """Refuse a media message whose id is unknown or whose file is not of the kind.

        Raises:
            GraphError: 100 for an unknown id, 131053 for a wrong type or size.
        """
        found = self._media.get(media_id)
        if found is None or found.expires_at <= now:
            raise bad_parameter(f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID")
        # Meta sends any uploaded file as a document.
        if kind != "document" and bare(found.mime) not in MIMES[kind]:
            raise GraphError(
                131053,
                f"Unsupported {kind.title()} mime type {bare(found.mime)}. "
                f"Please use one of: {', '.join(MIMES[kind])}.",
            )
        if len(found.data) > LIMITS[kind]:
            raise GraphError(131053, f"{kind.title()} file size too big, limit is {LIMITS[kind]} bytes.")


def bare(mime: str) -> str:
    """Return a MIME type without parameters, in lower case."""
    return mime.partition(";")[0].strip().lower()
