"""From a citizen's question to what it is about.

Owns the steps after spelling: words of other languages and synonyms are read as one Indonesian word, names of one
service are made one, words without a topic are set apart, the others are cut to stems. Refuses ranking, and refuses
resolving words with two meanings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from chatbot.core.language import language_of_words
from chatbot.core.spelling import raw_words, restore_vowels, standardise
from chatbot.matching.lexicon import NO_LEXICON, STOPWORDS, TOPICS, Lexicon, stem

_NOTHING: Mapping[str, tuple[str, ...]] = {}
_SERVICE_DIGITS = 3  # "110" and its kind are topics; years and amounts are not
_YEARS = frozenset({"tahun", "years", "year"})
_AGE_DIGITS = 2
# How many words the names have that begin with a word, the most first.
_LENGTHS: dict[str, list[int]] = {}
for _first, _length in sorted({(name[0], len(name)) for name in TOPICS}, reverse=True):
    _LENGTHS.setdefault(_first, []).append(_length)


@dataclass(frozen=True, slots=True)
class Terms:
    """A text as the matcher reads it.

    Attributes:
        raw: the words as written, folded.
        words: all words in standard spelling, one name for each service.
        topics: stems of the words that carry a topic, in order.
    """

    raw: tuple[str, ...]
    words: tuple[str, ...]
    topics: tuple[str, ...]


def normalise(
    text: str,
    locale: str = "id",
    lexicon: Lexicon = NO_LEXICON,
    known: frozenset[str] = frozenset(),
    consonants: Mapping[str, tuple[str, ...]] = _NOTHING,
) -> Terms:
    """Read a text.

    Args:
        text: a question as written, any text.
        locale: the language it is taken for where its own words do not tell.
        lexicon: what words of other languages and synonyms are read as.
        known: words that are spelt right because the corpus spells them so.
        consonants: index of words to find those by that are written without vowels.
    """
    raw = raw_words(text)
    english = (language_of_words(raw) or locale) == "en"
    spelt = standardise(raw, english=english, known=known)
    if not english:
        spelt = [
            part
            for word in spelt
            for part in (
                [word]
                if word in known or word in STOPWORDS or lexicon.has(word)
                else standardise([restore_vowels(word, consonants)], known=known)
            )
        ]
    # The services' own names first: "driving license" is one, whatever its words mean.
    read = [part for word in _with_topics(spelt) for part in lexicon.foreign(word, english=english)]
    words: list[str] = []
    topics: list[str] = []
    for word in _with_topics(read):
        same = lexicon.synonyms.get(word)
        words.extend(same or (word,))
        # A word that stands for others has a topic, even where it also serves as a particle ("buat").
        topics.extend(stem_of(one) for one in same or (word,) if same or not (word in STOPWORDS or _is_number(word)))
    return Terms(tuple(raw), tuple(words), tuple(topics))


def _with_topics(words: list[str]) -> list[str]:
    """Give every service its one name, the longest phrase first."""
    named: list[str] = []
    at = 0
    while at < len(words):
        if words[at] in _YEARS and at and words[at - 1].isdigit() and len(words[at - 1]) == _AGE_DIGITS:
            named.append("umur")  # "17 tahun" is an age; a licence is overdue by one digit of years
        for length in _LENGTHS.get(words[at], ()):
            name = TOPICS.get(tuple(words[at : at + length]))
            if name is not None:
                named.extend(name)
                at += length
                break
        else:
            named.append(words[at])
            at += 1
    return named


def _is_number(word: str) -> bool:
    return word.isdigit() and len(word) != _SERVICE_DIGITS


stem_of = lru_cache(maxsize=4096)(stem)
