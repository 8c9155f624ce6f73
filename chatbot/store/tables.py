"""The tables. One word per thing, as in docs/glossary.md.

Owns columns, keys and the guards that make it impossible to write a row that sends one citizen's data to another.
Refuses queries (``unit_of_work``, ``queue``) and rules (``core``).
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from chatbot.store.columns import Row, moment, ref, row_id, words
from chatbot.store.encryption import secret_blob, secret_words

# What a partial index covers. SQLite uses such an index only for a query that holds the very same words, not a bound
# value, so the queries of ``queue`` take them from here.
STORED = "state = 'stored'"
QUARANTINED = "state = 'quarantined'"
DEAD = "state = 'dead'"
URGENT = "urgent and state = 'stored'"
PURGEABLE = "raw is not null and ticket_id is null"
PENDING = "state = 'pending'"
_OPEN = "status not in ('closed', 'rejected')"
OPEN = f"ticket.{_OPEN}"
_CLOCK = "clock_at is not null"
WAITING = "status = 'waiting'"
UNCONFIRMED = "status = 'closed' and confirmed_at is null"
_INCIDENT = "incident_id is not null"
UNSAFE = "unsafe"
CORRECTED = "corrected"  # an event beside an officer's message: its words after an edit
RECALLED = "recalled"  # the same: it was taken back before it left
RECEIPT = "receipt <> ''"
LIVE = "state in ('pending', 'sending', 'held')"
HELD = "state = 'held'"
GIVEN = "purpose = 'receipt'"
WINDOW = "window_at is not null"
UNCOMPARED = "proof and compared_at is null and state <> 'wanted'"
COMPARED = "proof and compared_at is not null"
OF_TICKET = "ticket_id is not null and raw is not null"
OF_CONTACT = "contact_id is not null"
WORDED = "length(payload) > 0"
PAST = "closed_at is not null and erased_at is null"
ERASING = "erased_at is not null and not emptied"


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows that a condition holds for, on either engine."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class InboundRow(Row, table=True):
    """A message as stored before it was understood. The duplicate key outlives the body."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "account", "external_id", "body_hash"),
        CheckConstraint("state in ('stored', 'done', 'quarantined')"),
        _partial("inbound_waiting", "road", "id", where=STORED),
        _partial("inbound_waiting_lane", "road", "lane", "id", where=STORED),
        _partial("inbound_waiting_chat", "road", "chat", "id", where=STORED),
        _partial("inbound_urgent", "road", "id", where=URGENT),
        _partial("inbound_quarantined", "id", where=QUARANTINED),
        Index("inbound_message", "chat", "message_id"),
        _partial("inbound_purgeable", "received_at", "id", where=PURGEABLE),
        _partial("inbound_ticket", "ticket_id", where=OF_TICKET),
    )

    id: int = row_id()
    channel: str = words()
    account: str = words()
    external_id: str = words()
    body_hash: str = words()
    road: str = words()  # citizen, desk: which loop takes it
    lane: int = Field(default=0)  # hash of the chat; one worker at a time serves a lane
    kind: str = words()
    urgent: bool | None = Field(default=None)  # its words speak of danger: its chat goes first; None: not looked at
    chat: str = words()
    message_id: str = words()
    at: datetime = moment()
    received_at: datetime = moment()
    state: str = words("stored")
    outcome: str = words()  # answered, ticketed, ignored, quarantined
    attempts: int = Field(default=0)
    error: str = words()
    contact_id: int | None = ref()
    ticket_id: int | None = ref()
    raw: bytes | None = secret_blob()


class ContactRow(Row, table=True):
    """A citizen. Everything personal hangs on this row."""

    __tablename__ = "contact"

    id: int = row_id()
    name: str = secret_words()
    created_at: datetime = moment()
    blocked_until: datetime | None = moment(nullable=True)  # for abuse; an emergency is heard all the same
    block_reason: str = secret_words()
    appealed_at: datetime | None = moment(nullable=True)  # against this block


class AddressRow(Row, table=True):
    """Where a citizen is reached. A known number with a new business-scoped id is another contact."""

    __tablename__ = "address"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        UniqueConstraint("contact_id", "channel", "external_id"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"]),
    )

    id: int = row_id()
    contact_id: int = ref(nullable=False)
    channel: str = words()
    external_id: str = words()
    stopped_at: datetime | None = moment(nullable=True)  # blocked us, or the account is gone
    wrote_at: datetime | None = moment(nullable=True)  # the last message, where the channel has a reply window


_CONVERSATION_VERSION: Column[int] = Column("version", Integer, nullable=False)
_TICKET_VERSION: Column[int] = Column("version", Integer, nullable=False)


