"""Words: from phrase keys to what a person reads, in that person's language.

Owns the catalogues, the escaping of values, labels, numbered lists, dates and the footer of FAQ answers. Refuses to
choose what is said. Catalogues are read as they are written (``.po``), once, when the program starts.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po

from chatbot.core.decision import Option
from chatbot.core.intent import fold
from chatbot.core.message import Choice, Phrase
from chatbot.matching.entry_file import Entry
from chatbot.matching.rich import to_rich

DEFAULT_LOCALE = "id"
MAX_LABEL = 20  # characters: what a WhatsApp button holds
MAX_DESCRIPTION = 72  # characters: what a row of a WhatsApp list holds
_BUTTONS = 3  # more choices than this are a list, and stand in the text with their numbers
_DOMAIN = "chatbot"
_TIMES = {"id": "d MMMM y HH.mm", "en": "d MMMM y HH:mm"}
_DAY = "d MMMM y"

Questions = Callable[[str, str], str]  # FAQ entry id, locale -> its question; empty when it is gone


class CatalogueError(Exception):
    """Catalogues that cannot serve: keys are missing, unknown, or name other values than the default locale's."""


class Catalogues:
    """The words in every language, ready to be rendered.

    Args:
        path: folder with ``chatbot.pot`` and ``<locale>/LC_MESSAGES/chatbot.po``.

    Raises:
        CatalogueError: the default locale lacks a key of the template, or a locale does not fit the template.
    """

    def __init__(self, path: Path) -> None:
        keys = set(_read(path / f"{_DOMAIN}.pot", DEFAULT_LOCALE))
        found = sorted(path.glob(f"*/LC_MESSAGES/{_DOMAIN}.po"))
        self._words = {file.parent.parent.name: _filled(_read(file, file.parent.parent.name)) for file in found}
        if missing := keys - set(self._words.get(DEFAULT_LOCALE, {})):
            raise CatalogueError(f"{path}: {DEFAULT_LOCALE} lacks {', '.join(sorted(missing))}")
        for locale, words in self._words.items():
            self._check(locale, words, keys)

    def _check(self, locale: str, words: Mapping[str, str], keys: set[str]) -> None:
        if unknown := set(words) - keys:
            raise CatalogueError(f"{locale} has keys that the template lacks: {', '.join(sorted(unknown))}")
        for key, text in words.items():
            if _names(text) != _names(self._words[DEFAULT_LOCALE][key]):
                raise CatalogueError(f"{locale}: {key} names other values than {DEFAULT_LOCALE}")

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that have a catalogue."""
        return tuple(self._words)

    def keys(self, locale: str) -> frozenset[str]:
        """The keys that a language has words for."""
        return frozenset(self._words.get(locale, ()))

    def _template(self, key: str, locale: str) -> str:
        words = self._words.get(locale)
        if words and key in words:
            return words[key]
        return self._words[DEFAULT_LOCALE][key]

    def render(self, phrase: Phrase, locale: str) -> str:
        """A phrase as rich text; values are escaped, phrases among them are rendered.

        Args:
            phrase: key and values.
            locale: the language; where it has no such words, the default locale's.

        Raises:
            KeyError: no catalogue has the key, or a value that the words name was not given.
        """
        values = {
            name: self.render(value, locale) if isinstance(value, Phrase) else html.escape(value, quote=False)
            for name, value in phrase.values.items()
        }
        template = self._template(phrase.key, locale)
        return template.format_map(values) if "{" in template else template

    def label(self, option: Option, locale: str, questions: Questions) -> Choice:
        """An option as the person reads it, cut to what the platforms allow.

        Args:
            option: the choice before it has words.
            locale: the person's language.
            questions: gives the question of a FAQ entry, for the description.
        """
        words = self._template(option.phrase, locale) if option.phrase else option.text
        description = self._template(option.description, locale) if option.description else option.detail
        if option.entry_id:
            description = questions(option.entry_id, locale)
        return Choice(option.payload, _cut(words, MAX_LABEL), _cut(description, MAX_DESCRIPTION))

    def spoken_labels(
        self, options: Iterable[Option], locale: str, questions: Questions
    ) -> tuple[tuple[str, str], ...]:
        """Labels and questions of choices as people type them, folded, each with its payload."""
        spoken: dict[str, str] = {}
        for option in options:
            words = self._template(option.phrase, locale) if option.phrase else option.text
            beside = self._template(option.description, locale) if option.description else ""
            question = questions(option.entry_id, locale) if option.entry_id else ""
            for text in (words, beside, question, option.detail):
                if text:
                    spoken.setdefault(fold(text), option.payload)
        return tuple(spoken.items())

    def with_list(self, text: str, choices: Sequence[Choice]) -> str:
        """A text with its choices numbered below, where buttons alone would not show them all or not say enough.

        Args:
            text: rich text.
            choices: what can be chosen, in order; its numbers are 1 and up.
        """
        if len(choices) <= _BUTTONS and not any(choice.description for choice in choices):
            return text
        lines = [
            f"{number}. {html.escape(_line(choice, number), quote=False)}" for number, choice in enumerate(choices, 1)
        ]
        return "\n".join((text, "", *lines))

    def format_time(self, at: datetime, timezone: ZoneInfo, locale: str) -> str:
        """A moment as the region's clocks show it: "24 November 2026 08.00 WIB".

        Args:
            at: aware.
            timezone: where the account is; WIB, WITA and WIT are named, other zones by their distance from UTC.
            locale: the reader's language.
        """
        local = at.astimezone(timezone)
        name = local.tzname() or ""
        zone = name if name.isalpha() else _distance(local.utcoffset() or timedelta())
        pattern = _TIMES.get(locale, _TIMES[DEFAULT_LOCALE])
        return f"{format_datetime(local, pattern, locale=_dated_in(locale))} {zone}"

    def format_day(self, day: date, locale: str) -> str:
        """A day in words: "24 November 2026"."""
        return _day(day, _dated_in(locale))

    def render_answer(self, entry: Entry, locale: str, today: date) -> str:
        """A FAQ answer as rich text, with its source and what may be doubted about it.

        Args:
            entry: the entry, in the language that is answered in.
            locale: the language of the footer.
            today: the region's date, against which a review is due.
        """
        footer = []
        if entry.source and entry.effective:
            values = {"source": entry.source, "date": self.format_day(entry.effective, locale)}
            footer.append(self.render(Phrase("faq.footer_source", values), locale))
        elif entry.source:
            footer.append(self.render(Phrase("faq.footer_undated", {"source": entry.source}), locale))
        if not entry.approved_by:
            footer.append(self.render(Phrase("faq.not_approved"), locale))
        if entry.review_due and entry.review_due < today:
            footer.append(self.render(Phrase("faq.overdue"), locale))
        answer = to_rich(entry.answer)
        return "\n".join((answer, "", *footer)) if footer else answer


def _read(file: Path, locale: str) -> dict[str, str]:
    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=locale, abort_invalid=True)
    # No plural forms here: a message has one text.
    return {str(message.id): str(message.string or "") for message in catalogue if message.id}


def _filled(words: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in words.items() if text}


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _line(choice: Choice, number: int) -> str:
    """A choice in a numbered list; a label that is only its number gives way to what it stands for."""
    if choice.description and choice.label != str(number):
        return f"{choice.label} ({choice.description})"
    return choice.description or choice.label


@lru_cache(maxsize=1024)  # the dates of the FAQ's sources, again and again
def _day(day: date, locale: str) -> str:
    return format_date(day, _DAY, locale=locale)


def _dated_in(locale: str) -> str:
    return locale if locale in _TIMES else DEFAULT_LOCALE


def _distance(ahead: timedelta) -> str:
    minutes = round(ahead.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}.{abs(minutes) % 60:02d}"
