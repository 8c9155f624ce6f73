"""People who write very much: what they say counts, and is answered less often.

Owns the limits and what is left unsaid. Refuses to drop anything: evidence, words for a ticket and answers to a form
are taken as always, and nothing about an emergency is held back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chatbot.core.decision import Alert, Answer, Decision, Effect, NoteGap, ObjectToClosing, OpenTicket, Record, Say
from chatbot.core.message import Phrase
from chatbot.core.state import Conversation
from chatbot.core.turn import within
from chatbot.core.utterance import Utterance

# A whole complaint takes about twelve messages; thirty leave room for two, or for one with an album of evidence.
MOST = 30
WITHIN = timedelta(minutes=10)
# Often enough to be led on through a form, and a sixtieth of what a person can be sent.
ANSWERED_EVERY = timedelta(minutes=1)
# What must be said whatever was said before: a number that is given once, and all that concerns danger.
_ALWAYS = (OpenTicket, Alert, ObjectToClosing)


def counted(state: Conversation, said: Utterance, now: datetime) -> Conversation:
    """The state with this message counted; an emergency is not."""
    if said.emergency:
        return state
    recent = tuple(moment for moment in state.recent if within(moment, now, WITHIN))
    return replace(state, recent=(*recent, now)[-MOST - 1 :])


def calmed(before: Conversation, decision: Decision, said: Utterance, now: datetime) -> Decision:
    """What is left of a decision for somebody who writes very much.

    Args:
        before: the state before the message.
        decision: what would follow.
        said: the message.
        now: the time.
    """
    state = decision.state
    if len(state.recent) <= MOST:
        return decision
    if said.emergency or any(isinstance(effect, _ALWAYS) for effect in decision.effects):
        return decision
    if before.slow_at is None or not within(before.slow_at, now, WITHIN):
        told = Say(Phrase("citizen.slow"))
        effects = (*_silent(decision), Record("slowed"), told)
        return Decision(replace(_unshown(before, state), slow_at=now), effects)
    if not within(before.slow_at, now, ANSWERED_EVERY):
        return Decision(replace(state, slow_at=now), decision.effects)
    return Decision(_unshown(before, state), _silent(decision))


def _silent(decision: Decision) -> tuple[Effect, ...]:
    return tuple(effect for effect in decision.effects if not isinstance(effect, Say | Answer | NoteGap))


def _unshown(before: Conversation, state: Conversation) -> Conversation:
    """The state in which only those choices count that the person has seen."""
    return replace(state, offered=before.offered, shown=before.shown, pages=before.pages, pages_key=before.pages_key)
