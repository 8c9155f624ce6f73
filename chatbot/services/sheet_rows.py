"""A spreadsheet file as rows of cells, ``.xlsx`` or ``.csv``.

Owns every guard against a file that is more, or less, than one table, and what a person reads about it. Refuses to
know what the columns mean (``faq_sheet``). Nothing that a cell holds is logged, warned about or raised.
"""

from __future__ import annotations

import csv
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from io import BytesIO, StringIO
from pathlib import PurePosixPath

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from chatbot.core.message import Phrase
from chatbot.matching.entry_file import Fault

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_MEMBERS = 200
MAX_RATIO = 100
MAX_ROWS = 2000
MAX_COLUMNS = 40
FORMULA = object()  # stands for a cell that holds a formula
GUARDED = re.compile(r"'+[=+\-@\t]")  # one apostrophe keeps the text from running as a formula, and is not part of it

_SMALL = 1024 * 1024  # below it even a high ratio does no harm
_MAX_SHEETS = 10  # each may make us count empty rows to the last
_LAST_ROW = 1_048_576  # of Excel; LibreOffice may write that row, empty, below a short table
_LINE_END = re.compile(r"(?:\r|_x000D_)\n?")  # Excel writes a pasted carriage return as _x000D_


class SheetReason(StrEnum):
    """Why a sheet or a row of it is not taken. The values are keys of the catalogues."""

    KIND = "faq.sheet.kind"
    SIZE = "faq.sheet.size"
    UNREADABLE = "faq.sheet.unreadable"
    UNPACKED = "faq.sheet.unpacked"  # many times its size when it is opened
    MACROS = "faq.sheet.macros"
    LINKS = "faq.sheet.links"
    ENTITY = "faq.sheet.entity"
    CSV_UTF8 = "faq.sheet.csv_utf8"
    CSV_QUOTE = "faq.sheet.csv_quote"
    SHEETS = "faq.sheet.sheets"
    EMPTY = "faq.sheet.empty"
    ROWS = "faq.sheet.rows"
    COLUMNS = "faq.sheet.columns"
    COLUMN_UNKNOWN = "faq.sheet.column_unknown"
    COLUMN_TWICE = "faq.sheet.column_twice"
    COLUMN_MISSING = "faq.sheet.column_missing"
    HEADER_MISSING = "faq.sheet.header_missing"  # a cell that stands under no header
    FORMULA = "faq.sheet.formula"
    DATE_CELL = "faq.sheet.date_cell"  # Excel made a date of a text, and the text is gone
    ONE_LINE = "faq.sheet.one_line"
    LOCALE = "faq.sheet.locale"
    ROW_TWICE = "faq.sheet.row_twice"


@dataclass(frozen=True, slots=True)
class SheetFault:
    """One thing that is wrong with a sheet.

    Attributes:
        row: as the spreadsheet shows it, from 1; 0: the whole file.
        column: the name in the header; empty: the whole row.
        reason: why; the key of what an administrator reads.
    """

    row: int
    column: str
    reason: SheetReason | Fault

    def phrase(self) -> Phrase:
        """What an administrator reads: the place, as far as it is known, and the reason."""
        values: dict[str, str | Phrase] = {"row": str(self.row), "reason": Phrase(self.reason)}
        if not self.row:
            return Phrase(self.reason)
        if not self.column:
            return Phrase("faq.sheet.fault_row", values)
        return Phrase("faq.sheet.fault", {**values, "column": self.column})


class Refused(Exception):
    """A cell, a row or a file that is not taken, with the fault that says so."""

    def __init__(self, row: int, column: str, reason: SheetReason | Fault) -> None:
        super().__init__(reason)
        self.fault = SheetFault(row, column, reason)


