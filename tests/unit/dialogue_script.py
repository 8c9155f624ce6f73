"""A citizen to write tests with: says, presses and sends things, and reads what came of it by name.

Every phrase is rendered in every language, every state goes through JSON, every label and payload is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from chatbot.core.complaint import Complaint
from chatbot.core.conversation import Conversation, Facts, decide
from chatbot.core.decision import AddToTicket, Alert, Answer, Decision, ObjectToClosing, OpenTicket, RateTicket, Say
from chatbot.core.intent import clean, fold, is_question, language_of
from chatbot.core.message import NO_MATCH, Candidate, Kind, Match, Phrase, Place
from chatbot.core.ticket import TicketStatus, TicketView
from chatbot.core.utterance import Utterance
from chatbot.services.i18n import Catalogues

CATALOGUES = Catalogues(Path(__file__).parents[2] / "locales")
NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 12.00 WIB
FROM_TICKET: dict[str, str | Phrase] = {
    "number": "123-456-789-4",
    "time": "24 November 2026 12.00 WIB",
    "unit": "Polres Contoh",
    "receipt": "2ABC-DEFG-HJKM",
}
SURE = Match((Candidate("sim-biaya", 0.95),), sure=True, likely=True)
LIKELY = Match(
    tuple(Candidate(name, 0.6) for name in ("sim-biaya", "sim-mati", "sim-hilang", "skck-buat")), likely=True
)
SIM = "Berapa biaya perpanjang SIM C?"
UNSURE = "kalau sim gimana ya?"
OVERCHARGED = "Berapa biaya SIM C? oknum polisi minta uang 700 ribu"
FAQ = {SIM: SURE, OVERCHARGED: SURE, UNSURE: LIKELY}
CRY = "tolong ada maling bawa celurit di rumah saya"  # the one cry for help; which words are one is tested elsewhere
PIN = Place(-6.2, 106.8)


def question(entry_id: str, locale: str) -> str:
    return f"Apa itu {entry_id} ({locale})?"


def ticket(number: int, **fields: Any) -> TicketView:
    view = TicketView(
        id=number,
        number=f"{number:010d}",
        status=TicketStatus.RECEIVED,
        category="kriminal",
        opened_at="24 November 2026 08.00 WIB",
        updated_at="24 November 2026 09.00 WIB",
    )
    return replace(view, **fields)


def name_of(effect: object) -> str:  # noqa: PLR0911  one line for each effect
    """An effect as the scripts spell it."""
    match effect:
        case Say(phrase=phrase):
            return phrase.key.removeprefix("citizen.")
        case Answer(entry_id=entry):
            return f"Answer {entry}"
        case AddToTicket(ticket_id=number, answered=True):
            return f"AddToTicket {number} answered"
        case AddToTicket(ticket_id=number, inbound_ids=(_, *_) as ids):
            return f"AddToTicket {number} {list(ids)}"
        case AddToTicket(ticket_id=number):
            return f"AddToTicket {number}"
        case RateTicket(ticket_id=number, score=score):
            return f"RateTicket {number} {score}"
        case ObjectToClosing(ticket_id=number):
            return f"ObjectToClosing {number}"
        case Alert() | OpenTicket():
            return type(effect).__name__
    return ""


class Citizen:
    """A person who talks to the desk, minute by minute."""

    def __init__(self, facts: Facts | None = None, faq: dict[str, Match] | None = None, at: datetime = NOON) -> None:
        self.facts = facts or Facts(region="Polres Contoh")
        self.faq = FAQ if faq is None else faq
        self.now = at
        self.state = Conversation()
        self.last = Decision(self.state)
        self._ids = 0

    def said(self, text: str = "", kind: Kind = Kind.TEXT, **fields: Any) -> Utterance:
        self._ids += 1
        read = Utterance(
            inbound_id=self._ids,
            kind=kind,
            text=clean(text),
            folded=fold(text),
            language=language_of(text),
            emergency=text == CRY,
            question=is_question(text),
        )
        return replace(read, **fields)

    def hears(self, utterance: Utterance, match: Match = NO_MATCH) -> list[str]:
        """Let the desk decide; names of the effects, facts to be counted left out."""
        labels = CATALOGUES.spoken_labels(self.state.offered, self.state.locale, question)
        self.last = decide(self.state, utterance, match, replace(self.facts, labels=labels), self.now)
        self._check(self.last)
        self.state = msgspec.json.decode(msgspec.json.encode(self.last.state), type=Conversation)
        assert self.state == self.last.state
        self.now += timedelta(seconds=40)
        return [name for effect in self.last.effects if (name := name_of(effect))]

    def say(self, text: str, match: Match | None = None, **fields: Any) -> list[str]:
        return self.hears(self.said(text, **fields), match or self.faq.get(text, NO_MATCH))

    def press(self, payload: str) -> list[str]:
        return self.hears(self.said(kind=Kind.PRESS, choice=payload))

    def send(self, kind: Kind, text: str = "", album: str = "") -> list[str]:
        if kind is Kind.PLACE:
            return self.hears(self.said(text, kind, place=PIN))
        has_file = kind in {Kind.PHOTO, Kind.VIDEO, Kind.VOICE, Kind.AUDIO, Kind.DOCUMENT}
        return self.hears(self.said(text, kind, has_file=has_file, album=album))

    def script(self, *lines: tuple[str, Sequence[str]]) -> None:
        """Say each line and expect its effects. "[payload]" is a press, "<kind>" a file or pin, the rest is typed."""
        for line, expected in lines:
            if line.startswith("["):
                got = self.press(line[1:-1])
            elif line.startswith("<"):
                got = self.send(Kind(line[1:-1]))
            else:
                got = self.say(line)
            assert got == list(expected), f"after {line!r}: {got} instead of {list(expected)}"

    def wait(self, span: timedelta) -> None:
        self.now += span

    def knows(self, **facts: Any) -> None:
        self.facts = replace(self.facts, **facts)

    @property
    def form(self) -> Complaint:
        assert self.state.form is not None
        return self.state.form

    @property
    def sent(self) -> Complaint:
        return next(effect.complaint for effect in self.last.effects if isinstance(effect, OpenTicket))

    def options(self) -> list[str]:
        """Payloads under the last thing said."""
        said = [effect for effect in self.last.effects if isinstance(effect, Say | Answer)]
        return [option.payload for option in said[-1].options]

    def _check(self, decision: Decision) -> None:
        opened = False
        for effect in decision.effects:
            opened = opened or isinstance(effect, OpenTicket)
            if not isinstance(effect, Say | Answer):
                continue
            for locale in CATALOGUES.locales:
                if isinstance(effect, Say):
                    values = {**effect.phrase.values, **(FROM_TICKET if opened else {})}
                    CATALOGUES.render(Phrase(effect.phrase.key, values), locale)
                for option in effect.options:
                    choice = CATALOGUES.label(option, locale, question)
                    assert 0 < len(choice.label) <= 20
                    assert 0 < len(choice.payload.encode()) <= 64
            assert len(effect.options) <= 10
