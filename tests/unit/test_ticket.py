from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.core.ticket import (
    NUMBERS,
    NotAllowed,
    TicketEvent,
    TicketStatus,
    advance,
    check_digit,
    find_number,
    is_number,
    new_number,
    numbers_since,
    spoken,
)

digits = st.text("0123456789", min_size=9, max_size=9)


def test_known_check_digit_of_the_published_example() -> None:
    assert check_digit("572") == "4"


@given(digits, st.integers(0, 9), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(nine: str, place: int, shift: int) -> None:
    number = nine + check_digit(nine)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert is_number(number)
    assert not is_number(wrong)


@given(digits, st.integers(0, 8))
def test_any_two_swapped_neighbours_are_noticed(nine: str, place: int) -> None:
    number = nine + check_digit(nine)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert is_number(swapped) == (swapped == number)


def test_new_numbers_are_right_and_keep_their_zeros() -> None:
    assert new_number(lambda _: 7) == "000000007" + check_digit("000000007")
    assert all(is_number(new_number(random.Random(seed).randrange)) for seed in range(50))


@given(st.integers(0, 10**8), st.integers(60, 10**8), st.integers(0, 10**8), st.integers(0, 10**8))
def test_numbers_after_a_restore_are_none_that_were_given_before_it(at: int, served: int, gap: int, later: int) -> None:
    restored = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
    lost_until = restored + timedelta(seconds=served)
    restored_again = lost_until + timedelta(seconds=gap)
    lost = numbers_since(restored, lost_until)
    given = numbers_since(restored_again, restored_again + timedelta(seconds=later))

    assert NUMBERS.stop <= lost.start < lost.stop <= given.start < given.stop


def test_numbers_of_a_restored_database_begin_anew_after_fifteen_years() -> None:
    late = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=2 * 10**9 // 4 - 1)
    among = numbers_since(late, late)

    assert new_number(lambda _: 0, among)[:9] == "999999999"
    assert new_number(lambda _: 1, among)[:9] == "500000000"


@pytest.mark.parametrize(
    "written", ["1234567894", "123-456-7894", "123-456-789-4", "123 456 789 4", "nomor 123.456.789.4 ya"]
)
def test_number_is_found_however_people_write_it(written: str) -> None:
    assert find_number(written) == "1234567894"


@pytest.mark.parametrize("written", ["", "081234567890", "12345", "123-456-789-45"])
def test_other_digits_are_no_ticket_number(written: str) -> None:
    assert find_number(written) is None


def test_number_is_spoken_in_threes() -> None:
    assert spoken("1234567894") == "123-456-7894"


def test_closed_ticket_takes_no_answer_until_it_is_reopened() -> None:
    with pytest.raises(NotAllowed):
        advance(TicketStatus.CLOSED, TicketEvent.ANSWERED)

    assert advance(TicketStatus.CLOSED, TicketEvent.REOPENED) == TicketStatus.RECEIVED
