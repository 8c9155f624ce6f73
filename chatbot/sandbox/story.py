"""Owns the demo's story, from the first greeting to an emergency, on both platforms.

It follows what the bot really shows: a button is pressed where the bot put it, a step ends with what the bot says, and
where the bot does something else the story breaks off. Refuses to know the bot's words: buttons are told by their
payloads, messages by the number, the number to call, or the words that a person wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chatbot.sandbox.cast import Officer, Phone
from chatbot.sandbox.feed import BOT, GROUP, Button, Entry
from chatbot.sandbox.pacer import Pacer
from chatbot.sandbox.stage import Stage
from chatbot.sandbox.words import Words

_PATIENCE = 30.0  # seconds; a group's limit of 20 calls a minute can hold a card up
_MOST_STEPS = 20  # of a complaint form, before it surely goes round in circles
_NUMBER = re.compile(r"(?<!\d)\d{3}[-. ]\d{3}[-. ](?:\d{4}|\d{3}[-. ]\d)(?!\d)")
_TAKE, _CANCEL, _SCORE = "d:take:", "form:cancel", ":5"
_EMERGENCY_NUMBER = "110"


class StoryError(Exception):
    """The bot did not do what the story expects; the text says what, in the narration's language."""


@dataclass(frozen=True, slots=True)
class Script:
    """One complaint: words for its free steps, and the choices by their payloads.

    Attributes:
        what: key of the words that tell what happened.
        choices: payloads to press when they are shown; the first that is shown wins.
        answer: key of the officer's answer.
        close: key of the officer's closing command, result included.
        result: key of the result in it.
    """

    what: str
    choices: tuple[str, ...]
    answer: str
    close: str
    result: str


_BOTH = ("form:agree", "skip:who", "done:evidence", "review:send")
_ON_TELEGRAM = Script(
    "say.what", ("cat:lalin", "when:yesterday", "id:open", *_BOTH), "say.answer", "say.close", "say.result"
)
_ON_WHATSAPP = Script(
    "say.wa_story",
    ("cat:kriminal", "when:today", "id:anonymous", *_BOTH),
    "say.wa_answer",
    "say.wa_close",
    "say.wa_result",
)


