"""The file of the regional account, ``region.toml``: read, checked, and refused with everything that is wrong with it.

Owns the form of the file and the rules that its parts must keep together. Refuses the rules of routing
(``core.region``), and serving with half an account: one fault, and nothing of it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chatbot.core.complaint import MEMBERS
from chatbot.core.region import (
    ALL_CATEGORIES,
    AROUND_THE_CLOCK,
    BY_AREA,
    CLOCKS,
    OFFICE_HOURS,
    PRIORITIES,
    URGENT,
    WORKING,
    Area,
    Category,
    Clock,
    Holidays,
    Hours,
    Polygon,
    Priority,
    Region,
    Span,
    Unit,
    span,
)
from chatbot.services.faq_check import LOCALES
from chatbot.services.region_areas import MAX_POLYGONS, read_areas, read_polygons
from chatbot.services.region_checks import check_units
from chatbot.services.region_fault import Notes, RegionFault, RegionFaults, RegionReason, read_text
from chatbot.services.region_table import Table, read_document

MAX_BYTES = 1_000_000
DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_MAX_PATH = 200  # characters
_MOST_DAYS = 365
_LONGEST_RETENTION = 3650  # days
_SILENCE = 10  # days; as SP4N-LAPOR! waits for the citizen before it closes
_UNIT_ID = re.compile(r"[a-z][a-z0-9-]{0,31}")
_GROUP = re.compile(r"-\d{1,19}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3])[.:]([0-5]\d)", re.ASCII)
_MIDNIGHT = ("24.00", "24:00")  # the end of a day


def read_region(path: Path) -> Region:
    """Read the account's file and those that it names.

    Raises:
        RegionFaults: with everything that is wrong, each with file and line.
    """
    faults: list[RegionFault] = []
    region = _read(path, faults)
    if region is None:
        ordered = sorted(faults, key=lambda fault: (fault.file != path.name, fault.file, fault.line))
        raise RegionFaults(tuple(ordered))
    return region


def _read(path: Path, faults: list[RegionFault]) -> Region | None:
    notes = Notes(path.name, faults)
    text = read_text(path.parent, notes, MAX_BYTES)
    document = None if text is None else read_document(text, notes)
    if document is None:
        return None
    root = document.root
    name, timezone = root.text("name"), _timezone(root)
    languages = root.texts("languages", LOCALES, RegionReason.LOCALE, LOCALES)
    hours = _hours(root, OFFICE_HOURS)
    holidays = _holidays(root.table("holidays"))
    tables = dict(root.table("units").each())
    units = {unit_id: _unit(unit_id, table, hours) for unit_id, table in tables.items()}
    check_units(units, tables, root)
    clocks = _clocks(root.table("clocks"))
    categories = _categories(root.table("categories"), units)
    areas, polygons = _areas(root, path.parent, units, notes)
    silence, answer = (root.days(key, _MOST_DAYS, _SILENCE) for key in ("days_until_closed", "days_to_answer"))
    retention = root.days("retention_days", _LONGEST_RETENTION)
    document.note_unasked()
    if faults or timezone is None:
        return None
    return Region(
        name=name,
        timezone=timezone,
        languages=languages,
        hours=hours,
        holidays=holidays,
        units=tuple(units.values()),
        categories=categories,
        clocks=clocks,
        areas=areas,
        polygons=polygons,
        days_until_closed=silence,
        days_to_answer=answer,
        retention_days=retention,
    )


def _timezone(root: Table) -> ZoneInfo | None:
    name = root.text("timezone")
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        root.note(RegionReason.TIMEZONE, "timezone", value=name)
        return None


def _hours(table: Table, default: Hours) -> Hours:
    if "hours" not in table:
        return default
    hours = table.table("hours")
    days = hours.texts("days", DAYS, RegionReason.DAY)
    start, end = _time(hours, "start"), _time(hours, "end")
    if start is not None and end is not None and start >= end > time.min:
        hours.note(RegionReason.HOURS_ORDER, "end")
    return Hours(frozenset(DAYS.index(day) for day in days), start or default.start, end or default.end)


def _time(hours: Table, key: str) -> time | None:
    value = hours.text(key)
    found = _TIME.fullmatch(value)
    if found:
        return time(int(found[1]), int(found[2]))
    if key == "end" and value in _MIDNIGHT:
        return time.min
    if value:
        hours.note(RegionReason.TIME, key, value=value)
    return None


def _holidays(table: Table) -> Holidays:
    days = Holidays(table.flag("government", default=True), table.dates("closed"), table.dates("open"))
    for day in sorted(days.closed & days.open):
        table.note(RegionReason.DATE_BOTH, "open", value=day.isoformat())
    return days


def _unit(unit_id: str, table: Table, hours: Hours) -> Unit:
    if not _UNIT_ID.fullmatch(unit_id):
        table.note(RegionReason.UNIT_ID, value=unit_id)
    always = table.flag("always_open")
    if always and "hours" in table:
        table.note(RegionReason.HOURS_TWICE, "hours")
    own = _hours(table, hours)
    group = table.text("group", "")
    if group and not _GROUP.fullmatch(group):
        table.note(RegionReason.GROUP, "group")
    return Unit(
        id=unit_id,
        name=table.text("name"),
        group=group,
        superior=table.text("superior", ""),
        hours=AROUND_THE_CLOCK if always else own,
        members=table.flag("members"),
        default=table.flag("default"),
    )


def _clocks(table: Table) -> Mapping[Priority, Clock]:
    return {priority: _clock(table, priority, priority) or CLOCKS[priority] for priority in Priority}


def _clock(holder: Table, key: str, priority: Priority) -> Clock | None:
    if key not in holder:
        return None
    table = holder.table(key)
    first, done = _span(table, "first"), _span(table, "done")
    if first is None or done is None:
        return None
    if first.unit == done.unit and first.amount > done.amount:
        table.note(RegionReason.CLOCK_ORDER, "done")
    for which, given in (("first", first), ("done", done)):
        if priority in URGENT and given.unit in WORKING:
            table.note(RegionReason.CLOCK_URGENT, which)
    return Clock(first, done)


def _span(table: Table, key: str) -> Span | None:
    value = table.text(key)
    found = span(value)
    if value and found is None:
        table.note(RegionReason.SPAN, key, value=value)
    return found


def _categories(table: Table, units: Mapping[str, Unit]) -> tuple[Category, ...]:
    table.only(ALL_CATEGORIES, RegionReason.CATEGORY_UNKNOWN)
    return tuple(_category(one, table.table(one), units) for one in ALL_CATEGORIES)


def _category(category_id: str, table: Table, units: Mapping[str, Unit]) -> Category:
    members = next((unit.id for unit in units.values() if unit.members), "")
    default = next((unit.id for unit in units.values() if unit.default), "")
    usual = members if category_id == MEMBERS else default
    unit = table.text("unit", usual) if "unit" in table else usual
    if unit not in units and unit not in {BY_AREA, usual}:
        table.note(RegionReason.UNIT_UNKNOWN, "unit", value=unit)
    elif category_id == MEMBERS and unit != members:
        table.note(RegionReason.MEMBERS_CATEGORY, "unit")
    usual = PRIORITIES[category_id].value
    priority = Priority(table.one_of("priority", list(Priority), RegionReason.PRIORITY, usual))
    return Category(
        id=category_id,
        priority=priority,
        unit=unit,
        clock=_clock(table, "clock", priority),
    )


def _areas(
    root: Table, folder: Path, units: Mapping[str, Unit], notes: Notes
) -> tuple[tuple[Area, ...], tuple[Polygon, ...]]:
    areas: tuple[Area, ...] = ()
    if (text := _beside(root, "areas", folder, MAX_BYTES, notes)) is not None:
        areas = read_areas(text[1], units, text[0])
    text = _beside(root, "polygons", folder, MAX_POLYGONS, notes)
    if text is not None and (areas or "areas" not in root):  # else each outline would be said to be of no area
        return areas, read_polygons(text[1], {area.code for area in areas}, text[0])
    return areas, ()


def _beside(root: Table, key: str, folder: Path, most: int, notes: Notes) -> tuple[Notes, str] | None:
    """A file that the account's file names, with the notes on it."""
    name = root.text(key, "", most=_MAX_PATH)
    if not name:
        return None
    own = Notes(name, notes.faults)
    text = read_text(folder, own, most, (notes, root.line_of(key)))
    return None if text is None else (own, text)
