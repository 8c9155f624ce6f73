from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from prometheus_client import Counter, Gauge, Histogram
from pydantic import AliasChoices, SecretStr

from chatbot import cli, metrics
from chatbot.core import officer
from chatbot.settings import Settings

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs/adr").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md")), *DECISIONS]
FALLBACKS = {"DATABASE_URL", "PORT"}


def table_rows(first_cell: str) -> list[list[str]]:
    """Rows of the tables in the operations page whose first cell looks like this."""
    lines = (line for line in OPERATIONS.splitlines() if line.startswith("| `"))
    rows = ([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines)
    return [row for row in rows if re.fullmatch(first_cell, row[0])]


def names_of_settings() -> dict[str, str]:
    """Every name that a setting can have in the environment, with its field."""
    found: dict[str, str] = {}
    for field, info in Settings.model_fields.items():
        alias = info.validation_alias
        names: Iterable[object] = alias.choices if isinstance(alias, AliasChoices) else [f"CHATBOT_{field.upper()}"]
        found |= {str(name): field for name in names}
    return found


def shown_default(field: str) -> str:
    default = Settings.model_fields[field].default
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    return f"`{value}`" if value not in ("", (), None) else "empty"


def test_every_setting_is_documented_once_and_no_other() -> None:
    documented = [row[0].strip("`") for row in table_rows(r"`(CHATBOT_\w+|DATABASE_URL|PORT)`")]

    assert sorted(documented) == sorted(names_of_settings())


def test_documented_defaults_are_those_of_the_code() -> None:
    documented = {row[0].strip("`"): row[1] for row in table_rows(r"`CHATBOT_\w+`")}
    expected = {name: shown_default(field) for name, field in names_of_settings().items() if name not in FALLBACKS}

    assert documented == expected


def test_every_metric_is_documented_with_its_labels() -> None:
    documented = {row[0].strip("`"): row[1] for row in table_rows(r"`chatbot_\w+`")}
    shown = {}
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            name = next(iter(metric.describe())).name
            shown[f"{name}_total" if isinstance(metric, Counter) else name] = ", ".join(metric._labelnames)

    assert documented == shown


def test_every_verb_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    found = re.search(r"\{([\w,]+)\}", capsys.readouterr().out)
    assert found
    documented = {row[0].strip("`").split()[1] for row in table_rows(r"`chatbot [^`]+`")}

    assert documented == set(found[1].split(","))


def test_every_command_of_officers_is_documented() -> None:
    section = OPERATIONS.partition("## Officers' commands")[2].partition("\n## ")[0]

    assert set(re.findall(r"`/([a-z-]+)`", section)) == set(officer._COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_within_a_page_name_one_of_its_headings(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"(?m)^#+ (.+)$", text)
    }
    missing = [anchor for anchor in re.findall(r"\]\(#([^)]+)\)", text) if anchor not in headings]

    assert missing == []


def test_every_test_that_the_threat_model_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")))
    files = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = {name for text in files for name in re.findall(r"def (test_\w+)", text)}

    assert named
    assert named - there == set()


def test_decisions_are_numbered_without_gaps_and_say_why() -> None:
    assert DECISIONS
    for number, page in enumerate(DECISIONS, 1):
        text = page.read_text(encoding="utf-8")

        assert re.fullmatch(rf"{number:04d}-[a-z0-9-]+\.md", page.name)
        assert text.startswith(f"# {number}. ")
        assert re.findall(r"(?m)^## (.+)$", text) == ["Context", "Decision", "Consequences"]
