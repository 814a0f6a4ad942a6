"""What must hold after the crashes: nothing acknowledged is lost, nothing is double, copies are bounded."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection, Engine

from tests.bench.crash_bot import Bot
from tests.bench.crash_citizens import Crowd
from tests.bench.fake_telegram import Call, FakeTelegram
from tests.bench.telegram_world import Json
from usecases import copies

COPIES_ALLOWED = copies.SOON  # the late one leaves after ten minutes
Face = tuple[str, str, str, str]  # chat, method, words, buttons
PARKED_CHATS = (
    "select c.peer from outbox_message o join conversation c on c.id = o.conversation_id "
    "where o.state = 'uncertain' and o.next_at is not null"
)
TICKET_CHATS = "select c.peer from ticket t join conversation c on c.id = t.conversation"


@dataclass(slots=True)
class Verdict:
    """The figures of a run; `faults` is empty when every promise was kept."""

    rounds: int = 0
    seconds: float = 0.0
    updates: int = 0
    acknowledged: int = 0
    deliveries: int = 0
    tickets: int = 0
    lost: int = 0
    double_tickets: int = 0
    messages: int = 0
    extra_copies: int = 0
    most_copies: int = 0
    dead_letters: int = 0
    parked: int = 0
    left_behind: int = 0
    faults: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"{self.rounds} kills in {self.seconds:.0f} s: {self.acknowledged} updates acknowledged, {self.lost} lost; "
            f"{self.tickets} tickets, {self.double_tickets} double; {self.messages} messages, "
            f"{self.extra_copies} copies too many (at most {self.most_copies} of one), {self.parked} parked, "
            f"{self.dead_letters} dead letters, {self.left_behind} processes left behind"
        )


def natural_key(update: Json) -> str | None:
    """The key under which the house must remember an update of the kinds the citizens send."""
    if message := update.get("message"):
        return f"m:{message['chat']['id']}:{message['message_id']}"
    if query := update.get("callback_query"):
        return f"c:{query['id']}"
    return None


def engine_for(url: str) -> Engine:
    """Reads only; on SQLite without creating or locking anything."""
    if url.startswith("sqlite:///"):
        return create_engine(f"sqlite:///file:{url.removeprefix('sqlite:///')}?mode=ro&uri=true")
    return create_engine(url)


@contextmanager
def watched(url: str) -> Iterator[Callable[[], int]]:
    """Counts the rows that will still move by themselves: events to think about, messages to send. One connection for
    all the looks: making one costs more than what is asked."""
    engine = engine_for(url)

    def waiting() -> int:
        with engine.connect() as connection:
            new = connection.scalar(text("select count(*) from inbox_event where state = 'new'"))
            due = connection.scalar(text("select count(*) from outbox_message where state in ('queued', 'sending')"))
            return int(new or 0) + int(due or 0)

    try:
        yield waiting
    finally:
        engine.dispose()


def lost_keys(server: FakeTelegram, database_url: str, pushed: dict[int, Json]) -> list[str]:
    """Acknowledged updates the house does not remember."""
    engine = engine_for(database_url)
    with engine.connect() as connection:
        keys = set(connection.scalars(text("select natural_key from inbox_event where channel = 'telegram'")))
    engine.dispose()
    taken = {d.update_id for d in server.sender.deliveries if 200 <= d.status < 300}
    return [key for i in taken & pushed.keys() if (key := natural_key(pushed[i])) and key not in keys]


def judge(server: FakeTelegram, bot: Bot, crowd: Crowd, pushed: dict[int, Json]) -> Verdict:
    """Compare what the platform saw with what the house remembers."""
    verdict = Verdict(updates=len(pushed), deliveries=len(server.sender.deliveries))
    engine = engine_for(bot.database_url)
    with engine.connect() as connection:
        sources = list(connection.scalars(text("select source_event_id from ticket")))
        reporters = Counter(connection.scalars(text("select conversation from ticket")))
        verdict.dead_letters = int(connection.scalar(text("select count(*) from dead_letter")) or 0)
        parked_chats = set(connection.scalars(text(PARKED_CHATS)))
        ticket_chats = set(connection.scalars(text(TICKET_CHATS)))
        repeats = int(connection.scalar(text("select sum(ambiguous) from outbox_message where cls = 'must'")) or 0)
        parked = "select count(*) from outbox_message where state = 'uncertain'"
        verdict.parked = int(connection.scalar(text(parked)) or 0)
        said = _rows_by_message(connection)
    engine.dispose()
    verdict.acknowledged = len({d.update_id for d in server.sender.deliveries if 200 <= d.status < 300})
    lost = lost_keys(server, bot.database_url, pushed)
    verdict.lost, verdict.tickets = len(lost), len(sources)
    verdict.double_tickets = sum(n - 1 for n in reporters.values()) + len(sources) - len(set(sources))
    extra = copies_of(server.calls, said)
    verdict.messages, verdict.extra_copies = len(sends(server.calls)), extra.total()
    verdict.most_copies = 1 + max(extra.values(), default=-1)
    told = [c for c in crowd.citizens if c.ticket]
    silent = [c for c in crowd.waiting() if str(c.id) not in parked_chats]
    untold = ticket_chats - {str(c.id) for c in told} - parked_chats
    checks = {
        f"{len(lost)} acknowledged updates are not in the inbox: {lost[:5]}": not lost,
        f"{verdict.double_tickets} citizens have more than one ticket": not verdict.double_tickets,
        "two citizens were told the same number": len({c.ticket for c in told}) == len(told),
        "citizens were told a number that no ticket has": {str(c.id) for c in told} <= ticket_chats,
        f"{len(untold)} citizens have a ticket and no number, and none is parked for them": not untold,
        f"citizens {[c.number for c in silent[:5]]} wait for an answer that is not parked": not silent,
        f"a message came {verdict.most_copies} times": verdict.most_copies <= COPIES_ALLOWED,
        f"{verdict.extra_copies} copies, but only {repeats} sends were cut off": verdict.extra_copies <= repeats,
        f"{verdict.dead_letters} dead letters": not verdict.dead_letters,
    }
    verdict.faults = [complaint for complaint, fine in checks.items() if not fine]
    return verdict


def _rows_by_message(connection: Connection) -> dict[tuple[str, str], str]:
    """What each (chat, message) that the outbox knows of was said for: all that answers one event is of one origin."""
    rows = connection.execute(
        text(
            "select c.peer, o.platform_message_id as message, o.dedupe_key from outbox_message o "
            "join conversation c on c.id = o.conversation_id where o.platform_message_id <> '' "
            "union all select c.peer, p.platform_message_id, o.dedupe_key from outbox_part p "
            "join outbox_message o on o.id = p.outbox_id join conversation c on c.id = o.conversation_id"
        )
    )
    return {(row.peer, row.message): _origin(row.dedupe_key) for row in rows}


def _origin(key: str) -> str:
    return ":".join(key.split(":")[:2]) if key.startswith("reply:") else key


def sends(calls: Iterable[Call]) -> list[Call]:
    """The calls that show a person something new."""
    return [call for call in calls if call.method.startswith("send") and call.method != "sendChatAction"]


def copies_of(calls: Iterable[Call], origins: Mapping[tuple[str, str], str]) -> Counter[Face]:
    """How often each message came beyond what was meant: the same words with the same buttons to the same chat.

    origins: see `_rows_by_message`. A question may be asked anew in its own words, by a second tap that arrives after a
    kill for example; each of these is of an origin of its own.
    """
    seen: Counter[Face] = Counter()
    meant: defaultdict[Face, set[str]] = defaultdict(set)
    for call in sends(calls):
        chat = str(call.chat_id)
        face = (chat, call.method, call.text, json.dumps(call.params.get("reply_markup")))
        seen[face] += 1
        meant[face] |= {origins[key] for one in call.message_ids if (key := (chat, str(one))) in origins}
    return Counter({face: times - max(len(meant[face]), 1) for face, times in seen.items()})