class ConversationRow(Row, table=True):
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
    __mapper_args__: ClassVar = {"version_id_col": _CONVERSATION_VERSION}

    contact_id: int = ref(nullable=False, primary_key=True)
    state: bytes = secret_blob(b"{}")
    version: int = Field(default=None, sa_column=_CONVERSATION_VERSION)
    locale: str = words()
    held_since: datetime | None = moment(nullable=True)  # a photo, voice note or place that waits to be explained
    updated_at: datetime = moment()


class TicketRow(Row, table=True):
    """A numbered duty towards one contact."""

    __tablename__ = "ticket"
    __mapper_args__: ClassVar = {"version_id_col": _TICKET_VERSION}
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("id", "contact_id"),
        ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        ForeignKeyConstraint(
            ["contact_id", "channel", "address"], ["address.contact_id", "address.channel", "address.external_id"]
        ),
        Index("ticket_contact", "contact_id", "status"),
        Index("ticket_group", "chat", "opened_at", "id"),
        _partial("ticket_open", "chat", "id", where=_OPEN),
        Index("ticket_recent", "chat", "opened_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ticket_incident", "incident_id", sqlite_where=text(_INCIDENT), postgresql_where=text(_INCIDENT)),
        Index("ticket_unsafe", "contact_id", sqlite_where=text(UNSAFE), postgresql_where=text(UNSAFE)),
        Index("ticket_waiting", "remind_at", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("ticket_unconfirmed", "closed_at", sqlite_where=text(UNCONFIRMED), postgresql_where=text(UNCONFIRMED)),
        Index("ticket_clock", "clock_at", sqlite_where=text(_CLOCK), postgresql_where=text(_CLOCK)),
        Index("ticket_receipt", "receipt", unique=True, sqlite_where=text(RECEIPT), postgresql_where=text(RECEIPT)),
        Index("ticket_window", "window_at", sqlite_where=text(WINDOW), postgresql_where=text(WINDOW)),
        _partial("ticket_one_live_alert", "contact_id", where="alert_live", unique=True),
        _partial("ticket_past", "closed_at", "id", where=PAST),
        _partial("ticket_erasing", "id", where=ERASING),
    )

    id: int = row_id()
    number: str = words()
    contact_id: int = ref(nullable=False)
    channel: str = words()  # where the citizen last wrote about it
    address: str = words()
    status: str = words()
    category: str = words()
    identity: str = words()
    receipt: str = words()  # the digest of an anonymous reporter's secret receipt
    complaint: bytes = secret_blob(b"{}")
    unit: str = words()  # the unit that serves it, by its id; empty where the region has none
    area: str = words()  # the code of the district that it happened in; empty: unknown
    sealed: bool = Field(default=False)  # about police members and no group to bring it to
    chat: str = words()  # the officers' group that serves it; empty when sealed
    thread: str = words()
    has_topic: bool | None = Field(default=None)  # None: not tried yet
    card_message: str = words()
    unsafe: bool = Field(default=False)  # the citizen may be watched: nobody writes to him first
    officer_id: str = words()
    officer_name: str = secret_words()
    incident_id: int | None = ref()  # id of the first ticket of its incident; only while there are two of them
    objected: bool = Field(default=False)  # the citizen reopened it: it goes ahead of the others
    result: str = secret_words()
    rating: int | None = Field(default=None)
    uncertain: int = Field(default=0)  # messages that may have arrived twice
    undelivered: int = Field(default=0)  # answers that did not reach the citizen
    written_at: datetime | None = moment(nullable=True)  # when an officer last wrote to the citizen
    opened_at: datetime = moment()
    updated_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)
    confirmed_at: datetime | None = moment(nullable=True)  # the citizen agrees that it is done
    legal_hold: bool = Field(default=False)  # a procedure needs it: nothing of it may be erased
    erased_at: datetime | None = moment(nullable=True)  # its form and result went; from then on nothing is done with it
    emptied: bool = Field(default=False)  # and so did its history's words, its messages and its files
    asked_until: datetime | None = moment(nullable=True)  # until when the citizen is waited for
    remind_at: datetime | None = moment(nullable=True)  # when that is to be said or ended
    clock_at: datetime | None = moment(nullable=True)  # when its clocks have something to say next
    clock_said: str = words()  # what they said, as "done:3 first:4", the numbers being steps
    window_at: datetime | None = moment(nullable=True)  # when its citizen's reply window is looked at next
    window_told_at: datetime | None = moment(nullable=True)  # the end of the window that officers were told of
    alert: bool = Field(default=False)
    alert_live: bool = Field(default=False)  # nobody has pressed it, or the danger was minutes ago
    alert_told: bool = Field(default=False)  # the citizen knows that the officers have it
    alert_pressed_at: datetime | None = moment(nullable=True)
    alert_repeated_at: datetime | None = moment(nullable=True)
    alert_reminded_at: datetime | None = moment(nullable=True)
    version: int = Field(default=None, sa_column=_TICKET_VERSION)


