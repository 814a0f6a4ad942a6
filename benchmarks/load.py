"""The load: many citizens in guided dialogues over the real webhook, as fast as answers come or at a fixed pace."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from benchmarks.fast_bot_api import FastBotApi, Sent
from benchmarks.scripts import Person, Script, Step
from benchmarks.wire import Poster

REPLY_WITHIN = 60.0
RETRIES = 20


class Broken(Exception):
    """A dialogue did not go on: no answer, or not the one the script waits for."""


@dataclass(slots=True)
class Tally:
    """What was seen; latencies in seconds from sending the update to the reply's arrival at the Bot API."""

    steps: int = 0
    dialogues: int = 0
    in_time: int = 0
    latencies: list[float] = field(default_factory=list)
    late: int = 0
    repeats: int = 0


class Crowd:
    """Citizens of one contestant; replies find their way by chat id."""

    def __init__(self, api: FastBotApi, poster: Poster, script: Script) -> None:
        self.api, self.poster, self.script = api, poster, script
        self.people: dict[int, Person] = {}
        self.tally = Tally()
        api.on_sent = self._heard

    def _heard(self, sent: Sent) -> None:
        person = self.people.get(sent.chat_id)
        if person is not None:
            person.hears(sent)

    def newcomer(self) -> Person:
        person = Person()
        self.people[person.chat_id] = person
        return person

    async def take(self, person: Person, step: Step) -> None:
        """One step: the update goes in (again until 2xx), the reply comes out."""
        update = step.act(person)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(REPLY_WITHIN):
                for attempt in range(RETRIES):
                    status = await self.poster.post(update)
                    if 200 <= status < 300:
                        break
                    self.tally.repeats += 1
                    await asyncio.sleep(0.05 * (attempt + 1))
                reply = await person.reply(step.expects)
        except TimeoutError:
            heard = person.last.text if person.last else "nothing"
            raise Broken(
                f"step {step.name!r}: no reply fitting {step.expects.pattern[:60]!r}; last heard {heard!r}"
            ) from None
        self.tally.steps += 1
        self.tally.latencies.append(reply.at - began)

    async def busy(self, chats: int, seconds: float) -> tuple[int, float]:
        """Steps done by `chats` citizens who never pause; (steps, seconds)."""
        stop = False

        async def one() -> None:
            while not stop:
                person = self.newcomer()
                for step in self.script(person):
                    if stop:
                        break
                    await self.take(person, step)
                else:
                    self.tally.dialogues += 1
                del self.people[person.chat_id]

        self.tally = Tally()
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(chats):
                group.create_task(one())
            await asyncio.sleep(seconds)
            counted, self.tally.in_time = self.tally.steps, self.tally.dialogues
            took = time.perf_counter() - began
            stop = True
        return counted, took

    async def paced(self, per_second: float, seconds: float) -> Tally:
        """Steps at a fixed pace from as many citizens as the pace has steps; a late reply delays only its chat."""
        self.tally = Tally()
        chats = max(1, round(per_second))
        began = time.perf_counter()

        async def one(place: int) -> None:
            turn = place / chats
            while turn < seconds:
                person = self.newcomer()
                for step in self.script(person):
                    wait = began + turn - time.perf_counter()
                    if wait < 0:
                        self.tally.late += 1
                    await asyncio.sleep(max(0.0, wait))
                    await self.take(person, step)
                    turn += chats / per_second
                    if turn >= seconds:
                        break
                else:
                    self.tally.dialogues += 1
                del self.people[person.chat_id]

        async with asyncio.TaskGroup() as group:
            for place in range(chats):
                group.create_task(one(place))
        return self.tally
