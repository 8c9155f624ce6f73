"""The ticket: its states and allowed transitions, its events, its public number.

Owns what may happen to a ticket and when. Refuses to know who reads or writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class TicketStatus(StrEnum):
    """Where a ticket stands; the citizen reads these in words."""

    RECEIVED = "received"
    VERIFIED = "verified"  # an officer saw that it is complete and ours
    FORWARDED = "forwarded"  # to another unit, which has not taken it yet
    ASSIGNED = "assigned"
    WAITING = "waiting"  # for the citizen
    CLOSED = "closed"
    REJECTED = "rejected"  # with a reason that the citizen reads


ALERT_LIVES = timedelta(minutes=60)  # a silent alert ends: what comes later is another emergency
ENDED = frozenset({TicketStatus.CLOSED, TicketStatus.REJECTED})


class TicketEvent(StrEnum):
    """What happened to a ticket; each is kept with its time and actor and never changed."""

    OPENED = "opened"
    VERIFIED = "verified"
    FORWARDED = "forwarded"
    ASSIGNED = "assigned"
    RELEASED = "released"
    ASKED = "asked"  # the officer wants to know more
    REMINDED = "reminded"  # the citizen, of what was asked
    LAPSED = "lapsed"  # the citizen did not answer in time
    ANSWERED = "answered"  # the officer to the citizen
    ADDED = "added"  # the citizen to the officer
    NOTED = "noted"  # between officers
    CLOSED = "closed"
    REJECTED = "rejected"
    CONFIRMED = "confirmed"  # the citizen says that it is done, or was silent for long enough
    REOPENED = "reopened"
    RATED = "rated"
    JOINED = "joined"  # with another report of the same incident
    SPLIT = "split"  # from its incident


AMENDED = "amended"  # an event that is none of these: the citizen corrects what the report says, beside the original


_R, _V, _F = TicketStatus.RECEIVED, TicketStatus.VERIFIED, TicketStatus.FORWARDED
_A, _W, _C, _X = TicketStatus.ASSIGNED, TicketStatus.WAITING, TicketStatus.CLOSED, TicketStatus.REJECTED
_OPEN = (_R, _V, _F, _A, _W)


def _to(after: TicketStatus, *before: TicketStatus) -> dict[TicketStatus, TicketStatus]:
    return dict.fromkeys(before, after)


def _stays(*before: TicketStatus) -> dict[TicketStatus, TicketStatus]:
    return {status: status for status in before}


# From which status an event may come, and to which one it leads.
_TABLE: dict[TicketEvent, dict[TicketStatus, TicketStatus]] = {
    TicketEvent.VERIFIED: _to(_V, _R, _F),
    TicketEvent.FORWARDED: _to(_F, *_OPEN),
    TicketEvent.ASSIGNED: {**_to(_A, _R, _V, _F, _A), **_stays(_W)},
    TicketEvent.RELEASED: {**_to(_R, _A), **_stays(_W)},
    TicketEvent.ASKED: _to(_W, *_OPEN),
    TicketEvent.REMINDED: _stays(_W),
    TicketEvent.LAPSED: _to(_A, _W),
    TicketEvent.ANSWERED: {**_to(_A, _R, _V, _F, _A), **_stays(_W)},
    TicketEvent.ADDED: {**_stays(_R, _V, _F, _A), **_to(_A, _W)},
    TicketEvent.NOTED: _stays(*_OPEN, _C, _X),
    TicketEvent.CLOSED: _to(_C, *_OPEN),
    TicketEvent.REJECTED: _to(_X, *_OPEN),
    TicketEvent.CONFIRMED: _stays(_C),
    TicketEvent.REOPENED: _to(_R, _C, _X),
    TicketEvent.RATED: _stays(_C),
    TicketEvent.JOINED: _stays(*_OPEN, _C, _X),
    TicketEvent.SPLIT: _stays(*_OPEN, _C, _X),
}
TRANSITIONS: dict[tuple[TicketStatus, TicketEvent], TicketStatus] = {
    (before, event): after for event, steps in _TABLE.items() for before, after in steps.items()
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


def status_after(events: Iterable[str], *, held: bool) -> TicketStatus:
    """The status that a ticket has after a history; what is no transition, an edit for instance, changes nothing.

    Args:
        events: names of its events from its opening on, without those that were taken back.
        held: whether an officer has it, be it by a word that was taken back.
    """
    status = TicketStatus.RECEIVED
    for event in events:
        status = TRANSITIONS.get((status, TicketEvent(event)), status) if event in _TABLE else status
    if held and status in {_R, _V, _F}:
        return TicketStatus.ASSIGNED
    return TicketStatus.RECEIVED if status == _A and not held else status


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


# A database that was never restored draws from the lower half. What it gave out after its backup was made is lost with
# it, and so a restored one draws from the upper half, where each second since 2026 has one number.
NUMBERS = range(10**_DIGITS // 2)
_RESTORES_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_LEAST = 60  # numbers to draw from right after a restore


def numbers_since(restored_at: datetime, now: datetime) -> range:
    """The numbers, without check digit, of a database that was restored: those of the seconds since then.

    Whatever was given out before the restore, in whichever copy of the database, belongs to earlier seconds. After
    fifteen years the seconds begin anew.

    Args:
        restored_at: when it was restored last.
        now: the time.
    """
    first = NUMBERS.stop + int((restored_at - _RESTORES_BEGAN).total_seconds()) % len(NUMBERS)
    return range(first, first + max(int((now - restored_at).total_seconds()), _LEAST))


def new_number(randbelow: Callable[[int], int], among: range = NUMBERS) -> str:
    """A public ticket number: nine random digits and a check digit, ten in all.

    Args:
        randbelow: gives a uniformly random integer in [0, n), as ``secrets.randbelow``.
        among: the numbers, without check digit, that may be given out.
    """
    drawn = among[randbelow(len(among))]
    if drawn >= 2 * NUMBERS.stop:
        drawn -= len(NUMBERS)  # the seconds begin anew
    digits = f"{drawn:0{_DIGITS}d}"
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
