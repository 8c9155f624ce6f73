"""Fits what words, pairs of words and signals are worth when danger is weighed.

Run as ``python -m tests.benchmarks.fit_emergency``; it rewrites ``chatbot/core/danger_weights.py`` and
``chatbot/core/danger_pairs.py``, the same way each time, in well under two minutes. Run it again, on its own output,
whenever a table of words or a list of sentences changes.

The model is a logistic regression. A text shows the signals of its most alarming reading (the whole text or one of its
clauses, see ``emergency.readings``), how short it is, its words and its pairs of neighbouring words; each is worth a
weight. Weights are drawn towards zero (ridge), so that what was seen twice decides little, and the signals, which hold
what people know, decide where no word does. A missed emergency weighs twice as much as a false one. Which reading is
the most alarming depends on the weights of the signals, so that both are found in turn.

Fitted on the development and the held-out list, the training sentences (by two dozen hands), and the questions of the
FAQ with those of its development list and what it refuses, which are no emergencies; entries whose questions tell of
danger themselves are left out. Before that, each of the two lists is judged by
weights fitted on everything else: the figures to choose penalties and threshold by, since sentences of one author are
alike and the lists have different ones. How good the result is on sentences that nobody had read tells the list
``unseen``, which is kept out of the fit.

Refuses to choose the threshold, which is a decision about costs and stands in ``emergency``, and refuses lists that are
kept for judging.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chatbot.core import emergency
from chatbot.matching.corpus import assemble

Numbers = NDArray[np.float64]

ROOT = Path(__file__).parents[2]
LISTS = ("development", "heldout")
# Entries that are asked for in danger: their questions may well raise the alarm.
PERILOUS = frozenset(
    """
    ancaman-sebar-foto banjir-jalan basarnas bpbd damkar darurat-112 kdrt-kekerasan kecelakaan-lalu-lintas listrik-padam
    narkoba-rehabilitasi nomor-darurat-110 orang-hilang perlindungan-saksi polisi-palsu tppo visum
    """.split()
)
FEWEST_WORD, FEWEST_PAIR = 1, 2  # texts in which a word or a pair has to occur
PENALTY, SIGNAL_PENALTY = 0.2, 2.0
MISS, FAQ = 2.0, 0.3  # what a text weighs: an emergency, one of the many alike texts of the FAQ; others weigh 1
SMALLEST = 0.1  # weights under it are left out of the tables, where they would only make noise
ROUNDS = 3  # of choosing readings and fitting
STEPS = 12  # of Newton's method
# Signals that the lists have too few of, held where reason puts them: nobody in danger laughs or says it is over.
HELD = {"joke": -2.5, "sorry": -2.5}
HELD_PENALTY = 40.0
# Where the search for the most alarming reading starts: what speaks for danger, and what against it.
_FOR = ("grave", "serious", "strong", "medium", "weak", "fire", "help", "still", "place", "person", "exists", "loud")


class Text(NamedTuple):
    """A labelled text: the list it is from, whether it is an emergency, and its words."""

    origin: str
    danger: bool
    text: str


class Weights(NamedTuple):
    """A fitted model: worth by word or pair, by signal, by greatest number of words, and the constant."""

    told: dict[str, float]
    signals: emergency.Signals
    lengths: dict[int, float]
    constant: float


def texts() -> list[Text]:
    """Read all texts that the fit may see."""
    found = [
        Text(name, label == "emergency", text)
        for name in (*LISTS, "training")
        for label, _, text in _rows(ROOT / "tests" / "testdata" / "emergency" / f"{name}.tsv")
    ]
    faq = ROOT / "faq"
    corpus = assemble({str(path.relative_to(faq)): path.read_bytes() for path in sorted(faq.rglob("*.md"))})
    found += [Text("faq", danger=False, text=text) for entry, _, text in corpus.texts() if entry not in PERILOUS]
    found += [Text("faq", danger=False, text=text) for _, _, text in corpus.refused()]
    asked = _rows(ROOT / "faq" / "soal-uji" / "development.tsv")[1:]
    return found + [Text("asked", danger=False, text=row[0]) for row in asked]


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


@dataclass
class Read:
    """Texts as the model sees them.

    Attributes:
        told: the words and pairs of each.
        short: for each and each step of length, 1 where the text has no more words.
        readings: the signals of each reading of each text, with its doubt.
    """

    told: list[set[str]]
    short: Numbers
    readings: list[list[tuple[emergency.Signals, float]]]

    def chosen(self, worth: Numbers) -> tuple[Numbers, Numbers]:
        """Choose the most alarming reading of each text; return signals (texts, signals) and doubts (texts)."""
        signals = np.zeros((len(self.told), len(emergency.Signals._fields)))
        doubts = np.zeros(len(self.told))
        for at, readings in enumerate(self.readings):
            if readings:
                signals[at], doubts[at] = max(readings, key=lambda reading: float(worth @ reading[0]) - reading[1])
        return signals, doubts


def read(found: list[Text]) -> Read:
    """Read texts by the tables as they stand."""
    tokens = [emergency.tokens_of(text.text) for text in found]
    return Read(
        told=[emergency.words_and_pairs(words) for words in tokens],
        short=np.array([[float(len(words) <= most) for most in emergency.LENGTHS] for words in tokens]),
        readings=[emergency.readings(text.text, words) for text, words in zip(found, tokens, strict=True)],
    )


class Design:
    """Rows of features, most of which are 0: words and pairs by place, then signals, lengths and a 1."""

    def __init__(self, told: list[set[str]], places: dict[str, int], dense: Numbers) -> None:
        at = [sorted(places[word] for word in words if word in places) for words in told]
        self._columns = np.array([place for row in at for place in row], dtype=np.int64)
        self._rows = np.repeat(np.arange(len(at)), [len(row) for row in at])
        self._words, self._dense = len(places), dense

    def forward(self, weights: Numbers) -> Numbers:
        """Weigh each row."""
        told = np.bincount(self._rows, weights[: self._words][self._columns], len(self._dense))
        return np.asarray(told + self._dense @ weights[self._words :])

    def backward(self, errors: Numbers) -> Numbers:
        """Sum errors by feature."""
        told = np.bincount(self._columns, errors[self._rows], self._words)
        return np.asarray(np.r_[told, self._dense.T @ errors])

    def curvature(self, steepness: Numbers) -> Numbers:
        """Sum the steepness by squared feature, which tells how far a step may go."""
        told = np.bincount(self._columns, steepness[self._rows], self._words)
        return np.asarray(np.r_[told, (self._dense**2).T @ steepness])


def solve(
    design: Design, target: Numbers, counts: Numbers, penalty: Numbers, centre: Numbers, doubt: Numbers
) -> Numbers:
    """Find the weights of a logistic regression by Newton's method, each step by conjugate gradients.

    Args:
        design: the features.
        target: 1 for danger, 0 for none.
        counts: what each row weighs.
        penalty: how strongly each weight is drawn to its centre.
        centre: where it is drawn to.
        doubt: what is subtracted from each row's score.
    """
    weights = centre.copy()
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(doubt - design.forward(weights)))
        steepness = counts * odds * (1 - odds)
        slope = design.backward((odds - target) * counts) + penalty * (weights - centre)
        scale = 1 / (design.curvature(steepness) + penalty)
        step, rest = np.zeros_like(weights), -slope
        direction = scale * rest
        size = float(rest @ direction)
        for _ in range(60):
            bent = design.backward(steepness * design.forward(direction)) + penalty * direction
            length = size / float(direction @ bent)
            step += length * direction
            rest = rest - length * bent
            previous, size = size, float(rest @ (scale * rest))
            if size < 1e-9:
                break
            direction = scale * rest + size / previous * direction
        weights = weights + step
        if float(np.abs(step).max()) < 1e-3:
            break
    return weights


def fit(found: list[Text], seen: Read) -> Weights:
    """Fit weights to texts and round them as the tables hold them."""
    frequent = Counter(word for words in seen.told for word in words)
    kept = [word for word in sorted(frequent) if frequent[word] >= (FEWEST_PAIR if "_" in word else FEWEST_WORD)]
    fields = emergency.Signals._fields
    target = np.array([float(text.danger) for text in found])
    counts = np.array([MISS if text.danger else FAQ if text.origin == "faq" else 1.0 for text in found])
    rest = len(emergency.LENGTHS) + 1
    signal_penalty = [HELD_PENALTY if field in HELD else SIGNAL_PENALTY for field in fields]
    penalty = np.r_[np.full(len(kept), PENALTY), signal_penalty, np.full(rest - 1, SIGNAL_PENALTY), 1e-3]
    centre = np.r_[np.zeros(len(kept)), [HELD.get(field, 0.0) for field in fields], np.zeros(rest)]
    places = {word: place for place, word in enumerate(kept)}
    worth = np.array([1.0 if field in _FOR else -1.5 for field in fields])
    weights = centre
    for _ in range(ROUNDS):
        signals, doubts = seen.chosen(worth)
        dense = np.c_[signals, seen.short, np.ones(len(found))]
        weights = solve(Design(seen.told, places, dense), target, counts, penalty, centre, doubts)
        worth = weights[len(kept) : -rest]
    rounded: Numbers = np.array([round(float(weight), 1) for weight in weights])
    return Weights(
        told={word: float(rounded[place]) for word, place in places.items() if abs(weights[place]) >= SMALLEST},
        signals=emergency.Signals._make(float(value) for value in rounded[len(kept) : -rest]),
        lengths=dict(zip(emergency.LENGTHS, map(float, rounded[-rest:-1]), strict=True)),
        constant=float(rounded[-1]),
    )


def scores(weights: Weights, seen: Read) -> Numbers:
    """Score texts as ``emergency.danger`` does."""
    worth = np.array(weights.signals)
    signals, doubts = seen.chosen(worth)
    told = np.array([sum(weights.told.get(word, 0.0) for word in words) for words in seen.told])
    short = seen.short @ np.array(list(weights.lengths.values()))
    return np.asarray(told + signals @ worth - doubts + short + weights.constant)


def report(title: str, found: list[Text], score: Numbers) -> None:
    """Print recall and false alarms at thresholds around the one in use."""
    danger = np.array([text.danger for text in found])
    for threshold in sorted({emergency.THRESHOLD, 0.0, -0.4, -0.8, -1.2}):
        raised = score >= threshold
        recall = f"recall {raised[danger].mean():.3f} " if danger.any() else ""
        sys.stdout.write(f"{title} {threshold:+.1f}: {recall}false {raised[~danger].mean():.3f}\n")


def judged_by_the_rest(found: list[Text], seen: Read) -> None:
    """Print how weights fitted on everything else judge each list."""
    for name in LISTS:
        inside = [at for at, text in enumerate(found) if text.origin == name]
        outside = [at for at, text in enumerate(found) if text.origin != name]
        weights = fit([found[at] for at in outside], _part(seen, outside))
        report(f"{name} by the rest", [found[at] for at in inside], scores(weights, _part(seen, inside)))


def _part(seen: Read, rows: list[int]) -> Read:
    return Read([seen.told[at] for at in rows], seen.short[rows], [seen.readings[at] for at in rows])


_WEIGHTS_HEAD = '''"""What signals, single words and the length of a text are worth when danger is weighed.

