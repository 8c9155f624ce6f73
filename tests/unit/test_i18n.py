"""The words: complete in every language, within the platforms' limits, and inert whatever is put into them."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatbot.core.complaint import CATEGORIES, EMERGENCY, IDENTITIES, QUESTION, STEPS
from chatbot.core.decision import Option
from chatbot.core.message import Choice, Phrase
from chatbot.core.ticket import TicketStatus
from chatbot.matching.entry_file import Entry, Fault
from chatbot.services import disk, doctor
from chatbot.services.alarms import KINDS
from chatbot.services.i18n import CatalogueError, Catalogues, _names
from chatbot.services.retry import Refusal
from chatbot.services.watch import _SEEN_HERE
from chatbot.store.audit import Break
from tests.unit.dialogue_script import CATALOGUES, question

ROOT = Path(__file__).parents[2]
LOCALES = ("id", "en")
# The alarms that need not come from an examination, whose words say the cure.
UNSAID = {"channel_down", "group_rights", *_SEEN_HERE} - {"disk_low"}
KEY = re.compile(
    r"""["']((?:citizen|desk|alarm|choice|category|status|field|rate|faq|when|dossier|audit|start|help|queue|backup|doctor|region|settings)\.[a-z0-9_.]+)["']"""
)
# What is called with a key and the values of its words, and what it puts in front of the key.
SAYS = dict.fromkeys(("words", "nothing_done", "_Refused", "Unopened"), "")
SAYS |= dict.fromkeys(("Unusable", "ToolFailed"), "backup.")
JAKARTA = ZoneInfo("Asia/Jakarta")
EIGHT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


def made_keys() -> Iterator[str]:
    """Keys that are put together in code."""
    yield from (f"category.{name}" for name in (*CATEGORIES, QUESTION, EMERGENCY))
    yield from (f"status.{status}" for status in TicketStatus)
    yield from (f"field.{step}" for step in STEPS)
    yield from (f"citizen.ask_{step}" for step in (*STEPS, "consent"))
    yield from (f"choice.identity_{name}" for name in IDENTITIES)
    yield from (f"rate.{score}" for score in range(1, 6))
    yield from (str(fault) for fault in Fault)
    for path in (*(ROOT / "chatbot" / "channels").glob("*.py"), Path(doctor.__file__), Path(disk.__file__)):
        yield from (f"doctor.{key}" for key in re.findall(r'Finding\(\s*"([a-z_]+)"', path.read_text()))
    yield from (f"alarm.{kind}" for kind in KINDS)
    yield from (f"alarm.{kind}_cure" for kind in UNSAID)
    yield from (f"queue.refused_{refusal}" for refusal in Refusal)
    yield from (f"dossier.break_{reason}" for reason in Break)
    for path in (*(ROOT / "chatbot/services").glob("*.py"), *(ROOT / "chatbot/store").glob("*.py")):
        yield from (f"backup.{key}" for key in re.findall(r'\b(?:Unusable|ToolFailed)\("(\w+)"', path.read_text()))


def sources() -> list[Path]:
    """The program without the sandbox, which has words of its own."""
    return [path for path in sorted((ROOT / "chatbot").rglob("*.py")) if "sandbox" not in path.parts]


def used_keys() -> set[str]:
    return {key for path in sources() for key in KEY.findall(path.read_text())} | set(made_keys())


