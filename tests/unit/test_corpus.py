from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from chatbot.matching.corpus import assemble
from chatbot.matching.entry_file import MAX_BYTES, CorpusError, Fault, parse, render

FAQ = Path(__file__).parents[2] / "faq"

ENTRY = """---
id: sim-perpanjang
status: approved
source: PP 76/2020; Perpol 2/2023
effective: 2023-01-01
review_due: 2027-05-01
approved_by:
---
# Bagaimana cara memperpanjang SIM?
- perpanjang sim
- sim saya mau habis

Datang ke **Satpas**.
- Bawa KTP.
"""
ENGLISH = """# How do I renew my licence?
- renew sim

Go to the **Satpas**.
"""


def fault_of(text: str | bytes, name: str = "sim/sim-perpanjang.md") -> tuple[Fault, int]:
    with pytest.raises(CorpusError) as caught:
        parse(name, text if isinstance(text, bytes) else text.encode())
    assert caught.value.name == name
    return caught.value.reason, caught.value.line


def test_entry_is_read_whole() -> None:
    entry = parse("sim/sim-perpanjang.md", ENTRY.encode())
    assert (entry.id, entry.locale, entry.status) == ("sim-perpanjang", "id", "approved")
    assert entry.source == "PP 76/2020; Perpol 2/2023"
    assert (entry.effective, entry.review_due) == (date(2023, 1, 1), date(2027, 5, 1))
    assert entry.approved_by == ""
    assert entry.question == "Bagaimana cara memperpanjang SIM?"
    assert entry.variants == ("perpanjang sim", "sim saya mau habis")
    assert entry.answer == "Datang ke **Satpas**.\n- Bawa KTP."


def test_id_is_the_file_name_by_default() -> None:
    assert parse("a/skck-buat.md", ENTRY.replace("id: sim-perpanjang\n", "").encode()).id == "skck-buat"


def test_translation_takes_its_facts_from_the_base_entry() -> None:
    corpus = assemble({"x/sim-perpanjang.en.md": ENGLISH.encode(), "x/sim-perpanjang.md": ENTRY.encode()})
    assert corpus.faults == ()
    english = corpus.entries["sim-perpanjang", "en"]
    assert english.question == "How do I renew my licence?"
    assert (english.status, english.review_due) == ("approved", date(2027, 5, 1))


def test_translation_follows_a_base_whose_id_is_not_its_file_name() -> None:
    base = ENTRY.replace("id: sim-perpanjang", "id: sim-lama").encode()
    corpus = assemble({"a.md": base, "a.en.md": ENGLISH.encode()})
    assert set(corpus.entries) == {("sim-lama", "id"), ("sim-lama", "en")}


def test_missing_translation_falls_back_to_the_base_locale() -> None:
    corpus = assemble({"sim-perpanjang.md": ENTRY.encode()})
    found = corpus.entry("sim-perpanjang", "en")
    assert found is not None
    assert found.locale == "id"
    assert corpus.entry("none", "en") is None


def test_drafts_are_kept_and_never_matched() -> None:
    corpus = assemble({"sim-perpanjang.md": ENTRY.replace("status: approved", "status: draft").encode()})
    assert ("sim-perpanjang", "id") in corpus.entries
    assert list(corpus.texts()) == []


