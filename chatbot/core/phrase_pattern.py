"""How tables of phrases are searched.

Owns one way to make a pattern of many phrases, and one to search many such patterns at once. Refuses knowing any
phrase.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import re2

_LOOKAROUND = re.compile(r"\(\?<?[=!](?:[^()]|\([^()]*\))*\)")
_STATES = 32 << 20  # bytes for what RE2 remembers of the texts it has seen; of all tables together it needs some 25 MB


def any_of(*alternatives: str) -> re.Pattern[str]:
    """Compile alternatives to a pattern for texts whose words are parted, begun and ended by single spaces."""
    # The space in front lets a search skip from word to word; the one behind is left for the next phrase.
    return re.compile(" (?:" + "|".join(alternatives) + ")(?= )")


class Tables:
    """Several patterns of ``any_of``, searched in one pass, which costs less than searching one of them.

    Args:
        patterns: by the names that they are found under.
    """

    def __init__(self, patterns: Mapping[str, re.Pattern[str]]) -> None:
        self._patterns = list(patterns.items())
        options = re2.Options()
        options.max_mem = _STATES
        self._set = re2.Set.SearchSet(options)
        for _, pattern in self._patterns:
            # RE2 looks neither ahead nor back: it finds what may be there, the pattern itself decides.
            self._set.Add(_LOOKAROUND.sub("", pattern.pattern) + " ")
        self._set.Compile()

    def found(self, text: str) -> set[str]:
        """The names of the patterns that a text holds."""
        return {
            name
            for name, pattern in map(self._patterns.__getitem__, self._set.Match(text) or ())
            if pattern.search(text)
        }
