"""The account's file: what ships is right, and whatever is wrong is told with its line."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from chatbot.core.region import (
    ALL_CATEGORIES,
    AROUND_THE_CLOCK,
    BY_AREA,
    CLOCKS,
    OFFICE_HOURS,
    PRIORITIES,
    Area,
    Clock,
    Holidays,
    Hours,
    Priority,
    Span,
    clock_for,
    unit_for,
)
from chatbot.matching.areas import AreaFinder
from chatbot.services.region_file import read_region
from tests.unit.region_files import AREAS, BASE, POLYGONS, changed, faults_of, told_of, write

SHIPPED = Path(__file__).parents[2] / "docs/region-contoh"


def test_the_shipped_account_has_no_fault_and_the_units_that_a_polres_has() -> None:
    region = read_region(SHIPPED / "region.toml")
    assert {unit.id for unit in region.units if not unit.id.startswith("polsek")} == set(
        "kapolres spkt reskrim siber narkoba ppa lantas samapta intelkam propam".split()
    )
    assert [unit.id for unit in region.units if not unit.superior] == ["kapolres"]
    assert region.clocks == CLOCKS
    assert {one.id: one.priority for one in region.categories} == PRIORITIES
    assert len(region.areas) == 12
    assert len({area.kabupaten for area in region.areas}) == 2
    assert [area.code for area in region.areas if area.kecamatan == "Sukamaju"] == ["99.01.02", "99.02.01"]


def test_everything_that_the_file_says_is_taken(tmp_path: Path) -> None:
    region = read_region(write(tmp_path))
    assert (region.name, region.timezone.key, region.languages) == ("Polres Contoh", "Asia/Jakarta", ("id", "en"))
    assert region.hours == Hours(frozenset({0, 4}), time(8), time(16))
    assert region.holidays == Holidays(
        government=False,
        closed=frozenset({date(2026, 12, 24), date(2026, 12, 28)}),
        open=frozenset({date(2026, 12, 26)}),
    )
    assert {unit.id: unit.hours for unit in region.units} == {
        "kapolres": region.hours,
        "spkt": AROUND_THE_CLOCK,
        "propam": region.hours,
        "polsek": Hours(frozenset({5}), time(20), time(0)),
    }
    assert (region.default.id, region.members.id) == ("spkt", "propam")
    assert region.clocks[Priority.P2] == Clock(Span(4, "h"), Span(7, "wd"))
    assert region.clocks[Priority.P3] == CLOCKS[Priority.P3]
    assert clock_for(region, "kriminal") == Clock(Span(30, "m"), Span(2, "d"))
    assert clock_for(region, "anggota") == region.clocks[Priority.P2]
    assert {one.id: (one.priority, one.unit) for one in region.categories if one.unit != "spkt"} == {
        "kriminal": (Priority.P1, "polsek"),
        "kamtibmas": (Priority.P2, BY_AREA),
        "anggota": (Priority.P2, "propam"),
    }
    assert region.areas[0] == Area("99.01.01", "Contoh", "Kabupaten Contoh", "polsek", ("Kota Contoh", "Pasar"))
    assert [(one.code, len(one.outer), len(one.holes)) for one in region.polygons] == [
        ("99.01.01", 5, 1),
        ("99.01.02", 5, 0),
        ("99.01.02", 4, 0),
    ]
    assert (region.days_until_closed, region.days_to_answer, region.retention_days) == (10, 10, 365)
    assert unit_for(region, "kamtibmas", AreaFinder(region.areas, region.polygons).by_point(-5.5, 106.5)).id == "polsek"


def test_little_needs_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "akun.toml"
    path.write_text(
        'name = "Polres Contoh"\ntimezone = "Asia/Jayapura"\nretention_days = 1\n'
        '[units.spkt]\nname = "SPKT"\ngroup = "-1"\ndefault = true\n'
        '[units.siwas]\nname = "Siwas"\ngroup = "-2"\nmembers = true\n'
    )
    region = read_region(path)
    assert (region.hours, region.holidays, region.languages) == (OFFICE_HOURS, Holidays(), ("id", "en"))
    assert {one.id: one.unit for one in region.categories} == dict.fromkeys(ALL_CATEGORIES, "spkt") | {
        "anggota": "siwas"
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "Polres Contoh"\n', "", "1 key_missing"),
        ('"Polres Contoh"', "7", "1 no_text"),
        ('"Polres Contoh"', '" "', "1 text_length"),
        ('"Polres Contoh"', '"a\\nb"', "1 text_length"),
        ('"Polres Contoh"', f'"{"x" * 61}"', "1 text_length"),
        ('"Polres Contoh"', '"Polres Contoh', "1 syntax"),
        ("[hours]", "[hours", "7 syntax"),
        ("365", "365 days", "6 syntax"),
        ("365", "9" * 5000, "1 syntax"),
        ("365", "[" * 5000, "1 syntax"),
        ('priority = "P2"\n', 'priority = "P2', "46 syntax"),
        ('priority = "P2"\n', 'names = ["P2"\n\n', "46 syntax"),
        ("retention_days", 'timezone = "x"\nretention_days', "6 key_twice"),
        ("[units.polsek]", "[units.propam]", "33 key_twice"),
        ('done = "2d"', 'first = "2d"', "41 key_twice"),
        ("closed = [2026-12-24", "closed = [2026-02-30", "13 date"),
        ('"2026-12-28"', '"2026-02-30"', "13 date"),
        ('"2026-12-28"', '"20261228"', "13 date"),
        ('"2026-12-28"', "2026-12-28T08:00:00", "13 date"),
        ("# 2026-02-30", '"besok"', "16 date"),
        ("# 2026-02-30", "2026-12-26", "16 item_twice"),
        ('"2026-12-28"', "2026-12-26", "14 date_both"),
        ('"Asia/Jakarta"', '"Asia/Surabaya"', "2 timezone"),
        ('"Asia/Jakarta"', '"Asia"', "2 timezone"),
        ('"Asia/Jakarta"', '"../etc/passwd"', "2 timezone"),
        ('["id", "en"]', '["id",\n"fr"]', "4 locale"),
        ('["id", "en"]', '["id", ["en"]]', "3 locale"),
        ('["id", "en"]', "[]", "3 locale"),
        ('["id", "en"]', '["id", "id"]', "3 item_twice"),
        ('["id", "en"]', '"id"', "3 no_list"),
        ("retention_days", "retention", "1 key_missing, 6 key_unknown"),
        ("365", "true", "6 no_number"),
        ("365", "0", "6 no_number"),
        ("365", "3651", "6 no_number"),
        ("365", "365\ndays_to_answer = 1.5", "7 no_number"),
        ('"senin", "jumat"', '"senin",\n"monday"', "9 day"),
        ('"senin", "jumat"', "", "8 day"),
        ('start = "08.00"', 'start = "8.00"', "9 time"),
        ('start = "08.00"', "start = 08:00:00", "9 no_text"),
        ('start = "08.00"', "start = 08:00", "9 syntax"),
        ('start = "08.00"', 'start = "24.00"', "9 time"),
        ('start = "08.00"\n', "", "7 key_missing"),
        ('"16:00"', '"08:00"', "10 hours_order"),
        (
            "always_open = true",
            'always_open = true\nhours = {days = ["sabtu"], start = "08.00", end = "09.00"}',
            "28 hours_twice",
        ),
        ("government = false", 'government = "false"', "12 no_flag"),
        ("[holidays]", "libur = 1\n[holidays]", "11 key_unknown"),
        ("P2 = { first", "P7 = { first", "19 key_unknown"),
        ('P2 = { first = "4h", done = "7wd" }', 'P2 = "4h"', "19 no_table"),
        ('"4h"', '"4 jam"', "19 span"),
        ('"4h", done', '"4h", selesai = "1d", done', "19 key_unknown"),
        ('"30m", done = "2d"', '"3d", done = "2d"', "41 clock_order"),
        (', done = "2d"', "", "41 key_missing"),
        ('areas = "areas.csv"', f'areas = "{"a" * 201}"', "4 text_length, 4 file_missing"),
        ('P2 = { first = "4h", done = "7wd" }', 'P1 = { first = "4h", done = "7wd" }', "19 clock_urgent"),
        ("[units.polsek]", '[units."Polsek Contoh"]', "33 unit_id, 39 unit_unknown, areas.csv 2 unit_unknown"),
        ('superior = "spkt"', 'superior = "polda"', "36 unit_unknown"),
        ('group = "-1003"', "group = -1003", "35 no_text"),
        ('group = "-1003"', 'group = "1003"', "35 group"),
        ('group = "-1003"', 'group = "@polsek"', "35 group"),
        ('group = "-1003"', 'group = "-1002"', "35 members_group_shared"),
        ("members = true", "members = 1", "20 members_missing, 32 no_flag"),
        ("members = true\n", 'members = true\n[[units.lain]]\nname = "Lain"\n', "33 no_table"),
        ('unit = "polsek"', 'unit = "reskrim"', "39 unit_unknown"),
        ('priority = "P1"', 'priority = "P5"', "40 priority"),
        ("[categories.kamtibmas]", "[categories.pencurian]", "43 category_unknown"),
        ("[categories.anggota]\n", '[categories.anggota]\nunit = "polsek"\n', "46 members_category"),
        ("[categories.anggota]\n", '[categories.anggota]\nunit = "by area"\n', "46 members_category"),
        ('"areas.csv"', '"wilayah.csv"', "4 file_missing"),
        ('"areas.csv"', '"../areas.csv"', "4 file_outside"),
        ('"areas.csv"', '"/etc/hostname"', "4 file_outside"),
        ('"areas.csv"', '"a\\u0000b"', "4 text_length, 4 file_missing"),
        ('"areas.geojson"', '"."', "5 file_missing"),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told_of(write(tmp_path, changed(BASE, old, new))) == told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"default = true\n": ""}, "20 default_missing"),
        ({"members = true\n": ""}, "20 members_missing"),
        ({'group = "-1001"': 'group = "-1001"\ndefault = true'}, "27 default_twice"),
        ({'group = "-1001"': 'group = "-1001"\nmembers = true'}, "26 members_group_shared, 33 members_twice"),
        ({"default = true\n": "", "members = true": "members = true\ndefault = true"}, "31 default_is_members"),
        ({'group = "-1002"\n': ""}, "28 members_group_missing"),
        ({'group = "-1001"\n': ""}, "20 group_missing, 22 group_missing"),
        ({'group = "-1001"': 'group = "-1002"'}, "22 members_group_shared, 25 members_group_shared"),
        ({'group = "-1003"\n': "", 'superior = "spkt"': 'superior = "propam"'}, "35 members_group_shared"),
        ({'group = "-1001"': 'group = "-1001"\nsuperior = "kapolres"'}, "23 superior_cycle"),
        ({'group = "-1001"': 'group = "-1001"\nsuperior = "polsek"'}, "23 superior_cycle"),
        ({'group = "-1001"': 'superior = "spkt"'}, "20 group_missing, 22 superior_cycle, 23 group_missing"),
    ],
)
def test_what_units_must_keep_together_is_checked(tmp_path: Path, changes: dict[str, str], told: str) -> None:
    text = BASE
    for old, new in changes.items():
        text = changed(text, old, new)
    assert told_of(write(tmp_path, text)) == told


def test_a_circle_of_superiors_is_told_once_and_in_full(tmp_path: Path) -> None:
    path = write(tmp_path, changed(BASE, 'group = "-1001"', 'group = "-1001"\nsuperior = "polsek"'))
    assert [fault.values["value"] for fault in faults_of(path)] == ["kapolres → polsek → spkt → kapolres"]


def test_every_fault_of_every_file_is_told_the_account_first(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        changed(changed(BASE, '"by area"', '"reskrim"'), "365", '"365"'),
        changed(AREAS, "polsek", "reskrim"),
        changed(POLYGONS, '"99.01.02"', '"99.01.03"'),
    )
    assert told_of(path) == "6 no_number, 44 unit_unknown, areas.csv 2 unit_unknown, areas.geojson 4 polygon_code"
