"""What is not kept for ever: bodies, dialogues and files of no ticket, secrets, questions that the FAQ did not answer.

Owns what is still needed although it is old: what a dialogue that goes on has kept for a form. Refuses tickets, which
are kept, and works in small steps, so that no message waits for it.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from chatbot.core.conversation import Conversation
from chatbot.services.dialogue import Dialogue
from chatbot.services.office import Office
from chatbot.services.outgoing import Purpose, payload_of
from chatbot.store.store import Store
from chatbot.store.tables import MediaRow
from chatbot.store.unit_of_work import UnitOfWork

_STEP = 200  # rows to one transaction
_BEGINNING = (datetime(1970, 1, 1, tzinfo=UTC), 0)
_GAPS = timedelta(days=90)  # questions without an answer; nobody's, so that they may be counted for longer
_SECRETS = timedelta(days=1)  # by then the platform has said if a message did not arrive
_FRESH_SECONDS = 24 * 3600  # a file this young may have come anew, with a row that is not written yet


class Retention:
    """Forgets what has had its days.

    Args:
        office: the account, for its clock.
        media_dir: where kept files lie.
        days: how long what belongs to no ticket is kept.
    """

    def __init__(self, office: Office, media_dir: Path, days: int) -> None:
        self._office = office
        self._media_dir = media_dir
        self._days = timedelta(days=days)

    async def run(self, store: Store) -> None:
        """Forget everything that is due.

        Raises:
            StoreUnavailable: the rest is forgotten the next time.
        """
        before = self._office.clock() - self._days
        while await store.write(lambda uow: uow.forget_conversations(before, _STEP)):
            pass
        gaps_before = self._office.clock() - _GAPS
        while await store.write(lambda uow: uow.faq_gaps.forget(gaps_before, _STEP)):
            pass
        while await store.write(partial(_secrets, self._office.clock() - _SECRETS)):
            pass
        after: tuple[datetime, int] | None = _BEGINNING
        while after:
            after = await store.write(partial(self._bodies, before, after))
        while await store.write(partial(self._files, before)):
            pass

    def _bodies(self, before: datetime, after: tuple[datetime, int], uow: UnitOfWork) -> tuple[datetime, int] | None:
        """Empty the next bodies but those that a dialogue still needs; where to go on, None at the end."""
        old = uow.inbox.purgeable(before, after, _STEP)
        if not old:
            return None
        dialogue = Dialogue(uow, self._office, before)
        dialogue.load(sorted({one.contact_id for one in old if one.contact_id}))
        needed = {row_id for one in old if one.contact_id for row_id in _needed(dialogue.state(one.contact_id))}
        uow.inbox.empty([one.id for one in old if one.id not in needed])
        return old[-1].received_at, old[-1].id

    def _files(self, before: datetime, uow: UnitOfWork) -> int:
        """Delete files with their rows. Files first: if this is cut short, the rows find them again."""
        rows = uow.media.unclaimed(before, _STEP)
        for row in rows:
            if uow.media.forget(row):
                self._unlink(row)
        return len(rows)

    def _unlink(self, row: MediaRow) -> None:
        path = self._media_dir / row.sha256[:2] / row.sha256
        if path.exists() and time.time() - path.stat().st_mtime < _FRESH_SECONDS:
            return
        for file in (path, path.with_suffix(".clean")):
            file.unlink(missing_ok=True)


def _secrets(before: datetime, uow: UnitOfWork) -> int:
    """Forget the words of secrets that were sent; nobody can read them here any more."""
    rows = uow.outbox.receipts_given(before, _STEP)
    for row in rows:
        row.payload, row.purpose = msgspec.json.encode(replace(payload_of(row), text="")), str(Purpose.REPLY)
    return len(rows)


def _needed(state: Conversation) -> set[int]:
    """The messages that a dialogue has kept for what it will become."""
    form = state.form
    return {*state.held, *state.unplaced, state.aside_id, *(form.evidence if form else ())}
