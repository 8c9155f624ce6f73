"""Two batches in hand: the next one is found and matched while one is written, and nobody overtakes himself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from chatbot.channels.base import Parsed
from chatbot.channels.telegram import TelegramChannel
from chatbot.core.message import Match
from chatbot.services import citizens
from chatbot.services.citizens import Citizens
from chatbot.services.faq import Faq
from chatbot.services.handling import Handling
from chatbot.services.intake import Intake
from chatbot.services.respond import Ready, Respond
from chatbot.store.queue import CITIZEN, DESK, Handled, Waiting
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable
from tests.integration.bench import Bench, telegram

_PATIENCE = 10.0


class _HeldRespond(Respond):
    """Tells what it prepares and handles; its first batch is held in the transaction, and lost where that is asked."""

    def __init__(self, bench: Bench, *, loses: bool) -> None:
        super().__init__(bench.office, {"telegram": bench.telegram}, bench.folder)
        self.prepared: list[list[int]] = []
        self.handled: list[list[int]] = []
        self.has_prepared_twice = threading.Event()
        self.go = threading.Event()
        self._loses = loses

    def prepare(self, waiting: Sequence[Waiting]) -> tuple[list[Ready], list[int]]:
        prepared = super().prepare(waiting)
        self.prepared.append([one.id for one in waiting])
        if len(self.prepared) == 2:
            self.has_prepared_twice.set()
        return prepared

    def batch(self, uow: UnitOfWork, ready: Sequence[Ready]) -> list[Handled]:
        self.go.wait(_PATIENCE)
        if self._loses:
            self._loses = False
            raise StoreUnavailable
        handled = super().batch(uow, ready)
        self.handled.append([one.id for one in handled])
        return handled


async def _two_batches(bench: Bench, respond: _HeldRespond) -> tuple[Citizens, Sequence[int | BaseException]]:
    """Five messages of three people, two to a batch: what became of the first two batches, begun side by side."""
    serving = Citizens(bench.store, respond, Handling(bench.store, bench.office), lambda: False, lambda: None)
    assert await serving.served() == 0  # what waits at the start is handed out one by one
    for chat in (501, 502, 501, 503, 501):
        await bench.arrive(chat={"id": chat, "type": "private"}, text="apa syarat SKCK?")
    both = asyncio.gather(serving.served(), serving.served(), return_exceptions=True)
    assert await asyncio.to_thread(respond.has_prepared_twice.wait, _PATIENCE)
    assert respond.handled == []  # the first batch is still being written
    respond.go.set()
    return serving, await both


@pytest.fixture
def bench(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(citizens, "_BATCH", 2)
    monkeypatch.setattr(citizens, "_MANY", 2)
    return Bench(store, tmp_path)


async def test_next_batch_is_found_and_matched_while_one_is_written(bench: Bench) -> None:
    respond = _HeldRespond(bench, loses=False)
    serving, counts = await _two_batches(bench, respond)
    assert [*counts, await serving.served(), await serving.served()] == [2, 1, 2, 0]
    # Who has words in the first batch waits for the third with those that follow.
    assert respond.prepared == respond.handled == [[1, 2], [4], [3, 5]]


async def test_batch_that_is_lost_is_not_overtaken_by_the_same_persons_next_words(bench: Bench) -> None:
    respond = _HeldRespond(bench, loses=True)
    serving, (lost, _) = await _two_batches(bench, respond)
    assert isinstance(lost, StoreUnavailable)
    assert respond.handled == [[4]]
    assert [await serving.served(), await serving.served(), await serving.served()] == [2, 2, 0]
    assert respond.handled == [[4], [1, 2], [3, 5]]


async def test_message_that_cannot_be_read_is_set_aside_and_those_around_it_go_on(bench: Bench) -> None:
    class Breaks(TelegramChannel):
        def parse(self, body: bytes) -> Parsed:
            if b"ganjil" in body:
                raise RuntimeError
            return super().parse(body)

    respond = Respond(bench.office, {"telegram": telegram(Breaks, bench.clock)}, bench.folder)
    serving = Citizens(bench.store, respond, Handling(bench.store, bench.office), lambda: False, lambda: None)
    assert await serving.served() == 0  # what waits at the start is handed out one by one
    await bench.arrive(chat={"id": 501, "type": "private"}, text="ganjil")
    await bench.arrive(chat={"id": 502, "type": "private"}, text="apa syarat SKCK?")
    assert await serving.served() == 2
    assert await bench.store.read(lambda uow: uow.inbox.outcomes()) == {"quarantined": 1, "answered": 1}


async def test_batch_of_which_nothing_can_be_handled_yet_is_not_looked_at_again_at_once(bench: Bench) -> None:
    class Waits(Respond):
        def batch(self, uow: UnitOfWork, ready: Sequence[Ready]) -> list[Handled]:
            return super().batch(uow, [one for one in ready if not one.message.text])

    respond = Waits(bench.office, {"telegram": bench.telegram}, bench.folder)
    serving = Citizens(bench.store, respond, Handling(bench.store, bench.office), lambda: False, lambda: None)
    await bench.arrive(text="apa syarat SKCK?")
    assert await serving.served() == 0


async def test_words_wake_the_loop_of_their_own_road_only(bench: Bench) -> None:
    woken: list[set[str]] = []
    bench.intake = Intake(bench.store, bench.clock, lambda roads: woken.append(set(roads)))
    await bench.arrive(text="apa syarat SKCK?")
    await bench.arrive(chat={"id": -100, "type": "supergroup", "title": "Petugas"}, text="siap")
    assert woken == [{CITIZEN}, {DESK}]


async def test_contacts_own_language_is_matched_before_the_transaction(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def match_many(faq: Faq, texts: Sequence[str], locale: str) -> list[Match]:
        asked.append((locale, threading.current_thread().name))
        return matched(faq, texts, locale)

    matched = Faq.match_many
    monkeypatch.setattr(Faq, "match_many", match_many)
    await bench.hear(text="/english")
    asked.clear()
    await bench.hear(text="SKCK")  # a word of both languages
    assert {locale for locale, _ in asked} == {"id", "en"}
    assert not {thread for _, thread in asked if thread == "writer"}
    assert "police" in (await bench.texts())[-1].lower()
