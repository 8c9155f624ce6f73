"""What the documents say must become of tickets, and what was said about them.

The tables are written from docs/operations.md and the officers' guide, not from the program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

ELSEWHERE = "-301"  # the group of another unit, which no officer here is in
OPEN = {"received", "verified", "forwarded", "assigned", "waiting"}
ENDED = {"closed", "rejected"}
# When something may happen to a ticket, and where it stands then; what is not named leaves it where it is.
MAY: dict[str, set[str]] = {
    "verified": {"received", "forwarded"},
    "released": {"assigned", "waiting"},
    "reminded": {"waiting"},
    "lapsed": {"waiting"},
    "noted": OPEN | ENDED,
    "split": OPEN | ENDED,
    "corrected": OPEN | ENDED,
    "recalled": OPEN | ENDED,
    "edited": OPEN | ENDED,
    "confirmed": {"closed"},
    "rated": {"closed"},
    "reopened": ENDED,
}
LEADS_TO = {
    "verified": "verified",
    "forwarded": "forwarded",
    "assigned": "assigned",
    "answered": "assigned",
    "released": "received",
    "asked": "waiting",
    "lapsed": "assigned",
    "closed": "closed",
    "rejected": "rejected",
    "reopened": "received",
}
NOT_WHILE_ASKED = {"assigned", "answered", "released"}  # the ticket goes on waiting for its citizen
READ_BY_CITIZEN = {"answered", "asked", "closed", "rejected"}
MARK = re.compile(r"qz\d+zq")
NUMBER = re.compile(r"\d{3}-\d{3}-\d{4}")
MAY_RECALL = timedelta(seconds=7)  # the five that are promised, and the officer's finger
ANSWERED_WITHIN = timedelta(minutes=10)


@dataclass
class Ticket:
    """A ticket as it must be: its history without what was taken back, and who holds it."""

    id: int
    number: str
    owner: int
    holder: str = ""
    here: bool = True
    incident: int = 0
    history: list[tuple[str, int | None]] = field(default_factory=list)

    @property
    def status(self) -> str:
        """Where it stands, by its history; who holds it makes the difference between free and assigned."""
        status = "received"
        for event, _ in self.history:
            if event == "added" and status == "waiting":
                status = "assigned"
            elif event in LEADS_TO and not (status == "waiting" and event in NOT_WHILE_ASKED):
                status = LEADS_TO[event] if status not in ENDED or event == "reopened" else status
        if status == "assigned" and not self.holder:
            return "received"
        return "assigned" if self.holder and status in OPEN - {"waiting"} else status

    @property
    def open(self) -> bool:
        return self.status in OPEN

    def happens(self, event: str, actor: str, said: int | None) -> None:
        """One more thing happened; that it may happen now is part of what is tested."""
        assert self.status in MAY.get(event, OPEN), (event, self)
        if event == "recalled":
            self.history = [one for one in self.history if one[1] != said]
            return
        self.history.append((event, said))
        if event == "assigned" or (event in {"answered", "asked"} and not self.holder):
            self.holder = actor
        elif event in {"released", "forwarded", "reopened"}:
            self.holder = ""


@dataclass
class Said:
    """An officer's message in the group, and what became of it."""

    message: int
    by: int
    ticket: Ticket
    became: str  # the event; empty: nothing
    marks: list[str]  # of its words, the latest last
    rows: list[int]  # the message's own row and those of its edits
    at: datetime
    told: list[Ticket] = field(default_factory=list)
    obeyed: int = 0  # the row under which it was obeyed: its own, or that of an edit
    order: int = 0  # the last event when it was obeyed: later ones are greater
    back: bool = False  # taken back
    late: list[str] = field(default_factory=list)  # marks that had left before the words were changed
