"""The officers' grammar: what a message, a reply or a press in their group asks for.

Owns commands and the rule of what reaches a citizen: only what is plainly meant for him. Refuses to check rights
(``services.desk`` does, before anything here is obeyed).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from chatbot.core import faq_command
from chatbot.core.faq_command import FaqAct
from chatbot.core.ticket import find_number


class Act(StrEnum):
    """What an officer wants."""

    TAKE = "take"
    RELEASE = "release"
    ANSWER = "answer"
    NOTE = "note"
    ASK = "ask"
    VERIFY = "verify"
    FORWARD = "forward"  # to another unit
    IDENTITY = "identity"  # open what the reporter asked to keep confidential
    CLOSE = "close"
    REJECT = "reject"
    REOPEN = "reopen"
    SEND = "send"  # a note is to reach the citizen after all
    RESEND = "resend"  # reopen a closed ticket and answer
    TAKE_OVER = "takeover"  # from the officer who holds it
    JOIN = "join"  # with another report of the same incident; the text says which
    DISTINCT = "distinct"  # it is not the same incident
    SPLIT = "split"  # from its incident
    RECALL = "recall"
    SAFE = "safe"  # we may write to the citizen first
    UNSAFE = "unsafe"
    BLOCK = "block"
    UNBLOCK = "unblock"
    HOLD = "hold"  # for a procedure: nothing of the ticket may be erased
    UNHOLD = "unhold"
    LIST = "list"
    TICKET = "ticket"  # one ticket with its history
    SEARCH = "search"
    RECAP = "recap"
    SAVED = "saved"  # which saved answers there are, or one that there is not
    DUTY = "duty"  # the roster; the text says what
    HAND_OVER = "handover"  # all that an officer held who went off duty
    HELP = "help"
    CHAT_ID = "chat_id"
    FAQ = "faq"  # the administrators' side of the FAQ; the text says what
    UNKNOWN = "unknown"  # a command that nobody knows
    TALK = "talk"  # between officers, no business of ours


_COMMANDS = {
    "ambil": Act.TAKE,
    "take": Act.TAKE,
    "lepas": Act.RELEASE,
    "release": Act.RELEASE,
    "jawab": Act.ANSWER,
    "answer": Act.ANSWER,
    "catat": Act.NOTE,
    "note": Act.NOTE,
    "tanya": Act.ASK,
    "ask": Act.ASK,
    "verifikasi": Act.VERIFY,
    "verify": Act.VERIFY,
    "teruskan": Act.FORWARD,
    "forward": Act.FORWARD,
    "identitas": Act.IDENTITY,
    "identity": Act.IDENTITY,
    "tutup": Act.CLOSE,
    "close": Act.CLOSE,
    "tolak": Act.REJECT,
    "reject": Act.REJECT,
    "buka": Act.REOPEN,
    "reopen": Act.REOPEN,
    "gabung": Act.JOIN,
    "join": Act.JOIN,
    "pisah": Act.SPLIT,
    "split": Act.SPLIT,
    "batal": Act.RECALL,
    "recall": Act.RECALL,
    "aman": Act.SAFE,
    "safe": Act.SAFE,
    "tidak-aman": Act.UNSAFE,
    "unsafe": Act.UNSAFE,
    "blokir": Act.BLOCK,
    "block": Act.BLOCK,
    "buka-blokir": Act.UNBLOCK,
    "unblock": Act.UNBLOCK,
    "tahan": Act.HOLD,
    "hold": Act.HOLD,
    "lepas-tahan": Act.UNHOLD,
    "unhold": Act.UNHOLD,
    "antrean": Act.LIST,
    "antrian": Act.LIST,
    "list": Act.LIST,
    "tiket": Act.TICKET,
    "aduan": Act.TICKET,
    "ticket": Act.TICKET,
    "cari": Act.SEARCH,
    "search": Act.SEARCH,
    "rekap": Act.RECAP,
    "recap": Act.RECAP,
    "piket": Act.DUTY,
    "duty": Act.DUTY,
    "bantuan": Act.HELP,
    "help": Act.HELP,
    "start": Act.HELP,
    "id": Act.CHAT_ID,
    "faq": Act.FAQ,
}
VIEWS = frozenset({Act.LIST, Act.TICKET, Act.SEARCH, Act.RECAP})  # what a group sees of its own work
_PRESSES = {
    act.value: act
    for act in (
        Act.TAKE,
        Act.RELEASE,
        Act.ASK,
        Act.VERIFY,
        Act.FORWARD,
        Act.CLOSE,
        Act.REJECT,
        Act.REOPEN,
        Act.SEND,
        Act.RESEND,
        Act.TAKE_OVER,
        Act.HAND_OVER,
    )
}
# As fingers write it on a phone: "/catat:", "/ catat", "/tutup."
_COMMAND = re.compile(r"/\s*((?i:tidak[- ]aman|buka[- ]blokir|lepas[- ]tahan)\b|[A-Za-z_]*)(@\w+)?(?:[\s.:,;!-]+|$)?")
_NUMBER = re.compile(r"#\s?(\d{3}[\s.\-]?\d{3}[\s.\-]?\d{3}[\s.\-]?\d)(?!\d)[\s:,]*")
_MENTION = re.compile(r"@\w+[\s,:]*")
# A command between quotation marks with more behind it is spoken of; one between them alone is meant.
_QUOTED = re.compile(r"\s*(['\"\u201c\u2018`])/[^'\"\u201d\u2019`]*['\"\u201d\u2019`]\s*\S")
_ORNAMENT = " \t\n*_~`'\"\N{LEFT DOUBLE QUOTATION MARK}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}"
_PRESS = re.compile(r"d:([a-z]+):(\d{1,18})")
_OF_TWO = re.compile(r"(join|distinct):(\d{1,18}):(\d{1,18})")
_DUTY = re.compile(r"duty:(on|off)")
_ALL = frozenset({"semua", "all"})  # behind the command that releases
_FORWARD_TO = re.compile(r"to:(\d{1,18}):([a-z0-9-]{1,40})")
# Replies to these are words for the citizen; replies to anything else of ours are talk about it.
_ANSWERED_PURPOSES = {"relay", "card", "alert"}
_PROMPTS = {"prompt_close": Act.CLOSE, "prompt_ask": Act.ASK, "prompt_reject": Act.REJECT}


@dataclass(frozen=True, slots=True)
class OfficerCommand:
    """What is asked for. ``number`` is a ticket number that the message names, ``reference`` what a press is about."""

    act: Act
    text: str = ""
    number: str = ""
    reference: int = 0
    explicit: bool = False  # by command or press, so that silence would be rude
    with_closing: bool = False  # a file of an album whose words end the ticket
    alone: bool = False  # for this ticket only, whatever incident it is of


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an officer's message stands.

    Attributes:
        in_topic: in a ticket's own forum topic.
        holds: the writer is the officer who took that ticket.
        reply_purpose: what the replied-to message of ours is for, empty if it is not ours or there is none.
        is_reply: whether it replies to any message.
        forwarded: it passes on somebody else's message.
        bot_name: our name on the platform, for commands that name a bot; empty while it is unknown.
    """

    in_topic: bool = False
    holds: bool = False
    reply_purpose: str = ""
    is_reply: bool = False
    forwarded: bool = False
    bot_name: str = ""


