"""What a verb tells on the terminal, in the account's language.

Owns where the catalogues lie, and that they are read once. Refuses the words themselves.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chatbot.channels.base import plain
from chatbot.core.message import Phrase
from chatbot.services.i18n import DEFAULT_LOCALE, Catalogues


@cache
def catalogues() -> Catalogues:
    """All words: beside the package in a checkout, else in the folder that the program is run from.

    Raises:
        OSError: they do not lie there.
        CatalogueError: they cannot serve.
    """
    beside = Path(__file__).parents[1] / "locales"
    return Catalogues(beside if beside.is_dir() else Path("locales"))


class Words:
    """Words in one language, as plain text.

    Args:
        locale: the language; empty: the default one.
    """

    def __init__(self, locale: str) -> None:
        self.locale = locale or DEFAULT_LOCALE

    def __call__(self, key: str, **values: str | Phrase) -> str:
        """What stands under a key of the catalogues."""
        return self.of(Phrase(key, values))

    def of(self, phrase: Phrase) -> str:
        """A phrase in words."""
        return plain(catalogues().render(phrase, self.locale))
