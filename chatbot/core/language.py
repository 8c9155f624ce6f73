"""Which language a text is in, and whether it is asked as a question.

Owns the function words that tell. Refuses guessing: a text without any of them has no language, and regional languages
count as Indonesian, because that is what their speakers are answered in until a catalogue of their own exists.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot.core.lexicon import SPELLING
from chatbot.core.spelling import raw_words, standardise

# Words that only one of the two languages has, as they are written in a chat.
_ENGLISH = frozenset(
    "the is are was were am be been do does did have has had how what where when why who which my your "
    "his her their our "
    "i you he she they we it this that these those there and or but not no yes can could should would will shall may "
    "must to of for from with without in on at by about into if then than because please thanks thank "
    "hello hi hey need "
    "want help lost get got make renew pay report license licence police someone somebody im ive dont cant didnt isnt "
    "whats hows good morning afternoon evening an as me him them us any some new old still just now much many long "
    "stolen missing fine after before out up off over under".split()
)
_INDONESIAN = frozenset(
    "yang dan di ke dari untuk dengan tidak sudah belum saya anda kamu dia kami kita mereka ini itu ada "
    "apa apakah bagaimana "
    "berapa kapan kenapa siapa mana bisa boleh harus mau kalau atau juga saja karena tetapi seperti pada "
    "oleh akan sedang "
    "sekali banyak tolong mohon terima kasih selamat pagi siang malam sore izin tanya cara biaya syarat surat hilang "
    "melapor mengurus membuat membayar memperpanjang perlu masih jangan bukan pak bu bapak ibu min kak bang mas mbak "
    "orang anak rumah jalan motor mobil polisi kantor nomor uang istri suami tetangga dong sih deh kok nih ya lah kah "
    "nu teh mah atuh euy nggih sing karo lan kangge wae bae".split()
)
# Both languages have these, or they are too short to tell.
_NEITHER = frozenset("a no do to in on by at he me so am or as an is it go hi ok i us up".split())

_QUESTION_WORDS = frozenset(
    "apa apakah bagaimana berapa kapan kenapa siapa mana bolehkah perlukah haruskah adakah bukankah benarkah masihkah "
    "how what where when why who which whose whom".split()
)
_ASKING = frozenset("tanya bertanya menanyakan tanyain nanyain ask question asking pertanyaan".split())
# What a question in either language begins with although it has no question word.
_ENGLISH_OPENING = re.compile(
    r"(?:(?:hi|hello|hey|sir|please|good (?:morning|afternoon|evening|day)|and|but|so|ok) )*"
    r"(?:can|could|do|does|did|is|are|am|will|would|should|may|must|have|has) "
    r"(?:i|we|you|my|the|it|there|a|an|this|that|they|he|she|anyone|someone|foreigners|sim|skck|police|any)\b"
)
_TAIL = frozenset("tidak belum kah".split())  # "bisa diperpanjang tidak", "sudah buka belum": a question by its end
_PARTICLES = frozenset("ya sih pak bu min kak bang mas mbak dong nih deh kah admin ndan gan om ini itu lagi".split())
_ABLE = frozenset(
    "bisa boleh perlu harus wajib ada benar aman asli termasuk masih gratis cukup dapat kena resmi sah".split()
)
_TOPIC_OPENING = frozenset("syarat persyaratan cara biaya jadwal prosedur alur lokasi tarif info informasi".split())


def language_of(text: str) -> str:
    """Tell the language of a text by its function words: "id", "en", or "" where they do not tell."""
    return language_of_words(raw_words(text))


@lru_cache(maxsize=512)
def language_of_words(raw: tuple[str, ...]) -> str:
    """Tell the language as ``language_of`` does, from words that ``raw_words`` made."""
    english = indonesian = 0.0
    for word in raw:
        weight = 0.4 if word in _NEITHER else 1.0
        if word in _ENGLISH:
            english += weight
        if word in _INDONESIAN or (word in SPELLING and word not in _ENGLISH):
            indonesian += weight
    if english == indonesian or max(english, indonesian) < 1.0:
        return ""
    return "en" if english > indonesian else "id"


def is_question(text: str) -> bool:
    """Tell whether a text is asked as a question, in Indonesian, Javanese, Sundanese, English or their SMS spelling."""
    if "?" in text:
        return True
    raw = raw_words(text)
    english = language_of_words(raw) == "en"
    if english and _ENGLISH_OPENING.match(" ".join(raw)):
        return True
    words = standardise(raw, english=english)
    if not words:
        return False
    found = set(words)
    if found & _ASKING:
        return True
    if found & _QUESTION_WORDS and not _only_names(words):
        return True
    return words[0] in _TOPIC_OPENING or _ends_asking(words)


def _only_names(words: list[str]) -> bool:
    """Tell whether the question words only join clauses: "tidak tahu siapa pelakunya", "orang yang mana"."""
    asked = [at for at, word in enumerate(words) if word in _QUESTION_WORDS]
    return all(at > 0 and words[at - 1] in {"tahu", "entah", "gara", "tanpa", "dont", "know"} for at in asked)


def _ends_asking(words: list[str]) -> bool:
    end = len(words)
    while end and words[end - 1] in _PARTICLES:
        end -= 1
    if not end:
        return False
    return words[end - 1] in _TAIL and end > 1 and bool(_ABLE.intersection(words[:end]) or words[end - 1] == "belum")
