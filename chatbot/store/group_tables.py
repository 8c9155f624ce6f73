"""The groups' tables: whose topics are whose, which groups moved, were met, were told. Refuses queries (``groups``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field

from chatbot.store.columns import Row, moment, ref, row_id, words


class TopicRow(Row, table=True):
    """Which ticket a forum topic belongs to. Kept for topics that were replaced, so that none is mixed up."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("chat", "thread"), ForeignKeyConstraint(["ticket_id"], ["ticket.id"]))

    id: int = row_id()
    chat: str = words()
    thread: str = words()
    ticket_id: int = ref(nullable=False)


class MovedChatRow(Row, table=True):
    """A group that got another id; settings go on naming the old one."""

    __tablename__ = "moved_chat"

    old: str = Field(sa_column=Column(Text, primary_key=True))
    new: str = words()


class AlarmRow(Row, table=True):
    """What a group was told of that is not to be said again too soon, and when last."""

    __tablename__ = "alarm"

    what: str = Field(sa_column=Column(Text, primary_key=True))
    at: datetime = moment()


class MetRow(Row, table=True):
    """Groups that are not ours and were told so once."""

    __tablename__ = "stranger_group"

    chat: str = Field(sa_column=Column(Text, primary_key=True))
    at: datetime = moment()
