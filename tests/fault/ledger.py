"""What the sandbox platforms sent and received, and the proof, afterwards, that nothing was lost, mixed up or repeated.

Owns the marks: every word that a person says through the ledger carries one that is his alone, so that it is known
wherever it turns up. Refuses the program's own word: what was acknowledged and what arrived is read on the platforms'
side, and compared with the rows.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NamedTuple
from unittest.mock import patch

from chatbot.cli import main
from tests.e2e.world import World, text_of
from tests.fault.looking import seen

Who = int | str  # a Telegram user's id, or the key of a person on WhatsApp

_MARK = re.compile(r"qz[a-j]{6}q")  # no word, no number, nothing that the program would strike out
_LETTERS = str.maketrans("0123456789", "abcdefghij")
_OF_USE = {"answered", "ticketed"}
_COUNTS = ("acknowledged", "answered", "ticketed", "waiting", "officers", "lost", "strangers", "repeated")


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a person. ``expects`` are words that stand in one answer to it each."""

    who: Who
    external_id: str
    expects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the bot that stands at a platform."""

    channel: str
    chat: str
    id: str
    text: str
    thread: int | None = None


_CAME_ON = ("", "delivered", "read")  # what a row's receipt can say, in the order in which it moves


class Row(NamedTuple):
    """A row of the outbox."""

    channel: str
    chat: str
    purpose: str
    state: str
    attempts: int
    uncertain: bool
    external_id: str
    receipt: str
    payload: str


@dataclass(slots=True)
class Proof:
    """What the comparison found.

    Attributes:
        figures: counts, by the names of ``_COUNTS``: acknowledged to the platforms, of these answered or in a ticket,
            still with the platform, officers' answers, lost, seen by a stranger, repeated.
        faults: what must not be, one line each; empty: it holds.
    """

    figures: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    faults: list[str] = field(default_factory=list)

    def fault(self, name: str, line: str) -> None:
        """Count a fault and keep its line."""
        self.figures[name] += 1
        self.faults.append(line)


class Ledger:
    """Keeps what people say in one world, and proves what became of it.

    Args:
        world: opened; its program may die and come back as often as it likes.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._owners: dict[str, Who] = {}
        self._said: list[Said] = []
        self._answers: dict[str, Who] = {}  # officers' answers: mark and whom each is for

    # What people and officers say

    def mark(self, who: Who) -> str:
        """A new mark that is this person's own, to be put into any words that go out through the sandboxes."""
        mark = f"qz{len(self._owners):06d}q".translate(_LETTERS)
        self._owners[mark] = who
        return mark

    def say(self, who: Who, text: str, *expects: str) -> str:
        """Say something to the bot, marked; the mark.

        Args:
            who: a user of Telegram, or a person of WhatsApp by his key.
            text: the words, without the mark.
            expects: words that stand in an answer to it and in nothing else that this person is told: the proof asks
                for exactly one such row each, and for its message on the phone. None: any answer or ticket will do.
        """
        mark = self.mark(who)
        if isinstance(who, int):
            self._world.telegram.say(who, f"{text} {mark}")
            external_id = f"update:{self._world.telegram.updates.sent[-1]['update_id']}"
        else:
            external_id = self._world.whatsapp.say(who, f"{text} {mark}")
        self._said.append(Said(who, external_id, expects))
        return mark

    def answer(self, officer: int, to: Who, words: str, **place: Any) -> str:
        """Have an officer answer a person in a ticket's place; the mark.

        Args:
            officer: a user of Telegram.
            to: whose ticket it is.
            words: the words that the citizen is to read, after a command or not, without the mark.
            place: as for ``TelegramSandbox.say``.
        """
        mark = self.mark(to)
        self._answers[mark] = to
        self._world.telegram.say(officer, f"{words} {mark}", **place)
        return mark

    def owner_in(self, text: str) -> Who | None:
        """Whose words stand in a text; None: nobody's."""
        return next((self._owners[mark] for mark in _MARK.findall(text) if mark in self._owners), None)

    # What came of it

    async def settled(self) -> None:
        """Wait until the platforms have nothing left to deliver and the program nothing to do.

        What waits for its time, or until a citizen writes, is no work of now.

        Raises:
            TimeoutError: something is left.
        """
        try:
            await seen(lambda: not self._left(), self._world.patience)
        except TimeoutError:
            raise TimeoutError(f"left: {self._left()}") from None

    def _left(self) -> list[tuple[Any, ...]]:
        """What is still to be done: how many of what, and in which state."""
        left: list[tuple[Any, ...]] = [
            ("at Telegram", len(self._world.telegram.updates.waiting())),
            ("at WhatsApp", not self._world.whatsapp.idle),
        ]
        return [one for one in left if one[1]] + self._world.rows(_LEFT)

    def proof(self, audit_url: str = "") -> Proof:
        """Compare the platforms' side with the rows.

        Args:
            audit_url: the database as the audit reaches it, where that is not as the program does.
        """
        proof = Proof()
        received = list(self._received())
        rows = [Row._make((*values[:-1], bytes(values[-1]).decode())) for values in self._world.rows(_OUTBOX)]
        self._prove_kept(proof)
        self._prove_receipts(proof, rows)
        self._prove_answered(proof, received, rows)
        self._prove_officers(proof, received, rows)
        self._prove_apart(proof, received)
        self._prove_once(proof, received, rows)
        self._prove_audit(proof, audit_url)
        return proof

    def _acknowledged(self) -> tuple[set[str], int]:
        """External ids of everything that was taken over, and how much is still to be delivered.

        Of the platform's words about our own messages only failures are updates; see ``_prove_receipts``.
        """
        waiting = {pending.body.get("update_id") for pending in self._world.telegram.updates.waiting()}
        numbers = {body["update_id"] for body in self._world.telegram.updates.sent}
        taken = {f"update:{number}" for number in numbers - waiting}
        left = len(waiting)
        for webhook in self._world.whatsapp.webhooks:
            items = items_of(webhook.body)
            if HTTPStatus.OK in webhook.attempts:  # the one answer that Meta accepts
                taken.update(items)
            else:
                left += len(items)
        return taken, left

    def _place_of(self, who: Who) -> tuple[str, str]:
        """Channel and chat as the rows name them."""
        if isinstance(who, int):
            return ("telegram", str(who))
        person = self._world.whatsapp.people[who]
        return ("whatsapp", person.user_id or person.wa_id or "")

    def _prove_kept(self, proof: Proof) -> None:
        """Every acknowledged update has one row, and what people say is in one ticket or answer of its own sender."""
        taken, proof.figures["waiting"] = self._acknowledged()
        proof.figures["acknowledged"] = len(taken)
        found: dict[str, list[tuple[Any, ...]]] = {}
        for external_id, *values in self._world.rows(_INBOX):
            found.setdefault(external_id, []).append(tuple(values))
        contacts = {(channel, chat): contact for channel, chat, contact in self._world.rows(_ADDRESSES)}
        senders = {one.external_id: one.who for one in self._said}
        for external_id in taken:
            rows = found.get(external_id, [])
            if len(rows) != 1:
                proof.fault("repeated" if rows else "lost", f"{external_id} was acknowledged and has {len(rows)} rows")
                continue
            state, outcome, contact, ticket, reporter, tickets = rows[0]
            if state == "stored":
                proof.fault("lost", f"{external_id} was never handled")
            if external_id not in senders:
                continue
            if outcome in _OF_USE:
                proof.figures[outcome] += 1
            else:
                proof.fault("lost", f"{external_id} is neither answered nor in a ticket, but {outcome}")
            if contact != contacts.get(self._place_of(senders[external_id])):
                proof.fault("strangers", f"{external_id} counts as somebody else's")
            if ticket is not None and reporter != contact:
                proof.fault("strangers", f"{external_id} is in somebody else's ticket")
            if tickets > 1:
                proof.fault("repeated", f"{external_id} is in {tickets} tickets")

    def _prove_receipts(self, proof: Proof, rows: list[Row]) -> None:
        """That a message came on is known once that was taken over. A repeated message is no row's any more."""
        known = {row.external_id: row.receipt for row in rows if row.channel == "whatsapp" and row.external_id}
        for webhook in self._world.whatsapp.webhooks:
            for status in statuses_of(webhook.body) if HTTPStatus.OK in webhook.attempts else []:
                said, receipt = status["status"], known.get(status["id"], "failed")
                if said in _CAME_ON and receipt in _CAME_ON and _CAME_ON.index(receipt) < _CAME_ON.index(said):
                    proof.fault("lost", f"a message was {said}, and its row does not say so")

    def _prove_answered(self, proof: Proof, received: list[Received], rows: list[Row]) -> None:
        """Who expects an answer has one row of it for each question, and it stands on the phone."""
        expected = Counter((one.who, words) for one in self._said for words in one.expects)
        for (who, words), asked in expected.items():
            place = self._place_of(who)
            written = sum(words in row.payload for row in rows if (row.channel, row.chat) == place)
            shown = sum(words in one.text for one in received if (one.channel, one.chat) == place)
            if written > asked:
                proof.fault("repeated", f"{asked} questions of one person have {written} answers: {words}")
            if min(written, shown) < asked:
                proof.fault(
                    "lost", f"of {asked} answers to one person {written} were written, {shown} arrived: {words}"
                )

    def _prove_officers(self, proof: Proof, received: list[Received], rows: list[Row]) -> None:
        """Every officer's answer is in the outbox once, for its own citizen, and reached him."""
        proof.figures["officers"] = len(self._answers)
        for mark, who in self._answers.items():
            place = self._place_of(who)
            written = [row for row in rows if mark in row.payload and row.purpose == "answer"]
            arrived = sum(mark in one.text for one in received if (one.channel, one.chat) == place)
            if len(written) > 1:
                proof.fault("repeated", f"an officer's answer has {len(written)} rows")
            if any((row.channel, row.chat) != place for row in written):
                proof.fault("strangers", "an officer's answer is written for somebody else")
            if not written or not arrived:
                proof.fault("lost", f"an officer's answer has {len(written)} rows and arrived {arrived} times")

    def _prove_apart(self, proof: Proof, received: list[Received]) -> None:
        """Nobody's mark was sent to anybody else, not even in a call that failed; and a topic holds one person's."""
        topics: dict[tuple[str, int], set[Who]] = {}
        for one in received:
            if one.thread is not None:
                mine = topics.setdefault((one.chat, one.thread), set())
                mine.update(self._owners[mark] for mark in _MARK.findall(one.text) if mark in self._owners)
        for owners in topics.values():
            if len(owners) > 1:
                proof.fault("strangers", f"a topic holds words of {len(owners)} persons")
        for place, text in self._told(received):
            for mark in set(_MARK.findall(text)):
                owner = self._owners.get(mark)
                if owner is not None and self._place_of(owner) != place:
                    proof.fault("strangers", "one person's words were sent to another")

    def _told(self, received: list[Received]) -> Iterator[tuple[tuple[str, str], str]]:
        """Everything that persons were told or were to be told. Groups are the officers', who read what they serve."""
        for one in received:
            if not one.chat.startswith("-"):
                yield (one.channel, one.chat), one.text
        for call in self._world.telegram.calls:
            if call.chat_id is not None and call.chat_id > 0:
                yield ("telegram", str(call.chat_id)), str(call.params)
        for sent in self._world.whatsapp.calls:
            if sent.person is not None:
                yield self._place_of(sent.person), str(sent.params)

    def _prove_once(self, proof: Proof, received: list[Received], rows: list[Row]) -> None:
        """What stands at a platform and is no row's message is a repeat: of a row that says that it may be one."""
        known = {(channel, chat, message) for channel, chat, message in self._world.rows(_SENT)}
        known |= {(row.channel, row.chat, row.external_id) for row in rows}
        repeats = Counter((one.channel, one.chat) for one in received if (one.channel, one.chat, one.id) not in known)
        allowed = Counter[tuple[str, str]]()
        for row in rows:
            if row.uncertain:
                allowed[row.channel, row.chat] += row.attempts - 1
        proof.figures["repeated"] += repeats.total()
        for place, count in repeats.items():
            if count > allowed[place]:
                proof.faults.append(f"{count} messages of one chat are repeats, and the rows know of {allowed[place]}")
        there = {(one.channel, one.chat, one.id) for one in received}
        for row in rows:
            if row.state == "sent" and row.external_id and (row.channel, row.chat, row.external_id) not in there:
                proof.fault("lost", "a message that was sent stands nowhere")

    def _prove_audit(self, proof: Proof, url: str) -> None:
        """``chatbot audit`` finds everything accounted for."""
        status, printed = audit(self._world.settings | ({"CHATBOT_DATABASE_URL": url} if url else {}))
        if status or not re.search(r"^Selisih +0$", printed, re.MULTILINE):
            proof.faults.append(f"the audit ends with {status}")

    def _received(self) -> Iterator[Received]:
        world = self._world.telegram.world
        for chat in world.chats:
            for message in self._world.telegram.messages(chat):
                if message["from"]["id"] == world.bot.id and not world.messages[chat, message["message_id"]].service:
                    yield Received(
                        "telegram",
                        str(chat),
                        str(message["message_id"]),
                        text_of(message),
                        message.get("message_thread_id"),
                    )
        for key in self._world.whatsapp.people:
            for sent in self._world.whatsapp.messages(key):
                if sent.direction == "out" and "failed" not in sent.statuses:
                    yield Received(*self._place_of(key), sent.id, json.dumps(sent.content, ensure_ascii=False))


