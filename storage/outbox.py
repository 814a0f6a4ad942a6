"""What is to be said: added by the transaction that decided it, claimed by lease, settled by fence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import and_, select

from storage import outbox_adding as adding
from storage import outbox_queries as q
from storage.prepared import as_rows
from storage.tables import conversation, word
from usecases import copies
from usecases.ports import Reach, Report
from usecases.records import Birth, Claimed, Leave, Queued, Settled

if TYPE_CHECKING:
    from storage.unit import Unit

_c = q.message.c

LEASE = timedelta(seconds=60)
PASS_AFTER = timedelta(seconds=60)  # a row that keeps failing holds its chat back no longer than this
AT_ONCE = timedelta(0)  # the lease was wait enough
NOBODY = (0, None)


class Outbox:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self.queued = 0  # rows this unit of work left waiting
        self.born: list[Birth] = []  # messages claimed as they were added
        self._offered: tuple[int, Leave | None] = NOBODY
        self._held: list[tuple[Birth, dict[str, Any]]] = []  # messages of several units, to be written together
        self._left: list[dict[str, Any]] = []  # those that left, the same

    def add(self, rows: Sequence[Queued]) -> None:
        """Queue messages in this order; a dedupe key that was used before is skipped silently."""
        if not rows:
            return
        now = self._unit.now
        chat, leave = self._offered
        first = next((row for row in rows if row.chat == chat), None)
        if leave is not None and first is not None and _plain(first) and self._added_at_once(first, leave):
            rows = [row for row in rows if row is not first]
        self.queued += len(rows)
        if self._unit.group is not None:
            for row in rows:
                self._hold(row)
        else:
            self._unit.run.do_many(adding.ADD, [adding.waiting(row, now) for row in rows])

    def offer(self, chat: int, leave: Leave | None) -> None:
        """The next plain message for this chat may be claimed as it is added, see `born`."""
        self._offered = (chat, leave)
        self.born = []

    def _added_at_once(self, row: Queued, leave: Leave) -> bool:
        """Add a message that this process sends as soon as the transaction is committed, see `born`.

        When something stands before it, or the platform asked for a pause, it has to wait like all others: then it is
        added so, or (False) not yet.
        """
        run, now = self._unit.run, self._unit.now
        self._offered = NOBODY
        if self._unit.group is not None:
            self.born.append(self._hold(row, leave))
            return True
        one_by_one = self._unit.kind == "sqlite"
        if one_by_one and run.value(adding.IN_THE_WAY, chat=row.chat, behind=leave.behind, now=now):
            return False
        values = {**adding.fresh(row, now), "fence": leave.fence, "until": now + LEASE}
        if one_by_one:
            if (made := run.made(adding.ADD_CLAIMED, **values)) is not None:
                self.born.append(Birth(row, leave, made))
        elif (found := run.row(adding.ADD_CLAIMED_OR_WAITING, **values, behind=leave.behind)) is not None:
            if found.state == "sending":
                self.born.append(Birth(row, leave, found.id))
            else:
                self.queued += 1
        return True

    def _hold(self, row: Queued, leave: Leave | None = None) -> Birth:
        """Write it down together with those of other units, see `Runner.owes`; with a leave it may be sent at once."""
        assert self._unit.group is not None
        self._unit.group.owes("messages", self._write)
        if leave is None or any(before.row.chat == row.chat for before, _ in self._held):
            leave = Leave("")  # one of them stands before it
        birth = Birth(row, leave)
        values = {**adding.waiting(row, self._unit.now), "fence": leave.fence, "behind": leave.behind}
        self._held.append((birth, values | {"place": len(self._held)}))
        return birth

    def _write(self) -> None:
        """What left first: it stands in nobody's way any more."""
        group = self._unit.group
        assert group is not None
        left, self._left = self._left, []
        if left:
            group.send(q.LEFT, rows=as_rows(left))
        held, self._held = self._held, []
        if not held:
            return
        births: dict[str, Birth] = {}
        for birth, _ in held:
            births.setdefault(birth.row.dedupe, birth)  # the second of a key is not written
        rows = as_rows([values for _, values in held])
        made = group.ask(adding.ADD_SEVERAL, rows=rows, until=self._unit.now + LEASE)

        def learn() -> None:
            for row in made():
                births[row.dedupe_key].id = row.id
                births[row.dedupe_key].waits = row.state == "queued"

        group.then(learn)

    def forget(self) -> None:
        """The transaction that held something back is gone."""
        self._held, self._left = [], []

    def supersede_prompts(self, chat: int) -> None:
        """A delayed question that was not sent yet gives way to a newer one."""
        self._unit.connection.execute(
            sa.update(q.message)
            .where(
                _c.conversation_id == chat,
                _c.state == word("queued"),
                _c.purpose == "prompt",
                _c.next_at > self._unit.now,
            )
            .values(state="superseded")
        )

    def claim(self, fences: Sequence[str], resting: Sequence[int], room: Mapping[str, int]) -> list[Claimed]:
        """Lease up to len(fences) rows: heads of their lanes, by priority. resting: chats to leave alone now.
        room: at most so many of each channel; one that is not named has no limit of its own."""
        unit = self._unit
        gates = {row.scope for row in unit.run.rows(q.GATES, now=unit.now)}
        full = {name for name, most in room.items() if most <= 0}
        rows = self._heads(len(fences) + len(resting) + len(gates), full | gates)
        leased: list[Claimed] = []
        taken = set(resting)
        counts: Counter[str] = Counter()
        for row in rows:
            if row.conversation_id in taken or f"{row.channel}:{row.peer.split('/')[0]}" in gates:
                continue
            if counts[row.channel] >= room.get(row.channel, len(fences)):
                continue
            if len(leased) == len(fences):
                break
            taken.add(row.conversation_id)
            counts[row.channel] += 1
            leased.append(q.claimed(row, fences[len(leased)]))
        if leased:
            until = unit.now + LEASE
            unit.run.do_many(q.TAKE, [{"b_id": c.id, "b_fence": c.fence, "b_until": until} for c in leased])
        return leased

    def _heads(self, most: int, closed: set[str]) -> list[Any]:
        """The first due row of each lane, by priority; nothing of a channel that is paused as a whole."""
        unit = self._unit
        values = {"now": unit.now, "passing": unit.now - PASS_AFTER, "most": most}
        channels = sorted(name for name in closed if ":" not in name)
        if not channels:
            return unit.run.rows(q.HEADS if unit.kind == "sqlite" else q.HEADS_LOCKED, **values)
        query = q.CANDIDATES.where(conversation.c.channel.not_in(channels)).with_for_update(
            of=q.message, skip_locked=True
        )
        return list(unit.connection.execute(query, values))

    def settle(self, results: Sequence[Settled]) -> None:
        """Write down how sends ended; a row whose fence changed meanwhile belongs to somebody else."""
        run, now = self._unit.run, self._unit.now
        left = [r for r in results if q.simply_left(r)]
        if left and (group := self._unit.group) is not None:
            self._left += [{"id": r.id, "fence": r.fence, "message": r.message_id, "at": now} for r in left]
            group.owes("messages", self._write)
        elif left:
            rows = [{"b_id": r.id, "b_fence": r.fence, "b_message": r.message_id, "b_at": now} for r in left]
            run.do_many(q.LEFT_ALONE, rows)
        if len(left) < len(results):
            run.do_many(q.SETTLE, [q.ending(r, now) for r in results if not q.simply_left(r)])

    def get(self, outbox_id: int) -> Claimed | None:
        """A message with what is known of its chat, whatever became of it."""
        row = self._unit.run.row(q.ONE, id=outbox_id)
        return replace(q.claimed(row, ""), attempts=row.attempts) if row else None

    def reached(self, outbox_id: int, report: Report) -> None:
        """Note how far a message came. One that may have been lost is known to be out, and is not sent again."""
        values: dict[str, Any] = {"b_id": outbox_id, "b_reach": str(report.reach), "b_at": report.at}
        if report.reach is Reach.FAILED:
            self._unit.run.do(q.CAME_BACK, **values)
        else:
            self._unit.run.do(q.REACHED, **values, b_message=report.message_id)

    def reopen(self, result: Settled) -> None:
        """A sent message came back: what becomes of it now."""
        values: dict[str, Any] = {"state": result.state, "error": result.error[:200]}
        if result.state == "queued":
            self.queued += 1
            values |= {"next_at": result.next_at or self._unit.now, "sent_at": None}
        done = sa.update(q.message).where(_c.id == result.id, _c.state == word("sent"))
        self._unit.connection.execute(done.values(**values))

    def recover(self, reporting: Collection[str]) -> int:
        """Rows whose sender died: their message may be out already, see `usecases.copies`; and those that waited for
        their late copy. reporting: channels that tell later how far a message came. How many are queued again."""
        now = self._unit.now
        expired = and_(_c.state == word("sending"), _c.lease_until <= now)
        run = self._unit.connection.execute
        run(sa.update(q.message).where(expired, _c.reach.in_(q.ARRIVED)).values(state="sent", lease_until=None))
        again = 0
        cut_off = select(_c.id, _c.cls, _c.ambiguous, conversation.c.channel).where(expired)
        cut_off = cut_off.join_from(q.message, conversation, conversation.c.id == _c.conversation_id)
        for row in run(cut_off).all():
            wanted = copies.WORD_COMES if row.channel in reporting else AT_ONCE  # it is asked before it is said twice
            state, wait = copies.then(row.cls, row.ambiguous + 1, wanted)
            values = {"state": state, "ambiguous": row.ambiguous + 1, "lease_until": None}
            if wait is not None:
                values["next_at"] = now + wait
            mine = run(sa.update(q.message).where(_c.id == row.id, expired).values(values)).rowcount
            if mine and state == "dead":
                self._unit.system.bury("outbox_message", row.id, copies.GIVEN_UP)
            again += mine if state == "queued" else 0
        again += run(
            sa.update(q.message)
            .where(
                _c.state == word("uncertain"),
                _c.cls == "must",
                _c.ambiguous.in_(list(copies.PARKED)),
                _c.next_at <= now,
            )
            .values(state="queued")
        ).rowcount
        late = sa.update(q.message).where(_c.state == word("queued"), _c.expires_at <= now)
        run(late.values(state="cancelled", error="expired"))
        return int(again)

    def abandon(self) -> None:
        """At the start of an installation's only process: whoever held a lease is dead."""
        self._unit.connection.execute(
            sa.update(q.message).where(_c.state == word("sending")).values(lease_until=self._unit.now)
        )

    def shorten_leases(self, fences: Sequence[str], left: timedelta) -> None:
        """At shutdown: what was cut off is recovered soon, after `left`, instead of after the whole lease."""
        self._unit.connection.execute(
            sa.update(q.message)
            .where(_c.state == word("sending"), _c.fence.in_(list(fences)))
            .values(lease_until=self._unit.now + left)
        )

    def took(self, outbox_id: int, chat: int, message_ids: Sequence[str]) -> None:
        """The other messages that one of ours became on its platform."""
        rows = [{"chat": chat, "message": one, "outbox": outbox_id} for one in message_ids]
        if rows:
            self._unit.run.do_many(q.PART, rows)

    def quoted(self, chat: int, message_id: str) -> tuple[int, str]:
        """(ticket, purpose) of one of our messages in this chat; (0, "") when unknown."""
        row = self._unit.run.row(q.QUOTED, chat=chat, message=message_id)
        return (row.ticket_id or 0, row.purpose) if row else (0, "")

    def kept(self, chat: int, message_id: str) -> str:
        """What was answered already to one of our questions and did not suffice."""
        row = self._unit.run.row(q.QUOTED, chat=chat, message=message_id)
        asked = self.get(row.id) if row else None
        return str(asked.body.get("kept", "")) if asked else ""

    def oldest_waiting(self) -> datetime | None:
        """When the oldest due message was to be sent; for /ready and the alarm."""
        return self._unit.connection.scalar(
            select(sa.func.min(_c.next_at)).where(_c.state == word("queued"), _c.next_at <= self._unit.now)
        )

    def next_due(self) -> datetime | None:
        """When the next delayed message is due."""
        return self._unit.connection.scalar(select(sa.func.min(_c.next_at)).where(_c.state == word("queued")))


def _plain(row: Queued) -> bool:
    """Words that may leave at any time, so at once as well."""
    return row.kind == "text" and row.at is None and row.expires_at is None and not row.guard and not row.card
