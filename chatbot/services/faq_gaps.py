"""What the FAQ does not answer: noting it without who asked, and telling the administrators with a draft to finish.

Owns what is kept of a question, which questions are one, and the words about them. Refuses to decide what is a gap
(``core.questions``) and to write FAQ files.
"""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatbot.channels.base import plain
from chatbot.core.impersonal import impersonal
from chatbot.core.privacy import inert
from chatbot.matching.entry_file import BASE_LOCALE, Entry, render
from chatbot.matching.normalise import normalise
from chatbot.services.matcher_apart import lexicon
from chatbot.services.office import Office
from chatbot.store.faq_tables import FaqGapRow
from chatbot.store.unit_of_work import UnitOfWork

_SPAN = timedelta(days=7)
_MOST = 500  # different questions that are grouped; what stands behind them was asked least
_SHOWN = 10  # groups in one list
_OFFERS_SHOWN = 3
_WORST = 5  # entries that citizens were least content with
_VARIANTS = 9  # in a draft, beside its question
_ALIKE = 0.33  # of the pairs of our own question sets that are put together so, 87 in 100 belong together
_SLUG_TOPICS = 4
_MAX_SLUG = 40  # leaves room for "-2" within what an id may have
_JUDGED = ("faq_helpful", "faq_unhelpful", "faq_chosen")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, in the words of whoever asked it so, and how often; its topics, each with how much it says."""

    text: str
    locale: str
    topics: Mapping[str, float]
    count: int
    offered: Counter[str]


@dataclass(frozen=True, slots=True)
class Group:
    """One matter, asked in several words; the most central question first."""

    questions: tuple[Asked, ...]

    @property
    def count(self) -> int:
        """How often it was asked."""
        return sum(asked.count for asked in self.questions)

    @property
    def offered(self) -> tuple[str, ...]:
        """The entries that were offered for it most often."""
        total: Counter[str] = sum((asked.offered for asked in self.questions), Counter())
        return tuple(sorted(total, key=lambda entry: (-total[entry], entry))[:_OFFERS_SHOWN])


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How far two questions have the same topics, 0..1; neither is empty."""
    shared = sum(weight for topic, weight in one.items() if topic in other)
    return 2 * shared / (sum(one.values()) + sum(other.values()))


def grouped(questions: Sequence[Asked]) -> list[Group]:
    """Put together what asks the same thing: each question joins the group that it is most like on the whole.

    Returns:
        The groups, the most asked first; the order of ``questions`` does not matter.
    """
    groups: list[list[Asked]] = []
    for asked in sorted(questions, key=lambda asked: (-asked.count, asked.text)):
        best, near = _ALIKE, None
        for group in groups:
            mean = sum(likeness(asked.topics, member.topics) for member in group) / len(group)
            if mean > best or (mean == best and near is None):
                best, near = mean, group
        if near is None:
            groups.append([asked])
        else:
            near.append(asked)
    found = [Group(tuple(sorted(group, key=lambda asked: _centrality(asked, group)))) for group in groups]
    return sorted(found, key=lambda group: (-group.count, group.questions[0].text))


def _centrality(asked: Asked, group: Sequence[Asked]) -> tuple[float, int, str]:
    """The order within a group: what is most like all that was asked there, else the shorter."""
    return -sum(other.count * likeness(asked.topics, other.topics) for other in group), len(asked.text), asked.text


@dataclass(frozen=True, slots=True)
class Standing:
    """What citizens thought of one entry.

    Attributes:
        entry: its id.
        unhelpful: how often its answer was said not to help.
        judged: how often anything was said of it.
        passed: how often another entry was chosen where this one was offered first.
        offers: how often one was chosen there.
    """

    entry: str
    unhelpful: int = 0
    judged: int = 0
    passed: int = 0
    offers: int = 0

    @property
    def badness(self) -> float:
        """How many were not served, times their share: neither one of one nor ten of a thousand comes first."""
        bad = self.unhelpful + self.passed
        return bad * bad / (self.judged + self.offers)


