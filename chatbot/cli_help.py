"""What ``--help`` and a wrong use say, in the account's language.

Owns argparse's own words; what is given to it as help is a key of the catalogues. Refuses to say why argparse takes
arguments for wrong, which stays in its language.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any, NoReturn

from chatbot.cli_words import Words

_WRONG = 2
_OWN = {
    "positional arguments": "help.arguments",
    "options": "help.options",
    "show this help message and exit": "help.help",
}


def parser(words: Words) -> argparse.ArgumentParser:
    """A parser of the program's arguments, whose verbs' and steps' parsers speak as it does.

    Args:
        words: those of the account's language.
    """

    def told(text: str | None) -> str | None:
        return words(_OWN.get(text, text)) if text else text

    class Formatter(argparse.HelpFormatter):
        def add_usage(
            self,
            usage: str | None,
            actions: Iterable[argparse.Action],
            groups: Iterable[Any],
            prefix: str | None = None,
        ) -> None:
            super().add_usage(usage, actions, groups, words("help.usage") + " " if prefix is None else prefix)

        def add_text(self, text: str | None) -> None:
            super().add_text(told(text))

        def start_section(self, heading: str | None) -> None:
            super().start_section(told(heading))

        def _get_help_string(self, action: argparse.Action) -> str | None:
            return (told(action.help) or "").replace("%", "%%")  # which argparse would fill in

    class Parser(argparse.ArgumentParser):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options, formatter_class=Formatter)

        def error(self, message: str) -> NoReturn:
            said = words("help.wrong_use", verb=self.prog, error=message)
            self.exit(_WRONG, f"{self.format_usage()}{said}\n")

    return Parser(prog="chatbot", description="help.chatbot")
