"""What a person may do with a ticket of theirs: add to it, ask how it stands, rate it, object to its closing.

Owns which open ticket a message goes to. Refuses to know other people's tickets: a number that is not this person's is
answered like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from chatbot.core import choices, narrative, questions, receipt
from chatbot.core.complaint import MEMBERS
from chatbot.core.decision import AddToTicket, ClaimTicket, ObjectToClosing, Option, RateTicket
from chatbot.core.intent import fold
from chatbot.core.message import Phrase
from chatbot.core.ticket import ENDED, TicketView, spoken
from chatbot.core.turn import Turn, within

_IN_A_ROW = timedelta(minutes=30)  # messages to one ticket that are acknowledged together
_TALK = timedelta(hours=1)  # how long an officer's message makes what follows a talk
_MISSES = 5
_MISSES_WITHIN = timedelta(hours=1)
_POOR = 2  # marks that are answered with the way to object
_MOST_LISTED = 10


class HasCategory(Protocol):
    """A ticket, as a row or as the dialogue sees it."""

    @property
    def category(self) -> str:
        """Its category."""
        ...


def find(tickets: Sequence[TicketView], ticket_id: int | None) -> TicketView | None:
    """The ticket of this id among these."""
    return next((ticket for ticket in tickets if ticket.id == ticket_id), None)


def is_reply(turn: Turn) -> bool:
    """Whether the message answers one that belongs to an open ticket."""
    return find(turn.facts.tickets, turn.facts.replied_ticket) is not None


def is_for_officer(turn: Turn) -> bool:
    """Whether plain words are meant for an officer: a reply, or said first after he wrote while no form asks."""
    wrote, seen = turn.facts.officer_wrote_at, turn.state.seen_at
    lately = bool(turn.facts.tickets) and wrote is not None and (seen is None or wrote > seen)
    return is_reply(turn) or (lately and not turn.is_filling())


# Adding


def follow(turn: Turn) -> bool:
    """Bring a message to the open ticket that it is for; False when there is none."""
    tickets = turn.facts.tickets
    closed = find(turn.facts.closed, turn.facts.replied_ticket)
    if closed and not questions.surely_answered(turn):
        _offer_reopening(turn, closed)
        return True
    if not tickets:
        return False
    target = _target(turn)
    not_theirs = target is not None and _is_not_for(turn, target)
    if questions.surely_answered(turn):
        questions.answer_best(turn)
        if target and not not_theirs:
            turn.do(AddToTicket(target.id, answered=True))
    elif target and not_theirs and complains_of_members(tickets):
        _ask_which(turn)
    elif target and not_theirs:
        _keep_back(turn)
        _ask_about_members(turn, target)
    elif target:
        turn.do(AddToTicket(target.id))
        _acknowledge(turn, target)
    else:
        _ask_which(turn)
    return True


def _is_not_for(turn: Turn, ticket: TicketView) -> bool:
    """Whether the ticket's officers must not read this unasked: it may be about members, or follows what may be."""
    waits = turn.state.pending == "ticket" and turn.state.aside_id in turn.state.unplaced and not is_reply(turn)
    return ticket.category != MEMBERS and (waits or speaks_of_members(turn.said.folded, turn.facts.tickets))


def speaks_of_members(folded: str, tickets: Iterable[HasCategory]) -> bool:
    """Whether words may be about police members; who complains of some means them when he mentions any.

    Args:
        folded: the words, as ``intent.fold`` leaves them.
        tickets: the person's open tickets.
    """
    return narrative.concerns_members(folded) or (complains_of_members(tickets) and narrative.mentions_members(folded))


def complains_of_members(tickets: Iterable[HasCategory]) -> bool:
    """Whether one of a person's open tickets is about police members."""
    return any(ticket.category == MEMBERS for ticket in tickets)


def _keep_back(turn: Turn) -> None:
    """Keep the message until it is said which ticket it is for, and with it nothing that was said before."""
    if turn.state.aside_id not in turn.state.unplaced:
        turn.change(aside="", aside_id=0)
    questions.keep(turn)
    turn.change(unplaced=(*turn.state.unplaced, turn.said.inbound_id))


def _ask_about_members(turn: Turn, ticket: TicketView) -> None:
    """Ask where that belongs which was kept back, since it may be about police members."""
    repeated = turn.state.pending == "ticket" and turn.repeats_album()
    turn.change(pending="ticket", album=turn.said.album, held_since=turn.state.held_since or turn.now)
    if not repeated:
        add = Option(f"add:{ticket.id}", choices.ADD_ANYWAY)
        turn.say("citizen.about_members", (choices.NEW_COMPLAINT, add), values={"number": spoken(ticket.number)})


