from __future__ import annotations

from dataclasses import replace
from datetime import date

from chatbot.matching.entry_file import Entry, Fault, render
from chatbot.services.faq_examine import Change, examine, objections
from chatbot.services.faq_questions import Question
from tests.unit.sheet_files import entry


def approved(entry_id: str, question: str, *variants: str) -> Entry:
    return entry(
        id=entry_id,
        question=question,
        variants=variants,
        status="approved",
        source="Contoh",
        effective=date(2026, 1, 1),
        review_due=date(2027, 1, 1),
    )


RENEW = approved(
    "perpanjang", "Bagaimana memperpanjang SIM?", "perpanjang sim a", "sim mau habis", "cara perpanjang sim"
)
LOST = approved("hilang", "SIM saya hilang, bagaimana?", "sim c ilang", "kehilangan sim", "sim jatuh di jalan")
NOW = {"perpanjang.md": render(RENEW), "hilang.md": render(LOST)}
ASKED = [
    *(Question(text, frozenset({"hilang"}), "x", "id") for text in ("sim ilang", "sim a hilang", "kehilangan sim c")),
    Question("resep rendang", frozenset(), "chitchat", "id"),
]


def changed(entry: Entry) -> dict[str, bytes]:
    return {**NOW, f"{entry.id}.md": render(entry)}


def test_change_is_told_field_by_field_word_for_word() -> None:
    becomes = replace(
        RENEW, answer="Baru.", approved_by="Kasatlantas", variants=("perpanjang sim a", "sim hampir habis")
    )
    report = examine(NOW, changed(becomes), [])

    assert report.changes == (
        Change(
            "changed",
            "perpanjang",
            "id",
            (("approved_by", "Kasatlantas"), ("answer", "Baru.")),
            ("sim hampir habis",),
            ("sim mau habis", "cara perpanjang sim"),
        ),
    )
    assert not report.is_refused


def test_new_and_gone_entries_are_told() -> None:
    new = approved("baru", "Apa itu satpas?")
    then = {name: data for name, data in changed(new).items() if name != "hilang.md"}
    assert [(one.kind, one.entry_id) for one in examine(NOW, then, []).changes] == [("new", "baru"), ("gone", "hilang")]


def test_nothing_differs_when_nothing_is_changed() -> None:
    assert examine(NOW, NOW, ASKED).changes == ()


def test_variant_that_another_entry_has_is_refused_however_it_is_written() -> None:
    report = examine(NOW, changed(replace(RENEW, variants=("Kehilangan SIM?",))), ASKED)
    assert report.twice == (("Kehilangan SIM?", "hilang"),)
    assert report.is_refused


def test_change_that_takes_over_other_entries_questions_is_refused() -> None:
    greedy = replace(RENEW, variants=("sim ilang", "sim a hilang", "sim hilang c", "kehilangan sim c", "sim hilang b"))
    report = examine(NOW, changed(greedy), ASKED)

    assert {text for text, _ in report.taken} == {"sim ilang", "sim a hilang", "kehilangan sim c"}
    assert report.is_refused
    assert report.after["wrongly"] > report.before["wrongly"]


def test_variant_near_another_entrys_is_told_and_not_refused() -> None:
    report = examine(NOW, changed(replace(RENEW, variants=(*RENEW.variants, "sim jatuh di jalan raya"))), [])
    assert [(pair.text, pair.other_id) for pair in report.near] == [("sim jatuh di jalan raya", "hilang")]
    assert not report.is_refused


def test_objections_are_what_a_change_breaks_and_nothing_that_was_broken_before() -> None:
    now = {**NOW, "old.md": b"\xff"}
    twin = {**now, "twin.md": render(RENEW)}
    faults, twice = objections(now, twin)
    assert [(fault.name, fault.reason) for fault in faults] == [("twin.md", Fault.DUPLICATE)]
    assert twice == []

    assert objections(now, {**now, **changed(replace(RENEW, variants=("kehilangan sim",)))})[1] == [
        ("kehilangan sim", "hilang")
    ]
