"""What may be kept of a question when nobody is to know who asked it, or of whom it speaks.

Owns taking out numbers, addresses of the network and names, by how they look, by the words before them, and by a list
of common ones. Refuses to know other words: the caller says which are known. A rare name that is written small, and
that no word announces, looks like any other word and stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from chatbot.core.given_names import GIVEN_NAMES
from chatbot.core.language import language_of
from chatbot.core.lexicon import SPELLING
from chatbot.core.spelling import raw_words

MOST = 200  # characters that are kept
TAKEN_OUT = "…"
_READ = 5 * MOST  # characters that are looked at: what is taken out is longer than what stands for it

_LINK = re.compile(
    r"(?<!\S)\S*@\S+|(?:https?://|www\.)\S+|"
    r"(?<![\w.-])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|id|co|go|info|me|io|ly|link|site|xyz|app|online|store|biz)\b(?:[/?]\S*)?",
    re.IGNORECASE,
)
# The letters that Indonesian plates begin with; "SIM B 1" is none.
_PLATE = re.compile(
    r"(?<!\w)(?<!sim )"
    r"(?:[abdefghklmnprstwz]|a[abdeg]|b[abdeghklmnp]|cc|cd|d[abcdefghklmnprstw]|e[abdel]|k[bhtu]|p[abgsy])"
    r"[ .-]?\d{2,4}[ .-]?(?!(?:cc|rb|jt|km|kg|th|gb|am|pm)\b)[a-z]{1,3}(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){3,}")  # a telephone, an identity, an account, however it is spaced
_GAPS = re.compile(rf"{TAKEN_OUT}(?:[\s,.&-]*{TAKEN_OUT})+")

_WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W\d_]+)*")
_INITIALS = re.compile(r"[B-DF-HJ-NP-TV-Z]{2}|[B-DF-HJ-NP-TV-Z]{3}[A-Z]{0,3}")  # "BKSDA": no name begins like that
_SENTENCE_ENDS = re.compile(r"[.!?\n]")
# Behind these stands a name, however it is written.
_CALLED = re.compile(
    r"\b(?:nama(?:\s+lengkap)?(?:\s+(?:saya|sy|aku|gue|gw|kami|beliau|pemohon|pemilik))?(?:\s+(?:adalah|yaitu|ialah))?\s*[:=]"
    r"|nama\s+(?:lengkap\s+)?(?:saya|sy|aku|gue|gw|beliau)(?:\s+(?:adalah|yaitu|ialah))?|nama\s+lengkap|namaku|namanya|bernama|"
    r"atas\s+nama|a\s?/\s?n\b|a\.\s?n\b|an\.|"
    r"(?:my|his|her)\s+(?:full\s+)?name(?:\s+is|['\N{RIGHT SINGLE QUOTATION MARK}]s)?|name\s*[:=]|named|"
    r"in\s+the\s+name\s+of|on\s+behalf\s+of)[\s:=.,\"'(-]*",
    re.IGNORECASE,
)
# Behind these stands a name if it is written like one; they are also how an officer is addressed, so that any word may.
_ADDRESSED = frozenset(
    "pak bapak bu ibu mas mbak mba mb kak kakak bang abang om tante dek adik adek gus ayah suami istri isteri anak "
    "mertua nenek kakek paman bibi saya aku am i'm im".split()
)
# Behind these also if it is a word that is not known.
_TITLED = frozenset(
    "nama bpk sdr sdri saudara saudari tn ny nn haji hj ustad ustadz ustaz kyai kiai dr drs ir prof mr mrs ms miss "
    "mister almarhum almarhumah alm bin binti inisial bharada bharatu bripda briptu brigadir brigpol bripka aipda "
    "aiptu ipda iptu akp kompol akbp kombes".split()
)
_DOTTED = frozenset("bpk sdr sdri tn ny nn hj dr drs ir prof mr mrs ms alm".split())
# Names that are in the word tables too, as another word.
_GIVEN = frozenset("siti agus slamet asep ayu putri putra bagus made".split())
# What stands where a name could, and is none.
_NO_NAMES = frozenset(
    "saya aku kami kita kamu anda dia beliau mereka yang di ke dari untuk dengan tidak bukan belum sudah masih akan "
    "mau bisa dapat boleh harus perlu tanya bertanya izin mohon tolong minta apa apakah bagaimana berapa kapan kenapa "
    "siapa mana dan atau tetapi juga saja dong ya nih sih kok lah itu ini ada kalau karena sendiri orang lain salah "
    "keliru beda berbeda sama tercantum terdaftar tertulis perusahaan pt cv pribadi lama baru pertama kedua pemilik "
    "lengkap panggilan kandung sekarang hilang polisi polwan petugas admin min kapolres kapolsek kapolri kapolda "
    "kasat rt rw lurah camat bhabinkamtibmas i you he she we they the a an is are was in on at of to for from with "
    "not and or but my your how what where when why who can could do does have has please wrong different same "
    "misspelled missing officer police sir madam".split()
)


def impersonal(text: str, is_known: Callable[[str], bool]) -> str:
    """A question on one line, of at most ``MOST`` characters, with "…" for numbers, addresses and names.

    Args:
        text: what the citizen wrote.
        is_known: whether a folded word, without accents and apostrophes, is no name: one of the answers or of the word
            tables.

    Returns:
        No run of four digits survives in it.
    """
    # Full-width and circled digits and letters are digits and letters too.
    read = unicodedata.normalize("NFKC", text[:_READ])
    for pattern in (_LINK, _PLATE, _NUMBER):
        read = pattern.sub(TAKEN_OUT, read)
    kept = _GAPS.sub(TAKEN_OUT, " ".join(_without_names(read, is_known).split()))
    if len(kept) <= MOST:
        return kept
    return f"{kept[: MOST - 1].rpartition(' ')[0] or kept[: MOST - 1]}{TAKEN_OUT}"


def _without_names(text: str, is_known: Callable[[str], bool]) -> str:
    parts: list[str] = []
    end = 0
    for start, stop in _Names(text, is_known).find():
        parts += [text[end:start], TAKEN_OUT]
        end = stop
    return "".join([*parts, text[end:]])


class _Names:
    """The names in one text: a walk over its words that knows what the words before announced.

    ``_expects`` is that: "name" (whatever comes), "title" (a word that is not known, or written like a name), "address"
    (one that is written like a name), "more" (the rest of a name), or nothing.
    """

    def __init__(self, text: str, is_known: Callable[[str], bool]) -> None:
        self._text = text
        self._is_known = is_known
        self._words = list(_WORD.finditer(text))
        self._called = {found.end() for found in _CALLED.finditer(text)}
        self._english = language_of(text) == "en"
        self._expects = ""
        # In a text that is all capitals a capital says nothing; in one that has them everywhere, little.
        self._capitals_tell = text.upper() != text
        within = [found[0] for position, found in enumerate(self._words) if not self._begins(position)]
        self._capitals_are_rare = 2 * sum(map(_like_a_name, within)) <= len(within) + 1

    def find(self) -> list[tuple[int, int]]:
        """Where the names stand, in order."""
        spans: list[tuple[int, int]] = []
        opener: tuple[int, int] | None = None  # an initial, or what a sentence begins with: the first part of a name?
        for position, found in enumerate(self._words):
            word, span, joined = found[0], found.span(), self._joins(position)
            if found.start() in self._called:
                self._expects = "name"
            elif not joined:
                self._expects = ""
            announced = self._is_announced(word)
            stands_out = self._capitals_tell and word[0].isupper() and len(word) > 1 and not self._knows(word)
            begins = self._begins(position)
            named = announced or (stands_out and not (begins and self._opens(position))) or self._is_given(word)
            if named:
                spans += [opener, span] if opener and joined else [span]
            initial = len(word) == 1 and word.isupper() and self._text[found.end() :].startswith(".")
            opener = span if not named and ((begins and stands_out) or initial) else None
            self._expects = "more" if announced else "address" if named else self._announces(word)
        return spans

    def _is_announced(self, word: str) -> bool:
        """Whether the words before this one announced a name, and this is one."""
        plain = _plain(word)
        if not self._expects or plain in _NO_NAMES or plain in _ADDRESSED or plain in _TITLED:
            return False
        written_so = _like_a_name(word) and self._capitals_tell and self._capitals_are_rare
        return self._expects == "name" or written_so or (self._expects != "address" and not self._knows(word))

    def _is_given(self, word: str) -> bool:
        return _plain(word) in GIVEN_NAMES and not self._knows(word)

    def _announces(self, word: str) -> str:
        """What this word, which is no name, lets expect."""
        plain = _plain(word)
        if plain in _TITLED or (plain == "an" and not self._english):
            return "title"
        if plain in _ADDRESSED:  # "atas nama bapak saya budi"
            return "title" if self._expects in {"name", "title"} else "address"
        return ""

    def _knows(self, word: str) -> bool:
        plain = _plain(word)
        if plain in _NO_NAMES or plain in _ADDRESSED or plain in _TITLED or _INITIALS.fullmatch(word):
            return True
        parts = raw_words(word)
        if not parts or (_like_a_name(word) and not _GIVEN.isdisjoint(parts)):
            return False
        return all(self._is_known(part) or self._is_known(part.removesuffix("nya")) for part in parts)

    def _between(self, position: int) -> str:
        return self._text[self._words[position - 1].end() if position else 0 : self._words[position].start()]

    def _is_dotted(self, position: int) -> bool:
        """Whether the word before may have a full stop that ends no sentence: a title cut short, an initial."""
        before = self._words[position - 1][0] if position else ""
        return len(before) == 1 or before.casefold() in _DOTTED

    def _begins(self, position: int) -> bool:
        """Whether a sentence begins with this word."""
        return not position or (bool(_SENTENCE_ENDS.search(self._between(position))) and not self._is_dotted(position))

    def _joins(self, position: int) -> bool:
        """Whether nothing but a space, or the full stop of an initial, stands before this word."""
        between = self._between(position)
        return (between.isspace() and "\n" not in between) or (
            self._is_dotted(position) and between.strip() in {"", "."}
        )

    def _opens(self, position: int) -> bool:
        """Whether the sentence that begins with this word has more words; who writes only one signs with it."""
        return not position or (position + 1 < len(self._words) and self._joins(position + 1))


def _like_a_name(word: str) -> bool:
    return word[0].isupper() and word[1:].islower()


def _plain(word: str) -> str:
    folded = word.casefold()
    return SPELLING.get(folded, folded)
