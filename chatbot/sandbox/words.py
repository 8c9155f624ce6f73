"""Owns the demo's words: what it tells, what its people say, how its commands are called, in each language.

Refuses the bot's own catalogues: what the bot says is read from its messages only.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "locales"
_FILE = "LC_MESSAGES/sandbox.po"


class Words:
    """One language's words by key.

    Args:
        locale: "id" or "en".

    Raises:
        OSError: there is no catalogue for it.
    """

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self._texts = catalogue(locale)

    def __call__(self, key: str, **values: str) -> str:
        """The text of a key with its values put in.

        Raises:
            KeyError: the catalogue lacks the key or a value was not given.
        """
        return self._texts[key].format(**values)


def catalogue(locale: str) -> dict[str, str]:
    """A language's texts by key.

    Raises:
        OSError: there is no catalogue for it.
    """
    with (LOCALES / locale / _FILE).open("rb") as stream:
        found = read_po(stream, locale=locale, abort_invalid=True)
    return {str(message.id): str(message.string) for message in found if message.id}


def locales() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return tuple(sorted(path.parents[1].name for path in LOCALES.glob(f"*/{_FILE}")))


def commands(*names: str) -> dict[str, str]:
    """What may be typed in any language for each of these commands: word to name."""
    texts = [catalogue(locale) for locale in locales()]
    return {text[f"command.{name}"]: name for text in texts for name in names}
