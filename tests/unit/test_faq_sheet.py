"""The FAQ as a spreadsheet: nothing is lost on the way out and back, nothing in it runs, nothing in a file harms."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from chatbot.matching.entry_file import Fault, parse, render
from chatbot.services.faq_sheet import (
    COLUMNS,
    Sheet,
    SheetFault,
    SheetReason,
    export_csv,
    export_xlsx,
    read_sheet,
)
from tests.unit.dialogue_script import CATALOGUES
from tests.unit.sheet_files import BASE, SHEET_XML, book, csv_of, entry, fault, in_sheet, members, table

FAQ = Path(__file__).parents[2] / "faq"
SHIPPED = {path.relative_to(FAQ).as_posix(): path.read_bytes() for path in FAQ.rglob("*.md")}
EXPORTS = [("faq.xlsx", export_xlsx), ("faq.csv", export_csv)]
APPROVED = {"status": "approved", "source": "UU 1", "effective": "2026-01-01", "review_due": "2027-01-01"}
ENGLISH = {"locale": "en", "id": "sim-biaya", "question": "How much?", "answer": "Free."}


def read(*rows: Mapping[str, object]) -> Sheet:
    """What is read of a workbook with these rows."""
    return read_sheet("faq.xlsx", book(table(*rows)))


# --- Out and back ---


@pytest.mark.parametrize(("name", "export"), EXPORTS)
def test_shipped_faq_comes_back_as_it_went_out(name: str, export: Callable[[Mapping[str, bytes]], bytes]) -> None:
    sheet = read_sheet(name, export(SHIPPED))
    assert sheet.faults == ()
    assert {file: parse(file, data) for file, data in sheet.files.items()} == {
        file: parse(file, data) for file, data in SHIPPED.items()
    }


def test_local_entry_is_exported_instead_of_the_shipped_one() -> None:
    local = {"local/sim-biaya.md": render(entry(answer="Di sini."))}
    files = {"sim/sim-biaya.md": render(entry()), **local, "sim/sim-biaya.en.md": render(entry(locale="en"))}
    sheet = read_sheet("faq.xlsx", export_xlsx(files))
    assert sheet == Sheet({**local, "sim/sim-biaya.en.md": files["sim/sim-biaya.en.md"]}, ())


def test_broken_file_is_left_out() -> None:
    assert read_sheet("faq.csv", export_csv({"a.md": b"\xff", "b.md": render(entry(id="b"))})).files.keys() == {"b.md"}


def test_rows_are_sorted_by_file_and_a_translation_has_no_facts() -> None:
    season = {"starts": date(2026, 12, 15), "ends": date(2027, 1, 5)}
    base = entry(effective=date(2026, 1, 2), facts=("a", "b"), related=("c",), variants=("x", "y"), **season)
    files = {"z/sim-biaya.md": render(base), "a/sim-biaya.en.md": render(entry(locale="en", question="How?"))}
    rows = list(csv.reader(StringIO(export_csv(files).decode("utf-8-sig"), newline="")))
    assert rows == [
        list(COLUMNS),
        ["a/sim-biaya.en.md", "sim-biaya", "en", *[""] * 9, "How?", "", "Gratis."],
        [
            *("z/sim-biaya.md", "sim-biaya", "id", "draft", "", "2026-01-02", "", "", "a, b"),
            *("2026-12-15", "2027-01-05", "c", "Berapa?", "x\ny", "Gratis."),
        ],
    ]


def test_entry_that_no_cell_can_hold_is_left_out_rather_than_cut() -> None:
    files = {"a.md": render(entry(id="a", answer="x" * 40_000)), "b.md": render(entry(id="b"))}
    assert read_sheet("faq.xlsx", export_xlsx(files)).files.keys() == {"b.md"}


def test_character_that_no_workbook_may_hold_is_dropped() -> None:
    files = {"sim-biaya.md": render(entry(question="\ufffe?", answer="per\ufffepanjangan"))}
    sheet = read_sheet("faq.xlsx", export_xlsx(files))
    assert sheet == Sheet({"sim-biaya.md": render(entry(question="?", answer="perpanjangan"))}, ())


def test_header_is_bold_and_frozen_and_cells_are_wrapped_text() -> None:
    sheet = load_workbook(BytesIO(export_xlsx({"sim-biaya.md": render(entry())}))).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [cell.font.b for cell in sheet["A"]] == [True, False]
    assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}
    assert sheet["O2"].alignment.wrap_text
    assert sheet.column_dimensions["F"].number_format == "@"  # for rows that are added
    assert sheet.column_dimensions["O"].width > sheet.column_dimensions["A"].width


RISKY = ["=1+1", "+62", "-1", "@x", "=cmd|' /C calc'!A0", "'=1", "''-", "'x", "#N/A", "{=1}", "=1\n=2"]


@pytest.mark.parametrize("text", RISKY)
def test_no_cell_runs_as_a_formula_and_its_text_comes_back(text: str) -> None:
    line = text.split("\n", maxsplit=1)[0]
    files = {"a.md": render(entry(id="a", source=line, question=line, variants=(line, "x"), answer=text))}
    exported = export_xlsx(files)
    xml = members(exported)[SHEET_XML]
    assert b"<f" not in xml
    assert xml.count(b't="inlineStr"') == len(COLUMNS) + 8
    assert read_sheet("faq.xlsx", exported) == Sheet(files, ())

    listed = export_csv(files)
    for cell in next(row for at, row in enumerate(csv.reader(StringIO(listed.decode("utf-8-sig")))) if at == 1):
        assert not cell.startswith(("=", "+", "-", "@"))
    assert read_sheet("faq.csv", listed) == Sheet(files, ())


ODD = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufffe\uffff"), min_size=1)
ODD_LINE = ODD.filter(lambda text: bool(text.strip()))


@settings(max_examples=40, deadline=None)
@given(ODD_LINE, st.lists(ODD_LINE, max_size=3), st.lists(ODD_LINE, min_size=1, max_size=3), ODD)
def test_odd_texts_come_back_unchanged(question: str, variants: list[str], answer: list[str], source: str) -> None:
    made = entry(id="a", question=question, variants=tuple(variants), answer="\n".join(answer), source=source)
    files = {"a.md": render(made)}
    before = parse("a.md", files["a.md"])
    for name, data in (("faq.xlsx", export_xlsx(files)), ("faq.csv", export_csv(files))):
        sheet = read_sheet(name, data)
        assert sheet.faults == ()
        assert parse("a.md", sheet.files["a.md"]) == before


# --- What an editor may do to a sheet ---


def test_order_and_case_of_columns_and_empty_rows_do_not_matter() -> None:
    rows: list[Sequence[object]] = [(), ("Answer", "QUESTION", "locale", "Id", "Status")]
    rows += [(None, " ", ""), ("Gratis. ", " Berapa?", "id", "sim-biaya", "draft")]
    expected = Sheet({"sim-biaya.md": render(entry())}, ())
    assert read_sheet("FAQ.XLSX", book(rows)) == expected
    assert read_sheet("faq.csv", csv_of(rows)) == expected


def test_new_rows_are_named_by_id_and_locale() -> None:
    assert read(BASE, ENGLISH).files.keys() == {"sim-biaya.md", "sim-biaya.en.md"}
    assert read({**BASE, "file": "sim/sim-biaya-baru.md"}).files == {"sim/sim-biaya-baru.md": render(entry())}
    nameless = {**BASE, "file": "local/skck.md", "id": None}
    assert parse("skck.md", read(nameless).files["local/skck.md"]).id == "skck"


def test_windows_line_ends_are_line_ends() -> None:
    row = {**BASE, "variants": "a\r\n b \n\nc", "answer": "Satu\r\nDua"}
    expected = {"sim-biaya.md": render(entry(variants=("a", "b", "c"), answer="Satu\nDua"))}
    assert read_sheet("faq.csv", csv_of(table(row))).files == expected
    assert read({**row, "variants": "a_x000D_\nb\nc", "answer": "Satu_x000D_\nDua"}).files == expected


def test_date_cells_are_dates_and_numbers_are_their_text() -> None:
    row = {
        **BASE,
        "source": 5.0,
        "approved_by": 7,
        "effective": date(2026, 1, 2),
        "review_due": datetime.fromisoformat("2027-01-02"),
    }
    days = {"effective": date(2026, 1, 2), "review_due": date(2027, 1, 2)}
    assert read({**row, "question": 1.5}).files == {
        "sim-biaya.md": render(entry(source="5", approved_by="7", question="1.5", **days))
    }


def test_text_that_excel_made_a_date_of_is_refused() -> None:
    assert read({**BASE, "question": date(2026, 2, 1)}) == fault(2, "question", SheetReason.DATE_CELL)


def test_date_cell_that_holds_no_date_is_refused_in_silence() -> None:
    data = book(table({**BASE, "effective": date(2026, 1, 2)}))
    data = in_sheet(b"<v>46024</v>", b"<v>99999999999</v>", data)
    assert read_sheet("faq.xlsx", data) == fault(2, "effective", Fault.DATE)


def test_apostrophe_of_a_csv_that_was_saved_as_a_workbook_is_taken_off() -> None:
    assert read({**BASE, "answer": "'- Bawa KTP."}).files == {"sim-biaya.md": render(entry(answer="- Bawa KTP."))}


def test_semicolons_separate_where_the_header_has_them() -> None:
    row = {**BASE, "answer": "Bawa KTP; lalu, tunggu."}
    expected = {"sim-biaya.md": render(entry(answer="Bawa KTP; lalu, tunggu."))}
    assert read_sheet("faq.csv", b"\xef\xbb\xbf" + csv_of(table(row), ";")).files == expected
    assert read_sheet("faq.csv", csv_of(table(row))).files == expected


def test_sound_rows_are_read_beside_broken_ones() -> None:
    sheet = read({**BASE, "status": "x"}, {**BASE, "id": "b"}, {**BASE, "id": "c", "answer": None})
    assert sheet.files.keys() == {"b.md"}
    assert sheet.faults == (SheetFault(2, "status", Fault.STATUS), SheetFault(4, "answer", Fault.ANSWER_MISSING))


# --- What is refused in a row ---


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"id": "Sim Biaya"}, "file", Fault.NAME),
        ({"id": ""}, "file", Fault.NAME),
        ({"file": "../sim-biaya.md"}, "file", Fault.NAME),
        ({"file": "/etc/sim-biaya.md"}, "file", Fault.NAME),
        ({"file": "a/../sim-biaya.md"}, "file", Fault.NAME),
        ({"file": "a//sim-biaya.md"}, "file", Fault.NAME),
        ({"file": "C:\\sim-biaya.md"}, "file", Fault.NAME),
        ({"file": ".git/sim-biaya.md"}, "file", Fault.NAME),
        ({"file": "sim/sim-biaya.txt"}, "file", Fault.NAME),
        ({"file": "a" * 250 + "/sim-biaya.md"}, "file", Fault.NAME),
        ({"file": "sim-biaya.en.md"}, "locale", SheetReason.LOCALE),
        ({"file": "sim-biaya.md", "locale": "en"}, "locale", SheetReason.LOCALE),
        ({"file": "sim-biaya.md", "locale": ""}, "locale", SheetReason.LOCALE),
        ({"file": "sim-biaya.md", "id": "Sim Biaya"}, "id", Fault.ID),
        ({"locale": "en"}, "status", Fault.FRONT_UNEXPECTED),
        ({"effective": "1/2/2026"}, "effective", Fault.DATE),
        ({"effective": "20260201"}, "effective", Fault.DATE),
        ({"until": "2026-02-30"}, "until", Fault.DATE),
        ({"from": "2026-01-01"}, "until", Fault.SEASON),
        ({"effective": "2027-01-01", "review_due": "2026-01-01"}, "review_due", Fault.DATE_ORDER),
        ({**APPROVED, "review_due": ""}, "review_due", Fault.KEY_MISSING),
        ({**APPROVED, "source": "~"}, "", Fault.KEY_MISSING),  # YAML's word for nothing
        ({"question": ""}, "question", Fault.HEADING_MISSING),
        ({"question": "Satu?\nDua?"}, "question", SheetReason.ONE_LINE),
        ({"source": "x\n---\n# Lain"}, "source", SheetReason.ONE_LINE),
        ({"answer": "a\tb"}, "", Fault.TAB),
        ({"answer": "a\x7fb"}, "", Fault.CONTROL),
        ({"answer": "é" * 32_767 + "x"}, "", Fault.SIZE),
    ],
)
def test_row_that_is_no_entry_is_refused_with_its_cell(cells: dict[str, str], column: str, reason: Fault) -> None:
    assert read_sheet("faq.csv", csv_of(table({**BASE, **cells}))) == fault(2, column, reason)


def test_second_row_of_a_file_is_refused() -> None:
    sheet = read(BASE, {**BASE, "answer": "Lain."})
    assert sheet.files == {"sim-biaya.md": render(entry())}
    assert sheet.faults == (SheetFault(3, "file", SheetReason.ROW_TWICE),)


def test_cell_full_of_brackets_is_read_at_once() -> None:
    started = time.monotonic()
    assert read({**BASE, "source": "[" * 32_000}).faults == ()
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x")', ArrayFormula("A1:A2", "=SUM(B1:B2)")])
def test_formula_in_a_cell_is_refused_with_its_cell(formula: object) -> None:
    assert read({**BASE, "answer": formula}) == fault(2, "answer", SheetReason.FORMULA)
    assert read_sheet("faq.xlsx", book([["locale", formula]])) == fault(1, "", SheetReason.FORMULA)


# --- What is refused in a header ---


@pytest.mark.parametrize(
    ("columns", "column", "reason"),
    [
        (["locale", "question", "answer", "id", "Jawaban"], "jawaban", SheetReason.COLUMN_UNKNOWN),
        (["locale", "question", "answer", "id", "x" * 99], "x" * 40, SheetReason.COLUMN_UNKNOWN),
        (["locale", "question", "answer", "id", "ID"], "id", SheetReason.COLUMN_TWICE),
        (["locale", "question", "file"], "answer", SheetReason.COLUMN_MISSING),
        (["locale", "question", "answer"], "id", SheetReason.COLUMN_MISSING),
    ],
)
def test_header_that_does_not_fit_is_refused_by_its_column(
    columns: list[str], column: str, reason: SheetReason
) -> None:
    assert read_sheet("faq.xlsx", book([columns])) == fault(1, column, reason)


@pytest.mark.parametrize("header", [list(BASE), [*BASE, None, "file"]])
def test_cell_under_no_header_is_refused(header: list[str | None]) -> None:
    assert read_sheet("faq.xlsx", book([header, [*BASE.values(), "x"]])) == fault(2, "", SheetReason.HEADER_MISSING)


# --- What is said about it ---


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            SheetFault(12, "answer", SheetReason.FORMULA),
            "baris 12, kolom answer: sel memuat rumus; ganti dengan teksnya",
        ),
        (SheetFault(12, "", Fault.TAB), "baris 12: ganti tab dengan spasi"),
        (SheetFault(0, "", SheetReason.EMPTY), "berkas kosong"),
        (SheetFault(1, "<b>", SheetReason.COLUMN_UNKNOWN), "baris 1, kolom &lt;b&gt;: nama kolom tidak dikenal"),
    ],
)
def test_fault_is_said_with_its_place(found: SheetFault, words: str) -> None:
    assert CATALOGUES.render(found.phrase(), "id") == words


def test_nothing_that_a_cell_holds_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    read({**BASE, "answer": "rahasia\t", "file": "rahasia"})
    read_sheet("faq.csv", b'locale,rahasia\n"rahasia')
    read_sheet("faq.xlsx", in_sheet(b"<is><t>Gratis.</t></is>", b"<v>rahasia</v>"))
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
