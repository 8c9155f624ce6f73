"""The regional account: its units, what each of them gets, and how long each may take.

Owns the account as a value and the rules of routing. Refuses the file that it is written in (``region_file``), finding
a place in words (``matching.areas``), and counting hours of work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, cast
from zoneinfo import ZoneInfo

from chatbot.core.complaint import CATEGORIES, EMERGENCY, MEMBERS, QUESTION

ALL_CATEGORIES = (*CATEGORIES, QUESTION, EMERGENCY)
BY_AREA = "by area"  # in place of a unit's id, which has no space: the unit of the area where it happened

SpanUnit = Literal["m", "h", "d", "wh", "wd"]
_SPAN = re.compile(r"([1-9]\d{0,3})(m|h|d|wh|wd)", re.ASCII)


class Priority(StrEnum):
    """How urgent a ticket is; P0 is life in danger."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


@dataclass(frozen=True, slots=True)
class Span:
    """How long something may take.

    Attributes:
        amount: at least 1.
        unit: minutes, hours, days on the clock ("m", "h", "d"); working hours, working days ("wh", "wd").
    """

    amount: int
    unit: SpanUnit


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a ticket may wait for the first answer, and for its end; both count from its opening."""

    first: Span
    done: Span


def span(text: str) -> Span | None:
    """Read a span as it is written, "5m", "8h", "14wd"; None when it is none."""
    found = _SPAN.fullmatch(text)
    return Span(int(found[1]), cast("SpanUnit", found[2])) if found else None


# P0 and P1: how fast an officer must look (what 110 practises). P2: the same shift. P3 and P4: PermenPANRB 62/2018 as
# SP4N-LAPOR! states it, 3 working days to verify, 5 for what needs information only, 14 without a look on the spot.
CLOCKS: Mapping[Priority, Clock] = MappingProxyType(
    {
        Priority.P0: Clock(Span(5, "m"), Span(1, "d")),
        Priority.P1: Clock(Span(15, "m"), Span(3, "d")),
        Priority.P2: Clock(Span(8, "h"), Span(14, "wd")),
        Priority.P3: Clock(Span(3, "wd"), Span(14, "wd")),
        Priority.P4: Clock(Span(5, "wd"), Span(5, "wd")),
    }
)

URGENT = frozenset({Priority.P0, Priority.P1})  # life and fresh crime: their clocks pass day and night
WORKING = frozenset({"wh", "wd"})  # units of spans that stand still outside working hours

# Missing people, and violence against women and children, do not wait for the end of a shift.
PRIORITIES: Mapping[str, Priority] = MappingProxyType(
    {
        "kriminal": Priority.P2,
        "siber": Priority.P2,
        "narkoba": Priority.P2,
        "ppa": Priority.P1,
        "lalin": Priority.P2,
        "kamtibmas": Priority.P2,
        "orang_hilang": Priority.P1,
        "pelayanan": Priority.P3,
        MEMBERS: Priority.P3,
        "lainnya": Priority.P3,
        QUESTION: Priority.P4,
        EMERGENCY: Priority.P0,
    }
)


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there, by the region's clocks.

    Attributes:
        days: 0 is Monday.
        start: from.
        end: until; midnight is the end of the day.
    """

    days: frozenset[int]
    start: time
    end: time


AROUND_THE_CLOCK = Hours(frozenset(range(7)), time.min, time.min)
OFFICE_HOURS = Hours(frozenset(range(5)), time(8), time(16))


@dataclass(frozen=True, slots=True)
class Holidays:
    """Which days are no working days, beside the public holidays and those without hours.

    Attributes:
        government: whether the joint leave that the government grants (cuti bersama) is free as well.
        closed: further free days.
        open: days of work although they would be free.
    """

    government: bool = True
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit (satuan) of the account.

    Attributes:
        id: what the file and the tickets call it.
        name: as people read it.
        group: id of its Telegram group; empty: its superior's group serves it.
        superior: id of the unit above it, whose group hears of breaches; empty at the top.
        hours: when it works.
        members: whether it is the one that alone sees complaints about police members.
        default: whether it is the one that gets whatever is unclear.
    """

    id: str
    name: str
    group: str = ""
    superior: str = ""
    hours: Hours = OFFICE_HOURS
    members: bool = False
    default: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """What becomes of one of the categories.

    Attributes:
        id: one of ``ALL_CATEGORIES``.
        priority: how urgent it is.
        unit: id of the unit that gets it, or ``BY_AREA``.
        clock: where it is not its priority's.
    """

    id: str
    priority: Priority
    unit: str
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A kecamatan.

    Attributes:
        code: of the Ministry of Home Affairs, "99.01.01".
        kecamatan: its name.
        kabupaten: the name of its kabupaten or kota.
        unit: id of the unit in charge.
        aliases: what people also call it, or places that surely lie in it.
    """

    code: str
    kecamatan: str
    kabupaten: str
    unit: str
    aliases: tuple[str, ...] = ()


