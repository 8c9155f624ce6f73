"""The duty roster's table. Refuses queries (``duty``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text

from chatbot.store.columns import Row, moment, row_id, words
from chatbot.store.encryption import secret_words

NOT_ENDED = "ended_at is null"  # for partial indexes, as in ``tables``


class DutyRow(Row, table=True):
    """One shift of one officer in one group; announced, going on, or over."""

    __tablename__ = "duty"
    __table_args__ = (
        Index(
            "duty_one_each",
            "chat",
            "officer_id",
            unique=True,
            sqlite_where=text(NOT_ENDED),
            postgresql_where=text(NOT_ENDED),
        ),
        Index("duty_chat", "chat", "since"),
    )

    id: int = row_id()
    chat: str = words()
    officer_id: str = words()
    officer_name: str = secret_words()  # as the platform gives it, 64 characters at most
    since: datetime = moment()
    until: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    taker_id: str = words()  # who took over what the officer still held
    taker_name: str = secret_words()
