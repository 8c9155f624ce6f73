"""What an admin should know of the FAQ folder: what is broken, overdue, too alike, unfinished, untranslated.

Owns the findings and, for one question, what would be answered and why. Refuses to print (``cli``) and to change files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chatbot.core.intent import language_of
from chatbot.core.message import Match
from chatbot.core.spelling import raw_words
from chatbot.matching.confidence import LIKELY, SURE
from chatbot.matching.corpus import Corpus, assemble
from chatbot.matching.entry_file import BASE_LOCALE, Entry
from chatbot.matching.matcher import FaqMatcher
from chatbot.services.faq import matcher_of

TOO_ALIKE = 0.8  # cosine; from here on two entries compete for the same question
_MOST_PAIRS = 30
_LONGEST_ANSWER = 900  # characters; more is not read on a phone
_FEWEST_VARIANTS = 8
LOCALES = (BASE_LOCALE, "en")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know. ``kind`` is the end of a phrase key, ``values`` go into that phrase.

    ``grave`` ones keep an entry, or part of it, from being answered as its author means.
    """

    kind: str
    values: Mapping[str, str]
    grave: bool = False


def check(files: Mapping[str, bytes], today: date) -> list[Finding]:
    """Everything that an admin should know, the gravest first.

    Args:
        files: content by name, as ``corpus.assemble`` takes it.
        today: the region's date, against which reviews are due.
    """
    corpus = assemble(files)
    found = [
        Finding("fault", {"file": fault.name, "line": str(fault.line), "reason": str(fault.reason)}, grave=True)
        for fault in corpus.faults
    ]
    found += [
        Finding("twice", {"text": text, "one": other, "other": entry_id}, grave=True)
        for text, entry_id, other in shared_texts(corpus)
        if other < entry_id  # once a pair
    ]
    found += _by_entry(corpus, today)
    found += _by_text(corpus)
    found += [
        Finding(
            "alike",
            {
                "one": pair.entry_id,
                "text": pair.text,
                "other": pair.other_id,
                "other_text": pair.other_text,
                "percent": str(round(100 * pair.likeness)),
            },
        )
        for pair in matcher_of(corpus).collisions(TOO_ALIKE)[:_MOST_PAIRS]
    ]
    return sorted(found, key=lambda finding: not finding.grave)


def shared_texts(corpus: Corpus) -> Iterator[tuple[str, str, str]]:
    """Yield (text, entry id, another entry's id) of texts that stand in two entries: neither is surely found by them.

    Two texts of the same words are one. What no entry answers counts as well, but for a draft's questions, which are
    not answered either.
    """
    answered = {tuple(raw_words(text)) for _, _, text in corpus.texts()}
    texts = [(tuple(raw_words(text)), entry_id, text) for entry_id, _, text in (*corpus.texts(), *corpus.refused())]
    owners: dict[tuple[str, ...], set[str]] = {}
    for words, entry_id, _ in texts:
        owners.setdefault(words, set()).add(entry_id)
    for words, entry_id, text in texts:
        if words and words in answered and len(owners[words]) > 1:
            yield text, entry_id, min(owners[words] - {entry_id})


def _by_text(corpus: Corpus) -> Iterator[Finding]:
    for entry in corpus.entries.values():
        if entry.status == "approved" and len(entry.answer) > _LONGEST_ANSWER:
            yield Finding("long", {"id": entry.id, "locale": entry.locale, "count": str(len(entry.answer))})
        if entry.status != "refused" and len(entry.variants) < _FEWEST_VARIANTS:
            yield Finding("few", {"id": entry.id, "locale": entry.locale, "count": str(len(entry.variants))})


def _by_entry(corpus: Corpus, today: date) -> Iterator[Finding]:
    for entry in (entry for (_, locale), entry in corpus.entries.items() if locale == BASE_LOCALE):
        if entry.status == "refused":
            continue
        if entry.status == "draft":
            yield Finding("draft", {"id": entry.id, "who": _who_must_act(entry)})
            continue
        if entry.review_due and entry.review_due < today:
            yield Finding("overdue", {"id": entry.id, "date": entry.review_due.isoformat(), "source": entry.source})
        if not entry.approved_by:
            yield Finding("unapproved", {"id": entry.id, "source": entry.source})
        for locale in LOCALES:
            if (entry.id, locale) not in corpus.entries:
                yield Finding("untranslated", {"id": entry.id, "locale": locale})


def _who_must_act(entry: Entry) -> str:
    """A draft's first line says, behind its mark, who completes it and who approves it."""
    first = entry.answer.partition("\n")[0]
    return first.rpartition("**")[2].strip() or first


@dataclass(frozen=True, slots=True)
class Trial:
    """What one question would get. ``decision`` is "answer", "choices" or "refuse"."""

    text: str
    normalised: str
    locale: str
    decision: str
    confidence: float
    candidates: tuple[dict[str, object], ...]
    unknown: tuple[str, ...]
    evidence: Mapping[str, float]
    sure: float = SURE
    likely: float = LIKELY


def try_question(corpus: Corpus, matcher: FaqMatcher, text: str, locale: str) -> Trial:
    """Match one question as a citizen's would be, and say why.

    Args:
        corpus: the entries.
        matcher: made of them.
        text: the question.
        locale: the language to take where the words do not tell.
    """
    spoken = language_of(text) or locale
    why = matcher.explain(text, spoken)
    return Trial(
        text=text,
        normalised=" ".join(why.words),
        locale=spoken,
        decision=_decision(why.match),
        confidence=why.match.candidates[0].confidence if why.match.candidates else 0.0,
        candidates=tuple(
            {
                "id": one.entry_id,
                "question": _question(corpus, one.entry_id, spoken),
                "confidence": round(one.confidence, 3),
            }
            for one in why.match.candidates
        ),
        unknown=why.unknown,
        evidence={name: round(value, 3) for name, value in why.evidence._asdict().items()} if why.evidence else {},
    )


def _decision(match: Match) -> str:
    return "answer" if match.sure else "choices" if match.likely else "refuse"


def _question(corpus: Corpus, entry_id: str, locale: str) -> str:
    entry = corpus.entry(entry_id, locale)
    return entry.question if entry else ""
