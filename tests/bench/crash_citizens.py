"""Citizens of the crash test: they answer what they are asked, tap twice, send albums, and never give up."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field

from tests.bench import sahut_dialogue as talk
from tests.bench.fake_telegram import FakeTelegram
from tests.bench.telegram_places import says
from tests.bench.telegram_world import Json

FIRST_ID = 3_000_001
PATIENCE = 240.0
LOOK = 0.05


@dataclass(slots=True)
class Citizen:
    """One person with one report; `number` decides all that is random about them."""

    server: FakeTelegram
    number: int
    dice: random.Random
    busy_since: float = 0.0
    waiting: bool = False
    ticket: str = ""
    answered: set[str] = field(default_factory=set)

    @property
    def id(self) -> int:
        return FIRST_ID + self.number

    async def reports(self) -> None:
        """From /start to the ticket number."""
        user = self.server.user(self.id, f"Warga {self.number}", "id")
        user.starts()
        await self._asked("")
        user.writes(talk.complaint(self.number))
        while True:
            message = await self._asked(talk.prompts().pattern)
            self.ticket = talk.ticket_number(says(message))
            if self.ticket:
                return
            self._answers(message)

    async def _asked(self, pattern: str) -> Json:
        """The newest prompt not answered yet; a copy of an answered one is read over."""
        user = self.server.user(self.id)
        self.waiting, self.busy_since = True, time.monotonic()
        while True:
            message = await user.gets(pattern, timeout=PATIENCE)
            await asyncio.sleep(LOOK)  # people look at what came last, also when more is coming
            while newer := user.unread(pattern):
                message = newer
            face = says(message) + json.dumps(message.get("reply_markup"))  # asked anew, the buttons differ
            if face not in self.answered:
                self.answered.add(face)
                self.waiting = False
                return message

    def _answers(self, message: Json) -> None:
        user, wish = self.server.user(self.id), talk.answer_to(says(message))
        if wish.what == "location":
            user.sends_location(*talk.somewhere(self.number))
        elif wish.what == "photo":
            if self.dice.random() < 0.25:
                user.sends_album(2)
            else:
                user.sends_photo()
        else:
            user.presses(message, wish.label)
            if self.dice.random() < 0.3:  # many people tap twice
                user.presses(message, wish.label)

    @property
    def stuck(self) -> bool:
        """Waits for longer than a running bot needs; its answer was in flight when the bot was killed."""
        return self.waiting and time.monotonic() - self.busy_since > 1.0


class Crowd:
    """Keeps so many citizens talking, whatever happens to the bot."""

    def __init__(self, server: FakeTelegram, size: int, seed: int) -> None:
        self.server, self.size, self.dice = server, size, random.Random(seed)
        self.citizens: list[Citizen] = []
        self.tasks: list[asyncio.Task[None]] = []

    def fill_up(self) -> None:
        lively = sum(not task.done() and not c.stuck for c, task in zip(self.citizens, self.tasks, strict=True))
        for _ in range(self.size - lively):
            citizen = Citizen(self.server, len(self.citizens), random.Random(self.dice.random()))
            self.citizens.append(citizen)
            self.tasks.append(asyncio.get_running_loop().create_task(citizen.reports()))

    def complaints(self) -> list[str]:
        """Of those whose dialogue broke; who only waits does not complain."""
        ended = [(n, task.exception()) for n, task in enumerate(self.tasks) if task.done() and not task.cancelled()]
        return [f"citizen {n}: {type(error).__name__} {error}" for n, error in ended if error is not None]

    def waiting(self) -> list[Citizen]:
        return [citizen for citizen, task in zip(self.citizens, self.tasks, strict=True) if not task.done()]
