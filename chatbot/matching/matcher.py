"""Which FAQ entry a question is about, and how far that may be trusted.

Owns the search (shared characters and words, and a regression that learns which of them tell entries apart), the
ranking of its first finds, and the confidence with its two thresholds. Refuses knowing entries' content: it sees
(id, locale, text) and gives ids. It would rather refuse than guess: whatever a question speaks of that no entry does
costs confidence.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from chatbot.core.lexicon import SPELLING
from chatbot.core.message import NO_MATCH, Candidate, Match
from chatbot.core.spelling import index_by_consonants
from chatbot.matching.lexicon import FOREIGN, NAMED
from chatbot.matching.normalise import Terms, normalise, sentences
from chatbot.matching.tfidf import Floats, TfIdf

# What "sure" takes was chosen on the questions of hands that had not seen the corpus (fitting_*.tsv, development.tsv):
# from here on fewer than 2 % are answered wrongly, while as many are served as with a lower one, for what is not
# answered is offered. What "likely" takes, where the right entry is among the three offered for nearly all of the rest.
SURE = 0.75
LIKELY = 0.2

_GRAMS = range(2, 6)  # characters
_CHAR_SHARE = 0.5  # of the similarity; the rest is shared words
_OTHER_LOCALE = 0.93  # what a text in another language than asked for counts
_RIDGE = 0.4  # penalty of the regression: texts of an entry that look like another's are not believed fully
_VOTE_SHARE = 0.4  # of an entry's score before reranking; the rest is its most similar text
_RERANKED = 10  # entries
_RERANK_SHARE = 0.35
_LONG = 14  # words from which sentences are tried on their own
_MOST_SENTENCES = 8
_CHOICES = 3
_SLIP = 5  # letters from which one slip between a question's word and an entry's is forgiven
_MOST_FOREIGN = 2.0
_MOST_MASS = 2.0


class Evidence(NamedTuple):
    """What speaks for the first candidate: the features of the confidence, each about 0..1.

    Attributes:
        score: its score in the ranking.
        margin: its lead over the second entry.
        unknown: share of the question's topics, by rarity, that no entry knows.
        likeness: how far the most similar text and the question are the same words.
        vote: what the regression gives it.
        vote_margin: its lead there; negative where another entry leads.
        foreign: topics that are none of the police's, 2 at most.
        mass: how much known topic there is at all; a single everyday word is little.
        brevity: one over the number of topics.
    """

    score: float
    margin: float
    unknown: float
    likeness: float
    vote: float
    vote_margin: float
    foreign: float
    mass: float
    brevity: float


# Fitted by logistic regression (Newton steps, L2 penalty 1.0): "the first candidate is right" against all others.
_COEFFICIENTS = Evidence(
    score=1.2,
    margin=1.0,
    unknown=-0.7,
    likeness=1.9,
    vote=1.9,
    vote_margin=2.1,
    foreign=-2.3,
    mass=2.5,
    brevity=-1.2,
)
_CONSTANT = -5.2


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Entries, best first, with their scores, and the evidence for the first.

    ``beside`` says that the question names what the first entry never speaks of.
    """

    entries: tuple[int, ...]
    scores: tuple[float, ...]
    evidence: Evidence
    beside: bool


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


