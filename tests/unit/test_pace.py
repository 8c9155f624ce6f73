from __future__ import annotations

from datetime import timedelta

from chatbot.channels.base import Capabilities
from chatbot.services.pace import Pace

TELEGRAM = Capabilities(
    max_text=4096,
    max_caption=1024,
    max_upload=1,
    max_fetch=1,
    buttons=3,
    reply_window=None,
    person_burst=5,
    person_interval=timedelta(seconds=1),
    edits=True,
)


def wait(pace: Pace, chat: str, now: float, *, group: bool = False, urgent: bool = False, free: bool = False) -> float:
    return pace.wait(chat, now, group=group, urgent=urgent, free=free)


def test_person_gets_a_burst_and_then_one_each_interval() -> None:
    pace = Pace(30, TELEGRAM, 0)

    assert [wait(pace, "1", 0) for _ in range(5)] == [0] * 5
    assert wait(pace, "1", 0) == 1
    assert wait(pace, "2", 0) == 0  # somebody else does not wait
    assert wait(pace, "1", 1) == 0


def test_group_never_gets_more_than_twenty_in_any_minute() -> None:
    pace = Pace(1000, TELEGRAM, 0)
    times: list[float] = []
    now = 0.0
    while len(times) < 100:
        pause = wait(pace, "-1", now, group=True)
        if pause:
            now += pause
        else:
            times.append(now)

    assert all(later - earlier >= 60 for earlier, later in zip(times, times[20:], strict=False))


def test_emergency_waits_for_no_bucket_but_for_a_rest_that_the_platform_demanded() -> None:
    pace = Pace(1, TELEGRAM, 0)
    for _ in range(3):
        assert wait(pace, "1", 0, urgent=True) == 0
    pace.pause("1", 7)

    assert wait(pace, "1", 0, urgent=True) == 7


def test_rest_of_the_account_holds_every_chat() -> None:
    pace = Pace(30, TELEGRAM, 0)
    pace.pause("", 3)

    assert wait(pace, "1", 1) == 2
    assert wait(pace, "-2", 3, group=True) == 0


def test_answer_to_a_press_does_not_count_against_the_group() -> None:
    pace = Pace(1000, TELEGRAM, 0)
    for _ in range(20):
        wait(pace, "-1", 0, group=True)

    assert wait(pace, "-1", 0, group=True, free=True) == 0
