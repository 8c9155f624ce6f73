"""What is the same for citizens and groups: trying one message, setting it aside, saying in the log what became of it.

Owns that a message that breaks is set aside and its neighbours go on. Refuses to know what a message means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from chatbot import metrics
from chatbot.core.message import Inbound
from chatbot.logs import failure, fingerprint, log
from chatbot.services.office import Office
from chatbot.store.queue import Handled
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable


class Handling:
    """Handles messages one by one."""

    def __init__(self, store: Store, office: Office) -> None:
        self._store = store
        self._office = office

    async def alone(self, row_id: int, channel: str, unit: Callable[[UnitOfWork], list[Handled]]) -> list[Handled]:
        """Run the unit of work of one message; twice, for it may lose a race for a version, and then it is set aside.

        Raises:
            StoreUnavailable: nothing was kept, and nothing is set aside for it.
        """
        for last in (False, True):
            try:
                return await self._store.write(unit)
            except StoreUnavailable:
                raise
            except Exception as error:  # noqa: BLE001  this one message is set aside, with its cause in the log
                if last:
                    log().error("message_broke", inbound_id=row_id, channel=channel, **failure(error))
                    await self.set_aside([row_id], type(error).__name__)
        return []

    async def set_aside(self, row_ids: Sequence[int], reason: str) -> None:
        """Set messages aside that cannot be handled, and have the administrators told."""
        if not row_ids:
            return

        def unit(uow: UnitOfWork) -> None:
            for row_id in row_ids:
                uow.inbox.quarantine(row_id, reason)
            uow.alarms.note("aside", self._office.clock())

        await self._store.write(unit)
        metrics.quarantined.labels("", reason).inc(len(row_ids))


def say(road: str, messages: Mapping[int, Inbound], handled: Sequence[Handled], seconds: float) -> None:
    """Count and log what became of messages, which took so many seconds together."""
    for one in handled:
        message = messages[one.id]
        metrics.handled.labels(road, one.outcome).inc()
        log().info(
            "handled",
            road=road,
            channel=message.channel,
            kind=str(message.kind),
            outcome=one.outcome,
            inbound_id=one.id,
            chat=fingerprint(message.chat),
            ticket_id=one.ticket_id,
            seconds=round(seconds, 4),
        )
