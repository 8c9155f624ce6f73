"""What is not kept for ever: bodies, dialogues and files of no ticket, what was sent, tickets that ended long ago.

Owns what is still needed although it is old: what a dialogue that goes on has kept for a form. Works in small steps
with a rest between, so that no message waits for it. How a ticket and a person are erased is ``erasure``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from chatbot.core.conversation import Conversation
from chatbot.services.dialogue import Dialogue
from chatbot.services.erasure import Eraser, begin, exports, retention
from chatbot.services.office import Office
from chatbot.services.outgoing import Purpose, payload_of
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork

T = TypeVar("T")
_STEP = 100  # rows to one transaction
_TICKETS, _PEOPLE = 3, 3  # to one transaction: each takes several statements, some 7 ms, for which messages wait
_REST = 0.02  # seconds between two transactions, at least
_RESTS = 4  # times as long as a transaction took: messages have four fifths of the writer whatever there is to forget
_EVERY = 3600.0  # seconds between two rounds
_LOOK = 5.0  # seconds between looks for tickets whose erasure was begun
_BEGINNING = (datetime(1970, 1, 1, tzinfo=UTC), 0)
_GAPS = timedelta(days=90)  # questions without an answer; nobody's, so that they may be counted for longer
_SECRETS = timedelta(days=1)  # by then the platform has said if a message did not arrive
_EXPORTED_SECONDS = 24 * 3600  # by then a file that was asked for has arrived


class Retention:
    """Forgets what has had its days.

    Args:
        office: the account, for its clock and its region's retention period.
        media_dir: where kept files lie.
        days: how long what belongs to no ticket is kept.
    """

    def __init__(self, office: Office, media_dir: Path, days: int) -> None:
        self._office = office
        self._media_dir = media_dir
        self._days = timedelta(days=days)
        self._eraser = Eraser(office, media_dir, _STEP)

    async def work(self, store: Store) -> None:
        """Forget until cancelled, beside the sweep, which alerts wait for; returns when another process has that role.

        Raises:
            StoreUnavailable: the rest is forgotten the next time.
        """
        done_at = -_EVERY
        while await store.hold("retention"):
            if time.monotonic() - done_at > _EVERY:
                done_at = time.monotonic()
                await self.run(store)
            await self.finish(store)  # what a citizen asks for does not wait an hour
            await asyncio.sleep(_LOOK)

    async def run(self, store: Store) -> None:
        """Forget everything that is due.

        Raises:
            StoreUnavailable: the rest is forgotten the next time.
        """
        now = self._office.clock()
        before = now - self._days
        await _all(store, partial(self._dialogues, before))
        await _all(store, lambda uow: uow.faq_gaps.forget(now - _GAPS, _STEP))
        await _all(store, partial(_secrets, now - _SECRETS))
        after: tuple[datetime, int] | None = _BEGINNING
        while after:
            after = await _then_rest(store, partial(self._bodies, before, after))
        await _all(store, partial(self._files, before))
        await _all(store, lambda uow: uow.erasures.empty_sent_before(before, _STEP))
        await asyncio.to_thread(_clear, exports(self._media_dir))
        if period := retention(self._office):
            await _all(store, partial(self._begin, now - period))
        await self.finish(store)

    async def finish(self, store: Store) -> None:
        """Take what is left of tickets whose erasure has begun.

        Raises:
            StoreUnavailable: the rest goes the next time.
        """
        for ticket_id in await store.read(lambda uow: uow.erasures.under_way()):
            await _all(store, partial(self._eraser.step, ticket_id))

    def _begin(self, before: datetime, uow: UnitOfWork) -> int:
        tickets = uow.erasures.past(before, _TICKETS)
        for ticket in tickets:
            begin(uow, ticket, "system", self._office.clock(), "period")
        return len(tickets)

    def _dialogues(self, before: datetime, uow: UnitOfWork) -> int:
        """Forget dialogues, and who had them where nothing else is kept of that person."""
        silent = uow.erasures.silent(before, self._office.clock(), _PEOPLE)
        for contact_id in silent:
            if self._eraser.forget(contact_id, uow):
                uow.erasures.forget_dialogue(contact_id)
        return len(silent)

    def _bodies(self, before: datetime, after: tuple[datetime, int], uow: UnitOfWork) -> tuple[datetime, int] | None:
        """Empty the next bodies but those that a dialogue still needs; where to go on, None at the end."""
        old = uow.erasures.purgeable(before, after, _STEP)
        if not old:
            return None
        dialogue = Dialogue(uow, self._office, before)
        dialogue.load(sorted({one.contact_id for one in old if one.contact_id}))
        needed = {row_id for one in old if one.contact_id for row_id in _needed(dialogue.state(one.contact_id))}
        uow.erasures.empty_bodies([one.id for one in old if one.id not in needed])
        return old[-1].received_at, old[-1].id

    def _files(self, before: datetime, uow: UnitOfWork) -> int:
        return self._eraser.files(uow, uow.media.unclaimed(before, _STEP))


async def _all(store: Store, step: Callable[[UnitOfWork], int]) -> None:
    """Do a step until nothing is left to do, each in a transaction of its own."""
    while await _then_rest(store, step):
        pass


async def _then_rest(store: Store, step: Callable[[UnitOfWork], T]) -> T:
    """Do one step, and rest, the longer the more the writer has to do."""
    began = time.monotonic()
    done = await store.write(step)
    await asyncio.sleep(max(_REST, _RESTS * (time.monotonic() - began)))
    return done


def _secrets(before: datetime, uow: UnitOfWork) -> int:
    """Forget the words of secrets that were sent; nobody can read them here any more."""
    rows = uow.outbox.receipts_given(before, _STEP)
    for row in rows:
        row.payload, row.purpose = msgspec.json.encode(replace(payload_of(row), text="")), str(Purpose.REPLY)
    return len(rows)


def _clear(folder: Path) -> None:
    """Delete the files by which people were given their own data."""
    for file in folder.glob("*/*"):
        with suppress(FileNotFoundError):  # another process clears the same folder
            if time.time() - file.stat().st_mtime > _EXPORTED_SECONDS:
                file.unlink()
    for empty in folder.glob("*"):
        with suppress(OSError):  # it is not
            empty.rmdir()


def _needed(state: Conversation) -> set[int]:
    """The messages that a dialogue has kept for what it will become."""
    form = state.form
    return {*state.held, *state.unplaced, state.aside_id, *(form.evidence if form else ())}
