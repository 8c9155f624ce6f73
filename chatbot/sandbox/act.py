"""Owns the page's actions by name: what a visitor asks for, checked, and done by a hand, the story or a switch.

Refuses what it does not know (`BadAct`) and what the platform would not allow (`RefusedAct`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from chatbot.sandbox import samples
from chatbot.sandbox.cast import photo
from chatbot.sandbox.feed import WHATSAPP
from chatbot.sandbox.hands import File, Hand, Spot, TelegramHand, WhatsAppHand
from chatbot.sandbox.stage import Stage
from chatbot.sandbox.words import Words

MAX_TEXT = 4096  # characters of a message on either platform
_MAX_FILES = 10


class BadAct(Exception):
    """The request makes no sense."""


class RefusedAct(Exception):
    """The platform does not let a person do that, or no longer."""


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a visitor asks for.

    Attributes:
        do: the action's name.
        phone: who acts: telegram, telegram_2, whatsapp, officer_1, officer_2.
        text: what is written, or a caption.
        message: the message that is pressed, edited or deleted.
        data: the button's payload; the sample's or the switch's name.
        topic: the forum topic that is written in, 0 for none.
        reply_to: the message that is answered.
        number: how many calls fail, or seconds between steps.
    """

    do: str
    phone: str = ""
    text: str = ""
    message: str = ""
    data: str = ""
    topic: int = 0
    reply_to: str = ""
    number: float = 0


Controls = dict[str, Callable[[Act], Awaitable[None]]]


class Acts:
    """Does what is asked.

    Args:
        stage: opened.
        words: of the sample document.
        controls: further actions by name, such as the story's and the switches'.
    """

    def __init__(self, stage: Stage, words: Words, controls: Controls) -> None:
        self._stage = stage
        self._words = words
        self._controls = controls

    async def do(self, body: bytes, files: list[File]) -> None:
        """Do it.

        Args:
            body: an `Act` as JSON.
            files: what was picked for "files".

        Raises:
            BadAct: the body is no act, or there is no such action or phone.
            RefusedAct: not possible, or not any more.
        """
        try:
            act = msgspec.json.decode(body, type=Act)
        except msgspec.MsgspecError as error:
            raise BadAct(str(error)) from None
        try:
            if act.do in self._controls:
                await self._controls[act.do](act)
            else:
                self._by_hand(act, files)
        except (ValueError, KeyError) as error:
            raise RefusedAct(str(error)) from None
        # Nobody else has had a turn yet: what is told of this act is told before the bot can react.
        self._stage.feed.mark()

    def _by_hand(self, act: Act, files: list[File]) -> None:
        hand = self._hand(act.phone)
        if len(act.text) > MAX_TEXT:
            raise BadAct("too long")
        if act.do == "sample":
            files = self._sample(act.data)
        if act.do in {"sample", "files"}:
            if not 0 < len(files) <= _MAX_FILES:
                raise BadAct("none, or too many files")
            hand.send(files, _spot(act), act.text)
        elif act.do in _DEEDS:
            _DEEDS[act.do](hand, act)
        else:
            raise BadAct("there is no such action")

    def _hand(self, phone: str) -> Hand:
        stage = self._stage
        if phone == WHATSAPP:
            return WhatsAppHand(stage.whatsapp, stage.wa.person)
        for citizen in (stage.citizen, stage.neighbour):
            if phone == citizen.place:
                return TelegramHand(stage.telegram, stage.feed, citizen.user, citizen.author, citizen.user, phone)
        for officer in stage.officers:
            if phone == officer.author:
                return TelegramHand(stage.telegram, stage.feed, officer.user, phone, stage.group, officer.place)
        raise BadAct("there is no such phone")

    def _sample(self, name: str) -> list[File]:
        match name:
            case "photo":
                return [File("photo.jpg", "image/jpeg", photo())]
            case "album":
                return [File(f"photo-{at}.jpg", "image/jpeg", data) for at, data in enumerate(samples.album(), 1)]
            case "voice":
                return [File("voice.ogg", "audio/ogg; codecs=opus", samples.voice())]
            case "document":
                data = samples.document(self._words("sample.document"))
                return [File(f"{self._words('sample.document_name')}.pdf", "application/pdf", data)]
            case _:
                raise BadAct("there is no such sample")


def _spot(act: Act) -> Spot:
    return Spot(act.topic, act.reply_to)


def _said(act: Act) -> str:
    if not act.text.strip():
        raise BadAct("nothing is said")
    return act.text


_DEEDS: Mapping[str, Callable[[Hand, Act], None]] = {
    "say": lambda hand, act: hand.say(_said(act), _spot(act)),
    "press": lambda hand, act: hand.press(act.message, act.data),
    "edit": lambda hand, act: hand.edit(act.message, _said(act)),
    "delete": lambda hand, act: hand.delete(act.message),
    "location": lambda hand, act: hand.send_location(_spot(act)),
}
