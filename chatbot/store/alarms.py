"""The alarms that stand, what was noticed that calls for one, and what has waited for too long.

Owns three kinds of rows of the table ``alarm``, told apart by how their names begin; they outlive a restart, so that
no process repeats an alarm. What is said once an hour and then forgotten is ``groups``. Every query here is asked again
and again while the program runs, so each is answered by an index, whatever the size of the tables. Refuses to judge
what calls for an alarm (``services.watch``).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from chatbot.store.group_tables import AlarmRow
from chatbot.store.tables import HELD, LIVE, PENDING, STORED, InboundRow, OutboundRow

_ROADS = ("citizen", "desk")
_BROADCAST = 8  # the priority of what goes to many and may take its time
_STANDS, _NOTED, _HEARD = "stands ", "noted ", "heard "


class AlarmBook:
    """What stands, what was noticed, and when each channel was last heard."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(self, what: str, now: datetime) -> None:
        """Something happened that calls for an alarm; whoever watches reads it.

        Args:
            what: of a short list of kinds, with what it is about behind a blank.
            now: the time.
        """
        self._put(_NOTED + what, now)

    def noted(self, since: datetime) -> dict[str, datetime]:
        """What was noticed since a time, and when last."""
        return {what: at for what, at in self._all(_NOTED).items() if at >= since}

    def hear(self, channel: str, at: datetime) -> None:
        """Something came in by a channel."""
        self._put(_HEARD + channel, at)

    def heard(self) -> dict[str, datetime]:
        """When something last came in by each channel that was ever heard."""
        return self._all(_HEARD)

    def standing(self) -> dict[tuple[str, str], datetime]:
        """The alarms that stand, as (kind, what it is about), with when each was last said."""
        found: dict[tuple[str, str], datetime] = {}
        for what, at in self._all(_STANDS).items():
            kind, _, about = what.partition(" ")
            found[kind, about] = at
        return found

    def said(self, kind: str, about: str, now: datetime) -> None:
        """An alarm stands, and was said now."""
        self._put(f"{_STANDS}{kind} {about}", now)

    def over(self, kind: str, about: str) -> None:
        """It does not stand any more."""
        self._session.execute(delete(AlarmRow).where(col(AlarmRow.what) == f"{_STANDS}{kind} {about}"))

    def oldest_stored(self, channels: Collection[str]) -> datetime | None:
        """When the first message of these channels that nobody handled was received: the head of each road."""
        stored = select(col(InboundRow.received_at)).where(
            text(f"inbound.{STORED}"), col(InboundRow.channel).in_(channels)
        )
        heads = (
            self._session.scalars(
                stored.where(col(InboundRow.road) == road).order_by(col(InboundRow.id)).limit(1)
            ).first()
            for road in _ROADS
        )
        return min(filter(None, heads), default=None)

    def is_late(self, channel: str, before: datetime, elsewhere: Collection[str]) -> bool:
        """Whether anything was due before a time and is not sent, or was written before that and tried in vain since.

        What waits until its citizen writes is not due.

        Args:
            channel: of this channel.
            before: the time.
            elsewhere: chats that are not looked at, because it is known why nothing goes there.
        """
        held = aliased(OutboundRow, name="held")
        # Held rows are looked up by their queue, of which only the index over all that is live knows.
        behind = exists().where(
            col(held.queue) == col(OutboundRow.queue),
            text(f"held.{LIVE}"),
            text(f"held.{HELD}"),
            col(held.id) < col(OutboundRow.id),
        )
        query = select(col(OutboundRow.id)).where(
            text(f"outbound.{PENDING}"),
            col(OutboundRow.channel) == channel,
            col(OutboundRow.created_at) < before,
            or_(col(OutboundRow.due_at) < before, col(OutboundRow.attempts) > 0),
            col(OutboundRow.priority) < _BROADCAST,
            col(OutboundRow.chat).not_in(elsewhere),
            ~behind,
        )
        return self._session.scalars(query.limit(1)).first() is not None

    def newest_id(self) -> int:
        """The id of the latest message; 0 where there is none."""
        return self._session.execute(select(func.max(col(InboundRow.id)))).scalar() or 0

    def came_in(self, channel: str, behind: int) -> datetime | None:
        """When the latest message of a channel was received, of those with a higher id than a given one."""
        # Joined to nothing, the channel's name keeps SQLite from looking through every message of that channel.
        query = select(col(InboundRow.received_at)).where(
            col(InboundRow.id) > behind, col(InboundRow.channel) + "" == channel
        )
        return self._session.scalars(query.order_by(col(InboundRow.id).desc()).limit(1)).first()

    def _put(self, what: str, at: datetime) -> None:
        # One statement: two processes may notice the same at once.
        dialect = sqlite if self._session.get_bind().dialect.name == "sqlite" else postgresql
        row = dialect.insert(AlarmRow).values(what=what, at=at)
        self._session.execute(row.on_conflict_do_update(index_elements=["what"], set_={"at": row.excluded.at}))

    def _all(self, beginning: str) -> dict[str, datetime]:
        query = select(col(AlarmRow.what), col(AlarmRow.at)).where(col(AlarmRow.what).startswith(beginning))
        return {what.removeprefix(beginning): at for what, at in self._session.execute(query)}
