"""How well and how fast the FAQ is matched, on questions whose entries are known.

Owns every measure of the answers. Refuses the questions' files (``faq_questions``), the matching
(``matching.matcher``), other ways to match (``faq_peers``) and printing (``cli_score``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chatbot.core.language import language_of
from chatbot.core.message import Match
from chatbot.matching.entry_file import BASE_LOCALE
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.faq_questions import Question

BATCH = 32  # questions that are matched at once, at most, while many wait
FALSE = 0.05  # share of what no entry answers that may be answered
RIGHT = 0.95  # share of all answers that must be right
DECISIONS = ("rightly", "wrongly", "served", "answered", "near", "other")
_NEAR = "near"  # how the kinds begin that resemble what an entry answers
_OFFERED = 3  # entries
_BINS = 10
_DRAWS = 1000  # of the bootstrap
_SEED = 1
_INTERVAL = (0.025, 0.975)

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Picked = npt.NDArray[np.int64] | slice


@dataclass(frozen=True, slots=True)
class Share:
    """A share, 0..1, and its 95 % interval by bootstrap."""

    value: float
    low: float
    high: float


Shares = Mapping[str, Share | None]  # by name; None where there is nothing to take a share of


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one way to match says to labelled questions; each array has shape (questions,).

    Attributes:
        asked: whether an entry answers it.
        first: whether the first entry found does.
        third: whether one of the first three does.
        trust: how sure the way is of the first, on any scale; -inf where it found none.
    """

    asked: Flags
    first: Flags
    third: Flags
    trust: Floats

    def at(self, rows: Picked) -> Ranking:
        """What it says to some of the questions."""
        return Ranking(self.asked[rows], self.first[rows], self.third[rows], self.trust[rows])


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose first candidate has a confidence between two bounds.

    Attributes:
        least: the lower bound; the upper one is the next bin's.
        count: how many there are.
        confidence: its mean; None where there are none.
        right: share of them whose first candidate is right; None where there are none.
    """

    least: float
    count: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds a question: the median and the 99th percentile one by one, and the mean in batches."""

    p50: float
    p99: float
    in_batches: float


@dataclass(frozen=True, slots=True)
class Score:
    """How questions were matched.

    Attributes:
        asked: how many an entry answers.
        foreign: how many none answers.
        ranking: shares of ``asked``: "first" and "third", the right entry is the first, one of the first three; "at_5"
            and "at_95", it is answered rightly while at most 5 % of ``foreign`` are answered, while 95 % of all answers
            are right, each with the threshold that gives most on this very set.
        decisions: shares of ``asked``: "rightly", "wrongly", "served" (answered rightly, or not answered but offered
            with the right entry among three choices); and of ``foreign``: "answered", and "near" and "other", those
            answered of the near misses and of the others.
        bins: ten of confidence, ascending, over all questions that have a candidate.
        error: how far confidence and share of right ones are apart on average, weighed by count, 0..1; None without
            any candidate.
        latency: of this run.
    """

    asked: int
    foreign: int
    ranking: Shares
    decisions: Shares
    bins: tuple[Bin, ...]
    error: float | None
    latency: Latency


def score(matcher: FaqMatcher, questions: Sequence[Question], locale: str = BASE_LOCALE) -> Score:
    """Match labelled questions as a citizen's would be, and measure.

    Args:
        matcher: of the entries.
        questions: at least one.
        locale: the language to take where the words do not tell.
    """
    matches, times = _timed(matcher, questions, locale)
    ranking = _ranking(questions, matches)
    bins = tuple(_bins(ranking))
    return Score(
        asked=int(ranking.asked.sum()),
        foreign=int((~ranking.asked).sum()),
        ranking=compared(ranking),
        decisions=_with_intervals(DECISIONS, _decisions(questions, matches, ranking), len(questions)),
        bins=bins,
        error=_error(bins),
        latency=_latency(matcher, questions, locale, times),
    )


def decided(matcher: FaqMatcher, questions: Sequence[Question]) -> tuple[list[Match], dict[str, float]]:
    """What is said to labelled questions, and the shares of ``Score.decisions`` alone; NaN where there is none.

    Args:
        matcher: of the entries.
        questions: at least one.
    """
    matches, _ = _timed(matcher, questions, BASE_LOCALE)
    shares = _decisions(questions, matches, _ranking(questions, matches))
    return matches, dict(zip(DECISIONS, shares(slice(None)), strict=True))


def _timed(matcher: FaqMatcher, questions: Sequence[Question], locale: str) -> tuple[list[Match], list[float]]:
    """Match questions one by one, each in the language of its words; the matches, and the seconds that each took."""
    matches, times = [], []
    for question in questions:
        spoken = language_of(question.text) or locale
        started = time.perf_counter()
        matches += matcher.match_many([question.text], spoken)
        times.append(time.perf_counter() - started)
    return matches, times


def _ranking(questions: Sequence[Question], matches: Sequence[Match]) -> Ranking:
    return ranked(
        questions,
        [[one.entry_id for one in match.candidates] for match in matches],
        [match.candidates[0].confidence if match.candidates else -np.inf for match in matches],
    )


