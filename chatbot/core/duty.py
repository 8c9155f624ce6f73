"""The duty roster's grammar: what an officer says of being on duty, and until when.

Owns the words behind the command, and reading a length or a time of day by the region's clocks. Refuses the present
time (it comes in), and to know who may say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LENGTH = timedelta(hours=8)  # of a shift of which nothing else is said
LONGEST = timedelta(hours=24)


class DutyAct(StrEnum):
    """What an officer wants of the roster."""

    SHOW = "show"
    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shift:
    """From when until when somebody is on duty; both UTC."""

    since: datetime
    until: datetime


_ACTS = {"": DutyAct.SHOW, "masuk": DutyAct.ON, "on": DutyAct.ON, "keluar": DutyAct.OFF, "off": DutyAct.OFF}
_MINUTES = frozenset({"menit", "minute", "minutes"})
_SPAN = re.compile(r"(?:(?:selama|for) )?(\d{1,4}) ?(jam|hours?|menit|minutes?)", re.ASCII)
_TIME = r"(\d{1,2})[.:](\d{2})"
_BETWEEN = r" ?(?:-|\N{EN DASH}|sampai|hingga|until) ?(?:(?:pukul|jam|at) )?"
_WHEN = re.compile(
    rf"(?:(?:mulai|from|sampai|hingga|until) )?(?:(?:pukul|jam|at) )?(?:{_TIME}{_BETWEEN})?{_TIME}(?: (\S+))?", re.ASCII
)
_HOURS, _SIXTY = 24, 60


def read(text: str) -> tuple[DutyAct, str]:
    """What stands behind the command: what is wanted, and the words behind that."""
    word, *rest = text.split(maxsplit=1) or [""]
    return _ACTS.get(word.lower(), DutyAct.UNKNOWN), "".join(rest)


def read_shift(text: str, now: datetime, zone: ZoneInfo) -> Shift | None:
    """Read from when until when: "20.00", "8 jam", "20.00-08.00"; nothing said is eight hours from now.

    A time of day is the next one by the region's clocks, so that what is said in the evening may end past midnight. A
    beginning that lies before the end and has passed already means a shift that is going on.

    Args:
        text: what an officer wrote behind "masuk".
        now: the present time, aware.
        zone: the region's clocks; another zone named in the text is not converted but refused.

    Returns:
        None where it is no time, or a length over 24 hours.
    """
    said = " ".join(text.lower().split()).rstrip(".!")
    if not said:
        return Shift(now, now + LENGTH)
    if found := _SPAN.fullmatch(said):
        unit = timedelta(minutes=1) if found[2] in _MINUTES else timedelta(hours=1)
        length = int(found[1]) * unit
        return Shift(now, now + length) if timedelta() < length <= LONGEST else None
    when = _WHEN.fullmatch(said)
    if when is None or when[5] not in {None, (now.astimezone(zone).tzname() or "").lower()}:
        return None
    end = _time_of_day(when[3], when[4])
    start = _time_of_day(when[1], when[2]) if when[1] else None
    if end is None or (when[1] and start is None):
        return None
    until = _on_day(now, end, zone, 0)
    until = until if until > now else _on_day(now, end, zone, 1)
    if start is None:
        return Shift(now, until)
    begins = _on_day(until, start, zone, 0)
    begins = begins if begins < until else _on_day(until, start, zone, -1)
    return Shift(max(begins, now), until)


def _time_of_day(hours: str, minutes: str) -> time | None:
    """A time as it is written; 24.00 is midnight."""
    hour, minute = int(hours), int(minutes)
    if hour == _HOURS and minute == 0:
        return time.min
    return time(hour, minute) if hour < _HOURS and minute < _SIXTY else None


def _on_day(near: datetime, at: time, zone: ZoneInfo, days: int) -> datetime:
    """A time of day on the day of a moment, or days later."""
    day = near.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, at, zone).astimezone(UTC)
