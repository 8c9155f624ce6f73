"""What waits when a process starts: one of these messages may have killed the last one.

Owns counting the tries of such a message, so that what kills the process is set aside after some deaths instead of
killing it for ever. Costs a commit for each message that waits at the start, and none for those that come later: what
was under way when a process died is among the oldest that wait when the next one starts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from chatbot.logs import log
from chatbot.store.queue import Waiting
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork

_KILLED = "killed the process"
# Tries that ended with the process, after the first death, of which nobody knows whose it was. A machine that kills the
# program again and again, as one short of memory does, must not have what stands first set aside for it.
_MOST = 7
_MOST_URGENT = 20  # of what speaks of danger: some minutes of starts are less than a cry for help that nobody reads


class FirstBatch:
    """Hands the messages that wait at the start out one by one, each counted before it is handled.

    Args:
        store: where the count is kept.
        oldest: what waits, of which the last process may have had any in hand.
        set_aside: sets messages aside, by their ids, for a reason.
    """

    def __init__(
        self,
        store: Store,
        oldest: Callable[[UnitOfWork], Sequence[Waiting]],
        set_aside: Callable[[Sequence[int], str], Awaitable[None]],
    ) -> None:
        self._store = store
        self._oldest = oldest
        self._set_aside = set_aside
        self._doubtful: set[int] | None = None

    async def pick(self, waiting: Sequence[Waiting]) -> Sequence[Waiting]:
        """Those that are to be handled together now; none where the first one was set aside.

        Args:
            waiting: what waits, in order.
        """
        if self._doubtful is None:
            self._doubtful = {one.id for one in await self._store.read(self._oldest)}
        if not waiting:
            return waiting
        first = waiting[0]
        if first.id not in self._doubtful:
            ahead = next((place for place, one in enumerate(waiting) if one.id in self._doubtful), len(waiting))
            return waiting[:ahead]
        self._doubtful.discard(first.id)
        if first.attempts >= (_MOST_URGENT if first.urgent else _MOST):
            log().error("message_broke", inbound_id=first.id, channel=first.channel, reason=_KILLED)
            await self._set_aside([first.id], _KILLED)
            return []
        await self._store.write(lambda uow: uow.set_aside.tried(first.id))
        return [first]
