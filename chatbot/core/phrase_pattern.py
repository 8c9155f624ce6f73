"""How tables of phrases are searched.

Owns one way to make a pattern of many phrases. Refuses knowing any phrase.
"""

from __future__ import annotations

import re


def any_of(*alternatives: str) -> re.Pattern[str]:
    """Compile alternatives to a pattern for texts whose words are parted, begun and ended by single spaces."""
    # The space in front lets a search skip from word to word; the one behind is left for the next phrase.
    return re.compile(" (?:" + "|".join(alternatives) + ")(?= )")
