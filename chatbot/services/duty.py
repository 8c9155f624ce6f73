"""The duty roster of a group: who is on duty, and what is handed over when a shift ends.

Owns going on and off duty, the one summary at the end of a shift, taking over what it left, and giving back all that an
officer holds. Refuses the words and times of the command (``core.duty``); a ticket changes by ``services.acts`` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chatbot.channels.base import plain
from chatbot.core import duty
from chatbot.core import region as regions
from chatbot.core import ticket as tickets
from chatbot.core.duty import DutyAct
from chatbot.core.message import Choice, Inbound, Phrase
from chatbot.core.privacy import inert
from chatbot.services.cards import category, desk_choice, status_phrase
from chatbot.services.clocks import Clocks
from chatbot.services.desk_part import DeskPart
from chatbot.services.mentions import on_duty
from chatbot.store.duty_tables import DutyRow
from chatbot.store.tables import TicketRow

_LISTED = 20  # tickets to one summary
_NUMBERS = 10  # to one line of it
_NAME = 64  # characters


class Roster(DeskPart):
    """Keeps the roster, inside a unit of work."""

    def obey(self, message: Inbound, text: str) -> None:
        """The command: show the roster, go on duty, go off duty.

        Args:
            message: a member's, in an officers' group.
            text: what stands behind the command.
        """
        act, rest = duty.read(text)
        if act == DutyAct.SHOW:
            self._show(message)
        elif act == DutyAct.ON:
            self._on(message, rest)
        elif act == DutyAct.OFF:
            self._off(message)
        else:
            self._unclear(message)

    def _unclear(self, message: Inbound) -> None:
        self._acts.word(message, "desk.duty_unclear", time="20.00", shift="20.00-08.00")

    def _time(self, at: datetime) -> str:
        return self._office.catalogues.format_time(at, self._office.timezone, self._office.locale)

    def _show(self, message: Inbound) -> None:
        chat, words = message.chat, self._office.words
        here, held = self._uow.duty.now(chat, self._now), self._uow.duty.counts(chat)
        lines = [words("desk.duty_head") if here else words("desk.duty_nobody")]
        lines += [
            words(
                "desk.duty_line",
                officer=inert(shift.officer_name),
                since=self._time(shift.since),
                until=self._time(shift.until),
                count=str(held.get(shift.officer_id, 0)),
            )
            for shift in here
        ]
        if following := self._uow.duty.next(chat, self._now):
            lines.append(
                words("desk.duty_next", officer=inert(following.officer_name), since=self._time(following.since))
            )
        choices = (
            Choice("duty:on", words("desk.button_duty_on")),
            Choice("duty:off", words("desk.button_duty_off")),
        )
        self._post.to_group(chat, "\n".join(lines), choices, thread=message.thread, reply_to=message.message_id)

    def _on(self, message: Inbound, text: str) -> None:
        shift = duty.read_shift(text, self._now, self._office.timezone)
        before = self._uow.duty.of_officer(message.chat, message.author)
        begun = before is not None and before.since <= self._now
        if shift is None:
            self._unclear(message)
            return
        planned = shift.since > self._now
        if before and begun and planned:
            if before.until > self._now:
                self._acts.word(message, "desk.duty_on_already", until=self._time(before.until))
                return
            self.over(before.id)  # the sweep did not come by yet, and another shift is no reason to forget this one
        since = before.since if before and begun and not planned else shift.since
        self._uow.duty.begin(message.chat, message.author, message.author_name[:_NAME], since, shift.until)
        self._uow.audit.add(
            "on_duty",
            message.author,
            self._now,
            chat=message.chat,
            since=since.isoformat(),
            until=shift.until.isoformat(),
        )
        values = {"officer": inert(message.author_name[:_NAME]), "until": self._time(shift.until)}
        if planned:
            self._tell(message, "desk.duty_planned", since=self._time(since), **values)
        else:
            self._tell(message, "desk.duty_on", **values)

    def _tell(self, message: Inbound, key: str, **values: str) -> None:
        """Say to the whole group what one of them did, by a press too."""
        text = self._office.words(key, **values)
        if message.press_id:
            self._post.press_answer(message.chat, message.press_id, plain(text))
        self._post.to_group(message.chat, text, thread=message.thread, reply_to=message.message_id)

    def _off(self, message: Inbound) -> None:
        shift = self._uow.duty.of_officer(message.chat, message.author)
        if shift is None or not self._end(shift, message.author):
            self._acts.word(message, "desk.duty_not_on")
        elif shift.since > self._now:
            self._acts.word(message, "desk.duty_plan_dropped")
        else:
            if message.press_id:
                self._post.press_answer(message.chat, message.press_id)
            self._summary(shift)

    def over(self, duty_id: int) -> None:
        """End a shift whose time is over; a group that officers do not work in any more hears nothing of it."""
        shift = self._uow.duty.shift(duty_id)
        if shift and shift.until <= self._now and self._end(shift, "system"):
            ours = {self._uow.groups.current_chat(one) for one in self._office.desk_groups()}
            if shift.chat in ours:
                self._summary(shift)

    def _end(self, shift: DutyRow, actor: str) -> bool:
        """End a shift, if nobody else did; whoever does tells the group of it."""
        ended = self._uow.duty.end(shift, self._now)
        if ended:
            self._uow.audit.add("off_duty", actor, self._now, chat=shift.chat, officer=shift.officer_id)
        return ended

    # Handing over

    def _summary(self, shift: DutyRow) -> None:
        """What a shift leaves to the next: what its officer holds, and what waits in the group."""
        chat, words = shift.chat, self._office.words
        held = self._uow.duty.held(chat, shift.officer_id)
        clocks = Clocks(self._uow, self._office, self._now)
        name = inert(shift.officer_name)
        due = clocks.deadlines(held[:_LISTED])
        lines = [words("desk.handover_head" if held else "desk.handover_none", officer=name, count=str(len(held)))]
        for ticket in held[:_LISTED]:
            at = due.get(ticket.id)
            lines.append(
                words(
                    "desk.handover_line",
                    number=tickets.spoken(ticket.number),
                    category=category(ticket, self._office),
                    status=status_phrase(ticket),
                    due=self._time(at) if at else Phrase("desk.handover_not_due"),
                )
            )
        if len(held) > _LISTED:
            lines.append(words("desk.clocks_more", count=str(len(held) - _LISTED)))
        waiting, unanswered = self._uow.tickets.open_in(chat), self._uow.duty.unanswered(chat)
        for key, found in (
            ("desk.handover_unanswered", [ticket for ticket in waiting if ticket.id in unanswered]),
            ("desk.handover_overdue", clocks.overdue(waiting)),
            ("desk.handover_alerts", [ticket for ticket in waiting if ticket.alert_live]),
        ):
            if found:
                lines.append(words(key, numbers=_numbers(found)))
        here = on_duty(self._uow, chat, self._now)
        if not here:
            lines.append(words("desk.handover_nobody"))
        choices = (desk_choice("handover", shift.id, self._office),) if held else ()
        self._post.to_group(chat, "\n".join(lines), choices, mentions=here)
        if not here:
            self._tell_superior(chat, len(waiting))

    def _tell_superior(self, chat: str, count: int) -> None:
        """That nobody is on duty in a group, to the unit above, once until somebody is; of members' matters to nobody.

        Args:
            chat: the group.
            count: its open tickets.
        """
        plan, groups = self._office.plan, self._uow.groups
        units = plan.region.units
        unit = next((one for one in units if one.group and groups.current_chat(one.group) == chat), None)
        if unit is None or unit.members:
            return
        above = [one for one in regions.superiors(plan.region.by_id, unit) if one.group and not one.members]
        chats = (groups.current_chat(plan.group_of(one)) for one in above)
        group = next((one for one in chats if one not in {"", chat}), "")
        what, since = f"duty {chat}", self._uow.duty.last_since(chat, self._now)
        if group and since and not groups.was_told(what, since):
            groups.alarm_due(what, self._now, timedelta())
            self._post.to_group(group, self._office.words("desk.duty_empty", unit=unit.name, count=str(count)))

    def hand_over(self, message: Inbound, duty_id: int) -> None:
        """Take over everything that an officer still holds who went off duty; of two who press, the first does.

        Args:
            message: the press.
            duty_id: the shift that ended.
        """
        shift = self._uow.duty.shift(duty_id)
        if shift is None or shift.chat != message.chat or shift.ended_at is None:
            self._acts.word(message, "desk.handover_nothing")
            return
        here = {one.officer_id for one in self._uow.duty.now(message.chat, self._now)}
        held = self._uow.duty.held(shift.chat, shift.officer_id)
        # Where nothing is held any more, somebody may have taken it in between.
        shift = self._uow.duty.shift(duty_id) or shift
        if message.author not in here:
            self._acts.word(message, "desk.handover_not_on_duty")
        elif shift.officer_id in here:
            self._acts.word(message, "desk.handover_back", officer=inert(shift.officer_name))
        elif shift.taker_id:
            self._acts.word(message, "desk.handover_taken", officer=inert(shift.taker_name))
        elif not held:
            self._acts.word(message, "desk.handover_nothing")
        elif self._uow.duty.take_over(shift.id, message.author, message.author_name[:_NAME]):
            for ticket in held:
                self._acts.give(ticket, message)
            values = {"before": inert(shift.officer_name), "officer": inert(message.author_name[:_NAME])}
            self._tell(message, "desk.handed_over", count=str(len(held)), numbers=_numbers(held), **values)
        else:
            taken = self._uow.duty.shift(duty_id)
            self._acts.word(message, "desk.handover_taken", officer=inert(taken.taker_name if taken else ""))

    # Giving back

    def release_all(self, message: Inbound) -> None:
        """Give back every ticket that an officer holds in this group."""
        held = self._uow.duty.held(message.chat, message.author)
        for ticket in held:
            self._acts.give_back(ticket, message.author)
        if held:
            self._acts.word(message, "desk.released_all", count=str(len(held)), numbers=_numbers(held))
        else:
            self._acts.word(message, "desk.holds_none")

    def left(self, chat: str, officer_id: str) -> None:
        """An officer is no longer in a group: what was held there is free, the shift ends, the group is told.

        Args:
            chat: the group, by its id now.
            officer_id: who left.
        """
        shift = self._uow.duty.of_officer(chat, officer_id)
        begun = shift is not None and self._end(shift, "system") and shift.since <= self._now
        held = self._uow.duty.held(chat, officer_id)
        if not held and not begun:
            return
        name = inert(shift.officer_name if shift else held[0].officer_name)
        for ticket in held:
            self._acts.give_back(ticket, "desk", before=officer_id)
        key = "desk.left_holding" if held else "desk.left_duty"
        lines = [self._office.words(key, officer=name, count=str(len(held)), numbers=_numbers(held))]
        here = on_duty(self._uow, chat, self._now)
        if begun and not here:
            lines.append(self._office.words("desk.handover_nobody"))
        self._post.to_group(chat, "\n".join(lines), mentions=here)
        if begun and not here:
            self._tell_superior(chat, len(self._uow.tickets.open_in(chat)))


def _numbers(found: Sequence[TicketRow]) -> str:
    """Tickets by their numbers, as many as are read."""
    shown = ", ".join(f"#{tickets.spoken(ticket.number)}" for ticket in found[:_NUMBERS])
    return f"{shown}, …" if len(found) > _NUMBERS else shown
