"""DATA SAYA: what is kept of a person, and the person's rights to it: a copy, a correction, erasure.

Owns the talk about it. Refuses to know what stands in a copy and what may be erased (``services``). Who may be watched
is sent no copy: it would lie in the phone for whoever reads along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from chatbot.core import choices, following, form, narrative, questions
from chatbot.core.commands import Command, command_of
from chatbot.core.complaint import MEMBERS
from chatbot.core.decision import AmendTicket, CorrectName, EraseOwnData, SendOwnData
from chatbot.core.state import Conversation
from chatbot.core.ticket import TicketView, spoken
from chatbot.core.turn import Turn, within

_NAME, _AMEND = "name", "amend"  # what is awaited, in ``Conversation.pending``
_AWAITED = timedelta(minutes=15)
_SENT_EVERY = timedelta(minutes=10)
_ERASED_EVERY = timedelta(hours=1)
_LONGEST_NAME, _MOST_NAMES = 60, 6  # letters, words
# What a blocked person may still ask for. A correction is words to officers, and waits.
_WHILE_BLOCKED = frozenset({"send", "erase", "erase_now", "keep"})
_NAMED = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'\u2019-])*")


def show(turn: Turn) -> None:
    """Say what is kept and for how long, and what can be asked for."""
    questions.introduce(turn)
    facts = turn.facts
    options = choices.DATA_WHILE_BLOCKED if facts.blocked else choices.DATA
    if facts.retention_days:
        values = {"days": str(facts.inbox_days), "period": str(facts.retention_days)}
        turn.say("citizen.data", options, values=values)
    else:
        turn.say("citizen.data_undated", options, values={"days": str(facts.inbox_days)})
    _back_to_form(turn)


def asked_while_blocked(turn: Turn) -> Callable[[Turn], None] | None:
    """What a blocked person asks for here, since no block takes away the right to it; None: nothing."""
    payload = turn.said.choice or turn.typed_choice()
    verb, _, what = payload.partition(":")
    if verb == "data" and what in _WHILE_BLOCKED and any(one.payload == payload for one in turn.state.offered):
        return _ACTS[what]
    return show if command_of(turn.said.text, turn.said.folded) is Command.DATA else None


def act(turn: Turn, what: str) -> None:
    """Obey a choice about the person's data."""
    _ACTS[what](turn)


def _send(turn: Turn) -> None:
    if turn.facts.watched:
        turn.say("citizen.data_watched", choices.NOT_HELPFUL[:1], values={"region": turn.facts.region})
    elif within(turn.state.data_sent_at, turn.now, _SENT_EVERY):
        turn.say("citizen.data_sent_lately")
    else:
        turn.change(data_sent_at=turn.now)
        turn.do(SendOwnData())
    _back_to_form(turn)


# Correction


def _correct(turn: Turn) -> None:
    turn.say("citizen.data_correct", choices.CORRECT)


def _ask_name(turn: Turn) -> None:
    turn.change(pending=_NAME)
    turn.say("citizen.data_ask_name")


def _ask_language(turn: Turn) -> None:
    turn.say("citizen.language", choices.LANGUAGES)


def _ask_which(turn: Turn) -> None:
    theirs = _theirs(turn)
    if not theirs:
        turn.say("citizen.data_no_report")
        _back_to_form(turn)
    elif len(theirs) == 1:
        ask_amendment(turn, theirs[0].id)
    else:
        turn.say("citizen.data_which", choices.ticket_choices(theirs[: choices.MOST], _AMEND))


def ask_amendment(turn: Turn, ticket_id: int) -> None:
    """Ask what is wrong in a report."""
    ticket = following.find(_theirs(turn), ticket_id)
    if ticket is None:
        turn.say("citizen.stale_choice", choices.MENU)
        return
    turn.change(pending=f"{_AMEND}:{ticket.id}")
    turn.say("citizen.data_ask_report", values={"number": spoken(ticket.number)})


def _theirs(turn: Turn) -> tuple[TicketView, ...]:
    return (*turn.facts.tickets, *turn.facts.closed)


def take(turn: Turn) -> bool:
    """Take the words that were asked for; False: none were, or what came is something else and goes its own way."""
    what, _, ticket_id = turn.state.pending.partition(":")
    if what not in {_NAME, _AMEND}:
        return False
    turn.change(pending="")
    said = turn.said
    if not said.text or said.has_file or said.place or not within(turn.state.seen_at, turn.now, _AWAITED):
        return False
    return _take_name(turn) if what == _NAME else _take_amendment(turn, int(ticket_id))


def _take_name(turn: Turn) -> bool:
    name = " ".join(turn.said.text.split())
    if not _is_name(name) or narrative.tells_incident(turn.said.folded):
        return False
    turn.do(CorrectName(name))
    turn.say("citizen.data_named", values={"name": name})
    _back_to_form(turn)
    return True


def _is_name(text: str) -> bool:
    short = len(text) <= _LONGEST_NAME and len(text.split()) <= _MOST_NAMES
    return short and _NAMED.fullmatch(text) is not None


def _take_amendment(turn: Turn, ticket_id: int) -> bool:
    ticket = following.find(_theirs(turn), ticket_id)
    if ticket is None:
        return False
    if ticket.category != MEMBERS and following.speaks_of_members(turn.said.folded, turn.facts.tickets):
        return False  # it is asked where that belongs, as with any other words
    turn.do(AmendTicket(ticket.id))
    turn.say("citizen.data_amended", values={"number": spoken(ticket.number)})
    _back_to_form(turn)
    return True


# Erasure


def _ask_erasure(turn: Turn) -> None:
    turn.say("citizen.data_erase_ask", choices.ERASE)


def _erase(turn: Turn) -> None:
    if within(turn.state.data_erased_at, turn.now, _ERASED_EVERY):
        turn.say("citizen.data_erased_lately")
        _back_to_form(turn)
        return
    turn.do(EraseOwnData())
    turn.state = _forgotten(turn)


def _keep(turn: Turn) -> None:
    turn.say("citizen.data_kept")
    _back_to_form(turn)


def _forgotten(turn: Turn) -> Conversation:
    """The dialogue begun anew, but for what protects the person, and us from who asks again and again."""
    before = turn.state
    return Conversation(
        locale=before.locale,
        locale_chosen=before.locale_chosen,
        greeted=True,
        seen_at=before.seen_at,
        alert_said_at=before.alert_said_at,
        status_misses=before.status_misses,
        last_choice=before.last_choice,
        last_choice_at=before.last_choice_at,
        wrote_at=before.wrote_at,
        unsafe=before.unsafe,
        recent=before.recent,
        slow_at=before.slow_at,
        block_said_at=before.block_said_at,
        data_sent_at=before.data_sent_at,
        data_erased_at=turn.now,
    )


def _back_to_form(turn: Turn) -> None:
    if turn.is_filling():
        form.ask(turn)


_ACTS: Mapping[str, Callable[[Turn], None]] = {
    "send": _send,
    "correct": _correct,
    "name": _ask_name,
    "language": _ask_language,
    "report": _ask_which,
    "erase": _ask_erasure,
    "erase_now": _erase,
    "keep": _keep,
}
