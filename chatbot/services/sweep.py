"""What happens because time passes: alerts that nobody pressed, photos that nobody explained, bodies past their days.

Owns the clocks of the main line. One process sweeps at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from chatbot.channels.base import Channel
from chatbot.core import conversation
from chatbot.core.ticket import spoken
from chatbot.services.acts import Acts
from chatbot.services.cards import complaint_of
from chatbot.services.dialogue import Dialogue
from chatbot.services.effects import Effects
from chatbot.services.office import Office
from chatbot.services.outbox import Post, Recipient, reporter
from chatbot.services.respond import Respond
from chatbot.store.tables import ConversationRow
from chatbot.store.unit_of_work import UnitOfWork

_REPEAT = timedelta(minutes=2)  # an alert that nobody pressed is said again, by name
_REMIND = timedelta(minutes=5)  # and then the citizen hears 110 again
_LIVE = timedelta(minutes=60)  # a silent alert ends: what comes later is another emergency
_EXPLAIN = timedelta(minutes=15)  # a photo without a word goes to the officers


class Sweep:
    """Acts on what has become due."""

    def __init__(self, office: Office, channels: Mapping[str, Channel], media_dir: Path, inbox_days: int) -> None:
        self._office = office
        self._respond = Respond(office, channels, media_dir)
        self._media_dir = media_dir
        self._inbox_days = timedelta(days=inbox_days)

    def run(self, uow: UnitOfWork) -> None:
        """Everything that is due now, in one unit of work."""
        now = self._office.clock()
        dialogue = Dialogue(uow, self._office, now)
        acts = Acts(uow, self._office, now, dialogue, self._respond.reread)
        effects = Effects(uow, self._office, dialogue, acts, self._media_dir, now)
        self._alerts(uow, effects, dialogue, now)
        for row in uow.held_conversations(now - _EXPLAIN):
            self._unexplained(uow, row, dialogue, effects)
        self._homeless(uow, effects)

    def purge(self, uow: UnitOfWork) -> int:
        """Empty old bodies that belong to no ticket; how many."""
        return uow.inbox.purge(self._office.clock() - self._inbox_days)

    def _alerts(self, uow: UnitOfWork, effects: Effects, dialogue: Dialogue, now: datetime) -> None:
        for ticket in uow.live_alerts():
            if now - ticket.updated_at > _LIVE:
                ticket.alert_live = False
                continue
            if ticket.alert_pressed_at:
                continue
            age = now - ticket.opened_at
            if age > _REPEAT and ticket.alert_repeated_at is None:
                ticket.alert_repeated_at = now
                if ticket.chat:
                    effects.raise_alarm(ticket, "desk.alert_again", mention=True)
            if age > _REMIND and ticket.alert_reminded_at is None:
                ticket.alert_reminded_at = now
                words = self._office.words("citizen.emergency_again", dialogue.locale_of(ticket.contact_id))
                Post(uow, self._office, now).to_citizen(reporter(ticket), words, ticket_id=ticket.id, urgent=True)

    def _unexplained(self, uow: UnitOfWork, row: ConversationRow, dialogue: Dialogue, effects: Effects) -> None:
        """A photo, voice note or place came first and nobody said what for: the officers look at it."""
        state, complaint = conversation.unanswered_held(dialogue.state(row.contact_id))
        dialogue.save(row.contact_id, state)
        rows = uow.inbounds(complaint.evidence)
        if not rows:
            return
        to = Recipient(row.contact_id, rows[-1].channel, rows[-1].chat)
        ticket = effects.new_ticket(complaint, to)
        effects.to_officers(ticket, complaint)
        words = self._office.words(
            "citizen.held_forwarded", dialogue.locale_of(row.contact_id), number=spoken(ticket.number)
        )
        Post(uow, self._office, self._office.clock()).to_citizen(to, words, ticket_id=ticket.id)

    def _homeless(self, uow: UnitOfWork, effects: Effects) -> None:
        """Tickets from before there was a group for them: the group is set now."""
        for ticket in uow.homeless_tickets():
            group = self._office.propam if ticket.sealed else self._office.officers
            if group:
                ticket.chat, ticket.sealed = uow.current_chat(group), False
                effects.to_officers(ticket, complaint_of(ticket))
