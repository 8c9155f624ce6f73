"""Scores: figures that are known beforehand, files that are broken, peers, and the command."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import Any

import pytest

from chatbot import cli
from chatbot.matching.corpus import assemble
from chatbot.matching.lexicon import NO_LEXICON
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.faq_peers import PEERS, rankings
from chatbot.services.faq_questions import Question, QuestionFault, QuestionsError, answerable, labelled
from chatbot.services.faq_score import Shares, compared, ranked, score

ROOT = Path(__file__).parents[2]
HEAD = "text\texpected_entry_ids_or_-\tkind\tlocale\n"
TEXTS = [
    ("paspor", "id", "bagaimana membuat paspor"),
    ("paspor", "id", "paspor baru di kantor imigrasi"),
    ("sim", "id", "bagaimana memperpanjang sim"),
    ("sim", "id", "sim saya hampir mati"),
    ("skck", "id", "bagaimana membuat skck"),
    ("skck", "id", "surat kelakuan baik"),
]
QUESTIONS = [
    Question("bagaimana memperpanjang sim", frozenset({"sim"}), "formal", "id"),
    Question("surat kelakuan baik", frozenset({"skck", "sim"}), "formal", "id"),
    Question("paspor baru di kantor imigrasi", frozenset({"skck"}), "formal", "id"),
    Question("bagaimana membuat paspor", frozenset(), "near-miss", "id"),
    Question("resep rendang", frozenset(), "foreign", "id"),
]


def file(folder: Path, *lines: str, name: str = "mine.tsv") -> Path:
    path = folder / name
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def values(shares: Shares) -> dict[str, float | None]:
    return {name: share.value if share else None for name, share in shares.items()}


def asked(*entries: str) -> list[Question]:
    return [Question("?", frozenset(one.split()), "", "id") for one in entries]


def judged(entries: Sequence[str], found: Sequence[str], trust: Sequence[float]) -> dict[str, float | None]:
    return values(compared(ranked(asked(*entries), [ids.split() for ids in found], trust)))


def test_questions_are_read_with_their_entries(tmp_path: Path) -> None:
    path = file(tmp_path, "mau sim\tsim | skck\tsms\tid", "", "halo\u2028pak\t-\tchitchat\tid\r")
    assert labelled(path) == [
        Question("mau sim", frozenset({"sim", "skck"}), "sms", "id"),
        Question("halo\u2028pak", frozenset(), "chitchat", "id"),
    ]


@pytest.mark.parametrize(
    ("line", "reason", "detail"),
    [
        ("mau sim\tsim\tsms", QuestionFault.COLUMNS, "3"),
        (" \tsim\tsms\tid", QuestionFault.TEXT, ""),
        ("mau sim\t\tsms\tid", QuestionFault.IDS, ""),
        ("mau sim\tsim|-\tsms\tid", QuestionFault.IDS, "sim|-"),
        ("mau sim\tsim|sin\tsms\tid", QuestionFault.UNKNOWN, "sin"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, reason: QuestionFault, detail: str) -> None:
    with pytest.raises(QuestionsError) as raised:
        labelled(file(tmp_path, "mau skck\tskck\tsms\tid", line), {"sim", "skck"})
    assert (raised.value.line, raised.value.reason, raised.value.detail) == (3, reason, detail)


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"mau sim\tsim\tsms\tid\n", 1, QuestionFault.HEAD),
        (HEAD.encode(), 2, QuestionFault.EMPTY),
        (b"", 1, QuestionFault.HEAD),
        (HEAD.encode() + b"mau sim\tsim\tsms\tid\nm\xe9\tsim\tsms\tid\n", 3, QuestionFault.UTF8),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, data: bytes, line: int, reason: QuestionFault) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes(data)
    with pytest.raises(QuestionsError) as raised:
        labelled(path)
    assert (raised.value.path, raised.value.line, raised.value.reason) == (path, line, reason)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="unreadable"):
        labelled(tmp_path / "none.tsv")


def test_a_drafts_question_must_not_be_answered() -> None:
    draft = b"---\nid: sim\nstatus: draft\nsource:\neffective:\nreview_due:\napproved_by:\nfacts:\n---\n# SIM?\n\nx\n"
    corpus = assemble({"sim.md": draft})
    assert not corpus.faults
    assert answerable(asked("sim"), corpus) == asked("")


def test_first_and_third_are_shares_of_what_was_asked() -> None:
    found = judged(["a", "a", "a b", "a", ""], ["a b", "b c a", "b", "", "a"], [1, 1, 1, -inf, 1])
    assert (found["first"], found["third"]) == (0.5, 0.75)


def test_the_threshold_lets_one_in_twenty_pass() -> None:
    others = [""] * 40
    trust = [0.5, 0.8, 0.95, *(number / 100 for number in range(59, 99))]
    # Two of forty may be answered: 0.98 and 0.97; 0.96 may not, nor anything that is no surer.
    assert judged(["a", "a", "a", *others], ["a"] * 43, trust)["at_5"] == 0
    assert judged(["a", "a", "a", *others], ["a"] * 43, [0.5, 0.965, 0.97, *trust[3:]])["at_5"] == pytest.approx(2 / 3)


def test_the_threshold_keeps_nineteen_of_twenty_answers_right() -> None:
    wrong_after_19 = judged(["a"] * 21, ["a"] * 19 + ["b", "b"], [1 - number / 100 for number in range(21)])
    assert wrong_after_19["at_95"] == pytest.approx(19 / 21)
    equally_sure = judged(["a"] * 21, ["a"] * 19 + ["b", "b"], [1.0] * 21)
    assert equally_sure["at_95"] == 0


def test_what_there_is_none_of_has_no_share() -> None:
    assert judged(["a"], ["a"], [1]) == {"first": 1, "third": 1, "at_5": None, "at_95": 1}
    assert judged([""], ["a"], [1]) == {"first": None, "third": None, "at_5": None, "at_95": None}


def test_the_interval_is_around_the_share_and_the_same_each_time() -> None:
    ranking = ranked(asked(*["a"] * 100), [["a" if number % 4 else "b"] for number in range(100)], [1.0] * 100)
    share = compared(ranking)["first"]
    assert share
    assert share.value == 0.75
    assert 0.62 < share.low < 0.7
    assert 0.8 < share.high < 0.88
    assert compared(ranking)["first"] == share


def test_a_matcher_is_scored() -> None:
    found = score(FaqMatcher(TEXTS, NO_LEXICON), QUESTIONS)
    assert (found.asked, found.foreign) == (3, 2)
    assert values(found.ranking) == {
        "first": pytest.approx(2 / 3),
        "third": pytest.approx(2 / 3),
        "at_5": 0,
        "at_95": 0,
    }
    assert values(found.decisions) == {
        "rightly": pytest.approx(2 / 3),
        "wrongly": pytest.approx(1 / 3),
        "served": pytest.approx(2 / 3),
        "answered": 0.5,
        "near": 1,
        "other": 0,
    }
    surest = found.bins[-1]
    assert (surest.count, surest.confidence, surest.right) == (4, 1, 0.5)
    assert found.error is not None
    assert found.error >= 0.4
    assert 0 < found.latency.p50 <= found.latency.p99
    assert found.latency.in_batches > 0


def test_a_matcher_without_entries_is_scored() -> None:
    found = score(FaqMatcher([], NO_LEXICON), QUESTIONS)
    assert values(found.decisions)["answered"] == 0
    assert found.error is None


def test_every_peer_finds_what_is_plain() -> None:
    plain = [Question(text, frozenset({entry_id}), "", "id") for entry_id, _, text in TEXTS]
    found = rankings(TEXTS, plain)
    assert list(found) == list(PEERS)
    for ranking in found.values():
        assert ranking
        assert values(compared(ranking))["first"] == 1


def test_peers_refuse_what_no_text_resembles() -> None:
    found = rankings(TEXTS, [Question("!!", frozenset(), "", "id")])
    words = found["SQLite FTS5 BM25"]
    assert words
    assert list(words.trust) == [-inf]


def test_peers_tell_two_entries_apart_and_leave_one_alone() -> None:
    two = TEXTS[:4]
    assert all(ranking and ranking.first[0] for ranking in rankings(two, QUESTIONS[:1]).values())
    assert rankings(TEXTS[:2], QUESTIONS) == {}


def test_a_peer_that_is_not_installed_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    found = rankings(TEXTS, QUESTIONS)
    assert [name for name, ranking in found.items() if ranking is None] == ["TF-IDF + SVM"]


@pytest.fixture
def faq(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three entries."""
    for entry_id in ("paspor", "sim", "skck"):
        variants = [text for owner, _, text in TEXTS if owner == entry_id]
        front = f"id: {entry_id}\nstatus: approved\nsource: x\neffective: 2026-01-01\nreview_due: 2027-01-01\n"
        body = f"# {variants[0]}\n- {variants[1]}\n\nBegini.\n"
        (tmp_path / f"{entry_id}.md").write_text(f"---\n{front}approved_by:\nfacts:\n---\n{body}", encoding="utf-8")
    monkeypatch.setenv("CHATBOT_FAQ_DIR", str(tmp_path))
    monkeypatch.setenv("CHATBOT_LOCALE", "id")
    (tmp_path / "soal-uji").mkdir()
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["faq", "score", *arguments])
    assert isinstance(left.value.code, int)
    return left.value.code