def standings(facts: Sequence[tuple[str, str, int]]) -> list[Standing]:
    """What the records say of the entries with which somebody was not content, the worst first.

    Args:
        facts: fact, detail and count. The detail of "faq_chosen" is what was chosen, and then what it was chosen from.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for fact, detail, count in facts:
        chosen, *offer = detail.split() or [""]
        if fact != "faq_chosen":
            counts[chosen]["judged"] += count
            counts[chosen]["unhelpful"] += count * (fact == "faq_unhelpful")
        elif offer:
            counts[offer[0]]["offers"] += count
            counts[offer[0]]["passed"] += count * (chosen != offer[0])
    found = [Standing(entry, **of) for entry, of in counts.items() if entry]
    return sorted((one for one in found if one.badness), key=lambda one: (-one.badness, one.entry))


class Gaps:
    """The questions without an answer, in one unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime) -> None:
        self._uow = uow
        self._office = office
        local = now.astimezone(office.timezone)
        self._today = local.replace(hour=0, minute=0, second=0, microsecond=0)

    def note(self, text: str, locale: str, offered: Sequence[str]) -> None:
        """Keep a question, without who asked it; one that speaks of nothing once it is cleaned is not kept."""
        cleaned = self._cleaned(text)
        if _topics(cleaned, locale):
            self._uow.add(FaqGapRow(text=cleaned, locale=locale, offered=" ".join(offered), at=self._today))

    def close(self, text: str, offered: Sequence[str]) -> None:
        """Forget a question that was answered by one of the entries offered.

        No row says whose question it is, and none needs to: rows that say the same are one as good as the other. What
        is not found, since the FAQ's words changed meanwhile, stays.
        """
        self._uow.faq_gaps.drop_one(self._cleaned(text), " ".join(offered))

    def answer(self, which: str) -> list[str]:
        """What to say to "/faq celah" with what stands behind it: the list, or the draft of the group of that number.

        Returns:
            Texts, each for a message of its own.
        """
        if not which:
            return [self.report() or self._office.words("desk.faq_gaps_none")]
        groups = self._groups()
        number = int(which) if which.isdecimal() and len(which) <= len(str(_SHOWN)) else 0
        if not 0 < number <= min(len(groups), _SHOWN):
            return [self._office.words("desk.faq_gaps_unknown")]
        entry = self._draft(groups[number - 1])
        intro = self._office.words("desk.faq_gap_draft", question=inert(entry.question), file=f"{entry.id}.md")
        # On its own and as it is, so that the whole message can be copied.
        return [intro, html.escape(render(entry).decode().strip(), quote=False)]

    def report(self) -> str:
        """The list as rich text; empty where there is nothing to tell."""
        words = self._office.words
        lines = []
        if groups := self._groups():
            asked = sum(group.count for group in groups)
            lines.append(words("desk.faq_gaps_head", count=str(asked), groups=str(len(groups))))
            lines += [self._line(number, group) for number, group in enumerate(groups[:_SHOWN], 1)]
            lines += ["", words("desk.faq_gaps_how")]
        if worst := standings(self._uow.faq_gaps.facts(_JUDGED, self._today - _SPAN))[:_WORST]:
            lines += [""] * bool(lines) + [words("desk.faq_worst_head")]
            lines += [
                words(
                    "desk.faq_worst_line",
                    entry=one.entry,
                    unhelpful=str(one.unhelpful),
                    judged=str(one.judged),
                    passed=str(one.passed),
                    offers=str(one.offers),
                )
                for one in worst
            ]
        return "\n".join(lines)

    def _line(self, number: int, group: Group) -> str:
        values = {"number": str(number), "question": inert(group.questions[0].text), "count": str(group.count)}
        if not group.offered:
            return self._office.words("desk.faq_gaps_line", **values)
        return self._office.words("desk.faq_gaps_line_offered", entries=", ".join(group.offered), **values)

    def _cleaned(self, text: str) -> str:
        return impersonal(text, self._office.faq.vocabulary.__contains__)

    def _weighed(self, text: str, locale: str) -> dict[str, float]:
        return {topic: self._office.faq.rarity(topic) for topic in _topics(text, locale)}

    def _groups(self) -> list[Group]:
        counts: Counter[tuple[str, str]] = Counter()
        offers: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for text, locale, offered, count in self._uow.faq_gaps.counted(self._today - _SPAN, _MOST):
            counts[text, locale] += count
            offers[text, locale].update(dict.fromkeys(offered.split(), count))
        questions = [
            Asked(text, locale, self._weighed(text, locale), count, offers[text, locale])
            for (text, locale), count in counts.items()
        ]
        return grouped([asked for asked in questions if asked.topics])

    def _draft(self, group: Group) -> Entry:
        """An entry that says who must complete it, with the group's questions; English ones belong in a translation."""
        asked = [one for one in group.questions if one.locale == BASE_LOCALE] or group.questions
        texts = list(dict.fromkeys(one.text for one in asked))
        return Entry(
            id=self._free_id(_slug(_topics(texts[0], asked[0].locale))),
            locale=BASE_LOCALE,
            status="draft",
            source="",
            effective=None,
            review_due=None,
            approved_by="",
            question=texts[0],
            variants=tuple(texts[1 : _VARIANTS + 1]),
            answer=plain(self._office.words("desk.faq_draft_answer")),
        )

    def _free_id(self, slug: str) -> str:
        taken = {entry_id for entry_id, _ in self._office.faq.loaded.corpus.entries}
        number, found = 1, slug
        while found in taken:
            number += 1
            found = f"{slug}-{number}"
        return found


def _slug(topics: Sequence[str]) -> str:
    return "-".join(list(dict.fromkeys(topics))[:_SLUG_TOPICS])[:_MAX_SLUG].strip("-")


def _topics(text: str, locale: str) -> tuple[str, ...]:
    return normalise(text, locale, lexicon()).topics