def test_windows_line_ends_are_accepted() -> None:
    assert parse("sim-perpanjang.md", ENTRY.replace("\n", "\r\n").encode()) == parse(
        "sim-perpanjang.md", ENTRY.encode()
    )


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("source:", "sumber:", Fault.KEY_UNKNOWN, 4),
        ("approved_by:", "status: draft", Fault.KEY_TWICE, 7),
        ("status: approved\n", "", Fault.KEY_MISSING, 1),
        ("status: approved", "status: final", Fault.STATUS, 3),
        ("id: sim-perpanjang", "id: SIM perpanjang", Fault.ID, 2),
        ("2023-01-01", "2023-02-30", Fault.DATE, 5),
        ("2027-05-01", "1 Mei 2027", Fault.DATE, 6),
        ("2027-05-01", "2022-05-01", Fault.DATE_ORDER, 6),
        ("source: PP", "source: &a PP", Fault.FRONT_NOT_PLAIN, 4),
        ("PP 76/2020; Perpol 2/2023", "*a", Fault.FRONT_NOT_PLAIN, 4),
        ("PP 76/2020; Perpol 2/2023", "[PP, Perpol]", Fault.FRONT_NOT_PLAIN, 4),
        ("PP 76/2020; Perpol 2/2023", "!!python/name:os.system x", Fault.FRONT_NOT_PLAIN, 4),
        ("PP 76/2020; Perpol 2/2023", "a: b: c", Fault.FRONT_SYNTAX, 4),
        ("# Bagaimana cara memperpanjang SIM?\n", "", Fault.HEADING_MISSING, 9),
        ("- sim saya mau habis\n", "sim saya mau habis\n", Fault.VARIANT, 11),
        ("\nDatang ke **Satpas**.\n- Bawa KTP.\n", "", Fault.ANSWER_MISSING, 12),
        ("Datang", "\tDatang", Fault.TAB, 13),
        ("Datang", "\x00Datang", Fault.CONTROL, 13),
        ("approved_by:\n---\n", "approved_by:\n", Fault.FRONT_OPEN, 1),
        ("approved_by:", "from: 2026-12-01", Fault.SEASON, 7),
        ("approved_by:", "from: 2026-12-02\nuntil: 2026-12-01", Fault.SEASON, 8),
    ],
)
def test_fault_is_named_with_its_line(old: str, new: str, reason: Fault, line: int) -> None:
    assert old in ENTRY
    assert fault_of(ENTRY.replace(old, new, 1)) == (reason, line)


def test_bytes_that_are_no_plain_utf8_are_refused() -> None:
    assert fault_of(b"\xef\xbb\xbf" + ENTRY.encode()) == (Fault.BOM, 1)
    assert fault_of(ENTRY.encode().replace(b"Datang", b"Dat\xffng")) == (Fault.UTF8, 13)
    assert fault_of(ENTRY.encode() + b"x" * MAX_BYTES) == (Fault.SIZE, 1)


def test_file_without_facts_is_refused_and_translation_with_facts_too() -> None:
    assert fault_of(ENGLISH) == (Fault.FRONT_MISSING, 1)
    assert fault_of(ENTRY, "sim-perpanjang.en.md") == (Fault.FRONT_UNEXPECTED, 1)
    assert fault_of(ENTRY, "SIM Perpanjang.md") == (Fault.NAME, 1)
    assert fault_of(ENGLISH, "sim-perpanjang.fr.md") == (Fault.LOCALE, 1)
    assert fault_of(b"") == (Fault.FRONT_MISSING, 1)


def test_deep_nesting_is_refused_at_its_first_level() -> None:
    assert fault_of(ENTRY.replace("PP 76/2020; Perpol 2/2023", "[" * 5000)) == (Fault.FRONT_NOT_PLAIN, 4)


def test_broken_file_breaks_its_own_entry_only() -> None:
    corpus = assemble(
        {
            "a.md": ENTRY.replace("id: sim-perpanjang\n", "").encode(),
            "b.md": b"\xff",
            "b.en.md": ENGLISH.encode(),
            "c.en.md": ENGLISH.encode(),
        }
    )
    assert set(corpus.entries) == {("a", "id")}
    assert [(fault.name, fault.reason) for fault in corpus.faults] == [
        ("b.md", Fault.UTF8),
        ("c.en.md", Fault.BASE_MISSING),
    ]