Ring = tuple[tuple[float, float], ...]  # longitude, latitude, degrees WGS 84; the last position is the first


@dataclass(frozen=True, slots=True)
class Polygon:
    """A piece of an area on the map; an area may have several."""

    code: str
    outer: Ring
    holes: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True)
class Region:
    """One regional account. Has exactly one default unit, exactly one for members, and they are two.

    Attributes:
        name: as citizens read it.
        timezone: its clocks.
        languages: locales that it answers in.
        hours: when the account works; units may differ.
        holidays: when it does not.
        units: all of them, in the file's order.
        categories: every one of ``ALL_CATEGORIES``.
        clocks: one for each priority.
        areas: the kecamatan that it serves.
        polygons: where they lie, as far as that is known.
        days_until_closed: of a citizen's silence after a ticket was closed, until that counts as done.
        days_to_answer: that a citizen has for an officer's question.
        retention_days: after the end of a ticket, until what is personal in it is erased; None: never by itself.

    Raises:
        ValueError: there is not exactly one default unit or not exactly one for members, or both are one.
    """

    name: str
    timezone: ZoneInfo
    languages: tuple[str, ...]
    hours: Hours
    holidays: Holidays
    units: tuple[Unit, ...]
    categories: tuple[Category, ...]
    clocks: Mapping[Priority, Clock]
    areas: tuple[Area, ...]
    polygons: tuple[Polygon, ...]
    days_until_closed: int
    days_to_answer: int
    retention_days: int | None

    def __post_init__(self) -> None:
        if sorted((unit.default, unit.members) for unit in self.units if unit.default or unit.members) != [
            (False, True),
            (True, False),
        ]:
            raise ValueError("a region has one default unit and another one for members")

    @property
    def default(self) -> Unit:
        """The unit that gets whatever is unclear."""
        return next(unit for unit in self.units if unit.default)

    @property
    def members(self) -> Unit:
        """The unit that alone sees complaints about police members."""
        return next(unit for unit in self.units if unit.members)

    @property
    def by_id(self) -> Mapping[str, Unit]:
        """The units by their ids."""
        return {unit.id: unit for unit in self.units}


def unit_for(region: Region, category: str, area: Area | None = None) -> Unit:
    """The unit that a ticket goes to; there always is one.

    Args:
        region: the account.
        category: any text; what is no category goes to the default unit.
        area: where it happened, where that is surely known.
    """
    if category == MEMBERS:
        return region.members
    wanted = next((one.unit for one in region.categories if one.id == category), "")
    if wanted == BY_AREA:
        wanted = area.unit if area else ""
    return region.by_id.get(wanted, region.default)


def clock_for(region: Region, category: str) -> Clock:
    """How long a ticket of a category may take.

    Raises:
        KeyError: it is none of ``ALL_CATEGORIES``.
    """
    chosen = {one.id: one for one in region.categories}[category]
    return chosen.clock or region.clocks[chosen.priority]


def superiors(units: Mapping[str, Unit], unit: Unit) -> tuple[Unit, ...]:
    """The units above one, the nearest first; where they go round in a circle, each once."""
    found: list[Unit] = []
    above = units.get(unit.superior)
    while above and above not in found:
        found.append(above)
        above = units.get(above.superior)
    return tuple(found)


def group_for(units: Mapping[str, Unit], unit: Unit) -> str:
    """The Telegram group that serves a unit: its own, else that of the nearest superior that has one; else empty."""
    return next((one.group for one in (unit, *superiors(units, unit)) if one.group), "")