_OUTBOX = (
    "select channel, chat, purpose, state, attempts, uncertain, external_id, receipt, payload from outbound order by id"
)
_INBOX = (
    "select external_id, inbound.state, outcome, inbound.contact_id, inbound.ticket_id, ticket.contact_id, "
    "(select count(distinct ticket_event.ticket_id) from ticket_event where inbound_id = inbound.id) "
    "from inbound left join ticket on ticket.id = inbound.ticket_id"
)
_LEFT = (
    "select 'inbound', count(*), state, attempts, max(error) from inbound where state = 'stored' group by 3, 4 "
    "union all select channel, count(*), state, attempts, max(error) from outbound "
    "where state in ('pending', 'sending') group by channel, state, attempts "
    "union all select 'media', count(*), state, attempts, max(error) from media where state = 'wanted' group by 3, 4"
)
_ADDRESSES = "select channel, external_id, contact_id from address"
_SENT = "select channel, chat, message_id from sent_message"


def items_of(body: bytes) -> list[str]:
    """External ids of what a webhook of WhatsApp carries, as the program names them."""
    values = [change["value"] for entry in json.loads(body)["entry"] for change in entry["changes"]]
    return [message["id"] for value in values for message in value.get("messages", ())] + [
        f"{status['id']}:{status['status']}:{status.get('recipient_user_id') or status['recipient_id']}"
        for status in statuses_of(body)
        if status["status"] == "failed"
    ]


def statuses_of(body: bytes) -> list[dict[str, Any]]:
    """What a webhook of WhatsApp says of our own messages."""
    values = [change["value"] for entry in json.loads(body)["entry"] for change in entry["changes"]]
    return [status for value in values for status in value.get("statuses", ())]


def audit(settings: dict[str, str]) -> tuple[int, str]:
    """Status and output of ``chatbot audit``."""
    printed = io.StringIO()
    status = 0
    with patch.dict(os.environ, settings), redirect_stdout(printed), redirect_stderr(printed):
        try:
            main(["audit"])
        except SystemExit as end:
            status = int(end.code or 0)
    return status, printed.getvalue()
