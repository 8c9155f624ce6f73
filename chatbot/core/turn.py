"""One message being decided: the state as it changes, and the effects as they add up.

Owns how questions with choices are put and remembered, so that numbers and words go on naming them. Refuses to decide
what is said: ``conversation``, ``form``, ``questions`` and ``following`` do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from chatbot.core.choices import MOST, chosen, page_of, step_choices, unseen_choices
from chatbot.core.commands import number_of
from chatbot.core.complaint import REVIEW
from chatbot.core.decision import Answer, Decision, Effect, Option, Record, Say
from chatbot.core.message import Match, Phrase
from chatbot.core.state import Conversation, Facts
from chatbot.core.utterance import Utterance

_NO_VALUES: Mapping[str, str | Phrase] = MappingProxyType({})
_HINT_EVERY = timedelta(minutes=1)


@dataclass(slots=True)
class Turn:
    """The one mutable thing of the dialogue; it lives as long as ``decide`` runs."""

    state: Conversation
    said: Utterance
    match: Match
    facts: Facts
    now: datetime
    effects: list[Effect] = field(default_factory=list)
    _offers: list[tuple[Option, ...]] = field(default_factory=list)
    _spoke: bool = False
    _numbered: bool = True

    def change(self, **fields: Any) -> None:
        """Change fields of the state."""
        self.state = replace(self.state, **fields)

    def do(self, *effects: Effect) -> None:
        """Ask for effects that say nothing to the citizen."""
        self.effects.extend(effects)

    def record(self, fact: str, detail: str = "") -> None:
        """Ask for a fact to be kept."""
        self.effects.append(Record(fact, detail))

    def say(
        self,
        key: str,
        options: tuple[Option, ...] = (),
        *,
        page: int = 0,
        urgent: bool = False,
        asks_place: bool = False,
        numbered: bool = True,
        secret: bool = False,
        values: Mapping[str, str | Phrase] = _NO_VALUES,
    ) -> None:
        """Say a phrase, with choices that are remembered. Of a long list one page is shown.

        Where the person has just answered by a number, choices that go with the thanks are not ``numbered``: the same
        number sent twice must not choose one.
        """
        self._numbered = numbered
        shown = page_of(options, page)
        if len(options) > MOST:
            self.change(pages=options, pages_key=key)
        self._spoke = True
        self._offers.append(shown)
        self.effects.append(Say(Phrase(key, values), shown, urgent=urgent, asks_place=asks_place, secret=secret))

    def answer(self, entry_id: str, confidence: float, options: tuple[Option, ...]) -> None:
        """Answer from the FAQ."""
        self._spoke = True
        self._offers.append(options)
        self.effects.append(Answer(entry_id, confidence, options))

    def hint(self, key: str) -> bool:
        """Say that something cannot be read, at most once a minute; False when it was left unsaid."""
        if within(self.state.hinted_at, self.now, _HINT_EVERY):
            return False
        self.change(hinted_at=self.now)
        self._spoke = True
        self._offers.append(self.state.offered[: self.state.shown])
        self.effects.append(Say(Phrase(key)))
        return True

    def is_filling(self) -> bool:
        """Whether a form is being filled in, so that plain words answer it."""
        return self.state.form is not None and not self.state.paused

    def repeats_album(self) -> bool:
        """Whether this is one more item of the album that was last acknowledged: an album is answered once."""
        return bool(self.said.album) and self.said.album == self.state.album

    def possible(self) -> tuple[Option, ...]:
        """Choices that count now: those last shown, and those of the form's question."""
        form = self.state.form
        return (*self.state.offered, *(step_choices(form) if form else ()))

    def typed_choice(self) -> str:
        """The payload that the words of the message name; empty if none."""
        form = self.state.form
        unseen = unseen_choices(form) if form and not self.state.paused else ()
        payload = chosen(self.said.folded, self.state.offered, self.state.shown, self.facts.labels, unseen)
        # "2" may be an answer; a form is thrown away by a number only where nothing but a choice was asked for.
        by_number = payload == "form:cancel" and number_of(self.said.folded) is not None
        return "" if by_number and form and form.step != REVIEW else payload

    def decision(self) -> Decision:
        """Close the turn."""
        if self._spoke:
            last = next((offer for offer in reversed(self._offers[-1:]) if offer), ())
            earlier = [option for offer in reversed(self._offers[:-1]) for option in offer]
            offered = tuple(dict.fromkeys((*last, *earlier)))
            self.change(offered=offered, shown=len(last) * self._numbered, seen_at=self.now)
        else:
            self.change(seen_at=self.now)
        return Decision(self.state, tuple(self.effects))


def within(moment: datetime | None, now: datetime, span: timedelta) -> bool:
    """Whether a moment lies less than ``span`` ago."""
    return moment is not None and now - moment < span
