"""The restores' table: when the database came out of a backup. Refuses queries (``restores``)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from chatbot.store.columns import moment, ref, row_id


class RestoreRow(SQLModel, table=True):
    """One restore: what is given out from then on is known by it from what was given out and lost."""

    __tablename__ = "restore"

    id: int = row_id()
    at: datetime = moment()
    taken_at: datetime = moment()  # when the backup was made
    first_id: int = ref(nullable=False)  # the least number that a row written since then may have
    held: int = Field(default=0)  # messages to citizens that may have been sent since the backup
    aside: int = Field(default=0)  # messages that may have been handled since
    told_at: datetime | None = moment(nullable=True)  # when the groups heard of it