class TicketEventRow(Row, table=True):
    """What happened to a ticket. Rows are added, never changed; the text of an edit is a row of its own.

    The database lets one change through: the text of an erased ticket's event becomes empty.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (
        ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        Index("ticket_event_ticket", "ticket_id", "id"),
        Index("ticket_event_actor", "actor", "at"),
        Index("ticket_event_inbound", "inbound_id"),
        Index("ticket_event_at", "at"),
    )

    id: int = row_id()
    ticket_id: int = ref(nullable=False)
    event: str = words()
    at: datetime = moment()
    actor: str = words()  # "citizen", "desk" or the officer's platform id
    inbound_id: int | None = ref()
    text: str = secret_words()


class OutboundRow(Row, table=True):
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
        _partial("outbound_live", "queue", "id", where=LIVE),
        _partial("outbound_due", "channel", "priority", "id", where=PENDING),
        Index("outbound_held", "channel", "chat", sqlite_where=text(HELD), postgresql_where=text(HELD)),
        Index("outbound_receipt", "sent_at", sqlite_where=text(GIVEN), postgresql_where=text(GIVEN)),
        _partial("outbound_dead", "id", where=DEAD),
        _partial("outbound_worded", "created_at", "id", where=WORDED),
        _partial("outbound_contact", "contact_id", where=OF_CONTACT),
        Index("outbound_ticket", "ticket_id"),
        Index("outbound_source", "source_id"),
    )

    id: int = row_id()
    channel: str = words()
    chat: str = words()
    for_group: bool = Field(default=False)
    queue: str = words()  # rows of one queue are sent in the order of their ids
    # Between queues only: 0 emergency, 2 answers, 3 citizens' words, 4 cards, 6 edits, 8 broadcasts.
    priority: int = Field(default=5)
    task: str = words()
    purpose: str = words()  # what delivery or failure means for the desk; see services.outbox
    payload: bytes = secret_blob(b"{}")
    ticket_id: int | None = ref()
    left_ticket_id: int | None = ref()  # its ticket, until that got another reporter
    contact_id: int | None = ref()
    source_id: int | None = ref()  # the inbound message that this passes on
    media_id: int | None = ref()
    state: str = words("pending")
    attempts: int = Field(default=0)
    due_at: datetime = moment()
    created_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)
    receipt: str = words()  # sent < delivered < read; or failed
    external_id: str = words()
    error: str = words()
    uncertain: bool = Field(default=False)


class SentMessageRow(Row, table=True):
    """Which of our messages a platform id names, so that a reply to it finds its ticket."""

    __tablename__ = "sent_message"
    __table_args__ = (ForeignKeyConstraint(["outbound_id"], ["outbound.id"]),)

    channel: str = Field(sa_column=Column(Text, primary_key=True))
    chat: str = Field(sa_column=Column(Text, primary_key=True))
    message_id: str = Field(sa_column=Column(Text, primary_key=True))
    outbound_id: int = ref(nullable=False)
    ticket_id: int | None = ref()
    purpose: str = words()


class MediaRow(Row, table=True):
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
        Index("media_uncompared", "id", sqlite_where=text(UNCOMPARED), postgresql_where=text(UNCOMPARED)),
        Index("media_proof", "id", sqlite_where=text(COMPARED), postgresql_where=text(COMPARED)),
        Index("media_picture", "picture", sqlite_where=text(COMPARED), postgresql_where=text(COMPARED)),
        Index("media_same", "same", sqlite_where=text(COMPARED), postgresql_where=text(COMPARED)),
    )

    id: int = row_id()
    inbound_id: int = ref(nullable=False)
    contact_id: int | None = ref()
    ticket_id: int | None = ref()
    channel: str = words()
    attachment: bytes = secret_blob(b"{}")
    caption: str = secret_words()
    bound_for: str = words()  # desk, citizen, proof (the platform brings it, we only keep it) or nothing yet
    proof: bool = Field(default=False)  # a photo that an officer gave
    compared_at: datetime | None = moment(nullable=True)  # with those given on other tickets
    same: str = words()  # the platform's id of its content
    picture: str = words()  # its perceptual hash, 16 hex digits; empty: none
    relayed: bool = Field(default=False)
    state: str = words("wanted")
    attempts: int = Field(default=0)
    due_at: datetime = moment()
    created_at: datetime = moment()
    sha256: str = words()
    size: int = Field(default=0)
    mime: str = words()
    error: str = words()


class RecordRow(Row, table=True):
    """Facts worth counting: consent, FAQ feedback, strangers' groups left. No text, no names."""

    __tablename__ = "record"

    id: int = row_id()
    fact: str = words()
    detail: str = words()
    contact_id: int | None = ref()
    at: datetime = moment()
