"""All FAQ entries together: what is shipped, and what a unit puts over it.

Owns how files become one corpus: translations take their facts from their base entry, ``local/`` stands over what is
shipped, a broken file breaks its own entry only. Refuses the format of a file (``entry_file``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from chatbot.matching.entry_file import BASE_LOCALE, CorpusError, Entry, Fault, is_translation, parse

LOCAL = "local/"  # the folder in which a unit overrides what is shipped


@dataclass(frozen=True, slots=True)
class Corpus:
    """All entries that are sound, and the names of their files, by id and locale; and what is wrong with the others."""

    entries: Mapping[tuple[str, str], Entry]
    names: Mapping[tuple[str, str], str]
    faults: tuple[CorpusError, ...]

    def entry(self, entry_id: str, locale: str) -> Entry | None:
        """Look an entry up in a locale, else in the base locale; None where there is none."""
        return self.entries.get((entry_id, locale)) or self.entries.get((entry_id, BASE_LOCALE))

    def texts(self, on: date | None = None) -> Iterator[tuple[str, str, str]]:
        """Yield (entry id, locale, text) of every question and variant that may be answered, for a matcher.

        Args:
            on: the day; None: whatever the season.
        """
        for entry in self.entries.values():
            if entry.is_answered(on) if on else entry.status == "approved":
                for text in (entry.question, *entry.variants):
                    yield entry.id, entry.locale, text

    def refused(self) -> Iterator[tuple[str, str, str]]:
        """Yield (entry id, locale, text) of what no entry answers, a draft's questions included; for a matcher."""
        for entry in self.entries.values():
            if entry.status in {"draft", "refused"}:
                for text in (entry.question, *entry.variants):
                    yield entry.id, entry.locale, text


def assemble(files: Mapping[str, bytes]) -> Corpus:
    """Make a corpus of files. Never raises: what is wrong with a file is in ``faults``, in order of names.

    Args:
        files: content by name. Of the folders in a name only ``local/`` at its start means something: an entry there
            stands instead of the shipped one of the same id and language, whole.
    """
    faults: list[CorpusError] = []
    # Base entries first, so that each translation finds its facts.
    names = sorted(files, key=lambda name: (is_translation(name), name))
    shipped = _Layer(faults, {})
    for name in names:
        if not name.startswith(LOCAL):
            shipped.take(name, files[name])
    local = _Layer(faults, shipped.bases)
    for name in names:
        if name.startswith(LOCAL):
            local.take(name, files[name])
    entries = {**shipped.entries, **local.entries}
    for (entry_id, locale), entry in shipped.entries.items():
        base = local.entries.get((entry_id, BASE_LOCALE))
        if base and (entry_id, locale) not in local.entries:
            # Its words are the shipped ones, so its source and approval are too; whether it is answered is not.
            entries[entry_id, locale] = replace(entry, status=base.status, starts=base.starts, ends=base.ends)
    faults.sort(key=lambda fault: (fault.name, fault.line))
    return Corpus(entries, {**shipped.names, **local.names}, tuple(faults))


class _Layer:
    """The entries of one layer: what is shipped, or what a unit put over it."""

    def __init__(self, faults: list[CorpusError], bases: Mapping[str, Entry | None]) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        self.names: dict[tuple[str, str], str] = {}
        self.bases: dict[str, Entry | None] = dict(bases)  # by the file's stem; None: the base is broken
        self._faults = faults

    def take(self, name: str, data: bytes) -> None:
        """Add a file, or the reason why it is no entry."""
        stem = PurePosixPath(name).name.split(".")[0]
        try:
            entry = parse(name, data)
        except CorpusError as error:
            self._faults.append(error)
            if not is_translation(name):
                self.bases[stem] = None
            return
        if not is_translation(name):
            self.bases[stem] = entry
        elif stem not in self.bases:
            self._faults.append(CorpusError(name, 1, Fault.BASE_MISSING))
            return
        base = self.bases[stem]
        if base is None:
            return  # its own fault says so
        if is_translation(name):
            entry = _with_facts(entry, base)
        if (entry.id, entry.locale) in self.entries:
            self._faults.append(CorpusError(name, 1, Fault.DUPLICATE))
        else:
            self.entries[entry.id, entry.locale] = entry
            self.names[entry.id, entry.locale] = name


def _with_facts(entry: Entry, base: Entry) -> Entry:
    return replace(
        entry,
        id=base.id,
        status=base.status,
        source=base.source,
        effective=base.effective,
        review_due=base.review_due,
        approved_by=base.approved_by,
        facts=base.facts,
        starts=base.starts,
        ends=base.ends,
        related=base.related,
    )
