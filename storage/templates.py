"""What platforms think of our templates, as far as they told."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from storage.prepared import Prepared
from storage.tables import template_status, word

if TYPE_CHECKING:
    from storage.unit import Unit

_t = template_status.c
_APPROVED = Prepared(
    select(_t.name, _t.language).where(_t.channel == bindparam("channel"), _t.status == word("APPROVED"))
)


class Templates:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def approved(self, channel: str) -> Set[tuple[str, str]]:
        """(name, language) of everything that may be sent."""
        return {(row.name, row.language) for row in self._unit.run.rows(_APPROVED, channel=channel)}

    def note(self, channel: str, name: str, language: str, status: str, reason: str, at: datetime) -> None:
        """The status told last counts, in whichever order the words arrive."""
        unit = self._unit
        values = {"status": status, "reason": reason[:300], "told_at": at}
        row = unit.insert(template_status).values(channel=channel, name=name, language=language, **values)
        unit.connection.execute(
            row.on_conflict_do_update(
                index_elements=["channel", "name", "language"], set_=values, where=_t.told_at <= at
            )
        )