def _waiting(turn: Turn) -> tuple[int, ...]:
    """The messages that wait to be told what they are for, in the order in which they came."""
    return tuple(sorted({*turn.state.unplaced, *turn.state.held}))


def add_unplaced(turn: Turn, ticket_id: int) -> None:
    """Bring the messages that waited to the ticket that was picked for them."""
    ticket = find(turn.facts.tickets, ticket_id)
    waiting = _waiting(turn)
    if ticket is None and turn.facts.tickets:  # it is somebody else's by now, or closed
        turn.say("citizen.which_ticket", choices.ticket_choices(turn.facts.tickets))
        return
    if ticket is None:
        turn.say("citizen.stale_choice", choices.MENU)  # what waits comes to the officers by itself
        return
    questions.forget(turn)
    if waiting:
        turn.do(AddToTicket(ticket.id, inbound_ids=waiting))
        _acknowledge(turn, ticket)


def _target(turn: Turn) -> TicketView | None:
    tickets, facts, state = turn.facts.tickets, turn.facts, turn.state
    if state.pending == "reason" and (reopened := find(tickets, state.ticket_id)):
        return reopened
    told = find(tickets, facts.replied_ticket) or find(tickets, facts.asked.id if facts.asked else None)
    last = next((ticket for ticket in tickets if ticket.last_written), None)
    only = tickets[0] if len(tickets) == 1 else None
    lately = find(tickets, state.ticket_id) if within(state.ticket_at, turn.now, _TALK) else None
    wrote, since = facts.officer_wrote_at, state.ticket_at
    goes_on = lately if wrote and since and since > wrote else None  # with what was last spoken of, by whomever
    if last and last.category != MEMBERS and complains_of_members(tickets):
        return told or goes_on  # else asked: words for Propam need not name whom they are about
    return told or goes_on or last or only or lately


def _acknowledge(turn: Turn, ticket: TicketView) -> None:
    state = turn.state
    in_a_row = state.ticket_id == ticket.id and within(state.ticket_at, turn.now, _IN_A_ROW)
    talking = ticket.last_written and within(turn.facts.officer_wrote_at, turn.now, _TALK)
    talking = talking and len(turn.facts.tickets) == 1  # with several it is said which one got it
    pending = "" if state.pending == "reason" else state.pending
    turn.change(ticket_id=ticket.id, ticket_at=turn.now, album=turn.said.album, pending=pending)
    if in_a_row or talking:
        return
    anew = not state.form and narrative.tells_incident(turn.said.folded)
    if anew:
        turn.change(aside=turn.said.text, aside_id=turn.said.inbound_id)
    turn.say("citizen.added", (choices.NEW_COMPLAINT,) if anew else (), values={"number": spoken(ticket.number)})


def _ask_which(turn: Turn) -> None:
    repeated = turn.state.pending == "ticket" and turn.repeats_album()
    turn.change(
        unplaced=(*turn.state.unplaced, turn.said.inbound_id),
        pending="ticket",
        album=turn.said.album,
        held_since=turn.state.held_since or turn.now,  # until then the person may say it
    )
    if not repeated:
        turn.say("citizen.which_ticket", choices.ticket_choices(turn.facts.tickets))


# Status


def status_of(turn: Turn) -> None:
    """Answer a message that asks for the status of a number."""
    ticket = turn.facts.asked
    if ticket:
        turn.say("citizen.status_one", values=_fields(ticket))
    elif not _guesses(turn):
        turn.say("citizen.status_unknown")


def show_receipt(turn: Turn) -> None:
    """Answer a message that holds a receipt. Who guesses is not told when he guessed right."""
    ticket = turn.facts.receipt
    if _guesses(turn, missed=ticket is None):
        return
    if ticket is None:
        turn.say("citizen.receipt_unknown")
        return
    alone = receipt.stands_alone(turn.said.text) and not turn.said.has_file
    turn.do(ClaimTicket(ticket.id, alone))
    turn.change(ticket_id=ticket.id, ticket_at=turn.now)
    ended = ticket.status in ENDED
    turn.say("citizen.receipt_ended" if ended else "citizen.receipt_shown", values=_fields(ticket))
    if not alone and ended:
        _offer_reopening(turn, ticket)
    elif not alone:
        turn.do(AddToTicket(ticket.id))


