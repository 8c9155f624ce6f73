"""What a group sees of its own work: its queue, one ticket with its history, a search; and its saved answers.

Owns the words of these views, all of one group's tickets only: another group's do not exist here. Refuses to check who
asks (``desk``), to write anything, and figures (``recap``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from chatbot.channels.base import plain, shorten, utf16_length
from chatbot.core import ticket as tickets
from chatbot.core.complaint import CATEGORIES, EMERGENCY, QUESTION, Complaint
from chatbot.core.intent import clean, fold
from chatbot.core.message import File, Inbound, Phrase
from chatbot.core.officer import OfficerCommand
from chatbot.core.privacy import inert, mask_own_number
from chatbot.core.unanswered import is_overdue
from chatbot.logs import log
from chatbot.services.cards import card_text, category, complaint_of, status_phrase
from chatbot.services.clocks import Clocks
from chatbot.services.office import Office
from chatbot.store.tables import InboundRow, TicketEventRow, TicketRow
from chatbot.store.tickets import Sought
from chatbot.store.unit_of_work import UnitOfWork

_LISTED = 30  # tickets to one list; more do not fit a phone
_LONGEST_NAME = 24  # UTF-16 units of an officer's name in a list
_LONGEST_STEP = 160  # of what was said in one line of a history
_LONGEST_BEGINNING = 60  # of a saved answer
_FOUND = 10
_PAGE = 100  # tickets that are looked at in one go
_SHORTEST_WORD, _LONGEST_WORD, _MOST_WORDS = 3, 60, 10  # of the longest word; of the words
_AROUND = 40  # characters on either side of a hit
_NAMED = (*CATEGORIES, QUESTION, EMERGENCY)
_SUPERGROUP = "-100"  # before the number by which links name a group


@dataclass(frozen=True, slots=True)
class View:
    """What a group is shown: rich text, and a picture of which it is the caption."""

    text: str
    picture: File | None = None


class Views:
    """The views of one group, in one unit of work that only reads.

    Args:
        uow: the rows.
        office: the account.
        now: the time.
        chat: the group, by the id that it has now.
        reread: gives a stored message, for the name of its writer.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        office: Office,
        now: datetime,
        chat: str,
        reread: Callable[[InboundRow], Inbound | None],
    ) -> None:
        self._uow = uow
        self._office = office
        self._now = now
        self._chat = chat
        self._reread = reread

    def _time(self, at: datetime) -> str:
        return self._office.catalogues.format_time(at, self._office.timezone, self._office.locale)

    # The queue

    def queue(self) -> str:
        """The open tickets: emergencies, those that their citizens reopened, then the oldest."""
        count = self._uow.tickets.count_open(self._chat)
        if not count:
            return self._office.words("desk.list_empty")
        lines = [self._office.words("desk.list_head", count=str(count))]
        first = self._uow.tickets.first_open(self._chat, _LISTED)
        due = Clocks(self._uow, self._office, self._now).deadlines([ticket for ticket, _ in first])
        lines += [self._queued(*one, due.get(one[0].id)) for one in first]
        if count > _LISTED:
            lines.append(self._office.words("desk.list_more", count=str(count - _LISTED)))
        return "\n".join(lines)

    def _queued(self, ticket: TicketRow, answered_at: datetime | None, due_at: datetime | None) -> str:
        late: str | Phrase = ""
        if due_at and due_at < self._now:
            late = Phrase("desk.list_late")
        elif is_overdue(ticket.opened_at, answered_at, self._now):
            late = Phrase("desk.list_overdue")
        return self._office.words(
            "desk.list_line",
            mark="🚨 " if ticket.alert else "🔁 " if ticket.objected else "",
            number=tickets.spoken(ticket.number),
            category=category(ticket, self._office),
            officer=shorten(ticket.officer_name, _LONGEST_NAME) or Phrase("desk.list_nobody"),
            time=self._time(ticket.opened_at),
            overdue=late,
        )

    # One ticket

    def ticket(self, message: Inbound, command: OfficerCommand) -> str:
        """The ticket that is named, or in whose place this is asked, with its history."""
        ticket = self._meant(message, command)
        if ticket is None or ticket.chat != self._chat:
            return self._office.words("desk.no_ticket")
        head = [card_text(ticket, self._uow, self._office)]
        if link := _link(ticket):
            head.append(self._office.words("desk.ticket_topic", link=link))
        head.append(self._office.words("desk.ticket_history"))
        return "\n".join((*head, *self._history(ticket, sum(_width(line) for line in head))))

    def _meant(self, message: Inbound, command: OfficerCommand) -> TicketRow | None:
        if command.text or command.number:
            number = command.number or tickets.find_number(command.text)
            return self._uow.ticket_by_number(number) if number else None
        ticket_id = self._uow.groups.topic_ticket(self._chat, message.thread) if message.thread else None
        if ticket_id is None and message.reply_to:
            key = (message.channel, message.chat, message.reply_to)
            sent = self._uow.sent_messages([key]).get(key)
            ticket_id = sent.ticket_id if sent else None
        return self._uow.ticket(ticket_id) if ticket_id else None

    def _history(self, ticket: TicketRow, taken: int) -> list[str]:
        """The steps that fit into one message beside ``taken`` UTF-16 units, newest last."""
        events = self._uow.events(ticket.id)
        names = self._names(ticket, events)
        words = self._office.words
        room = self._office.capabilities[self._office.desk_channel].max_text - taken
        room -= _width(words("desk.history_earlier", count=str(len(events))))
        lines: list[str] = []
        for event in reversed(events):
            line = self._step(ticket, event, names)
            room -= _width(line)
            if room < 0:
                lines.append(words("desk.history_earlier", count=str(len(events) - len(lines))))
                break
            lines.append(line)
        return lines[::-1]

    def _step(self, ticket: TicketRow, event: TicketEventRow, names: Mapping[str, str]) -> str:
        key = f"desk.event_{event.event}"
        known = key in self._office.catalogues.keys(self._office.locale)
        actors = {"citizen": "desk.actor_citizen", "desk": "desk.actor_desk"}
        # What was told at the beginning stands on the card.
        said = "" if event.event == tickets.TicketEvent.OPENED else " ".join(event.text.split())
        return self._office.words(
            "desk.history_said" if said else "desk.history_step",
            time=self._time(event.at),
            what=Phrase(key if known else "desk.event_other"),
            who=names.get(event.actor) or Phrase(actors.get(event.actor, "desk.actor_officer")),
            text=shorten(self._shown(said, ticket), _LONGEST_STEP),
        )

    def _names(self, ticket: TicketRow, events: Sequence[TicketEventRow]) -> dict[str, str]:
        """The officers of a ticket by their ids: who holds it, and who wrote something that is still kept."""
        wrote = {event.actor: event.inbound_id for event in events if event.inbound_id and event.actor.isdecimal()}
        read = [self._reread(row) for row in self._uow.inbounds(wrote.values())]
        names = {one.author: shorten(one.author_name, _LONGEST_NAME) for one in read if one}
        return names | {ticket.officer_id: shorten(ticket.officer_name, _LONGEST_NAME)}

    def _shown(self, text: str, ticket: TicketRow) -> str:
        return inert(mask_own_number(text, ticket.address))

    # A search

    def search(self, text: str) -> str:
        """The newest tickets, open or closed, that hold all words of a text."""
        words = list(dict.fromkeys(fold(word) for word in clean(text).split()))
        longest = max(map(len, words), default=0)
        if not _SHORTEST_WORD <= longest <= _LONGEST_WORD or len(words) > _MOST_WORDS:
            return self._office.words("desk.search_how")
        found = self._found(words)
        if not found:
            return self._office.words("desk.search_none", words=inert(clean(text)))
        lines = [self._office.words("desk.search_head", words=inert(clean(text)))]
        lines += [self._hit(ticket, piece) for ticket, piece in found[:_FOUND]]
        if len(found) > _FOUND:
            lines.append(self._office.words("desk.search_more"))
        return "\n".join(lines)

    def _found(self, words: Sequence[str]) -> list[tuple[TicketRow, str]]:
        """Tickets with the piece of text around the hit, one more than are shown if there are so many."""
        named = {name: fold(self._office.words(f"category.{name}")) for name in _NAMED}
        sought = [Sought(word, tuple(name for name in named if word in named[name])) for word in words]
        found: list[tuple[TicketRow, str]] = []
        page = self._uow.tickets.holding(self._chat, sought, _PAGE)
        while page and len(found) <= _FOUND:
            said = self._uow.tickets.events_of([ticket.id for ticket in page])
            for ticket in page:
                # Looked for in what is shown: who seeks a citizen's number does not learn whose it is.
                texts = [mask_own_number(one, ticket.address) for one in _texts(ticket, said.get(ticket.id, []))]
                everything = "\n".join((named.get(ticket.category, ""), *texts)).casefold()
                if all(word in everything for word in words):
                    found.append((ticket, _piece(texts, words)))
            page = self._uow.tickets.holding(self._chat, sought, _PAGE, before=page[-1]) if len(page) == _PAGE else []
        return found[: _FOUND + 1]

    def _hit(self, ticket: TicketRow, piece: str) -> str:
        day = ticket.opened_at.astimezone(self._office.timezone).date()
        return self._office.words(
            "desk.search_hit" if piece else "desk.search_hit_bare",
            number=tickets.spoken(ticket.number),
            category=category(ticket, self._office),
            status=status_phrase(ticket),
            day=self._office.catalogues.format_day(day, self._office.locale),
            piece=inert(piece),
        )


