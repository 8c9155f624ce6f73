"""The files beside the account's: its kecamatan as a table, and where they lie on the map.

Owns the forms of both, CSV and GeoJSON, and their faults. Refuses the account itself (``region_file``) and finding a
place (``matching.areas``).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from chatbot.core.region import Area, Polygon, Ring, Unit
from chatbot.core.spelling import fold
from chatbot.matching.areas import is_drawable
from chatbot.services.region_fault import Notes, RegionReason

MAX_POLYGONS = 20_000_000  # bytes; the outlines of all kecamatan of a province, as finely as they are published
COLUMNS = ("code", "kecamatan", "kabupaten", "unit", "aliases")
_CODE = re.compile(r"\d{2}\.\d{2}\.\d{2}", re.ASCII)
_FEATURES = re.compile(r'"features"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"[\s,]*")
_BOUNDS = (180, 90)  # degrees of longitude and latitude, either way
_FEWEST_POSITIONS = 4  # RFC 7946, 3.1.6: a triangle, closed


def read_areas(text: str, units: Mapping[str, Unit], notes: Notes) -> tuple[Area, ...]:
    """Read a table of kecamatan; what is wrong with it is noted, line by line.

    Args:
        text: CSV with the header ``COLUMNS`` in any order, separated by commas or, as Excel does here, semicolons.
        units: those that there are, by id.
        notes: of this file.
    """
    told = len(notes.faults)
    rows = _rows(text, notes)
    line, header = next(rows, (1, ()))
    columns = _columns(line, header, notes) if header else []
    if columns is None:
        return ()
    areas = []
    for line, cells in rows:
        if any(cells[len(columns) :]):
            notes.add(line, RegionReason.CELLS, count=str(len(columns)))
        named = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
        areas.append((line, _area(line, named, units, notes)))
    if not areas and len(notes.faults) == told:
        notes.add(1, RegionReason.AREAS_EMPTY)
    _note_doubles(areas, notes)
    return tuple(area for _, area in areas)


def _rows(text: str, notes: Notes) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield each row that holds anything with the line on which it begins; cells without white space around them."""
    separator = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                yield line, trimmed
            line = reader.line_num + 1
    except csv.Error:
        notes.add(line, RegionReason.QUOTE)


def _columns(line: int, cells: Sequence[str], notes: Notes) -> list[str] | None:
    columns = [cell.lower() for cell in cells]
    wrong = len(notes.faults)
    for at, name in enumerate(columns):
        if name not in COLUMNS:
            notes.add(line, RegionReason.COLUMN_UNKNOWN, column=name, known=", ".join(COLUMNS))
        elif name in columns[:at]:
            notes.add(line, RegionReason.COLUMN_TWICE, column=name)
    for name in COLUMNS:
        if name not in columns:
            notes.add(line, RegionReason.COLUMN_MISSING, column=name)
    return columns if len(notes.faults) == wrong else None


def _area(line: int, named: Mapping[str, str], units: Mapping[str, Unit], notes: Notes) -> Area:
    code, unit = named["code"], named["unit"]
    for column in ("kecamatan", "kabupaten"):
        if not named[column]:
            notes.add(line, RegionReason.CELL_EMPTY, column=column)
    if not _CODE.fullmatch(code):
        notes.add(line, RegionReason.CODE, value=code)
    if unit not in units:
        notes.add(line, RegionReason.UNIT_UNKNOWN, value=unit)
    elif units[unit].members:
        notes.add(line, RegionReason.AREA_MEMBERS, value=unit)
    aliases = tuple(alias.strip() for alias in named["aliases"].split("|") if alias.strip())
    return Area(code, named["kecamatan"], named["kabupaten"], unit, aliases)