def _guesses(turn: Turn, *, missed: bool = True) -> bool:
    """Whether the person has named too many things that are not theirs, and is told so; counts this one if it is."""
    misses = tuple(moment for moment in turn.state.status_misses if within(moment, turn.now, _MISSES_WITHIN))
    if len(misses) >= _MISSES:
        turn.change(status_misses=misses)
        turn.record("status_slowed")
        turn.say("citizen.status_slow")
        return True
    turn.change(status_misses=(*misses, turn.now) if missed else misses)
    return False


def status_list(turn: Turn) -> None:
    """Say how the person's open tickets stand."""
    tickets = turn.facts.tickets[:_MOST_LISTED]
    if not tickets:
        turn.say("citizen.status_none")
        return
    lines: str | Phrase = ""
    for ticket in reversed(tickets):
        lines = Phrase("citizen.status_line", {**_fields(ticket), "rest": lines})
    turn.say("citizen.status_list", values={"lines": lines})


def _fields(ticket: TicketView) -> dict[str, str | Phrase]:
    return {
        "number": spoken(ticket.number),
        "status": Phrase(f"status.{ticket.status}"),
        "category": Phrase(f"category.{ticket.category}"),
        "opened": ticket.opened_at,
        "updated": ticket.updated_at,
    }


# After closing


def rate(turn: Turn, ticket_id: int, score: int) -> None:
    """Take the person's mark for a closed ticket."""
    turn.do(RateTicket(ticket_id, score))
    if score <= _POOR:
        turn.say("citizen.rated_poor", choices.closing_choices(ticket_id)[-1:], numbered=False)
    else:
        turn.say("citizen.rated")


def agree(turn: Turn, ticket: TicketView) -> None:
    """The person says that a closed ticket is done; a mark may follow."""
    turn.do(RateTicket(ticket.id, None))
    marks = choices.closing_choices(ticket.id)[:-1]
    turn.say("citizen.agreed", marks, values={"number": spoken(ticket.number)})


def object_to(turn: Turn, ticket: TicketView, *, reason_given: bool) -> None:
    """Reopen a ticket on the person's objection, and ask for the reason if none was given."""
    state = turn.state
    waiting = _waiting(turn) if state.pending == "object" else ()
    reasons = [turn.said.folded] * reason_given + [fold(state.aside)] * bool(waiting)
    kept_back = ticket.category != MEMBERS and any(speaks_of_members(text, turn.facts.tickets) for text in reasons)
    turn.do(ObjectToClosing(ticket.id, with_reason=reason_given and not kept_back))
    told = reason_given or bool(waiting)
    turn.change(ticket_id=ticket.id, ticket_at=turn.now)
    if kept_back:
        if reason_given:
            _keep_back(turn)
    elif waiting:
        turn.do(AddToTicket(ticket.id, inbound_ids=waiting))
        questions.forget(turn)
    else:
        turn.change(pending="" if told else "reason", aside="", aside_id=0)
    turn.say("citizen.objected" if told else "citizen.objected_why", values={"number": spoken(ticket.number)})
    if kept_back:
        _ask_about_members(turn, ticket)


def object_somewhere(turn: Turn, *, reason_given: bool) -> bool:
    """Object by words: to the ticket whose closing was last shown, or the only one; else ask which. False: none."""
    closed = turn.facts.closed
    shown = {option.payload for option in turn.state.offered}
    only = closed[0] if len(closed) == 1 and not (reason_given and turn.facts.tickets) else None
    ticket = next((one for one in closed if f"object:{one.id}" in shown), only)
    if ticket:
        object_to(turn, ticket, reason_given=reason_given)
    elif closed:
        if reason_given:
            _keep_back(turn)
        turn.change(pending="object")
        options = choices.ticket_choices(closed, "object")
        if reason_given and turn.facts.tickets:
            options = (*options, *choices.ticket_choices(turn.facts.tickets))
        turn.say("citizen.object_which", options[: choices.MOST])
    return bool(closed)


def _offer_reopening(turn: Turn, ticket: TicketView) -> None:
    _keep_back(turn)
    turn.change(pending="object")
    options = (*choices.closing_choices(ticket.id)[-1:], *choices.NOT_HELPFUL)
    turn.say("citizen.ticket_is_closed", options, values={"number": spoken(ticket.number)})
