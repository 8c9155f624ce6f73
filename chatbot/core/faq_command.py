"""The administrators' grammar of ``/faq``: what they ask of the FAQ in their group.

Owns the words of the commands. Refuses to know entries and files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class FaqAct(StrEnum):
    """What an administrator wants of the FAQ."""

    LOAD = "load"
    SHOW = "show"  # an entry's file, to be changed and sent back
    ANSWER = "answer"  # a new answer
    VARIANTS = "variants"  # further variants
    APPROVE = "approve"  # the official who stands for it
    REVIEW = "review"  # the date of the next review
    EXPORT = "export"
    UNDO = "undo"
    GAPS = "gaps"  # what was not answered; with a number, a draft for it
    HELP = "help"


_ACTS = {
    "muat": FaqAct.LOAD,
    "load": FaqAct.LOAD,
    "ubah": FaqAct.SHOW,
    "edit": FaqAct.SHOW,
    "ekspor": FaqAct.EXPORT,
    "export": FaqAct.EXPORT,
    "kembali": FaqAct.UNDO,
    "undo": FaqAct.UNDO,
    "celah": FaqAct.GAPS,
    "gaps": FaqAct.GAPS,
}
_FIELDS = {
    "jawaban": FaqAct.ANSWER,
    "answer": FaqAct.ANSWER,
    "variasi": FaqAct.VARIANTS,
    "variants": FaqAct.VARIANTS,
    "sahkan": FaqAct.APPROVE,
    "approve": FaqAct.APPROVE,
    "tinjau": FaqAct.REVIEW,
    "review": FaqAct.REVIEW,
}
_WORD = re.compile(r"(\S+)[ \t]*\n?(.*)", re.DOTALL)
_ENTRY = re.compile(r"([a-z0-9][a-z0-9-]*)(?:\.([a-z]{2,3}))?(?:\.md)?")
_PRESS = re.compile(r"f:(ok|no):(\d{1,18})")


@dataclass(frozen=True, slots=True)
class FaqCommand:
    """What is asked: of an entry in a language, with a text or a number."""

    act: FaqAct
    entry_id: str = ""
    locale: str = "id"
    value: str = ""

    @property
    def changes(self) -> bool:
        """Whether it changes an entry."""
        return self.act in _FIELDS.values()


def read(text: str) -> FaqCommand:
    """Read what stands behind ``/faq``.

    Args:
        text: for instance "ubah sim-perpanjang jawaban", a line break and the new answer.
    """
    word, rest = _split(text)
    act = _ACTS.get(word.lower(), FaqAct.HELP)
    if act != FaqAct.SHOW:
        return FaqCommand(act, value=rest.strip().removeprefix("#"))
    name, rest = _split(rest)
    entry = _ENTRY.fullmatch(name.lower())
    if entry is None:
        return FaqCommand(FaqAct.HELP)
    field, value = _split(rest)
    if not field:
        return FaqCommand(FaqAct.SHOW, entry[1], entry[2] or "id")
    change = _FIELDS.get(field.lower())
    if change is None or not value.strip():
        return FaqCommand(FaqAct.HELP)
    return FaqCommand(change, entry[1], entry[2] or "id", value.strip())


def read_press(payload: str) -> tuple[bool, int] | None:
    """A button under a proposal: whether it is approved, and its number; None: another button."""
    found = _PRESS.fullmatch(payload)
    return (found[1] == "ok", int(found[2])) if found else None


def _split(text: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    found = _WORD.match(text.lstrip())
    return (found[1], found[2]) if found else ("", "")
