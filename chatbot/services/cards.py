"""The ticket's card: everything an officer needs at a glance, and the buttons under it.

Owns which fields stand on it. What the citizen's chosen identity forbids never gets here.
"""

from __future__ import annotations

import msgspec

from chatbot.channels.base import shorten, utf16_length
from chatbot.core import ticket as tickets
from chatbot.core.complaint import MEMBERS, Complaint
from chatbot.core.message import Choice, Phrase
from chatbot.core.privacy import for_group, mask_name, shows_name
from chatbot.core.ticket import ENDED, TRANSITIONS, TicketEvent, TicketStatus
from chatbot.services.office import Office
from chatbot.services.window import Windows
from chatbot.store.tables import MediaRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork

LATE = 3  # tries after which a file that could not be fetched yet is spoken of: some ten seconds
# UTF-16 units of each field on the card, which is one message; what is cut follows whole as messages of its own.
_MOST = {"what": 900, "where": 500, "when": 200, "who": 500}
_MOST_RESULT = 700
_MARKS = ("objected", "unsafe", "legal_hold")
_MOST_TOGETHER = 10  # numbers of other reports of its incident


def complaint_of(ticket: TicketRow) -> Complaint:
    """The filled form of a ticket."""
    return msgspec.json.decode(ticket.complaint, type=Complaint)


def topic_title(ticket: TicketRow, office: Office) -> str:
    """Name of the ticket's forum topic: number and category, nobody's name."""
    mark = "🚨 " if ticket.alert else ""
    return f"{mark}{tickets.spoken(ticket.number)} {category(ticket, office)}"


def category(ticket: TicketRow, office: Office) -> str:
    """The category in words."""
    return office.words(f"category.{ticket.category}")


def map_link(complaint: Complaint) -> str:
    """A link that opens the pin on a map; empty without a pin."""
    place = complaint.place
    return f"https://maps.google.com/?q={place.latitude:.6f},{place.longitude:.6f}" if place else ""


def card_text(ticket: TicketRow, uow: UnitOfWork, office: Office) -> str:
    """The card as rich text."""
    complaint = complaint_of(ticket)
    words = office.words
    time = office.catalogues.format_time(ticket.opened_at, office.timezone, office.locale)
    lines = [
        words(
            "desk.card_head",
            mark="🚨 " if ticket.alert else "",
            number=tickets.spoken(ticket.number),
            category=Phrase(f"category.{ticket.category}"),
        ),
        words(
            "desk.card_status",
            status=status_phrase(ticket),
            officer=ticket.officer_name or Phrase("desk.nobody"),
        ),
        words("desk.card_opened", time=time, channel=Phrase(f"channel.{ticket.channel}")),
    ]
    lines += [words(f"desk.card_{mark}") for mark in _MARKS if getattr(ticket, mark)]
    if ticket.erased_at:
        time = office.catalogues.format_time(ticket.erased_at, office.timezone, office.locale)
        lines.append(words("desk.card_erased", time=time))
    elif shows_name(ticket.identity):
        lines.append(
            words(
                "desk.card_name", name=mask_name(uow.people.contact(ticket.contact_id).name) or Phrase("desk.unnamed")
            )
        )
    else:
        lines.append(words(f"desk.card_{ticket.identity}"))
    for key, text in _told(ticket, complaint).items():
        link = map_link(complaint) if key == "where" else ""
        if value := " ".join(part for part in (shorten(text, _MOST[key]), link) if part):
            lines.append(words(f"desk.card_{key}", text=value))
    if complaint.ongoing:
        lines.append(words("desk.card_ongoing"))
    lines += _window(ticket, uow, office)
    files = uow.media.of_citizen(ticket.id)
    if files:
        lines.append(words("desk.card_files", count=str(len(files))))
    together = [f"#{tickets.spoken(one.number)}" for one in uow.incidents.of(ticket.incident_id) if one.id != ticket.id]
    if together:
        more = [f"+{len(together) - _MOST_TOGETHER}"] if len(together) > _MOST_TOGETHER else []
        lines.append(words("desk.card_incident", numbers=", ".join([*together[:_MOST_TOGETHER], *more])))
    lines += _warnings(ticket, files, office)
    if ticket.result:
        lines.append(words("desk.card_result", text=shorten(ticket.result, _MOST_RESULT)))
    if ticket.rating:
        lines.append(words("desk.card_rating", score=str(ticket.rating)))
    return "\n".join(lines)


def _window(ticket: TicketRow, uow: UnitOfWork, office: Office) -> list[str]:
    """Whether answers go out directly now, and until when, on a channel that limits that."""
    until = Windows(uow, office, office.clock()).until(ticket)
    if until is None or ticket.status in ENDED:
        return []
    channel = Phrase(f"channel.{ticket.channel}")
    if until <= office.clock():
        return [office.words("desk.card_window_closed", channel=channel)]
    time = office.catalogues.format_time(until, office.timezone, office.locale)
    return [office.words("desk.card_window", channel=channel, time=time)]


def status_phrase(ticket: TicketRow) -> Phrase:
    """The status in words; the citizen's own "waiting for you" would mean the officer here."""
    return Phrase("desk.card_waiting" if ticket.status == TicketStatus.WAITING else f"status.{ticket.status}")


def _told(ticket: TicketRow, complaint: Complaint) -> dict[str, str]:
    """The citizen's own words, by field, as officers may see them."""
    told = {"what": complaint.what, "where": complaint.where_text, "when": complaint.when, "who": complaint.who}
    return {key: for_group(text, ticket.address) for key, text in told.items()}


def left_out(ticket: TicketRow, office: Office) -> list[str]:
    """The fields that did not fit on the card, whole, as rich text."""
    told = _told(ticket, complaint_of(ticket))
    return [
        office.words(f"desk.card_{key}", text=text) for key, text in told.items() if utf16_length(text) > _MOST[key]
    ]


def _warnings(ticket: TicketRow, files: list[MediaRow], office: Office) -> list[str]:
    lines = []
    if any(file.state == "too_large" for file in files):
        lines.append(office.words("desk.card_too_large"))
    if any(file.state == "gone" for file in files):
        lines.append(office.words("desk.card_file_gone"))
    if any(file.state == "wanted" and file.attempts >= LATE and not file.relayed for file in files):
        lines.append(office.words("desk.card_file_late"))
    if ticket.uncertain:
        lines.append(office.words("desk.card_uncertain", count=str(ticket.uncertain)))
    if ticket.undelivered:
        lines.append(office.words("desk.card_undelivered", count=str(ticket.undelivered)))
    return lines


def card_choices(ticket: TicketRow, office: Office) -> tuple[Choice, ...]:
    """The buttons under the card, by what may be done now."""
    names: tuple[str, ...]
    if ticket.erased_at:
        names = ()
    elif ticket.status in ENDED:
        names = ("reopen",)
    elif ticket.officer_id:
        names = ("ask", "close", "reject", "release")
    else:
        names = ("take", "verify", "ask", "close", "reject")
        if (TicketStatus(ticket.status), TicketEvent.VERIFIED) not in TRANSITIONS:
            names = tuple(name for name in names if name != "verify")
    if ticket.status not in ENDED and office.plan.is_divided and ticket.category != MEMBERS:
        names = (*names, "forward")
    return tuple(desk_choice(name, ticket.id, office) for name in names)


def desk_choice(name: str, reference: int, office: Office) -> Choice:
    """A button of the desk: its act, and the ticket or message that it is about."""
    return Choice(f"d:{name}:{reference}", office.words(f"desk.button_{name}"))
