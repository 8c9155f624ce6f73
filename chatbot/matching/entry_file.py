"""One FAQ file: from bytes to an entry and back.

Owns the file format: front matter of plain ``key: value`` lines, the question as the first heading, its variants as
the list right under it, the answer below. Refuses whatever an editor may get wrong, with the line it is on. Refuses
reading files: services hand over names and bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from pathlib import PurePosixPath

import yaml

BASE_LOCALE = "id"  # the locale of a file whose name states none; it alone holds the facts
LOCALES = frozenset({BASE_LOCALE, "en", "jv", "su"})
MAX_BYTES = 64 * 1024  # the longest entries have some 10 KiB


_KEYS = frozenset(
    {"id", "status", "source", "effective", "review_due", "approved_by", "facts", "from", "until", "related"}
)
_STATUSES = frozenset({"approved", "draft", "refused"})
_NAME = re.compile(r"(?P<stem>[a-z0-9][a-z0-9-]*)(?:\.(?P<locale>[a-z]{2,3}))?\.md")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")  # short enough for a button's payload
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
_FENCE = "---"


class Fault(StrEnum):
    """Why a file is no entry. The values are keys of the catalogues, since administrators read them."""

    NAME = "faq.fault.name"  # a file name that is not <id>.md or <id>.<locale>.md
    LOCALE = "faq.fault.locale"
    SIZE = "faq.fault.size"
    BOM = "faq.fault.bom"
    UTF8 = "faq.fault.utf8"
    TAB = "faq.fault.tab"
    CONTROL = "faq.fault.control"
    FRONT_MISSING = "faq.fault.front_missing"
    FRONT_UNEXPECTED = "faq.fault.front_unexpected"  # a translation takes its facts from the base entry
    FRONT_OPEN = "faq.fault.front_open"
    FRONT_SYNTAX = "faq.fault.front_syntax"
    FRONT_NOT_PLAIN = "faq.fault.front_not_plain"  # aliases, tags, lists, mappings, several documents
    KEY_UNKNOWN = "faq.fault.key_unknown"
    KEY_TWICE = "faq.fault.key_twice"
    KEY_MISSING = "faq.fault.key_missing"
    ID = "faq.fault.id"
    STATUS = "faq.fault.status"
    DATE = "faq.fault.date"
    DATE_ORDER = "faq.fault.date_order"
    HEADING_MISSING = "faq.fault.heading_missing"
    VARIANT = "faq.fault.variant"
    SEASON = "faq.fault.season"  # from and until belong together, in this order
    ANSWER_MISSING = "faq.fault.answer_missing"
    DUPLICATE = "faq.fault.duplicate"
    BASE_MISSING = "faq.fault.base_missing"


class CorpusError(Exception):
    """A file that cannot be an entry.

    Attributes:
        name: the file, as it was handed over.
        line: where, counted from 1.
        reason: why.
    """

    def __init__(self, name: str, line: int, reason: Fault) -> None:
        super().__init__(f"{name}:{line}: {reason}")
        self.name = name
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """One question with its answer, in one language.

    Attributes:
        id: stable, unique within a locale.
        locale: "id", "en", ...
        status: "approved" or "draft", which is never answered from; "refused": its variants are what no entry answers,
            and its text says so to who edits it. Empty in a translation until it is assembled.
        source: where the answer comes from.
        effective: since when it holds.
        review_due: from when on it needs a new look.
        approved_by: the unit that stands for it; empty: nobody has yet.
        question: the canonical question.
        variants: other ways to ask it.
        answer: Markdown as written.
        facts: rows of docs/faq-facts.md that its figures are taken from.
        starts: the first day on which it is answered; None: all year.
        ends: the last such day.
        related: ids of entries that the citizen may want next.
    """

    id: str
    locale: str
    status: str
    source: str
    effective: date | None
    review_due: date | None
    approved_by: str
    question: str
    variants: tuple[str, ...]
    answer: str
    facts: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None
    related: tuple[str, ...] = ()

    def is_answered(self, on: date) -> bool:
        """Whether the bot answers from it on a day: approved, and in its season."""
        return self.status == "approved" and (self.starts or on) <= on <= (self.ends or on)


def parse(name: str, data: bytes) -> Entry:
    """Read one file.

    Args:
        name: ``<id>.md`` for a base entry, ``<id>.<locale>.md`` for a translation; folders may stand before it.
        data: its bytes, UTF-8.

    Returns:
        The entry; a translation has no facts yet, ``assemble`` gives it those of its base.

    Raises:
        CorpusError: the file is no entry.
    """
    stem, locale = _named(name)
    lines = _text(name, data).split("\n")
    fenced = lines[0].rstrip() == _FENCE
    if is_translation(name):
        if fenced:
            raise CorpusError(name, 1, Fault.FRONT_UNEXPECTED)
        question, variants, answer = _body(name, lines, 0)
        return Entry(stem, locale, "", "", None, None, "", question, variants, answer)
    if not fenced:
        raise CorpusError(name, 1, Fault.FRONT_MISSING)
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        raise CorpusError(name, 1, Fault.FRONT_OPEN)
    facts = _front_matter(name, "\n".join(lines[1:end]))
    question, variants, answer = _body(name, lines, end + 1)
    entry_id, id_line = facts.get("id", (stem, 1))
    if not _ID.fullmatch(entry_id):
        raise CorpusError(name, id_line, Fault.ID)
    status, status_line = facts["status"]
    if status not in _STATUSES:
        raise CorpusError(name, status_line, Fault.STATUS)
    effective, review_due = _date(name, facts, "effective"), _date(name, facts, "review_due")
    if effective and review_due and review_due <= effective:
        raise CorpusError(name, facts["review_due"][1], Fault.DATE_ORDER)
    source, approved_by = facts.get("source", ("", 1))[0], facts.get("approved_by", ("", 1))[0]
    if status == "approved" and not (source and effective and review_due):
        raise CorpusError(name, status_line, Fault.KEY_MISSING)
    starts, ends = _season(name, facts)
    return Entry(
        entry_id,
        locale,
        status,
        source,
        effective,
        review_due,
        approved_by,
        question,
        variants,
        answer,
        facts=_list(facts, "facts"),
        starts=starts,
        ends=ends,
        related=_list(facts, "related"),
    )


def render(entry: Entry) -> bytes:
    """Write an entry as its file; ``parse`` reads the same entry from it."""
    lines = []
    if entry.locale == BASE_LOCALE:
        values = {
            "id": entry.id,
            "status": entry.status,
            "source": entry.source,
            "effective": entry.effective.isoformat() if entry.effective else "",
            "review_due": entry.review_due.isoformat() if entry.review_due else "",
            "approved_by": entry.approved_by,
            "facts": ", ".join(entry.facts),
            "from": entry.starts.isoformat() if entry.starts else "",
            "until": entry.ends.isoformat() if entry.ends else "",
            "related": ", ".join(entry.related),
        }
        optional = {"facts", "from", "until", "related"}
        lines = [
            _FENCE,
            *(f"{key}: {_scalar(value)}".rstrip() for key, value in values.items() if value or key not in optional),
            _FENCE,
        ]
    lines += [f"# {entry.question}", *(f"- {variant}" for variant in entry.variants), "", entry.answer, ""]
    return "\n".join(lines).encode()


def _scalar(value: str) -> str:
    """A value as YAML reads it back, quoted only where it must be."""
    try:
        # A plain value has six events; reading on costs half a minute where an editor's cell is all brackets.
        plain = list(islice(yaml.parse(f"key: {value}", Loader=yaml.SafeLoader), 6))
    except yaml.YAMLError:
        plain = []
    scalars = [event.value for event in plain if isinstance(event, yaml.ScalarEvent)]
    is_same = scalars == ["key", value] and "#" not in value and not value.startswith(("&", "*", "!", "'", '"'))
    return value if not value or is_same else "'" + value.replace("'", "''") + "'"


def _list(facts: Mapping[str, tuple[str, int]], key: str) -> tuple[str, ...]:
    return tuple(facts.get(key, ("", 1))[0].replace(",", " ").split())


def _named(name: str) -> tuple[str, str]:
    """The stem and the locale of a file name."""
    matched = _NAME.fullmatch(PurePosixPath(name).name)
    if matched is None:
        raise CorpusError(name, 1, Fault.NAME)
    locale = matched["locale"] or BASE_LOCALE
    if locale not in LOCALES:
        raise CorpusError(name, 1, Fault.LOCALE)
    return matched["stem"], locale


def is_translation(name: str) -> bool:
    """Whether a file name is a translation's: ``<id>.<locale>.md``."""
    return PurePosixPath(name).name.count(".") > 1


