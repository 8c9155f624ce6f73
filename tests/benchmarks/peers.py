"""How the FAQ is ranked beside plain ways, with all its variants and with few of each entry; part of ``make bench``.

``chatbot faq score`` shows the same for all variants. A unit that begins has few: what is left is the same for every
way, drawn by chance but once; what no entry answers is left whole, and only ours learns it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import groupby

from chatbot.matching.corpus import assemble
from chatbot.services.faq import read_folder
from chatbot.services.faq_peers import rankings
from chatbot.services.faq_score import Shares, compared, score
from chatbot.services.matcher_apart import matcher
from tests.benchmarks.labelled import CHECKING, ROOT, question_set

FEW = 7  # variants of an entry, in all its languages

Text = tuple[str, str, str]


def main() -> None:
    """Measure and print."""
    corpus = assemble(read_folder(ROOT / "faq"))
    texts, refused = sorted(corpus.texts()), tuple(corpus.refused())
    questions = [question for name in CHECKING for question in question_set(name)]
    for some in (texts, _few(texts)):
        entries = len({entry_id for entry_id, _, _ in some})
        print(f"\n{len(questions)} questions, {entries} entries, {len(some)} variants; per cent, 95 % intervals")
        print(f"{'':26}{'right at 1':>19}{'right in 3':>19}{'right @5 %':>19}{'right @95 %':>19}")
        _show("Tanggap", score(matcher(tuple(some), refused), questions).ranking)
        for name, ranking in rankings(some, questions).items():
            if ranking is not None:
                _show(name, compared(ranking))


def _few(texts: Sequence[Text]) -> list[Text]:
    draw = random.Random(7)
    by_entry = (list(own) for _, own in groupby(texts, key=lambda text: text[0]))
    return [text for own in by_entry for text in draw.sample(own, min(FEW, len(own)))]


def _show(name: str, shares: Shares) -> None:
    cells = [f"{100 * one.value:.1f} ({100 * one.low:.1f}-{100 * one.high:.1f})" for one in shares.values() if one]
    print(f"{name:26}" + "".join(f"{cell:>19}" for cell in cells))


if __name__ == "__main__":
    main()
