"""Forwarding a ticket to another unit: its card and whole history move, and everybody reads that in one line.

Owns which unit is meant and what is left in the old place. Refuses to move anything about police members out of the
group that alone may see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chatbot.channels.base import plain
from chatbot.core import ticket as tickets
from chatbot.core.complaint import MEMBERS
from chatbot.core.intent import fold
from chatbot.core.message import Choice, Inbound, Phrase
from chatbot.core.officer import OfficerCommand
from chatbot.core.region import Unit
from chatbot.core.ticket import ENDED, TicketEvent
from chatbot.services.acts import Acts
from chatbot.services.arrival import Arrival
from chatbot.services.cards import complaint_of
from chatbot.services.desk_part import DeskPart
from chatbot.services.office import Office
from chatbot.services.outgoing import reporter
from chatbot.store.tables import TicketRow
from chatbot.store.unit_of_work import UnitOfWork


class Forwarding(DeskPart):
    """Moves tickets between units, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime, acts: Acts, arrival: Arrival) -> None:
        super().__init__(uow, office, now, acts)
        self._arrival = arrival

    def obey(self, message: Inbound, inbound_id: int, command: OfficerCommand, ticket: TicketRow) -> None:
        """Forward a ticket to the unit that an officer names first, the rest being the reason; ask where none is named.

        Args:
            message: the officer's message or press.
            inbound_id: its row.
            command: what it asks for.
            ticket: the ticket, of the officer's own group.
        """
        units = self._targets(ticket)
        unit, reason = self._meant(command.text, units)
        own = self._office.plan.unit(ticket.unit)
        if ticket.status in ENDED:
            self._acts.word(message, "desk.is_closed")
        elif ticket.category == MEMBERS:
            self._acts.word(message, "desk.members_stay")
        elif not units:
            self._acts.word(message, "desk.nowhere_to_forward")
        elif unit is None and self._meant(command.text, [own])[0]:
            self._acts.word(message, "desk.forwarded_already", unit=own.name)
        elif unit is None:
            self._ask(message, command.text, units, ticket)
        else:
            self._move(message, inbound_id, ticket, unit, reason)

    def _targets(self, ticket: TicketRow) -> list[Unit]:
        """The units that a ticket can go to: all that some group serves, but its own."""
        plan = self._office.plan
        own = plan.unit(ticket.unit)
        return [unit for unit in plan.region.units if unit.id != own.id and plan.group_of(unit)]

    def _meant(self, text: str, units: Sequence[Unit]) -> tuple[Unit | None, str]:
        """The unit whose id or name a text begins with, and what it says behind that."""
        names = [(name, unit) for unit in units for name in (unit.id, unit.name)]
        for name, unit in sorted(names, key=lambda pair: -len(pair[0])):  # one may begin with another
            head, rest = text[: len(name)], text[len(name) :]
            if fold(head) == fold(name) and not (rest[:1].isalnum() or rest[:1] in {"-", "_"}):
                return unit, rest.strip(" ,:;.-\n")
        return None, ""

    def _ask(self, message: Inbound, text: str, units: Sequence[Unit], ticket: TicketRow) -> None:
        choices = [Choice(f"to:{ticket.id}:{unit.id}", unit.name) for unit in units]
        key = "desk.forward_unknown" if text else "desk.forward_where"
        if message.press_id:
            self._post.press_answer(message.chat, message.press_id)
        names = ", ".join(unit.id for unit in units)
        self._post.to_desk(ticket, self._office.words(key, number=tickets.spoken(ticket.number), names=names), choices)

    def _move(self, message: Inbound, inbound_id: int, ticket: TicketRow, unit: Unit, reason: str) -> None:
        plan, words = self._office.plan, self._office.words
        before = plan.unit(ticket.unit)
        chat, thread, card = ticket.chat, ticket.thread, ticket.card_message
        home = self._uow.groups.current_chat(plan.group_of(unit))
        self._acts.event(
            ticket, TicketEvent.FORWARDED, message.author, inbound_id=inbound_id, text=f"{unit.name}: {reason}"
        )
        if home != chat or unit.members:
            self._arrival.incidents.leave(ticket, message.author)  # an answer reaches the reports of one group only
        ticket.unit, ticket.officer_id, ticket.officer_name = unit.id, "", ""
        if unit.members:
            ticket.category = MEMBERS  # from now on it is theirs alone, and has their clock
            ticket.clock_at, ticket.clock_said = self._now, ""
        self._uow.audit.add(
            "moved",
            message.author,
            self._now,
            ticket.id,
            before=chat,
            after=home,
            unit=unit.id,
            category=ticket.category,
        )
        why = reason or Phrase("desk.no_reason")
        line = words("desk.forwarded", number=tickets.spoken(ticket.number), unit=unit.name, reason=why)
        if message.press_id:
            self._post.press_answer(message.chat, message.press_id, plain(line))
        if home == chat:
            self._post.to_desk(ticket, line)
            self._post.card_changed(ticket)
        else:
            self._uow.drop_waiting(ticket.id, chat)
            self._uow.groups.forget_topic(ticket)
            ticket.chat = home
            self._post.to_group(chat, line, thread=thread, reply_to="" if thread else card)
            if thread:
                self._post.close_topic(chat, thread)
            if ticket.alert_live:  # whoever pressed it was of the other group
                ticket.alert_pressed_at = ticket.alert_repeated_at = None
                self._arrival.raise_alarm(ticket, "desk.alert", mention=False)
            self._arrival.bring_whole(ticket, complaint_of(ticket))
            self._post.to_desk(ticket, words("desk.forwarded_here", unit=before.name, reason=why))
        self._tell_citizen(ticket)

    def _tell_citizen(self, ticket: TicketRow) -> None:
        self._post.to_citizen(
            reporter(ticket), self._acts.citizen_words(ticket, "citizen.forwarded"), ticket_id=ticket.id
        )
