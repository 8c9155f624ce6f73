from __future__ import annotations

from chatbot.services.backlog import Backlog


def _flood(backlog: Backlog, start: float, seconds: int) -> list[bool]:
    """A hundred late messages ten times a second; whether it was on after each second."""
    found = []
    for second in range(seconds):
        for tenth in range(10):
            backlog.took(100, start + second + tenth / 10)
        found.append(backlog.is_on(start + second + 0.9))
    return found


def test_flood_of_late_messages_is_taken_in_first_until_it_ends() -> None:
    backlog = Backlog()

    assert _flood(backlog, 1000.0, 3) == [True] * 3
    assert not backlog.is_on(1004.0)


def test_flood_without_end_holds_the_others_up_for_a_minute_at_most_and_not_again() -> None:
    backlog = Backlog()

    assert _flood(backlog, 1000.0, 180) == [True] * 60 + [False] * 120
    assert not backlog.is_on(1190.0)
    assert _flood(backlog, 1200.0, 1) == [True]


def test_late_message_now_and_then_is_no_flood() -> None:
    backlog = Backlog()
    for second in range(100):
        backlog.took(10, 1000.0 + second)
        assert not backlog.is_on(1000.0 + second)
