from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Protocol

import pytest

from tests.fault.ledger import Proof


class Tell(Protocol):
    """See ``tell``."""

    def __call__(self, kind: str, tried: int, proof: Proof | None = None) -> None: ...


_COLUMNS = ("tried", "acknowledged", "answered", "ticketed", "officers", "lost", "strangers", "repeated")


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Tell what was tried, how many times, and what the proof counted: it is printed at the end of the run.

    What is proved together with others has no figures of its own.
    """

    def tell_one(kind: str, tried: int, proof: Proof | None = None) -> None:
        record_property("fault", {"kind": kind, "tried": tried, **(proof.figures if proof else {})})

    return tell_one


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures by kind of fault, as a table for the documents."""
    counted: dict[str, Counter[str]] = {}
    for reports in ("passed", "failed"):
        for report in terminalreporter.stats.get(reports, []):
            for name, figures in report.user_properties:
                if name == "fault":
                    kind = figures.pop("kind")
                    counted.setdefault(kind, Counter()).update(figures)
    if not counted:
        return
    terminalreporter.write_sep("-", "what was tried, and what came of it")
    terminalreporter.write_line(f"| fault | {' | '.join(_COLUMNS)} |")
    terminalreporter.write_line(f"|---|{'---|' * len(_COLUMNS)}")
    for kind, figures in sorted(counted.items()):
        terminalreporter.write_line(f"| {kind} | {' | '.join(str(figures.get(name, '')) for name in _COLUMNS)} |")
