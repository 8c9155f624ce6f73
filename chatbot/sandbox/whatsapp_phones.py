"""The citizens' phones: who exists, their chats, and everything a person can do, each as a faithful webhook.

Refuses to know the HTTP server and what the business may send. Actions return at once; delivery follows by the courier.
Shapes: Meta's "messages webhook reference", one page for each type, and "Business-scoped user IDs".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from random import Random
from typing import Any

from chatbot.sandbox.whatsapp_errors import webhook_error
from chatbot.sandbox.whatsapp_interactive import choices
from chatbot.sandbox.whatsapp_media import INBOUND_LIFE, Shelf
from chatbot.sandbox.whatsapp_state import ChatMessage, Json, Person, new_wamid
from chatbot.sandbox.whatsapp_webhook import Courier, Item

Clock = Callable[[], datetime]


class Phones:
    """People and what they do; the sandbox's public class inherits these actions.

    Args:
        courier: Carries the webhooks.
        display_number: The business number in digits, named by quotes of its messages.
        clock: Aware UTC time.
    """

    def __init__(self, courier: Courier, display_number: str, clock: Clock) -> None:
        self.people: dict[str, Person] = {}
        self.shelf = Shelf()
        self._courier = courier
        self._display_number = display_number
        self._clock = clock
        self._chat: dict[str, ChatMessage] = {}
        self._group_id: str | None = None
        self._numbers = count(1)
        self._by_address: dict[tuple[str, str | None], Person] = {}

    def add_person(
        self, wa_id: str | None, name: str, *, user_id: str | None = None, username: str | None = None
    ) -> str:
        """Add a WhatsApp user and return the key that every action takes.

        Args:
            wa_id: Number in digits with country code; None for one hidden behind a username.
            name: Profile name, free text.
            user_id: Business-scoped id (``ID.1234abc``).
            username: Username, if the person has one.

        Raises:
            ValueError: Neither number nor scoped id is given.
        """
        if not wa_id and not user_id:
            raise ValueError("A person needs a number or a business-scoped id.")
        key = f"person-{next(self._numbers)}"
        self.people[key] = Person(key, wa_id, user_id, name, username)
        self._index(self.people[key])
        return key

    def find_person(self, field: str, value: str) -> Person | None:
        """Return the person whose ``field`` (``wa_id`` or ``user_id``) has this value now."""
        return self._by_address.get((field, value))

    def say(self, person: str, text: str, *, reply_to: str | None = None) -> str:
        """Send a text, quoting the message ``reply_to`` if given."""
        return self._act(person, "text", {"body": text}, reply_to=reply_to)

    def press(self, person: str, message_id: str, choice_id: str) -> str:
        """Press a reply button or choose a list row of a message the bot sent.

        Raises:
            ValueError: The message has no such choice.
        """
        sent = self._chat[message_id]
        reply = choices(sent.content).get(choice_id) if sent.kind == "interactive" else None
        if reply is None:
            raise ValueError("That message has no such button or row.")
        return self._act(person, "interactive", reply, reply_to=message_id)

    def press_template_button(self, person: str, message_id: str, index: int = 0) -> str:
        """Press a quick reply of a template; the payload is the one sent with it, else the button's title.

        Raises:
            ValueError: The message is no template or has no such button.
        """
        sent = self._chat[message_id]
        titles = sent.content.get("_buttons", ()) if sent.kind == "template" else ()
        if index >= len(titles):
            raise ValueError("That message has no such template button.")
        payload = titles[index]
        for component in sent.content.get("components", []):
            if component.get("type") == "button" and str(component.get("index")) == str(index):
                payload = next((p["payload"] for p in component.get("parameters", []) if "payload" in p), payload)
        return self._act(person, "button", {"payload": payload, "text": titles[index]}, reply_to=message_id)

    def send_image(self, person: str, data: bytes, mime: str = "image/jpeg", caption: str | None = None) -> str:
        """Send a picture."""
        return self._send_media(person, "image", data, mime, caption=caption)

    def send_video(self, person: str, data: bytes, mime: str = "video/mp4", caption: str | None = None) -> str:
        """Send a video."""
        return self._send_media(person, "video", data, mime, caption=caption)

    def send_audio(self, person: str, data: bytes, mime: str = "audio/ogg; codecs=opus", *, voice: bool = True) -> str:
        """Send a voice note, or a sound file with ``voice=False``."""
        return self._send_media(person, "audio", data, mime, voice=voice)

    def send_document(
        self,
        person: str,
        data: bytes,
        mime: str = "application/pdf",
        caption: str | None = None,
        filename: str | None = None,
    ) -> str:
        """Send a file; ``filename`` is the sender's choice and may be hostile."""
        return self._send_media(person, "document", data, mime, caption=caption, filename=filename)

    def send_sticker(self, person: str, data: bytes, mime: str = "image/webp", *, animated: bool = False) -> str:
        """Send a sticker."""
        return self._send_media(person, "sticker", data, mime, animated=animated)

    def send_location(
        self, person: str, latitude: float, longitude: float, name: str | None = None, address: str | None = None
    ) -> str:
        """Send a place; name and address are free text, present only for a named place."""
        place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
        return self._act(person, "location", _present(place))

    def send_contact(self, person: str, name: str, phone: str, wa_id: str | None = None) -> str:
        """Send a contact card: anybody's, not necessarily the sender's."""
        number = _present({"phone": phone, "type": "CELL", "wa_id": wa_id})
        card = {"name": {"formatted_name": name, "first_name": name.partition(" ")[0]}, "phones": [number]}
        return self._act(person, "contacts", [card])

    def react(self, person: str, message_id: str, emoji: str | None) -> str:
        """React to a message; None takes the reaction back."""
        if message_id in self._chat:
            self._chat[message_id].reaction = emoji
        return self._act(person, "reaction", _present({"message_id": message_id, "emoji": emoji}))

    def edit(self, person: str, message_id: str, text: str) -> str:
        """Change a text sent earlier (numbers shared with the WhatsApp Business app only)."""
        if message_id in self._chat:
            self._chat[message_id].content = {"body": text}
        change = {"original_message_id": message_id, "message": {"type": "text", "text": {"body": text}}}
        return self._act(person, "edit", change)

    def revoke(self, person: str, message_id: str) -> str:
        """Delete a message for everyone (numbers shared with the WhatsApp Business app only)."""
        if message_id in self._chat:
            self._chat[message_id].revoked = True
        return self._act(person, "revoke", {"original_message_id": message_id})

    def unsupported(self, person: str, kind: str = "poll") -> str:
        """Send something the Cloud API does not pass on; ``kind`` is what it was."""
        return self._act(person, "unsupported", {"type": kind}, extra={"errors": [webhook_error(131051)]})

    def order(self, person: str, catalog_id: str, items: Sequence[tuple[str, int, float]], text: str = "") -> str:
        """Send a cart; each item is (product id, quantity, price in rupiah)."""
        lines = [
            {"product_retailer_id": sku, "quantity": quantity, "item_price": price, "currency": "IDR"}
            for sku, quantity, price in items
        ]
        return self._act(person, "order", {"catalog_id": catalog_id, "text": text, "product_items": lines})

    def system_changed_number(self, person: str, new_wa_id: str, new_user_id: str | None = None) -> str:
        """Move a person to a new number, which changes the scoped id too where there is one.

        The message comes from the old identity and names the new one; like all system messages it has no contacts.
        """
        who = self.people[person]
        body = f"User {who.name} changed from {who.wa_id} to {new_wa_id}"
        change = {"body": body, "type": "user_changed_number", "wa_id": new_wa_id, "user_id": new_user_id}
        sent = self._system(who, _present(change))
        who.wa_id, who.user_id = new_wa_id, new_user_id or who.user_id
        self._index_again()
        return sent

    def system_changed_user_id(self, person: str, new_user_id: str) -> str:
        """Give a person a new scoped id; the message comes from the old identity and names the new id only."""
        who = self.people[person]
        body = f"User {who.name} changed from {who.user_id} to {new_user_id}"
        sent = self._system(who, {"body": body, "type": "user_changed_user_id", "user_id": new_user_id})
        who.user_id = new_user_id
        self._index_again()
        return sent

    @contextmanager
    def in_group(self, group_id: str) -> Iterator[None]:
        """Make every action inside the ``with`` block happen in a group."""
        before, self._group_id = self._group_id, group_id
        try:
            yield
        finally:
            self._group_id = before

    def batch(self, actions: Sequence[Callable[[], str]], *, shuffled: Random | None = None) -> list[str]:
        """Do the actions and deliver all of them in one body over several entries and changes.

        Args:
            actions: Calls to make, e.g. ``lambda: wa.say(ani, "halo")``.
            shuffled: Brings them into an odd order, as Meta may.

        Returns:
            What each action returned.
        """
        self._courier.hold()
        try:
            return [action() for action in actions]
        finally:
            self._courier.release(shuffled)

    def _send_media(
        self,
        person: str,
        kind: str,
        data: bytes,
        mime: str,
        *,
        filename: str | None = None,
        caption: str | None = None,
        voice: bool | None = None,
        animated: bool | None = None,
    ) -> str:
        medium = self.shelf.put(data, mime, filename, self._clock() + INBOUND_LIFE)
        extra = _present({"filename": filename, "caption": caption, "voice": voice, "animated": animated})
        return self._act(person, kind, medium.card() | extra)

    def _act(
        self, person: str, kind: str, content: Any, *, reply_to: str | None = None, extra: Json | None = None
    ) -> str:
        who = self.people[person]
        who.last_inbound_at = self._clock()
        message = who.sender() | self._head(who, kind) | {kind: content} | (extra or {})
        if reply_to is not None:
            message["context"] = self._quote(reply_to)
        if self._group_id is not None:
            message["group_id"] = self._group_id
        self._record(message, person, kind, content, reply_to)
        self._courier.put(Item(person, "messages", message, who.contact()))
        return str(message["id"])

    def _system(self, who: Person, change: Json) -> str:
        message = who.sender() | self._head(who, "system") | {"system": change}
        self._record(message, who.key, "system", change, None)
        self._courier.put(Item(who.key, "messages", message, None))
        return str(message["id"])

    def _index(self, person: Person) -> None:
        self._by_address.setdefault(("wa_id", person.wa_id), person)  # of several with one address, the first answers
        self._by_address.setdefault(("user_id", person.user_id), person)

    def _forget_silent(self, before: datetime) -> None:
        silent = [one for one in self.people.values() if one.last_inbound_at and one.last_inbound_at < before]
        for person in silent:
            del self.people[person.key]
        self._index_again()

    def _index_again(self) -> None:
        self._by_address.clear()
        for person in self.people.values():
            self._index(person)

    def _head(self, who: Person, kind: str) -> Json:
        return {
            "id": new_wamid(who.wa_id or who.user_id or ""),
            "timestamp": str(int(self._clock().timestamp())),
            "type": kind,
        }

    def _quote(self, message_id: str) -> Json:
        quoted = self._chat.get(message_id)
        if quoted is None or quoted.direction == "out" or quoted.person is None:
            return {"from": self._display_number, "id": message_id}
        return _present({"from": self.people[quoted.person].wa_id, "id": message_id})

    def _record(self, message: Json, person: str, kind: str, content: Any, reply_to: str | None) -> None:
        self._chat[message["id"]] = ChatMessage(
            message["id"], person, "in", kind, content, self._clock(), reply_to=reply_to
        )
        self._changed()

    def _changed(self) -> None:
        """Tell whoever waits that the state is new; the sandbox replaces this."""


def _present(values: Json) -> Json:
    return {key: value for key, value in values.items() if value is not None}
