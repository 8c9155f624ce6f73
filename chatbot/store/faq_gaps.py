"""What the FAQ did not answer, and what citizens thought of what it did.

Owns the rows of gaps and the counts of the records about the FAQ. Refuses to know what a question says, and who asked.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from chatbot.store.faq_tables import FaqGapRow
from chatbot.store.tables import RecordRow


class FaqGaps:
    """Questions without an answer, each cleaned, none with its asker."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def drop_one(self, text: str, offered: str) -> None:
        """Delete the latest row that says this, if there is one; which of several alike does not matter."""
        query = select(FaqGapRow).where(col(FaqGapRow.text) == text, col(FaqGapRow.offered) == offered)
        row = self._session.scalars(query.order_by(col(FaqGapRow.id).desc()).limit(1)).one_or_none()
        if row:
            self._session.delete(row)

    def counted(self, since: datetime, most: int) -> list[tuple[str, str, str, int]]:
        """Text, language, entries offered and how often, of what was asked since a time; the most frequent first."""
        what = (col(FaqGapRow.text), col(FaqGapRow.locale), col(FaqGapRow.offered))
        count = func.count()
        query = select(*what, count).where(col(FaqGapRow.at) >= since).group_by(*what)
        return [
            (text, locale, offered, number)
            for text, locale, offered, number in self._session.execute(query.order_by(count.desc(), *what).limit(most))
        ]

    def facts(self, names: Collection[str], since: datetime) -> list[tuple[str, str, int]]:
        """Fact, detail and how often, of the records of these facts since a time."""
        what = (col(RecordRow.fact), col(RecordRow.detail))
        query = select(*what, func.count()).where(col(RecordRow.fact).in_(names), col(RecordRow.at) >= since)
        return [(fact, detail, count) for fact, detail, count in self._session.execute(query.group_by(*what))]

    def forget(self, before: datetime, limit: int) -> int:
        """Delete rows from before a time; how many."""
        ids = list(self._session.scalars(select(col(FaqGapRow.id)).where(col(FaqGapRow.at) < before).limit(limit)))
        self._session.execute(delete(FaqGapRow).where(col(FaqGapRow.id).in_(ids)))
        return len(ids)