def _note_doubles(areas: Sequence[tuple[int, Area]], notes: Notes) -> None:
    """Every code stands once, and so does every kecamatan of a kabupaten."""
    codes: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for line, area in areas:
        if codes.setdefault(area.code, line) != line and area.code:
            notes.add(line, RegionReason.CODE_TWICE, value=area.code, first=str(codes[area.code]))
        name = (fold(area.kecamatan), fold(area.kabupaten))
        if names.setdefault(name, line) != line and all(name):
            notes.add(line, RegionReason.AREA_TWICE, value=area.kecamatan, first=str(names[name]))


def read_polygons(text: str, codes: Collection[str], notes: Notes) -> tuple[Polygon, ...]:
    """Read where the kecamatan lie; what is wrong is noted, at the line of its feature.

    Args:
        text: a GeoJSON FeatureCollection of Polygon and MultiPolygon, each with the kecamatan's ``code`` as a property.
        codes: those of the areas.
        notes: of this file.
    """
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        notes.add(error.lineno, RegionReason.JSON)
        return ()
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets in brackets without end
        notes.add(1, RegionReason.JSON)
        return ()
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or not features or whole.get("type") != "FeatureCollection":
        notes.add(1, RegionReason.FEATURES)
        return ()
    found: list[Polygon] = []
    for line, feature in zip(_feature_lines(text, len(features)), features, strict=True):
        properties = _part(feature, "properties")
        code = properties.get("code")
        if not isinstance(code, str) or code not in codes:
            notes.add(line, RegionReason.POLYGON_CODE, value=code if isinstance(code, str) else "")
            continue
        polygons = [Polygon(code, *rings) for rings in _shapes(_part(feature, "geometry"))]
        if not polygons or not all(_is_sound(polygon) for polygon in polygons):
            notes.add(line, RegionReason.POLYGON_SHAPE, value=code)
            continue
        found += polygons
    return tuple(found)


def _feature_lines(text: str, count: int) -> list[int]:
    """The lines on which the features begin; JSON's reader does not tell."""
    decoder = json.JSONDecoder()
    opened = _FEATURES.search(text)
    at = opened.end() if opened else 0
    line, counted = 1, 0
    lines: list[int] = []
    try:
        while len(lines) < count:
            line += text.count("\n", counted, at)
            counted = at
            lines.append(line)
            at = decoder.raw_decode(text, at)[1]
            between = _BETWEEN.match(text, at)
            at = between.end() if between else at
    except ValueError:  # another list of that name stands before: then only the file is named
        return [1] * count
    return lines


def _part(value: Any, key: str) -> Mapping[str, Any]:
    part = value.get(key) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def _shapes(geometry: Mapping[str, Any]) -> Iterator[tuple[Ring, tuple[Ring, ...]]]:
    """Yield the outer ring and the holes of each polygon; nothing for another geometry."""
    coordinates = geometry.get("coordinates")
    match geometry.get("type"):
        case "Polygon":
            shapes = [coordinates]
        case "MultiPolygon" if isinstance(coordinates, list):
            shapes = coordinates
        case _:
            shapes = []
    for shape in shapes:
        rings = [_ring(ring) for ring in shape] if isinstance(shape, list) else []
        yield rings[0] if rings else (), tuple(rings[1:])


def _ring(positions: Any) -> Ring:
    """A ring; empty where a position is none."""
    if not isinstance(positions, list) or not all(_is_position(position) for position in positions):
        return ()
    return tuple((float(position[0]), float(position[1])) for position in positions)


def _is_position(value: Any) -> bool:
    if not isinstance(value, list) or len(value) < len(_BOUNDS):
        return False
    longitude, latitude = value[: len(_BOUNDS)]  # a height may follow
    if type(longitude) not in {int, float} or type(latitude) not in {int, float}:
        return False
    return all(abs(degrees) <= most for degrees, most in zip((longitude, latitude), _BOUNDS, strict=True))


def _is_sound(polygon: Polygon) -> bool:
    rings = (polygon.outer, *polygon.holes)
    closed = all(len(ring) >= _FEWEST_POSITIONS and ring[0] == ring[-1] for ring in rings)
    return closed and is_drawable(polygon)
