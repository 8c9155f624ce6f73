"""Owns what happens to groups and memberships: joining, blocking, moving, closing topics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from chatbot.sandbox.telegram_people import People
from chatbot.sandbox.telegram_render import chat_json, member_json, user_json
from chatbot.sandbox.telegram_rooms import ICON_COLORS, announce_topic, switch_topic
from chatbot.sandbox.telegram_state import BOT_RIGHTS, Chat, Json, Member

_ADMIN_RIGHTS = {"can_manage_chat": True, "can_manage_topics": True}
_STATUSES = frozenset({"creator", "administrator", "member", "restricted", "left", "kicked"})


class Groups(People):
    """People's deeds that change who is where, each with its update and service message."""

    def add_group(
        self,
        chat_id: int,
        title: str,
        *,
        forum: bool = False,
        supergroup: bool = True,
        bot_status: str = "administrator",
        bot_rights: Mapping[str, bool] | None = None,
    ) -> None:
        """Let a group exist, without any update.

        Args:
            chat_id: negative; a supergroup's begins with -100.
            title: its name.
            forum: whether topics are on; needs a supergroup.
            supergroup: False for a basic group.
            bot_status: the bot's standing there, as in ChatMember.
            bot_rights: rights that differ from `BOT_RIGHTS`.

        Raises:
            ValueError: the id does not fit the kind of group, or the status is unknown.
        """
        if supergroup != str(chat_id).startswith("-100") or chat_id >= 0 or (forum and not supergroup):
            raise ValueError("the id and the kind of group do not go together")
        chat = Chat(chat_id, "supergroup" if supergroup else "group", title, forum)
        self.world.chats[chat_id] = chat
        defaults = BOT_RIGHTS if bot_status == "administrator" else {}
        self._set(chat, self.world.bot.id, bot_status, {**defaults, **(bot_rights or {})})

    def _set(
        self, chat: Chat, user_id: int, status: str, rights: Mapping[str, bool] | None = None
    ) -> tuple[Member, Member]:
        if status not in _STATUSES:
            raise ValueError("no such status")
        old = chat.members.get(user_id, Member("left"))
        keeps = status in {"administrator", "restricted", "creator"}
        new = Member(status, dict(rights or {}) if keeps else {})
        chat.members[user_id] = new
        self.world.bell.ring()
        return old, new

    def _tell(self, chat: Chat, actor_id: int, user_id: int, old: Member, new: Member) -> int | None:
        own = user_id == self.world.bot.id
        if not own and not self.world.bot_in(chat).admin:
            return None
        payload = {
            "chat": chat_json(self.world, chat),
            "from": user_json(self.world, actor_id),
            "date": self.world.now(),
            "old_chat_member": member_json(self.world, user_id, old),
            "new_chat_member": member_json(self.world, user_id, new),
        }
        kind = "my_chat_member" if own else "chat_member"
        return self.updates.add(kind, payload, lane=chat.id if own else user_id)

    def _service(self, chat: Chat, sender_id: int, content: Json) -> Json:
        return self.report(self.world.post(chat, sender_id, content, service=True))

    def add_member(
        self, chat_id: int, user_id: int, status: str = "member", *, rights: Mapping[str, bool] | None = None
    ) -> int | None:
        """Give a person a standing in a group, new or changed; returns the chat_member update's id, if asked for."""
        chat = self.world.chats[chat_id]
        defaults = _ADMIN_RIGHTS if status == "administrator" else {}
        old, new = self._set(chat, user_id, status, {**defaults, **(rights or {})})
        return None if old == new else self._tell(chat, user_id, user_id, old, new)

    def remove_member(self, chat_id: int, user_id: int, *, by_user: int | None = None) -> int | None:
        """Let a person leave, or be thrown out ``by_user``; returns the chat_member update's id, if asked for."""
        chat = self.world.chats[chat_id]
        actor = user_id if by_user is None else by_user
        old, new = self._set(chat, user_id, "left" if by_user is None else "kicked")
        update_id = self._tell(chat, actor, user_id, old, new)
        member = user_json(self.world, user_id)
        self._service(chat, actor, {"left_chat_member": member})
        return update_id

    def block_bot(self, user_id: int) -> int | None:
        """Block the bot in the private chat; returns the my_chat_member update's id."""
        return self._block(user_id, blocked=True)

    def unblock_bot(self, user_id: int) -> int | None:
        """Take the block back; returns the my_chat_member update's id."""
        return self._block(user_id, blocked=False)

    def _block(self, user_id: int, *, blocked: bool) -> int | None:
        person = self.world.people[user_id]
        if person.blocked == blocked:
            return None
        person.blocked, person.started = blocked, True
        free, shut = Member("member"), Member("kicked")
        old, new = (free, shut) if blocked else (shut, free)
        return self._tell(self.world.chats[user_id], user_id, self.world.bot.id, old, new)

    def delete_account(self, user_id: int) -> None:
        """Let a person's account be gone; the bot is not told."""
        self.world.people[user_id].deactivated = True

    def add_bot_to_group(self, by_user: int, chat_id: int, *, status: str = "member") -> int | None:
        """Put the bot into a group, or give it another standing there; returns the my_chat_member update's id."""
        chat = self.world.chats[chat_id]
        old, new = self._set(chat, self.world.bot.id, status, BOT_RIGHTS if status == "administrator" else {})
        update_id = self._tell(chat, by_user, self.world.bot.id, old, new)
        if not old.present:
            bot = user_json(self.world, self.world.bot.id)
            self._service(chat, by_user, {"new_chat_member": bot, "new_chat_members": [bot]})
        return update_id

    def remove_bot(self, by_user: int, chat_id: int) -> int | None:
        """Throw the bot out of a group; returns the my_chat_member update's id."""
        chat = self.world.chats[chat_id]
        old, new = self._set(chat, self.world.bot.id, "kicked")
        update_id = self._tell(chat, by_user, self.world.bot.id, old, new)
        bot = user_json(self.world, self.world.bot.id)
        # The bot is told by this update only: it is no longer there to see the service message.
        self._service(chat, by_user, {"left_chat_member": bot})
        return update_id

    def set_bot_rights(self, by_user: int, chat_id: int, **rights: bool) -> int | None:
        """Change single rights of the bot as administrator; returns the my_chat_member update's id."""
        chat = self.world.chats[chat_id]
        old, new = self._set(
            chat, self.world.bot.id, "administrator", {**BOT_RIGHTS, **self.world.bot_in(chat).rights, **rights}
        )
        return self._tell(chat, by_user, self.world.bot.id, old, new)

    def silence_bot(self, by_user: int, chat_id: int) -> int | None:
        """Forbid the bot to write in a group; returns the my_chat_member update's id."""
        chat = self.world.chats[chat_id]
        old, new = self._set(chat, self.world.bot.id, "restricted", {"can_send_messages": False})
        return self._tell(chat, by_user, self.world.bot.id, old, new)

    def migrate_group(self, old: int, new: int) -> None:
        """Turn the basic group ``old`` into the supergroup ``new``, with both service messages.

        Raises:
            ValueError: ``old`` is no basic group, or ``new`` is no supergroup's id.
        """
        before = self.world.chats[old]
        if before.type != "group" or not str(new).startswith("-100"):
            raise ValueError("only a basic group becomes a supergroup")
        sender = next(
            (user for user, member in before.members.items() if member.status == "creator"), self.world.bot.id
        )
        after = Chat(
            new, "supergroup", before.title, members={user: replace(member) for user, member in before.members.items()}
        )
        self.world.chats[new] = after
        self._service(before, sender, {"migrate_to_chat_id": new})
        before.migrated_to = new
        self._service(after, sender, {"migrate_from_chat_id": old})

    def create_topic(self, by_user: int, chat_id: int, name: str) -> int:
        """Let a person open a topic; returns its thread id."""
        topic = announce_topic(self.world, self.world.chats[chat_id], by_user, name, ICON_COLORS[0])
        self.report(self.world.messages[chat_id, topic.thread_id])
        return topic.thread_id

    def close_topic(self, chat_id: int, thread: int, *, by_user: int | None = None) -> Json | None:
        """Close a topic by hand; returns the service message, or None without a person, when nothing is told."""
        return self._switch(chat_id, thread, by_user, closed=True)

    def reopen_topic(self, chat_id: int, thread: int, *, by_user: int | None = None) -> Json | None:
        """Reopen a topic by hand; see `close_topic`."""
        return self._switch(chat_id, thread, by_user, closed=False)

    def _switch(self, chat_id: int, thread: int, by_user: int | None, *, closed: bool) -> Json | None:
        chat = self.world.chats[chat_id]
        sender = self.world.bot.id if by_user is None else by_user
        message = switch_topic(self.world, chat, chat.topics[thread], sender, closed=closed)
        return None if by_user is None else self.report(message)

    def switch_topics(self, chat_id: int, *, on: bool) -> None:
        """Switch a supergroup's topics on or off; Telegram sends no update for it, and overlooks topic ids without."""
        self.world.chats[chat_id].forum = on
        self.world.bell.ring()

    def delete_topic(self, chat_id: int, thread: int) -> None:
        """Delete a topic with all its messages; Telegram sends no update for it."""
        self.world.chats[chat_id].topics[thread].deleted = True
        for message in self.world.in_chat(chat_id):
            if message.thread_id == thread:
                message.deleted = True
        self.world.bell.ring()
