"""Who gets what, by when, and through which group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.core.region import (
    ALL_CATEGORIES,
    BY_AREA,
    CLOCKS,
    OFFICE_HOURS,
    PRIORITIES,
    Area,
    Category,
    Clock,
    Holidays,
    Priority,
    Region,
    Span,
    Unit,
    clock_for,
    group_for,
    span,
    superiors,
    unit_for,
)

UNITS = (
    Unit("kapolres", "Kapolres", group="-1"),
    Unit("spkt", "SPKT", group="-2", superior="kapolres", default=True),
    Unit("reskrim", "Reskrim", superior="kapolres"),
    Unit("siber", "Siber", superior="reskrim"),
    Unit("propam", "Propam", group="-3", superior="kapolres", members=True),
    Unit("polsek", "Polsek", group="-4", superior="kapolres"),
)
SUKAMAJU = Area("99.01.02", "Sukamaju", "Contoh", "polsek")


def categories(**units: str) -> tuple[Category, ...]:
    return tuple(Category(one, PRIORITIES[one], units.get(one, "spkt")) for one in ALL_CATEGORIES)


def region(**fields: Any) -> Region:
    values: dict[str, Any] = {
        "name": "Polres Contoh",
        "timezone": ZoneInfo("Asia/Jakarta"),
        "languages": ("id",),
        "hours": OFFICE_HOURS,
        "holidays": Holidays(),
        "units": UNITS,
        "categories": categories(kriminal="reskrim", kamtibmas=BY_AREA, anggota="propam"),
        "clocks": CLOCKS,
        "areas": (SUKAMAJU,),
        "polygons": (),
        "days_until_closed": 10,
        "days_to_answer": 10,
        "retention_days": 365,
    }
    return Region(**{**values, **fields})


REGION = region()


@pytest.mark.parametrize(
    ("category", "area", "unit"),
    [
        ("kriminal", None, "reskrim"),
        ("kriminal", SUKAMAJU, "reskrim"),
        ("kamtibmas", SUKAMAJU, "polsek"),
        ("kamtibmas", None, "spkt"),
        ("kamtibmas", replace(SUKAMAJU, unit="polsek-lama"), "spkt"),
        ("lainnya", SUKAMAJU, "spkt"),
        ("anggota", SUKAMAJU, "propam"),
        ("", SUKAMAJU, "spkt"),
        ("by area", SUKAMAJU, "spkt"),
    ],
)
def test_a_ticket_goes_to_the_unit_of_its_category_or_its_area(category: str, area: Area | None, unit: str) -> None:
    assert unit_for(REGION, category, area).id == unit


def test_what_is_about_members_goes_to_their_unit_whatever_the_category_says() -> None:
    moved = region(categories=categories(anggota="reskrim"))
    assert unit_for(moved, "anggota", SUKAMAJU).id == "propam"


IDS = st.sampled_from([unit.id for unit in UNITS])
AREAS = st.one_of(
    st.none(), st.builds(Area, st.text(), st.text(), st.text(), st.one_of(IDS.filter(lambda one: one != "propam")))
)


@given(
    written=st.dictionaries(st.sampled_from(ALL_CATEGORIES), st.one_of(IDS, st.just(BY_AREA), st.text())),
    category=st.one_of(st.sampled_from(ALL_CATEGORIES), st.text()),
    area=AREAS,
)
def test_every_ticket_has_a_unit_and_only_what_belongs_there_goes_to_the_members_one(
    written: dict[str, str], category: str, area: Area | None
) -> None:
    unit = unit_for(region(categories=categories(**written)), category, area)
    assert unit in UNITS
    assert unit.members == (category == "anggota" or written.get(category) == "propam")


@pytest.mark.parametrize(
    "units",
    [
        UNITS[2:4],
        (*UNITS, Unit("lain", "Lain", default=True)),
        (*UNITS, Unit("lain", "Lain", members=True)),
        (Unit("satu", "Satu", default=True, members=True),),
        (Unit("satu", "Satu", default=True, members=True), *UNITS),
    ],
)
def test_a_region_has_one_default_unit_and_another_one_for_members(units: tuple[Unit, ...]) -> None:
    with pytest.raises(ValueError, match="one default unit and another one for members"):
        region(units=units)


def test_a_category_has_the_clock_of_its_priority_unless_it_has_its_own() -> None:
    own = Clock(Span(1, "wh"), Span(2, "wd"))
    special = tuple(replace(one, clock=own) if one.id == "siber" else one for one in REGION.categories)
    assert clock_for(region(categories=special), "siber") == own
    assert clock_for(region(categories=special), "kriminal") == Clock(Span(8, "h"), Span(14, "wd"))
    with pytest.raises(KeyError):
        clock_for(REGION, "sampah")


def test_every_priority_has_a_clock_and_every_category_a_priority() -> None:
    assert set(CLOCKS) == set(Priority)
    assert set(PRIORITIES) == set(ALL_CATEGORIES)


def test_a_unit_without_a_group_is_served_by_the_nearest_superior_that_has_one() -> None:
    served = {unit.id: group_for(REGION.by_id, unit) for unit in UNITS}
    assert served == {"kapolres": "-1", "spkt": "-2", "reskrim": "-1", "siber": "-1", "propam": "-3", "polsek": "-4"}


def test_superiors_in_a_circle_come_once_each() -> None:
    units = {one: Unit(one, one, superior=above) for one, above in (("a", "b"), ("b", "c"), ("c", "b"))}
    assert [one.id for one in superiors(units, units["a"])] == ["b", "c"]
    assert group_for(units, units["a"]) == ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("5m", Span(5, "m")),
        ("8h", Span(8, "h")),
        ("1d", Span(1, "d")),
        ("12wh", Span(12, "wh")),
        ("14wd", Span(14, "wd")),
        *((text, None) for text in "0m 05m 5 m -5m 5w 5M 1.5h 10000d \u0665m".split()),
        *((text, None) for text in ("", "5 m", "5m ")),
    ],
)
def test_a_span_is_a_whole_number_and_one_of_five_units(text: str, read: Span | None) -> None:
    assert span(text) == read
