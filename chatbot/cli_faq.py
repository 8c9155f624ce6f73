"""``chatbot faq``: what an admin asks of the FAQ before citizens do.

Owns how findings and trials are shown on the terminal. Refuses scores (``cli_score``). Needs the FAQ folder and nothing
else: no token, no database.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from chatbot import cli_score
from chatbot.cli_words import Words
from chatbot.core.message import Phrase
from chatbot.matching.corpus import assemble
from chatbot.services.faq import matcher_of, read_folder
from chatbot.services.faq_check import Finding, Trial, check, try_question
from chatbot.services.saved_answers import faults_in
from chatbot.settings import Settings


def add_arguments(verb: argparse.ArgumentParser) -> None:
    """Describe the steps."""
    steps = verb.add_subparsers(dest="step", required=True)
    steps.add_parser("check", help="help.faq_check")
    trial = steps.add_parser("try", help="help.faq_try")
    trial.add_argument("text", help="help.faq_try_text")
    trial.add_argument("--json", action="store_true", help="help.json_each")
    cli_score.add_arguments(steps.add_parser("score", help="help.faq_score"))


def run(arguments: argparse.Namespace, settings: Settings, words: Words) -> int:
    """Carry a step out; the exit status, 1 where an entry cannot serve as its author means, 2 for wrong use."""
    if arguments.step == "score":
        return cli_score.run(arguments, settings, words)
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    if arguments.step == "check":
        found = [*_saved(settings.faq_dir), *check(read_folder(settings.faq_dir), today)]
        for line in _report(found, words):
            print(line)
        return 1 if any(finding.grave for finding in found) else 0
    corpus = assemble(read_folder(settings.faq_dir))
    matcher = matcher_of(corpus, today)
    for text in sys.stdin if arguments.text == "-" else [arguments.text]:
        trial = try_question(corpus, matcher, text.strip(), settings.locale)
        lines = [_json(trial)] if arguments.json else [*_shown(trial, words), ""]
        print(*lines, sep="\n", flush=True)
    return 0


def _saved(folder: Path) -> list[Finding]:
    """What is wrong with the files of saved answers."""
    return [
        Finding("fault", {"file": fault.name, "line": str(fault.line), "reason": str(fault.reason)}, grave=True)
        for fault in faults_in(folder)
    ]


def _report(found: list[Finding], words: Words) -> Iterator[str]:
    """The findings by kind, each kind under its own head."""
    if not found:
        yield words("faq.check.nothing")
    for kind in dict.fromkeys(finding.kind for finding in found):
        same = [finding for finding in found if finding.kind == kind]
        yield words(f"faq.check.{kind}_head", count=str(len(same)))
        for finding in same:
            values: dict[str, str | Phrase] = dict(finding.values)
            if kind == "fault":
                values["reason"] = Phrase(finding.values["reason"])
            yield "  " + words(f"faq.check.{kind}", **values)
        yield ""


def _shown(trial: Trial, words: Words) -> Iterator[str]:
    yield words("faq.try.read", text=trial.normalised, locale=trial.locale)
    yield words(
        f"faq.try.{trial.decision}",
        percent=_percent(trial.confidence),
        sure=_percent(trial.sure),
        likely=_percent(trial.likely),
    )
    for position, one in enumerate(trial.candidates, 1):
        yield f"  {position}. {_percent(float(str(one['confidence']))):>3}%  {one['id']}: {one['question']}"
    if trial.unknown:
        yield words("faq.try.unknown", topics=", ".join(trial.unknown))
    if trial.evidence:
        yield words("faq.try.evidence", list=", ".join(f"{name} {value}" for name, value in trial.evidence.items()))


def _percent(share: float) -> str:
    return str(round(100 * share))


def _json(trial: Trial) -> str:
    return json.dumps(dataclasses.asdict(trial), ensure_ascii=False)
