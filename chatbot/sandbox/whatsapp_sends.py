"""What becomes of a send the checks let through: window, rates, template, record, statuses.

Owns Meta's decisions about a recipient; refuses to know HTTP. A send that Meta accepts and fails later is answered 200
and followed by a ``failed`` status, as on the real platform.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from chatbot.sandbox.whatsapp_checks import check_send, recipient_of
from chatbot.sandbox.whatsapp_errors import GraphError, webhook_error
from chatbot.sandbox.whatsapp_interactive import check_template
from chatbot.sandbox.whatsapp_phones import Phones
from chatbot.sandbox.whatsapp_state import ChatMessage, Json, Person, Template, new_wamid
from chatbot.sandbox.whatsapp_webhook import Courier, Item

WINDOW = timedelta(hours=24)
TYPING = timedelta(seconds=25)
# Meta: one message each 6 s to one person, up to 45 at once which are then paid back; 80 messages/s for the number.
_PAIR_STEP, _PAIR_BURST = timedelta(seconds=6), 45
_NUMBER_STEP, _NUMBER_BURST = timedelta(seconds=1) / 80, 80


@dataclass
class Refusal:
    """An order to fail later sends by status: ``times`` of them, to ``person`` or to anybody."""

    code: int
    details: str
    person: str | None
    times: int


@dataclass
class Accepted:
    """An accepted send: the answer, and what is to be reported about it once the answer is out."""

    answer: Json
    message: ChatMessage
    address: tuple[str, str]
    error: Json | None


@dataclass
class Sends:
    """The business number's outgoing side.

    ``limits`` switches both rate limits on. ``window_errors`` says how a closed window shows: by a failed status after
    a 200 ("webhook", the usual way) or in the answer. ``statuses`` is the order of automatic reports, empty for none.
    """

    phones: Phones
    courier: Courier
    clock: Callable[[], datetime]
    chat: dict[str, ChatMessage]
    display_number: str
    limits: bool
    window_errors: Literal["webhook", "answer"] = "webhook"
    statuses: tuple[str, ...] = ("sent", "delivered", "read")
    templates: dict[tuple[str, str], Template] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    _due: dict[str, datetime] = field(default_factory=dict)

    def accept(self, body: Json) -> Accepted:
        """Check a send, record it and return its answer; ``report`` then starts the statuses.

        Raises:
            GraphError: Meta refuses it in the answer.
        """
        address = recipient_of(body)
        now = self.clock()
        kind = check_send(body, lambda family, media_id: self.phones.shelf.check_use(family, media_id, now))
        if address == ("wa_id", self.display_number):
            raise GraphError(131021)
        person = self.phones.find_person(*address)
        template = self._template(body) if kind == "template" else None
        self._check_references(kind, body)
        error = self._later_error(kind, person)
        if self.limits:
            self._take_turn("", now, _NUMBER_STEP, _NUMBER_BURST, 130429)
            self._take_turn(person.key if person else address[1], now, _PAIR_STEP, _PAIR_BURST, 131056)
        content = body[kind]
        if template is not None:
            content = content | {"_buttons": template.buttons, "_category": template.category, "_text": template.text}
        message = ChatMessage(
            new_wamid(address[1]),
            person.key if person else None,
            "out",
            kind,
            content,
            now,
            reply_to=(body.get("context") or {}).get("message_id"),
            tracker=body.get("biz_opaque_callback_data"),
        )
        self.chat[message.id] = message
        if person is not None:
            person.typing_since = None
        if kind == "reaction":
            self.chat[content["message_id"]].reaction = content["emoji"] or None
        asked = body["recipient"] if address[0] == "user_id" else body["to"]
        sent = {"id": message.id} | ({"message_status": "accepted"} if kind == "template" else {})
        answer = {
            "messaging_product": "whatsapp",
            "contacts": [{"input": asked, address[0]: address[1]}],
            "messages": [sent],
        }
        return Accepted(answer, message, address, error)

    def report(self, accepted: Accepted) -> None:
        """Send the automatic statuses of an accepted message, or its failure."""
        message = accepted.message
        if accepted.error is not None:
            self.status(message, "failed", accepted.error, accepted.address)
            return
        for name in self.statuses:
            self.status(message, name, None, accepted.address)

    def status(self, message: ChatMessage, name: str, error: Json | None, address: tuple[str, str] | None) -> None:
        """Report one status to the bot.

        Args:
            message: A message the bot sent.
            name: sent, delivered, read, played or failed.
            error: Item of ``errors`` for failed.
            address: How the bot addressed it, when its person is unknown.
        """
        message.statuses.append(name)
        person = self.phones.people.get(message.person or "")
        found: Json = {"id": message.id, "status": name, "timestamp": str(int(self.clock().timestamp()))}
        number = person.wa_id if person else (address[1] if address and address[0] == "wa_id" else None)
        if number:
            found["recipient_id"] = number
        if person and person.user_id:
            found["recipient_user_id"] = person.user_id
        if message.tracker is not None:
            found["biz_opaque_callback_data"] = message.tracker
        if error is not None:
            found["errors"] = [error]
        else:
            found |= self._billing(message, name, number or (person.key if person else ""))
        # Meta leaves the username out of sent statuses, and knows no scoped id of who is not on WhatsApp.
        contact = person.contact(with_username=name != "sent") if person else {"wa_id": number, "profile": {}}
        self.courier.put(Item(message.person or message.id, "statuses", found, contact))

    def mark_read(self, body: Json) -> Json:
        """Handle ``status: read``: mark that message and the person's earlier ones, maybe show "typing".

        Raises:
            GraphError: Unknown message, another status, or a malformed typing indicator.
        """
        if body.get("status") != "read":
            raise GraphError(131009, "status must be read.")
        message = self.chat.get(str(body.get("message_id")))
        if message is None or message.direction != "in" or message.person is None:
            raise GraphError(131009, "Message ID is invalid.")
        if "typing_indicator" in body:
            if body["typing_indicator"] != {"type": "text"}:
                raise GraphError(131009, "typing_indicator type must be text.")
            self.phones.people[message.person].typing_since = self.clock()
        for earlier in self.chat.values():
            if earlier.person == message.person and earlier.direction == "in":
                earlier.read_by_business = True
            if earlier is message:
                break
        return {"success": True}

    def window_open(self, person: Person) -> bool:
        """Whether free text may go to this person now."""
        return person.last_inbound_at is not None and self.clock() < person.last_inbound_at + WINDOW

    def _template(self, body: Json) -> Template | None:
        content = body["template"]
        known = self.templates.get((content["name"], content["language"]["code"]))
        check_template(content, known)
        return known

    def _check_references(self, kind: str, body: Json) -> None:
        named = [body["context"]["message_id"]] if body.get("context") else []
        if kind == "reaction":
            named.append(body["reaction"]["message_id"])
        if any(message_id not in self.chat for message_id in named):
            raise GraphError(131009, "Message ID is invalid.")

    def _later_error(self, kind: str, person: Person | None) -> Json | None:
        if person is None:
            return webhook_error(131026)
        for refusal in self.refusals:
            if refusal.times > 0 and refusal.person in (None, person.key):
                refusal.times -= 1
                return webhook_error(refusal.code, refusal.details)
        if kind == "template" or self.window_open(person):
            return None
        if self.window_errors == "answer":
            raise GraphError(131047)
        return webhook_error(131047)

    def _take_turn(self, key: str, now: datetime, step: timedelta, burst: int, code: int) -> None:
        # Virtual scheduling (GCRA): each message moves the due time one step; a burst may run ahead of the clock.
        due = max(self._due.get(key, now), now)
        if due - now > step * (burst - 1):
            raise GraphError(code)
        self._due[key] = due + step

    def _billing(self, message: ChatMessage, name: str, party: str) -> Json:
        template = message.kind == "template"
        category = str(message.content["_category"]).lower() if template else "service"
        pricing: Json = {
            "billable": template,
            "pricing_model": "PMP",
            "category": category,
            "type": "regular" if template else "free_customer_service",
        }
        opened: Any = hashlib.sha256(f"{party}{message.at.date()}{category}".encode()).hexdigest()[:32]
        conversation: Json = {"id": opened, "origin": {"type": category}}
        if name == "sent":
            conversation["expiration_timestamp"] = str(int((message.at + WINDOW).timestamp()))
        return {"conversation": conversation, "pricing": pricing}
