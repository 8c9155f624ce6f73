"""One incident that several people report: asked about, joined, split, and cried out where many report at once.

Owns which ticket is asked about, what joining changes, and when a spike is an alarm. Refuses to join by itself, and to
measure what is alike (``core.likeness``); what officers write to all reporters is ``acts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chatbot.channels.base import shorten
from chatbot.core import region as regions
from chatbot.core import ticket as tickets
from chatbot.core.complaint import MEMBERS, QUESTION
from chatbot.core.likeness import WITHIN, Report, is_same, likeness
from chatbot.core.message import Choice, Inbound, Phrase
from chatbot.core.officer import Act, OfficerCommand
from chatbot.core.privacy import for_group
from chatbot.core.ticket import ENDED, TicketEvent
from chatbot.services.cards import category, complaint_of, map_link
from chatbot.services.desk_part import DeskPart
from chatbot.store.tables import TicketRow

_LOOKED_AT = 200  # of a group's latest tickets; more are a flood, in which the likes of one are among the latest
_PLACE = 200  # UTF-16 units of the place in the question
# Five people who do not know each other write of one thing only when it is large; in half an hour, because who
# reports what is going on does it at once. Heard of once an hour, the group is not kept from working on it.
_MANY = 5  # people
_AT_ONCE = timedelta(minutes=30)
_ALARM_EVERY = timedelta(hours=1)


class Incidents(DeskPart):
    """Joins and splits tickets, inside a unit of work."""

    def look(self, ticket: TicketRow) -> None:
        """A ticket reached its group: ask whether the open one most like it tells of the same, and count the likes.

        Args:
            ticket: with a group. A question is no event, and what was joined before is not asked about again.
        """
        if not ticket.chat or ticket.incident_id is not None or ticket.category == QUESTION:
            return
        mine = _report(ticket)
        recent = self._uow.incidents.recent(ticket.chat, self._now - WITHIN, _LOOKED_AT)
        scored = [(likeness(mine, _report(one)), one) for one in recent if one.id != ticket.id]
        score, other = max(scored, key=lambda pair: (pair[0], pair[1].id), default=(0.0, ticket))
        if is_same(score):
            self._ask(ticket, other)
        like = [one for score, one in scored if is_same(score) or _of_one_area(one, ticket)]
        self._cry_out(ticket, [ticket, *like])

    def obey(self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow) -> None:
        """Join a ticket with another one, leave it apart, or split it from its incident.

        Args:
            message: the officer's message or press.
            inbound_id: its row; an edit of it is known to change nothing any more.
            command: what it asks for; its text names the other ticket, by id in a press, else by number.
            ticket: the ticket, of the officer's own group.
        """
        if command.act == Act.SPLIT:
            self._acts.word(message, "desk.split" if ticket.incident_id else "desk.not_joined")
            self.leave(ticket, message.author, inbound_id)
            return
        other = self._other(command, ticket)
        if other is None:
            self._acts.word(message, "desk.join_which")
        elif command.act == Act.DISTINCT and ticket.incident_id and ticket.incident_id == other.incident_id:
            self._acts.word(message, "desk.joined_already")
        elif command.act == Act.DISTINCT:
            self._uow.audit.add("distinct", message.author, self._now, ticket.id, other=other.id)
            self._acts.word(message, "desk.distinct")
        elif refused := _refused(ticket, other):
            self._acts.word(message, refused)
        else:
            self._join(ticket, other, message.author, inbound_id)
            self._acts.word(message, "desk.joined", number=tickets.spoken(other.number))

    def leave(self, ticket: TicketRow, actor: str, inbound_id: int | None = None) -> None:
        """A ticket is no report of its incident any more; where one alone is left, that is none either."""
        rest = [one for one in self._uow.incidents.of(ticket.incident_id) if one.id != ticket.id]
        left = [ticket, *rest] if len(rest) == 1 else [ticket] * bool(rest)
        for one in left:
            self._acts.event(one, TicketEvent.SPLIT, actor, inbound_id=inbound_id)
        ticket.incident_id = None
        for one in rest:
            one.incident_id = rest[0].id if len(rest) > 1 else None
        for one in (ticket, *rest):
            self._post.card_changed(one)

    def _other(self, command: OfficerCommand, ticket: TicketRow) -> TicketRow | None:
        """The other ticket, if it is another one of the same group; one of another group does not exist here."""
        if command.reference:
            other = self._uow.ticket(int(command.text))
        else:
            number = tickets.find_number(command.text)
            other = self._uow.ticket_by_number(number) if number else None
        return other if other and other.chat == ticket.chat and other.id != ticket.id else None

    def _ask(self, ticket: TicketRow, other: TicketRow) -> None:
        words = self._office.words
        complaint = complaint_of(other)
        said = shorten(for_group(complaint.where_text, other.address), _PLACE)
        where = " ".join(part for part in (said or self._area(other), map_link(complaint)) if part)
        text = words(
            "desk.join_ask",
            number=tickets.spoken(other.number),
            time=self._office.catalogues.format_time(other.opened_at, self._office.timezone, self._office.locale),
            place=where or Phrase("desk.place_unknown"),
        )
        choices = [
            Choice(f"{act}:{ticket.id}:{other.id}", words(f"desk.button_{act}")) for act in (Act.JOIN, Act.DISTINCT)
        ]
        self._post.to_desk(ticket, text, choices)

    def _join(self, ticket: TicketRow, other: TicketRow, actor: str, inbound_id: int) -> None:
        """All reports of both incidents are of one from now on; it is called by its first ticket."""
        ours = {ticket.id: ticket, other.id: other}
        of_both = (*self._uow.incidents.of(ticket.incident_id), *self._uow.incidents.of(other.incident_id))
        together = sorted({**{one.id: one for one in of_both}, **ours}.values(), key=lambda one: one.id)
        first = together[0]
        for one in together:
            if one.id in ours or one.incident_id != first.id:
                with_ = {ticket.id: other, other.id: ticket}.get(one.id, first)
                text = f"#{tickets.spoken(with_.number)}"
                self._acts.event(one, TicketEvent.JOINED, actor, inbound_id=inbound_id, text=text)
                one.incident_id = first.id
            self._post.card_changed(one)
        self._cry_out(first, together)

    # Spikes

    def _cry_out(self, ticket: TicketRow, like: Sequence[TicketRow]) -> None:
        """Tell the group and the superior unit's where many people report the like of a ticket at once."""
        lately = [one for one in like if one.opened_at >= self._now - _AT_ONCE]
        count = len({one.contact_id for one in lately})
        what = f"spike {ticket.chat} {ticket.category} {ticket.area}"
        if count < _MANY or not self._uow.groups.alarm_due(what, self._now, _ALARM_EVERY):
            return
        text = self._office.words(
            "desk.spike",
            count=str(count),
            minutes=str(int(_AT_ONCE.total_seconds() // 60)),
            category=category(ticket, self._office),
            area=self._area(ticket) or Phrase("desk.place_unknown"),
        )
        latest = sorted(lately, key=lambda one: one.id, reverse=True)
        if link := next((link for one in latest if (link := map_link(complaint_of(one)))), ""):
            text = f"{text}\n{self._office.words('desk.spike_pin', link=link)}"
        for chat in self._hearers(ticket):
            self._post.to_group(chat, text, urgent=True, mention=True)

    def _hearers(self, ticket: TicketRow) -> list[str]:
        """The group, and that of the unit above; what is about members stays where it is."""
        plan = self._office.plan
        unit = plan.unit(ticket.unit)
        above = () if unit.members or ticket.category == MEMBERS else regions.superiors(plan.region.by_id, unit)[:1]
        groups = [self._uow.groups.current_chat(group) for group in map(plan.group_of, above) if group]
        return list(dict.fromkeys((ticket.chat, *groups)))

    def _area(self, ticket: TicketRow) -> str:
        area = self._office.plan.area(ticket.area)
        return area.kecamatan if area else ""


def _report(ticket: TicketRow) -> Report:
    return Report(ticket.category, complaint_of(ticket), ticket.opened_at, ticket.alert_live)


def _of_one_area(one: TicketRow, other: TicketRow) -> bool:
    return bool(one.area) and (one.area, one.category) == (other.area, other.category)


def _refused(ticket: TicketRow, other: TicketRow) -> str:
    """Why two tickets of one group may not be joined, as a key; empty: they may."""
    if ticket.status in ENDED or other.status in ENDED:
        return "desk.join_closed"
    if (ticket.category == MEMBERS) != (other.category == MEMBERS):
        return "desk.join_members"
    if ticket.alert_live or other.alert_live:
        return "desk.join_alert"
    return "desk.joined_already" if ticket.incident_id and ticket.incident_id == other.incident_id else ""
