"""The ticket: its states and allowed transitions, its events, its public number.

Owns what may happen to a ticket and when. Refuses to know who reads or writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class TicketStatus(StrEnum):
    """Where a ticket stands; the citizen reads these in words."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    WAITING = "waiting"  # for the citizen
    CLOSED = "closed"


class TicketEvent(StrEnum):
    """What happened to a ticket; each is kept with its time and actor and never changed."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    RELEASED = "released"
    ASKED = "asked"  # the officer wants to know more
    ANSWERED = "answered"  # the officer to the citizen
    ADDED = "added"  # the citizen to the officer
    NOTED = "noted"  # between officers
    CLOSED = "closed"
    REOPENED = "reopened"
    RATED = "rated"


TRANSITIONS: dict[tuple[TicketStatus, TicketEvent], TicketStatus] = {
    (TicketStatus.RECEIVED, TicketEvent.ASSIGNED): TicketStatus.ASSIGNED,
    (TicketStatus.ASSIGNED, TicketEvent.ASSIGNED): TicketStatus.ASSIGNED,
    (TicketStatus.WAITING, TicketEvent.ASSIGNED): TicketStatus.WAITING,
    (TicketStatus.ASSIGNED, TicketEvent.RELEASED): TicketStatus.RECEIVED,
    (TicketStatus.WAITING, TicketEvent.RELEASED): TicketStatus.WAITING,
    (TicketStatus.RECEIVED, TicketEvent.ASKED): TicketStatus.WAITING,
    (TicketStatus.ASSIGNED, TicketEvent.ASKED): TicketStatus.WAITING,
    (TicketStatus.WAITING, TicketEvent.ASKED): TicketStatus.WAITING,
    (TicketStatus.RECEIVED, TicketEvent.ANSWERED): TicketStatus.ASSIGNED,
    (TicketStatus.ASSIGNED, TicketEvent.ANSWERED): TicketStatus.ASSIGNED,
    (TicketStatus.WAITING, TicketEvent.ANSWERED): TicketStatus.WAITING,
    (TicketStatus.RECEIVED, TicketEvent.ADDED): TicketStatus.RECEIVED,
    (TicketStatus.ASSIGNED, TicketEvent.ADDED): TicketStatus.ASSIGNED,
    (TicketStatus.WAITING, TicketEvent.ADDED): TicketStatus.ASSIGNED,
    (TicketStatus.RECEIVED, TicketEvent.NOTED): TicketStatus.RECEIVED,
    (TicketStatus.ASSIGNED, TicketEvent.NOTED): TicketStatus.ASSIGNED,
    (TicketStatus.WAITING, TicketEvent.NOTED): TicketStatus.WAITING,
    (TicketStatus.CLOSED, TicketEvent.NOTED): TicketStatus.CLOSED,
    (TicketStatus.RECEIVED, TicketEvent.CLOSED): TicketStatus.CLOSED,
    (TicketStatus.ASSIGNED, TicketEvent.CLOSED): TicketStatus.CLOSED,
    (TicketStatus.WAITING, TicketEvent.CLOSED): TicketStatus.CLOSED,
    (TicketStatus.CLOSED, TicketEvent.REOPENED): TicketStatus.RECEIVED,
    (TicketStatus.CLOSED, TicketEvent.RATED): TicketStatus.CLOSED,
}


class NotAllowed(Exception):
    """This event cannot happen to a ticket in this status."""


def advance(status: TicketStatus, event: TicketEvent) -> TicketStatus:
    """The status after an event.

    Raises:
        NotAllowed: the transition is not in the table.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise NotAllowed(f"{event} on a ticket that is {status}") from None


@dataclass(frozen=True, slots=True)
class TicketView:
    """What the citizen's side may know of a ticket: only ever built for the person who filed it."""

    id: int
    number: str  # ten digits
    status: TicketStatus
    category: str
    opened_at: str  # as the citizen reads it, with the zone
    updated_at: str
    alert: bool = False
    last_written: bool = False  # the one that an officer wrote in last


# Damm, H. M. (2004), "Total anti-symmetrische Quasigruppen": detects every single wrong digit and every
# transposition of neighbours; a complete word including its check digit comes out as 0.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_DIGITS = 9


def check_digit(digits: str) -> str:
    """The Damm check digit of a string of decimal digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def new_number(randbelow: Callable[[int], int]) -> str:
    """A public ticket number: nine random digits and a check digit, ten in all.

    Args:
        randbelow: gives a uniformly random integer in [0, n), as ``secrets.randbelow``.
    """
    digits = f"{randbelow(10**_DIGITS):0{_DIGITS}d}"
    return digits + check_digit(digits)


def is_number(digits: str) -> bool:
    """Whether ten digits carry a right check digit."""
    return len(digits) == _DIGITS + 1 and digits.isascii() and digits.isdigit() and check_digit(digits) == "0"


def spoken(number: str) -> str:
    """A number as people say and write it: ``123-456-7890``."""
    return f"{number[:3]}-{number[3:6]}-{number[6:]}"


_WRITTEN = re.compile(r"(?<!\d)(\d{3})[\s.\-]?(\d{3})[\s.\-]?(\d{3})[\s.\-]?(\d)(?!\d)")


def find_number(text: str) -> str | None:
    """The first thing in a text that is written like a ticket number, right check digit or not; ten digits or None."""
    found = _WRITTEN.search(text)
    return "".join(found.groups()) if found else None