class Story:
    """Plays it once.

    Args:
        stage: opened.
        pacer: asked between the steps.
        words: narration and lines.
    """

    def __init__(self, stage: Stage, pacer: Pacer, words: Words) -> None:
        self._stage = stage
        self._pacer = pacer
        self._words = words
        self._after = 0

    async def play(self) -> None:
        """The whole story.

        Raises:
            StoryError: the bot does not do what is expected.
        """
        await self._question()
        await self._complaint_on_telegram()
        await self._complaint_on_whatsapp()
        await self._emergency()

    # Chapters

    async def _question(self) -> None:
        self._chapter("question")
        citizen = self._stage.citizen
        await self._say(citizen, "say.greeting")
        await self._shown(citizen.place, "expected.greeting", "menu:complaint")
        await self._say(citizen, "say.question")
        answer = await self._shown(citizen.place, "expected.answer", "help:yes")
        await self._press(citizen, answer, "help:yes")
        await self._told(citizen.place, "expected.thanks", "")

    async def _complaint_on_telegram(self) -> None:
        self._chapter("complaint")
        citizen = self._stage.citizen
        await self._say(citizen, "say.menu")
        menu = await self._shown(citizen.place, "expected.menu", "menu:complaint")
        await self._press(citizen, menu, "menu:complaint")
        number = await self._form(citizen, _ON_TELEGRAM)
        self._chapter("desk")
        await self._desk(citizen, number, _ON_TELEGRAM)

    async def _complaint_on_whatsapp(self) -> None:
        self._chapter("whatsapp")
        citizen = self._stage.wa
        await self._say(citizen, _ON_WHATSAPP.what)
        offer = await self._shown(citizen.place, "expected.offer", "start:complaint")
        await self._press(citizen, offer, "start:complaint")
        number = await self._form(citizen, _ON_WHATSAPP)
        await self._desk(citizen, number, _ON_WHATSAPP)

    async def _emergency(self) -> None:
        self._chapter("emergency")
        citizen, officer = self._stage.newcomer(), self._stage.officers[0]
        await self._say(citizen, "say.emergency")
        start = self._after
        notice = await self._told(citizen.place, "expected.notice", _EMERGENCY_NUMBER)
        alert = await self._shown(GROUP, "expected.alert", _TAKE)
        self._after = start
        await self._until(
            "expected.forwarded",
            lambda entry: (
                _is_bots(entry, citizen.place)
                and _EMERGENCY_NUMBER in entry.text
                and entry.message_id != notice.message_id
            ),
        )
        await self._begin_step()
        citizen.send_location()
        await self._told(citizen.place, "expected.place_added", _EMERGENCY_NUMBER)
        await self._press(officer, alert, _TAKE)
        await self._told(citizen.place, "expected.taken", _number_in(alert))

    # A complaint, from the first question to the rating

    async def _form(self, citizen: Phone, script: Script) -> str:
        """Answer the form's questions as they come; returns the ticket's number."""
        photo_sent = False
        for _ in range(_MOST_STEPS):
            entry = await self._until(
                "expected.form",
                lambda entry: _is_bots(entry, citizen.place) and bool(entry.buttons or _NUMBER.search(entry.text)),
            )
            payloads = {button.payload for button in entry.buttons}
            wanted = next((payload for payload in script.choices if payload in payloads), "")
            if not payloads:
                return _number_in(entry)
            if "skip:evidence" in payloads and not photo_sent:
                photo_sent = True
                await self._begin_step()
                citizen.send_photo()
            elif wanted:
                await self._press(citizen, entry, wanted)
            elif payloads == {_CANCEL}:
                await self._say(citizen, script.what)
            elif payloads == {""}:
                await self._begin_step()
                citizen.send_location()
            else:
                raise self._broken("expected.known_step", entry)
        raise self._broken("expected.form_end", None)

    async def _desk(self, citizen: Phone, number: str, script: Script) -> None:
        """The officers' side of a ticket, and what the citizen reads of it."""
        officer = self._stage.officers[0]
        self._after = 0
        card = await self._until("expected.card", lambda entry: _is_card(entry, number))
        await self._until(
            "expected.photo",
            lambda entry: _is_bots(entry, GROUP) and entry.thread == card.thread and entry.attachment != "",
        )
        await self._press(officer, card, _TAKE)
        await self._told(citizen.place, "expected.taken", number)
        await self._say(officer, script.answer)
        await self._told(citizen.place, "expected.officers_answer", self._words(script.answer))
        await self._say(officer, script.close)
        closing = await self._told(citizen.place, "expected.closing", self._words(script.result))
        await self._until(
            "expected.topic_closed",
            lambda entry: entry.kind == "topic" and entry.text == "closed" and entry.thread == card.thread,
        )
        await self._press(citizen, closing, "rate:", _SCORE)
        await self._told(citizen.place, "expected.thanks", "")
        await self._until(
            "expected.rating",
            lambda entry: entry.kind == "edit" and entry.message_id == card.message_id and "5" in entry.text,
        )

    # Steps

    def _chapter(self, name: str) -> None:
        self._pacer.chapter(name)

    async def _begin_step(self) -> None:
        await self._pacer.before()
        self._after = self._stage.feed.mark()

    async def _say(self, who: Phone | Officer, key: str) -> None:
        await self._begin_step()
        who.say(self._words(key))

    async def _press(self, who: Phone | Officer, entry: Entry, begins: str, ends: str = "") -> None:
        await self._begin_step()
        button = _button(entry, begins, ends)
        if button is None:
            raise self._broken("expected.button", entry)
        who.press(entry, button)

    async def _shown(self, place: str, expected: str, payload: str) -> Entry:
        """A new message of the bot with a button whose payload begins so."""
        return await self._until(expected, lambda entry: _is_bots(entry, place) and _button(entry, payload) is not None)

    async def _told(self, place: str, expected: str, words: str) -> Entry:
        """A new message of the bot that holds these words."""
        return await self._until(expected, lambda entry: _is_bots(entry, place) and words in entry.text)

    async def _until(self, expected: str, matches: Callable[[Entry], bool]) -> Entry:
        try:
            entry = await self._stage.feed.find(matches, self._after, _PATIENCE)
        except TimeoutError:
            await self._pacer.after()
            raise self._broken(expected, None) from None
        await self._pacer.after()
        return entry

    def _broken(self, expected: str, entry: Entry | None) -> StoryError:
        values: Mapping[str, str] = {"expected": self._words(expected)}
        if self._stage.bot is not None and self._stage.bot.status is not None:
            return StoryError(self._words("failed.bot_ended", status=str(self._stage.bot.status), **values))
        if entry is None:
            return StoryError(self._words("failed.missing", seconds=f"{_PATIENCE:.0f}", **values))
        shown = " ".join(f"[{button.label}]" for button in entry.buttons)
        return StoryError(self._words("failed.instead", shown=f"{entry.text} {shown}", **values))


def _is_bots(entry: Entry, place: str) -> bool:
    return entry.place == place and entry.author == BOT and entry.kind == "message"


def _is_card(entry: Entry, number: str) -> bool:
    return _is_bots(entry, GROUP) and number in entry.text and _button(entry, _TAKE) is not None


def _button(entry: Entry, begins: str, ends: str = "") -> Button | None:
    return next((one for one in entry.buttons if one.payload.startswith(begins) and one.payload.endswith(ends)), None)


def _number_in(entry: Entry) -> str:
    found = _NUMBER.search(entry.text)
    return found[0] if found else ""
