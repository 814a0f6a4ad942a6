"""A message that takes several calls: done in order, and taken up where it broke off when it is sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.channels.memory import Recent
from usecases.ports import Failure, Outgoing, SendFailed

Step = Callable[[float], Awaitable[str]]  # until when -> id of the message sent, "" when there was nothing
Left = Recent[int, list[Step]]  # by outbox id: what a broken send still has to do


async def go_on(left: Left, message: Outgoing, plan: Callable[[Outgoing], list[Step]], until: float) -> str:
    """Do what is left of the message, or all that is planned; the id of the last message sent, "" when none was.

    raises: SendFailed, and whatever a step raises; the steps before it are not done twice.
    """
    steps = left.get(message.id) or plan(message)
    if not steps:
        raise SendFailed(Failure.REFUSED, "nothing to send")
    last = ""
    while steps:
        last = await steps[0](until) or last
        steps = steps[1:]
        left.put(message.id, steps)
    left.drop(message.id)
    return last
