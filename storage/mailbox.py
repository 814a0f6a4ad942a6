"""The lines of web chats, with a revision per chat that grows with every change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from storage.prepared import Prepared
from storage.tables import web_line, web_peer, word
from usecases.ports import Mail

if TYPE_CHECKING:
    from storage.unit import Unit


# Built once: every line of a web chat is written here and read by every page that shows it.
_SINCE = Prepared(
    select(web_line)
    .where(web_line.c.peer == bindparam("peer"), web_line.c.rev > bindparam("rev"))
    .order_by(web_line.c.rev)
    .limit(bindparam("most"))
)
_OF_OUTBOX = Prepared(select(web_line.c.id).where(web_line.c.outbox_id == bindparam("outbox")))
_ADD = Prepared(
    sa.insert(web_line).values(
        {name: bindparam(name) for name in "peer rev outbox_id client_key author name body_json at".split()}
    ),
    makes=web_line.c.id,
)
_REWRITE = Prepared(
    sa.update(web_line)
    .where(web_line.c.id == bindparam("b_line"), web_line.c.peer == bindparam("b_peer"))
    .values(rev=bindparam("b_rev"), body_json=bindparam("b_body"))
)
_COUNTER = Prepared(lambda insert: insert(web_peer).values(peer=bindparam("peer"), last_rev=0).on_conflict_do_nothing())
_NEXT = Prepared(
    sa.update(web_peer)
    .where(web_peer.c.peer == bindparam("b_peer"))
    .values(last_rev=web_peer.c.last_rev + 1)
    .returning(web_peer.c.last_rev)
)


class Mailboxes:
    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def write(
        self, peer: str, body: dict[str, Any], *, author: str, name: str = "", outbox: int = 0, client_key: str = ""
    ) -> int:
        """A new line; the same outbox row twice stays one line. Returns the line's id."""
        run = self._unit.run
        if outbox:
            known = run.value(_OF_OUTBOX, outbox=outbox)
            if known is not None:
                return int(known)
        made = run.made(
            _ADD,
            peer=peer,
            rev=self._next(peer),
            outbox_id=outbox or None,
            client_key=client_key,
            author=author,
            name=name,
            body_json=json.dumps(body, ensure_ascii=False),
            at=self._unit.now,
        )
        assert made is not None
        return made

    def rewrite(self, peer: str, line: int, body: dict[str, Any]) -> bool:
        """Replace a line's content; False when there is no such line in this chat."""
        written = json.dumps(body, ensure_ascii=False)
        return self._unit.run.do(_REWRITE, b_line=line, b_peer=peer, b_rev=self._next(peer), b_body=written) == 1

    def show_photo(self, client_key: str, photo: dict[str, str]) -> str | None:
        """A file that came with this line is cleaned now and can be shown; returns the chat it stands in."""
        row = self._unit.connection.execute(
            select(web_line.c.id, web_line.c.peer, web_line.c.body_json)
            .where(web_line.c.client_key == client_key, web_line.c.client_key != word(""))
            .with_for_update()  # the other photo of the same line may be ready at the same moment
        ).first()
        if row is None:
            return None
        body = json.loads(row.body_json)
        body["photos"] = [*body.get("photos", ()), photo]
        self.rewrite(row.peer, row.id, body)
        return str(row.peer)

    def since(self, peer: str, rev: int, limit: int) -> list[Mail]:
        return [_mail(row) for row in self._unit.run.rows(_SINCE, peer=peer, rev=rev, most=limit)]

    def newest(self, peers: list[str]) -> dict[str, int]:
        """The newest revision of each of these chats."""
        rows = self._unit.connection.execute(
            select(web_peer.c.peer, web_peer.c.last_rev).where(web_peer.c.peer.in_(peers))
        )
        return {row.peer: int(row.last_rev) for row in rows}

    def _next(self, peer: str) -> int:
        # the counter row stays locked until the commit, so a reader never sees a later line before an earlier one
        run = self._unit.run
        run.do(_COUNTER, peer=peer)
        value = run.value(_NEXT, b_peer=peer)
        assert value is not None
        return int(value)


def _mail(row: Any) -> Mail:
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