def read_press(payload: str) -> OfficerCommand:
    """A button under one of our messages; a modified client can send anything."""
    if chosen := _FORWARD_TO.fullmatch(payload):
        return OfficerCommand(Act.FORWARD, chosen[2], reference=int(chosen[1]), explicit=True)
    if pair := _OF_TWO.fullmatch(payload):
        return OfficerCommand(Act(pair[1]), pair[3], reference=int(pair[2]), explicit=True)
    if wanted := _DUTY.fullmatch(payload):
        return OfficerCommand(Act.DUTY, wanted[1], explicit=True)
    found = _PRESS.fullmatch(payload)
    act = _PRESSES.get(found[1]) if found else None
    if not found or not act:
        return OfficerCommand(Act.UNKNOWN, explicit=True)
    return OfficerCommand(act, reference=int(found[2]), explicit=True)


def straightened(text: str) -> str:
    """A message with its command first, however it was put: behind a number or the bot's name, with marks around it."""
    if _QUOTED.match(text):
        return text  # a colleague speaks of a command
    bare = text.lstrip(_ORNAMENT)
    if bare[:1] == "\N{FULLWIDTH SOLIDUS}":
        bare = f"/{bare[1:]}"
    mention = _MENTION.match(bare)
    if mention and bare[mention.end() :].startswith("/"):
        return bare[mention.end() :]
    number = _NUMBER.match(bare)
    if number and bare[number.end() :].startswith("/"):
        command = bare[number.end() :]
        word = _COMMAND.match(command)
        end = word.end() if word else 0
        return f"{command[:end].rstrip()} {number[0].strip()} {command[end:]}".strip()
    return bare if bare.startswith("/") else text


