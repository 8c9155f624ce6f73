"""People who abused the desk and are blocked for a term: what still reaches us, and how they object.

Owns the limits of a block, how an officer's words for one are read, and what a blocked person hears. Refuses to keep
back an emergency: ``conversation`` raises it before anything here is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from chatbot.core.decision import Appeal
from chatbot.core.turn import Turn, within

USUAL = timedelta(days=7)
LONGEST = timedelta(days=90)  # a season of cooling off; longer is no matter for a chat desk
SAID_EVERY = timedelta(days=1)
_UNITS = {"minggu": 7, "pekan": 7, "week": 7, "weeks": 7, "bulan": 30, "month": 30, "months": 30}  # days
_TERM = re.compile(
    rf"(\d{{1,4}})\s*(hari|days?|{'|'.join(sorted(_UNITS, reverse=True))})?(?=[\s,.:;-]|$)[\s,.:;-]*", re.IGNORECASE
)
_APPEAL = re.compile(r"/?(?:banding|appeal)\b[\s,.:;-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """What an officer asks for: how long, and why."""

    term: timedelta
    reason: str

    @property
    def is_within_limits(self) -> bool:
        """Whether the term is one that may be given."""
        return timedelta(days=1) <= self.term <= LONGEST


def read_block(text: str) -> Block:
    """A command's words: days, weeks or months of 30 days first, the usual term without them, and the reason."""
    found = _TERM.match(text)
    days = int(found[1]) * _UNITS.get((found[2] or "").lower(), 1) if found else USUAL.days
    return Block(timedelta(days=days), text[found.end() if found else 0 :].strip())


def is_appeal(text: str) -> bool:
    """Whether a message begins with the word by which a blocked person objects."""
    return _APPEAL.match(text) is not None


def answer(turn: Turn) -> None:
    """Take an appeal, once; else say that the person is blocked, once a day."""
    said, facts = turn.said, turn.facts
    named = _APPEAL.match(said.text)
    words = said.text[named.end() :].strip() if named else said.text
    asked = turn.state.pending == "appeal"
    if named and facts.appealed:
        turn.say("citizen.appealed_already", values={"until": facts.blocked})
    elif (named or asked) and words:
        turn.change(pending="", block_said_at=turn.now)
        turn.do(Appeal(words))
        turn.say("citizen.appealed")
    elif named:
        turn.change(pending="appeal")
        turn.say("citizen.appeal_ask")
    elif not within(turn.state.block_said_at, turn.now, SAID_EVERY):
        turn.change(block_said_at=turn.now)
        turn.say("citizen.blocked_still", values={"until": facts.blocked})
