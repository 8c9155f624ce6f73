"""Draws how confidence and truth agree on the checking sets: ``python -m tests.benchmarks.calibration``.

It writes ``docs/pictures/calibration.svg``: for each tenth of confidence, how often the first candidate is right, the
dot's area being the number of questions.
"""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.matching.corpus import assemble
from chatbot.services.faq import matcher_of, read_folder
from chatbot.services.faq_score import Score, score
from tests.benchmarks.labelled import CHECKING, ROOT, question_set

_FILE = ROOT / "docs" / "pictures" / "calibration.svg"
_SIDE = 320  # of the square in which shares are drawn, in pixels
_LEFT, _TOP, _RIGHT, _BELOW = 64, 24, 24, 56
_SMALLEST = 3.0  # a dot's radius
_TICKS = range(0, 101, 20)  # per cent
_STYLE = """
  .ground { fill: #ffffff }
  text { font: 13px sans-serif; fill: #24292f }
  line { stroke: #d0d7de }
  .truth { stroke: #57606a; stroke-dasharray: 5 4 }
  circle { fill: #0969da; fill-opacity: .75 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 }
    text { fill: #e6edf3 }
    line { stroke: #30363d }
    .truth { stroke: #9198a1 }
    circle { fill: #4493f8 }
  }
"""


def main() -> None:
    """Measure and draw."""
    questions = [question for name in CHECKING for question in question_set(name)]
    found = score(matcher_of(assemble(read_folder(ROOT / "faq"))), questions)
    _FILE.write_text("\n".join(drawn(found)) + "\n", encoding="utf-8")


def drawn(found: Score) -> Iterator[str]:
    """The picture, line by line."""
    width, height = _LEFT + _SIDE + _RIGHT, _TOP + _SIDE + _BELOW
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-label="Share of right first candidates by confidence">'
    )
    yield f"<style>{_STYLE}</style>"
    yield f'<rect class="ground" width="{width}" height="{height}"/>'
    for tick in _TICKS:
        x, y = _x(tick / 100), _y(tick / 100)
        yield f'<line x1="{x}" y1="{_y(0)}" x2="{x}" y2="{_y(1)}"/>'
        yield f'<line x1="{_x(0)}" y1="{y}" x2="{_x(1)}" y2="{y}"/>'
        yield f'<text x="{x}" y="{_y(0) + 18}" text-anchor="middle">{tick}</text>'
        yield f'<text x="{_x(0) - 8}" y="{y + 4}" text-anchor="end">{tick}</text>'
    yield f'<line class="truth" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    for one in found.bins:
        if one.confidence is not None and one.right is not None:
            radius = _SMALLEST + one.count**0.5 / 2
            yield f'<circle cx="{_x(one.confidence)}" cy="{_y(one.right)}" r="{radius:.1f}">'
            yield f"<title>{one.count} questions</title></circle>"
    middle = _TOP + _SIDE / 2
    yield f'<text x="{_x(0.5)}" y="{height - 14}" text-anchor="middle">mean confidence, per cent</text>'
    yield f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">right, per cent</text>'
    yield "</svg>"


def _x(share: float) -> float:
    return round(_LEFT + _SIDE * share, 1)


def _y(share: float) -> float:
    return round(_TOP + _SIDE * (1 - share), 1)


if __name__ == "__main__":
    main()
