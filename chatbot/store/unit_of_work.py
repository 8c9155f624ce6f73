"""The unit of work: one session, one transaction, one method for each thing that the services need.

Owns queries about people, tickets and what was sent. Refuses rules, and never hands out its session.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cached_property

from sqlalchemy import bindparam, or_, select, text, update
from sqlmodel import Session, SQLModel, col

from chatbot.store.alarms import AlarmBook
from chatbot.store.audit import Audit
from chatbot.store.due import DueTickets
from chatbot.store.duty import Duty
from chatbot.store.erasures import Erasures
from chatbot.store.faq_edits import FaqEdits
from chatbot.store.faq_gaps import FaqGaps
from chatbot.store.groups import Groups
from chatbot.store.guards import Guards
from chatbot.store.incidents import IncidentTickets
from chatbot.store.media import MediaShelf
from chatbot.store.outbox import Outbox
from chatbot.store.people import People
from chatbot.store.queue import Inbox
from chatbot.store.restores import Restores
from chatbot.store.set_aside import MOVED, SetAside
from chatbot.store.tables import (
    CORRECTED,
    LIVE,
    OPEN,
    RECALLED,
    ConversationRow,
    InboundRow,
    MediaRow,
    OutboundRow,
    SentMessageRow,
    TicketEventRow,
    TicketRow,
)
from chatbot.store.tickets import Tickets, taken_back
from chatbot.store.wakes import OUTBOUND, wrote

_ABOUT_OTHERS = frozenset({"edit", "press", "revoke", "reaction", "receipt"})  # kinds that speak of another message

# Made once, as in ``queue``.
_CONVERSATIONS = select(ConversationRow).where(
    col(ConversationRow.contact_id).in_(bindparam("contact_ids", expanding=True))
)
_TICKETS = (
    select(TicketRow)
    .where(
        col(TicketRow.contact_id).in_(bindparam("contact_ids", expanding=True)),
        or_(text(OPEN), col(TicketRow.closed_at) > bindparam("closed_after")),
        col(TicketRow.erased_at).is_(None),
    )
    .order_by(col(TicketRow.id).desc())
)


class UnitOfWork:
    """Everything that is read or written in one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def inbox(self) -> Inbox:
        """What came in."""
        return Inbox(self._session)

    @cached_property
    def outbox(self) -> Outbox:
        """What goes out."""
        return Outbox(self._session)

    @cached_property
    def media(self) -> MediaShelf:
        """Files."""
        return MediaShelf(self._session)

    @cached_property
    def set_aside(self) -> SetAside:
        """What broke on its way in or out."""
        return SetAside(self._session)

    @cached_property
    def restores(self) -> Restores:
        """When the database came out of a backup."""
        return Restores(self._session)

    @cached_property
    def people(self) -> People:
        """Citizens and where they are reached."""
        return People(self._session)

    @cached_property
    def groups(self) -> Groups:
        """The officers' groups and the topics in them."""
        return Groups(self._session)

    @cached_property
    def alarms(self) -> AlarmBook:
        """What the administrators were told of, and what calls for that."""
        return AlarmBook(self._session)

    @cached_property
    def due(self) -> DueTickets:
        """Tickets whose time has come."""
        return DueTickets(self._session)

    @cached_property
    def tickets(self) -> Tickets:
        """What a group sees of its tickets."""
        return Tickets(self._session)

    @cached_property
    def incidents(self) -> IncidentTickets:
        """Tickets of one incident."""
        return IncidentTickets(self._session)

    @cached_property
    def guards(self) -> Guards:
        """Who must not be written to first, and who is blocked."""
        return Guards(self._session)

    @cached_property
    def erasures(self) -> Erasures:
        """What is erased."""
        return Erasures(self._session)

    @cached_property
    def faq_edits(self) -> FaqEdits:
        """Changes of the FAQ that admins sent."""
        return FaqEdits(self._session)

    @cached_property
    def faq_gaps(self) -> FaqGaps:
        """Questions that the FAQ did not answer."""
        return FaqGaps(self._session)

    @cached_property
    def duty(self) -> Duty:
        """The duty roster."""
        return Duty(self._session)

    @cached_property
    def audit(self) -> Audit:
        """The audit trail."""
        return Audit(self._session)

    def add(self, row: SQLModel) -> None:
        """Write a new row with this transaction."""
        self._session.add(row)
        if isinstance(row, OutboundRow | MediaRow):
            wrote(self._session, OUTBOUND)

    def flush(self) -> None:
        """Send what was added to the database, so that ids are known."""
        self._session.flush()

    # Dialogues

    def locale_of(self, contact_id: int, default: str) -> str:
        """The language of a contact's conversation."""
        state = self._session.get(ConversationRow, contact_id)
        return (state.locale or default) if state else default

    def conversations(self, contact_ids: Collection[int]) -> dict[int, ConversationRow]:
        """The dialogue states of contacts, of those that have one."""
        rows = self._session.scalars(_CONVERSATIONS, {"contact_ids": contact_ids})
        return {row.contact_id: row for row in rows}

    def held_conversations(self, before: datetime) -> list[ConversationRow]:
        """States that hold a photo, voice note or place since before a time."""
        return list(self._session.scalars(select(ConversationRow).where(col(ConversationRow.held_since) < before)))

    # Tickets

    def tickets_of(self, contact_ids: Collection[int], closed_after: datetime) -> dict[int, list[TicketRow]]:
        """Open tickets, and those closed since a time, of each contact; newest first."""
        rows = self._session.scalars(_TICKETS, {"contact_ids": contact_ids, "closed_after": closed_after})
        found: dict[int, list[TicketRow]] = {}
        for row in rows:
            found.setdefault(row.contact_id, []).append(row)
        return found

    def ticket(self, ticket_id: int) -> TicketRow | None:
        """One ticket."""
        return self._session.get(TicketRow, ticket_id)

    def ticket_by_number(self, number: str) -> TicketRow | None:
        """The ticket of a public number; callers on the citizen's side check whose it is."""
        return self._session.scalars(select(TicketRow).where(col(TicketRow.number) == number)).one_or_none()

    def own_ticket(self, number: str, contact_id: int) -> TicketRow | None:
        """The ticket of a public number, if it is this contact's."""
        return self._session.scalars(
            select(TicketRow).where(col(TicketRow.number) == number, col(TicketRow.contact_id) == contact_id)
        ).one_or_none()

    def number_taken(self, number: str) -> bool:
        """Whether a public number was ever given."""
        return self.ticket_by_number(number) is not None

    def homeless_tickets(self, groups: Collection[str]) -> list[TicketRow]:
        """Open tickets of none of these groups: filed while none was set, or for one that is not ours any more."""
        query = select(TicketRow).where(col(TicketRow.chat).not_in(groups), text(OPEN))
        return list(self._session.scalars(query))

    def strayed(self, category: str, home: str) -> list[TicketRow]:
        """Tickets of a category, open or not, that stand in another group than their home."""
        query = select(TicketRow).where(col(TicketRow.category) == category, col(TicketRow.chat).not_in(["", home]))
        return list(self._session.scalars(query))

    def drop_waiting(self, ticket_id: int, chat: str) -> None:
        """What waits to be sent to a ticket's place in a group that it leaves is not sent there."""
        self._session.execute(
            update(OutboundRow)
            .where(
                text(f"outbound.{LIVE}"),
                col(OutboundRow.state) != "sending",
                col(OutboundRow.ticket_id) == ticket_id,
                col(OutboundRow.chat) == chat,
            )
            .values(state="dead", error=MOVED)
            .execution_options(synchronize_session=None)
        )

    def live_alerts(self) -> list[TicketRow]:
        """All live emergencies."""
        return list(self._session.scalars(select(TicketRow).where(text("ticket.alert_live"))))

    def has_live_alert(self, contact_id: int) -> bool:
        """Whether an emergency of a contact is live."""
        query = select(col(TicketRow.id)).where(text("ticket.alert_live"), col(TicketRow.contact_id) == contact_id)
        return self._session.scalars(query.limit(1)).first() is not None

    def events(self, ticket_id: int) -> list[TicketEventRow]:
        """A ticket's history."""
        query = select(TicketEventRow).where(col(TicketEventRow.ticket_id) == ticket_id)
        return list(self._session.scalars(query.order_by(col(TicketEventRow.id))))

    def standing_events(self, ticket_id: int) -> list[TicketEventRow]:
        """A ticket's history without what officers took back; what they made of the same message later stays."""
        return self.standing_events_of([ticket_id]).get(ticket_id, [])

    def standing_events_of(self, ticket_ids: Collection[int]) -> dict[int, list[TicketEventRow]]:
        """The same of several tickets, by their ids."""
        query = select(TicketEventRow).where(col(TicketEventRow.ticket_id).in_(ticket_ids), ~taken_back(TicketEventRow))
        found: dict[int, list[TicketEventRow]] = {}
        for event in self._session.scalars(query.order_by(col(TicketEventRow.id))):
            found.setdefault(event.ticket_id, []).append(event)
        return found

    def event_of(self, inbound_id: int) -> TicketEventRow | None:
        """The latest event that an inbound message became: a note may have become an answer."""
        events = self._events_of(inbound_id)
        return next((event for event in events if event.event not in {CORRECTED, RECALLED}), None)

    def corrected_text(self, inbound_id: int) -> str:
        """What an inbound message says after its latest correction; empty when it was never corrected."""
        return next((event.text for event in self._events_of(inbound_id) if event.event == CORRECTED), "")

    def _events_of(self, inbound_id: int) -> list[TicketEventRow]:
        """All events of an inbound message, the latest first."""
        query = select(TicketEventRow).where(col(TicketEventRow.inbound_id) == inbound_id)
        return list(self._session.scalars(query.order_by(col(TicketEventRow.id).desc())))

    def inbounds_of_messages(
        self, channel: str, chat: str, message_ids: Collection[str], *, edits: bool = False
    ) -> list[InboundRow]:
        """The stored messages that platform message ids name, oldest first; the originals, or their edits too."""
        query = select(InboundRow).where(
            col(InboundRow.channel) == channel,
            col(InboundRow.chat) == chat,
            col(InboundRow.message_id).in_(message_ids),
            col(InboundRow.kind).not_in(_ABOUT_OTHERS - {"edit"} if edits else _ABOUT_OTHERS),
        )
        return list(self._session.scalars(query.order_by(col(InboundRow.id))))

    # Where messages stand

    def sent_messages(self, keys: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], SentMessageRow]:
        """Our messages among (channel, chat, message id) triples."""
        found: dict[tuple[str, str, str], SentMessageRow] = {}
        for channel, chat in {(channel, chat) for channel, chat, _ in keys}:
            ids = [message_id for *place, message_id in keys if place == [channel, chat]]
            query = select(SentMessageRow).where(
                col(SentMessageRow.channel) == channel,
                col(SentMessageRow.chat) == chat,
                col(SentMessageRow.message_id).in_(ids),
            )
            found.update({(row.channel, row.chat, row.message_id): row for row in self._session.scalars(query)})
        return found

    def remember_sent(self, row: SentMessageRow) -> None:
        """Remember which row a platform's message id names."""
        self._session.merge(row)

    def template_sent(self, contact_id: int, chat: str, since: datetime) -> bool:
        """Whether the citizen was told there since a time that an answer waits."""
        query = select(col(OutboundRow.id)).where(
            col(OutboundRow.contact_id) == contact_id,
            col(OutboundRow.chat) == chat,
            col(OutboundRow.task) == "template",
            col(OutboundRow.created_at) > since,
        )
        return self._session.scalars(query.limit(1)).first() is not None

    def inbound(self, inbound_id: int) -> InboundRow | None:
        """A stored message."""
        return self._session.get(InboundRow, inbound_id)

    def inbounds(self, ids: Iterable[int]) -> list[InboundRow]:
        """Stored messages, in the order they came."""
        return list(
            self._session.scalars(select(InboundRow).where(col(InboundRow.id).in_(ids)).order_by(col(InboundRow.id)))
        )

    def keep_with_ticket(self, inbound_ids: Collection[int], ticket_id: int) -> None:
        """Messages that became part of a ticket are kept as long as it is."""
        self._session.execute(update(InboundRow).where(col(InboundRow.id).in_(inbound_ids)).values(ticket_id=ticket_id))

    def inbound_of_message(self, channel: str, chat: str, message_id: str) -> InboundRow | None:
        """The stored message that a platform's message id names; the original, not its edits."""
        return next(iter(self.inbounds_of_messages(channel, chat, [message_id])), None)

    def outbound(self, outbound_id: int) -> OutboundRow | None:
        """One outgoing row."""
        return self._session.get(OutboundRow, outbound_id)

    def outbound_from(self, source_id: int) -> list[OutboundRow]:
        """What was written to pass on a stored message."""
        query = select(OutboundRow).where(col(OutboundRow.source_id) == source_id)
        return list(self._session.scalars(query.order_by(col(OutboundRow.id))))

    def has_live(self, queue: str, purpose: str) -> bool:
        """Whether a row of this purpose waits in a queue already or is under way."""
        return (
            self._session.scalars(
                select(col(OutboundRow.id))
                .where(
                    col(OutboundRow.queue) == queue,
                    col(OutboundRow.purpose) == purpose,
                    text(f"outbound.{LIVE}"),
                    col(OutboundRow.state) != "held",
                )
                .limit(1)
            ).first()
            is not None
        )

    def has_any_live(self, queue: str) -> bool:
        """Whether anything waits in a queue or is under way."""
        query = select(col(OutboundRow.id)).where(col(OutboundRow.queue) == queue, text(f"outbound.{LIVE}"))
        return self._session.scalars(query.limit(1)).first() is not None

    def has_pending(self, queue: str, purpose: str) -> bool:
        """Whether a row of this purpose waits in a queue and was not tried yet, so that another would say the same."""
        return (
            self._session.scalars(
                select(col(OutboundRow.id))
                .where(
                    col(OutboundRow.queue) == queue,
                    col(OutboundRow.purpose) == purpose,
                    text(f"outbound.{LIVE}"),
                    col(OutboundRow.state) == "pending",
                )
                .limit(1)
            ).first()
            is not None
        )

    def last_answer(self, actor: str, ticket_id: int | None, since: datetime) -> TicketEventRow | None:
        """An officer's latest message to a citizen since a time that stands, on one ticket or on any."""
        query = select(TicketEventRow).where(
            col(TicketEventRow.actor) == actor,
            col(TicketEventRow.at) >= since,
            col(TicketEventRow.event).in_(["answered", "asked", "closed", "rejected"]),
            ~taken_back(TicketEventRow),
        )
        if ticket_id is not None:
            query = query.where(col(TicketEventRow.ticket_id) == ticket_id)
        return self._session.scalars(query.order_by(col(TicketEventRow.id).desc())).first()
