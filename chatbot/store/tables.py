"""The tables. One word per thing, as in docs/glossary.md.

Owns columns, keys and the guards that make it impossible to write a row that sends one citizen's data to another.
Refuses queries (``unit_of_work``, ``queue``) and rules (``core``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC on every engine; SQLite would give it back naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Into the database: UTC, whatever zone it came in."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Out of the database: aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Any:
    return Field(default=None, sa_column=Column(_Id, primary_key=True, autoincrement=True))


def _ref(*, nullable: bool = True, primary_key: bool = False) -> Any:
    return Field(default=None, sa_column=Column(_Id, nullable=nullable, primary_key=primary_key))


def _text(default: str | None = "", *, nullable: bool = False) -> Any:
    return Field(default=default, sa_column=Column(Text, nullable=nullable))


def _at(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=nullable))


def _bytes() -> Any:
    return Field(default=None, sa_column=Column(LargeBinary, nullable=True))


# What a partial index covers. SQLite uses such an index only for a query that holds the very same words, not a bound
# value, so the queries of ``queue`` take them from here.
STORED = "state = 'stored'"
PURGEABLE = "raw is not null and ticket_id is null"
PENDING = "state = 'pending'"
LIVE = "state in ('pending', 'sending', 'held')"


class InboundRow(SQLModel, table=True):
    """A message as stored before it was understood. The duplicate key outlives the body."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "account", "external_id", "body_hash"),
        CheckConstraint("state in ('stored', 'done', 'quarantined')"),
        Index(
            "inbound_waiting",
            "road",
            "id",
            sqlite_where=text(STORED),
            postgresql_where=text(STORED),
        ),
        Index(
            "inbound_waiting_lane",
            "road",
            "lane",
            "id",
            sqlite_where=text(STORED),
            postgresql_where=text(STORED),
        ),
        Index("inbound_message", "chat", "message_id"),
        Index(
            "inbound_purgeable",
            "received_at",
            "id",
            sqlite_where=text(PURGEABLE),
            postgresql_where=text(PURGEABLE),
        ),
    )

    id: int = _id()
    channel: str = _text()
    account: str = _text()
    external_id: str = _text()
    body_hash: str = _text()
    road: str = _text()  # citizen, desk: which loop takes it
    lane: int = Field(default=0)  # hash of the chat; one worker at a time serves a lane
    kind: str = _text()
    chat: str = _text()
    message_id: str = _text()
    at: datetime = _at()
    received_at: datetime = _at()
    state: str = _text("stored")
    outcome: str = _text()  # answered, ticketed, ignored, quarantined
    attempts: int = Field(default=0)
    error: str = _text()
    contact_id: int | None = _ref()
    ticket_id: int | None = _ref()
    raw: bytes | None = _bytes()


class ContactRow(SQLModel, table=True):
    """A citizen. Everything personal hangs on this row."""

    __tablename__ = "contact"

    id: int = _id()
    name: str = _text()
    created_at: datetime = _at()


class AddressRow(SQLModel, table=True):
    """Where a citizen is reached. A known number with a new business-scoped id is another contact."""

    __tablename__ = "address"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        UniqueConstraint("contact_id", "channel", "external_id"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"]),
    )

    id: int = _id()
    contact_id: int = _ref(nullable=False)
    channel: str = _text()
    external_id: str = _text()
    stopped_at: datetime | None = _at(nullable=True)  # blocked us, or the account is gone


_CONVERSATION_VERSION: Column[int] = Column("version", Integer, nullable=False)
_TICKET_VERSION: Column[int] = Column("version", Integer, nullable=False)


class ConversationRow(SQLModel, table=True):
    """The dialogue state of a contact, as JSON; the version is checked when it is written."""

    __tablename__ = "conversation"
    __table_args__ = (
        ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        Index(
            "conversation_held",
            "held_since",
            sqlite_where=text("held_since is not null"),
            postgresql_where=text("held_since is not null"),
        ),
        Index("conversation_updated", "updated_at"),
    )
    __mapper_args__ = {"version_id_col": _CONVERSATION_VERSION}

    contact_id: int = _ref(nullable=False, primary_key=True)
    state: bytes = Field(default=b"{}", sa_column=Column(LargeBinary, nullable=False))
    version: int = Field(default=None, sa_column=_CONVERSATION_VERSION)
    locale: str = _text()
    held_since: datetime | None = _at(nullable=True)  # a photo, voice note or place that waits to be explained
    updated_at: datetime = _at()


