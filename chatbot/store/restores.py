"""What becomes of a database that came out of a backup: it must not do again what it did since the backup was made.

Owns the rows of ``restore``, holding back what may have been done, and that no number of a row comes a second time: on
platforms stand buttons and references that name rows which are lost. Refuses files and tools (``services.backup``).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, text, update
from sqlmodel import Session, SQLModel, col

from chatbot.store.duty_tables import DutyRow
from chatbot.store.faq_tables import FaqEditRow
from chatbot.store.restore_tables import RestoreRow
from chatbot.store.tables import DEAD, LIVE, STORED, InboundRow, MediaRow, OutboundRow, TicketRow

RESTORED = "restored"  # why a row is set aside that may have been sent or handled since the backup
_SECOND = timedelta(seconds=1)
_NOBODY = "restore"  # channel and queue of rows that hold a number and are nothing else


class Restores:
    """When the database was restored, and what followed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sqlite = session.get_bind().dialect.name == "sqlite"

    def last(self) -> RestoreRow | None:
        """The latest restore."""
        return self._session.scalars(select(RestoreRow).order_by(col(RestoreRow.id).desc()).limit(1)).first()

    def next_ticket_id(self, restore: RestoreRow) -> int | None:
        """The number of the next ticket's row, where the engine would take one that was lost; None where it does not.

        SQLite counts on from the highest number that it has, PostgreSQL from what it was told.

        Args:
            restore: the latest one.
        """
        if not self._sqlite:
            return None
        written = select(col(TicketRow.id)).where(col(TicketRow.id) >= restore.first_id).limit(1)
        return None if self._session.scalars(written).first() else restore.first_id

    def begin(self, at: datetime, taken_at: datetime, *, urgent_since: datetime) -> RestoreRow:
        """Make a database that was just filled from a backup fit to go on.

        Args:
            at: now.
            taken_at: when the backup was made.
            urgent_since: what is urgent for a citizen and was written since then goes all the same.

        Returns:
            The restore, with what was held back.
        """
        before = self.last()
        later = max(at, before.at + _SECOND) if before else at  # the clock may have gone back
        row = RestoreRow(
            at=later, taken_at=taken_at, first_id=max(int(later.timestamp() * 1_000_000), self._highest() + 1)
        )
        row.held, row.aside = self._hold(urgent_since), self._put_aside()
        self._remind_later(at)
        self._count_on(row.first_id, at)
        self._session.add(row)
        self._session.flush()
        return row

    def _highest(self) -> int:
        """The highest number of a row whose number leaves the house."""
        tables = (InboundRow, OutboundRow, DutyRow, FaqEditRow, TicketRow)
        return max(self._session.scalar(select(func.max(col(table.id)))) or 0 for table in tables)

    def _hold(self, urgent_since: datetime) -> int:
        """Keep back what is for citizens and may have been sent since; the cards of its tickets say so.

        What is for officers goes: twice does no harm there, and never would leave a report without a reader.
        """
        rows = self._session.scalars(
            select(OutboundRow).where(text(f"outbound.{LIVE}"), col(OutboundRow.for_group).is_(False))
        )
        held = [row for row in rows if row.priority > 0 or row.created_at < urgent_since]
        # What waited for the reply window was counted when it began to.
        answers = Counter(
            row.ticket_id for row in held if row.purpose == "answer" and not row.error.startswith("WindowClosed")
        )
        for row in held:
            row.state, row.error = "dead", RESTORED
        files = list(
            self._session.scalars(
                select(MediaRow).where(
                    col(MediaRow.bound_for) == "citizen",
                    col(MediaRow.relayed).is_(False),
                    col(MediaRow.state).in_(["wanted", "kept"]),
                )
            )
        )
        for file in files:
            file.bound_for, file.error = "proof", RESTORED  # it is fetched and kept; who has it, nobody knows
        answers.update(file.ticket_id for file in files)
        for ticket_id, count in answers.items():
            ticket = self._session.get(TicketRow, ticket_id) if ticket_id else None
            if ticket:
                ticket.undelivered += count
        return len(held) + len(files)

    def _put_aside(self) -> int:
        """Set aside what waited to be handled: most likely it was handled since, and answered."""
        waiting = update(InboundRow).where(text(f"inbound.{STORED}"))
        result = self._session.connection().execute(
            waiting.values(state="quarantined", outcome="quarantined", error=RESTORED)
        )
        return result.rowcount

    def _remind_later(self, at: datetime) -> None:
        """Do not say again what a citizen was most likely reminded of since."""
        self._session.connection().execute(
            update(TicketRow)
            .where(text("ticket.status = 'waiting'"), col(TicketRow.remind_at) <= at)
            .values(remind_at=col(TicketRow.asked_until))
        )

    def _count_on(self, first_id: int, at: datetime) -> None:
        """Have rows written from now on carry numbers that no row carried before."""
        if self._sqlite:
            self._hold_numbers(first_id, at)
            return
        for table in SQLModel.metadata.sorted_tables:
            if table.autoincrement_column is not None:
                self._session.execute(
                    text("select setval(pg_get_serial_sequence(:table, 'id'), :first, false)"),
                    {"table": f'"{table.name}"', "first": first_id},
                )

    def _hold_numbers(self, first_id: int, at: datetime) -> None:
        """One finished row in each table whose numbers leave the house; tickets see ``next_ticket_id``."""
        self._session.add_all(
            [
                InboundRow(
                    id=first_id,
                    channel=_NOBODY,
                    external_id=str(first_id),
                    road="citizen",
                    kind=RESTORED,
                    at=at,
                    received_at=at,
                    state="done",
                    outcome="ignored",
                ),
                OutboundRow(
                    id=first_id,
                    channel=_NOBODY,
                    for_group=True,
                    queue=_NOBODY,
                    task="text",
                    state="recalled",
                    due_at=at,
                    created_at=at,
                ),
                DutyRow(id=first_id, since=at, until=at, ended_at=at),
                FaqEditRow(id=first_id, inbound_id=first_id, state="done", created_at=at, changed_at=at),
            ]
        )

    # What is said of it

    def untold(self, now: datetime) -> RestoreRow | None:
        """The restore of which the groups have not heard; they have from now on, and one process tells them."""
        told = update(RestoreRow).where(col(RestoreRow.told_at).is_(None)).values(told_at=now)
        ids = self._session.connection().execute(told.returning(col(RestoreRow.id))).scalars().all()
        return self._session.get_one(RestoreRow, max(ids)) if ids else None

    def doubtful(self) -> list[TicketRow]:
        """Tickets with words to their citizens that were held back."""
        held = select(col(OutboundRow.ticket_id)).where(text(f"outbound.{DEAD}"), col(OutboundRow.error) == RESTORED)
        files = select(col(MediaRow.ticket_id)).where(col(MediaRow.error) == RESTORED)
        query = select(TicketRow).where(or_(col(TicketRow.id).in_(held), col(TicketRow.id).in_(files)))
        return list(self._session.scalars(query.order_by(col(TicketRow.id))))

    def with_files(self) -> list[OutboundRow]:
        """Rows that send kept files and still may; the files lie elsewhere now."""
        may_go = or_(text(f"outbound.{LIVE}"), and_(text(f"outbound.{DEAD}"), col(OutboundRow.error) == RESTORED))
        query = select(OutboundRow).where(may_go, col(OutboundRow.task).in_(["media", "album"]))
        return list(self._session.scalars(query))
