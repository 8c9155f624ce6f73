"""Erasing tickets and people: what may be erased and what stays, and doing it in steps that hold up no message.

Owns why something stays, and the order in which a ticket goes: first it is said in the audit trail, which the database
asks for before it lets a text of its history become empty. Refuses to erase numbers, categories, units, times, states
and marks, by which figures are counted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from chatbot.core.complaint import MEMBERS
from chatbot.core.ticket import ENDED
from chatbot.services.media import discard
from chatbot.services.office import Office
from chatbot.store.audit import ERASED
from chatbot.store.tables import MediaRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_NO_FORM = b"{}"
_FILES = 20  # to one transaction: each is a call to the disk
_EXPORTS = "data-saya"


class Stays(StrEnum):
    """Why a ticket is not erased although its citizen asks for it."""

    OPEN = "open"  # somebody works on it
    HOLD = "hold"  # a procedure needs it
    MEMBERS = "members"  # it is about police members
    PERIOD = "period"  # the region keeps it for some time after its end


def retention(office: Office) -> timedelta | None:
    """How long the region keeps a ticket after its end; None: nothing says when it may go."""
    days = office.plan.region.retention_days
    return timedelta(days=days) if days else None


def kept_until(ticket: TicketRow, office: Office) -> datetime | None:
    """Until when the region keeps a ticket that ended; None: it is open, or nothing says so."""
    period = retention(office)
    return ticket.closed_at + period if ticket.closed_at and period else None


def why_kept(ticket: TicketRow, office: Office, now: datetime) -> Stays | None:
    """Why a ticket stays although its citizen asks to have it erased; None: it may go."""
    until = kept_until(ticket, office)
    if ticket.status not in ENDED:
        return Stays.OPEN
    if ticket.legal_hold:
        return Stays.HOLD
    if ticket.category == MEMBERS:
        return Stays.MEMBERS
    return Stays.PERIOD if until is None or until > now else None


def exports_of(media_dir: Path, contact_id: int) -> Path:
    """The folder of the files by which a contact was given his own data; retention clears it after a day."""
    return media_dir / _EXPORTS / str(contact_id)


def exports(media_dir: Path) -> Path:
    """The folder of all contacts' such folders."""
    return media_dir / _EXPORTS


def begin(uow: UnitOfWork, ticket: TicketRow, actor: str, now: datetime, why: str) -> None:
    """Erase a ticket's form and result, and say so in the trail; the rest goes in ``Eraser.step`` once that is sealed.

    Args:
        uow: the transaction.
        ticket: one that ended.
        actor: "citizen" or "system".
        now: the time.
        why: "asked" or "period".
    """
    ticket.complaint, ticket.result, ticket.receipt = _NO_FORM, "", ""
    ticket.officer_id = ticket.officer_name = ""
    ticket.alert_live = ticket.objected = False
    ticket.window_at = ticket.clock_at = ticket.remind_at = None
    ticket.erased_at = now
    uow.audit.happened(ticket, ERASED, actor, now, why=why)


class Eraser:
    """Takes what an erased ticket and a forgotten person leave, some rows at a time.

    Args:
        office: the account, for its clock.
        media_dir: where kept files lie.
        limit: rows to one transaction.
    """

    def __init__(self, office: Office, media_dir: Path, limit: int) -> None:
        self._office = office
        self._media_dir = media_dir
        self._limit = limit

    def step(self, ticket_id: int, uow: UnitOfWork) -> bool:
        """Take the next of a ticket whose erasure is sealed; whether there is more to be done now."""
        ticket = uow.ticket(ticket_id)
        if ticket is None or ticket.emptied or uow.erasures.is_sending(ticket_id):
            return False
        now, erasures = self._office.clock(), uow.erasures
        if (
            erasures.empty_events(ticket_id, self._limit)
            or erasures.empty_messages(ticket_id, now, self._limit)
            or erasures.empty_sent(ticket_id, self._limit)
            or self.files(uow, uow.media.of_ticket(ticket_id)[:_FILES])
        ):
            return True
        if not erasures.has_dialogue(ticket.contact_id) and not self.forget(ticket.contact_id, uow):
            return True
        ticket.emptied = True
        return False

    def forget(self, contact_id: int, uow: UnitOfWork) -> bool:
        """Forget who a person was of whom nothing has to be kept; False: there is more to be done first."""
        if uow.erasures.is_needed(contact_id):
            return True
        if uow.erasures.forget_messages(contact_id, self._office.clock(), self._limit) == self._limit:
            return False
        uow.erasures.forget_contact(contact_id)
        return True

    def files(self, uow: UnitOfWork, rows: list[MediaRow]) -> int:
        """Delete files with their rows; how many. Files first: if this is cut short, the rows find them again."""
        for row in sorted(rows, key=lambda row: row.sha256):  # in one order, so that nobody waits in a circle
            if uow.media.forget(row):
                discard(self._media_dir, row.sha256)
        return len(rows)
