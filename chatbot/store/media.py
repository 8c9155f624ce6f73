"""The shelf of files: which are wanted, which are kept, which are gone.

Owns the rows' states. Refuses the bytes themselves (``services.media`` puts them under ``CHATBOT_MEDIA_DIR``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, or_, select, text
from sqlmodel import Session, col

from chatbot.store.outbox import FAR_OFF
from chatbot.store.queue import FILE_SPACE
from chatbot.store.tables import COMPARED, UNCOMPARED, InboundRow, MediaRow


class MediaShelf:
    """Files of citizens and officers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def wanted(self, now: datetime, limit: int, *, without: Collection[int] = ()) -> list[MediaRow]:
        """Files that are to be fetched now, oldest first, passing over those that are under way."""
        due_at = col(MediaRow.due_at)
        due = or_(due_at <= now, due_at > now + FAR_OFF)  # the latter since the clock was put back
        return list(
            self._session.scalars(
                select(MediaRow)
                .where(col(MediaRow.state) == "wanted", due, col(MediaRow.id).not_in(without))
                .order_by(col(MediaRow.due_at), col(MediaRow.id))
                .limit(limit)
            )
        )

    def get(self, media_id: int) -> MediaRow | None:
        """One file's row."""
        return self._session.get(MediaRow, media_id)

    def of_messages(self, inbound_ids: Collection[int]) -> list[MediaRow]:
        """The files that messages carried, in the order they came."""
        if not inbound_ids:
            return []
        return list(
            self._session.scalars(
                select(MediaRow).where(col(MediaRow.inbound_id).in_(inbound_ids)).order_by(col(MediaRow.inbound_id))
            )
        )

    def give_back(self, inbound_id: int) -> None:
        """A file that the platform would not copy is to go from our shelf."""
        for row in self.of_messages([inbound_id]):
            row.relayed = False

    def stranded(self) -> list[MediaRow]:
        """Files that lie on the shelf and were meant for officers who do not have them."""
        query = select(MediaRow).where(
            col(MediaRow.bound_for) == "desk", col(MediaRow.relayed).is_(False), col(MediaRow.state) == "kept"
        )
        return list(self._session.scalars(query))

    def unclaimed(self, before: datetime, limit: int) -> list[MediaRow]:
        """Files older than a time that belong to no ticket, of messages whose body is gone."""
        gone = exists().where(col(InboundRow.id) == col(MediaRow.inbound_id), col(InboundRow.raw).is_(None))
        query = select(MediaRow).where(col(MediaRow.ticket_id).is_(None), col(MediaRow.created_at) < before, gone)
        return list(self._session.scalars(query.limit(limit)))

    def forget(self, row: MediaRow) -> bool:
        """Delete a file's row; whether its content has no other row, so that it can go too, in this transaction."""
        self._session.delete(row)
        self._session.flush()
        return bool(row.sha256) and not self.is_named(row.sha256)

    def is_named(self, sha256: str) -> bool:
        """Whether a content has a row. Until this transaction ends nobody else is told, who may write or delete one.

        On SQLite a transaction that writes is the only one.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            lock = text("select pg_advisory_xact_lock(:space, :key)")
            self._session.execute(lock, {"space": FILE_SPACE, "key": int(sha256[:7], 16)})
        same = select(col(MediaRow.id)).where(col(MediaRow.sha256) == sha256).limit(1)
        return self._session.scalars(same).first() is not None

    def of_ticket(self, ticket_id: int) -> list[MediaRow]:
        """The files of a ticket."""
        return list(
            self._session.scalars(
                select(MediaRow).where(col(MediaRow.ticket_id) == ticket_id).order_by(col(MediaRow.id))
            )
        )

    def of_citizen(self, ticket_id: int) -> list[MediaRow]:
        """The files of a ticket that its citizen sent."""
        return [row for row in self.of_ticket(ticket_id) if row.contact_id is not None]

    # Photos that officers gave

    def uncompared(self, limit: int) -> list[MediaRow]:
        """Officers' photos, fetched or given up, that were not compared with earlier ones yet; oldest first."""
        query = select(MediaRow).where(text(UNCOMPARED), col(MediaRow.bound_for) != "")
        return list(self._session.scalars(query.order_by(col(MediaRow.id)).limit(limit)))

    def same_photo(self, row: MediaRow, picture: str, since: datetime) -> MediaRow | None:
        """The first photo that an officer gave on another ticket since a time and that is the same as this one.

        Args:
            row: the photo.
            picture: its perceptual hash; empty: none.
            since: from when on.
        """
        given = select(MediaRow).where(
            text(COMPARED),
            col(MediaRow.bound_for) != "",
            col(MediaRow.ticket_id) != row.ticket_id,
            col(MediaRow.created_at) >= since,
        )
        # One query for each: SQLite takes an index for an equation more surely than for an alternative.
        for column, value in (("sha256", row.sha256), ("same", row.same), ("picture", picture)):
            query = given.where(getattr(MediaRow, column) == value).order_by(col(MediaRow.id)).limit(1)
            found = self._session.scalars(query).first() if value else None
            if found:
                return found
        return None

    def photos_before(self, row: MediaRow, before_id: int, limit: int) -> list[tuple[int, datetime, str]]:
        """Photos that officers gave on other tickets: number, time and perceptual hash; the newest first.

        Args:
            row: the photo that they are compared with.
            before_id: only those with a smaller number.
            limit: how many at most.
        """
        query = select(col(MediaRow.id), col(MediaRow.created_at), col(MediaRow.picture)).where(
            text(COMPARED),
            col(MediaRow.id) < before_id,
            col(MediaRow.picture) != "",
            col(MediaRow.bound_for) != "",
            col(MediaRow.ticket_id) != row.ticket_id,
        )
        rows = self._session.execute(query.order_by(col(MediaRow.id).desc()).limit(limit))
        return [(media_id, at, picture) for media_id, at, picture in rows]
