"""The audit trail: who did what and when, each row sealed with the hash of the row before.

Owns the chain: how a row is hashed, how the acts of a transaction are added to it, and how it is proved. Refuses to
know what an act means. What somebody with the database's password rewrites from a row to the end holds again; so the
hash of the last row is shown, to be kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain, islice
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    Row,
    Select,
    Table,
    Text,
    exists,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlmodel import Session, SQLModel, col

from chatbot.store.audit_tables import AuditRow
from chatbot.store.encryption import WrongKeys, keys_of
from chatbot.store.queue import AUDIT_LOCK, LOCK_SPACE
from chatbot.store.tables import TicketEventRow, TicketRow

_AUDIT: Table = SQLModel.metadata.tables["audit"]
_EVENT: Table = SQLModel.metadata.tables["ticket_event"]
_TICKET: Table = SQLModel.metadata.tables["ticket"]
_SEALED = ("id", "at", "actor", "act", "ticket_id", "event_id", "detail", "prev")  # what the hash is of, in this order
_PENDING = "acts"  # where a session keeps what is not sealed yet
_STEP = 500  # rows to one query
_NAMED = 1000  # of broken rows; whoever has more of them has read enough
_NO_TEXT = hashlib.sha256().hexdigest()
ERASED = "erased"  # the event from which on the texts before it may be empty


class Break(StrEnum):
    """How a row is broken."""

    CHANGED = "changed"  # it is not what was sealed
    MISSING = "missing"  # there is no row with this id, and there are later ones
    UNLINKED = "unlinked"  # it does not follow on the row before
    EVENT = "event"  # the ticket's history says something else
    FORM = "form"  # the ticket's form is not the one that it names
    UNPROVED = "unproved"  # the id is that of an event of a ticket's history, and no row proves it


class Broken(NamedTuple):
    """One place at which the trail does not hold."""

    id: int
    reason: Break


@dataclass(frozen=True, slots=True)
class Verdict:
    """What looking through the whole trail found.

    Attributes:
        count: its rows.
        head: the hash of the last one; empty where there is none.
        emptied: how many of its rows name a text that is gone, of a ticket that was erased later.
        broken: where it does not hold, in order, the first thousand.
    """

    count: int
    head: str
    emptied: int
    broken: list[Broken]


def digest(data: str | bytes) -> str:
    """SHA-256 in hex; of a text, as UTF-8."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def sealed(row: Mapping[str, Any]) -> str:
    """The hash of a row: SHA-256 of a JSON array of its fields, its time in UTC to the microsecond."""
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return digest(_canonical([at if name == "at" else row[name] for name in _SEALED]))


def _canonical(value: Any) -> str:
    """JSON in the one form that is hashed: ASCII, no blanks, keys in order."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def said_in(detail: str) -> dict[str, Any]:
    """What a row's detail says; nothing where somebody made it unreadable."""
    try:
        said = json.loads(detail)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def taken(session: Session) -> list[dict[str, Any]]:
    """The acts of a session whose work is done, to be sealed with the transaction."""
    acts: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    return acts


def seal(connection: Connection, acts: Sequence[Mapping[str, Any]]) -> None:
    """Add the acts of a transaction to the chain, as the last thing before it is committed.

    Last, because on PostgreSQL whoever seals holds up all others until the commit: who waited for rows meanwhile would
    stand in a circle with them. The lock is one statement and the read of the head the next, whose snapshot has what
    the lock's last holder committed. On SQLite a transaction that writes is the only one.
    """
    if not acts:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:space, :key)"), {"space": LOCK_SPACE, "key": AUDIT_LOCK})
    last = connection.execute(select(_AUDIT.c.id, _AUDIT.c.hash).order_by(_AUDIT.c.id.desc()).limit(1)).first()
    last_id, prev = last or (0, "")
    rows: list[dict[str, Any]] = []
    for row_id, act in enumerate(acts, last_id + 1):
        row = {**act, "id": row_id, "prev": prev}
        prev = sealed(row)
        rows.append({**row, "hash": prev})
    connection.execute(insert(_AUDIT), rows)


