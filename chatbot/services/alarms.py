"""Alarms to the administrators: said once when a cause comes up, again after a day, and once when it is over.

Owns the list of alarms, and when each is said. Refuses to find out what calls for one (``watch``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from chatbot.channels.base import Finding
from chatbot.core.message import Phrase
from chatbot.logs import fingerprint, log
from chatbot.services.doctor import phrase
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.store.unit_of_work import UnitOfWork

KINDS = (
    "channel_down",
    "channel_silent",
    "clock_off",
    "disk_low",
    "group_rights",
    "messages_wait",
    "send_dead",
    "sending_waits",
    "set_aside",
    "template_refused",
    "unreachable",
    "webhook_error",
)
_REMIND = timedelta(days=1)
_NAMES = {"telegram": "Telegram", "whatsapp": "WhatsApp"}

Alarm = tuple[str, str]  # its kind, and what it is about: a channel, a group, a folder, or nothing


class Alarms:
    """Says alarms, inside a unit of work."""

    def __init__(self, uow: UnitOfWork, office: Office, now: datetime) -> None:
        self._uow = uow
        self._office = office
        self._now = now

    @staticmethod
    def changes(
        standing: Mapping[Alarm, datetime], calls: Mapping[Alarm, object], over: set[Alarm], now: datetime
    ) -> bool:
        """Whether ``settle`` would do anything: nearly always it would not, and nothing has to be written."""
        due = any(alarm not in standing or now - standing[alarm] >= _REMIND for alarm in calls)
        return due or not over.isdisjoint(standing)

    def settle(self, calls: Mapping[Alarm, Finding | None], over: set[Alarm]) -> None:
        """Say what came up, what goes on for a day, and what is over.

        Args:
            calls: what calls for an alarm now, with the finding whose words say cause and cure, where there is one.
            over: what does not any more; whatever is in neither is not known, and stays as it is.
        """
        standing = self._uow.alarms.standing()
        for alarm, finding in calls.items():
            if alarm in standing and self._now - standing[alarm] < _REMIND:
                continue
            self._uow.alarms.said(*alarm, self._now)
            self._log("alarm", alarm, finding.key if finding else alarm[0])
            key = "alarm.lasts" if alarm in standing else "alarm.raised"
            self._say(key, alarm, cure=self._cure(alarm, finding))
        for alarm in over & standing.keys():
            self._uow.alarms.over(*alarm)
            self._log("alarm_over", alarm, "")
            self._say("alarm.over", alarm)

    def _say(self, key: str, alarm: Alarm, **values: Phrase) -> None:
        if not self._office.admins:
            return
        kind, _ = alarm
        words = self._office.words(key, what=Phrase(f"alarm.{kind}", _named(alarm)), **values)
        Post(self._uow, self._office, self._now).to_group(self._uow.groups.current_chat(self._office.admins), words)

    def _cure(self, alarm: Alarm, finding: Finding | None) -> Phrase:
        if finding:
            return phrase(finding, self._office.catalogues.keys(self._office.locale))
        kind, _ = alarm
        return Phrase(f"alarm.{kind}_cure", _named(alarm))

    def _log(self, event: str, alarm: Alarm, reason: str) -> None:
        kind, about = alarm
        told = {"chat": fingerprint(about)} if kind == "group_rights" else {"channel": about} if about in _NAMES else {}
        say = log().error if event == "alarm" else log().info
        say(event, kind=kind, reason=reason, **told)


def _named(alarm: Alarm) -> Mapping[str, str]:
    _, about = alarm
    return {"about": _NAMES.get(about, about)}
