"""Taking up what stands in the FAQ folder, while the program runs.

Owns that what is right is remembered, and that the administrators hear of what is broken. Refuses to find out whether
anything changed (``worker``), and what a file says (``faq``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from chatbot.channels.base import plain
from chatbot.core.message import Phrase
from chatbot.matching.entry_file import CorpusError
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.saved_answers import FILES, BrokenFile
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork


async def load_faq(store: Store, office: Office) -> None:
    """Read the FAQ folder with its saved answers, make it live, remember its good files, tell of the others.

    What changed is known word for word; that it is learnt too is for the caller.
    """
    last_good = await store.read(lambda uow: uow.faq_edits.good_files())
    saved = await asyncio.to_thread(office.saved_answers.load, last_good)
    entries = {name: data for name, data in last_good.items() if name not in FILES}
    loaded = await asyncio.to_thread(office.faq.read, entries)
    news = [(name, data) for name, data in (*loaded.good, *saved.good) if last_good.get(name) != data]

    def unit(uow: UnitOfWork) -> None:
        if news:
            uow.faq_edits.keep_good_files(news, office.clock())
        _tell_of_faults(uow, office, (*loaded.faults, *saved.faults))

    if news or loaded.faults or saved.faults:
        await store.write(unit)


def _tell_of_faults(uow: UnitOfWork, office: Office, faults: Sequence[CorpusError | BrokenFile]) -> None:
    """Tell the administrators which files are broken, where and why; of the same fault once an hour."""
    post = Post(uow, office, office.clock())
    for fault in faults:
        reason = Phrase(fault.reason)
        where = office.words("faq.check.fault", file=fault.name, line=str(fault.line), reason=reason)
        post.alarm("desk.faq_file_broken", plain(where))