class Audit:
    """The trail, as a unit of work adds to it and reads it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        act: str,
        actor: str,
        at: datetime,
        ticket_id: int | None = None,
        *,
        event_id: int | None = None,
        **detail: str | int | bool | None,
    ) -> None:
        """Write an act down. It stands in the trail once the transaction is committed, and costs no query before.

        Args:
            act: what was done, one short word.
            actor: "citizen", "desk", "system", "operator", the officer's platform id, or "nobody" where the platform
                does not say who it was.
            at: when; aware.
            ticket_id: the ticket that it was done to.
            event_id: the event of its history, if there is one.
            detail: what else is to be proved: keys, states, ids, hashes; None is left out. Never names, nor
                words but an officer's reason for opening an identity.
        """
        said = {name: value for name, value in detail.items() if value is not None}
        row = {"at": at, "actor": actor, "act": act, "ticket_id": ticket_id, "event_id": event_id}
        self._session.info.setdefault(_PENDING, []).append({**row, "detail": _canonical(said)})

    def happened(
        self,
        ticket: TicketRow,
        event: str,
        actor: str,
        at: datetime,
        *,
        inbound_id: int | None = None,
        text: str = "",
        **detail: str | int | bool | None,
    ) -> None:
        """Add an event to a ticket's history, and to the audit trail, which proves text and form by their hashes.

        Args:
            ticket: as it is after the event.
            event: a ``TicketEvent``, or what is said about an earlier one: edited, revoked, corrected, recalled.
            actor: "citizen", "desk" or the officer's platform id.
            at: when.
            inbound_id: the message that it came by.
            text: what was said.
            detail: what else the trail is to prove.
        """
        row = TicketEventRow(
            ticket_id=ticket.id, event=str(event), at=at, actor=actor, inbound_id=inbound_id, text=text
        )
        self._session.add(row)
        self._session.flush()
        proved = {"text": digest(text), "form": digest(ticket.complaint)}
        detail |= {**proved, "inbound": inbound_id, "status": ticket.status}
        self.add(row.event, actor, at, ticket.id, event_id=row.id, **detail)

    def of_ticket(self, ticket_id: int) -> list[AuditRow]:
        """The rows about one ticket, in order."""
        query = select(AuditRow).where(col(AuditRow.ticket_id) == ticket_id).order_by(col(AuditRow.id))
        return list(self._session.scalars(query))

    def verify(self) -> Verdict:
        """Look through the whole trail, some rows at a time: each row, its link, and what it proves."""
        count, head, last_id, emptied = 0, "", 0, 0
        broken: list[Broken] = []
        erased = self._erased()
        for row in self._rows():
            gone = _is_emptied(row, erased)
            said = None if row.event_text is None else self._opened(row.event_text.encode())
            broken += islice(_faults(row, said, last_id, head, emptied=gone), _NAMED - len(broken))
            count, head, last_id, emptied = count + 1, row.hash, row.id, emptied + gone
        broken += islice(chain(self._forms(), self._unproved()), _NAMED - len(broken))
        return Verdict(count, head, emptied, broken)

    def _erased(self) -> dict[int, int]:
        """The row by which each erased ticket was erased."""
        query = select(_AUDIT.c.ticket_id, func.max(_AUDIT.c.id)).where(
            _AUDIT.c.act == ERASED, _AUDIT.c.event_id.is_not(None), _AUDIT.c.ticket_id.is_not(None)
        )
        rows = self._session.execute(query.group_by(_AUDIT.c.ticket_id))
        return dict(iter(rows))

    def _rows(self) -> Iterator[Row[Any]]:
        """All rows, each with the event that it proves."""
        names = ("ticket_id", "event", "at", "actor", "inbound_id")
        event = [_EVENT.c[name].label(f"event_{name}") for name in names]
        event.append(type_coerce(_EVENT.c.text, Text).label("event_text"))  # as it lies there: not all may open
        query = select(_AUDIT, *event).outerjoin(_EVENT, _EVENT.c.id == _AUDIT.c.event_id)
        return self._steps(query, _AUDIT.c.id)

    def _forms(self) -> Iterator[Broken]:
        """Rows that are the last to name their ticket's form, where that is not the form that the ticket has."""
        named = select(func.max(_AUDIT.c.id)).where(_AUDIT.c.ticket_id == _TICKET.c.id, _AUDIT.c.event_id.is_not(None))
        last = _AUDIT.c.id == named.correlate(_TICKET).scalar_subquery()
        form = type_coerce(_TICKET.c.complaint, LargeBinary).label("complaint")
        query = select(_TICKET.c.id, form, _AUDIT.c.detail, _AUDIT.c.id.label("row_id"))
        for row in self._steps(query.join(_AUDIT, last), _TICKET.c.id):
            opened = self._opened(row.complaint)
            if opened is None or said_in(row.detail).get("form") != digest(opened):
                yield Broken(row.row_id, Break.FORM)

    def _unproved(self) -> Iterator[Broken]:
        """Events since the trail began that no row proves: the end of the trail is gone, or was never written."""
        began = select(func.min(_AUDIT.c.event_id)).scalar_subquery()
        proved = exists().where(_AUDIT.c.event_id == _EVENT.c.id)
        for row in self._steps(select(_EVENT.c.id).where(_EVENT.c.id > began, ~proved), _EVENT.c.id):
            yield Broken(row.id, Break.UNPROVED)

    def _opened(self, stored: bytes) -> bytes | None:
        """What a value says, as it lies there; None where no key opens it."""
        keys = keys_of(self._session.get_bind().dialect)
        try:
            return keys.decrypt(stored) if keys else stored
        except WrongKeys:
            return None

    def _steps(self, query: Select[Any], row_id: Column[Any]) -> Iterator[Row[Any]]:
        """The rows of a query in the order of a number, which each has as ``id``; some at a time, however many."""
        query, last_id = query.order_by(row_id).limit(_STEP), 0
        while rows := self._session.execute(query.where(row_id > last_id)).all():
            yield from rows
            last_id = rows[-1].id


def _is_emptied(row: Row[Any], erased: Mapping[int, int]) -> bool:
    """Whether the text that a row proves is gone, and was before its ticket was erased: else it is no erasure."""
    if row.event_id is None or row.event_text or said_in(row.detail).get("text") == _NO_TEXT:
        return False
    return row.event_ticket_id is not None and row.id < erased.get(row.ticket_id, 0)


def _faults(row: Row[Any], text: bytes | None, last_id: int, head: str, *, emptied: bool) -> Iterator[Broken]:
    """What is wrong with a row that stands behind another one, and proves a text."""
    if row.id > last_id + 1:
        yield Broken(last_id + 1, Break.MISSING)
    if sealed(row._asdict()) != row.hash:
        yield Broken(row.id, Break.CHANGED)
    elif row.id == last_id + 1 and row.prev != head:
        yield Broken(row.id, Break.UNLINKED)
    elif row.event_id is not None:
        said = said_in(row.detail)
        proved = (row.ticket_id, row.act, row.at, row.actor, said.get("inbound"))
        stands = (row.event_ticket_id, row.event_event, row.event_at, row.event_actor, row.event_inbound_id)
        if proved != stands or not (emptied or (text is not None and said.get("text") == digest(text))):
            yield Broken(row.id, Break.EVENT)
