"""Erasing words, names and addresses: of a ticket, of what belongs to none, of a person of whom nothing is left.

Owns these statements, each over few rows; numbers, times and states stay. Refuses to say what may be erased
(``services.erasure``), and files (``media``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    Table,
    Text,
    and_,
    case,
    cast,
    delete,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlmodel import Session, SQLModel, col

from chatbot.store.audit import ERASED
from chatbot.store.tables import (
    ERASING,
    GIVEN,
    LIVE,
    OF_CONTACT,
    OF_TICKET,
    OPEN,
    PAST,
    PURGEABLE,
    WORDED,
    AddressRow,
    ContactRow,
    ConversationRow,
    SentMessageRow,
    TicketEventRow,
    TicketRow,
)

# What the platforms send twice, they send twice within a week: until then the key has to recognise it.
REPEATED_WITHIN = timedelta(days=8)
_INVITED = timedelta(days=30)  # how long it is asked whether somebody was sent the template
_INBOUND: Table = SQLModel.metadata.tables["inbound"]
_OUTBOUND: Table = SQLModel.metadata.tables["outbound"]
_EVENT: Table = SQLModel.metadata.tables["ticket_event"]
_BODY = func.length(_INBOUND.c.raw) > 0
_GONE = "erased:"  # begins what stands in the place of an address
_LEFT = text(f"not (outbound.{LIVE})")
_NOBODYS = {
    "payload": b"",
    "error": "",
    "external_id": "",
    "contact_id": None,
    "for_group": True,
    "chat": "",
    "queue": "",
}


class Purgeable(NamedTuple):
    """A message whose body may be emptied, unless somebody still needs it."""

    id: int
    received_at: datetime
    contact_id: int | None


class Erasures:
    """What is erased, as a unit of work does it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # Tickets

    def past(self, before: datetime, limit: int) -> list[TicketRow]:
        """Tickets that ended before a time and may be erased, those that ended first ahead."""
        query = select(TicketRow).where(
            text(f"ticket.{PAST}"), col(TicketRow.closed_at) < before, col(TicketRow.legal_hold).is_(False)
        )
        return list(self._session.scalars(query.order_by(col(TicketRow.closed_at), col(TicketRow.id)).limit(limit)))

    def under_way(self) -> list[int]:
        """Erased tickets whose words are not all gone yet."""
        query = select(col(TicketRow.id)).where(text(f"ticket.{ERASING}"))
        return list(self._session.scalars(query.order_by(col(TicketRow.id))))

    def of_contact(self, contact_id: int) -> list[TicketRow]:
        """All tickets of a contact, the first one first."""
        query = select(TicketRow).where(col(TicketRow.contact_id) == contact_id)
        return list(self._session.scalars(query.order_by(col(TicketRow.id))))

    def empty_events(self, ticket_id: int, limit: int) -> int:
        """Empty the next texts of a ticket's history from before it was erased; how many."""
        erased = select(func.max(_EVENT.c.id)).where(_EVENT.c.ticket_id == ticket_id, _EVENT.c.event == ERASED)
        ids = select(_EVENT.c.id).where(
            _EVENT.c.ticket_id == ticket_id, _EVENT.c.text != "", _EVENT.c.id < erased.scalar_subquery()
        )
        found = self._session.scalars(ids.limit(limit)).all()
        self._session.connection().execute(update(_EVENT).where(_EVENT.c.id.in_(found)).values(text=""))
        return len(found)

    def empty_messages(self, ticket_id: int, now: datetime, limit: int) -> int:
        """Erase the next messages of a ticket, citizens' and officers', but what another one's history needs too."""
        said = select(_EVENT.c.inbound_id).where(_EVENT.c.ticket_id == ticket_id, _EVENT.c.inbound_id.is_not(None))
        of_ticket = and_(text(f"inbound.{OF_TICKET}"), _INBOUND.c.ticket_id == ticket_id)
        found: list[int] = []
        for which in (of_ticket, _INBOUND.c.id.in_(said)):
            ids = select(_INBOUND.c.id).where(which, _BODY, _INBOUND.c.state != "stored", ~_said_elsewhere(ticket_id))
            found += self._session.scalars(ids.limit(limit - len(found))).all()
        self._erase_messages(set(found), now)
        return len(found)

    def empty_sent(self, ticket_id: int, limit: int) -> int:
        """Erase the next words that were sent about a ticket, and to whom; what was not sent is not sent any more."""
        ids = select(_OUTBOUND.c.id).where(
            _OUTBOUND.c.ticket_id == ticket_id,
            _OUTBOUND.c.state != "sending",
            or_(text(WORDED), text(OF_CONTACT)),
        )
        return self._erase_sent(ids.limit(limit))

    def is_sending(self, ticket_id: int) -> bool:
        """Whether a word about a ticket is under way to a platform."""
        query = select(_OUTBOUND.c.id).where(_OUTBOUND.c.ticket_id == ticket_id, _OUTBOUND.c.state == "sending")
        return self._session.scalars(query.limit(1)).first() is not None

    # What belongs to no ticket

    def purgeable(self, before: datetime, after: tuple[datetime, int], limit: int) -> list[Purgeable]:
        """Handled messages of no ticket that still have their body: received before a time, behind a row, in order."""
        received, row_id = _INBOUND.c.received_at, _INBOUND.c.id
        rows = self._session.execute(
            select(row_id, received, _INBOUND.c.contact_id)
            .where(
                text(f"inbound.{PURGEABLE}"),
                received < before,
                tuple_(received, row_id) > after,
                _INBOUND.c.state != "stored",
            )
            .order_by(received, row_id)
            .limit(limit)
        )
        return [Purgeable(*row) for row in rows]

    def empty_bodies(self, ids: Collection[int]) -> None:
        """Empty bodies; the key that recognises duplicates stays, but where the body was erased before."""
        key = case((func.length(_INBOUND.c.raw) == 0, _erased_key()), else_=_INBOUND.c.external_id)
        self._session.connection().execute(
            update(_INBOUND).where(_INBOUND.c.id.in_(ids)).values(raw=None, message_id="", external_id=key)
        )

    def messages_of(self, contact_id: int) -> list[int]:
        """Messages of a contact that belong to no ticket and still have their body."""
        query = select(_INBOUND.c.id).where(
            _BODY, _INBOUND.c.ticket_id.is_(None), _INBOUND.c.state != "stored", self._from(contact_id)
        )
        return list(self._session.scalars(query.order_by(_INBOUND.c.id)))

    def filed_in_secret(self, contact_id: int) -> datetime | None:
        """When a contact last filed what it is not to be shown: a sealed ticket, or one that is another's by now."""
        filed = select(func.max(col(TicketRow.opened_at))).where(
            self._from(contact_id),
            _INBOUND.c.ticket_id == col(TicketRow.id),
            or_(col(TicketRow.sealed), col(TicketRow.contact_id) != contact_id),
        )
        return self._session.scalar(filed)

    def erase_messages(self, ids: Collection[int], now: datetime) -> None:
        """Erase messages that belong to no ticket: body, where they came from and, once it is of no use, their key."""
        self._erase_messages(ids, now)

    def erase_sent_to(self, contact_id: int) -> None:
        """Erase what was sent to a contact and belongs to no ticket."""
        ids = select(_OUTBOUND.c.id).where(
            text(OF_CONTACT),
            _OUTBOUND.c.contact_id == contact_id,
            _OUTBOUND.c.ticket_id.is_(None),
            _OUTBOUND.c.task != "template",
            _LEFT,
        )
        self._erase_sent(ids)

    def empty_sent_before(self, before: datetime, limit: int) -> int:
        """Empty the next words that were sent, or never will be, before a time; of no ticket, to whom they went too.

        What is known of a template stays as long as it is asked for.
        """
        template = and_(_OUTBOUND.c.task == "template", _OUTBOUND.c.created_at >= before - _INVITED)
        query = select(_OUTBOUND.c.id).where(text(WORDED), _OUTBOUND.c.created_at < before, _LEFT, ~template)
        found = self._session.scalars(query.order_by(_OUTBOUND.c.created_at, _OUTBOUND.c.id).limit(limit)).all()
        these = _OUTBOUND.c.id.in_(found)
        self._erase_sent(select(_OUTBOUND.c.id).where(these, _OUTBOUND.c.ticket_id.is_(None)))
        self._session.connection().execute(update(_OUTBOUND).where(these).values(payload=b""))
        return len(found)

    # People

    def silent(self, before: datetime, now: datetime, limit: int) -> list[int]:
        """Contacts whose dialogue was not touched since a time, who have no open ticket and are not blocked."""
        waiting = exists().where(col(TicketRow.contact_id) == col(ConversationRow.contact_id), text(OPEN))
        blocked = exists().where(
            col(ContactRow.id) == col(ConversationRow.contact_id), col(ContactRow.blocked_until) > now
        )
        query = select(col(ConversationRow.contact_id)).where(
            col(ConversationRow.updated_at) < before, ~waiting, ~blocked
        )
        return list(self._session.scalars(query.limit(limit)))

    def forget_dialogue(self, contact_id: int) -> None:
        """Delete a dialogue."""
        self._session.execute(delete(ConversationRow).where(col(ConversationRow.contact_id) == contact_id))

    def is_needed(self, contact_id: int) -> bool:
        """Whether a contact is still somebody to us: a ticket that is not erased, or a message that waits."""
        ticket = exists().where(col(TicketRow.contact_id) == contact_id, col(TicketRow.erased_at).is_(None))
        waits = exists().where(_INBOUND.c.state == "stored", self._at_address(contact_id))
        return bool(self._session.scalar(select(or_(ticket, waits))))

    def has_dialogue(self, contact_id: int) -> bool:
        """Whether a contact has a dialogue that is not forgotten yet."""
        return self._session.get(ConversationRow, contact_id) is not None

    def forget_messages(self, contact_id: int, now: datetime, limit: int) -> int:
        """Erase the next messages of a contact of whom nothing is to be left, bodies or not; how many."""
        ids = self._session.scalars(select(_INBOUND.c.id).where(self._from(contact_id)).limit(limit)).all()
        self._erase_messages(ids, now)
        return len(ids)

    def forget_contact(self, contact_id: int) -> None:
        """Erase name and addresses of a contact whose messages are erased. Who writes again is a stranger."""
        contact = self._session.get_one(ContactRow, contact_id)
        contact.name = contact.block_reason = ""
        theirs = select(_OUTBOUND.c.id).where(text(OF_CONTACT), _OUTBOUND.c.contact_id == contact_id)
        self._erase_sent(theirs)
        addresses = select(AddressRow).where(
            col(AddressRow.contact_id) == contact_id, ~col(AddressRow.external_id).startswith(_GONE)
        )
        for old in self._session.scalars(addresses).all():
            gone = f"{_GONE}{old.id}"
            self._session.add(AddressRow(contact_id=contact_id, channel=old.channel, external_id=gone))
            self._session.flush()
            at = (col(TicketRow.contact_id) == contact_id, col(TicketRow.channel) == old.channel)
            self._session.execute(
                update(TicketRow)
                .where(*at, col(TicketRow.address) == old.external_id)
                .values(address=gone)
                .execution_options(synchronize_session=False)
            )
            self._session.execute(
                delete(SentMessageRow).where(
                    col(SentMessageRow.channel) == old.channel, col(SentMessageRow.chat) == old.external_id
                )
            )
            self._session.delete(old)
            self._session.flush()

    # How

    def _from(self, contact_id: int) -> ColumnElement[bool]:
        """Messages of a contact, by the chats that they came from: an id may have been another person's before."""
        return and_(self._at_address(contact_id), _INBOUND.c.contact_id == contact_id)

    def _at_address(self, contact_id: int) -> ColumnElement[bool]:
        chats = self._session.execute(
            select(col(AddressRow.channel), col(AddressRow.external_id)).where(col(AddressRow.contact_id) == contact_id)
        ).all()
        return or_(false(), *(and_(_INBOUND.c.chat == chat, _INBOUND.c.channel == channel) for channel, chat in chats))

    def _erase_messages(self, ids: Collection[int], now: datetime) -> None:
        young = _INBOUND.c.received_at >= now - REPEATED_WITHIN
        gone = {
            # Empty and there: the purge takes the key once its time has come.
            "raw": case((young, literal(b"", LargeBinary)), else_=null()),
            "external_id": case((young, _INBOUND.c.external_id), else_=_erased_key()),
            "ticket_id": case((young, null()), else_=_INBOUND.c.ticket_id),
        }
        self._session.connection().execute(
            update(_INBOUND).where(_INBOUND.c.id.in_(ids)).values(message_id="", chat="", **gone)
        )

    def _erase_sent(self, which: Select[tuple[int]]) -> int:
        found = self._session.scalars(which).all()
        state = case((text(f"outbound.{LIVE}"), "dead"), else_=_OUTBOUND.c.state)
        purpose = case((text(f"outbound.{GIVEN}"), "reply"), else_=_OUTBOUND.c.purpose)  # it has no words to forget
        self._session.connection().execute(
            update(_OUTBOUND).where(_OUTBOUND.c.id.in_(found)).values(state=state, purpose=purpose, **_NOBODYS)
        )
        return len(found)


def _erased_key() -> ColumnElement[str]:
    """What stands in the place of a platform's id, which may be made of a phone number."""
    return literal(_GONE) + cast(_INBOUND.c.id, Text)


def _said_elsewhere(ticket_id: int) -> ColumnElement[bool]:
    """Whether the history of another ticket that is not erased names a message too: one answer reaches an incident."""
    stands = exists().where(
        col(TicketEventRow.inbound_id) == _INBOUND.c.id,
        col(TicketEventRow.ticket_id) != ticket_id,
        col(TicketRow.id) == col(TicketEventRow.ticket_id),
        col(TicketRow.erased_at).is_(None),
    )
    return stands.correlate(_INBOUND)
