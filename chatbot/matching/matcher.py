"""Which FAQ entry a question is about, and how far that may be trusted.

Owns the search (a machine that learns what tells entries apart, and the most similar texts) and the ranking of its
first finds. Refuses knowing entries' content: it sees (id, locale, text) and gives ids. It would rather refuse than
guess: whatever a question speaks of that no entry does costs confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz

from chatbot.core.lexicon import SPELLING
from chatbot.core.message import NO_MATCH, Candidate, Match
from chatbot.core.spelling import index_by_consonants, raw_words
from chatbot.matching.confidence import LIKELY, SURE, Evidence, confidence
from chatbot.matching.features import Features
from chatbot.matching.fresh import Fresh
from chatbot.matching.lexicon import FOREIGN, NAMED, Lexicon
from chatbot.matching.normalise import Terms, normalise
from chatbot.matching.slips import Slips
from chatbot.matching.sparse import Floats, Ints, Rows
from chatbot.matching.svm import train

_REFUSED = "~"  # before a refused kind's name: it sorts behind every entry's id
# What is learnt from; above, the most similar text alone decides, over fewer features.
_MOST_TEXTS = 20_000
_MOST_LEARNT = 5_000_000  # texts times entries: some 12 seconds
_OTHER_LOCALE = 0.97  # what a text in another language than asked for counts
_NEAR_SHARE = 0.25  # of an entry's score: its most similar text, beside what was learnt
_SECOND_SHARE = 0.2  # of that: its second most similar text
_RERANKED = 10  # entries
_RERANK_SHARE = 0.5
_CHOICES = 3
_MOST_FOREIGN = 2.0
_MOST_MASS = 2.0
_STEPS = 32_767  # of what was learnt, the most that 16 bits hold


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Entries, best first, with their scores, and the evidence for the first.

    ``beside`` says that the question names what the first entry never speaks of; ``refused`` is the refused kind that
    is nearer than any entry, empty where none is.
    """

    entries: tuple[int, ...]
    scores: tuple[float, ...]
    evidence: Evidence
    beside: bool
    refused: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text is matched as it is: what was read of it, and what speaks for the first candidate.

    Attributes:
        match: the result.
        words: the words in standard spelling.
        topics: the stems that carry a topic.
        unknown: those topics that no entry knows.
        evidence: the features of the confidence; None where nothing was ranked.
    """

    match: Match
    words: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    evidence: Evidence | None = None


class Collision(NamedTuple):
    """Two texts of different entries that are nearly the same question. ``likeness`` is a cosine, 0..1."""

    entry_id: str
    text: str
    other_id: str
    other_text: str
    likeness: float


class _Learnt:
    """What was learnt, as whole numbers of a small step: half the memory of floats, read as fast."""

    def __init__(self, weights: Floats) -> None:
        """Take over weights of shape (features + 1, entries), the last row being the bias; they are overwritten."""
        self._step = max(float(weights.max(initial=1e-6)), -float(weights.min(initial=0))) / _STEPS
        weights /= self._step
        self._weights = np.rint(weights, out=weights).astype(np.int16)

    def of(self, columns: Ints, values: Floats) -> Floats:
        """How far each entry is what was asked by these features, shape (entries,)."""
        scores: Floats = values @ self._weights.take(columns, axis=0).astype(np.float32) + self._weights[-1]
        return scores * self._step


class FaqMatcher:
    """Finds the entry that a question is about. Deterministic; the same texts give the same matches."""

    def __init__(
        self, texts: Iterable[tuple[str, str, str]], lexicon: Lexicon, refused: Iterable[tuple[str, str, str]] = ()
    ) -> None:
        """Learn texts.

        Args:
            texts: (entry id, locale, text) for every question and variant that may be answered.
            lexicon: what words of other languages and synonyms are read as; ``NO_LEXICON`` where they are not
                Indonesian.
            refused: (kind, locale, text) of messages that no entry answers; a kind is learnt like an entry.
        """
        rows = self._rows = sorted(set(texts))
        asked = len(rows)
        self._ids = sorted({entry_id for entry_id, _, _ in rows})
        self._answered = len(self._ids)  # what comes after is refused
        rows += sorted({(f"{_REFUSED}{kind}", locale, text) for kind, locale, text in refused})
        self._ids += sorted({kind for kind, _, _ in rows[asked:]})
        self._lexicon = lexicon
        self._exact = _sole((tuple(raw_words(text)), entry_id) for entry_id, _, text in rows[:asked])
        numbers = {entry_id: number for number, entry_id in enumerate(self._ids)}
        owners = np.array([numbers[entry_id] for entry_id, _, _ in rows], dtype=np.int64)
        self._starts = np.searchsorted(owners, np.arange(len(self._ids) + 1))  # an entry's texts stand together
        self._spans = [slice(start, end) for start, end in pairwise(self._starts.tolist())]
        self._locales = np.array([locale for _, locale, _ in rows], dtype=np.str_)
        read = [normalise(text, locale, lexicon) for _, locale, text in rows]
        counts = Counter(word for terms in read[:asked] for word in terms.raw)
        self._known = frozenset(word for word in counts if not lexicon.has(word))
        by_count = sorted(counts, key=lambda word: (-counts[word], word))
        self._consonants = index_by_consonants([*by_count, *(word for word in SPELLING if word not in counts)])
        self._plain = [" ".join(terms.topics) for terms in read]
        topics: list[set[str]] = [set() for _ in self._ids]
        for owner, terms in zip(owners.tolist(), read, strict=True):
            topics[owner].update(terms.topics)
        self._topics_of = [frozenset(found) for found in topics]
        self._vocabulary = frozenset().union(*self._topics_of[: self._answered])
        self._slips = Slips(self._vocabulary)
        self._fresh = Fresh((), self.rarity)
        lean = len(rows) > _MOST_TEXTS or len(rows) * len(self._ids) > _MOST_LEARNT
        self._features = Features(read, lean=lean)
        self._learnt = None if lean else _Learnt(train(self._features.rows, owners, len(self._ids)))

    def match_many(self, texts: Sequence[str], locale: str) -> list[Match]:
        """Match texts with entries.

        Args:
            texts: questions as citizens wrote them.
            locale: the language they are answered in; entries' texts in it are preferred.

        Returns:
            One match for each text, in order.
        """
        return [one.match for one in self._explain(texts, locale)]

    def with_texts(self, texts: Iterable[tuple[str, str, str]]) -> FaqMatcher:
        """The same matcher that knows these texts word for word, and no others, until it is learnt anew.

        Of those that it has not learnt it also knows what says the same with other words around it or misspelt; to what
        says much of one and is answered by nothing that was learnt, it is offered.

        Args:
            texts: as when it was made.
        """
        told = copy(self)
        rows = sorted(set(texts))
        new = set(rows).difference(self._rows)
        told._exact = _sole((tuple(raw_words(text)), entry_id) for entry_id, _, text in rows)  # noqa: SLF001  of a copy of this matcher
        topics = ((frozenset(self._read(text, locale).topics), entry_id) for entry_id, locale, text in sorted(new))
        told._fresh = Fresh(topics, self.rarity)  # noqa: SLF001  of the same copy
        return told

    def explain(self, text: str, locale: str) -> Explanation:
        """Match one text, and say why; see ``match_many``."""
        return self._explain([text], locale)[0]

    def rarity(self, topic: str) -> float:
        """How much a topic says of what a question is about: the fewer texts have it, the more."""
        return self._features.rarity(topic)

    def collisions(self, least: float, entries: Collection[str] = ()) -> list[Collision]:
        """Pairs of texts of different entries in one language that are nearly the same, the most alike first.

        Args:
            least: from how much likeness on, 0..1.
            entries: those whose texts are compared with all others; none: all, each pair once.
        """
        found = []
        end = int(self._starts[self._answered])
        for row, (entry_id, locale, text) in enumerate(self._rows[:end]):
            if entries and entry_id not in entries:
                continue
            alike = self._cosines(*self._features.rows.row(row))
            for other in np.flatnonzero(alike[:end] >= least).tolist():
                other_id, other_locale, other_text = self._rows[other]
                if other_id != entry_id and other_locale == locale and (entries or other > row):
                    found.append(Collision(entry_id, text, other_id, other_text, float(alike[other])))
        return sorted(found, key=lambda pair: (-pair.likeness, pair))

    def _explain(self, texts: Sequence[str], locale: str) -> list[Explanation]:
        # One step for all texts, then the next: what a step needs stays in the processor's cache.
        read = [self._read(text, locale) for text in texts]
        asked = self._features.of(read)
        return [self._decide(terms, *asked.row(number), locale) for number, terms in enumerate(read)]

    def _read(self, text: str, locale: str) -> Terms:
        return normalise(text, locale, self._lexicon, self._known, self._consonants)

    def _decide(self, terms: Terms, columns: Ints, values: Floats, locale: str) -> Explanation:
        """Match one text that was read; the other arguments as for ``_rank``."""
        fresh = self._fresh.find(terms.topics)
        if sure := self._exact.get(terms.raw) or (fresh.whole and fresh.entry_id):
            return Explanation(Match((Candidate(sure, 1.0),), sure=True, likely=True), terms.words, terms.topics)
        if not self._answered:
            return Explanation(NO_MATCH, terms.words, terms.topics)
        if not terms.topics:
            return Explanation(NO_MATCH, terms.words)
        forms = {topic: self._slips.forms(topic) for topic in terms.topics}
        best = self._rank(terms, forms, columns, values, locale)
        trust = confidence(best.evidence)
        # The others stand to the first as their scores do: they are offered, never answered.
        candidates = tuple(
            Candidate(self._ids[entry], round(trust * _ratio(score, best.scores[0]), 4))
            for entry, score in zip(best.entries[:_CHOICES], best.scores, strict=False)
        )
        # The bare name of a service asks nothing yet, so what is asked about it is offered.
        likely = trust >= LIKELY or NAMED.issuperset(terms.topics)
        match = Match(candidates, sure=trust >= SURE and not best.beside, likely=likely, refused=best.refused)
        if fresh.entry_id and not match.sure:
            others = [one for one in candidates if one.entry_id != fresh.entry_id]
            offered = (Candidate(fresh.entry_id, round(max(trust, LIKELY), 4)), *others)[:_CHOICES]
            match = replace(match, candidates=offered, likely=True)
        unknown = tuple(topic for topic, known in forms.items() if not known)
        return Explanation(match, terms.words, terms.topics, unknown, best.evidence)

    def _rank(
        self, terms: Terms, forms: Mapping[str, Sequence[str]], columns: Ints, values: Floats, locale: str
    ) -> _Ranked:
        """Rank entries for a question that has topics.

        Args:
            terms: the question.
            forms: for each of its topics, how the corpus spells it; nothing where it does not know it.
            columns: its features, shape (features,).
            values: their values, shape (features,).
            locale: the language whose texts are preferred.
        """
        found = self._found(columns, values)
        asked = np.zeros(self._features.rows.width, dtype=np.float32)
        asked[columns] = values / max(float(np.sqrt(values @ values)), 1e-6)
        weights = {topic: self._features.rarity(topic) for topic in forms}
        topics = [(weight, forms[topic]) for topic, weight in weights.items()]
        total = sum(weights.values())
        plain = " ".join(terms.topics)
        near: dict[int, float] = {}
        likeness: dict[int, float] = {}
        covered: dict[int, float] = {}
        scores: dict[int, float] = {}
        refused, found = found[self._answered :], found[: self._answered]
        # Stable, so that equals keep the order of ids.
        leading = np.argsort(-found, kind="stable")[:_RERANKED].tolist()
        for entry, (nearness, nearest) in zip(leading, self._nearest(leading, asked, locale), strict=True):
            known = self._topics_of[entry]
            near[entry] = nearness
            likeness[entry] = fuzz.token_set_ratio(plain, self._plain[nearest]) / 100
            covered[entry] = sum(weight for weight, spelt in topics if not known.isdisjoint(spelt)) / total
            again = (likeness[entry] + covered[entry]) / 2
            scores[entry] = float(found[entry]) + _NEAR_SHARE * near[entry] + _RERANK_SHARE * again
        order = sorted(scores, key=lambda entry: (-scores[entry], entry))
        first = order[0]
        known = self._topics_of[first]
        evidence = Evidence(
            margin=float(found[first]),
            lead=float(found[first]) - max((float(found[entry]) for entry in leading if entry != first), default=-1.0),
            refusal=float(refused.max()) if len(refused) else -1.0,
            near_lead=near[first] - max((one for entry, one in near.items() if entry != first), default=0.0),
            likeness=likeness[first],
            unknown=sum(weight for topic, weight in weights.items() if not forms[topic]) / total,
            uncovered=1 - covered[first],
            foreign=min(float(sum(topic in FOREIGN and topic not in known for topic in weights)), _MOST_FOREIGN),
            mass=min(sum(weight for topic, weight in weights.items() if topic in known) / 10, _MOST_MASS),
            brevity=1 / len(weights),
        )
        beside = any(topic in NAMED and topic not in known for topic in terms.topics)
        kind = int(np.argmax(refused)) if len(refused) and evidence.refusal > found.max() else -1
        nearer = "" if kind < 0 else self._ids[self._answered + kind].removeprefix(_REFUSED)
        return _Ranked(tuple(order), tuple(scores[entry] for entry in order), evidence, beside, nearer)

    def _found(self, columns: Ints, values: Floats) -> Floats:
        """How far each entry is what was asked: what was learnt, else its most similar text; shape (entries,)."""
        if self._learnt is not None:
            return self._learnt.of(columns, values)
        nearest: Floats = np.maximum.reduceat(self._cosines(columns, values), self._starts[:-1])
        return nearest

    def _nearest(self, entries: Sequence[int], asked: Floats, locale: str) -> Iterator[tuple[float, int]]:
        """Each entry's nearness, which its two most similar texts make, and the row of the first of them.

        Args:
            entries: their numbers.
            asked: the question's features, shape (features,), of length 1.
            locale: the language whose texts are preferred.
        """
        spans = [self._spans[entry] for entry in entries]
        factors = np.where(np.concatenate([self._locales[span] for span in spans]) == locale, 1.0, _OTHER_LOCALE)
        alike = iter((self._features.rows.times(asked, spans) / self._features.size * factors).tolist())
        for span in spans:
            own = list(islice(alike, span.stop - span.start))
            best, second = max(own), sorted(own)[-2:][0]  # an only one is also the second
            yield (1 - _SECOND_SHARE) * best + _SECOND_SHARE * second, span.start + own.index(best)

    def _cosines(self, columns: Ints, values: Floats) -> Floats:
        """Compare features with every text's, shape (texts,)."""
        if not len(columns):
            return np.zeros(len(self._rows), dtype=np.float32)
        postings = [self._postings.row(column) for column in columns.tolist()]
        texts = np.concatenate([posting[0] for posting in postings])
        theirs = np.concatenate([posting[1] for posting in postings])
        ours = np.repeat(values, [len(posting[0]) for posting in postings])
        size = float(np.sqrt(values @ values)) * self._features.size
        cosines: Floats = (np.bincount(texts, weights=theirs * ours, minlength=len(self._rows)) / size).astype("f4")
        return cosines

    @cached_property
    def _postings(self) -> Rows:
        """The texts of each feature: only what compares with all texts needs them."""
        return self._features.rows.turned()


def _sole(owned: Iterable[tuple[tuple[str, ...], str]]) -> dict[tuple[str, ...], str]:
    """What one entry alone has, by what it is."""
    owners: dict[tuple[str, ...], set[str]] = {}
    for key, entry_id in owned:
        owners.setdefault(key, set()).add(entry_id)
    return {key: next(iter(found)) for key, found in owners.items() if key and len(found) == 1}


def _ratio(score: float, best: float) -> float:
    """How a candidate's score stands to the first's; both lie about -2..2."""
    return max(score + 2, 0.0) / max(best + 2, 1e-6)
