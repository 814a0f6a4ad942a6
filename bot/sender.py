"""The sender: claims what may leave, sends chats in parallel and each chat in order, writes down how it ended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.fences import fence
from bot.flights import Flight, Flights
from bot.pace import LATEST_START_S, Gate
from storage.database import AnyDatabase, run
from usecases import deliver
from usecases.deliver import Job, Sent
from usecases.house import House
from usecases.ports import Channel, Failure, SendFailed, Unavailable
from usecases.records import Leave
from usecases.trouble import why

log = logging.getLogger("sahut.sender")

BATCH = 64  # sends under way at a time
UNWRITTEN = 4 * BATCH  # ... with those that have ended and are not written down yet: copies, should we be killed
DEADLINE_S = 20.0  # a whole send; shorter than the lease
UPLOAD_S = 45.0  # ... with pictures
LOOK_S = 0.5  # rows may become due without anybody waking us
SETTLE_TRIES = 20  # ... of writing down how sends ended, a little less than the lease long
SETTLE_AGAIN_S = 2.0
CUT_OFF = timedelta(seconds=5)  # after a stop others may take what was under way
PAUSE_S = 60.0  # a channel whose token is refused rests so long


class Sender:
    def __init__(
        self, database: AnyDatabase, house: House, channels: dict[str, Channel], ticks: Callable[[], float]
    ) -> None:
        self._database = database
        self._house = house
        self._channels = channels
        self._ticks = ticks
        self._gates = {name: Gate(channel.pace, ticks) for name, channel in channels.items()}
        self._resting: dict[int, float] = {}  # chat -> when its pace allows the next message
        self._broken: dict[str, float] = {}  # channel -> when to try it again
        self._flying = Flights()
        self._results: list[Sent] = []
        self._settling: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._backlog = 0  # messages known to wait; others are found by looking now and then
        self._claiming = asyncio.Lock()
        self._stopping = False

    def leave(self, channel: str, peer: str) -> Leave | None:
        """Permission for an answer to this private chat, if it could leave right now as far as our own pace goes.

        While a message to the chat is under way, as for a person who presses faster than the platform answers, one
        more may wait here for its end instead of being claimed in a transaction of its own.
        """
        if self._stopping or self._room() <= 0 or channel in self._broken:
            return None
        if not self._gates[channel].open_for(peer):
            return None
        ahead = self._flying.ahead_of(channel, peer)
        if ahead is not None and (ahead.behind is not None or ahead.late):
            return None
        return Leave(fence(), ahead.job.row.fence if ahead else "")

    def _room(self) -> int:
        """For so many more sends. Those that have ended wait for the disk alone, and hold nobody back."""
        return min(BATCH - self._flying.under_way, UNWRITTEN - len(self._flying))

    def share(self, workers: int) -> None:
        """How many workers divide the accounts' pace among them."""
        for gate in self._gates.values():
            gate.share(workers)

    def add(self, channel: Channel) -> None:
        """A channel that needs the intake, which needs us, comes last."""
        self._channels[channel.name] = channel
        self._gates[channel.name] = Gate(channel.pace, self._ticks)

    def wake(self, queued: int = 1) -> None:
        """Something was committed that may have to leave: so many messages, as far as is known."""
        self._backlog += queued
        self._wake.set()

    @property
    def under_way(self) -> int:
        return len(self._flying)

    async def run(self) -> None:
        """Until cancelled."""
        while not self._stopping:
            self._wake.clear()
            self._call_off_late()
            try:
                async with self._claiming:
                    claimed = await self._claim()
            except Unavailable as away:
                log.error("the database cannot be written; sending waits", extra={"why": why(away)})
                await asyncio.sleep(1.0)
                continue
            except Exception:  # ours; those who write are heard all the same
                log.exception("messages cannot be claimed; sending waits")
                await asyncio.sleep(1.0)
                continue
            if claimed:
                continue
            timeout = self._next_look()
            try:
                await asyncio.wait_for(self._wake.wait(), timeout)
            except TimeoutError:
                continue

    async def stop(self, grace_s: float) -> None:
        """No new claims; what is under way may finish, the rest is recovered soon after the next start."""
        self._stopping = True
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace_s), self._claiming:  # what is claimed now was never tried: it goes back
                pass
        flying = [flight.task for flight in self._flying]
        if flying:
            await asyncio.wait(flying, timeout=grace_s)
        while self._settling is not None and not self._settling.done():
            await self._settling
        cut = self._flying.marks()
        if cut:
            with contextlib.suppress(Unavailable):  # then the whole lease has to run out
                await run(self._database, lambda unit: unit.outbox.shorten_leases(cut, CUT_OFF))

    # -- claiming -----------------------------------------------------------------------------------

    async def _claim(self) -> int:
        now = self._ticks()
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        self._broken = {name: until for name, until in self._broken.items() if until > now}
        room = {name: gate.claimable() for name, gate in self._gates.items()} | dict.fromkeys(self._broken, 0)
        most = min(self._room(), sum(room.values()))
        if most <= 0 or self._stopping:
            return 0
        fences = [fence() for _ in range(most)]
        resting = list(self._resting)
        jobs = await run(self._database, lambda unit: deliver.claim(unit, self._house, fences, resting, room))
        counts = Counter(job.row.channel for job in jobs)
        for name, gate in self._gates.items():
            gate.claimed(counts[name], room[name])
        for job in jobs:
            if job.row.channel in self._channels:
                self.launch(job)
            else:
                self._set_aside(job)
        self._backlog = max(0, self._backlog - len(jobs)) if jobs or self._flying else 0
        return len(jobs)

    def _set_aside(self, job: Job) -> None:
        """Its channel is not configured (any more): it waits, and is looked at again now and then."""
        if job.row.channel not in self._broken:
            log.warning("messages wait for a channel that is not configured", extra={"channel": job.row.channel})
        self._broken[job.row.channel] = self._ticks() + PAUSE_S
        self._end(Sent(job, failed=SendFailed(Failure.BROKEN, "channel not configured")))

    def launch(self, job: Job) -> None:
        """Send a claimed message, in its own task, or behind the one that is under way to its chat. Once we stop it
        goes back: left to its lease it would count as perhaps sent, and a nudge would never leave."""
        row = job.row
        if not self._stopping and self._flying.wait_behind(job):
            return
        if self._stopping or self._flying.overtakes(job):
            self._put_back(job)
            return
        now = self._ticks()
        leave_at, next_at = self._gates[row.channel].use(row.peer, group=row.group)
        if leave_at - now > LATEST_START_S:
            self._end(Sent(job, failed=SendFailed(Failure.PACE, retry_after_s=leave_at - now)))
            return
        if next_at > now:
            self._resting[row.chat] = next_at
        within = UPLOAD_S if job.message.photos else DEADLINE_S
        task = asyncio.create_task(self._send(job, leave_at))
        self._flying.begin(Flight(job, task, leave_at + within))

    def _call_off_late(self) -> None:
        """Channels keep deadlines of their own. This is for one that hangs all the same: a timer for each send would
        cost more than the look at all of them now and then."""
        now = self._ticks()
        for flight in self._flying:
            if flight.until < now and not flight.late:
                flight.late = True
                flight.task.cancel()

    def _next_look(self) -> float:
        now = self._ticks()
        soonest = [until - now for until in self._resting.values()]
        soonest += [gate.room_in() for gate in self._gates.values()]
        waits = [wait for wait in soonest if wait > 0]
        return max(0.01, min([LOOK_S, *waits]))

    # -- sending ------------------------------------------------------------------------------------

    async def _send(self, job: Job, leave_at: float) -> None:
        channel = self._channels[job.row.channel]
        try:
            if (wait := leave_at - self._ticks()) > 0:
                await asyncio.sleep(wait)
            *also, message_id = await channel.send(job.message) or ("",)
            result = Sent(job, message_id, also=tuple(also))
        except SendFailed as failed:
            result = Sent(job, failed=failed)
            self._note(job, failed)
        except TimeoutError:  # a channel's own; whether anything left us nobody knows
            result = Sent(job, failed=SendFailed(Failure.AMBIGUOUS, "deadline"))
        except asyncio.CancelledError:
            flight = self._flying.get(job.row.fence)
            if flight is None or not flight.late:
                self._flying.forget(job.row.fence)
                raise
            result = Sent(job, failed=SendFailed(Failure.AMBIGUOUS, "deadline"))
        except Exception as error:  # a bug of ours must not stop the queue
            log.exception("sending failed unexpectedly", extra={"outbox_id": job.row.id})
            result = Sent(job, failed=SendFailed(Failure.REFUSED, type(error).__name__))
        self._arrived(result)

    def _arrived(self, result: Sent) -> None:
        """However it ended. Whatever waits behind it is next, or goes back so that the order is kept."""
        full = self._room() <= 0
        self._end(result)
        behind = self._flying.end(result.job.row.fence, failed=result.failed is not None)
        if full and self._backlog:
            self._wake.set()
        if behind is None:
            return
        if result.failed is not None or self._stopping:
            self._put_back(behind)
        else:
            self.launch(behind)

    def _put_back(self, job: Job) -> None:
        self._backlog += 1
        self._end(Sent(job, failed=SendFailed(Failure.BEHIND)))

    def _end(self, result: Sent) -> None:
        self._results.append(result)
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle())

    def _note(self, job: Job, failed: SendFailed) -> None:
        extra = {"outbox_id": job.row.id, "channel": job.row.channel, "failure": str(failed.failure)}
        if failed.failure is Failure.BROKEN:
            if job.row.channel not in self._broken:
                log.error("the channel refuses our token; sending pauses for a minute", extra=extra)
            self._broken[job.row.channel] = self._ticks() + PAUSE_S
        elif failed.retry_after_s and failed.failure is Failure.NOT_SENT:
            log.warning("the platform asks for a pause", extra={**extra, "seconds": failed.retry_after_s})
        else:
            log.info("not delivered", extra=extra)

    async def _settle(self) -> None:
        """Write results in batches: whatever ended while the last batch was being written goes together."""
        while self._results:
            batch, self._results = self._results, []
            try:
                await self._write(batch)
            except Exception:  # the leases run out and the rows are recovered, at the price of a second copy
                log.exception("results could not be written", extra={"count": len(batch)})
            for result in batch:
                self._flying.forget(result.job.row.fence)
        if self._backlog:  # the next one of a chat may have waited for this one
            self._wake.set()

    def carry(self) -> list[Sent]:
        """Messages that left, for a transaction that comes anyway: it says `written` or `put_back` afterwards."""
        carried = [result for result in self._results if result.failed is None and not result.job.row.card]
        if carried:
            self._results = [result for result in self._results if result.failed is not None or result.job.row.card]
        return carried

    def written(self, carried: Sequence[Sent]) -> None:
        for result in carried:
            self._flying.forget(result.job.row.fence)
        if carried and self._backlog:
            self._wake.set()

    def put_back(self, carried: Sequence[Sent]) -> None:
        for result in carried:
            self._end(result)

    async def _write(self, batch: list[Sent]) -> None:
        """Again and again while the leases last: a database that restarts must not cost anybody a second copy."""
        for attempt in range(SETTLE_TRIES):
            try:
                await run(self._database, lambda unit: deliver.settle(unit, self._house, batch))
                return
            except Unavailable:
                if self._stopping or attempt == SETTLE_TRIES - 1:
                    raise
                await asyncio.sleep(SETTLE_AGAIN_S)
