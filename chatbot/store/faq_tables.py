"""The FAQ's tables: what answered last, what admins change, what was not answered. Refuses queries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field

from chatbot.store.columns import Row, blob, moment, ref, row_id, words
from chatbot.store.encryption import secret_words

EDIT_WAITING = "state in ('received', 'approved', 'undoing')"  # for a partial index, as in ``tables``


class FaqFileRow(Row, table=True):
    """The last good text of each FAQ file: what answers when the file on disk is broken."""

    __tablename__ = "faq_file"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    loaded_at: datetime = moment()


class FaqEditRow(Row, table=True):
    """A change of the FAQ that an admin sent in the group: what it is, how far it got, and how to undo it."""

    __tablename__ = "faq_edit"
    __table_args__ = (
        CheckConstraint(
            "state in ('received', 'proposed', 'approved', 'live', 'undoing', 'undone', 'refused', 'done')"
        ),
        UniqueConstraint("inbound_id"),
        Index("faq_edit_waiting", "id", sqlite_where=text(EDIT_WAITING), postgresql_where=text(EDIT_WAITING)),
    )

    id: int = row_id()
    inbound_id: int = ref(nullable=False)
    chat: str = words()
    message_id: str = words()  # of the request, which the bot's words reply to
    author: str = words()  # the platform's id of who sent it; somebody else approves
    author_name: str = secret_words()
    state: str = words("received")
    files: bytes | None = blob()  # JSON: file name to its new text
    before: bytes | None = blob()  # JSON: file name to its text before, null where there was none
    approver: str = words()
    created_at: datetime = moment()
    changed_at: datetime = moment()


class FaqGapRow(Row, table=True):
    """A question that the FAQ did not answer, cleaned of names and numbers."""

    __tablename__ = "faq_gap"
    __table_args__ = (Index("faq_gap_at", "at"),)

    id: int = row_id()
    text: str = words()
    locale: str = words()
    offered: str = words()  # ids of the entries that were offered, joined by spaces
    at: datetime = moment()  # the beginning of the day: by the second, the records of that second would name who asked