Owns data only: in the table of words, each line is a weight and the words that have it, in standard spelling. Written
by ``tests/benchmarks/fit_emergency.py``, which says how; change it there, or change the sentences that it fits. Refuses
meaning: it knows that messages about "uang" are seldom cries for help, not why.
"""

from __future__ import annotations

from collections.abc import Mapping

# Added to every text.
CONSTANT = {constant}
'''
_PAIRS_HEAD = '''"""What pairs of words are worth when danger is weighed, beyond what each word is worth.

Owns data only: each line is a weight and the pairs that have it, joined by "_", with "~" where a word stands between;
"^" stands for the beginning of a text and "$" for its end. Written by ``tests/benchmarks/fit_emergency.py``, which says
how; change it there, or change the sentences that it fits. Refuses meaning, as ``danger_weights`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
'''


def _table(name: str, worth: dict[str, float]) -> list[str]:
    groups: dict[float, list[str]] = {}
    for word, value in sorted(worth.items()):
        if value:
            groups.setdefault(value, []).append(word)
    lines = [f'\n_{name}_TABLE = """', *(f"{value:+.1f}: {' '.join(groups[value])}" for value in sorted(groups)[::-1])]
    return [
        *lines,
        '"""',
        "",
        f"{name}_WORTH: Mapping[str, float] = {{",
        "    word: float(weight)",
        f'    for weight, _, listed in (line.partition(":") for line in _{name}_TABLE.strip().splitlines())',
        "    for word in listed.split()",
        "}",
        "",
    ]


def write(weights: Weights) -> None:
    """Write the tables."""
    signals = [f'    "{field}": {worth},' for field, worth in weights.signals._asdict().items()]
    lengths = [f"    {most}: {worth}," for most, worth in weights.lengths.items()]
    words = {word: worth for word, worth in weights.told.items() if "_" not in word}
    pairs = {word: worth for word, worth in weights.told.items() if "_" in word}
    head = [
        _WEIGHTS_HEAD.format(constant=weights.constant),
        "# By the names of ``emergency.Signals``.",
        "SIGNAL_WORTH: Mapping[str, float] = {",
        *signals,
        "}",
        "",
        "# Added for each number of words that a text does not exceed.",
        "LENGTH_WORTH: Mapping[int, float] = {",
        *lengths,
        "}",
    ]
    core = ROOT / "chatbot" / "core"
    (core / "danger_weights.py").write_text("\n".join(head + _table("WORD", words)), encoding="utf-8")
    (core / "danger_pairs.py").write_text(
        "\n".join([_PAIRS_HEAD.rstrip("\n"), *_table("PAIR", pairs)]), encoding="utf-8"
    )


def main() -> None:
    """Judge each list by the rest, fit on everything, write the tables."""
    found = texts()
    seen = read(found)
    judged_by_the_rest(found, seen)
    weights = fit(found, seen)
    score = scores(weights, seen)
    for origin in dict.fromkeys(text.origin for text in found):
        rows = [at for at, text in enumerate(found) if text.origin == origin]
        report(origin, [found[at] for at in rows], score[rows])
    write(weights)


if __name__ == "__main__":
    main()