def saved_answers(office: Office, key: str) -> str:
    """Which saved answers there are, each with its first words; with a key that there is not, the nearest ones."""
    saved, words = office.saved_answers, office.words
    if not saved.keys:
        return words("desk.empty_answer")
    lines = [words("desk.saved_unknown", key=key) if key else words("desk.saved_head")]
    for one in saved.nearest(key) if key else saved.keys:
        beginning = " ".join((saved.text(one, office.locale) or "").split())
        lines.append(words("desk.saved_line", key=one, text=shorten(beginning, _LONGEST_BEGINNING)))
    return "\n".join(lines)


def _width(line: str) -> int:
    """What a line takes of a message, with its end."""
    return utf16_length(plain(line)) + 1


def _link(ticket: TicketRow) -> str:
    """Where a ticket's topic is; empty where it has none."""
    if not ticket.thread or not ticket.chat.startswith(_SUPERGROUP):
        return ""
    return f"https://t.me/c/{ticket.chat.removeprefix(_SUPERGROUP)}/{ticket.thread}"


def _texts(ticket: TicketRow, events: Sequence[TicketEventRow]) -> list[str]:
    """What a ticket says: the complaint first, then what was said later."""
    try:
        told = complaint_of(ticket)
    except msgspec.DecodeError:  # damaged on the disk: the others are found all the same
        log().error("complaint_unreadable", ticket_id=ticket.id)
        told = Complaint()
    label = told.place.label if told.place else ""
    texts = (told.what, told.where_text, label, told.when, told.who, *(event.text for event in events))
    return [unicodedata.normalize("NFC", text) for text in texts if text]


def _piece(texts: Sequence[str], words: Sequence[str]) -> str:
    """A short piece around the first hit, in one line; empty where only the category has it."""
    for word in words:
        for text in texts:
            line = " ".join(text.split())
            folded = line.casefold()
            at = folded.find(word)
            if at < 0:
                continue
            at = at if len(folded) == len(line) else 0  # where folding makes it longer, the places are others
            start, end = max(at - _AROUND, 0), at + len(word) + _AROUND
            before, after = line[start:at], line[at:end]
            if start:
                before = f"…{before.partition(' ')[2] or before}"  # no half of a word
            if end < len(line):
                after = f"{after.rpartition(' ')[0] or after}…"
            return before + after
    return ""
