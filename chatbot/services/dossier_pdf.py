"""A dossier on paper: A4, in the fonts that every reader has.

Owns the layout, and that no letter is lost unseen: those fonts know Latin-1 only. Refuses what stands in it
(``dossier``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime

from babel.numbers import format_decimal
from fpdf import FPDF

from chatbot.core.message import Phrase
from chatbot.core.ticket import TicketStatus
from chatbot.services.dossier import Chain, Dossier, Exhibit, Happening

Words = Callable[..., str]
When = Callable[[datetime], str]

_FONT = "Helvetica"
_MARGIN, _FOOT, _INDENT, _LINE = 20, 18, 6, 5  # millimetres
_TITLE, _HEAD, _BODY, _SMALL = 15, 12, 10, 7  # points
_TOGETHER = 4  # lines that a heading has room for on its page, itself among them
_LEADING = 0.5  # millimetres of a line for each point of its letters
_LACKING = "[?]"
_NOT_LATIN = re.compile(r"[^\n\x20-\x7e\xa0-\xac\xae-\xff]+")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u2039\u203a\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2022\u25cf\u25aa", "*"),
        **dict.fromkeys("\t\u2002\u2003\u2009\u202f", " "),
        **dict.fromkeys("\r\N{SOFT HYPHEN}\N{WORD JOINER}\N{ZERO WIDTH SPACE}\N{VARIATION SELECTOR-16}"),
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{WARNING SIGN}": "!",
    }
)


def latin(text: str) -> str:
    """A text in Latin-1: marks that look alike stand for each other, and anything else is seen to be missing."""
    return _NOT_LATIN.sub(_LACKING, unicodedata.normalize("NFC", text.translate(_ALIKE)))


def render(dossier: Dossier, words: Words, when: When, locale: str) -> bytes:
    """The dossier as a PDF.

    Args:
        dossier: what to write.
        words: gives the words of a key of the catalogues, plain.
        when: a moment as the region's clocks show it, with its zone.
        locale: the language of figures.
    """
    paper = _Paper(words)
    paper.set_title(latin(words("dossier.title", number=dossier.number)))
    paper.set_author(latin(dossier.unit))
    paper.set_creation_date(dossier.exported_at)
    _Sheet(paper, words, when, locale).write(dossier)
    return bytes(paper.output())


def chain_words(chain: Chain, words: Words) -> str:
    """Whether the audit trail holds, in one sentence."""
    if chain.holds:
        return words("dossier.chain_holds", count=str(chain.rows), head=chain.head)
    return words("dossier.chain_broken", reason=Phrase(f"dossier.break_{chain.reason}", {"id": str(chain.broken_id)}))


class _Paper(FPDF):
    """Pages with their numbers, and text that runs over as many of them as it needs."""

    def __init__(self, words: Words) -> None:
        super().__init__(format="A4")
        self._words = words
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=_FOOT)
        self.add_page()

    def footer(self) -> None:
        """The page's number, on every page."""
        self.set_y(_LINE - _FOOT)
        self.set_font(_FONT, size=_SMALL)
        pages = self.str_alias_nb_pages or ""  # put in when the last page is known
        self.cell(0, _LINE, latin(self._words("dossier.page", page=str(self.page_no()), pages=pages)), align="C")

    def put(self, text: str, size: float = _BODY, *, bold: bool = False, indent: int = 0) -> None:
        """A paragraph."""
        height = size * _LEADING
        if bold and self.will_page_break(_TOGETHER * height):
            self.add_page()
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_x(self.l_margin + indent * _INDENT)
        self.multi_cell(self.epw - indent * _INDENT, height, latin(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def head(self, text: str) -> None:
        """A heading."""
        self.ln(_LINE)
        self.put(text, _HEAD, bold=True)


class _Sheet:
    """Writes a dossier on paper, in the words of one language."""

    def __init__(self, paper: _Paper, words: Words, when: When, locale: str) -> None:
        self._paper = paper
        self._words = words
        self._when = when
        self._locale = locale

    def write(self, dossier: Dossier) -> None:
        """All of it, in order."""
        self._paper.put(self._words("dossier.title", number=dossier.number), _TITLE, bold=True)
        for text in self._facts(dossier):
            self._paper.put(text)
        self._paper.ln(_LINE / 2)
        for text in self._notes(dossier):
            self._paper.put(text, _SMALL)
        self._paper.head(self._words("dossier.head_form"))
        self._form(dossier)
        self._paper.head(self._words("dossier.head_history"))
        for happening in dossier.history:
            self._happening(happening)
        self._paper.head(self._words("dossier.head_files"))
        for position, exhibit in enumerate(dossier.files, 1):
            self._exhibit(position, exhibit)
        if not dossier.files:
            self._paper.put(self._words("dossier.no_files"))
        self._paper.head(self._words("dossier.head_trail"))
        self._trail(dossier)

    def _facts(self, dossier: Dossier) -> Iterator[str]:
        words = self._words
        yield words("dossier.made", time=self._when(dossier.exported_at), unit=dossier.unit)
        waiting = dossier.status == TicketStatus.WAITING
        status = Phrase("desk.card_waiting" if waiting else f"status.{dossier.status}")
        yield words("desk.card_status", status=status, officer=dossier.officer or Phrase("desk.nobody"))
        yield words("dossier.category", category=Phrase(f"category.{dossier.category}"))
        channel = Phrase(f"channel.{dossier.channel}")
        yield words("desk.card_opened", time=self._when(dossier.opened_at), channel=channel)
        if dossier.closed_at:
            yield words("dossier.closed", time=self._when(dossier.closed_at))
        if dossier.result:
            yield words("desk.card_result", text=dossier.result)
        if dossier.rating:
            yield words("desk.card_rating", score=str(dossier.rating))
        if dossier.erased_at:
            yield words("dossier.erased", time=self._when(dossier.erased_at))
        elif dossier.reporter is None:
            yield words(f"desk.card_{dossier.identity}")
        else:
            yield words("desk.card_name", name=dossier.reporter or Phrase("desk.unnamed"))

    def _notes(self, dossier: Dossier) -> Iterator[str]:
        """What is left out and what cannot be printed."""
        if dossier.reporter is None and not dossier.erased_at:
            yield self._words("dossier.name_left_out")
        yield self._words("dossier.numbers_left_out")
        yield self._words("dossier.lacking", mark=_LACKING)

    def _form(self, dossier: Dossier) -> None:
        for name, text in dossier.complaint.items():
            key = "dossier.pin" if name == "pin" else f"desk.card_{name}"
            self._paper.put(self._words(key, text=text))
        if dossier.ongoing:
            self._paper.put(self._words("desk.card_ongoing"))

    def _happening(self, happening: Happening, indent: int = 0) -> None:
        entry = self._entry(happening.at, happening.act, happening.actor)
        self._paper.put(entry, bold=True, indent=indent)
        if happening.text:
            self._paper.put(happening.text, indent=indent + 1)
            self._paper.put(self._proof(happening), _SMALL, indent=indent + 1)
        elif happening.emptied:
            self._paper.put(self._words("dossier.emptied", row=str(happening.row)), _SMALL, indent=indent + 1)
        for later in happening.later:
            self._happening(later, indent + 1)

    def _proof(self, happening: Happening) -> str:
        if happening.row is None:
            return self._words("dossier.unproved", hash=happening.sha256)
        key = "dossier.proved" if happening.proved else "dossier.disproved"
        return self._words(key, hash=happening.sha256, row=str(happening.row))

    def _entry(self, at: datetime, act: str, actor: str) -> str:
        who = self._words("dossier.officer", id=actor) if actor.isdigit() else self._named("actor", actor)
        return self._words("dossier.entry", time=self._when(at), act=self._named("act", act), actor=who)

    def _named(self, kind: str, name: str) -> str:
        """A name of ours in words; one that is none, which nobody but a forger writes, as it stands."""
        try:
            return self._words(f"dossier.{kind}_{name}")
        except KeyError:
            return name

    def _exhibit(self, position: int, exhibit: Exhibit) -> None:
        values = {
            "position": str(position),
            "name": exhibit.name,
            "mime": exhibit.mime or "-",
            "size": format_decimal(exhibit.size, locale=self._locale),
            "time": self._when(exhibit.at),
        }
        self._paper.put(self._words(f"dossier.file_of_{exhibit.sender}", **values))
        state = f"dossier.shelf_{exhibit.shelf}" if exhibit.shelf else f"dossier.file_{exhibit.state}"
        self._paper.put(self._words(state), indent=1)
        if exhibit.sha256:
            self._paper.put(self._words("dossier.hash", hash=exhibit.sha256), _SMALL, indent=1)

    def _trail(self, dossier: Dossier) -> None:
        self._paper.put(chain_words(dossier.chain, self._words))
        for row in dossier.trail:
            entry = self._entry(datetime.fromisoformat(row.at), row.act, row.actor)
            self._paper.put(self._words("dossier.row", id=str(row.id), entry=entry))
            self._paper.put(self._words("dossier.hash", hash=row.hash), _SMALL, indent=1)