class TicketRow(SQLModel, table=True):
    """A numbered duty towards one contact."""

    __tablename__ = "ticket"
    __mapper_args__ = {"version_id_col": _TICKET_VERSION}
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("id", "contact_id"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        ForeignKeyConstraint(
            ["contact_id", "channel", "address"], ["address.contact_id", "address.channel", "address.external_id"]
        ),
        Index("ticket_contact", "contact_id", "status"),
        Index(
            "ticket_open",
            "chat",
            "id",
            sqlite_where=text("status <> 'closed'"),
            postgresql_where=text("status <> 'closed'"),
        ),
        Index(
            "ticket_one_live_alert",
            "contact_id",
            unique=True,
            sqlite_where=text("alert_live"),
            postgresql_where=text("alert_live"),
        ),
    )

    id: int = _id()
    number: str = _text()
    contact_id: int = _ref(nullable=False)
    channel: str = _text()  # where the citizen last wrote about it
    address: str = _text()
    status: str = _text()
    category: str = _text()
    identity: str = _text()
    complaint: bytes = Field(default=b"{}", sa_column=Column(LargeBinary, nullable=False))
    sealed: bool = Field(default=False)  # about police members and no group to bring it to
    chat: str = _text()  # the officers' group that serves it; empty when sealed
    thread: str = _text()
    has_topic: bool | None = Field(default=None)  # None: not tried yet
    card_message: str = _text()
    officer_id: str = _text()
    officer_name: str = _text()
    result: str = _text()
    rating: int | None = Field(default=None)
    uncertain: int = Field(default=0)  # messages that may have arrived twice
    undelivered: int = Field(default=0)  # answers that did not reach the citizen
    written_at: datetime | None = _at(nullable=True)  # when an officer last wrote to the citizen
    opened_at: datetime = _at()
    updated_at: datetime = _at()
    closed_at: datetime | None = _at(nullable=True)
    alert: bool = Field(default=False)
    alert_live: bool = Field(default=False)  # nobody has pressed it, or the danger was minutes ago
    alert_told: bool = Field(default=False)  # the citizen knows that the officers have it
    alert_pressed_at: datetime | None = _at(nullable=True)
    alert_repeated_at: datetime | None = _at(nullable=True)
    alert_reminded_at: datetime | None = _at(nullable=True)
    version: int = Field(default=None, sa_column=_TICKET_VERSION)


class TicketEventRow(SQLModel, table=True):
    """What happened to a ticket. Rows are added, never changed; the text of an edit is a row of its own."""

    __tablename__ = "ticket_event"
    __table_args__ = (
        ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        Index("ticket_event_ticket", "ticket_id", "id"),
        Index("ticket_event_actor", "actor", "at"),
        Index("ticket_event_inbound", "inbound_id"),
    )

    id: int = _id()
    ticket_id: int = _ref(nullable=False)
    event: str = _text()
    at: datetime = _at()
    actor: str = _text()  # "citizen", "desk" or the officer's platform id
    inbound_id: int | None = _ref()
    text: str = _text()