def _text(name: str, data: bytes) -> str:
    """Decode a file, or say on which line it is no plain text. Windows line ends are let pass."""
    if len(data) > MAX_BYTES:
        raise CorpusError(name, 1, Fault.SIZE)
    if data.startswith(b"\xef\xbb\xbf"):
        raise CorpusError(name, 1, Fault.BOM)
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CorpusError(name, data.count(b"\n", 0, error.start) + 1, Fault.UTF8) from None
    for fault, at in ((Fault.TAB, text.find("\t")), (Fault.CONTROL, _first_control(text))):
        if at >= 0:
            raise CorpusError(name, text.count("\n", 0, at) + 1, fault)
    return text


def _first_control(text: str) -> int:
    found = _CONTROL.search(text)
    return found.start() if found else -1


def _front_matter(name: str, text: str) -> dict[str, tuple[str, int]]:
    """Read keys with their values and lines."""
    facts: dict[str, tuple[str, int]] = {}
    scalars = _scalars(name, text)
    for key, line in scalars:
        value, value_line = next(scalars)  # a mapping's events always come in pairs
        if key not in _KEYS:
            raise CorpusError(name, line, Fault.KEY_UNKNOWN)
        if key in facts:
            raise CorpusError(name, line, Fault.KEY_TWICE)
        facts[key] = ("" if value in {"~", "null"} else value, value_line)
    if "status" not in facts:
        raise CorpusError(name, 1, Fault.KEY_MISSING)
    return facts


