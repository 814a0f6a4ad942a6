"""A message that takes several calls: done in order, and taken up where it broke off when it is sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.channels.memory import Recent
from usecases.ports import Failure, MessageIds, Outgoing, SendFailed

Step = Callable[[float], Awaitable[MessageIds]]  # until when -> what was sent, nothing when there was nothing
Left = Recent[int, tuple[MessageIds, list[Step]]]  # by outbox id: what a broken send did, and still has to do


async def go_on(left: Left, message: Outgoing, plan: Callable[[Outgoing], list[Step]], until: float) -> MessageIds:
    """Do what is left of the message, or all that is planned; the ids of all messages sent.

    raises: SendFailed, and whatever a step raises; the steps before it are not done twice.
    """
    sent, steps = left.get(message.id) or ((), plan(message))
    if not steps:
        raise SendFailed(Failure.REFUSED, "nothing to send")
    while steps:
        sent += await steps[0](until)
        steps = steps[1:]
        left.put(message.id, (sent, steps))
    left.drop(message.id)
    return sent
