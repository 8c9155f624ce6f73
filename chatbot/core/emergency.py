"""Whether words speak of present danger.

Owns the weighing: which words of danger a text has, what around them says that it is here and now, and what says that
it is not (an idiom, a film, the past, news, a question for advice). Refuses to know what follows from it: the notice,
the alert and the words said to the citizen are others'. A missed emergency costs far more than a false one, so every
doubt here is decided for danger; what is taken back is taken back for a reason that a table names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA

from chatbot.core import danger_phrases, doubt_phrases, harmless_phrases
from chatbot.core import danger_words as words
from chatbot.core.danger_pairs import PAIR_WORTH
from chatbot.core.danger_weights import CONSTANT, LENGTH_WORTH, SIGNAL_WORTH, WORD_WORTH
from chatbot.core.language import language_of_words
from chatbot.core.lexicon import SPELLING, STANDARD
from chatbot.core.spelling import raw_words, standardise


class Signals(NamedTuple):
    """What a text, or one clause of it, shows. Counts are capped; the others are 0 or 1.

    Attributes:
        grave: a phrase that speaks of danger to life by itself.
        serious: phrases that need a little more around them, 2 at most.
        strong: words for violence done to a person, or for a disaster, 2 at most.
        medium: words of danger that have harmless uses, 3 at most.
        weak: words that only colour, 4 at most.
        fire: a picture of fire or blood.
        help: asks for help, or for someone to come.
        still: says that it is happening.
        place: names a place.
        person: names a person.
        exists: "there is".
        loud: capitals, exclamation marks, alarm pictures.
        cry: four words or fewer.
        advice: asks for rules, ways and numbers.
        asks: has a question word or mark.
        past: says that it was long ago.
        earlier: names the hour or the part of the day.
        supposed: "if", "suppose".
        over: says that it is over, or did not happen.
        service: is about papers, fees, reports.
        news: asks whether something is true, or passes it on.
        media: is about a film, a song, a game, a match.
        drill: is about an exercise, homework, goods for sale.
        light: laughs, flirts, exaggerates.
        joke: laughs out loud.
        sorry: takes it back, says that it ended well.
        bare: shows none of the first six.
        routine: answers the form, or asks for order in the street.
    """

    grave: float
    serious: float
    strong: float
    medium: float
    weak: float
    fire: float
    help: float
    still: float
    place: float
    person: float
    exists: float
    loud: float
    cry: float
    advice: float
    asks: float
    past: float
    earlier: float
    supposed: float
    over: float
    service: float
    news: float
    media: float
    drill: float
    light: float
    joke: float
    sorry: float
    bare: float
    routine: float


THRESHOLD = -1.2  # under zero, where the odds are even, because a miss costs more than a false alarm
LENGTHS = (1, 2, 3, 6, 8, 11, 15)  # words; a form is answered in few, a story told in many
_CLAUSE_DOUBT = 0.25  # a clause alone may be half of a sentence that says otherwise
_CRY_WORDS = 4  # a message this short is a cry for help if it names a danger at all

_KNOWN = words.STRONG | words.MEDIUM | words.WEAK
_LOUD_SIGN = re.compile("!{2,}|[\U0001f198\U0001f525\U0001f6a8\U0001fa78\U0001f52a]")
_LAUGHING_SIGN = re.compile(
    "[\U0001f600-\U0001f606\U0001f609\U0001f60d\U0001f618\U0001f61c\U0001f64a\U0001f923\U0001f970]"
)
_SOS_SIGN = "\U0001f198"
_FIRE_SIGN = re.compile("[\U0001f525\U0001fa78]")
_CLAUSE = re.compile(r"[.,;!?\n]+|\b(?:eh|tapi|tp|nah|oh iya|tetapi|but|also)\b", re.IGNORECASE)
_SHORTEST_CLAUSE = 2  # words
# What a bare cry for help consists of.
_CRIES = frozenset({"tolong", "sos", "darurat", "mayday", "help", "emergency", "fire"})
_ONLY_A_CRY = frozenset(
    "sos darurat mayday tolong pak bu min bang mas mbak kak saya kami polisi ya ampun dong ibu bapak cepat cepet "
    "segera komandan ndan help emergency fire please me us police now someone".split()
)
_SHORTEST_GLUED, _LONGEST_WORD, _SHORTEST_PIECE = 8, 14, 2  # letters
_SMALL = frozenset({"di", "ke", "ya"})
_SHORTEST_TYPO = 5  # letters; shorter words have too many neighbours
_LONGEST_TYPO = 18  # no word of danger is longer
_LONG_TYPO = 9  # letters from which two slips are forgiven
_SKELETON = 4  # consonants that are enough to recognise a word without its vowels
_ENDINGS = ("nya", "ipun", "keun", "kan", "ane", "ne", "na", "ku", "mu", "an", "in", "e", "i")
_VOWELS = re.compile("[aeiou]")
# Words that are one slip away from danger and mean something else.
_NEIGHBOURS = frozenset(
    "pencurian pencuri_motor tembok dicabut dibatalkan lapor malam makan dimakan ditebang dilepasin dilepas tabungan "
    "dibayar dibuat dibuka ditutup dipakai dibawa diambil dikirim ditanya dibaca dibalas diproses dicuci dibeli dijual "
    "dicoba diganti ditulis dicari dicetak mailing malang begitu bagian kacamata pasukan perusahaan kebaikan kebakatan "
    "penerangan pembukuan pembuatan penetapan pengeluaran kegunaan kebiasaan kebenaran tembakau tawaran kecepatan "
    "terbaca terbuka tertutup terpakai kelulusan kecelaan banding bandung rating maklum malming keringan dibagikan "
    "hamil harian bagaimana menikah penikahan pernikahan panitia pesanan dicetuskan ditukar ditahan ditolak bacaan "
    "disiapkan disimpan dikasih dihapus dikenakan disana disini dikantor diisi disita dijamin diminta ditunggu "
    "kecamatan kebumen kelapa kelas dititip ditilang kehilangan dibantu kejadian didaftar dirumah dipukau diterima "
    "ketinggalan knife wife life fine find five fire hire wire here robber rubber weapons trust burning turning "
    "learning earning morning evening booking looking robbed bleeding breeding meeting killing filling billing "
    "calling selling stalking talking walking attach attached shouting shorting shopping showing".split()
)


def is_emergency(text: str) -> bool:
    """Tell whether a text speaks of present danger to someone, the writer or anybody else."""
    return danger(text) >= THRESHOLD


def danger(text: str) -> float:
    """Weigh how much a text speaks of present danger; ``THRESHOLD`` and more is an emergency."""
    tokens = tokens_of(text)
    if not tokens:
        return THRESHOLD + (1.0 if _SOS_SIGN in text else -1.0)
    if len(tokens) <= _CRY_WORDS and not _CRIES.isdisjoint(tokens) and not set(tokens) - _ONLY_A_CRY:
        return THRESHOLD + 1.0
    told = sum(_told_worth(told) for told in sorted(words_and_pairs(tokens)))
    short = sum(worth for most, worth in LENGTH_WORTH.items() if len(tokens) <= most)
    return CONSTANT + told + short + max(_weigh(signals) - doubt for signals, doubt in readings(text, tokens))


def words_and_pairs(tokens: list[str]) -> set[str]:
    """List the words of a text and its pairs: neighbours joined by "_", those with a word between by "_~".

    "^" begins and "$" ends a text.
    """
    neighbours = (f"{one}_{two}" for one, two in pairwise(["^", *tokens, "$"]))
    return {*tokens, *neighbours, *(f"{one}_~{two}" for one, two in zip(tokens, tokens[2:], strict=False))}


def _told_worth(told: str) -> float:
    return PAIR_WORTH.get(told, 0.0) if "_" in told else WORD_WORTH.get(told, 0.0)


def _weigh(signals: Signals) -> float:
    return sum(worth * signal for worth, signal in zip(_WORTH, signals, strict=True))


def readings(text: str, tokens: list[str]) -> list[tuple[Signals, float]]:
    """Read a text as a whole and clause by clause, each with the doubt to subtract.

    A question for a service may stand before or after the cry for help, so that each clause counts on its own as well;
    what says that all of it is a story, a rumour or a joke counts for every clause.
    """
    if not tokens:
        return []
    plain = f" {' '.join(tokens)} "
    topic = (
        float(doubt_phrases.NEWS.search(plain) is not None),
        float(doubt_phrases.MEDIA.search(plain) is not None),
        float(doubt_phrases.DRILL.search(plain) is not None),
        float(doubt_phrases.LIGHT.search(plain) is not None),
        float(doubt_phrases.JOKE.search(plain) is not None or _LAUGHING_SIGN.search(text) is not None),
        float(doubt_phrases.SORRY.search(plain) is not None),
    )
    found = [(_signals(tokens, text, topic), 0.0)]
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    if len(clauses) > 1:
        for clause in clauses:
            read = tokens_of(clause)
            if len(read) >= _SHORTEST_CLAUSE and _names_danger(read, clause):
                signals = _signals(read, clause, topic)
                if not signals.bare:  # what names no danger cannot take back the doubts of the rest
                    found.append((signals, _CLAUSE_DOUBT))
    return found


def _names_danger(tokens: list[str], text: str) -> bool:
    """Tell, for far less than the signals cost, whether a clause may name a danger at all; most do not."""
    if not _KNOWN.isdisjoint(tokens) or _FIRE_SIGN.search(text):
        return True
    plain = f" {' '.join(tokens)} "
    # Where a harmless phrase is taken out, what is left may read as another one.
    searched = (danger_phrases.GRAVE, danger_phrases.SERIOUS, harmless_phrases.HARMLESS)
    return any(phrases.search(plain) for phrases in searched)


def _signals(tokens: list[str], text: str, topic: tuple[float, ...]) -> Signals:
    plain = f" {' '.join(tokens)} "
    joined = harmless_phrases.HARMLESS.sub(" _", plain)
    remaining = _without_negated(joined.split())
    found = set(remaining)
    grave = float(danger_phrases.GRAVE.search(joined) is not None)
    serious = float(min(sum(1 for _ in danger_phrases.SERIOUS.finditer(joined)), 2))
    strong = float(min(sum(token in words.STRONG for token in remaining), 2))
    medium = float(min(sum(token in words.MEDIUM for token in remaining), 3))
    weak = float(min(sum(token in words.WEAK for token in remaining), 4))
    fire = float(_FIRE_SIGN.search(text) is not None)
    return Signals._make(
        (
            grave,
            serious,
            strong,
            medium,
            weak,
            fire,
            float(bool(found & words.HELP)),
            float(danger_phrases.STILL.search(joined) is not None),
            float(bool(found & words.PLACE)),
            float(bool(found & words.PERSON)),
            float("ada" in found or "there" in found),
            float((text.isupper() and len(tokens) > 1) or _LOUD_SIGN.search(text) is not None),
            float(len(tokens) <= _CRY_WORDS),
            float(doubt_phrases.ADVICE.search(joined) is not None),
            float("?" in text or doubt_phrases.ASKS.search(joined) is not None),
            float(doubt_phrases.PAST.search(joined) is not None),
            float(doubt_phrases.EARLIER.search(plain) is not None),
            float(doubt_phrases.IF.search(joined) is not None),
            float(doubt_phrases.OVER.search(joined) is not None),
            float(doubt_phrases.SERVICE.search(plain) is not None),
            *topic,
            float(not (grave or serious or strong or medium or fire or weak)),
            float(doubt_phrases.ROUTINE.search(plain) is not None),
        )
    )


def _without_negated(tokens: list[str]) -> list[str]:
    """Take out the words of danger that a negation stands before: "bukan kebakaran", "tidak ada yang luka"."""
    kept = list(tokens)
    for at, token in enumerate(tokens):
        if token in _KNOWN:
            before = tokens[max(0, at - 3) : at]
            pairs = {f"{one}_{two}" for one, two in pairwise(before)}
            if not doubt_phrases.NEGATION.isdisjoint(before[-2:]) or not doubt_phrases.NEGATION.isdisjoint(pairs):
                kept[at] = "_"
    return kept


def tokens_of(text: str) -> list[str]:
    """Split a text into words in standard spelling, misspelt and glued words of danger read as what they mean."""
    raw = raw_words(text)
    english = language_of_words(raw) == "en"
    return [piece for token in standardise(raw, english=english, known=_READ_AS_IS) for piece in _repair(token)]


@lru_cache(maxsize=16384)
def _repair(token: str) -> tuple[str, ...]:
    """Read a misspelt or glued word of danger. Anything else comes back as it is."""
    if token in _KNOWN or token in STANDARD or token in _NEIGHBOURS or len(token) < _SHORTEST_TYPO - 1:
        return (token,)
    if token in _ORDINARY or not token.isalpha():
        return (token,)
    for ending in _ENDINGS:
        if token.endswith(ending) and token[: -len(ending)] in _KNOWN:
            return (token[: -len(ending)],)
    skeleton = _SKELETONS.get(_VOWELS.sub("", token))
    if skeleton is not None and len(_VOWELS.findall(token)) * 4 <= len(token):
        return (skeleton,)
    if _SHORTEST_TYPO <= len(token) <= _LONGEST_TYPO:
        close = _closest(token)
        if close:
            return (close,)
    return tuple(_unglue(token))


def _deletions(word: str, count: int) -> set[str]:
    return {
        "".join(word[i] for i in range(len(word)) if i not in gone)
        for size in range(1, count + 1)
        for gone in combinations(range(len(word)), size)
    } | {word}


def _slips(word: str) -> int:
    return 2 if len(word) >= _LONG_TYPO else 1


def _index(vocabulary: frozenset[str]) -> dict[str, list[str]]:
    """Index each word under itself with letters left out, so that a slip is found by looking up, not by comparing."""
    index: dict[str, list[str]] = {}
    for word in sorted(vocabulary):
        if len(word) >= _SHORTEST_TYPO:
            for shape in _deletions(word, _slips(word)):
                index.setdefault(shape, []).append(word)
    return index


def _closest(token: str) -> str:
    """Find the word of danger that a token is one slip from (two in long words), the first letter being right."""
    best, least = "", 3
    for shape in sorted(_deletions(token, _slips(token)), key=lambda shape: (-len(shape), shape)):
        for word in _TYPOS.get(shape, ()):
            if word[0] == token[0] and abs(len(word) - len(token)) <= _slips(word):
                distance = OSA.distance(word, token)
                if distance <= _slips(word) and distance < least:
                    best, least = word, distance
    return best


def _unglue(token: str) -> list[str]:
    """Part a long token into known words, the longest first, if it parts without a rest."""
    if len(token) < _SHORTEST_GLUED:
        return [token]
    ends: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(token) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end - 1):
            if start in ends and _is_word(token[start:end]):
                ends[end] = (*ends[start], token[start:end])
                break
    parts = ends.get(len(token), ())
    if len(parts) > 1 and any(part in _KNOWN or SPELLING.get(part, part) in words.HELP for part in parts):
        return [piece for part in parts for piece in SPELLING.get(part, part).split()]
    return [token]


def _is_word(part: str) -> bool:
    if part in _READ_AS_IS or part in _ORDINARY or part in STANDARD:
        return len(part) > _SHORTEST_PIECE or part in _SMALL
    return len(part) > _SHORTEST_PIECE and part in SPELLING


_WORTH = Signals._make(SIGNAL_WORTH[field] for field in Signals._fields)
_ORDINARY = words.HELP | words.NOW | words.PLACE | words.PERSON
_READ_AS_IS = _KNOWN | _ONLY_A_CRY
_TYPOS = _index(words.SURE_FORMS)
_SKELETONS = {
    _VOWELS.sub("", word): word for word in sorted(words.SURE_FORMS) if len(_VOWELS.sub("", word)) >= _SKELETON
}