def _scalars(name: str, text: str) -> Iterator[tuple[str, int]]:
    """Yield the plain values of one flat mapping. Only events are read, so nothing is built, expanded or nested."""
    opened = False
    line = 2  # line 1 is the fence
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            line = event.start_mark.line + 2 if event.start_mark else line
            if isinstance(event, yaml.ScalarEvent) and opened and event.anchor is None and event.tag is None:
                yield str(event.value).strip(), line
            elif (
                isinstance(event, yaml.MappingStartEvent) and not opened and event.anchor is None and event.tag is None
            ):
                opened = True
            elif not isinstance(event, _FRAME_EVENTS) or (isinstance(event, yaml.DocumentStartEvent) and opened):
                raise CorpusError(name, line, Fault.FRONT_NOT_PLAIN)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise CorpusError(name, mark.line + 2 if mark else line, Fault.FRONT_SYNTAX) from None
    except yaml.YAMLError:
        raise CorpusError(name, line, Fault.FRONT_SYNTAX) from None


_FRAME_EVENTS = (
    yaml.StreamStartEvent,
    yaml.StreamEndEvent,
    yaml.DocumentStartEvent,
    yaml.DocumentEndEvent,
    yaml.MappingEndEvent,
)


def _date(name: str, facts: Mapping[str, tuple[str, int]], key: str) -> date | None:
    value, line = facts.get(key, ("", 1))
    if not value:
        return None
    try:
        # ISO has more forms than editors write; one is enough.
        return date.fromisoformat(value if _DATE.fullmatch(value) else "")
    except ValueError:
        raise CorpusError(name, line, Fault.DATE) from None


def _season(name: str, facts: Mapping[str, tuple[str, int]]) -> tuple[date | None, date | None]:
    starts, ends = _date(name, facts, "from"), _date(name, facts, "until")
    if (starts is None) != (ends is None) or (starts and ends and ends < starts):
        raise CorpusError(name, facts.get("until", facts.get("from", ("", 1)))[1], Fault.SEASON)
    return starts, ends


def _body(name: str, lines: list[str], start: int) -> tuple[str, tuple[str, ...], str]:
    at = start
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines) or not lines[at].startswith("# ") or not lines[at][2:].strip():
        raise CorpusError(name, min(at, len(lines) - 1) + 1, Fault.HEADING_MISSING)
    question = lines[at][2:].strip()
    variants: list[str] = []
    at += 1
    while at < len(lines) and lines[at].strip():
        if not lines[at].startswith("- ") or not lines[at][2:].strip():
            raise CorpusError(name, at + 1, Fault.VARIANT)
        variants.append(lines[at][2:].strip())
        at += 1
    answer = "\n".join(line.rstrip() for line in lines[at:]).strip()
    if not answer:
        raise CorpusError(name, len(lines), Fault.ANSWER_MISSING)
    return question, tuple(variants), answer