def ranked(questions: Sequence[Question], found: Sequence[Sequence[str]], trust: Sequence[float]) -> Ranking:
    """Judge what was found.

    Args:
        questions: what was asked.
        found: ids of entries for each question, best first.
        trust: how sure the first is, for each question.
    """
    pairs = list(zip(questions, found, strict=True))
    return Ranking(
        np.array([bool(question.entries) for question in questions]),
        np.array([not question.entries.isdisjoint(ids[:1]) for question, ids in pairs]),
        np.array([not question.entries.isdisjoint(ids[:_OFFERED]) for question, ids in pairs]),
        np.array(trust, dtype=np.float64),
    )


def compared(ranking: Ranking) -> Shares:
    """The shares of a ranking, as in ``Score.ranking``."""

    def shares(rows: Picked) -> list[float]:
        some = ranking.at(rows)
        return [_mean(some.first[some.asked]), _mean(some.third[some.asked]), _at_false(some), _at_right(some)]

    return _with_intervals(("first", "third", "at_5", "at_95"), shares, len(ranking.asked))


def _at_false(ranking: Ranking) -> float:
    """Share of the asked ones answered rightly while few of the others are answered."""
    others = np.sort(ranking.trust[~ranking.asked])[::-1]
    if not len(others):
        return np.nan
    answered = ranking.trust > others[int(FALSE * len(others))]
    return _mean((ranking.first & answered)[ranking.asked])


def _at_right(ranking: Ranking) -> float:
    """Share of the asked ones answered rightly while nearly all answers are right."""
    asked = ranking.asked.sum()
    if not asked:
        return np.nan
    order = np.argsort(-ranking.trust, kind="stable")
    order = order[ranking.trust[order] > -np.inf]
    right = np.cumsum(ranking.first[order])
    share = right / np.arange(1, len(order) + 1)
    # A threshold answers all that are equally sure, or none of them.
    whole = np.diff(ranking.trust[order], append=-np.inf) < 0
    return float(right[(share >= RIGHT) & whole].max(initial=0) / asked)


def _decisions(
    questions: Sequence[Question], matches: Sequence[Match], ranking: Ranking
) -> Callable[[Picked], list[float]]:
    """What takes the shares that ``DECISIONS`` names, of some of the questions."""
    near = np.array([question.kind.startswith(_NEAR) for question in questions])
    sure = np.array([match.sure for match in matches])
    offered = np.array([match.likely and not match.sure for match in matches])

    def shares(rows: Picked) -> list[float]:
        some, answered, resembling = ranking.at(rows), sure[rows], near[rows]
        rightly = answered & some.first
        served = rightly | (offered[rows] & some.third)
        return [
            _mean(rightly[some.asked]),
            _mean((answered & ~some.first)[some.asked]),
            _mean(served[some.asked]),
            _mean(answered[~some.asked]),
            _mean(answered[~some.asked & resembling]),
            _mean(answered[~some.asked & ~resembling]),
        ]

    return shares


def _with_intervals(names: Sequence[str], shares: Callable[[Picked], list[float]], count: int) -> Shares:
    """Name shares, each with its interval.

    Args:
        names: theirs.
        shares: takes them of some of the questions; NaN where there are none to take one of.
        count: how many questions there are.
    """
    draw = np.random.default_rng(_SEED)
    drawn = np.array([shares(draw.integers(count, size=count)) for _ in range(_DRAWS)])
    found: dict[str, Share | None] = {}
    for name, value, values in zip(names, shares(np.arange(count)), drawn.T, strict=True):
        low, high = np.quantile(values[~np.isnan(values)], _INTERVAL) if not np.isnan(value) else (value, value)
        found[name] = None if np.isnan(value) else Share(value, float(low), float(high))
    return found


def _mean(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else np.nan


def _bins(ranking: Ranking) -> Iterator[Bin]:
    found = ranking.trust > -np.inf
    trust, first = ranking.trust[found], ranking.first[found]
    number = np.minimum(trust * _BINS, _BINS - 1).astype(int)
    for one in range(_BINS):
        here = number == one
        some = bool(here.any())
        yield Bin(
            least=one / _BINS,
            count=int(here.sum()),
            confidence=float(trust[here].mean()) if some else None,
            right=float(first[here].mean()) if some else None,
        )


def _error(bins: Sequence[Bin]) -> float | None:
    """The expected calibration error."""
    filled = [(one.count, one.confidence, one.right) for one in bins]
    apart = [count * abs(trust - right) for count, trust, right in filled if trust is not None and right is not None]
    return sum(apart) / sum(one.count for one in bins) if apart else None


def _latency(matcher: FaqMatcher, questions: Sequence[Question], locale: str, times: Sequence[float]) -> Latency:
    by_locale: dict[str, list[str]] = {}
    for question in questions:
        by_locale.setdefault(language_of(question.text) or locale, []).append(question.text)
    started = time.perf_counter()
    for spoken, texts in by_locale.items():
        for at in range(0, len(texts), BATCH):
            matcher.match_many(texts[at : at + BATCH], spoken)
    in_batches = (time.perf_counter() - started) / len(questions)
    p50, p99 = np.quantile(times, (0.5, 0.99))
    return Latency(p50=1000 * float(p50), p99=1000 * float(p99), in_batches=1000 * in_batches)
