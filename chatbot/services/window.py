"""The reply window of a channel, as officers see it: until when answers go out directly, and when that changes.

Owns when a ticket's window is looked at, the one nudge before its end, and how rarely its card changes for it: when the
window closes or opens again, and when it has moved by the time it is looked at, never for each message. Refuses to
hold answers back: the platform says itself that a window is closed (``outcome``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chatbot.core import ticket as tickets
from chatbot.core.message import Inbound, Kind, Phrase
from chatbot.core.ticket import ENDED, TicketEvent
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.outgoing import Recipient, reporter
from chatbot.store.tables import AddressRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_AHEAD = timedelta(hours=2)  # of the end of a window in which the citizen was not answered
# What is no message of the person's own making, or only says something about another one, opens no window.
_SAYS_NOTHING = frozenset({Kind.EDIT, Kind.REVOKE, Kind.REACTION, Kind.RECEIPT, Kind.MEMBERSHIP, Kind.SYSTEM})
_ANSWERS = frozenset({TicketEvent.ANSWERED, TicketEvent.ASKED, TicketEvent.CLOSED, TicketEvent.REJECTED})


class Windows:
    """Where citizens' reply windows stand, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime) -> None:
        self._uow = uow
        self._office = office
        self._now = now
        self._post = Post(uow, office, now)

    def until(self, ticket: TicketRow) -> datetime | None:
        """The end of a ticket's reply window, past or to come; None: the channel has none, or nobody knows."""
        return self._end(reporter(ticket))

    def _end(self, to: Recipient) -> datetime | None:
        window = self._length(to.channel)
        if window is None:
            return None
        key = (to.channel, to.external_id)
        address = self._uow.people.addresses([key]).get(key)
        return address.wrote_at + window if address and address.wrote_at else None

    def _length(self, channel: str) -> timedelta | None:
        carries = self._office.capabilities.get(channel)
        return carries.reply_window if carries else None

    def heard(self, address: AddressRow, message: Inbound) -> None:
        """A citizen wrote; by the platform's time, and never later than ours."""
        if self._length(address.channel) is None or message.kind in _SAYS_NOTHING:
            return
        at = min(message.at, self._now)
        address.wrote_at = max(address.wrote_at or at, at)

    def first_look(self, to: Recipient) -> datetime | None:
        """When the window of a new duty is to be looked at; None: never."""
        until = self._end(to)
        return until - _AHEAD if until else None

    def opened(self, to: Recipient, known: Sequence[TicketRow]) -> None:
        """The person wrote: tickets whose window was closed have one again. The others find out when it is time.

        Args:
            to: where the person wrote.
            known: the person's tickets.
        """
        for ticket in known:
            if ticket.window_at is None and ticket.status not in ENDED and reporter(ticket) == to:
                ticket.window_at = self.first_look(to)
                if ticket.window_at and ticket.card_message:
                    self._post.card_changed(ticket)

    def look(self, ticket: TicketRow) -> None:
        """A ticket's window is near its end, or was when this was written down: say so, or look again later."""
        before, until = ticket.window_at, self.until(ticket)
        ticket.window_at = None
        if ticket.status in ENDED:
            return
        if until and self._now < until:
            soon = until - _AHEAD
            ticket.window_at = until if self._now >= soon else soon
            if self._now >= soon and ticket.window_told_at != until and self._waits(ticket):
                ticket.window_told_at = until
                self._nudge(ticket, until)
            if before == soon:
                return  # nobody wrote meanwhile: the card says so already
        self._post.card_changed(ticket)

    def _nudge(self, ticket: TicketRow, until: datetime) -> None:
        words = self._office.words(
            "desk.window_ends",
            number=tickets.spoken(ticket.number),
            channel=Phrase(f"channel.{ticket.channel}"),
            time=self._office.catalogues.format_time(until, self._office.timezone, self._office.locale),
        )
        self._post.to_desk(ticket, words)

    def _waits(self, ticket: TicketRow) -> bool:
        """Whether the last word on a ticket is the citizen's. A recalled answer is none."""
        for event in reversed(self._uow.standing_events(ticket.id)):
            if event.event in _ANSWERS:
                return False
            if event.actor == "citizen" and event.event != TicketEvent.RATED:
                return True
        return False
