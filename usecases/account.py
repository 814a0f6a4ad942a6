"""What a platform tells about our account on it: noted in the log, where an operator looks for the reason."""

from __future__ import annotations

import logging

from usecases import templates
from usecases.house import House
from usecases.ports import AccountEvent
from usecases.unit import Unit

log = logging.getLogger("sahut.account")

TOLD = ("event", "current_limit", "old_limit", "decision", "ban_info", "max_daily_conversations_per_business")


def take(unit: Unit, house: House, event: AccountEvent) -> None:
    """One event of the account, such as a number whose quality fell or a template that was approved."""
    if templates.told(unit, event):
        return
    told = {name: event.value[name] for name in TOLD if isinstance(event.value.get(name), str | int)}
    log.warning("the platform tells about our account", extra={"channel": event.channel, "what": event.kind} | told)
