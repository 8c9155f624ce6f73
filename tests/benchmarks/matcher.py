"""How well and how fast the FAQ is matched, beside plain string comparison, in one run; part of ``make bench``.

Accuracy is measured on labelled questions. The development set has been read by the matcher's authors, so that its
figures are optimistic; the checking sets are by two hands that never saw the corpus's own wordings, one of them told to
avoid every official name. Latency is measured over distinct questions, so that no cache can help.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
from rapidfuzz import fuzz, process

from chatbot.core.language import language_of
from chatbot.core.message import Match
from chatbot.matching.corpus import assemble
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.faq import matcher_of, read_folder
from tests.benchmarks.questions import questions

_ROOT = Path(__file__).parents[2]
_SETS = ("development", "checking_c", "checking_d")
_BATCH = 32
_DRAWS = 1000  # of the bootstrap

Ranked = Callable[[str], list[str]]


def main(count: int) -> None:
    """Measure and print.

    Args:
        count: how many distinct questions the latency is measured over.
    """
    corpus = assemble(read_folder(_ROOT / "faq"))
    texts = list(corpus.texts())
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    matcher = matcher_of(corpus)
    built = time.perf_counter() - started
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    print(f"\nFAQ: {len({entry for entry, _, _ in texts})} entries, {len(texts)} texts; ", end="")
    print(f"built in {built:.2f} s, {grown:.0f} MiB")
    for name in _SETS:
        _accuracy(matcher, texts, name)
    _latency(matcher, questions(count))


def _labelled(name: str) -> list[tuple[str, str]]:
    file = _ROOT / "faq" / "soal-uji" / f"{name}.tsv"
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    return [(row[0], row[1]) for row in rows]


def _accuracy(matcher: FaqMatcher, texts: Sequence[tuple[str, str, str]], name: str) -> None:
    labelled = _labelled(name)
    asked = [row for row in labelled if row[1] != "-"]
    foreign = [text for text, expected in labelled if expected == "-"]
    owners = {text: entry for entry, _, text in texts}
    choices = list(owners)

    def match(text: str) -> Match:
        return matcher.match_many([text], language_of(text) or "id")[0]

    def ours(text: str) -> list[str]:
        return [one.entry_id for one in match(text).candidates]

    def by(scorer: Callable[..., float]) -> Ranked:
        def ranked(text: str) -> list[str]:
            found = process.extract(text.lower(), choices, scorer=scorer, limit=30)
            return list(dict.fromkeys(owners[choice] for choice, _, _ in found))[:3]

        return ranked

    print(f"{name}: {len(asked)} questions, {len(foreign)} of no entry")
    peers: tuple[tuple[str, Ranked], ...] = (
        ("Tanggap", ours),
        ("rapidfuzz WRatio", by(fuzz.WRatio)),
        ("rapidfuzz token_set_ratio", by(fuzz.token_set_ratio)),
    )
    for peer, ranked in peers:
        found = [(ranked(text), expected) for text, expected in asked]
        first = [expected in ids[:1] for ids, expected in found]
        third = [expected in ids for ids, expected in found]
        print(f"  {peer:26} right at 1 {_share(first)}   right in 3 {_share(third)}")
    matches = [(match(text), expected) for text, expected in asked]
    right = [one.sure and one.candidates[0].entry_id == expected for one, expected in matches]
    wrong = [one.sure and one.candidates[0].entry_id != expected for one, expected in matches]
    offered = [
        one.likely and not one.sure and expected in {each.entry_id for each in one.candidates}
        for one, expected in matches
    ]
    served = [a or b for a, b in zip(right, offered, strict=True)]
    false = [match(text).sure for text in foreign]
    print(f"  Tanggap answers rightly {_share(right)}, wrongly {_share(wrong)}; serves {_share(served)}; ", end="")
    print(f"answers of no entry {_share(false)}")


def _share(hits: Sequence[bool]) -> str:
    """A share in per cent with its 95 % interval, by bootstrap."""
    draw = random.Random(1)
    shares = sorted(sum(draw.choices(hits, k=len(hits))) / len(hits) for _ in range(_DRAWS))
    low, high = shares[int(_DRAWS * 0.025)], shares[int(_DRAWS * 0.975)]
    return f"{100 * sum(hits) / len(hits):5.1f} % ({100 * low:.1f}-{100 * high:.1f})"


def _latency(matcher: FaqMatcher, asked: Sequence[str]) -> None:
    times = []
    for text in asked:
        started = time.perf_counter()
        matcher.match_many([text], "id")
        times.append(time.perf_counter() - started)
    times.sort()
    started = time.perf_counter()
    for start in range(0, len(asked), _BATCH):
        matcher.match_many(asked[start : start + _BATCH], "id")
    each = (time.perf_counter() - started) / len(asked)
    p99 = times[int(len(times) * 0.99)]
    print(
        f"{len(asked)} distinct questions: one p50 {statistics.median(times) * 1000:.2f} ms, p99 {p99 * 1000:.2f} ms; "
        f"in batches of {_BATCH} {each * 1000:.2f} ms each"
    )
