"""What happens because time passes: alerts that nobody pressed, photos that nobody explained, tickets without a group.

Once a week the administrators also hear what the FAQ did not answer.

Owns the clocks of the main line. One process sweeps at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from chatbot.channels.base import Channel
from chatbot.core import conversation
from chatbot.core import ticket as tickets
from chatbot.core.complaint import MEMBERS
from chatbot.core.form import receipt_key
from chatbot.core.ticket import ALERT_LIVES, ENDED, TicketEvent, TicketStatus
from chatbot.services.acts import Acts
from chatbot.services.cards import complaint_of
from chatbot.services.clocks import Clocks
from chatbot.services.dialogue import Dialogue
from chatbot.services.duty import Roster
from chatbot.services.effects import Effects
from chatbot.services.faq_gaps import Gaps
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.outgoing import Recipient, reporter
from chatbot.services.relay import Relay
from chatbot.services.respond import Respond
from chatbot.services.window import Windows
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork

_REPEAT = timedelta(minutes=2)  # an alert that nobody pressed is said again, by name
_REMIND = timedelta(minutes=5)  # and then the citizen hears 110 again
_EXPLAIN = timedelta(minutes=15)  # a photo without a word goes to the officers
_GAPS = "faq_gaps"  # the alarm by which it is known that this week's list of unanswered questions was sent
_CLOCKS_AT_ONCE = 500  # tickets
_GAPS_HOUR = 8  # on Mondays


class Sweep:
    """Acts on what has become due."""

    def __init__(self, office: Office, channels: Mapping[str, Channel], media_dir: Path) -> None:
        self._office = office
        self._respond = Respond(office, channels, media_dir)
        self._media_dir = media_dir

    def duties(self, uow: UnitOfWork) -> list[Callable[[UnitOfWork], None]]:
        """Everything that is due now, each as a unit of work of its own; alerts first."""
        now = self._office.clock()
        alerts = [partial(self._alert, ticket.id) for ticket in uow.live_alerts()]
        held = [partial(self._unexplained, row.contact_id) for row in uow.held_conversations(now - _EXPLAIN)]
        groups = [uow.groups.current_chat(chat) for chat in self._office.desk_groups()]
        homes = [partial(self._find_home, ticket.id) for ticket in uow.homeless_tickets(groups) if self._group(ticket)]
        files = [partial(self._bring, row.id) for row in uow.media.stranded()]
        asked = [partial(self._unanswered, ticket.id) for ticket in uow.due.unanswered(now)]
        patience = timedelta(days=self._office.plan.region.days_until_closed)
        done = [partial(self._confirm, ticket.id) for ticket in uow.due.unconfirmed(now - patience)]
        clocks = [self._warn] if uow.due.clocks(now, 1) else []
        windows = [partial(self._window, ticket.id) for ticket in uow.due.windows(now)]
        shifts = [partial(self._shift_over, row.id) for row in uow.duty.over(now)]
        gaps = [self._tell_gaps] if self._gaps_due(uow, now) else []
        # The ends of shifts behind the clocks: their summaries tell of them.
        return [*alerts, *held, *homes, *files, *asked, *done, *clocks, *windows, *shifts, *gaps]

    def _tools(self, uow: UnitOfWork) -> tuple[Dialogue, Effects, datetime]:
        now = self._office.clock()
        dialogue = Dialogue(uow, self._office, now)
        acts = Acts(uow, self._office, now, dialogue, self._respond.reread)
        return dialogue, Effects(uow, self._office, dialogue, acts, self._media_dir, now), now

    def _alert(self, ticket_id: int, uow: UnitOfWork) -> None:
        """Say an alert again that nobody pressed, and 110 to the citizen; end one that has been silent for long."""
        ticket = uow.ticket(ticket_id)
        dialogue, effects, now = self._tools(uow)
        if ticket is None or not ticket.alert_live:
            return
        silent = now - ticket.updated_at > ALERT_LIVES
        age = abs(now - ticket.opened_at)  # a time ahead of us was written by a clock that was wrong
        if age > _REPEAT and ticket.alert_pressed_at is None and ticket.alert_repeated_at is None:
            ticket.alert_repeated_at = now
            if ticket.chat:
                effects.arrival.raise_alarm(ticket, "desk.alert_again", mention=True)
        if silent:
            ticket.alert_live = False
            return
        if age > _REMIND and ticket.alert_pressed_at is None and ticket.alert_reminded_at is None:
            ticket.alert_reminded_at = now
            words = self._office.words("citizen.emergency_again", dialogue.locale_of(ticket.contact_id))
            Post(uow, self._office, now).to_citizen(reporter(ticket), words, ticket_id=ticket.id, urgent=True)

    def _unexplained(self, contact_id: int, uow: UnitOfWork) -> None:
        """A photo, voice note or place came first and nobody said what for: the officers look at it."""
        dialogue, effects, now = self._tools(uow)
        before = dialogue.state(contact_id)
        if before.held_since is None or now - before.held_since < _EXPLAIN:
            return
        state, complaint, unplaced = conversation.unanswered_held(before)
        dialogue.save(contact_id, state)
        rows = uow.inbounds(unplaced or complaint.evidence or before.unplaced)
        if not rows:
            return
        to = Recipient(contact_id, rows[-1].channel, rows[-1].chat)
        ticket = self._most_guarded(uow, contact_id, now) if unplaced else None
        if ticket:
            effects.add_held(ticket, to, unplaced)
            key = "citizen.added"
        else:
            ticket = effects.new_ticket(complaint, to)
            effects.arrival.to_officers(ticket, complaint)
            effects.add_held(ticket, to, unplaced)  # the tickets that they may have been for were closed meanwhile
            key = receipt_key(complaint, propam=bool(self._office.propam), officers=bool(self._office.officers))
            key = "citizen.held_forwarded" if key == "citizen.ticket_opened" else key
        locale = dialogue.locale_of(contact_id)
        words = self._office.words(key, locale, **effects.values_of(ticket, locale))
        Post(uow, self._office, now).to_citizen(to, words, ticket_id=ticket.id)

    def _most_guarded(self, uow: UnitOfWork, contact_id: int, now: datetime) -> TicketRow | None:
        """The open ticket whose officers may read what is meant for any of them: one about members first."""
        tickets = uow.tickets_of([contact_id], now).get(contact_id, [])
        waiting = [ticket for ticket in tickets if ticket.status not in ENDED]
        return max(waiting, key=lambda ticket: (ticket.category == MEMBERS, ticket.id), default=None)

    def _group(self, ticket: TicketRow) -> str:
        plan = self._office.plan
        if ticket.category == MEMBERS:
            return plan.group_of(plan.region.members)
        known = ticket.unit in plan.region.by_id and not plan.unit(ticket.unit).members
        return plan.group_of(plan.unit(ticket.unit) if known else plan.unit_for(ticket.category, ticket.area))

    def _find_home(self, ticket_id: int, uow: UnitOfWork) -> None:
        """A ticket from before there was a group for it, or of another group: it comes whole to the one set now."""
        ticket = uow.ticket(ticket_id)
        home = uow.groups.current_chat(self._group(ticket)) if ticket else ""
        if ticket and ticket.chat != home:
            _, effects, now = self._tools(uow)
            uow.audit.add("moved", "system", now, ticket.id, before=ticket.chat, after=home)
            effects.arrival.incidents.leave(ticket, "desk")  # the others may stand in another group
            uow.drop_waiting(ticket.id, ticket.chat)
            uow.groups.forget_topic(ticket)
            ticket.chat, ticket.sealed = home, False
            plan = self._office.plan
            if ticket.unit not in plan.region.by_id:
                ticket.unit = plan.unit_for(ticket.category, ticket.area).id
            if ticket.alert_live and ticket.alert_pressed_at is None:
                ticket.alert_repeated_at = None
                effects.arrival.raise_alarm(ticket, "desk.alert", mention=False)
            effects.arrival.bring_whole(ticket, complaint_of(ticket))

    def _bring(self, media_id: int, uow: UnitOfWork) -> None:
        """A file that lies on the shelf and was meant for officers who do not have it."""
        row = uow.media.get(media_id)
        ticket = uow.ticket(row.ticket_id) if row and row.ticket_id else None
        if row and ticket and ticket.chat and not row.relayed:
            post = Post(uow, self._office, self._office.clock())
            Relay(uow, self._office, post, self._media_dir).kept(ticket, [row])

    def _unanswered(self, ticket_id: int, uow: UnitOfWork) -> None:
        """What an officer asked is not answered yet: the citizen is reminded once; then the officer goes on without."""
        ticket = uow.ticket(ticket_id)
        dialogue, effects, now = self._tools(uow)
        if ticket is None or ticket.status != TicketStatus.WAITING or ticket.asked_until is None:
            return
        post = Post(uow, self._office, now)
        if now >= ticket.asked_until:
            effects.acts.event(ticket, TicketEvent.LAPSED, "desk")
            if not ticket.officer_id:
                ticket.status = str(TicketStatus.RECEIVED)
            post.to_desk(ticket, self._office.words("desk.not_answered", number=tickets.spoken(ticket.number)))
            post.card_changed(ticket)
            return
        ticket.remind_at = ticket.asked_until
        asked = [event for event in uow.standing_events(ticket.id) if event.event == TicketEvent.ASKED]
        if not asked or uow.guards.blocked([ticket.contact_id], now):  # who is blocked could not answer
            return
        said = uow.corrected_text(asked[-1].inbound_id or 0) or asked[-1].text
        effects.acts.event(ticket, TicketEvent.REMINDED, "desk")
        locale = dialogue.locale_of(ticket.contact_id)
        until = self._office.catalogues.format_time(ticket.asked_until, self._office.timezone, locale)
        words = effects.acts.citizen_words(ticket, "citizen.reminded", text=said, until=until)
        post.to_citizen(reporter(ticket), words, ticket_id=ticket.id)

    def _confirm(self, ticket_id: int, uow: UnitOfWork) -> None:
        """The citizen was told the result and said nothing for long enough: it counts as done."""
        ticket = uow.ticket(ticket_id)
        _, effects, now = self._tools(uow)
        if ticket is None or uow.guards.blocked([ticket.contact_id], now):  # who is blocked could not object
            return
        if ticket.status == TicketStatus.CLOSED and ticket.confirmed_at is None:
            effects.acts.event(ticket, TicketEvent.CONFIRMED, "desk")
            ticket.confirmed_at = now

    def _warn(self, uow: UnitOfWork) -> None:
        Clocks(uow, self._office, self._office.clock()).warn(_CLOCKS_AT_ONCE)

    def _window(self, ticket_id: int, uow: UnitOfWork) -> None:
        ticket = uow.ticket(ticket_id)
        if ticket:
            Windows(uow, self._office, self._office.clock()).look(ticket)

    def _shift_over(self, duty_id: int, uow: UnitOfWork) -> None:
        _, effects, now = self._tools(uow)
        Roster(uow, self._office, now, effects.acts).over(duty_id)

    def _gaps_due(self, uow: UnitOfWork, now: datetime) -> bool:
        """Whether it is Monday morning, and the list of this week was not looked at yet."""
        local = now.astimezone(self._office.timezone)
        since = local.replace(hour=_GAPS_HOUR, minute=0, second=0, microsecond=0)
        monday = local.weekday() == 0 and local >= since
        return bool(self._office.admins) and monday and not uow.groups.was_told(_GAPS, since)

    def _tell_gaps(self, uow: UnitOfWork) -> None:
        """Tell the administrators what citizens asked in vain; where they asked nothing so, nothing is said."""
        now = self._office.clock()
        if uow.groups.alarm_due(_GAPS, now, timedelta(days=1)):
            report = Gaps(uow, self._office, now).report()
            if report:
                Post(uow, self._office, now).to_group(uow.groups.current_chat(self._office.admins), report)
