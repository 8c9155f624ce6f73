"""Topics vanish, close, are forbidden or switched off, the group gets another id, while all go on writing."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from tests.e2e.conftest import Open
from tests.e2e.world import CITIZEN, COLLEAGUE, OFFICER, OFFICERS, OTHER, World, text_of

pytestmark = pytest.mark.timeout(240)

THIRD = 503
_PATIENCE = 90.0  # seconds: on a busy machine little is joined, and a group that had its twenty waits out the minute
PEOPLE = (CITIZEN, OTHER, THIRD)
WORDS = re.compile(r"keterangan (\d+)-(\d+)")
NUMBER = re.compile(r"#(\d{3})-(\d{3})-(\d{4})")
ANSWER = re.compile(r"jawaban (\d+)-(\d+)")


async def ask_officers(world: World, who: int) -> None:
    """A question for the officers, which becomes a ticket."""
    asked = await world.ask("petugas", "setuju", who)
    world.press(who, asked, "Setuju")
    await world.told("ingin Anda sampaikan", who)
    world.telegram.say(who, "kapan loket pindah ke gedung baru")
    await world.told("diteruskan", who)


async def all_ask(world: World, chat: int = OFFICERS) -> None:
    world.telegram.add_user(THIRD, "Warga Ketiga")
    await asyncio.gather(*(ask_officers(world, who) for who in PEOPLE))
    await world.telegram.wait_for(lambda _: cards_in(world, chat) == len(PEOPLE), world.patience)


def cards_in(world: World, chat: int) -> int:
    return sum("Status:" in text_of(message) for message in world.telegram.bot_messages(chat))


def all_write(world: World, number: int) -> None:
    for who in PEOPLE:
        world.telegram.say(who, f"keterangan {who}-{number}")


def ticket_of(world: World, who: int) -> tuple[int, str, str, str]:
    """A citizen's only ticket: its id, number, topic and card."""
    ((ticket_id, number, thread, card),) = world.rows(
        "select id, number, thread, card_message from ticket where address = ?", str(who)
    )
    return int(ticket_id), str(number), str(thread), str(card)


def owner_of_place(world: World, message: dict[str, Any], chat: int) -> int | None:
    """Whose ticket a message in the group says it is of: by its topic, the card that it replies to, or its number."""
    thread, replied = message.get("message_thread_id"), message.get("reply_to_message", {}).get("message_id")
    if message.get("is_topic_message"):
        found = world.rows(
            "select address from topic join ticket on ticket.id = ticket_id where topic.chat = ? and topic.thread = ?",
            str(chat),
            str(thread),
        )
    elif number := NUMBER.match(text_of(message)):
        found = world.rows("select address from ticket where number = ?", "".join(number.groups()))
    else:
        found = world.rows(
            "select address from sent_message join ticket on ticket.id = ticket_id "
            "where sent_message.chat = ? and message_id = ? and purpose = 'card'",
            str(chat),
            str(replied),
        )
    return int(found[0][0]) if found else None


def words_in(world: World, *chats: int) -> list[tuple[int, int]]:
    """What citizens' words stand in a group."""
    texts = "\n".join(text_of(message) for chat in chats for message in world.telegram.bot_messages(chat))
    return [(int(who), int(number)) for who, number in WORDS.findall(texts)]


def each_with_its_ticket(world: World, *chats: int) -> None:
    for chat in chats:
        for message in world.telegram.bot_messages(chat):
            for who, _ in WORDS.findall(text_of(message)):
                assert owner_of_place(world, message, chat) == int(who), message


async def everything_is_there(
    world: World, words: set[tuple[int, int]], answers: int, *chats: int, cards: int = len(PEOPLE)
) -> None:
    """Wait for these words, so many answers to each and a card for each ticket; then stop, and look at it all."""
    await world.telegram.wait_for(
        lambda _: (
            words <= set(words_in(world, *chats))
            and cards_in(world, chats[-1]) == cards
            and all(len(answers_to(world, who)) >= answers for who in PEOPLE)
        ),
        _PATIENCE,
    )
    await world.bot.stop()
    seen = words_in(world, *chats)
    assert len(seen) == len(set(seen))
    each_with_its_ticket(world, *chats)
    for who in PEOPLE:
        assert answers_to(world, who) == [(who, number) for number in range(answers)]
    assert not world.rows("select 1 from inbound where state <> 'done'")
    assert not world.rows("select 1 from outbound where state = 'dead'")
    assert world.rows("select count(*) from ticket") == [(len(PEOPLE),)]


def answers_to(world: World, who: int) -> list[tuple[int, int]]:
    """The answers that a citizen reads, each as whom it was for and its number."""
    texts = "\n".join(map(text_of, world.telegram.bot_messages(who)))
    return [(int(whom), int(number)) for whom, number in ANSWER.findall(texts)]


