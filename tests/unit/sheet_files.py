"""Spreadsheets as a person, a program or an attacker may send them, built for the tests of the FAQ as a sheet."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from chatbot.matching.entry_file import Entry, Fault
from chatbot.services.faq_sheet import Sheet, SheetFault, SheetReason

BASE = {"locale": "id", "id": "sim-biaya", "status": "draft", "question": "Berapa?", "answer": "Gratis."}
SHEET_XML = "xl/worksheets/sheet1.xml"


def entry(**fields: object) -> Entry:
    values: dict[str, Any] = {**BASE, "source": "", "effective": None, "review_due": None, "approved_by": ""}
    return Entry(**{**values, "variants": (), **fields})


def book(*tables: Sequence[Sequence[object]]) -> bytes:
    """A workbook with one worksheet a table."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for table in tables:
        sheet = workbook.create_sheet()
        for row in table:
            sheet.append(row)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def table(*rows: Mapping[str, object]) -> list[Sequence[object]]:
    """Rows as a table whose header has the columns that are used."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return [columns, *([row.get(column) for column in columns] for row in rows)]


def csv_of(rows: Iterable[Sequence[object]], delimiter: str = ",") -> bytes:
    stream = StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode()


def fault(row: int, column: str, reason: SheetReason | Fault) -> Sheet:
    return Sheet({}, (SheetFault(row, column, reason),))


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_member(name: str, content: bytes) -> bytes:
    """A good workbook with one member more, or another one in its place."""
    return packed({**members(book(table(BASE))), name: content})


def in_sheet(old: bytes, new: bytes, data: bytes | None = None) -> bytes:
    """A good workbook whose worksheet is edited."""
    contents = members(data or book(table(BASE)))
    assert old in contents[SHEET_XML]
    return packed({**contents, SHEET_XML: contents[SHEET_XML].replace(old, new)})
