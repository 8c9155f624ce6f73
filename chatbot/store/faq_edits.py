"""Changes of the FAQ on their way from an admin's message to the files.

Owns their rows. Refuses to know what a change says.
"""

from __future__ import annotations

from sqlalchemy import select, text
from sqlmodel import Session, col

from chatbot.store.faq_tables import EDIT_WAITING, FaqEditRow


class FaqEdits:
    """What admins sent, and how far it got."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def waiting(self) -> list[FaqEditRow]:
        """Those that the bot has to act on, oldest first."""
        return list(self._session.scalars(select(FaqEditRow).where(text(EDIT_WAITING)).order_by(col(FaqEditRow.id))))

    def get(self, edit_id: int) -> FaqEditRow | None:
        """One of them."""
        return self._session.get(FaqEditRow, edit_id)

    def latest_live(self) -> FaqEditRow | None:
        """The change that came in force last."""
        query = (
            select(FaqEditRow)
            .where(col(FaqEditRow.state) == "live")
            .order_by(col(FaqEditRow.changed_at).desc(), col(FaqEditRow.id).desc())
        )
        return self._session.scalars(query.limit(1)).one_or_none()
