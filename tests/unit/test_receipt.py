"""How receipts are made and recognised, and what showing one leads to in a dialogue."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.core import receipt
from chatbot.core.conversation import Facts
from chatbot.core.decision import ClaimTicket
from chatbot.core.message import Phrase
from chatbot.core.ticket import TicketStatus, TicketView
from tests.unit.dialogue_script import CATALOGUES, Citizen

ONE = receipt.new_receipt(random.Random(7).randrange)
TICKET = TicketView(7, "1234567894", TicketStatus.ASSIGNED, "kriminal", "hari ini", "hari ini")
KNOWN = Facts(region="Polres Contoh", receipt=TICKET)


@given(st.integers(0, 10_000))
def test_receipt_is_found_as_it_is_written(seed: int) -> None:
    made = receipt.new_receipt(random.Random(seed).randrange)
    assert len(made) == 12
    for text in (
        made,
        made.lower(),
        receipt.written(made),
        f"tanda terima: {receipt.written(made)}.",
        receipt.written(made).replace("-", " "),
    ):
        assert receipt.find(text) == made


@given(st.integers(0, 10_000), st.integers(0, 11), st.integers(0, 30))
def test_one_wrong_sign_is_noticed(seed: int, at: int, sign: int) -> None:
    made = receipt.new_receipt(random.Random(seed).randrange)
    wrong = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"[sign]
    assert receipt.find(made[:at] + wrong + made[at + 1 :]) in {"", made}
    assert made[at] == wrong or receipt.find(made[:at] + wrong + made[at + 1 :]) == ""


@given(st.integers(0, 10_000), st.integers(0, 10))
def test_neighbours_that_changed_places_are_noticed(seed: int, at: int) -> None:
    made = receipt.new_receipt(random.Random(seed).randrange)
    turned = made[:at] + made[at + 1] + made[at] + made[at + 2 :]
    assert turned == made or receipt.find(turned) == ""


@given(st.integers(0, 10_000), st.sampled_from([" - ", "\N{EN DASH}", ".", " ", "", "_", ", "]))
def test_receipt_is_found_however_its_parts_are_divided(seed: int, between: str) -> None:
    made = receipt.new_receipt(random.Random(seed).randrange)
    divided = between.join(made[start : start + 4] for start in (0, 4, 8))
    assert receipt.find(f"ini {divided.lower()} ya") == made
    assert receipt.struck(f"ini {divided} ya") == "ini ••• ya"


@pytest.mark.parametrize("text", ["perpanjangan", "0812 3456 7890", "1234-567-894", "B 1234 XYZ", "123456789012", ""])
def test_words_and_numbers_of_everyday_are_no_receipts(text: str) -> None:
    assert receipt.find(text) == ""


def test_what_is_kept_does_not_hold_the_receipt() -> None:
    assert ONE not in receipt.digest(ONE).upper()
    assert receipt.digest(ONE) != receipt.digest(receipt.new_receipt(random.Random(8).randrange))


def test_receipt_that_is_shown_brings_its_ticket_here() -> None:
    citizen = Citizen(KNOWN)
    citizen.script((receipt.written(ONE), ["hello", "receipt_shown"]))
    assert ClaimTicket(7) in citizen.last.effects


def test_receipt_of_a_ticket_that_has_ended_says_how_to_object() -> None:
    citizen = Citizen(replace(KNOWN, receipt=replace(TICKET, status=TicketStatus.CLOSED)))
    citizen.script((receipt.written(ONE), ["hello", "receipt_ended"]))


def test_receipt_in_the_middle_of_a_form_is_no_answer_to_it() -> None:
    citizen = Citizen(KNOWN)
    citizen.script(("lapor", ["hello", "ask_consent"]), (ONE, ["receipt_shown", "ask_consent"]))


def test_receipt_that_nobody_gave_is_unknown_and_guesses_are_slowed_even_when_right() -> None:
    citizen = Citizen(replace(KNOWN, receipt=None))
    citizen.script((ONE, ["hello", "receipt_unknown"]), *[(ONE, ["receipt_unknown"])] * 4, (ONE, ["status_slow"]))
    citizen.facts = KNOWN
    citizen.script((ONE, ["status_slow"]))


@pytest.mark.parametrize("locale", ["id", "en"])
def test_words_name_the_receipt(locale: str) -> None:
    assert "{receipt}" in CATALOGUES.render(Phrase("citizen.receipt", {"receipt": "{receipt}"}), locale)