def test_the_command_measures_the_checking_sets(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file(faq / "soal-uji", "bagaimana memperpanjang sim\tsim\tsms\tid", name="checking_a.tsv")
    file(faq / "soal-uji", "surat kelakuan baik\tskck\tsms\tid", "resep\t-\tforeign\tid", name="checking_b.tsv")
    file(faq / "soal-uji", "rusak", name="fitting_a.tsv")
    assert run() == 0
    shown = capsys.readouterr().out
    assert re.search(r"^checking_b +1 +1 +100,0 \(100,0-100,0\)", shown, re.MULTILINE)
    assert re.search(r"^semua +2 +1 +100,0 \(100,0-100,0\)", shown, re.MULTILINE)
    assert "dijawab keliru" in shown
    assert "90-100%" in shown
    for peer in ("Tanggap", *PEERS):
        assert len(re.findall(f"^{re.escape(peer)} ", shown, re.MULTILINE)) == 3


def test_the_command_speaks_english_and_names_what_it_cannot_measure(
    faq: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATBOT_LOCALE", "en")
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    assert run(str(file(faq, "bagaimana memperpanjang sim\tsim\tsms\tid"))) == 0
    shown = capsys.readouterr().out
    assert re.search(r"^mine +1 +0 +100\.0 \(100\.0-100\.0\)", shown, re.MULTILINE)
    assert "TF-IDF + SVM: not measured, because scikit-learn is not installed." in shown


def test_the_command_gives_json(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", str(file(faq, "surat kelakuan baik\tskck\tsms\tid"))) == 0
    (only,) = json.loads(capsys.readouterr().out)["sets"]
    assert only["name"] == "mine"
    assert only["score"]["decisions"]["rightly"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert only["score"]["ranking"]["at_5"] is None
    assert set(only["peers"]) == set(PEERS)


def test_the_command_refuses_a_broken_file(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(file(faq, "mau sim\tsim\tsms\tid", "mau sin\tsin\tsms\tid"))) == 2
    assert "mine.tsv, baris 3: tidak ada entri dengan id ini: sin" in capsys.readouterr().err


def test_the_command_says_when_there_is_no_file(faq: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    assert str(faq / "soal-uji") in capsys.readouterr().err


def test_the_lines_for_own_data_in_the_documents_work() -> None:
    (lines,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/benchmarks.md").read_text(encoding="utf-8"), re.DOTALL)
    space: dict[str, Any] = {}
    exec(lines, space)  # noqa: S102  our own document
    matcher = space["Tanggap"]()
    matcher.fit([(entry_id, text) for entry_id, _, text in TEXTS])
    assert matcher.rank("perpanjang sim", 1)[0][0] == "sim"
