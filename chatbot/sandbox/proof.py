"""Owns the proof that nothing is lost: what people sent, against what the bot's database holds.

Refuses the bot's own word for it: what was sent is counted on the platforms' side.
"""

from __future__ import annotations

from dataclasses import dataclass

from chatbot.sandbox.ledger import Ledger
from chatbot.sandbox.stage import Stage
from chatbot.sandbox.view_whatsapp import WhatsAppView

_PEOPLES = ("message", "edited_message", "callback_query")
_OF_USE = ("answered", "ticketed")


@dataclass(frozen=True, slots=True)
class Proof:
    """Counts of what people did: messages, edits, presses.

    Attributes:
        sent: handed to the platforms.
        waiting: still with the platform, which repeats it.
        stored: in the database.
        handled: with an outcome.
        answered: of these, answered, or taken up in a ticket; the rest needed nothing.
        lost: taken over by the bot and not in the database.
    """

    sent: int = 0
    waiting: int = 0
    stored: int = 0
    handled: int = 0
    answered: int = 0
    lost: int = 0


def count(stage: Stage, whatsapp: WhatsAppView, ledger: Ledger) -> Proof:
    """Count now.

    Raises:
        sqlite3.Error: the database cannot be read now.
    """
    pending = {update.body.get("update_id") for update in stage.telegram.updates.waiting()}
    taken = {f"update:{body['update_id']}": body["update_id"] not in pending for body in _updates(stage)}
    for message in stage.whatsapp.messages(stage.wa.person):
        if message.direction == "in":
            taken[message.id] = whatsapp.taken(message.id)
    fates = ledger.fates(set(taken))
    handled = [fate for fate in fates.values() if fate]
    return Proof(
        sent=len(taken),
        waiting=sum(1 for number in taken if number not in fates and not taken[number]),
        stored=len(fates),
        handled=len(handled),
        answered=sum(fate in _OF_USE for fate in handled),
        lost=sum(1 for number in taken if number not in fates and taken[number]),
    )


def _updates(stage: Stage) -> list[dict[str, dict[str, dict[str, bool]]]]:
    """The updates about something that a person did."""
    return [
        body
        for body in stage.telegram.updates.sent
        if any(kind in body and not body[kind]["from"]["is_bot"] for kind in _PEOPLES)
    ]
