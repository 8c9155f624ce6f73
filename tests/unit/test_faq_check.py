"""What an admin hears of the FAQ folder, one finding a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chatbot.cli import main
from chatbot.matching.corpus import assemble
from chatbot.matching.entry_file import Entry, render
from chatbot.services.faq import read_folder
from chatbot.services.faq_check import Finding, check, shared_texts
from tests.unit.sheet_files import entry

FAQ = Path(__file__).parents[2] / "faq"
TODAY = date(2026, 6, 1)
GOOD = entry(
    id="sim-mati",
    question="SIM saya mati, bagaimana?",
    answer="Buat baru.",
    variants=tuple(f"sim {word} mati" for word in "satu dua tiga empat lima enam tujuh delapan".split()),
    status="approved",
    source="Contoh",
    effective=date(2026, 1, 1),
    review_due=date(2027, 1, 1),
    approved_by="Kapolres",
)


def found(*entries: Entry) -> dict[str, Finding]:
    files = {f"{one.id}{'' if one.locale == 'id' else '.en'}.md": render(one) for one in entries}
    return {finding.kind: finding for finding in check(files, TODAY)}


ENGLISH = replace(GOOD, locale="en")


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert found(GOOD, ENGLISH) == {}


@pytest.mark.parametrize(
    ("change", "kind", "values"),
    [
        ({"answer": "x" * 901}, "long", {"id": "sim-mati", "locale": "id", "count": "901"}),
        ({"variants": GOOD.variants[:7]}, "few", {"id": "sim-mati", "locale": "id", "count": "7"}),
        (
            {"review_due": date(2026, 5, 31)},
            "overdue",
            {"id": "sim-mati", "date": "2026-05-31", "source": "Contoh"},
        ),
        ({"approved_by": ""}, "unapproved", {"id": "sim-mati", "source": "Contoh"}),
        ({"status": "draft", "answer": "**Draf.** Kasat Lantas"}, "draft", {"id": "sim-mati", "who": "Kasat Lantas"}),
    ],
)
def test_each_thing_is_found_alone(change: dict[str, Any], kind: str, values: dict[str, str]) -> None:
    told = found(replace(GOOD, **change), replace(ENGLISH, **{k: v for k, v in change.items() if k == "status"}))
    assert list(told) == [kind]
    assert told[kind].values == values


def test_what_no_entry_answers_is_no_question_of_one_that_does() -> None:
    refused = entry(id="urusan-lain", status="refused", answer="Ditolak.", variants=("SIM satu, mati!",))
    finding = found(GOOD, ENGLISH, refused)["twice"]

    assert finding.grave
    assert {finding.values["one"], finding.values["other"]} == {"sim-mati", "urusan-lain"}


def test_question_of_a_draft_may_stand_among_what_no_entry_answers() -> None:
    draft = replace(GOOD, status="draft", answer="**Draf.** Kasat Lantas")
    refused = entry(id="urusan-lain", status="refused", answer="Ditolak.", variants=("SIM satu, mati!",))

    assert list(found(draft, replace(draft, locale="en"), refused)) == ["draft"]


def test_entries_that_come_with_the_program_have_no_faults_and_no_question_twice() -> None:
    corpus = assemble(read_folder(FAQ))

    assert (corpus.faults, list(shared_texts(corpus))) == ((), [])


def test_broken_saved_answers_are_named_with_their_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "jawaban.toml").write_text('[terima-kasih]\nid = "Baik"\n\n[salah]\nid = "{nama}"\n', encoding="utf-8")
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(tmp_path))
    with pytest.raises(SystemExit) as left:
        main(["faq", "check"])
    assert left.value.code == 1
    assert "jawaban.toml, baris 4" in capsys.readouterr().out
