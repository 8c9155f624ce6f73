"""An account's files to write tests with, right as they are, and what is told when something in them is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.services.region_fault import RegionFault, RegionFaults
from chatbot.services.region_file import read_region
from tests.unit.dialogue_script import CATALOGUES

BASE = """\
name = "Polres Contoh"
timezone = "Asia/Jakarta"
languages = ["id", "en"]
areas = "areas.csv"
polygons = "areas.geojson"
retention_days = 365
[hours]
days = ["senin", "jumat"]
start = "08.00"
end = "16:00"
[holidays]
government = false
closed = [2026-12-24, "2026-12-28"]
open = [
  2026-12-26,
  # 2026-02-30
]
[clocks]
P2 = { first = "4h", done = "7wd" }
[units.kapolres]
name = "Kapolres"
group = "-1001"
[units.spkt]
name = "SPKT"
superior = "kapolres"
default = true
always_open = true
[units.propam]
name = "Propam"
group = "-1002"
superior = "kapolres"
members = true
[units.polsek]
name = "Polsek"
group = "-1003"
superior = "spkt"
hours = { days = ["sabtu"], start = "20.00", end = "24.00" }
[categories.kriminal]
unit = "polsek"
priority = "P1"
clock = { first = "30m", done = "2d" }
# the other categories go where they go by default
[categories.kamtibmas]
unit = "by area"
[categories.anggota]
priority = "P2"
"""
AREAS = """\
code,kecamatan,kabupaten,unit,aliases
99.01.01,Contoh,Kabupaten Contoh,polsek,Kota Contoh | Pasar

99.01.02,Sukamaju,Kabupaten Contoh,spkt,
"""
SQUARE = "[[106,-6],[107,-6],[107,-5],[106,-5],[106,-6]]"
HOLE = "[[106.2,-5.8],[106.4,-5.8],[106.4,-5.6],[106.2,-5.8]]"
POLYGONS = f"""\
{{"type": "FeatureCollection", "features": [
{{"type": "Feature", "properties": {{"code": "99.01.01"}},
  "geometry": {{"type": "Polygon", "coordinates": [{SQUARE}, {HOLE}]}}}},
{{"type": "Feature", "properties": {{"code": "99.01.02"}}, "geometry": {{"type": "MultiPolygon", "coordinates": [
  [{SQUARE.replace("10", "11")}], [[[120,1,30],[121,1,30],[121,2,30],[120,1,30]]]]}}}}
]}}
"""


def write(folder: Path, base: str = BASE, areas: str = AREAS, polygons: str = POLYGONS) -> Path:
    (folder / "areas.csv").write_text(areas, encoding="utf-8")
    (folder / "areas.geojson").write_text(polygons, encoding="utf-8")
    (folder / "region.toml").write_text(base, encoding="utf-8")
    return folder / "region.toml"


def faults_of(path: Path) -> tuple[RegionFault, ...]:
    with pytest.raises(RegionFaults) as found:
        read_region(path)
    for fault in found.value.faults:
        for locale in ("id", "en"):
            CATALOGUES.render(fault.phrase(), locale)  # every value that the words name is there
    return found.value.faults


def told_of(path: Path) -> str:
    """Lines and reasons of all faults, with the file's name where it is another than the account's."""
    return ", ".join(
        f"{'' if fault.file == path.name else f'{fault.file} '}{fault.line} {fault.reason.rpartition('.')[2]}"
        for fault in faults_of(path)
    )


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)
