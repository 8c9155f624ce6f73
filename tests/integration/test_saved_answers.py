"""What the citizen reads of a saved answer, and what of the desk's answer reaches nobody, on real rows."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from chatbot.channels.base import Standing, plain
from chatbot.core.conversation import Conversation
from chatbot.core.message import Task
from chatbot.services.acts import Acts
from chatbot.services.arrival import Arrival
from chatbot.services.desk import Desk
from chatbot.services.dialogue import Dialogue
from chatbot.services.outgoing import payload_of
from chatbot.services.views import View
from chatbot.store.store import Store
from chatbot.store.tables import ConversationRow
from tests.integration.rows import NOW
from tests.integration.view_rows import HERE, HOUR, OFFICE, PROPAM, Rows, message

OFFICE.saved_answers.load({})


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


def said(
    store: Store, text: str, chat: str = "-100", standing: Standing = Standing.MEMBER, view: View | None = None
) -> list[tuple[str, str]]:
    """Where the desk's answers to an officer's message go, and what they say."""
    with store.begin() as uow:
        dialogue = Dialogue(uow, OFFICE, NOW)
        acts = Acts(uow, OFFICE, NOW, dialogue, lambda _: None)
        arrival = Arrival(uow, OFFICE, NOW, acts, Path())
        desk = Desk(uow, OFFICE, standing, NOW, acts, arrival, view=view)
        desk.handle(message(text, chat=chat, author_name="Petugas 1", thread="", message_id="7"), 1)
        uow.flush()
        found = [row for n in range(1, 20) if (row := uow.outbound(n)) and row.task == Task.TEXT]
        return [(row.chat, plain(payload_of(row).text)) for row in found]


def speaks(store: Store, contact: int, locale: str) -> None:
    with store.begin() as uow:
        state = msgspec.json.encode(Conversation(locale=locale))
        uow.add(ConversationRow(contact_id=contact, state=state, locale=locale, updated_at=NOW))


@pytest.mark.parametrize(
    ("key", "locale", "words"),
    [
        ("terima-kasih", "id", "Keterangan Anda sudah kami catat pada aduan {number}."),
        ("terima-kasih", "en", "What you told us is noted with complaint {number}."),
        ("mohon-tunggu", "id", "Aduan {number} tentang Lalu lintas kami terima pada 24 November 2026 07.00 WIB"),
        ("mohon-tunggu", "en", "complaint {number} (Traffic) on 24 November 2026 07:00 WIB"),
        ("sedang-diperiksa", "en", "Polres Contoh is looking into complaint {number}."),
    ],
)
def test_citizen_reads_the_answer_filled_in_and_in_the_language_he_is_spoken_to(
    rows: Rows, store: Store, key: str, locale: str, words: str
) -> None:
    number = rows(chat="-100", category="lalin")
    speaks(store, rows.contact, locale)
    to, text = said(store, f"/jawab #{number} {key}")[0]

    assert to == "501"
    assert words.format(number=number) in text
    assert "{" not in text
    with store.begin() as uow:
        (event,) = [event for event in uow.events(1) if event.event == "answered"]
        assert words.format(number=number) in event.text  # the history says what was said, not by which key


def test_unit_of_a_report_about_members_is_propam(rows: Rows, store: Store) -> None:
    number = rows(chat="-200", category="anggota")

    assert "Propam Polres Contoh" in said(store, f"/jawab #{number} sedang-diperiksa", "-200")[0][1].splitlines()[-1]


@pytest.mark.parametrize("text", ["/jawab #{} minta-fto", "/jawab #{}", "/jawab minta-fto", "/jawab"])
def test_slip_and_question_for_the_keys_reach_the_group_alone(rows: Rows, store: Store, text: str) -> None:
    number = rows(chat="-100")
    answers = said(store, text.format(number))

    assert [to for to, _ in answers] == ["-100"]
    assert "Belum dikirim" in answers[0][1]
    assert "minta-foto" in answers[0][1]


def test_who_is_no_member_gets_neither_list_nor_view(rows: Rows, store: Store) -> None:
    rows(chat="-100")
    refused = [("-100", plain(OFFICE.words("desk.not_allowed")))]

    assert said(store, "/jawab", standing=Standing.STRANGER) == refused
    assert said(store, "/antrean", standing=Standing.STRANGER, view=View("rahasia")) == refused * 2


def test_views_are_shown_in_officers_groups_only(rows: Rows, store: Store) -> None:
    rows(age=HOUR)

    assert said(store, "/antrean", "-200", view=View("satu")) == [("-200", "satu")]
    assert "rahasia" not in str(said(store, "/antrean", HERE, view=View("rahasia")))
    assert "rahasia" not in str(said(store, "/antrean", PROPAM, view=View("rahasia")))
