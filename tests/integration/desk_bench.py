"""Officers beside the citizens of ``bench``: what they write and press in their group, carried out on a real store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chatbot.channels.base import Standing
from chatbot.services.acts import Acts
from chatbot.services.arrival import Arrival
from chatbot.services.desk import Desk
from chatbot.services.dialogue import Dialogue
from chatbot.store.store import Store
from chatbot.store.unit_of_work import UnitOfWork
from tests.integration.bench import OFFICERS, Bench

OFFICER, COLLEAGUE, CHIEF = 901, 902, 909  # the last one administers both groups
NAMES = {OFFICER: "Petugas 1", COLLEAGUE: "Petugas 2"}
_CALLED = {**NAMES, CHIEF: "Petugas 9"}
PROPAM = "-200"
STORY = "Motor saya dicuri orang di pasar"


class DeskBench(Bench):
    """A bench with an officers' group; both officers are members of it, and ``strangers`` surely none."""

    def __init__(self, store: Store, folder: Path, admins: str = "") -> None:
        super().__init__(store, folder, admins)
        self.strangers: set[int] = set()

    async def complain(self, identity: str = "terbuka", **content: Any) -> str:
        """A citizen's complaint, from the first word to its number, which is returned."""
        answers = ("Kejahatan", STORY, "Pasar Contoh", "kemarin", "tidak tahu", "selesai")
        for text in ("aduan", "setuju", *answers, identity, "kirim"):
            await self.hear(text=text, **content)
        return await self.store.read(_number)

    async def officer(self, text: str = "", who: int = OFFICER, *, update: str = "message", **content: Any) -> int:
        """A message of an officer (or "edited_message"), stored and obeyed; its id in the group."""
        self.updates += 1
        message = {
            "message_id": self.updates,
            "date": int(self.now.timestamp()),
            "chat": {"id": int(OFFICERS), "type": "supergroup", "title": "Petugas"},
            "from": {"id": who, "is_bot": False, "first_name": _CALLED.get(who, "Orang Luar")},
            "text": text,
            **content,
        }
        await self._obey({update: message})
        return self.updates

    async def press(self, choice: str, who: int = OFFICER) -> None:
        """A press of an officer."""
        self.updates += 1
        chat = {"id": int(OFFICERS), "type": "supergroup", "title": "Petugas"}
        under = {"message_id": 1, "date": int(self.now.timestamp()), "chat": chat}
        person = {"id": who, "is_bot": False, "first_name": _CALLED.get(who, "Orang Luar")}
        await self._obey(
            {"callback_query": {"id": str(self.updates), "from": person, "message": under, "data": choice}}
        )

    async def leave(self, who: int, status: str = "left") -> None:
        """A person is no longer in the officers' group: "left", or "kicked"."""
        self.updates += 1
        person = {"id": who, "is_bot": False, "first_name": _CALLED[who]}
        change = {
            "chat": {"id": int(OFFICERS), "type": "supergroup", "title": "Petugas"},
            "from": person,
            "date": int(self.now.timestamp()),
            "old_chat_member": {"user": person, "status": "member"},
            "new_chat_member": {"user": person, "status": status},
        }
        await self._obey({"chat_member": change})

    async def _obey(self, update: dict[str, Any]) -> None:
        await self.intake.store(self.telegram, json.dumps({"update_id": self.updates, **update}).encode())
        (one,) = await self.store.read(lambda uow: uow.inbox.waiting("desk", 10, ["telegram"]))
        message = self.respond.read(one)
        assert message is not None
        known = {(OFFICERS, str(who)): Standing.MEMBER for who in (OFFICER, COLLEAGUE)}
        known |= {(OFFICERS, str(who)): Standing.STRANGER for who in self.strangers}
        known |= {(chat, str(CHIEF)): Standing.ADMINISTRATOR for chat in (OFFICERS, PROPAM)}
        standing = known.get((message.chat, message.author))

        def unit(uow: UnitOfWork) -> None:
            dialogue = Dialogue(uow, self.office, self.now)
            acts = Acts(uow, self.office, self.now, dialogue, self.respond.reread)
            arrival = Arrival(uow, self.office, self.now, acts, self.folder)
            uow.inbox.done([Desk(uow, self.office, standing, self.now, acts, arrival).handle(message, one.id)])

        await self.store.write(unit)


def _number(uow: UnitOfWork) -> str:
    row = uow.ticket(1)
    assert row
    return row.number
