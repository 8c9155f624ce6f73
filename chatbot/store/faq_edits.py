"""Changes of the FAQ on their way from an admin's message to the files, and the files' last good texts.

Owns their rows. Refuses to know what a change says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from chatbot.store.faq_tables import EDIT_WAITING, FaqEditRow, FaqFileRow


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

    def good_files(self) -> dict[str, bytes]:
        """The last good text of every FAQ file."""
        return {row.name: row.data for row in self._session.scalars(select(FaqFileRow))}

    def keep_good_files(self, files: Sequence[tuple[str, bytes]], now: datetime) -> None:
        """Remember good texts. Workers that start together write the same ones, and in the same order."""
        rows = [{"name": name, "data": data, "loaded_at": now} for name, data in sorted(files)]
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        new = insert(FaqFileRow)
        kept = {"data": new.excluded.data, "loaded_at": new.excluded.loaded_at}
        self._session.execute(new.on_conflict_do_update(index_elements=["name"], set_=kept), rows)
