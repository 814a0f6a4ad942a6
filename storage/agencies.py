"""Which chat belongs to which agency, who may act there, and the one-time codes that bind them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from storage.prepared import Prepared
from storage.tables import agency_chat, invite, officer
from usecases.records import AgencyChat, Officer

if TYPE_CHECKING:
    from storage.unit import Unit


_CHAT_OF = Prepared(
    select(agency_chat.c.conversation_id).where(
        agency_chat.c.agency == bindparam("agency"), agency_chat.c.role == bindparam("role")
    )
)
_BOUND_TO = Prepared(
    select(agency_chat).where(agency_chat.c.conversation_id == bindparam("chat")).order_by(agency_chat.c.agency)
)


class Agencies:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    # -- chats --------------------------------------------------------------------------------------

    def bind(self, agency: str, role: str, chat: int, by: int) -> None:
        """This chat is from now on the agency's group, its head's chat or the operations centre's."""
        unit = self._unit
        values = {"conversation_id": chat, "bound_at": unit.now, "bound_by": by}
        unit.connection.execute(
            unit.insert(agency_chat)
            .values(agency=agency, role=role, **values)
            .on_conflict_do_update(index_elements=["agency", "role"], set_=values)
        )

    def chat_of(self, agency: str, role: str) -> int:
        """The chat's id, 0 when nothing is bound."""
        return int(self._unit.run.value(_CHAT_OF, agency=agency, role=role) or 0)

    def bound_to(self, chat: int) -> list[AgencyChat]:
        rows = self._unit.run.rows(_BOUND_TO, chat=chat)
        return [AgencyChat(r.agency, r.role, r.conversation_id) for r in rows]

    def all_chats(self) -> list[AgencyChat]:
        rows = self._unit.connection.execute(select(agency_chat).order_by(agency_chat.c.agency, agency_chat.c.role))
        return [AgencyChat(r.agency, r.role, r.conversation_id) for r in rows]

    # -- officers -----------------------------------------------------------------------------------

    def officer(self, person: int, agency: str) -> Officer | None:
        row = self._unit.connection.execute(
            select(officer).where(officer.c.person_id == person, officer.c.agency == agency)
        ).first()
        return _officer(row) if row else None

    def officer_by_id(self, officer_id: int) -> Officer | None:
        row = self._unit.connection.execute(select(officer).where(officer.c.id == officer_id)).first()
        return _officer(row) if row else None

    def set_officer(self, person: int, agency: str, name: str, *, role: str, state: str, by: int = 0) -> Officer:
        unit = self._unit
        values = {"name": name[:120], "role": role, "state": state, "since": unit.now, "approved_by": by}
        unit.connection.execute(
            unit.insert(officer)
            .values(person_id=person, agency=agency, **values)
            .on_conflict_do_update(index_elements=["person_id", "agency"], set_=values)
        )
        found = self.officer(person, agency)
        assert found is not None
        return found

    def revoke(self, person: int, agencies: list[str]) -> None:
        """Leaving the group ends the right to act."""
        self._unit.connection.execute(
            sa.update(officer)
            .where(officer.c.person_id == person, officer.c.agency.in_(agencies))
            .values(state="revoked", since=self._unit.now)
        )

    # -- invitations --------------------------------------------------------------------------------

    def invite(self, code_hash: str, agency: str, role: str, expires_at: datetime) -> None:
        unit = self._unit
        row = unit.insert(invite).values(
            code_hash=code_hash, agency=agency, role=role, created_at=unit.now, expires_at=expires_at
        )
        unit.connection.execute(row.on_conflict_do_nothing())  # a request that is carried out again

    def redeem(self, code_hash: str, person: int) -> tuple[str, str] | None:
        """(agency, role) for the first use of a valid code, else None."""
        now = self._unit.now
        row = self._unit.connection.execute(
            sa.update(invite)
            .where(invite.c.code_hash == code_hash, invite.c.used_at.is_(None), invite.c.expires_at > now)
            .values(used_at=now, used_by=person)
            .returning(invite.c.agency, invite.c.role)
        ).first()
        return (row.agency, row.role) if row else None


def _officer(row: sa.Row[tuple[object, ...]]) -> Officer:
    return Officer(row.id, row.person_id, row.agency, row.name, row.role, row.state)