def read_rows(name: str, data: bytes) -> list[tuple[int, Sequence[object]]]:
    """Read a file's rows that hold anything, with their numbers as the spreadsheet shows them; there is at least one.

    Args:
        name: the file's name; its ending says how it is read, ``.xlsx`` or ``.csv``.
        data: its bytes.

    Returns:
        Each cell is text without white space around it, None, ``FORMULA``, or a date, time or timedelta.

    Raises:
        Refused: the file is no sheet, or not only one; whatever its bytes are, nothing else is raised.
    """
    if len(data) > MAX_BYTES:
        raise Refused(0, "", SheetReason.SIZE)
    match PurePosixPath(name).suffix.lower():
        case ".xlsx":
            rows = _workbook_rows(data)
        case ".csv":
            rows = _filled(_csv_rows(data))
        case _:
            raise Refused(0, "", SheetReason.KIND)
    if not rows:
        raise Refused(0, "", SheetReason.EMPTY)
    return rows


def _filled(rows: Iterable[Sequence[object]]) -> list[tuple[int, Sequence[object]]]:
    found: list[tuple[int, Sequence[object]]] = []
    for number, values in enumerate(rows, 1):
        if len(values) > MAX_COLUMNS:
            raise Refused(number, "", SheetReason.COLUMNS)
        is_filled = any(value is not None and value != "" for value in values)
        if number > _LAST_ROW or (is_filled and len(found) > MAX_ROWS):  # the header is none of them
            raise Refused(number, "", SheetReason.ROWS)
        if is_filled:
            found.append((number, values))
    return found


def _csv_rows(data: bytes) -> Iterator[Sequence[object]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(0, "", SheetReason.CSV_UTF8) from None
    if "\0" in text:  # UTF-16 without its mark
        raise Refused(0, "", SheetReason.CSV_UTF8)
    # Where the decimal sign is a comma, as in Indonesia, Excel separates by semicolons; no header's name has one.
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    done = 0
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_plain(cell) for cell in row]
            done += 1
    except csv.Error:
        raise Refused(done + 1, "", SheetReason.CSV_QUOTE) from None


def _workbook_rows(data: bytes) -> list[tuple[int, Sequence[object]]]:
    try:
        _check_archive(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some quote the cell
            workbook = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
            try:
                sheets = [sheet for sheet in workbook.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
                if len(sheets) > _MAX_SHEETS:
                    raise Refused(0, "", SheetReason.SHEETS)
                filled = [rows for sheet in sheets if (rows := _filled(_sheet_rows(sheet)))]
            finally:
                workbook.close()
    except Refused:
        raise
    except Exception:  # noqa: BLE001  a damaged workbook makes openpyxl raise whatever it stumbles over
        raise Refused(0, "", SheetReason.UNREADABLE) from None
    if len(filled) > 1:
        raise Refused(0, "", SheetReason.SHEETS)
    return filled[0] if filled else []


def _sheet_rows(sheet: ReadOnlyWorksheet) -> Iterator[Sequence[object]]:
    sheet.reset_dimensions()  # what the sheet says of its size may be a million rows that are not there
    for row in sheet.rows:
        yield [FORMULA if cell.data_type == "f" else _plain(cell.value) for cell in row]


def _plain(value: object) -> object:
    """A cell's value as text, but for moments: whether they may be one is the column's matter."""
    if value is None or isinstance(value, date | time | timedelta):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _LINE_END.sub("\n", str(value)).strip()
    return text[1:] if GUARDED.match(text) else text  # in a workbook too, which may be a saved CSV


def _check_archive(data: bytes) -> None:
    """Refuse a workbook that is a bomb, or more than a sheet, before anything interprets it."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
            raise Refused(0, "", SheetReason.UNPACKED)
        for member in members:
            lowered = member.filename.lower()
            if "vbaproject" in lowered:
                raise Refused(0, "", SheetReason.MACROS)
            if "externallinks/" in lowered:
                raise Refused(0, "", SheetReason.LINKS)
            if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise Refused(0, "", SheetReason.UNREADABLE)  # Excel writes no other, and those unpack without limit
            if member.file_size > max(_SMALL, MAX_RATIO * member.compress_size):
                raise Refused(0, "", SheetReason.UNPACKED)
            with archive.open(member) as stream:
                content = stream.read(member.file_size)  # what was counted, whatever else is packed there
            ascii_only = content.replace(b"\0", b"")  # the same bytes in UTF-16
            if b"<!DOCTYPE" in ascii_only or b"<!ENTITY" in ascii_only:
                raise Refused(0, "", SheetReason.ENTITY)
