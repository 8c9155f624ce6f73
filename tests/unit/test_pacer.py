from __future__ import annotations

import asyncio

import pytest

from chatbot.sandbox.pacer import Director


class Play:
    """A story of three steps."""

    def __init__(self, director: Director) -> None:
        self.director = director
        self.done = 0

    async def __call__(self) -> None:
        self.director.chapter("question")
        for _ in range(3):
            await self.director.before()
            self.done += 1
            await self.director.after()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_each_press_of_step_lets_one_step_happen() -> None:
    director = Director(None, lambda: None)
    play = Play(director)
    for steps in (1, 2):
        director.start(play, ValueError, step=True)
        await settle()
        assert (play.done, director.state, director.name) == (steps, "paused", "question")
    director.start(play, ValueError)
    await asyncio.sleep(0.05)
    assert (play.done, director.state) == (3, "ended")


async def test_a_pause_holds_even_a_step_that_was_waiting_for_its_time() -> None:
    director = Director(None, lambda: None)
    play = Play(director)
    director.hurry(4.0)
    director.start(play, ValueError)
    await settle()
    director.pause()
    director.hurry(0.0)
    await asyncio.sleep(0.05)
    assert (play.done, director.state) == (0, "paused")
    await director.close()


async def test_a_story_that_breaks_off_says_why_and_can_be_begun_again() -> None:
    director = Director(None, lambda: None)

    async def break_off() -> None:
        raise ValueError("no greeting")

    director.start(break_off, ValueError)
    await settle()
    assert (director.state, director.error) == ("broken", "no greeting")
    play = Play(director)
    await director.perform(play, ValueError)
    assert (play.done, director.state, director.error) == (3, "ended", "")


def test_only_known_speeds_are_taken() -> None:
    with pytest.raises(ValueError, match="speed"):
        Director(None, lambda: None).hurry(2.0)
