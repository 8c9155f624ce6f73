"""What waits at a start is handed out one by one, and set aside after so many deaths: later where it cries for help."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chatbot.services.first_batch import FirstBatch
from chatbot.store.queue import Waiting
from chatbot.store.store import Store


def _waiting(number: int, attempts: int, *, urgent: bool = False) -> Waiting:
    return Waiting(number, "telegram", 0, str(number), "text", urgent, attempts, b"{}")


@pytest.mark.parametrize(("urgent", "tries"), [(False, 7), (True, 20)])
async def test_message_is_set_aside_after_so_many_deaths(store: Store, *, urgent: bool, tries: int) -> None:
    aside: list[int] = []

    async def set_aside(ids: Sequence[int], _reason: str) -> None:
        aside.extend(ids)

    behind = _waiting(2, 0)
    one = _waiting(1, tries - 1, urgent=urgent)
    assert await FirstBatch(store, lambda _: [one, behind], set_aside).pick([one, behind]) == [one]
    assert aside == []

    killer = _waiting(1, tries, urgent=urgent)
    first = FirstBatch(store, lambda _: [killer, behind], set_aside)
    assert await first.pick([killer, behind]) == []
    assert aside == [1]
    assert await first.pick([behind]) == [behind]


async def test_what_waits_at_the_start_is_counted_however_late_it_is_handed_out(store: Store) -> None:
    async def set_aside(ids: Sequence[int], _reason: str) -> None:
        raise AssertionError(ids)

    cry, *others = _waiting(3, 0, urgent=True), _waiting(1, 0), _waiting(2, 0)
    first = FirstBatch(store, lambda _: [cry, *others], set_aside)
    assert await first.pick([cry]) == [cry]
    assert await first.pick([]) == []
    assert await first.pick(others) == others[:1]
    assert await first.pick(others[1:]) == others[1:]
    assert await first.pick([_waiting(4, 0), _waiting(5, 0)]) == [_waiting(4, 0), _waiting(5, 0)]
