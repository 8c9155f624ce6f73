"""The FAQ in use: files, corpus, matcher, swapped together.

Owns reading the folder and falling back to the last good text of a broken file. Refuses the format
(``matching.corpus``) and the ranking (``matching.matcher``).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chatbot.core.lexicon import SPELLING, STANDARD
from chatbot.core.message import Match
from chatbot.core.spelling import raw_words
from chatbot.logs import log
from chatbot.matching.corpus import Corpus, assemble
from chatbot.matching.entry_file import BASE_LOCALE, MAX_BYTES, CorpusError, Entry
from chatbot.matching.lexicon import STOPWORDS, TOPICS
from chatbot.matching.matcher import FaqMatcher
from chatbot.metrics import faq_faults
from chatbot.services.matcher_apart import MatcherApart, Texts, lexicon, matcher

_MOST_RELATED = 3
_Known = tuple[Texts, Texts]  # what is answered, what is refused


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one look at the folder gave.

    Attributes:
        corpus: what is live now; a broken file's last good text serves in it.
        good: the files that are right and may be remembered.
        faults: what is wrong with the others.
    """

    corpus: Corpus
    good: tuple[tuple[str, bytes], ...]
    faults: tuple[CorpusError, ...]

    def count(self, status: str) -> int:
        """How many entries have a status."""
        return len({entry.id for entry in self.corpus.entries.values() if entry.status == status})


def listing(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """The FAQ files of a folder: name within it, time of the last change, size."""
    found = []
    for path in sorted(folder.rglob("*.md")):
        if path.is_file() and not path.is_symlink():
            stat = path.stat()
            found.append((path.relative_to(folder).as_posix(), stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def read_folder(folder: Path) -> dict[str, bytes]:
    """The FAQ files of a folder, by name within it; of one that is far too large, what shows that it is."""
    found = {}
    for name, _, _ in listing(folder):
        with (folder / name).open("rb") as file:
            found[name] = file.read(MAX_BYTES + 1)
    return found


def vocabulary_of(corpus: Corpus) -> frozenset[str]:
    """Folded words that are surely no person's name: those of the answers and their variants, and of the word tables.

    What no entry answers is left out: its variants are as citizens wrote them.
    """
    tables = lexicon()
    texts = [
        *(" ".join(name) for name in TOPICS),
        *(word for words in (STANDARD, STOPWORDS) for word in words),
        *(f"{word} {read}" for word, read in SPELLING.items()),
        *(
            f"{word} {' '.join(read)}"
            for table in (tables.english, tables.regional, tables.synonyms)
            for word, read in table.items()
        ),
        *(
            text
            for entry in corpus.entries.values()
            if entry.status != "refused"
            for text in (entry.question, *entry.variants, entry.answer)
        ),
    ]
    return frozenset(word for text in texts for word in raw_words(text))


def matcher_of(corpus: Corpus, on: date | None = None) -> FaqMatcher:
    """A matcher over everything in a corpus that is answered on a day; None: whatever the season."""
    return matcher(tuple(corpus.texts(on)), tuple(corpus.refused()))


class Faq:
    """The answers that are live now."""

    def __init__(
        self,
        folder: Path,
        today: Callable[[], date],
        make: Callable[[Texts, Texts], FaqMatcher | MatcherApart] = matcher,
    ) -> None:
        self._folder = folder
        self._make = make
        self._today = today
        self._on: date | None = None
        self.loaded: Loaded
        self.related: Mapping[str, tuple[str, ...]] = {}  # entries offered under the answer of another, by its id
        self.vocabulary: frozenset[str] = frozenset()
        self._matcher: FaqMatcher | MatcherApart
        self._texts: _Known = ((), ())  # what is to be known
        self._learnt: _Known | None = None  # what the matcher was made of
        self._learning = threading.Lock()
        self._seen: tuple[tuple[str, int, int], ...] = ()

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder

    def changed(self) -> bool:
        """Whether the folder, or the day and with it a season, is not as it was at the last ``read``."""
        return listing(self._folder) != self._seen or self._today() != self._on

    def load(self, last_good: Mapping[str, bytes]) -> Loaded:
        """Read the folder, and learn it where nothing is learnt yet; see ``read``."""
        loaded = self.read(last_good)
        if not self.is_ready:
            self.learn()
        return loaded

    def read(self, last_good: Mapping[str, bytes]) -> Loaded:
        """Read the folder and make its answers live. Broken files are named with line; their last good text serves.

        Variants are known word for word at once; ``learn`` makes them known in other spellings too.

        Args:
            last_good: file name to the text that was right the last time.
        """
        self._seen, self._on = listing(self._folder), self._today()
        found = read_folder(self._folder)
        if not found and last_good:
            log().error("faq_folder_empty")  # a mount that is gone, a copy half done: what was good goes on serving
            found = dict(last_good)
        corpus = assemble(found)
        faults = corpus.faults
        broken = {fault.name for fault in faults}
        for fault in faults:
            log().warning("faq_file_broken", file=fault.name, line=fault.line, reason=fault.reason)
        good = tuple((name, data) for name, data in found.items() if name not in broken)
        if rescued := {name: last_good[name] for name in broken if name in last_good}:
            corpus = assemble({**dict(good), **rescued})
        faq_faults.set(len(broken))
        self.vocabulary = vocabulary_of(corpus)
        self.loaded = Loaded(corpus, good, faults)
        self._texts = tuple(corpus.texts(self._on)), tuple(corpus.refused())
        self.related = _related(corpus, {entry_id for entry_id, _, _ in self._texts[0]})
        if not self.is_learnt:
            known = self._matcher if self.is_ready else matcher((), ())
            self._matcher = known.with_texts(self._texts[0])
        log().info("faq_loaded", entries=len(corpus.entries), faults=len(broken))
        return self.loaded

    @property
    def is_ready(self) -> bool:
        """Whether the matcher has learnt anything, be it what was loaded before."""
        return self._learnt is not None

    @property
    def is_learnt(self) -> bool:
        """Whether the matcher is made of what was loaded last."""
        return self._learnt == self._texts

    def learn(self) -> None:
        """Make the matcher of what was loaded last; takes seconds."""
        with self._learning:
            texts = self._texts
            if texts == self._learnt:
                return  # by another thread meanwhile
            began = time.monotonic()
            learnt = self._make(*texts)
            log().info("faq_learnt", seconds=round(time.monotonic() - began, 1))
            if texts == self._texts:  # else it was loaded again meanwhile, and is learnt again
                self._matcher, self._learnt = learnt, texts

    def match_many(self, texts: Sequence[str], locale: str) -> list[Match]:
        """What the corpus says to each text."""
        return self._matcher.match_many(texts, locale)

    def rarity(self, topic: str) -> float:
        """How much a topic says of what a question is about; one that no text has says most."""
        return self._matcher.rarity(topic)

    def entry(self, entry_id: str, locale: str) -> Entry | None:
        """An entry that is answered today in a language, else in any that it has."""
        for wanted in (locale, "id", "en"):
            entry = self.loaded.corpus.entries.get((entry_id, wanted))
            if entry and entry.is_answered(self._today()):
                return entry
        return None

    def question(self, entry_id: str, locale: str) -> str:
        """The entry's canonical question; empty when it is gone."""
        entry = self.entry(entry_id, locale)
        return entry.question if entry else ""


def _related(corpus: Corpus, answered: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The neighbours of each entry, those that are answered themselves."""
    return {
        entry_id: tuple(one for one in entry.related if one in answered)[:_MOST_RELATED]
        for (entry_id, locale), entry in corpus.entries.items()
        if locale == BASE_LOCALE and entry.related
    }
