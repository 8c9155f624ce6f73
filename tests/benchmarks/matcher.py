"""How fast the FAQ is matched, from a small corpus to one of 100 000 variants; part of ``make bench``.

Each size is measured in a process of its own, on one thread. Up to what is shipped, a corpus is a part of the shipped
variants; above, synthetic entries are added, whose texts are shipped ones with one word exchanged and one put in. The
shipped texts that no entry answers are learnt too, at every size. No question stands in any corpus as it is, and none
is asked twice, but in the second pass, which asks in batches.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
import psutil

from chatbot.matching.corpus import assemble
from chatbot.services.faq import read_folder
from chatbot.services.faq_score import BATCH
from chatbot.services.matcher_apart import matcher
from tests.benchmarks.labelled import ROOT
from tests.benchmarks.questions import questions

SIZES = (600, 2_000, 6_000, 20_000, 100_000)  # variants
_EACH = 48  # variants of a synthetic entry, as many as a shipped one has
_FRAMED = 60_000  # questions to choose from: nearly every frame around every text
_WARM = 50  # questions before the clock runs

Text = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Speed:
    """What one size costs: seconds to build, MiB resident afterwards and at most, milliseconds a question."""

    entries: int
    build: float
    resident: float
    most: float
    p50: float
    p99: float
    in_batches: float


# What is wanted at the ends of the scale.
_LIMITS = {
    600: {"build": 5.0, "p50": 3.0, "p99": 10.0, "in_batches": 0.4},
    100_000: {"build": 60.0, "most": 1024.0, "p50": 15.0, "p99": 40.0},
}


def main(count: int) -> None:
    """Measure every size and print a table.

    Args:
        count: how many distinct questions the latency is measured over.
    """
    names = [field.name for field in fields(Speed)]
    print("\n" + "".join(f"{name:>12}" for name in ("variants", *names)))
    for size in SIZES:
        command = (sys.executable, "-m", "tests.benchmarks.matcher", "--size", str(size), "--questions", str(count))
        child = subprocess.run(
            command, env={**os.environ, "OMP_NUM_THREADS": "1"}, stdout=subprocess.PIPE, text=True, check=True
        )
        found = json.loads(child.stdout)
        print(
            f"{size:12}"
            + "".join(f"{found[name]:12.2f}" if name != "entries" else f"{found[name]:12}" for name in names)
        )
        limits = _LIMITS.get(size, {})
        if limits:
            print(
                f"{'at most':>12}" + "".join(f"{limits[name]:12.2f}" if name in limits else " " * 12 for name in names)
            )
        for name, limit in limits.items():
            if found[name] > limit:
                print(f"  {name} is over its limit")


def measure(size: int, count: int) -> Speed:
    """Build a corpus of a size and ask it."""
    shipped = assemble(read_folder(ROOT / "faq"))
    texts = corpus(sorted(shipped.texts()), size)
    refused = tuple(shipped.refused())
    asked = _asked({text for _, _, text in texts}, count + _WARM)
    started = time.perf_counter()
    made = matcher(tuple(texts), refused)
    made.match_many(asked[count:], "id")
    build = time.perf_counter() - started
    resident = psutil.Process().memory_info().rss / 2**20
    times = []
    for text in asked[:count]:
        started = time.perf_counter()
        made.match_many([text], "id")
        times.append(time.perf_counter() - started)
    started = time.perf_counter()
    for at in range(0, count, BATCH):
        made.match_many(asked[at : min(at + BATCH, count)], "id")
    each = (time.perf_counter() - started) / count
    p50, p99 = np.quantile(times, (0.5, 0.99))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    entries = len({entry_id for entry_id, _, _ in texts})
    return Speed(entries, build, resident, most, 1000 * float(p50), 1000 * float(p99), 1000 * each)


def corpus(shipped: Sequence[Text], size: int) -> list[Text]:
    """As many different texts as wanted, the same ones each time.

    Args:
        shipped: (entry id, locale, text) to take and vary, in order of entries.
        size: how many.
    """
    draw = random.Random(3)
    if size <= len(shipped):
        return draw.sample(shipped, size)
    return [*shipped, *_varied(shipped, size - len(shipped), draw)]


def _varied(shipped: Sequence[Text], count: int, draw: random.Random) -> Iterator[Text]:
    vocabulary: dict[str, list[str]] = {}
    for _, locale, text in shipped:
        vocabulary.setdefault(locale, []).extend(text.split())
    seen = {text for _, _, text in shipped}
    made = 0
    while made < count:
        for _, locale, text in shipped:
            words = text.split()
            words[draw.randrange(len(words))] = draw.choice(vocabulary[locale])
            words.insert(draw.randrange(len(words) + 1), draw.choice(vocabulary[locale]))
            varied = " ".join(words)
            if varied not in seen and made < count:
                seen.add(varied)
                yield f"synthetic-{made // _EACH}", locale, varied
                made += 1


def _asked(texts: set[str], count: int) -> list[str]:
    """Different questions in a chance order, none of which is one of the texts."""
    choice = [question for question in questions(_FRAMED) if question not in texts]
    return random.Random(5).sample(choice, count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=10_000, help="how many distinct questions")
    parser.add_argument("--size", type=int, help="variants of the corpus; else a table of all sizes")
    options = parser.parse_args()
    if options.size:
        print(json.dumps(asdict(measure(options.size, options.questions))))
    else:
        main(options.questions)
