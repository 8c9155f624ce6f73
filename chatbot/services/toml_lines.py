"""Where things stand in a TOML text, which the standard library's reader does not tell.

Owns finding the line of every key and of every item of a list. Refuses values and faults: ``tomllib`` has read the
text before, without complaint.
"""

from __future__ import annotations

import re
import tomllib
from itertools import count

Keys = tuple[str | int, ...]  # the way to a value: names of tables and keys, places in lists

_TOKEN = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"{3,5}(?!")'
    r"|'''[\s\S]*?'{3,5}(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[ \t\r]+"
    r"|[\n\[\]{}=,.]"
    r"""|[^\s#"'\[\]{}=,.]+"""
)
_SILENT = ("#", " ", "\t", "\r")


def lines_of(text: str) -> dict[Keys, int]:
    """The line, from 1, of each table, key and item of a list.

    A table's line is where it is first named. Lists of tables are known by their name only.

    Args:
        text: TOML that ``tomllib`` reads.
    """
    scan = _Scan(text)
    scan.run()
    return scan.lines


class _Scan:
    def __init__(self, text: str) -> None:
        self.lines: dict[Keys, int] = {}
        self._tokens: list[tuple[str, int]] = []
        self._at = 0
        line = 1
        for found in _TOKEN.finditer(text):
            token = found[0]
            if not token.startswith(_SILENT):
                self._tokens.append((token, line))
            line += token.count("\n")
        self._tokens.append(("", line))

    @property
    def _next(self) -> str:
        return self._tokens[self._at][0]

    def run(self) -> None:
        table: Keys = ()
        while self._next:
            if self._next == "\n":
                self._at += 1
            elif self._next == "[":
                brackets = 2 if self._tokens[self._at + 1][0] == "[" else 1
                self._at += brackets
                table = self._key(())
                self._at += brackets
            else:
                self._pair(table)

    def _pair(self, table: Keys) -> None:
        key = self._key(table)
        self._at += 1  # "="
        self._value(key)

    def _key(self, keys: Keys) -> Keys:
        """Read a key with its dots, note the line of each of its parts."""
        while True:
            token, line = self._tokens[self._at]
            keys = (*keys, _bare(token))
            self.lines.setdefault(keys, line)
            self._at += 1
            if self._next != ".":
                return keys
            self._at += 1

    def _value(self, keys: Keys) -> None:
        if self._next == "[":
            self._list(keys)
        elif self._next == "{":
            self._at += 1
            while not self._closes("}"):
                self._pair(keys)
        else:
            while self._next not in {"\n", ",", "]", "}", ""}:
                self._at += 1  # a number has dots, a moment may have a space

    def _list(self, keys: Keys) -> None:
        self._at += 1
        for place in count():
            if self._closes("]"):
                return
            item = (*keys, place)
            self.lines[item] = self._tokens[self._at][1]
            self._value(item)

    def _closes(self, bracket: str) -> bool:
        """Pass over what stands between items; whether the bracket came, which is passed over too."""
        while self._next in {"\n", ","}:
            self._at += 1
        closes = self._next in {bracket, ""}
        self._at += self._next == bracket
        return closes


def _bare(token: str) -> str:
    """A key as ``tomllib`` names it: a quoted one is read like any text."""
    return str(tomllib.loads(f"key = {token}")["key"]) if token[0] in "\"'" else token
