"""``chatbot region``: what an admin asks of the account's file before it is served.

Owns how faults and the account are shown on the terminal. Needs the file and nothing else: no token, no database.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from chatbot.cli_words import Words
from chatbot.core.message import Phrase
from chatbot.core.region import AROUND_THE_CLOCK, BY_AREA, Category, Region, Span, Unit, clock_for
from chatbot.services.region_fault import RegionFaults
from chatbot.services.region_file import read_region
from chatbot.settings import Settings

_WRONG_USE = 2


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Describe the steps."""
    steps = verb.add_subparsers(dest="step", required=True)
    check = steps.add_parser("check", help="help.region_check")
    check.add_argument("file", nargs="?", type=Path, help="help.region_file")


def run(arguments: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Check; the exit status, 1 where there is a fault, 2 where no file is named."""
    path = arguments.file or settings.region_file
    if path is None:
        print(words("region.check.no_file"), file=sys.stderr)
        return _WRONG_USE
    try:
        region = read_region(path)
    except RegionFaults as found:
        print(*lines(found, words), sep="\n")
        print(words("region.check.count", count=str(len(found.faults))))
        return 1
    for line in _shown(region, words):
        print(line)
    return 0


def lines(found: RegionFaults, words: Words) -> list[str]:
    """The faults of the file, one a line."""
    return [
        words("region.check.fault", file=fault.file, line=str(fault.line), reason=fault.phrase())
        for fault in found.faults
    ]


def _shown(region: Region, words: Words) -> Iterator[str]:
    areas = Counter(area.unit for area in region.areas)
    yield words("region.check.good", name=region.name, timezone=region.timezone.key)
    yield words("region.check.units", count=str(len(region.units)))
    for unit in region.units:
        yield "  " + "; ".join(_of_unit(unit, areas[unit.id], words))
    yield words("region.check.categories", count=str(len(region.categories)))
    for category in region.categories:
        yield "  " + _of_category(region, category, words)
    yield words("region.check.areas", count=str(len(region.areas)), drawn=str(len({p.code for p in region.polygons})))
    yield words(
        "region.check.days",
        closed=str(region.days_until_closed),
        answer=str(region.days_to_answer),
        retention=str(region.retention_days),
    )


def _of_unit(unit: Unit, areas: int, words: Words) -> Iterator[str]:
    yield words("region.check.unit", id=unit.id, name=unit.name)
    if unit.superior:
        yield words("region.check.unit_superior", superior=unit.superior)
    if not unit.group:
        yield words("region.check.unit_served")
    if unit.hours == AROUND_THE_CLOCK:
        yield words("region.check.unit_always")
    if unit.default:
        yield words("region.check.unit_default")
    if unit.members:
        yield words("region.check.unit_members")
    if areas:
        yield words("region.check.unit_areas", count=str(areas))


def _of_category(region: Region, category: Category, words: Words) -> str:
    clock = clock_for(region, category.id)
    by_area = category.unit == BY_AREA
    return words(
        "region.check.category",
        category=Phrase(f"category.{category.id}"),
        priority=category.priority.value,
        unit=Phrase("region.check.by_area") if by_area else region.by_id[category.unit].name,
        first=_phrase(clock.first),
        done=_phrase(clock.done),
    )


def _phrase(span: Span) -> Phrase:
    return Phrase(f"region.span.{span.unit}", {"count": str(span.amount)})
