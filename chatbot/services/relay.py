"""Bringing what a citizen sends to the officers: text, pins and files, each with the care its ticket asks for.

Owns which file is copied by the platform, which goes from our shelf and under what name. Nothing is ever forwarded: a
forward names its sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from chatbot.core.message import Attachment, File, Inbound, Kind
from chatbot.core.privacy import for_group, neutral_file_name, shows_name
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.outgoing import Purpose
from chatbot.store.tables import MediaRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_ALBUM = 10  # files to one album, the platform's limit
_COPIES = 100  # messages to one copy call, the platform's limit
# A copy of these shows nothing of the sender. Documents, videos and audio files carry a name and metadata.
_NAMELESS = {Kind.PHOTO, Kind.VOICE}


def attachment_of(media: MediaRow) -> Attachment:
    """What the channel needs to fetch the file."""
    return msgspec.json.decode(media.attachment, type=Attachment)


def want(uow: UnitOfWork, message: Inbound, inbound_id: int, contact_id: int | None, now: datetime) -> MediaRow | None:
    """Remember that a message's file is to be fetched; None when it has none or is known already."""
    if message.attachment is None:
        return None
    known = uow.media.of_messages([inbound_id])
    if known:
        return known[0]
    row = MediaRow(
        inbound_id=inbound_id,
        contact_id=contact_id,
        channel=message.channel,
        attachment=msgspec.json.encode(message.attachment),
        caption=message.text,
        mime=message.attachment.mime,
        size=message.attachment.size,
        same=message.attachment.same,
        due_at=now,
        created_at=now,
    )
    uow.add(row)
    uow.flush()
    return row


def place_text(message: Inbound) -> str:
    """A pin as officers read it."""
    place = message.place
    if place is None:
        return ""
    label = f"{place.label} " if place.label else ""
    return f"📍 {label}{place.latitude:.6f}, {place.longitude:.6f} https://maps.google.com/?q={place.latitude:.6f},{place.longitude:.6f}"


class Relay:
    """Brings citizens' messages to a ticket's place in its group."""

    def __init__(self, uow: UnitOfWork, office: Office, post: Post, media_dir: Path) -> None:
        self._uow = uow
        self._office = office
        self._post = post
        self._media_dir = media_dir

    def message(self, ticket: TicketRow, message: Inbound, inbound_id: int, *, answered: bool, now: datetime) -> str:
        """Bring one message: its text or pin at once, its file as soon as it can be.

        Returns:
            What stands in the ticket's history for it.
        """
        if message.attachment:
            media = want(self._uow, message, inbound_id, ticket.contact_id, now)
            if media:
                self.files(ticket, [media])
            return message.text or f"[{message.kind}]"
        text = for_group(place_text(message) or message.text, ticket.address)
        if text:
            key = "desk.from_citizen_answered" if answered else "desk.from_citizen"
            words = self._office.words(key, text=text)
            self._post.to_desk(ticket, words, purpose=Purpose.RELAY, source_id=inbound_id, urgent=ticket.alert_live)
        return text

    def files(self, ticket: TicketRow, media: Sequence[MediaRow]) -> None:
        """Bring files to the ticket. What cannot be copied by the platform goes when it is kept; see ``kept``."""
        for row in media:
            row.ticket_id, row.bound_for = ticket.id, "desk"
        if not ticket.chat:
            return
        copied = [row for row in media if not row.relayed and self._can_copy(ticket, row)]
        rows = {row.id: row for row in self._uow.inbounds([row.inbound_id for row in copied])}
        sources = {(rows[one.inbound_id].chat) for one in copied}
        for source in sorted(sources):
            ours = [one for one in copied if rows[one.inbound_id].chat == source]
            ids = sorted({int(rows[one.inbound_id].message_id) for one in ours})
            single = ours[0] if len(ours) == 1 else None
            caption = self._caption(ticket, single) if single else ""
            for start in range(0, len(ids), _COPIES):
                part = [str(one) for one in ids[start : start + _COPIES]]
                self._post.copies_to_desk(ticket, source, part, caption, single.inbound_id if single else None)
            if not single:
                self._captions(ticket, ours)
        for row in copied:
            row.relayed = True
        self.kept(ticket, [row for row in media if row.state == "kept" and not row.relayed])

    def kept(self, ticket: TicketRow, media: Sequence[MediaRow]) -> None:
        """Bring files that lie on our shelf: one as it is, several as albums of documents."""
        if not ticket.chat:
            return  # there is no place for them yet; the sweep brings them when there is
        limit = self._office.capabilities[self._office.desk_channel].max_upload
        fitting = [row for row in media if row.size <= limit]
        for row in media:
            row.relayed = True
            if row not in fitting:
                row.error = "too_large_for_desk"
                self._post.to_desk(ticket, self._office.words("desk.file_too_large"))
        known = [row.id for row in self._uow.media.of_ticket(ticket.id)]
        for start in range(0, len(fitting), _ALBUM):
            part = fitting[start : start + _ALBUM]
            files = [self._file(ticket, row, known.index(row.id) + 1 if row.id in known else 1) for row in part]
            single = part[0] if len(part) == 1 else None
            caption = self._caption(ticket, single) if single else ""
            self._post.files_to_desk(
                ticket, files, caption, single.inbound_id if single else None, single.id if single else None
            )
            if not single:
                self._captions(ticket, part)

    def _can_copy(self, ticket: TicketRow, row: MediaRow) -> bool:
        if row.channel != self._office.desk_channel:
            return False
        return shows_name(ticket.identity) or attachment_of(row).kind in _NAMELESS

    def _caption(self, ticket: TicketRow, row: MediaRow) -> str:
        said = for_group(row.caption, ticket.address)
        caption = self._office.words("desk.from_citizen", text=said) if said else ""
        attachment = attachment_of(row)
        if attachment.mime.startswith("image/") and self._may_hold_metadata(ticket, row, attachment):
            caption = f"{caption}\n{self._office.words('desk.may_hold_metadata')}".strip()
        return caption

    def _may_hold_metadata(self, ticket: TicketRow, row: MediaRow, attachment: Attachment) -> bool:
        """Whether a picture goes as it came: the platform strips photos, we strip what we send ourselves if we can."""
        if self._can_copy(ticket, row):
            return attachment.kind == Kind.DOCUMENT
        return row.state == "kept" and not self._path(row).with_suffix(".clean").exists()

    def _path(self, row: MediaRow) -> Path:
        return self._media_dir / row.sha256[:2] / row.sha256

    def _captions(self, ticket: TicketRow, media: Sequence[MediaRow]) -> None:
        said = [for_group(row.caption, ticket.address) for row in media if row.caption]
        if said:
            self._post.to_desk(
                ticket, self._office.words("desk.from_citizen", text="\n".join(said)), purpose=Purpose.RELAY
            )

    def _file(self, ticket: TicketRow, row: MediaRow, position: int) -> File:
        attachment = attachment_of(row)
        name = (
            attachment.name
            if shows_name(ticket.identity) and attachment.name
            else neutral_file_name(position, row.mime)
        )
        path = self._path(row)
        clean = path.with_suffix(".clean")
        path = clean if clean.exists() else path
        return File(str(path), row.mime, name[:120], kind_of_file(row.mime, attachment.kind), row.size)


def kind_of_file(mime: str, said: Kind) -> Kind:
    """What a kept file is, by its content rather than by its sender's word."""
    if said == Kind.VOICE or not mime:
        return said
    return {"image": Kind.PHOTO, "video": Kind.VIDEO, "audio": Kind.AUDIO}.get(mime.partition("/")[0], Kind.DOCUMENT)