def answer(world: World, who: int, number: int, chat: int, **place: Any) -> None:
    _, spoken, _, _ = ticket_of(world, who)
    world.telegram.say(OFFICER, f"/jawab #{spoken} jawaban {who}-{number}", chat_id=chat, **place)


async def test_topics_that_vanish_close_and_are_forbidden_lose_no_word_and_mix_none(world: World) -> None:
    await all_ask(world)
    threads = {who: int(ticket_of(world, who)[2]) for who in PEOPLE}
    all_write(world, 0)
    world.telegram.delete_topic(OFFICERS, threads[CITIZEN])
    world.telegram.close_topic(OFFICERS, threads[OTHER], by_user=OFFICER)
    all_write(world, 1)
    answer(world, OTHER, 0, OFFICERS, thread=threads[OTHER])
    answer(world, CITIZEN, 0, OFFICERS)
    await world.told(f"jawaban {CITIZEN}-0")
    world.telegram.set_bot_rights(OFFICER, OFFICERS, can_manage_topics=False)
    world.telegram.delete_topic(OFFICERS, threads[THIRD])
    all_write(world, 2)
    answer(world, THIRD, 0, OFFICERS)
    await world.until(lambda: {(who, 2) for who in PEOPLE} <= set(words_in(world, OFFICERS)))
    for who in PEOPLE:
        answer(world, who, 1, OFFICERS, thread=int(ticket_of(world, who)[2] or 0) or None)
    words = {(CITIZEN, 1), (OTHER, 0), (OTHER, 1), *((who, 2) for who in PEOPLE)}
    await everything_is_there(world, words, 2, OFFICERS)


async def test_group_that_gets_another_id_in_the_middle_of_a_burst_loses_no_word_and_mixes_none(
    open_world: Open,
) -> None:
    basic, big = -4001, -1004000000001
    world = await open_world(CHATBOT_OFFICERS_CHAT_ID=str(basic))
    world.telegram.add_group(basic, "Petugas", supergroup=False)
    world.telegram.add_member(basic, OFFICER, "administrator")
    await all_ask(world, basic)
    for number in range(3):
        all_write(world, number)
        if number == 1:
            for who in PEOPLE:
                answer(world, who, 0, basic)
            world.telegram.migrate_group(basic, big)
    for who in PEOPLE:
        answer(world, who, 1, big)
    words = {(who, number) for who in PEOPLE for number in range(3)}
    await everything_is_there(world, words, 2, basic, big)

    assert world.rows("select distinct chat from ticket") == [(str(big),)]
    assert not world.telegram.calls_of("leaveChat")


async def test_topics_that_are_switched_off_while_all_write_lose_no_word_and_mix_none(world: World) -> None:
    await all_ask(world)
    all_write(world, 0)
    await world.until(lambda: {(who, 0) for who in PEOPLE} <= set(words_in(world, OFFICERS)))
    world.telegram.switch_topics(OFFICERS, on=False)
    all_write(world, 1)
    for who in PEOPLE:
        answer(world, who, 0, OFFICERS)
    await world.until(lambda: {(who, 1) for who in PEOPLE} <= set(words_in(world, OFFICERS)))
    all_write(world, 2)
    for who in PEOPLE:
        answer(world, who, 1, OFFICERS)
    await everything_is_there(world, {(who, n) for who in PEOPLE for n in range(3)}, 2, OFFICERS, cards=2 * len(PEOPLE))


def asked_about(world: World, user: int) -> int:
    """How many times Telegram was asked what somebody is in a group."""
    return sum(call.params["user_id"] == str(user) for call in world.telegram.calls_of("getChatMember"))


async def test_officer_whose_group_gets_another_id_while_his_membership_is_asked_is_obeyed(open_world: Open) -> None:
    basic, big = -4001, -1004000000001
    world = await open_world(CHATBOT_OFFICERS_CHAT_ID=str(basic))
    world.telegram.add_group(basic, "Petugas", supergroup=False)
    world.telegram.add_member(basic, OFFICER, "administrator")
    await ask_officers(world, CITIZEN)
    await world.telegram.wait_for(lambda _: cards_in(world, basic) == 1, world.patience)
    world.telegram.add_member(basic, COLLEAGUE)  # what was known of the group's members is not believed any more
    await world.telegram.wait_for(lambda _: asked_about(world, COLLEAGUE), world.patience)
    before = asked_about(world, OFFICER)
    world.telegram.fail_next("getChatMember", chat_id=basic, mode="delay", delay=2.0)
    answer(world, CITIZEN, 0, basic)
    await world.telegram.wait_for(lambda _: asked_about(world, OFFICER) > before, world.patience)
    world.telegram.migrate_group(basic, big)
    world.telegram.say(CITIZEN, f"keterangan {CITIZEN}-0")
    await world.until(lambda: world.rows("select 1 from moved_chat"))

    await world.told(f"jawaban {CITIZEN}-0")
    assert answers_to(world, CITIZEN) == [(CITIZEN, 0)]
    assert not any("Belum diproses" in text_of(message) for message in world.telegram.bot_messages(big))