def is_to_colleague(text: str) -> bool:
    """Whether a message begins with somebody's name: what it says is between officers."""
    bare = straightened(text)
    return not bare.startswith("/") and _MENTION.match(bare) is not None


def named_number(text: str) -> str:
    """The ticket number that a message begins with, after a command or not; ten digits or empty."""
    command = _COMMAND.match(text)
    found = _NUMBER.match(text, command.end() if command else 0)
    return find_number(found[1]) or "" if found else ""


def body(text: str) -> str:
    """What a message says once its command and the number it begins with are taken away."""
    command = _COMMAND.match(text)
    rest = text[command.end() :] if command else text
    return _NUMBER.sub("", rest, count=1).strip()


def releases_all(command: OfficerCommand) -> bool:
    """Whether an officer gives back every ticket held in this group."""
    return command.act == Act.RELEASE and not command.number and command.text.lower().rstrip(" .!") in _ALL


def wants_faq_loaded(text: str) -> bool:
    """Whether an administrator asks to have the FAQ read again."""
    command = read(text, Situation())
    return command.act == Act.FAQ and faq_command.read(command.text).act == FaqAct.LOAD


def part_of_album(command: OfficerCommand) -> OfficerCommand:
    """What an album's command, written under one item, means for another: it goes the same way, without the words."""
    if command.act in {Act.ANSWER, Act.ASK, Act.CLOSE, Act.REJECT}:
        ends, alone = command.act in {Act.CLOSE, Act.REJECT}, command.act == Act.REJECT
        return replace(command, act=Act.ANSWER, text="", with_closing=ends, alone=alone)
    return replace(command, text="") if command.act == Act.NOTE else OfficerCommand(Act.TALK)


def read(text: str, situation: Situation) -> OfficerCommand:  # noqa: PLR0911  one rule, one return
    """What a message in the group asks for. Two officers' talk never becomes a word to the citizen.

    A command says what it wants; what begins like one and is none reaches nobody, one to another bot is no business of
    ours, and one that is passed on is nobody's. A reply to the bot's question is its answer. A reply to what the
    citizen wrote, or to the card, is for the citizen; so is what the officer who holds the ticket writes in its topic,
    unless it replies to somebody else or passes on another's message. What others write in a topic is a note.
    """
    text = straightened(text)
    number = named_number(text)
    command = _COMMAND.match(text)
    said = body(text)
    if command and command[2] and situation.bot_name and command[2][1:].lower() != situation.bot_name.lower():
        return OfficerCommand(Act.TALK)
    if command and not situation.forwarded:
        act = _COMMANDS.get(command[1].lower().replace("_", "-").replace(" ", "-"), Act.UNKNOWN)
        if act == Act.JOIN and not find_number(said):  # the one number that is named is the other ticket's
            said, number = number, ""
        return OfficerCommand(act, said, number, explicit=True)
    if prompt := _PROMPTS.get(situation.reply_purpose):
        return OfficerCommand(prompt, said, number, explicit=True)
    if _MENTION.match(text):  # said to a colleague
        return OfficerCommand(Act.NOTE, said, number) if situation.in_topic else OfficerCommand(Act.TALK)
    if situation.reply_purpose in _ANSWERED_PURPOSES and not situation.forwarded:
        return OfficerCommand(Act.ANSWER, said, number)
    if situation.is_reply and not situation.in_topic:
        # To a word of ours about a ticket it may be meant for the citizen: it is kept as a note, with the button.
        return OfficerCommand(Act.NOTE, said, number) if situation.reply_purpose else OfficerCommand(Act.TALK)
    if situation.in_topic or number:
        if situation.holds and not situation.is_reply and not situation.forwarded:
            return OfficerCommand(Act.ANSWER, said, number)
        return OfficerCommand(Act.NOTE, said, number)
    return OfficerCommand(Act.TALK)
