from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from chatbot.matching.corpus import assemble
from chatbot.matching.entry_file import BASE_LOCALE, Entry

ROOT = Path(__file__).parents[2]
FAQ = ROOT / "faq"
FACTS = ROOT / "docs" / "faq-facts.md"

STEP = re.compile(r"(?m)^ *\d+\. ")
LAW = re.compile(r"\b(?:UU|PP|Perpol|Perkap|Perpres|PMK) \d+/\d{4}")
FIGURE = re.compile(r"(?<!\w)(?P<money>Rp ?)?(?P<number>\d+(?:[.,]\d+)*)(?=[ -]?(?P<unit>%|[a-z]*))", re.IGNORECASE)
THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
UNITS = {
    "tahun": "year",
    "bulan": "month",
    "minggu": "week",
    "hari": "day",
    "jam": "hour",
    "menit": "minute",
    "angka": "digit",
    "persen": "%",
    "percent": "%",
    "juta": "million",
    "ribu": "thousand",
}
UNITS |= {unit + "s": unit for unit in ("year", "month", "week", "day", "hour", "minute", "digit")}
UNITS |= {unit: unit for unit in (*UNITS.values(), "kg", "cc", "km")}


class Figure(NamedTuple):
    money: bool
    number: str
    unit: str  # empty where none is written, as with ages in English

    def is_stated_in(self, text: str) -> bool:
        return any(
            (self.money, self.number) == (stated.money, stated.number)
            and (self.unit == stated.unit or not self.unit or not stated.unit)
            for stated in figures(text)
        )


class Row(NamedTuple):
    id: str
    fact: str
    source: str
    as_of: str
    confidence: str


def figures(text: str) -> list[Figure]:
    written = FIGURE.finditer(LAW.sub("", STEP.sub("", text.replace("*", ""))))
    return [Figure(bool(one["money"]), plain(one["number"]), UNITS.get(one["unit"].lower(), "")) for one in written]


def plain(number: str) -> str:
    return re.sub(r"[.,]", "", number) if THOUSANDS.fullmatch(number) else number.replace(",", ".")


@cache
def approved() -> list[Entry]:
    corpus = assemble({str(path.relative_to(FAQ)): path.read_bytes() for path in FAQ.rglob("*.md")})
    assert corpus.faults == ()
    return [entry for entry in corpus.entries.values() if entry.status == "approved"]


@cache
def rows() -> list[Row]:
    lines = (line for line in FACTS.read_text(encoding="utf-8").splitlines() if line.startswith("| `"))
    return [Row(*(cell.strip(" `") for cell in line.strip("|").split("|"))) for line in lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SIM A **Rp120.000**", [(True, "120000", "")]),
        ("SIM A Rp120,000.", [(True, "120000", "")]),
        ("mobil sampai 3.500 kg", [(False, "3500", "kg")]),
        ("motor 250\u2013500 cc", [(False, "250", ""), (False, "500", "cc")]),
        ("within 6 months, paling lambat 6 bulan", [(False, "6", "month")] * 2),
        ("the 15-digit number, 15 angka", [(False, "15", "digit")] * 2),
        ("24 jam, di **110**", [(False, "24", "hour"), (False, "110", "")]),
        ("roda 2 atau 3 Rp100.000", [(False, "2", ""), (False, "3", ""), (True, "100000", "")]),
        ("opsen 2,5%", [(False, "2.5", "%")]),
        ("1. Telepon **110**.\n2. Tunggu.", [(False, "110", "")]),
        ("menurut PP 76/2020, Perpol 2/2023, dan UU 22/2009", []),
        ("SP2HP, SP4N-LAPOR!, KP2KP", []),
    ],
)
def test_figures_are_found_as_people_write_them(text: str, expected: list[tuple[bool, str, str]]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize("text", ["Rp120.500", "Rp12.000", "120.000", "7 bulan", "6 hari", "Rp6"])
def test_other_sum_number_or_unit_is_another_figure(text: str) -> None:
    assert not figures(text)[0].is_stated_in("A new one costs Rp120.000 and is valid for 6 months.")


def test_every_figure_of_an_approved_answer_stands_in_a_row_that_it_cites() -> None:
    facts = {row.id: row.fact for row in rows()}
    untraced = [
        (entry.id, entry.locale, figure)
        for entry in approved()
        for figure in figures(entry.answer)
        if not any(figure.is_stated_in(facts.get(cited, "")) for cited in entry.facts)
    ]

    assert untraced == []


def test_translated_answer_states_the_figures_of_its_base() -> None:
    stated = {(entry.id, entry.locale): [one[:2] for one in figures(entry.answer)] for entry in approved()}
    differing = [key for key, found in stated.items() if sorted(found) != sorted(stated[key[0], BASE_LOCALE])]

    assert differing == []


def test_every_cited_row_exists_and_every_row_is_cited() -> None:
    cited = {fact for entry in approved() for fact in entry.facts}

    assert cited == {row.id for row in rows()}


def test_rows_have_distinct_ids_a_source_a_month_and_a_confidence() -> None:
    ids = [row.id for row in rows()]

    assert ids
    assert len(ids) == len(set(ids))
    for row in rows():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.id)
        assert row.fact
        assert row.source
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", row.as_of)
        assert row.confidence in {"H", "M", "L"}
