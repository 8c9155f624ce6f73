"""The shelf of files: which are wanted, which are kept, which are gone.

Owns the rows' states. Refuses the bytes themselves (``services.media`` puts them under ``CHATBOT_MEDIA_DIR``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, select
from sqlmodel import Session, col

from chatbot.store.tables import InboundRow, MediaRow


class MediaShelf:
    """Files of citizens and officers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def wanted(self, now: datetime, limit: int, *, without: Collection[int] = ()) -> list[MediaRow]:
        """Files that are to be fetched now, oldest first, passing over those that are under way."""
        return list(
            self._session.scalars(
                select(MediaRow)
                .where(col(MediaRow.state) == "wanted", col(MediaRow.due_at) <= now, col(MediaRow.id).not_in(without))
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
        """Delete a file's row; whether its content has no other row, so that it can go too."""
        self._session.delete(row)
        self._session.flush()
        same = select(col(MediaRow.id)).where(col(MediaRow.sha256) == row.sha256).limit(1)
        return bool(row.sha256) and self._session.scalars(same).first() is None

    def of_ticket(self, ticket_id: int) -> list[MediaRow]:
        """The files of a ticket."""
        return list(
            self._session.scalars(
                select(MediaRow).where(col(MediaRow.ticket_id) == ticket_id).order_by(col(MediaRow.id))
            )
        )
