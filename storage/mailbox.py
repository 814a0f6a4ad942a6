"""The lines of web chats, with a revision per chat that grows with every change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import select

from storage.tables import web_line, web_peer, word
from usecases.ports import Mail

if TYPE_CHECKING:
    from storage.unit import Unit


class Mailboxes:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def write(
        self, peer: str, body: dict[str, Any], *, author: str, name: str = "", outbox: int = 0, client_key: str = ""
    ) -> int:
        """A new line; the same outbox row twice stays one line. Returns the line's id."""
        unit = self._unit
        if outbox:
            known = unit.connection.scalar(select(web_line.c.id).where(web_line.c.outbox_id == outbox))
            if known is not None:
                return int(known)
        made = unit.connection.execute(
            sa.insert(web_line).values(
                peer=peer,
                rev=self._next(peer),
                outbox_id=outbox or None,
                client_key=client_key,
                author=author,
                name=name,
                body_json=json.dumps(body, ensure_ascii=False),
                at=unit.now,
            )
        ).inserted_primary_key
        assert made is not None
        return int(made[0])

    def rewrite(self, peer: str, line: int, body: dict[str, Any]) -> bool:
        """Replace a line's content; False when there is no such line in this chat."""
        done = self._unit.connection.execute(
            sa.update(web_line)
            .where(web_line.c.id == line, web_line.c.peer == peer)
            .values(rev=self._next(peer), body_json=json.dumps(body, ensure_ascii=False))
        )
        return done.rowcount == 1

    def show_photo(self, client_key: str, photo: dict[str, str]) -> str | None:
        """A file that came with this line is cleaned now and can be shown; returns the chat it stands in."""
        row = self._unit.connection.execute(
            select(web_line.c.id, web_line.c.peer, web_line.c.body_json).where(
                web_line.c.client_key == client_key, web_line.c.client_key != word("")
            )
        ).first()
        if row is None:
            return None
        body = json.loads(row.body_json)
        body["photos"] = [*body.get("photos", ()), photo]
        self.rewrite(row.peer, row.id, body)
        return str(row.peer)

    def since(self, peer: str, rev: int, limit: int) -> list[Mail]:
        rows = self._unit.connection.execute(
            select(web_line).where(web_line.c.peer == peer, web_line.c.rev > rev).order_by(web_line.c.rev).limit(limit)
        )
        return [_mail(row) for row in rows]

    def newest(self, peers: list[str]) -> dict[str, int]:
        """The newest revision of each of these chats."""
        rows = self._unit.connection.execute(
            select(web_peer.c.peer, web_peer.c.last_rev).where(web_peer.c.peer.in_(peers))
        )
        return {row.peer: int(row.last_rev) for row in rows}

    def _next(self, peer: str) -> int:
        # the counter row stays locked until the commit, so a reader never sees a later line before an earlier one
        unit = self._unit
        unit.connection.execute(unit.insert(web_peer).values(peer=peer, last_rev=0).on_conflict_do_nothing())
        value = unit.connection.scalar(
            sa.update(web_peer)
            .where(web_peer.c.peer == peer)
            .values(last_rev=web_peer.c.last_rev + 1)
            .returning(web_peer.c.last_rev)
        )
        assert value is not None
        return int(value)


def _mail(row: sa.Row[Any]) -> Mail:
    body = json.loads(row.body_json)
    return Mail(
        rev=int(row.rev),
        id=str(row.id),
        author=row.author,
        name=row.name,
        text=body.get("text", ""),
        buttons=body.get("buttons", []),
        photos=body.get("photos", []),
        reply_to=body.get("reply_to", ""),
        ask_reply=bool(body.get("ask_reply")),
        at=row.at,
        client_key=row.client_key,
    )
