"""What an outgoing row is for, whom it is to reach, and in which queue it stands.

Owns these words. Refuses to write rows (``outbox``) and to send them (``deliver``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from chatbot.core.message import Outbound
from chatbot.store.tables import OutboundRow, TicketRow


class Purpose(StrEnum):
    """What a row is for: what its delivery or failure means to the desk."""

    REPLY = "reply"  # the bot to the citizen
    RECEIPT = "receipt"  # gives a secret receipt: its words are forgotten once they have surely arrived
    ANSWER = "answer"  # an officer to the citizen: a failure shows on the card
    ALERT = "alert"  # an emergency: the citizen hears of its delivery
    CARD = "card"
    CARD_EDIT = "card_edit"
    RELAY = "relay"  # the citizen to the officers: a reply to it is an answer
    DESK = "desk"  # the bot to the officers
    PROMPT_CLOSE = "prompt_close"  # a reply to it closes
    PROMPT_REJECT = "prompt_reject"  # a reply to it rejects
    PROMPT_ASK = "prompt_ask"  # a reply to it asks the citizen
    PRESS = "press"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A citizen's address. The database refuses a row in which these three do not belong together."""

    contact_id: int
    channel: str
    external_id: str


def reporter(ticket: TicketRow) -> Recipient:
    """Where the person who filed a ticket last wrote about it."""
    return Recipient(ticket.contact_id, ticket.channel, ticket.address)


def payload_of(row: OutboundRow) -> Outbound:
    """The call that a row holds."""
    return msgspec.json.decode(row.payload, type=Outbound)


def desk_queue(channel: str, chat: str, ticket_id: int) -> str:
    """The queue of a ticket's place in a group."""
    return f"{channel}:{chat}#{ticket_id}"