class FaqMatcher:
    """Finds the entry that a question is about. Deterministic; the same texts give the same matches."""

    def __init__(self, texts: Iterable[tuple[str, str, str]]) -> None:
        """Index texts.

        Args:
            texts: (entry id, locale, text) for every question and variant that may be answered.
        """
        rows = self._rows = sorted(set(texts))
        self._ids = sorted({entry_id for entry_id, _, _ in rows})
        numbers = {entry_id: number for number, entry_id in enumerate(self._ids)}
        self._entry_of = np.array([numbers[entry_id] for entry_id, _, _ in rows], dtype=np.int64)
        self._rows_of = [np.flatnonzero(self._entry_of == number) for number in range(len(self._ids))]
        self._locales = np.array([locale for _, locale, _ in rows], dtype=object)
        read = [normalise(text, locale) for _, locale, text in rows]
        counts = Counter(word for terms in read for word in terms.words)
        self._known = frozenset(counts)
        by_count = sorted(counts, key=lambda word: (-counts[word], word))
        self._consonants = index_by_consonants([*by_count, *(word for word in SPELLING if word not in counts)])
        self._plain = [" ".join(terms.topics) for terms in read]
        self._topics_of = [
            frozenset(topic for row in self._rows_of[number] for topic in read[row].topics)
            for number in range(len(self._ids))
        ]
        self._vocabulary = frozenset(topic for topics in self._topics_of for topic in topics)
        self._slips = _by_start(self._vocabulary)
        self._chars = TfIdf([_grams(terms) for terms in read])
        self._words = TfIdf([_bag(terms) for terms in read])
        self._votes = self._train(read)

    def match_many(self, texts: Sequence[str], locale: str) -> list[Match]:
        """Match texts with entries.

        Args:
            texts: questions as citizens wrote them.
            locale: the language they are answered in; entries' texts in it are preferred.

        Returns:
            One match for each text, in order.
        """
        preference = self._preference(locale)
        return [self._explain(text, locale, preference).match for text in texts]

    def explain(self, text: str, locale: str) -> Explanation:
        """Match one text, and say why; see ``match_many``."""
        return self._explain(text, locale, self._preference(locale))

    def collisions(self, least: float) -> list[Collision]:
        """Pairs of texts of different entries in one language that are at least so alike, the most alike first."""
        found = []
        for row, (entry_id, locale, text) in enumerate(self._rows):
            terms = normalise(text, locale)
            alike = self._similarities(terms)
            for other in np.flatnonzero(alike >= least):
                other_id, other_locale, other_text = self._rows[int(other)]
                if int(other) > row and other_id != entry_id and other_locale == locale:
                    found.append(Collision(entry_id, text, other_id, other_text, float(alike[other])))
        return sorted(found, key=lambda pair: (-pair.likeness, pair))

    def _preference(self, locale: str) -> Floats:
        return np.where(self._locales == locale, 1.0, _OTHER_LOCALE).astype(np.float64)

    def _train(self, read: Sequence[Terms]) -> Floats:
        """Solve a kernel ridge regression from texts to entries: each text's say in each entry, (texts, entries)."""
        if not read:
            return np.zeros((0, 0))
        kernel: Floats = np.stack([self._similarities(terms) for terms in read])
        owners: Floats = np.zeros((len(read), len(self._ids)))
        owners[np.arange(len(read)), self._entry_of] = 1.0
        return np.linalg.solve(kernel + _RIDGE * np.eye(len(read)), owners).astype(np.float64)

    def _explain(self, text: str, locale: str, preference: Floats) -> Explanation:
        if not self._ids:
            return Explanation(NO_MATCH)
        whole = normalise(text, locale, self._known, self._consonants)
        tried = [whole]
        if len(whole.words) >= _LONG:
            parts = (
                normalise(part, locale, self._known, self._consonants) for part in sentences(text)[:_MOST_SENTENCES]
            )
            tried.extend(part for part in parts if 1 < len(part.topics) < len(whole.topics))
        ranked = [self._rank(terms, preference) for terms in tried if terms.topics]
        unknown = tuple(topic for topic in dict.fromkeys(whole.topics) if not self._knows(topic))
        if not ranked:
            return Explanation(NO_MATCH, whole.words, whole.topics, unknown)
        best = max(ranked, key=lambda one: confidence(one.evidence))
        trust = confidence(best.evidence)
        # The others stand to the first as their scores do: they are offered, never answered.
        candidates = tuple(
            Candidate(self._ids[entry], round(trust * max(score, 0.0) / (best.scores[0] or 1.0), 4))
            for entry, score in zip(best.entries[:_CHOICES], best.scores, strict=False)
        )
        match = Match(candidates, sure=trust >= SURE and not best.beside, likely=trust >= LIKELY)
        return Explanation(match, whole.words, whole.topics, unknown, best.evidence)

    def _rank(self, terms: Terms, preference: Floats) -> _Ranked:
        """Rank entries for a question that has topics.

        Args:
            terms: the question.
            preference: a factor for each text, shape (texts,).
        """
        shared = self._similarities(terms)
        votes = shared @ self._votes
        similarity: Floats = shared * preference
        nearest = np.zeros(len(self._ids))
        np.maximum.at(nearest, self._entry_of, similarity)
        found = (1 - _VOTE_SHARE) * nearest + _VOTE_SHARE * votes
        weights = {topic: self._words.idf(topic) for topic in terms.topics}
        total = sum(weights.values())
        plain = " ".join(terms.topics)
        scores: dict[int, float] = {}
        likeness: dict[int, float] = {}
        coverage: dict[int, float] = {}
        # Stable, so that equals keep the order of ids.
        for entry in (int(number) for number in np.argsort(-found, kind="stable")[:_RERANKED]):
            rows = self._rows_of[entry]
            nearest_row = int(rows[int(np.argmax(similarity[rows]))])
            likeness[entry] = fuzz.token_set_ratio(plain, self._plain[nearest_row]) / 100
            coverage[entry] = self._covered(weights, self._topics_of[entry]) / total
            again = (likeness[entry] + coverage[entry]) / 2
            scores[entry] = (1 - _RERANK_SHARE) * float(found[entry]) + _RERANK_SHARE * again
        order = sorted(scores, key=lambda entry: (-scores[entry], entry))
        first = order[0]
        known = self._topics_of[first]
        evidence = Evidence(
            score=scores[first],
            margin=scores[first] - (scores[order[1]] if len(order) > 1 else 0.0),
            unknown=sum(weight for topic, weight in weights.items() if not self._knows(topic)) / total,
            likeness=likeness[first],
            vote=float(votes[first]),
            vote_margin=float(votes[first] - max(np.delete(votes, first), default=0.0)),
            foreign=min(float(sum(topic in FOREIGN and topic not in known for topic in weights)), _MOST_FOREIGN),
            mass=min(sum(weight for topic, weight in weights.items() if topic in known) / 10, _MOST_MASS),
            brevity=1 / len(weights),
        )
        beside = any(topic in NAMED and topic not in known for topic in terms.topics)
        return _Ranked(tuple(order), tuple(scores[entry] for entry in order), evidence, beside)

    def _similarities(self, terms: Terms) -> Floats:
        chars = self._chars.similarities(_grams(terms))
        return _CHAR_SHARE * chars + (1 - _CHAR_SHARE) * self._words.similarities(_bag(terms))

    def _covered(self, weights: Mapping[str, float], topics: frozenset[str]) -> float:
        return sum(
            weight
            for topic, weight in weights.items()
            if topic in topics or (topic not in self._vocabulary and any(near in topics for near in self._near(topic)))
        )

    def _knows(self, topic: str) -> bool:
        return topic in self._vocabulary or bool(self._near(topic))

    def _near(self, topic: str) -> list[str]:
        """Find the corpus's words that are one slip away, the first two letters being right."""
        if len(topic) < _SLIP:
            return []
        return [other for other in self._slips.get(topic[:2], ()) if OSA.distance(topic, other, score_cutoff=1) <= 1]


def confidence(evidence: Evidence) -> float:
    """Compute how likely it is, 0..1, that the first candidate is what the question is about."""
    weighed = sum(factor * value for factor, value in zip(_COEFFICIENTS, evidence, strict=True))
    return 1 / (1 + math.exp(-weighed - _CONSTANT))


def _by_start(topics: frozenset[str]) -> dict[str, tuple[str, ...]]:
    starts: dict[str, tuple[str, ...]] = {}
    for topic in sorted(topics):
        if len(topic) >= _SLIP - 1:
            starts[topic[:2]] = (*starts.get(topic[:2], ()), topic)
    return starts


def _grams(terms: Terms) -> Counter[str]:
    """Count the character n-grams of the topics, word ends marked, none across two words."""
    return Counter(
        marked[at : at + size]
        for marked in (f" {topic} " for topic in terms.topics)
        for size in _GRAMS
        for at in range(len(marked) - size + 1)
    )


def _bag(terms: Terms) -> Counter[str]:
    """Count the topics and the pairs of neighbours."""
    bag = Counter(terms.topics)
    bag.update(f"{one} {two}" for one, two in pairwise(terms.topics))
    return bag
