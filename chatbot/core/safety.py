"""People who may be watched: how to hide the talk, and whether we may write first.

Owns the words of one neutral command, at any step. Refuses to hold anything back (``services.first_word`` does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatbot.core import choices, form
from chatbot.core.decision import MarkSafety
from chatbot.core.turn import Turn

_HOW: Mapping[str, str] = {"telegram": "citizen.hide_telegram", "whatsapp": "citizen.hide_whatsapp"}


def hide(turn: Turn) -> None:
    """Say how to hide the talk, and ask whether we may write first.

    Until that is answered we do not: who deletes the talk at once does not answer any more.
    """
    waiting = turn.state.form
    turn.change(greeted=True, unsafe=True, form=replace(waiting, unsafe=True) if waiting else None)
    turn.do(MarkSafety(unsafe=True))
    turn.say(_HOW.get(turn.facts.channel, "citizen.hide"), choices.HIDE)


def answer(turn: Turn, *, unsafe: bool) -> None:
    """The person says whether we may write first; a form goes on where it stood."""
    turn.change(unsafe=unsafe)
    turn.do(MarkSafety(unsafe=unsafe))
    turn.say("citizen.unsafe_noted" if unsafe else "citizen.safe_noted")
    form.answer_safety(turn)
