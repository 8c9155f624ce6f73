"""Answers that officers send by a key instead of typing them: a shipped file, and the unit's own over it.

Owns the format of these files (TOML: a table for each key, a text for each language) and falling back to the last good
text of a broken one. Refuses to decide when an answer is sent (``desk``) and in whose language (``dialogue``).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from string import Formatter

from chatbot.core.officer import Act, OfficerCommand
from chatbot.logs import log
from chatbot.services.i18n import DEFAULT_LOCALE

FILES = ("jawaban.toml", "local/jawaban.toml")  # within the FAQ folder; the later stands over the earlier
NAMES = frozenset({"nomor", "kategori", "satuan", "waktu"})  # what an answer may hold in braces
_LOCALES = frozenset({"id", "en"})
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MOST_BYTES = 64 * 1024
_LONGEST = 1000  # characters of one answer: it goes under a file, too
_LOOKS_LIKE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_TWICE = re.compile(r"([a-z]+)-\1")  # "sama-sama": a word of its own, and nobody's key
_SYNTAX_LINE = re.compile(r"at line (\d+)")
_NEAR = 3  # keys that are offered instead of one that there is not
_LIKENESS = 0.5

Answers = Mapping[str, Mapping[str, str]]  # key, locale, text


class Flaw(StrEnum):
    """Why a file serves no answers. The values are keys of the catalogues, since administrators read them."""

    SIZE = "faq.fault.size"
    UTF8 = "faq.fault.utf8"
    SYNTAX = "faq.saved.syntax"
    KEY = "faq.saved.key"
    SHAPE = "faq.saved.shape"
    LENGTH = "faq.saved.length"
    NAME = "faq.saved.name"


class BrokenFile(Exception):
    """A file that serves no answers.

    Attributes:
        name: the file within the FAQ folder.
        line: where, counted from 1.
        reason: why.
    """

    def __init__(self, name: str, line: int, reason: Flaw) -> None:
        super().__init__(f"{name}:{line}: {reason}")
        self.name = name
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LoadedAnswers:
    """What one look at the files gave: those that are right and may be remembered, and what is wrong with others."""

    good: tuple[tuple[str, bytes], ...]
    faults: tuple[BrokenFile, ...]


def parse_answers(name: str, data: bytes) -> Answers:
    """Read a file of saved answers.

    Raises:
        BrokenFile: the first thing that is wrong, with its line.
    """
    if len(data) > _MOST_BYTES:
        raise BrokenFile(name, 1, Flaw.SIZE)
    try:
        text = data.decode()
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BrokenFile(name, data.count(b"\n", 0, error.start) + 1, Flaw.UTF8) from None
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX_LINE.search(str(error))
        raise BrokenFile(name, int(found[1]) if found else text.count("\n") + 1, Flaw.SYNTAX) from None
    for key, texts in tables.items():
        if flaw := _flaw(key, texts):
            raise BrokenFile(name, _line_of(key, text), flaw)
    return tables


def _flaw(key: str, texts: object) -> Flaw | None:
    if not _KEY.fullmatch(key):
        return Flaw.KEY
    if not isinstance(texts, dict) or not {DEFAULT_LOCALE} <= set(texts) <= _LOCALES:
        return Flaw.SHAPE
    for text in texts.values():
        if not isinstance(text, str) or not text.strip():
            return Flaw.SHAPE
        if len(text) > _LONGEST:
            return Flaw.LENGTH
        if not _is_fillable(text):
            return Flaw.NAME
    return None


def _is_fillable(text: str) -> bool:
    """Whether braces hold nothing but the names we know."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return False
    return all(name is None or (name in NAMES and not spec and not how) for _, name, spec, how in parts)


def _line_of(key: str, text: str) -> int:
    """Where an answer begins."""
    found = re.search(rf"^\s*\[?\s*[\"']?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files that there are; of one that is too large no more than shows it."""
    for name in FILES:
        path = folder / name
        if path.is_file():
            with path.open("rb") as file:
                yield name, file.read(_MOST_BYTES + 1)


def faults_in(folder: Path) -> list[BrokenFile]:
    """What is wrong with the files of an FAQ folder, the first fault of each."""
    faults = []
    for name, data in _files(folder):
        try:
            parse_answers(name, data)
        except BrokenFile as fault:
            faults.append(fault)
    return faults


class SavedAnswers:
    """The answers that can be sent now.

    Args:
        folder: the FAQ folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._answers: Answers = {}
        self._seen: tuple[tuple[int, int], ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, in order."""
        return tuple(sorted(self._answers))

    def changed(self) -> bool:
        """Whether a file is not as it was at the last ``load``."""
        return self._look() != self._seen

    def _look(self) -> tuple[tuple[int, int], ...]:
        paths = [self._folder / name for name in FILES]
        stats = [path.stat() if path.is_file() else None for path in paths]
        return tuple((stat.st_mtime_ns, stat.st_size) if stat else (0, -1) for stat in stats)

    def load(self, last_good: Mapping[str, bytes]) -> LoadedAnswers:
        """Read the files and make their answers live; the last good text of a broken one serves.

        Args:
            last_good: file name to the text that was right the last time.
        """
        self._seen = self._look()
        answers: dict[str, Mapping[str, str]] = {}
        good, faults = [], []
        for name, data in _files(self._folder):
            try:
                answers |= parse_answers(name, data)
            except BrokenFile as fault:
                log().warning("saved_answers_broken", file=name, line=fault.line, reason=fault.reason)
                faults.append(fault)
                answers |= parse_answers(name, last_good.get(name, b""))
            else:
                good.append((name, data))
        self._answers = answers
        return LoadedAnswers(tuple(good), tuple(faults))

    def text(self, key: str, locale: str) -> str | None:
        """An answer in a language, else in the default one, names still in braces; None: there is none of that key."""
        texts = self._answers.get(key.casefold())
        return texts.get(locale, texts[DEFAULT_LOCALE]) if texts else None

    def sorted_out(self, command: OfficerCommand, *, has_file: bool) -> OfficerCommand:
        """A command as it is meant: an answer without words, or with a key that there is not, asks for the keys.

        Args:
            command: as it was read.
            has_file: it came with a file, which is an answer without any word.
        """
        if command.act != Act.ANSWER or not command.explicit:
            return command
        word = command.text.casefold()
        is_slip = bool(_LOOKS_LIKE.fullmatch(word)) and not _TWICE.fullmatch(word) and word not in self._answers
        return replace(command, act=Act.SAVED) if is_slip or not (word or has_file) else command

    def nearest(self, text: str) -> tuple[str, ...]:
        """The keys that a word may have been meant for; all of them where none is like it."""
        return tuple(difflib.get_close_matches(text.casefold(), self.keys, _NEAR, _LIKENESS)) or self.keys
