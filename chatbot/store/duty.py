"""Who is on duty, and what they hold.

Owns the roster's rows, and that of two who end one shift or take over from it at once only one does. Refuses rules.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Update, case, func, select, text, update
from sqlmodel import Session, col

from chatbot.store.duty_tables import NOT_ENDED, DutyRow
from chatbot.store.tables import OPEN, TicketEventRow, TicketRow

_OFFICERS_WORD = ("answered", "asked")
_CITIZENS_WORD = ("opened", "added", "reopened")


class Duty:
    """The duty roster of all groups."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def shift(self, duty_id: int) -> DutyRow | None:
        """One shift, as it stands in the database now."""
        return self._session.get(DutyRow, duty_id, populate_existing=True)

    def of_officer(self, chat: str, officer_id: str) -> DutyRow | None:
        """An officer's shift in a group that did not end; it may be announced only, or overdue to end."""
        query = select(DutyRow).where(
            col(DutyRow.chat) == chat, col(DutyRow.officer_id) == officer_id, text(f"duty.{NOT_ENDED}")
        )
        return self._session.scalars(query).one_or_none()

    def now(self, chat: str, now: datetime) -> list[DutyRow]:
        """The shifts that go on in a group, the longest first."""
        query = select(DutyRow).where(
            col(DutyRow.chat) == chat,
            text(f"duty.{NOT_ENDED}"),
            col(DutyRow.since) <= now,
            col(DutyRow.until) > now,
        )
        return list(self._session.scalars(query.order_by(col(DutyRow.since), col(DutyRow.id))))

    def next(self, chat: str, now: datetime) -> DutyRow | None:
        """The shift that begins next in a group, as far as one was announced."""
        query = select(DutyRow).where(col(DutyRow.chat) == chat, text(f"duty.{NOT_ENDED}"), col(DutyRow.since) > now)
        return self._session.scalars(query.order_by(col(DutyRow.since), col(DutyRow.id)).limit(1)).one_or_none()

    def over(self, now: datetime) -> list[DutyRow]:
        """The shifts whose time is over and that did not end."""
        query = select(DutyRow).where(text(f"duty.{NOT_ENDED}"), col(DutyRow.until) <= now)
        return list(self._session.scalars(query.order_by(col(DutyRow.until), col(DutyRow.id))))

    def last_since(self, chat: str, now: datetime) -> datetime | None:
        """When somebody came on duty in a group last."""
        query = select(func.max(col(DutyRow.since))).where(col(DutyRow.chat) == chat, col(DutyRow.since) <= now)
        return self._session.execute(query).scalar()

    def begin(self, chat: str, officer_id: str, officer_name: str, since: datetime, until: datetime) -> None:
        """An officer's shift in a group is from now on this one."""
        going_on = update(DutyRow).where(
            col(DutyRow.chat) == chat, col(DutyRow.officer_id) == officer_id, text(f"duty.{NOT_ENDED}")
        )
        if not self._changed(going_on.values(officer_name=officer_name, since=since, until=until)):
            row = DutyRow(chat=chat, officer_id=officer_id, officer_name=officer_name, since=since, until=until)
            self._session.add(row)
            self._session.flush()

    def end(self, shift: DutyRow, now: datetime) -> bool:
        """End a shift as it was read; False: it ended already, or was made longer meanwhile."""
        query = update(DutyRow).where(
            col(DutyRow.id) == shift.id, text(f"duty.{NOT_ENDED}"), col(DutyRow.until) == shift.until
        )
        return self._changed(query.values(ended_at=now))

    def take_over(self, duty_id: int, taker_id: str, taker_name: str) -> bool:
        """Be the one who takes over from a shift; False: somebody else did."""
        query = update(DutyRow).where(col(DutyRow.id) == duty_id, col(DutyRow.taker_id) == "")
        return self._changed(query.values(taker_id=taker_id, taker_name=taker_name))

    def _changed(self, query: Update) -> bool:
        result = self._session.execute(query.execution_options(synchronize_session=None))
        return cast("CursorResult[Any]", result).rowcount == 1

    # What officers hold

    def held(self, chat: str, officer_id: str) -> list[TicketRow]:
        """The open tickets of a group that an officer holds, oldest first."""
        query = select(TicketRow).where(
            col(TicketRow.chat) == chat, text(OPEN), col(TicketRow.officer_id) == officer_id
        )
        return list(self._session.scalars(query.order_by(col(TicketRow.id))))

    def counts(self, chat: str) -> dict[str, int]:
        """How many open tickets of a group each officer holds, by the officer's id."""
        query = select(col(TicketRow.officer_id), func.count()).where(col(TicketRow.chat) == chat, text(OPEN))
        return dict(iter(self._session.execute(query.group_by(col(TicketRow.officer_id)))))

    def unanswered(self, chat: str) -> set[int]:
        """The open tickets of a group in which the citizen had the last word."""
        event = (col(TicketEventRow.event), col(TicketEventRow.id))
        answered = func.coalesce(func.max(case((event[0].in_(_OFFICERS_WORD), event[1]))), 0)
        query = (
            select(col(TicketEventRow.ticket_id))
            .join(TicketRow, col(TicketRow.id) == col(TicketEventRow.ticket_id))
            .where(col(TicketRow.chat) == chat, text(OPEN))
            .group_by(col(TicketEventRow.ticket_id))
            .having(func.max(case((event[0].in_(_CITIZENS_WORD), event[1]))) > answered)
        )
        return set(self._session.scalars(query))
