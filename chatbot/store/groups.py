"""Groups: which id each has now, which were met, which ticket a topic belongs to.

Owns moving everything along when a group gets another id. Refuses messages (``queue``) and people (``unit_of_work``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, text, update
from sqlmodel import Session, col

from chatbot.store.duty_tables import NOT_ENDED, DutyRow
from chatbot.store.group_tables import AlarmRow, MetRow, MovedChatRow, TopicRow
from chatbot.store.tables import LIVE, OutboundRow, TicketRow


class Groups:
    """The chats that are nobody's private one."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def topic_ticket(self, chat: str, thread: str) -> int | None:
        """The ticket of a forum topic."""
        return self._session.scalars(
            select(col(TopicRow.ticket_id)).where(col(TopicRow.chat) == chat, col(TopicRow.thread) == thread)
        ).one_or_none()

    def remember_topic(self, ticket: TicketRow, thread: str) -> None:
        """A ticket's place in its group is known now: a topic, or none because the group has no topics."""
        ticket.thread, ticket.has_topic = thread, bool(thread)
        if thread:
            self._session.add(TopicRow(chat=ticket.chat, thread=thread, ticket_id=ticket.id))

    def forget_topic(self, ticket: TicketRow) -> None:
        """A topic is gone: its ticket wants another one, and a card in it. The old one stays known as this ticket's."""
        ticket.thread, ticket.has_topic, ticket.card_message = "", None, ""

    def current_chat(self, chat: str) -> str:
        """The id that a group has now; settings may name the one it had."""
        moved = self._session.get(MovedChatRow, chat)
        return moved.new if moved else chat

    def move_chat(self, old: str, new: str) -> bool:
        """A group has another id: everything that pointed to the old one points to the new one.

        Returns:
            Whether this was news.
        """
        if not new or old == new or self._session.get(MovedChatRow, old) is not None:
            return False
        self._session.add(MovedChatRow(old=old, new=new))
        self._session.execute(update(MovedChatRow).where(col(MovedChatRow.new) == old).values(new=new))
        # Who already is on the new group's roster stays there as announced there.
        known = select(col(DutyRow.officer_id)).where(col(DutyRow.chat) == new, text(f"duty.{NOT_ENDED}"))
        shifts = update(DutyRow).where(col(DutyRow.chat) == old, col(DutyRow.officer_id).not_in(known))
        self._session.execute(shifts.values(chat=new).execution_options(synchronize_session=None))
        for ticket in self._session.scalars(select(TicketRow).where(col(TicketRow.chat) == old)):
            # Message ids start anew in the new group, and topics are made anew.
            ticket.chat, ticket.thread, ticket.card_message, ticket.has_topic = new, "", "", None
        for row in self._session.scalars(
            select(OutboundRow).where(col(OutboundRow.chat) == old, text(f"outbound.{LIVE}"))
        ):
            row.chat, row.queue = new, row.queue.replace(old, new, 1)
        return True

    def first_meeting(self, chat: str, now: datetime) -> bool:
        """Whether a stranger's group was not told yet who we are; from now on it was."""
        if self._session.get(MetRow, chat):
            return False
        self._session.add(MetRow(chat=chat, at=now))
        return True

    def was_told(self, what: str, since: datetime) -> bool:
        """Whether this was said since a time."""
        row = self._session.get(AlarmRow, what)
        return row is not None and row.at >= since

    def alarm_due(self, what: str, now: datetime, every: timedelta) -> bool:
        """Whether this was not said for so long; from now on it was."""
        row = self._session.get(AlarmRow, what)
        if row and now - row.at < every:
            return False
        self._session.merge(AlarmRow(what=what, at=now))
        return True
