"""Sending what is written: the one service that waits on the network, and never inside a transaction.

Owns the way from a due row to a call and back to what became of it. What an outcome means is ``services.outcome``.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

from chatbot.channels.base import (
    Channel,
    ChannelDown,
    PlaceGone,
    Rejected,
    SendError,
    SendResult,
    Throttled,
    Unreachable,
    plain,
    utf16_length,
)
from chatbot.core.message import Outbound, Task
from chatbot.core.ticket import spoken
from chatbot.logs import failure, log
from chatbot.services import first_word
from chatbot.services.cards import card_choices, card_text, topic_title
from chatbot.services.job import MOST_JOINED, Job, bare, ids_of, joined
from chatbot.services.office import Office
from chatbot.services.outbox import Post
from chatbot.services.outcome import Outcomes, card_queue, is_desk_place
from chatbot.services.outgoing import Purpose, desk_queue, payload_of
from chatbot.services.pace import Pace
from chatbot.store.store import Store
from chatbot.store.tables import OutboundRow, TicketRow
from chatbot.store.unit_of_work import UnitOfWork
from chatbot.store.writer import StoreUnavailable, is_outage

_CLAIM = 200
_MORE = 16  # rows that are looked at beside those that may go: some are urgent, some have to wait for their chat
_AT_ONCE = 256  # calls under way; a slow platform must not fill the memory
_GATHER = 0.01  # seconds in which some come together: one transaction for one row costs nearly as much as for ten
_IDLE = 0.5  # seconds between looks when nobody woke us: another process may have written
_TRIES_OF_OURS = 5  # of a call that breaks in our own code
_LOOK = 30.0  # seconds between looks for rows marked as under way that nobody sends
_LOOK_AGAIN = timedelta(minutes=5)  # at a row whose chat has to rest for longer
_SHORTEST_REST = 0.1  # seconds, in which some calls come together where a second takes many
_REST = 30.0  # seconds a stopped channel rests before the next try


class Deliver:
    """Sends one channel's rows."""

    def __init__(self, store: Store, office: Office, channel: Channel, rate: float) -> None:
        self._store = store
        self._office = office
        self._channel = channel
        self._pace = Pace(rate, channel.capabilities, time.monotonic())
        self._woken = asyncio.Event()
        self._finished: list[tuple[Job, SendResult | SendError]] = []
        self._has_finished = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._ours: set[int] = set()  # rows that are under way here, or whose outcome is not written down yet
        self._topics: dict[int, str] = {}  # topics made, until that is written down
        self._looked_at = time.monotonic()
        self._rests_until = 0.0  # monotonic: when the account may send again what is not urgent

    def wake(self) -> None:
        """Something was written."""
        self._woken.set()

    async def recover(self) -> None:
        """Take up what a process was sending when it ended: it may have arrived, so it is marked, and goes again."""

        def unit(uow: UnitOfWork) -> int:
            rows = [row for row in uow.outbox.left_in_flight(self._channel.name) if row.id not in self._ours]
            outcomes = Outcomes(uow, self._office, self._office.clock())
            for row in rows:
                outcomes.interrupted(row)
            return len(rows)

        if count := await self._store.write(unit):
            log().warning("left_in_flight", channel=self._channel.name, count=count)

    async def run(self) -> None:
        """Send until cancelled. What is under way when that happens is finished by ``drain``."""
        while True:
            self._woken.clear()
            try:
                if time.monotonic() - self._looked_at > _LOOK:
                    await self.recover()  # first: were it to fail after the claim, what that took would lie here
                    self._looked_at = time.monotonic()
                jobs = await self._claimed()
            except StoreUnavailable:
                self._looked_at = -_LOOK  # it may have marked rows all the same, and not come to say so
                await asyncio.sleep(_IDLE)
                continue
            for job in jobs:
                task = asyncio.create_task(self._perform(job))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
            if jobs and len(self._under_way) < _AT_ONCE and self._rests_until < time.monotonic():
                await asyncio.sleep(_GATHER)
                continue
            if self._under_way and len(self._under_way) >= _AT_ONCE:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
                continue
            await self._sleep()

    async def _claimed(self) -> list[Job]:
        """Jobs to do now. Cancelled in between, it gives back what it took: nobody tried to send that."""
        claim = asyncio.ensure_future(self._store.write(self._claim))
        try:
            jobs = await asyncio.shield(claim)
        except asyncio.CancelledError:
            jobs = await claim
            await self._store.write(lambda uow: uow.outbox.not_sent(ids_of(jobs)))
            raise
        self._ours.update(ids_of(jobs))
        return jobs

    async def _sleep(self) -> None:
        """Until something is written or finished, or a row's time comes."""
        now = self._office.clock()
        try:
            due = await self._store.read(lambda uow: uow.outbox.next_due(self._channel.name, now))
        except StoreUnavailable:
            due = None
        wait = _IDLE
        if due:
            wait = min(wait, max(0.005, (due - now).total_seconds()))
        if (rest := self._rests_until - time.monotonic()) > 0:
            wait = min(_IDLE, rest)  # whatever else has become due waits for the same
        try:
            async with asyncio.timeout(wait):
                await self._woken.wait()
        except TimeoutError:
            pass

    async def drain(self) -> None:
        """Wait for the calls that are under way, and write down what became of them."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=10)
        await self._flush()

    async def write_down(self) -> None:
        """Write what became of calls, many to one transaction, until cancelled."""
        while True:
            await self._has_finished.wait()
            await asyncio.sleep(_GATHER)
            try:
                await self._flush()
            except StoreUnavailable:
                await asyncio.sleep(_IDLE)

    # Claim

    def _claim(self, uow: UnitOfWork) -> list[Job]:
        room = min(_CLAIM, _AT_ONCE - len(self._under_way))
        now, clock = self._office.clock(), time.monotonic()
        jobs: list[Job] = []
        later = []
        heads = uow.outbox.heads(self._channel.name, now, max(min(room, self._pace.left(clock) + _MORE), 1))
        kept = first_word.keep_back(uow, heads, now)
        for row in heads:
            if row.id in kept:
                continue
            if rest := self._pace.rest(clock, urgent=row.priority == 0):
                # So do all that follow. To put each of them off, and again, would be far more work than to send them.
                self._rests_until = clock + max(rest, _SHORTEST_REST)
                break
            try:
                job = self._job(uow, row)
            except Exception as error:  # one row that cannot be read must not stop the channel
                if is_outage(error):
                    raise
                log().error("row_broke", channel=self._channel.name, outbound_id=row.id, **failure(error))
                row.state, row.error = "dead", type(error).__name__
                uow.alarms.note(f"dead {self._channel.name}", now)
                continue
            if job is None:
                later.append((row.id, now + timedelta(seconds=0.5)))
                continue
            wait = self._pace.wait(
                row.chat, clock, group=row.for_group, urgent=row.priority == 0, free=row.task == Task.ANSWER_PRESS
            )
            if wait > 0:
                later.append((row.id, now + min(timedelta(seconds=wait), _LOOK_AGAIN)))
            elif row.for_group and self._pace.is_busy(row.chat, clock):
                more = uow.outbox.behind(row, now, MOST_JOINED)
                jobs.append(joined(job, more, self._channel.capabilities.max_text))
            else:
                jobs.append(job)
        if later:
            uow.outbox.postpone(later)
        return _taken(uow, jobs) if jobs else []

    def _job(self, uow: UnitOfWork, row: OutboundRow) -> Job | None:
        """The call that a row asks for, as things stand now; None when what it needs is not there yet."""
        job = self._call(uow, row)
        return replace(job, message=bare(job.message)) if job and job.message.bare else job

    def _call(self, uow: UnitOfWork, row: OutboundRow) -> Job | None:
        message = replace(payload_of(row), id=row.id, to=row.chat)
        if not is_desk_place(row) or row.ticket_id is None:
            return Job(row, message)
        ticket = uow.ticket(row.ticket_id)
        if ticket is None:
            return Job(row, message)
        if row.purpose in {Purpose.CARD, Purpose.CARD_EDIT}:
            message = replace(
                message, text=card_text(ticket, uow, self._office), choices=card_choices(ticket, self._office)
            )
        if card_queue(row):
            changed = self._card_change(uow, row, ticket, message)
            if changed is None:
                return None
            message = changed
        if ticket.has_topic:
            message = replace(message, thread=ticket.thread)
            if message.task in {Task.CLOSE_TOPIC, Task.REOPEN_TOPIC}:
                message = replace(message, target=ticket.thread)
        elif ticket.card_message and not message.reply_to and row.purpose != Purpose.CARD:
            message = replace(message, reply_to=ticket.card_message)
        title = topic_title(ticket, self._office) if ticket.has_topic is None else ""
        if ticket.has_topic or message.reply_to or row.purpose == Purpose.CARD:
            return Job(row, message, title)
        # The group has another id, or lost its topics, and the card stayed behind: another one follows.
        Post(uow, self._office, self._office.clock()).card_changed(ticket)
        return Job(row, message, title, spoken(ticket.number))

    def _card_change(self, uow: UnitOfWork, row: OutboundRow, ticket: TicketRow, message: Outbound) -> Outbound | None:
        """The edit of a card; a card of its own where there is none to edit; None while one is on its way."""
        main = desk_queue(row.channel, row.chat, ticket.id)
        if not ticket.card_message and uow.has_live(main, Purpose.CARD):
            return None
        if ticket.has_topic is None and uow.has_any_live(main):
            return None  # the ticket's own queue makes the topic
        if ticket.card_message:
            return replace(message, target=ticket.card_message)
        row.purpose, row.task = Purpose.CARD, Task.TEXT
        return replace(message, task=Task.TEXT)

    # Perform

    async def _perform(self, job: Job) -> None:
        outcome: SendResult | SendError
        try:
            outcome = await self._send(job)
        except SendError as error:
            outcome = error
        except Exception as error:  # noqa: BLE001  a fault of ours must not stop the others' messages
            log().error("send_broke", channel=self._channel.name, outbound_id=job.row.id, **failure(error))
            hopeless = job.row.attempts >= _TRIES_OF_OURS and not isinstance(error, StoreUnavailable)
            outcome = (Rejected if hopeless else Unreachable)(f"internal {type(error).__name__}")
        self._slow_down(job, outcome)
        self._finished.append((job, outcome))
        self._has_finished.set()

    async def _send(self, job: Job) -> SendResult:
        message = job.message
        if job.topic:
            message = await self._with_topic(job)
        if job.number and not message.thread:
            message = self._numbered(message, job.number)
        if message.task in {Task.CLOSE_TOPIC, Task.REOPEN_TOPIC} and not message.thread:
            return SendResult()
        try:
            return await self._channel.send(message)
        except PlaceGone as gone:
            if gone.what != "topic_closed":
                raise
            await self._channel.send(
                Outbound(id=0, to=message.to, task=Task.REOPEN_TOPIC, thread=message.thread, target=message.thread)
            )
            return await self._channel.send(message)

    def _numbered(self, message: Outbound, number: str) -> Outbound:
        """A message with its ticket's number ahead of its words, where it can have both."""
        text = f"<b>#{number}</b>\n{message.text}".strip()
        can = self._channel.capabilities
        fits = utf16_length(plain(text)) <= (can.max_text if message.task == Task.TEXT else can.max_caption)
        takes_words = message.task in {Task.TEXT, Task.MEDIA} or len(message.messages) == 1
        return replace(message, text=text) if takes_words and fits else message

    async def _with_topic(self, job: Job) -> Outbound:
        """Make the ticket's topic and remember it before anything is sent there."""
        ticket_id = job.row.ticket_id or 0
        if ticket_id not in self._topics:
            made = await self._channel.send(Outbound(id=0, to=job.message.to, task=Task.TOPIC, title=job.topic))
            self._topics[ticket_id] = made.thread

        def unit(uow: UnitOfWork) -> str:
            ticket = uow.ticket(ticket_id)
            if ticket and ticket.has_topic is None:
                uow.groups.remember_topic(ticket, self._topics[ticket_id])
            return ticket.thread if ticket else ""

        thread = await self._store.write(unit)
        del self._topics[ticket_id]
        target = thread if job.message.task in {Task.CLOSE_TOPIC, Task.REOPEN_TOPIC} else job.message.target
        return replace(job.message, thread=thread, target=target)

    def _slow_down(self, job: Job, outcome: SendResult | SendError) -> None:
        now = time.monotonic()
        if isinstance(outcome, Throttled):
            wait = (outcome.retry_after or timedelta(seconds=1)).total_seconds()
            self._pace.pause("" if outcome.whole_account else job.row.chat, now + wait)
        elif isinstance(outcome, ChannelDown):
            self._pace.pause("", now + _REST)

    # Write down

    async def _flush(self) -> None:
        self._has_finished.clear()
        batch, self._finished = self._finished, []
        if not batch:
            return
        try:
            await self._store.write(lambda uow: self._outcomes(uow, batch))
        except (StoreUnavailable, asyncio.CancelledError):
            # The calls were made: forgetting them would send everything twice. Written twice does no harm.
            self._finished = batch + self._finished
            self._has_finished.set()
            raise
        except Exception as error:  # noqa: BLE001  one row that cannot be written must not hide the others' outcome
            log().error("outcome_broke", channel=self._channel.name, count=len(batch), **failure(error))
            for one in batch:
                await self._flush_alone(one)
        else:
            self._ours.difference_update(ids_of([job for job, _ in batch]))
        self._woken.set()

    async def _flush_alone(self, one: tuple[Job, SendResult | SendError]) -> None:
        try:
            await self._store.write(lambda uow: self._outcomes(uow, [one]))
            self._ours.difference_update(ids_of([one[0]]))
        except StoreUnavailable:
            self._finished.append(one)
            self._has_finished.set()
        except Exception as error:  # noqa: BLE001  marked as under way, it is found by the next look
            self._ours.difference_update(ids_of([one[0]]))
            log().error("outcome_lost", channel=self._channel.name, outbound_id=one[0].row.id, **failure(error))

    def _outcomes(self, uow: UnitOfWork, batch: list[tuple[Job, SendResult | SendError]]) -> None:
        outcomes = Outcomes(uow, self._office, self._office.clock())
        outcomes.sent([(row, result) for job, result in batch if isinstance(result, SendResult) for row in job.rows])
        for job, error in batch:
            if isinstance(error, SendError):
                for row in filter(None, map(uow.outbound, ids_of([job]))):
                    outcomes.failed(row, error)


def _taken(uow: UnitOfWork, jobs: list[Job]) -> list[Job]:
    """Those jobs that nobody else took."""
    taken = uow.outbox.sending(ids_of(jobs))
    return [job for job in jobs if taken.issuperset(ids_of([job]))]
