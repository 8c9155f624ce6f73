"""Tickets with their history, written for what a group sees of them, and looked at as it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from chatbot.channels.base import plain
from chatbot.core import ticket as tickets
from chatbot.core.complaint import Complaint
from chatbot.core.message import Inbound, Kind
from chatbot.services.recap import Figures, Recap, Span
from chatbot.services.views import Views
from chatbot.store.store import Store
from chatbot.store.tables import TicketEventRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.rows import NOW, meet, ticket
from tests.unit.small_office import small_office

T = TypeVar("T")
HERE, PROPAM = "-100123", "-100999"
OFFICER, COLLEAGUE = "901", "902"
HOUR = timedelta(hours=1)
OFFICE = small_office(NOW)


class Rows:
    """Writes tickets with their history, and looks at them as a group does."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.count = 0
        with store.begin() as uow:
            self.contact = meet(uow, "501").contact_id

    def __call__(
        self,
        what: str = "Loket lambat",
        *steps: tuple[str, timedelta, str],
        age: timedelta = HOUR,
        complaint: dict[str, Any] | None = None,
        **fields: Any,
    ) -> str:
        """A ticket that came in so long ago; its steps are event, time since then, and text. Its number."""
        self.count += 1
        digits = f"{self.count:09d}"
        number = digits + tickets.check_digit(digits)
        opened_at = fields.pop("opened_at", NOW - age)
        with self.store.begin() as uow:
            row = ticket(
                self.contact,
                number,
                complaint=msgspec.json.encode(Complaint(what=what, **(complaint or {}))),
                **{"chat": HERE, "opened_at": opened_at, **fields},
            )
            uow.add(row)
            uow.flush()
            uow.add(TicketEventRow(ticket_id=row.id, event="opened", at=opened_at, actor="citizen", text=what))
            for name, later, text in steps:
                actor = "citizen" if name in {"added", "rated"} else OFFICER
                uow.add(TicketEventRow(ticket_id=row.id, event=name, at=opened_at + later, actor=actor, text=text))
                uow.flush()
        return tickets.spoken(number)

    def seen(self, look: Callable[[Views], T], chat: str = HERE, now: datetime = NOW) -> T:
        with self.store.reading() as uow:
            return look(Views(uow, OFFICE, now, chat, lambda _: None))

    def queue(self, chat: str = HERE) -> list[str]:
        return plain(self.seen(lambda views: views.queue(), chat)).splitlines()

    def search(self, words: str, chat: str = HERE) -> list[str]:
        return plain(self.seen(lambda views: views.search(words), chat)).splitlines()

    def found(self, words: str, chat: str = HERE) -> set[str]:
        return {line[1:13] for line in self.search(words, chat) if line.startswith("#")}

    def figures(self, days: Span, now: datetime = NOW, timezone: str = "Asia/Jakarta") -> Figures:
        with self.store.reading() as uow:
            return Recap(small_office(now, timezone), now, days).figures(uow, HERE)


def message(text: str, **fields: Any) -> Inbound:
    values: dict[str, Any] = {"chat": HERE, "private": False, "author": OFFICER, "text": text, **fields}
    return Inbound(channel="telegram", account="7", external_id="1", at=NOW, kind=Kind.TEXT, **values)


def of(uow: UnitOfWork, ticket_id: int) -> TicketRow:
    row = uow.ticket(ticket_id)
    assert row is not None
    return row
