"""What a first message already says: the category, where and when, if they are plainly there.

Owns the reading. Refuses to guess: what is doubtful is asked, and the review shows what was taken.
"""

from __future__ import annotations

import re
from dataclasses import replace

from chatbot.core.category_words import (
    CATEGORY_WORDS,
    INCIDENT,
    MEMBERS_MENTIONED,
    PLACE_WORDS,
    PLEASANTRIES,
    REPORTING,
    TIME_WORDS,
)
from chatbot.core.complaint import MEMBERS, Complaint, mark, with_category, with_text

_ENOUGH_WORDS = 3  # fewer words than this tell no story
_MAX_PLACE = 80
_STOP = (
    r"(?:\b(?:saat|ketika|waktu|tadi|kemarin|kmrn|semalam|jam|pukul|pkl|sekitar|pada|dan|lalu|terus|oleh|karena|krn|yang|"
    r"yg|sudah|udah|hari|minggu|bulan|when|while|yesterday|today|last (?:night|week|month)|this|at|around|and|by|"
    r"because)\b|[.,;!?\n]|$)"
)
# A bare "di pasar" finds no market: a place needs a word more than its kind.
_WHERE = re.compile(
    rf"\b(?:di|at|in|on|near)\s+((?:the\s+)?(?:{PLACE_WORDS})\b\.?(?!\s*{_STOP})\s+\S.{{0,{_MAX_PLACE}}}?)(?=\s*{_STOP})",
    re.IGNORECASE | re.DOTALL,
)
_WHEN = re.compile(
    rf"\b((?:{TIME_WORDS})(?:\s*,?\s*(?:(?:sekitar|at|around)\s+)?(?:jam|pukul|pkl\.?|at)?\s*\d{{1,2}}[.:]\d{{2}}"
    r"|\s+(?:sekitar\s+)?(?:jam|pukul|pkl\.?)\s*\d{1,2})?)(?!\w)",
    re.IGNORECASE,
)
_CATEGORIES = tuple((name, re.compile(rf"\b(?:{words})\b")) for name, words in CATEGORY_WORDS)
_MENTIONED = re.compile(rf"\b(?:{MEMBERS_MENTIONED})\b")
_INCIDENT = re.compile(rf"\b(?:{INCIDENT})\b")
_REPORTING = re.compile(rf"\b(?:{REPORTING})\b")
_PLEASANTRIES = frozenset(PLEASANTRIES.split())
_WORD = re.compile(r"\w+")
# What tells nothing and asks nothing: a try whether somebody is there, a greeting, one letter repeated, laughter.
_NOTHING = re.compile(
    r"(?:te+s+t?|testing|coba|cobain|ha+l+o+|he+l+o+|ha+i+|hi+|hey|ping|pak|bu|min|permisi|bot|"
    r"(\w)\1*|(?:wk)+w?|(?:ha)+h?|(?:he)+h?|(?:hi)+h?|(?:xi)+|lo+l)"
)


def category_of(folded: str) -> str:
    """The category that the words of a text name; empty when none does, or when they name several."""
    found = [name for name, words in _CATEGORIES if words.search(folded)]
    # A complaint about members must never go by another road, whatever else it names.
    if MEMBERS in found:
        return MEMBERS
    return found[0] if len(found) == 1 else ""


def concerns_members(folded: str) -> bool:
    """Whether a text says that police members did what they must not do."""
    return category_of(folded) == MEMBERS


def mentions_members(folded: str) -> bool:
    """Whether a text speaks of police members at all, good or bad."""
    return _MENTIONED.search(folded) is not None


def tells_incident(folded: str) -> bool:
    """Whether a text reports something or says that it wants to."""
    if _REPORTING.search(folded) or _INCIDENT.search(folded):
        return True
    return is_story(folded) and bool(category_of(folded))


def reports(folded: str) -> bool:
    """Whether a text says that it reports something, and what."""
    return bool(_REPORTING.search(folded) and _INCIDENT.search(folded))


def is_story(folded: str) -> bool:
    """Whether a text says what happened, and not only that someone wishes to report."""
    return sum(word not in _PLEASANTRIES for word in _WORD.findall(folded)) >= _ENOUGH_WORDS


def says_nothing(folded: str) -> bool:
    """Whether a text has no content at all: marks only, one letter repeated, a try, a greeting, laughter."""
    return all(_NOTHING.fullmatch(word) for word in _WORD.findall(folded))


def begun_with(form: Complaint, text: str, folded: str) -> Complaint:
    """Take from a text what it plainly says. A text that tells no story leaves the form as it is."""
    category = category_of(folded)
    if category:
        form = with_category(form, category)
    if not is_story(folded):
        return form
    form = with_text(form, "what", text)
    if form.place is None and (where := _WHERE.search(text)):
        form = mark(replace(form, where_text=where[1].strip()), "where")
    if when := _WHEN.search(text):
        form = with_text(form, "when", when[1].strip())
    return form