class TopicRow(SQLModel, table=True):
    """Which ticket a forum topic belongs to. Kept for topics that were replaced, so that none is mixed up."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("chat", "thread"), ForeignKeyConstraint(["ticket_id"], ["ticket.id"]))

    id: int = _id()
    chat: str = _text()
    thread: str = _text()
    ticket_id: int = _ref(nullable=False)


class OutboundRow(SQLModel, table=True):
    """One call to a platform that is to be made, was made, or never will be.

    The two composite keys are the guard: a row for a citizen goes to an address of that very contact, and carries a
    ticket only if the ticket is that contact's.
    """

    __tablename__ = "outbound"
    __table_args__ = (
        CheckConstraint("state in ('pending', 'sending', 'held', 'sent', 'dead', 'recalled')"),
        CheckConstraint("(contact_id is null) = (for_group)"),
        ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        ForeignKeyConstraint(["ticket_id", "contact_id"], ["ticket.id", "ticket.contact_id"]),
        ForeignKeyConstraint(
            ["contact_id", "channel", "chat"], ["address.contact_id", "address.channel", "address.external_id"]
        ),
        Index(
            "outbound_live",
            "queue",
            "id",
            sqlite_where=text(LIVE),
            postgresql_where=text(LIVE),
        ),
        Index(
            "outbound_due",
            "channel",
            "priority",
            "id",
            sqlite_where=text(PENDING),
            postgresql_where=text(PENDING),
        ),
        Index("outbound_ticket", "ticket_id"),
        Index("outbound_source", "source_id"),
    )

    id: int = _id()
    channel: str = _text()
    chat: str = _text()
    for_group: bool = Field(default=False)
    queue: str = _text()  # rows of one queue are sent in the order of their ids
    priority: int = Field(default=5)  # 0 emergency, 2 answers, 4 cards, 6 edits, 8 broadcasts; between queues only
    task: str = _text()
    purpose: str = _text()  # what delivery or failure means for the desk; see services.outbox
    payload: bytes = Field(default=b"{}", sa_column=Column(LargeBinary, nullable=False))
    ticket_id: int | None = _ref()
    contact_id: int | None = _ref()
    source_id: int | None = _ref()  # the inbound message that this passes on
    media_id: int | None = _ref()
    state: str = _text("pending")
    attempts: int = Field(default=0)
    due_at: datetime = _at()
    created_at: datetime = _at()
    sent_at: datetime | None = _at(nullable=True)
    receipt: str = _text()  # sent < delivered < read; or failed
    external_id: str = _text()
    error: str = _text()
    uncertain: bool = Field(default=False)


class SentMessageRow(SQLModel, table=True):
    """Which of our messages a platform id names, so that a reply to it finds its ticket."""

    __tablename__ = "sent_message"
    __table_args__ = (ForeignKeyConstraint(["outbound_id"], ["outbound.id"]),)

    channel: str = Field(sa_column=Column(Text, primary_key=True))
    chat: str = Field(sa_column=Column(Text, primary_key=True))
    message_id: str = Field(sa_column=Column(Text, primary_key=True))
    outbound_id: int = _ref(nullable=False)
    ticket_id: int | None = _ref()
    purpose: str = _text()


class MediaRow(SQLModel, table=True):
    """A file that someone sent: where it is to be fetched, and how far that got. The bytes lie under their SHA-256."""

    __tablename__ = "media"
    __table_args__ = (
        CheckConstraint("state in ('wanted', 'kept', 'too_large', 'gone')"),
        UniqueConstraint("inbound_id"),
        Index(
            "media_wanted", "due_at", sqlite_where=text("state = 'wanted'"), postgresql_where=text("state = 'wanted'")
        ),
        Index("media_ticket", "ticket_id"),
        Index("media_bound", "bound_for", "relayed", "state"),
        Index("media_content", "sha256"),
    )

    id: int = _id()
    inbound_id: int = _ref(nullable=False)
    contact_id: int | None = _ref()
    ticket_id: int | None = _ref()
    channel: str = _text()
    attachment: bytes = Field(default=b"{}", sa_column=Column(LargeBinary, nullable=False))
    caption: str = _text()
    bound_for: str = _text()  # desk, citizen or nothing yet
    relayed: bool = Field(default=False)
    state: str = _text("wanted")
    attempts: int = Field(default=0)
    due_at: datetime = _at()
    created_at: datetime = _at()
    sha256: str = _text()
    size: int = Field(default=0)
    mime: str = _text()
    error: str = _text()


class RecordRow(SQLModel, table=True):
    """Facts worth counting: consent, FAQ feedback, strangers' groups left. No text, no names."""

    __tablename__ = "record"

    id: int = _id()
    fact: str = _text()
    detail: str = _text()
    contact_id: int | None = _ref()
    at: datetime = _at()


class FaqFileRow(SQLModel, table=True):
    """The last good text of each FAQ file: what answers when the file on disk is broken."""

    __tablename__ = "faq_file"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    loaded_at: datetime = _at()


class MovedChatRow(SQLModel, table=True):
    """A group that got another id; settings go on naming the old one."""

    __tablename__ = "moved_chat"

    old: str = Field(sa_column=Column(Text, primary_key=True))
    new: str = _text()


class MetRow(SQLModel, table=True):
    """Groups that are not ours and were told so once."""

    __tablename__ = "stranger_group"

    chat: str = Field(sa_column=Column(Text, primary_key=True))
    at: datetime = _at()
