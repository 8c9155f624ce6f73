"""What a group sees of its tickets: those that wait, those that hold certain words, and what happened in a time.

Owns queries that never leave the group they are asked for. Refuses single tickets (``unit_of_work``) and rules: what
is overdue, and what counts as a hit, is decided by who asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, Text, and_, cast, exists, func, or_, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from chatbot.store.encryption import keys_of
from chatbot.store.tables import OPEN, RECALLED, TicketEventRow, TicketRow

_ANSWERS = ("answered", "asked", "closed", "rejected")  # what an officer says to the citizen
_TOLD = ("what", "where_text", "when", "who")  # fields of a complaint in the citizen's words
_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Course:
    """When a ticket came in, and when an officer first said something to its citizen; None: not yet."""

    number: str
    opened_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sought:
    """One word that is sought, and the categories that have it in their name."""

    word: str
    categories: tuple[str, ...] = ()


def _open_in(query: Select[Any], chat: str) -> Select[Any]:
    """What is open in a group, in the words and the order of its index: else SQLite takes that of all tickets."""
    return query.where(col(TicketRow.chat) == chat, text(OPEN)).order_by(col(TicketRow.id))


def taken_back(event: type[TicketEventRow]) -> ColumnElement[bool]:
    """Whether an officer recalled this before it left."""
    recall = aliased(TicketEventRow)
    return exists().where(
        col(recall.inbound_id) == col(event.inbound_id), col(recall.event) == RECALLED, col(recall.id) > col(event.id)
    )


def _answered_at() -> Any:
    """The time of the first answer to the ticket of the surrounding query."""
    said = aliased(TicketEventRow)
    first = select(func.min(col(said.at))).where(
        col(said.ticket_id) == col(TicketRow.id), col(said.event).in_(_ANSWERS), ~taken_back(said)
    )
    return first.correlate(TicketRow).scalar_subquery()


def _like(word: str) -> str:
    """A pattern that finds a word anywhere, and more: engines fold ASCII letters only, so others may be any here."""
    literal = word.replace(_ESCAPE, _ESCAPE * 2).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")
    return "%" + "".join(char if char.isascii() else "%" for char in literal) + "%"


class Tickets:
    """The tickets of one group at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count_open(self, chat: str) -> int:
        """How many tickets of a group are open."""
        return len(self._session.scalars(_open_in(select(col(TicketRow.id)), chat)).all())

    def open_in(self, chat: str) -> list[TicketRow]:
        """A group's open tickets, oldest first."""
        return list(self._session.scalars(_open_in(select(TicketRow), chat)))

    def first_open(self, chat: str, most: int) -> list[tuple[TicketRow, datetime | None]]:
        """A group's open tickets with the time of their first answer: emergencies, objections, then the oldest."""
        query = _open_in(select(TicketRow, _answered_at()), chat)
        alert, objected = col(TicketRow.alert), col(TicketRow.objected)
        found: list[tuple[TicketRow, datetime | None]] = []
        for which in (alert, ~alert & objected, ~alert & ~objected):
            some = query.where(which).limit(most - len(found))
            found += [(ticket, answered_at) for ticket, answered_at in self._session.execute(some)]
        return found

    def waiting(self, chat: str) -> list[Course]:
        """The course of a group's open tickets, oldest first."""
        query = select(col(TicketRow.number), col(TicketRow.opened_at), _answered_at())
        return [Course(*row) for row in self._session.execute(_open_in(query, chat))]

    def opened(self, chat: str, since: datetime, until: datetime) -> list[TicketRow]:
        """What came to a group from a time on and before another."""
        when = col(TicketRow.opened_at)
        query = select(TicketRow).where(col(TicketRow.chat) == chat, when >= since, when < until)
        return list(self._session.scalars(query.order_by(col(TicketRow.id))))

    def ended(self, chat: str, event: str, since: datetime, until: datetime) -> list[datetime]:
        """When a group's tickets were closed or reopened in a time: each once, at its last, unless it was recalled."""
        happened = aliased(TicketEventRow)
        query = select(func.max(col(happened.at))).where(
            col(happened.event) == event, *self._within(happened, chat, since, until), ~taken_back(happened)
        )
        return list(self._session.scalars(query.group_by(col(happened.ticket_id))))

    def marks(self, chat: str, since: datetime, until: datetime) -> list[int]:
        """The marks of a group's tickets that were rated in a time."""
        rated = aliased(TicketEventRow)
        ids = select(col(rated.ticket_id)).where(col(rated.event) == "rated", *self._within(rated, chat, since, until))
        query = select(col(TicketRow.rating)).where(col(TicketRow.id).in_(ids), col(TicketRow.rating).is_not(None))
        return list(self._session.scalars(query))

    def _within(
        self, event: type[TicketEventRow], chat: str, since: datetime, until: datetime
    ) -> tuple[ColumnElement[bool], ...]:
        """What happened to a group's tickets in a time. The group is asked of each event: there are few in a time."""
        of_ticket = select(col(TicketRow.chat)).where(col(TicketRow.id) == col(event.ticket_id))
        whose = of_ticket.correlate(event).scalar_subquery()
        return col(event.at) >= since, col(event.at) < until, whose == chat

    def holding(
        self, chat: str, words: Sequence[Sought], most: int, *, before: TicketRow | None = None
    ) -> list[TicketRow]:
        """A group's tickets, open and closed, that may hold all of these words, newest first.

        Of an encrypted database each may: only who reads them can say.

        Args:
            chat: the group.
            words: each may stand in the complaint, the name of the category or the text of an event.
            most: how many at once.
            before: the last one that is known already.
        """
        is_encrypted = keys_of(self._session.get_bind().dialect)
        query = select(TicketRow).where(col(TicketRow.chat) == chat, *([] if is_encrypted else map(self._holds, words)))
        if before:
            when = col(TicketRow.opened_at)
            same = and_(when == before.opened_at, col(TicketRow.id) < before.id)
            query = query.where(or_(when < before.opened_at, same))
        query = query.order_by(col(TicketRow.opened_at).desc(), col(TicketRow.id).desc())
        return list(self._session.scalars(query.limit(most)))

    def _holds(self, sought: Sought) -> ColumnElement[bool]:
        pattern = _like(sought.word)
        told = or_(*(part.ilike(pattern, escape=_ESCAPE) for part in self._told()))
        said = exists().where(
            col(TicketEventRow.ticket_id) == col(TicketRow.id),
            col(TicketEventRow.text).ilike(pattern, escape=_ESCAPE),
        )
        return or_(col(TicketRow.category).in_(sought.categories), told, said)

    def _told(self) -> list[ColumnElement[Any]]:
        """The words of a complaint, which lies as JSON in bytes."""
        if self._session.get_bind().dialect.name == "sqlite":
            form = cast(col(TicketRow.complaint), Text)
            return [func.json_extract(form, f"$.{name}") for name in (*_TOLD, "place.label")]
        read = cast(func.convert_from(col(TicketRow.complaint), "UTF8"), JSON)
        return [*(read[name].as_string() for name in _TOLD), read["place", "label"].as_string()]

    def events_of(self, ticket_ids: Collection[int]) -> dict[int, list[TicketEventRow]]:
        """The events of tickets that say something, oldest first."""
        query = select(TicketEventRow).where(col(TicketEventRow.ticket_id).in_(ticket_ids))
        found: dict[int, list[TicketEventRow]] = {}
        for row in self._session.scalars(query.where(col(TicketEventRow.text) != "").order_by(col(TicketEventRow.id))):
            found.setdefault(row.ticket_id, []).append(row)
        return found