def given() -> Iterator[tuple[str, str, set[object]]]:
    """Where code gives values to words that it names: the place, the key, and the values' names."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(ast.Name(called), [ast.Constant(str(key))], keywords) if called in SAYS:
                    names: set[object] = {one.arg for one in keywords}
                case ast.Call(ast.Name("Phrase" as called), [ast.Constant(str(key)), ast.Dict(keys)]):
                    names = {one.value if isinstance(one, ast.Constant) else None for one in keys}
                case _:
                    continue
            if None not in names:  # else there are more, which only the running program knows
                yield f"{path.name}:{node.lineno}", SAYS.get(called, "") + key, names


def entry(**fields: Any) -> Entry:
    values: dict[str, Any] = {
        "id": "sim-biaya",
        "locale": "id",
        "status": "approved",
        "source": "PP 76/2020 <x>",
        "effective": date(2026, 3, 1),
        "review_due": date(2027, 5, 1),
        "approved_by": "Satlantas",
        "question": "Berapa?",
        "variants": (),
        "answer": "Bayarlah **hanya** tarif resmi & sah.",
    }
    return Entry(**{**values, **fields})


@pytest.mark.parametrize("locale", LOCALES)
def test_every_key_that_the_code_uses_has_words_in_every_language(locale: str) -> None:
    assert used_keys() - CATALOGUES.keys(locale) == set()


def test_words_are_given_the_values_that_they_name() -> None:
    needed = {key: _names(CATALOGUES._template(key, "id")) for key in CATALOGUES.keys("id")}
    found = list(given())

    assert [(place, key) for place, key, names in found if not needed.get(key, set()) <= names] == []
    assert {"backup.disk", "backup.tool_older", "queue.busy", "dossier.folder", "start.in_use"} <= {
        key for _, key, _ in found
    }


def test_both_languages_have_the_same_keys() -> None:
    assert CATALOGUES.keys("id") == CATALOGUES.keys("en")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_label_has_at_most_twenty_characters(locale: str) -> None:
    labels = [
        key
        for key in CATALOGUES.keys(locale)
        if key.startswith(("choice.", "category.", "field.", "rate.", "desk.button_"))
    ]
    assert len(labels) > 40
    assert {key for key in labels if len(CATALOGUES.render(Phrase(key), locale)) > 20} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_no_emergency_number_but_110_is_named(locale: str) -> None:
    for key in CATALOGUES.keys(locale):
        if key.startswith("citizen."):
            words = CATALOGUES._template(key, locale)
            assert not re.search(r"\b(?:112|113|115|118|119|129)\b", words), key


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "key", ["citizen.ticket_opened", "citizen.ticket_opened_propam", "citizen.ticket_sealed", "citizen.question_opened"]
)
def test_every_confirmation_says_that_it_is_no_police_report(key: str, locale: str) -> None:
    words = CATALOGUES.render(Phrase(key, {"number": "1", "time": "2", "unit": "3"}), locale)
    assert "SPKT" in words
    assert re.search(r"bukan Laporan Polisi|not a police report", words)


def test_values_are_inert() -> None:
    words = CATALOGUES.render(Phrase("citizen.hello", {"region": "<b>{region}</b> & 'x' @all"}), "id")
    assert "&lt;b&gt;{region}&lt;/b&gt; &amp; 'x' @all" in words


def test_a_phrase_inside_a_phrase_is_rendered_in_the_same_language() -> None:
    phrase = Phrase("citizen.files", {"count": Phrase("category.lalin")})
    assert CATALOGUES.render(phrase, "en") == "Traffic file(s)"


def test_an_unknown_language_falls_back_to_the_default() -> None:
    assert CATALOGUES.render(Phrase("choice.agree"), "jv") == "Setuju"


def test_labels_and_descriptions_are_cut_to_what_platforms_allow() -> None:
    choice = CATALOGUES.label(Option("x", text="y" * 40, entry_id="sim-biaya"), "id", lambda *_: "z" * 200)
    assert (len(choice.label), len(choice.description)) == (20, 72)


def test_more_than_three_choices_stand_in_the_text_with_their_numbers() -> None:
    four = [Choice(str(number), label) for number, label in enumerate(("A", "B", "C<", "D"))]
    assert CATALOGUES.with_list("Pilih.", four) == "Pilih.\n\n1. A\n2. B\n3. C&lt;\n4. D"
    assert CATALOGUES.with_list("Pilih.", four[:3]) == "Pilih."


def test_numbered_questions_are_written_out_even_when_they_are_few() -> None:
    options = (Option("faq:a", text="1", entry_id="a"), Option("faq:none", "choice.none_of_these"))
    shown = [CATALOGUES.label(option, "id", question) for option in options]
    assert CATALOGUES.with_list("Maksud Anda?", shown) == "Maksud Anda?\n\n1. Apa itu a (id)?\n2. Bukan itu"


@pytest.mark.parametrize(
    ("zone", "locale", "text"),
    [
        ("Asia/Jakarta", "id", "24 November 2026 08.00 WIB"),
        ("Asia/Makassar", "id", "24 November 2026 09.00 WITA"),
        ("Asia/Jayapura", "en", "24 November 2026 10:00 WIT"),
        ("Asia/Kathmandu", "id", "24 November 2026 06.45 UTC+05.45"),
    ],
)
def test_times_are_those_of_the_region(zone: str, locale: str, text: str) -> None:
    assert CATALOGUES.format_time(EIGHT, ZoneInfo(zone), locale) == text


def test_an_answer_is_rich_text_with_its_source_and_date() -> None:
    assert CATALOGUES.render_answer(entry(), "id", date(2026, 11, 24)) == (
        "Bayarlah <b>hanya</b> tarif resmi &amp; sah.\n\n"
        "<i>Sumber: PP 76/2020 &lt;x&gt;. Berlaku sejak 1 Maret 2026; ketentuan setempat dapat berbeda.</i>"
    )


def test_an_answer_says_when_nobody_approved_it_or_its_review_is_due() -> None:
    plain = CATALOGUES.render_answer(entry(), "id", date(2027, 5, 1))
    doubtful = CATALOGUES.render_answer(entry(approved_by=""), "id", date(2027, 5, 2))
    assert "belum disahkan satuan setempat" not in plain
    assert "peninjauan ulang" not in plain
    assert "belum disahkan satuan setempat" in doubtful
    assert "peninjauan ulang" in doubtful


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    return tmp_path / "locales"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_missing_key_of_the_default_language_stops_the_start(folder: Path) -> None:
    edit(folder / "id/LC_MESSAGES/chatbot.po", 'msgid "citizen.menu"', 'msgid "citizen.menyu"')
    with pytest.raises(CatalogueError, match=r"citizen\.menu"):
        Catalogues(folder)


def test_a_translation_that_names_other_values_stops_the_start(folder: Path) -> None:
    edit(folder / "en/LC_MESSAGES/chatbot.po", "{count} file(s)", "{total} file(s)")
    with pytest.raises(CatalogueError, match=r"citizen\.files"):
        Catalogues(folder)


def test_an_unfinished_translation_falls_back_word_by_word(folder: Path) -> None:
    edit(folder / "en/LC_MESSAGES/chatbot.po", 'msgstr "Agree"', 'msgstr ""')
    catalogues = Catalogues(folder)
    assert catalogues.render(Phrase("choice.agree"), "en") == "Setuju"
    assert catalogues.render(Phrase("choice.send"), "en") == "Send"
