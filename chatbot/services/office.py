"""What every service needs to know of the account it serves: names, groups, words, clock.

Owns nothing that changes while the program runs, but for the FAQ, the plan and the saved answers, each swapped as a
whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chatbot.channels.base import Capabilities, SendError
from chatbot.core.message import Phrase
from chatbot.services.faq import Faq
from chatbot.services.i18n import Catalogues
from chatbot.services.plan import Plan
from chatbot.services.saved_answers import SavedAnswers

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Office:
    """One regional account.

    Attributes:
        plan: its units, their groups, and what each of them gets.
        locale: the language of the officers' groups, and of citizens until they show another.
        admins: chat id of the administrators' group; empty: none.
        desk_channel: the channel on which the groups live, served or not.
        catalogues: the words.
        faq: the answers.
        saved_answers: what officers send by a key.
        capabilities: what each channel can carry.
        failures: for each channel, what an error code in a late receipt means.
        templates: channels that may write outside the reply window.
        inbox_days: how long what belongs to no ticket is kept.
        clock: the time, aware, UTC.
        randbelow: uniformly random integers, for ticket numbers.
    """

    plan: Plan
    locale: str
    admins: str
    desk_channel: str
    catalogues: Catalogues
    faq: Faq
    saved_answers: SavedAnswers
    capabilities: Mapping[str, Capabilities]
    failures: Mapping[str, Callable[[str], SendError]]
    templates: frozenset[str]
    inbox_days: int
    clock: Clock
    randbelow: Callable[[int], int]

    def words(self, key: str, in_locale: str = "", /, **values: str | Phrase) -> str:
        """A phrase as rich text, in the groups' language unless another is given."""
        return self.catalogues.render(Phrase(key, values), in_locale or self.locale)

    @property
    def region(self) -> str:
        """Its name, as citizens read it."""
        return self.plan.region.name

    @property
    def timezone(self) -> ZoneInfo:
        """Where it is."""
        return self.plan.region.timezone

    @property
    def officers(self) -> str:
        """Chat id of the default unit's group, as set; it may have moved since. Empty: none."""
        return self.plan.group_of(self.plan.region.default)

    @property
    def propam(self) -> str:
        """Chat id of the group that alone sees complaints about police members; empty: none."""
        return self.plan.group_of(self.plan.region.members)

    def desk_groups(self) -> tuple[str, ...]:
        """The groups in which officers work, as set."""
        return self.plan.groups()
