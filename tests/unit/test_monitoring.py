"""The dashboard and the rules speak of figures that there are, and each alarm stands in the runbook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from chatbot import metrics
from chatbot.services.alarms import KINDS
from chatbot.services.watch import _NOTED, _SEEN_HERE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
PANELS: list[dict[str, Any]] = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))["panels"]
RUNBOOK = (ROOT / "docs" / "operations.md").read_text("utf-8").partition("\n## Runbook\n")[2].partition("\n## ")[0]


def exported() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names under which the figures are scraped, each with its labels."""
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            name, labels = next(iter(metric.describe())).name, tuple(metric._labelnames)
            if isinstance(metric, Histogram):
                yield from ((f"{name}_{part}", (*labels, "le")) for part in ("bucket", "count", "sum"))
            else:
                yield f"{name}_total" if isinstance(metric, Counter) else name, labels


EXPRESSIONS = [rule["expr"] for rule in RULES] + [one["expr"] for panel in PANELS for one in panel["targets"]]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_figure_that_is_asked_for_is_exported_with_its_labels(expression: str) -> None:
    known = dict(exported())
    asked = re.findall(r"chatbot_\w+", expression)
    grouped = {label for group in re.findall(r"by \(([\w, ]+)\)", expression) for label in group.split(", ")}

    assert asked or "up{" in expression
    assert set(asked) <= known.keys()
    assert grouped <= {label for name in asked for label in known[name]}
    assert expression.count("(") == expression.count(")")


def test_panels_have_places_and_ids_of_their_own() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in PANELS]

    assert len({panel["id"] for panel in PANELS}) == len(PANELS)
    assert len(set(places)) == len(PANELS)


def test_every_alarm_and_every_alert_has_a_section_in_the_runbook_and_no_other_has() -> None:
    anchors = {rule["annotations"]["runbook"].partition("docs/operations.md#")[2] for rule in RULES}
    named = {anchor for anchor in anchors if "{{" not in anchor}

    assert "{{ $labels.alarm }}" in anchors
    assert set(re.findall(r"(?m)^### (.+)$", RUNBOOK)) == {*named, *KINDS}


def test_every_alert_is_named_in_its_section() -> None:
    sections = dict(re.findall(r"(?ms)^### (\w+)\n(.+?)(?=^### |\Z)", RUNBOOK))
    for rule in RULES:
        anchor = rule["annotations"]["runbook"].partition("#")[2]
        assert "{{" in anchor or f"`{rule['alert']}`" in sections[anchor]


def test_what_is_noticed_calls_for_alarms_that_there_are() -> None:
    assert {*_SEEN_HERE, *(kind for kind, _ in _NOTED.values())} <= set(KINDS)
