"""Reading citizens' spelling: from a message to standard words.

Owns the way from text to tokens: Unicode folding, squeezed repeats, digits for letters, reduplication by "2", the
suffixes "x" and "ny", split and glued prefixes, and the lexicon. Refuses to guess at names and unknown words: they come
out as they went in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest

from chatbot.core.lexicon import ENGLISH_TWINS, PLACES, SPELLING, SPELLING_PAIRS, STANDARD

MAX_CHARS = 4096  # the most that any platform delivers as one text

_WORD = re.compile(r"[a-z0-9]+(?:/(?=\s|$))?")
_LONG_REPEAT = re.compile(r"([a-z])\1{2,}")
_ENDLESS = re.compile(r"([a-z])\1{3,}")
_DOUBLE = re.compile(r"([a-z])\1")
_DIGITS = str.maketrans("01345789", "oieastbg")
_INNER_DIGIT = re.compile(r"[a-z][01345789]+[a-z]")
_EDGE = re.compile(r"([a-z]+)([0-9]+)|([0-9]+)([a-z]+)")
_REDUPLICATED = re.compile(r"([a-z]{3,})2(nya|x|an|in)?")
_VOWELS = re.compile("[aeiou]")
_FEWEST_CONSONANTS = 3  # two fit too many words
_LONGEST_WORD = 64  # letters
_SHORTEST_STEM = 3  # letters before "x" or "ny" that still look like a word


def fold(text: str) -> str:
    """Fold letters for comparing: compatibility forms, case and accents go; the first 4096 characters count."""
    if text.isascii():
        return text[:MAX_CHARS].casefold()  # nothing to decompose
    decomposed = unicodedata.normalize("NFKD", text[:MAX_CHARS])
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=512)  # a message is split for its language, for danger and for the FAQ
def raw_words(text: str) -> tuple[str, ...]:
    """Split a text into folded words, spelt as written. Apostrophes join ("don't" is "dont"), all else divides."""
    folded = fold(text).replace("'", "").replace("\u2019", "").replace("`", "")
    # A word has an end: what is longer is noise, or a message written without spaces, which says enough by then.
    return tuple(word[:_LONGEST_WORD] for word in _WORD.findall(_ENDLESS.sub(r"\1\1\1", folded)))


def standard_words(text: str, *, english: bool = False, known: frozenset[str] = frozenset()) -> list[str]:
    """Split a text into words in standard spelling.

    Args:
        text: what a citizen wrote, any text.
        english: whether the text is English, where "no" is not short for "nomor".
        known: further words that are spelt right, for instance those of the FAQ.

    Returns:
        Folded words in order; one spelling may give several.
    """
    return standardise(raw_words(text), english=english, known=known)


def standardise(raw: Sequence[str], *, english: bool = False, known: frozenset[str] = frozenset()) -> list[str]:
    """Respell words that ``raw_words`` made. Arguments as for ``standard_words``."""
    words: list[str] = []
    skip = False
    for word, following in zip_longest(raw, raw[1:], fillvalue=""):
        if skip:
            skip = False
            continue
        pair = SPELLING_PAIRS.get((word, following))
        skip = pair is not None
        words.extend(pair.split() if pair is not None else _respell(word, english, known))
    return _join(words, known)


def index_by_consonants(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Index words by their consonants, for ``restore_vowels``; the words that come first are preferred."""
    index: dict[str, tuple[str, ...]] = {}
    for word in words:
        bones = _VOWELS.sub("", word)
        if len(bones) >= _FEWEST_CONSONANTS and word.isalpha() and word not in index.get(bones, ()):
            index[bones] = (*index.get(bones, ()), word)
    return index


def restore_vowels(word: str, index: Mapping[str, tuple[str, ...]]) -> str:
    """Find the word that ``word`` is with some vowels left out ("lpor", "dtlang"); itself if there is none."""
    for whole in index.get(_VOWELS.sub("", word), ()):
        letters = iter(whole)
        if len(word) < len(whole) and all(letter in letters for letter in word):
            return whole
    return word


def _is_known(word: str, known: frozenset[str]) -> bool:
    return word in STANDARD or word in SPELLING or word in known


@lru_cache(maxsize=16384)  # people use the same words
def _respell(word: str, english: bool, known: frozenset[str]) -> tuple[str, ...]:  # noqa: FBT001  the cache takes what is given by place in half the time
    if word in SPELLING and not (english and word in ENGLISH_TWINS):
        return tuple(SPELLING[word].split())
    if word in STANDARD or word in known or word in ENGLISH_TWINS or word.isdigit():
        return (word,)
    if any(char.isdigit() for char in word):
        return _respell_digits(word, english=english, known=known)
    if word[:2] in {"di", "ke"} and SPELLING.get(word[2:], word[2:]) in PLACES:
        return (word[:2], SPELLING.get(word[2:], word[2:]))
    shorter = _without_suffix(_squeeze(word, known), known)
    return (word,) if shorter == word else _respell(shorter, english, known)


def _without_suffix(word: str, known: frozenset[str]) -> str:
    for suffix in ("x", "nya"):
        if word.endswith(suffix) and len(word) > _SHORTEST_STEM and _is_known(word.removesuffix(suffix), known):
            return word.removesuffix(suffix)
    # No Indonesian word ends in "ny", so the stem need not be known.
    return word.removesuffix("ny") if len(word) > _SHORTEST_STEM + 1 else word


def _squeeze(word: str, known: frozenset[str]) -> str:
    """Take out repeats: of three and more always, of two only where that makes a known word."""
    shorter = _LONG_REPEAT.sub(r"\1\1", word)
    if shorter != word and _is_known(shorter, known):
        return shorter
    single = _DOUBLE.sub(r"\1", shorter)
    if shorter != word or (single != word and _is_known(single, known)):
        return single
    return word


def _respell_digits(word: str, *, english: bool, known: frozenset[str]) -> tuple[str, ...]:
    twice = _REDUPLICATED.fullmatch(word)
    if twice:
        return _respell(twice.group(1), english, known)
    letters = word.translate(_DIGITS)
    if letters.isalpha() and (_is_known(letters, known) or _INNER_DIGIT.search(word)):
        return _respell(letters, english, known)
    edge = _EDGE.fullmatch(word)
    if edge is None or min(len(part) for part in edge.groups() if part and part.isalpha()) == 1:
        return (word,)  # "c1" is a class of licence, "b1234xy" a plate
    return tuple(
        piece
        for part in edge.groups()
        if part
        for piece in ((part,) if part.isdigit() else _respell(part, english, known))
    )


def _join(words: list[str], known: frozenset[str]) -> list[str]:
    """Put together what was split: "di", "ke", "ter", "pe", "ber" written apart from their verb."""
    joined: list[str] = []
    for word in words:
        if joined:
            previous = joined[-1]
            if previous == "di" and word.startswith("di"):
                joined[-1] = word  # "di tipu", whose second part was read as "ditipu" already
                continue
            glued = previous + word
            if previous in {"di", "ke", "ter", "pe", "ber"} and word not in {"mana", "sini", "sana", "jalan"}:
                if glued in SPELLING:
                    joined[-1:] = SPELLING[glued].split()
                    continue
                if glued in known or (glued in STANDARD and word not in STANDARD):
                    joined[-1] = glued
                    continue
        joined.append(word)
    return joined