def test_second_file_with_an_id_is_refused() -> None:
    corpus = assemble({"x/one.md": ENTRY.encode(), "x/two.md": ENTRY.encode()})
    assert len(corpus.entries) == 1
    assert [(fault.name, fault.reason) for fault in corpus.faults] == [("x/two.md", Fault.DUPLICATE)]


def test_local_file_stands_over_the_shipped_one_of_the_same_id_whole() -> None:
    shipped = {"sim/sim-perpanjang.md": ENTRY.encode(), "sim/sim-perpanjang.en.md": ENGLISH.encode()}
    ours = ENTRY.replace("approved_by:", "approved_by: Kasatlantas").replace("Satpas", "Gerai Contoh").encode()
    corpus = assemble({**shipped, "local/sim-perpanjang.md": ours})
    assert corpus.faults == ()
    assert "Gerai Contoh" in corpus.entries["sim-perpanjang", "id"].answer
    english = corpus.entries["sim-perpanjang", "en"]
    assert "Satpas" in english.answer
    assert english.approved_by == ""  # nobody approved the shipped words

    off = assemble({**shipped, "local/sim-perpanjang.md": ours.replace(b"approved\n", b"draft\n", 1)})
    assert list(off.texts()) == []

    translated = assemble(
        {**shipped, "local/a/sim-perpanjang.en.md": ENGLISH.replace("Satpas", "our counter").encode()}
    )
    assert "our counter" in translated.entries["sim-perpanjang", "en"].answer
    assert "Satpas" in translated.entries["sim-perpanjang", "id"].answer


def test_broken_local_file_leaves_the_shipped_entry() -> None:
    corpus = assemble({"sim-perpanjang.md": ENTRY.encode(), "local/sim-perpanjang.md": b"\xff"})
    assert [fault.name for fault in corpus.faults] == ["local/sim-perpanjang.md"]
    assert "Satpas" in corpus.entries["sim-perpanjang", "id"].answer


def test_entry_is_answered_in_its_season_only() -> None:
    text = ENTRY.replace("approved_by:", "approved_by:\nfrom: 2026-12-15\nuntil: 2027-01-05")
    corpus = assemble({"sim-perpanjang.md": text.encode(), "sim-perpanjang.en.md": ENGLISH.encode()})
    days = [date(2026, 12, 14), date(2026, 12, 15), date(2027, 1, 5), date(2027, 1, 6)]
    assert [len(list(corpus.texts(day))) for day in days] == [0, 5, 5, 0]
    assert len(list(corpus.texts())) == 5


def test_entry_is_written_as_the_file_that_it_is_read_from() -> None:
    for path in FAQ.rglob("*.md"):
        entry = parse(path.name, path.read_bytes())
        assert parse(path.name, render(entry)) == entry


@pytest.mark.parametrize("source", ["a: b", "# x", "*a", "'x'", "x # y", "- a", "[a]", "null", "", "PP 1; 'b'", "!a"])
def test_source_of_any_punctuation_is_written_so_that_it_is_read_again(source: str) -> None:
    entry = replace(parse("sim-perpanjang.md", ENTRY.encode()), source=source, status="draft", related=("a", "b"))
    assert parse("sim-perpanjang.md", render(entry)) == replace(entry, source="" if source == "null" else source)


def test_shipped_faq_is_sound_in_both_languages() -> None:
    corpus = assemble({str(path.relative_to(FAQ)): path.read_bytes() for path in FAQ.rglob("*.md")})
    assert corpus.faults == ()
    ids = {entry_id for entry_id, _ in corpus.entries}
    assert len(ids) >= 120
    assert len({entry.id for entry in corpus.entries.values() if entry.status == "approved"}) >= 100
    assert {(entry_id, locale) for entry_id in ids for locale in ("id", "en")} == set(corpus.entries)
    assert all(len(entry.variants) >= 8 for entry in corpus.entries.values())
    assert all(len(entry.answer) <= 900 for entry in corpus.entries.values())
    assert {one for entry in corpus.entries.values() for one in entry.related} <= ids
