"""Which chat belongs to which agency, who may act there, and the one-time codes that bind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from storage.prepared import Prepared
from storage.tables import agency_chat, invite, officer, officer_chat, outbox_message, word
from usecases.records import AgencyChat, Officer, Question, Seat

if TYPE_CHECKING:
    from storage.unit import Unit


_CHAT_OF = Prepared(
    select(agency_chat.c.conversation_id).where(
        agency_chat.c.agency == bindparam("agency"), agency_chat.c.role == bindparam("role")
    )
)
_GROUPS = Prepared(  # of an agency, and of the desk that stands in for it
    select(agency_chat.c.agency, agency_chat.c.role, agency_chat.c.conversation_id).where(
        agency_chat.c.agency.in_((bindparam("agency"), bindparam("desk"))),
        agency_chat.c.role.in_((word("group"), word("ops"))),
    )
)
_SEATED = officer.join(officer_chat, officer_chat.c.officer_id == officer.c.id)
_BOUND_TO = Prepared(
    sa.union_all(
        select(agency_chat.c.agency, agency_chat.c.role, agency_chat.c.conversation_id).where(
            agency_chat.c.conversation_id == bindparam("chat")
        ),
        select(officer.c.agency, word("officer").label("role"), officer_chat.c.conversation_id)
        .select_from(_SEATED)
        .where(officer_chat.c.conversation_id == bindparam("chat"), officer.c.state == word("active")),
    ).order_by("agency")
)
_OFFICE = Prepared(
    sa.union_all(
        select(agency_chat.c.conversation_id, sa.literal_column("0").label("officer")).where(
            agency_chat.c.agency == bindparam("agency"), agency_chat.c.role == word("group")
        ),
        select(officer_chat.c.conversation_id, officer.c.id)
        .select_from(_SEATED)
        .where(officer.c.agency == bindparam("agency"), officer.c.state == word("active"), officer_chat.c.on_duty),
    )
)
_ASKED = Prepared(
    select(
        outbox_message.c.ticket_id,
        outbox_message.c.purpose,
        outbox_message.c.platform_message_id,
        outbox_message.c.created_at,
    )
    .select_from(officer_chat.join(outbox_message, outbox_message.c.dedupe_key == officer_chat.c.asked))
    .where(officer_chat.c.conversation_id == bindparam("chat"), officer_chat.c.asked != word(""))
)


class Agencies:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._asked: dict[tuple[Prepared, tuple[str, ...]], Callable[[], list[Any]]] = {}

    def begin(self) -> None:
        """What an earlier unit of work asked for is nothing to this one."""
        self._asked.clear()

    def read_ahead(self, agency: str, desk: str) -> None:
        """A hint: `office` and perhaps `group_of` will be asked for, once, before anything about them changes."""
        if (group := self._unit.group) is not None:
            self._asked = {
                (_OFFICE, (agency,)): group.ask(_OFFICE, agency=agency),
                (_GROUPS, (agency, desk)): group.ask(_GROUPS, agency=agency, desk=desk),
            }

    def _rows(self, statement: Prepared, **given: str) -> list[Any]:
        asked = self._asked.pop((statement, tuple(given.values())), None)
        return asked() if asked else self._unit.run.rows(statement, **given)

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

    def group_of(self, agency: str, desk: str) -> int:
        """The agency's group, without one the desk's, without that one the desk's operations centre; 0 for none."""
        bound = {(r.agency, r.role): r.conversation_id for r in self._rows(_GROUPS, agency=agency, desk=desk)}
        wanted = ((agency, "group"), (desk, "group"), (desk, "ops"))
        return next((int(bound[one]) for one in wanted if one in bound), 0)

    def bound_to(self, chat: int) -> list[AgencyChat]:
        rows = self._unit.run.rows(_BOUND_TO, chat=chat)
        return [AgencyChat(r.agency, r.role, r.conversation_id) for r in rows]

    def all_chats(self) -> list[AgencyChat]:
        rows = self._unit.connection.execute(select(agency_chat).order_by(agency_chat.c.agency, agency_chat.c.role))
        return [AgencyChat(r.agency, r.role, r.conversation_id) for r in rows]

    def office(self, agency: str) -> list[Seat]:
        """Where an office works: its group (officer 0), and the own chats of its officers on duty."""
        rows = self._rows(_OFFICE, agency=agency)
        return [Seat(int(row[0]), int(row[1])) for row in rows]

    # -- officers' own chats ------------------------------------------------------------------------

    def seat(self, officer_id: int, chat: int, *, on_duty: bool) -> None:
        """This officer works in this private chat from now on."""
        unit = self._unit
        values = {"conversation_id": chat, "on_duty": on_duty, "since": unit.now}
        row = unit.insert(officer_chat).values(officer_id=officer_id, **values)
        unit.connection.execute(row.on_conflict_do_update(index_elements=["officer_id"], set_=values))

    def seat_of(self, officer_id: int) -> int:
        """The officer's own chat, 0 for none."""
        query = select(officer_chat.c.conversation_id).where(officer_chat.c.officer_id == officer_id)
        return int(self._unit.connection.scalar(query) or 0)

    def duty(self, chat: int, *, on: bool) -> list[str]:
        """Begin or end the duty of whoever works in this chat; the offices concerned."""
        unit = self._unit
        mine = select(officer_chat.c.officer_id).where(officer_chat.c.conversation_id == chat)
        rows = unit.connection.scalars(
            select(officer.c.agency)
            .where(officer.c.id.in_(mine), officer.c.state == "active")
            .order_by(officer.c.agency)
        )
        agencies = [str(one) for one in rows]
        if agencies:
            here = sa.update(officer_chat).where(officer_chat.c.conversation_id == chat)
            unit.connection.execute(here.values(on_duty=on, since=unit.now))
        return agencies

    def ask(self, chat: int, key: str) -> None:
        """Remember our question (its dedupe key) to which the next plain message is the answer; "" for none."""
        here = sa.update(officer_chat).where(officer_chat.c.conversation_id == chat)
        self._unit.connection.execute(here.values(asked=key))

    def asked(self, chat: int) -> Question | None:
        """The question that waits for this officer's words."""
        row = self._unit.run.row(_ASKED, chat=chat)
        return Question(row.ticket_id or 0, row.purpose, row.platform_message_id, row.created_at) if row else None

    # -- officers -----------------------------------------------------------------------------------

    def officer(self, person: int, agency: str) -> Officer | None:
        row = self._unit.connection.execute(
            select(officer).where(officer.c.person_id == person, officer.c.agency == agency)
        ).first()
        return _officer(row) if row else None

    def officer_by_id(self, officer_id: int) -> Officer | None:
        row = self._unit.connection.execute(select(officer).where(officer.c.id == officer_id)).first()
        return _officer(row) if row else None

    def officers(self, agency: str) -> list[Officer]:
        """Everybody who may act for an office now, by name."""
        rows = self._unit.connection.execute(
            select(officer).where(officer.c.agency == agency, officer.c.state == "active").order_by(officer.c.name)
        )
        return [_officer(row) for row in rows]

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
