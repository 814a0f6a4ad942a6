"""All tables on one page; only storage reads them. Keys and their reasons: docs/delivery.md."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.event import listens_for

WHERE = "where"  # an index's condition, in its info

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """Aware UTC inside; PostgreSQL keeps the zone, SQLite stores the UTC wall time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not reach the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite gives rowids only to INTEGER primary keys; everywhere else ids are 64 bit.
Id = BigInteger().with_variant(Integer(), "sqlite")


def word(constant: str) -> Any:
    """A constant written into the statement itself: only then can a partial index be used for it."""
    return literal_column(f"'{constant}'")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _at(name: str, *, null: bool = False) -> Column[datetime]:
    return Column(name, Utc(), nullable=null)


def _text(name: str, default: str | None = "", **more: Any) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default, **more)


def _int(name: str, default: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=str(default))


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def _ref(name: str, target: str, *, null: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=null)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows for which a condition holds. What a dialect is told is kept until it makes tables: naming
    PostgreSQL here would load it where nobody needs it."""
    return Index(name, *columns, unique=unique, info={WHERE: text(where)})


@listens_for(metadata, "before_create")
def _tell_conditions(_target: MetaData, connection: Connection, **_: Any) -> None:
    for index in (index for table in metadata.tables.values() for index in table.indexes if WHERE in index.info):
        index.dialect_options[connection.dialect.name]["where"] = index.info[WHERE]


instance = Table(
    "instance",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("uuid"),
    _int("epoch", 1),
    _text("mode", "live"),
    _text("purpose"),  # "live" or "tryout": one never becomes the other
    _text("bot"),  # id of the Telegram bot whose messages these are
    Column("clock_offset_s", BigInteger, nullable=False, server_default="0"),
    _at("created_at"),
)

person = Table(
    "person",
    metadata,
    _id(),
    _text("name"),
    _text("locale", "id"),
    _text("reachable", "ok"),
    _at("created_at"),
    _at("erased_at", null=True),
)

person_identity = Table(
    "person_identity",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    _ref("person_id", "person"),
)

conversation = Table(
    "conversation",
    metadata,
    _id(),
    _text("channel", None),
    _text("peer", None),
    _ref("person_id", "person", null=True),
    _flag("is_group"),
    _text("state_json", "{}"),
    _int("version", 1),
    _text("reachable", "ok"),
    _at("last_inbound_at", null=True),
    _at("wake_at", null=True),
    _at("created_at"),
    _text("phone"),  # the number now used with it, where the channel tells both an id and a number
    _at("window_until", null=True),  # free words may be sent until then, where the channel has such a limit
    UniqueConstraint("channel", "peer"),
    _partial("ix_conversation_unreachable", "id", where="reachable <> 'ok'"),
    _partial("ix_conversation_phone", "channel", "phone", where="phone <> ''", unique=True),
    _partial("ix_conversation_wake", "wake_at", where="wake_at is not null"),
)

inbox_event = Table(
    "inbox_event",
    metadata,
    _id(),
    _text("channel", None),
    _text("natural_key", None),
    _text("kind", None),
    _ref("conversation_id", "conversation"),
    _at("platform_at"),
    _at("received_at"),
    Column("payload_json", Text),
    _text("state", "done"),
    _int("attempts"),
    _at("next_at", null=True),
    _text("last_error"),
    UniqueConstraint("channel", "natural_key"),
    _partial("ix_inbox_new_by_conversation", "conversation_id", "id", where="state = 'new'"),
    _partial("ix_inbox_new_due", "next_at", where="state = 'new'"),
)

inbox_quarantine = Table(
    "inbox_quarantine",
    metadata,
    _id(),
    _text("channel", None),
    _at("received_at"),
    Column("body", LargeBinary, nullable=False),
    _text("reason"),
)

poll_cursor = Table(
    "poll_cursor",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
    _at("updated_at"),
)

ticket = Table(
    "ticket",
    metadata,
    _id(),
    _text("number", None),
    _ref("source_event_id", "inbox_event"),
    _text("status", None),
    Column("outcome", Text),
    _int("version", 1),
    _int("cycle", 1),
    _text("category", None),
    _text("kind", "complaint"),
    _text("agency", None),
    _text("text"),
    Column("lat", Float),
    Column("lon", Float),
    Column("cell", BigInteger),
    _text("kelurahan"),
    _text("place_words"),
    _text("place_source"),
    _flag("named"),
    _flag("confidential"),
    _flag("danger"),
    _ref("reporter", "person"),
    _ref("conversation", "conversation"),
    _int("officer"),
    _text("officer_name"),
    _at("opened_at"),
    _at("acknowledge_due"),
    _at("resolve_due"),
    _at("since", null=True),
    _at("assigned_at", null=True),
    _at("cycle_started_at", null=True),
    _at("acknowledged_at", null=True),
    _at("started_at", null=True),
    _at("resolved_at", null=True),
    _at("closed_at", null=True),
    _at("scheduled_for", null=True),
    _at("waiting_since", null=True),
    _int("waited_s"),
    _int("questions"),
    _int("reopenings"),
    _int("bounces"),
    _text("suggested_agency"),
    _int("followers"),
    _text("last_note"),
    _text("citizen_note"),
    _text("external"),
    _int("master"),
    _flag("breached"),
    _at("reach_until", null=True),
    Column("offered", Boolean, nullable=False, server_default=text("true")),  # see tickets.similar.offered
    UniqueConstraint("number"),
    UniqueConstraint("source_event_id"),
    # the square first: its tickets of all kinds lie side by side, so that a group of kinds is read from the same pages
    _partial("ix_ticket_nearby", "cell", "category", "lat", "lon", where="offered"),
    _partial("ix_ticket_offered_closed", "closed_at", where="offered and status = 'closed'"),
    _partial("ix_ticket_agency_open", "agency", "resolve_due", where="status <> 'closed'"),
    Index("ix_ticket_agency_opened", "agency", "opened_at"),
    Index("ix_ticket_reporter", "reporter", "id"),
)

ticket_event = Table(
    "ticket_event",
    metadata,
    _id(),
    _ref("ticket_id", "ticket"),
    Column("seq", Integer, nullable=False),
    _text("action", None),
    _text("from_status"),
    _text("to_status"),
    _text("actor_role"),
    _int("actor_id"),
    _text("actor_name"),
    _text("agency"),
    _text("note"),
    _text("data_json", "{}"),
    _at("at"),
    _text("prev_hash"),
    _text("hash"),
    UniqueConstraint("ticket_id", "seq"),
    # what office and citizens said to one another, which hundreds of "saya juga" may follow
    _partial("ix_ticket_event_talk", "ticket_id", "seq", where="action in ('tell', 'say', 'answer')"),
)

ticket_follower = Table(
    "ticket_follower",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    _ref("conversation_id", "conversation"),
    _at("since"),
    Index("ix_ticket_follower_person", "person_id"),
)

rating = Table(
    "rating",
    metadata,
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True),
    Column("cycle", Integer, primary_key=True),
    Column("person_id", Id, primary_key=True),
    _int("stars"),
    _text("remark"),
    _at("at"),
)

number_seq = Table(
    "number_seq", metadata, Column("scope", Text, primary_key=True), Column("next_no", BigInteger, nullable=False)
)

card = Table(
    "card",
    metadata,
    _id(),
    _ref("ticket_id", "ticket"),
    _ref("conversation_id", "conversation"),
    _text("platform_message_id"),
    _int("shown_version"),
    _at("created_at"),
    UniqueConstraint("ticket_id", "conversation_id"),
)

outbox_part = Table(  # where one of our messages took several on the platform: the ids of those before its last one
    "outbox_part",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversation.id"), primary_key=True),
    Column("platform_message_id", Text, primary_key=True),
    _ref("outbox_id", "outbox_message"),
)

UNFINISHED = ("queued", "sending", "uncertain", "held")  # of messages: may leave yet, or once more
outbox_message = Table(
    "outbox_message",
    metadata,
    _id(),
    _ref("conversation_id", "conversation"),
    _text("dedupe_key", None),
    _text("kind", "text"),
    _text("cls", "must"),
    _int("priority", 1),
    _text("body_json", "{}"),
    _text("state", "queued"),
    _int("attempts"),
    _int("ambiguous"),
    _at("next_at"),
    _at("expires_at", null=True),
    _text("fence"),
    _at("lease_until", null=True),
    _at("first_failed_at", null=True),
    _text("platform_message_id"),
    _text("error"),
    Column("ticket_id", Id),
    _text("purpose"),
    Column("card_id", Id),
    _text("guard"),
    _at("created_at"),
    _at("sent_at", null=True),
    _text("reach"),  # how far the platform says it came: sent, delivered, read or failed; "" while it says nothing
    _at("reach_at", null=True),
    UniqueConstraint("dedupe_key"),
    _partial("ix_outbox_lane", "conversation_id", "id", where="state in ('queued', 'sending')"),
    _partial("ix_outbox_queued", "priority", "id", where="state = 'queued'"),
    _partial("ix_outbox_lease", "lease_until", where="state = 'sending'"),
    _partial("ix_outbox_platform", "platform_message_id", "conversation_id", where="platform_message_id <> ''"),
    _partial("ix_outbox_parked", "next_at", where="state = 'uncertain'"),
    _partial("ix_outbox_held", "conversation_id", "id", where="state = 'held'"),
    _partial("ix_outbox_ticket", "ticket_id", "id", where="ticket_id is not null"),
    _partial("ix_outbox_failed", "ticket_id", where="state = 'failed'"),
    _partial("ix_outbox_on_the_way", "sent_at", where="reach = 'sent'"),
)

delivery_status = Table(
    "delivery_status",
    metadata,
    _id(),
    _text("channel", None),
    _text("message_id", None),
    _text("status", None),
    Column("outbox_id", Id, nullable=False, server_default="0"),
    _text("failure"),
    _text("detail"),
    _at("platform_at"),
    _at("received_at"),
    _flag("applied"),
    UniqueConstraint("channel", "message_id", "status"),
    _partial("ix_delivery_status_parked", "received_at", where="not applied"),
)

rate_gate = Table("rate_gate", metadata, Column("scope", Text, primary_key=True), _at("blocked_until"), _text("reason"))

lease = Table(
    "lease", metadata, Column("name", Text, primary_key=True), _text("owner"), _int("fence", 1), _at("expires_at")
)

reminder = Table(
    "reminder",
    metadata,
    _id(),
    _ref("ticket_id", "ticket"),
    _text("kind", None),
    _text("occurrence", None),
    _at("due_at"),
    _text("state", "pending"),
    _at("fired_at", null=True),
    UniqueConstraint("ticket_id", "kind", "occurrence"),
    _partial("ix_reminder_due", "due_at", where="state = 'pending'"),
)

media = Table(
    "media",
    metadata,
    _id(),
    _ref("conversation_id", "conversation"),
    _text("channel", None),
    _text("ref", None),
    _text("event_key", None),
    _int("position"),
    _text("kind", None),
    _text("purpose", "report"),
    _text("state", "pending"),
    _text("sha256"),
    _text("mime"),
    _int("bytes"),
    _int("width"),
    _int("height"),
    _int("attempts"),
    _at("next_at", null=True),
    _text("error"),
    Column("ticket_id", Id),
    _at("created_at"),
    UniqueConstraint("channel", "event_key", "position"),
    _partial("ix_media_pending", "next_at", where="state = 'pending'"),
    Index("ix_media_ticket", "ticket_id"),
    _partial("ix_media_draft", "conversation_id", where="ticket_id is null"),
)

agency_chat = Table(
    "agency_chat",
    metadata,
    Column("agency", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    _ref("conversation_id", "conversation"),
    _at("bound_at"),
    _int("bound_by"),
    Index("ix_agency_chat_conversation", "conversation_id"),
)

officer = Table(
    "officer",
    metadata,
    _id(),
    _ref("person_id", "person"),
    _text("agency", None),
    _text("name"),
    _text("role", "officer"),
    _text("state", "active"),
    _at("since"),
    _int("approved_by"),
    UniqueConstraint("person_id", "agency"),
)

invite = Table(
    "invite",
    metadata,
    Column("code_hash", Text, primary_key=True),
    _text("agency", None),
    _text("role", "group"),
    _at("created_at"),
    _at("expires_at"),
    _at("used_at", null=True),
    _int("used_by"),
)

officer_chat = Table(
    "officer_chat",
    metadata,
    Column("officer_id", Id, ForeignKey("officer.id"), primary_key=True),
    _ref("conversation_id", "conversation"),
    _flag("on_duty"),
    _text("asked"),  # dedupe key of our question to which the next plain message is the answer
    _at("since"),
    Index("ix_officer_chat_conversation", "conversation_id"),
)

identity_break = Table(
    "identity_break",
    metadata,
    _id(),
    _text("channel", None),
    _text("new_id", None),
    _ref("conversation_id", "conversation"),
    _text("reason"),
    _at("at"),
    _at("settled_at", null=True),
    UniqueConstraint("channel", "new_id", "conversation_id"),
)

link_code = Table(
    "link_code",
    metadata,
    Column("code_hash", Text, primary_key=True),
    _ref("person_id", "person"),
    _ref("conversation_id", "conversation"),
    _at("created_at"),
    _at("expires_at"),
    _at("used_at", null=True),
    Index("ix_link_code_conversation", "conversation_id", "created_at"),
)

account_link = Table(
    "account_link",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversation.id"), primary_key=True),
    _ref("own_person_id", "person"),
    _ref("person_id", "person"),
    _at("linked_at"),
    Index("ix_account_link_person", "person_id"),
)

code_try = Table(
    "code_try",
    metadata,
    _id(),
    _ref("conversation_id", "conversation"),
    _at("at"),
    Index("ix_code_try_conversation", "conversation_id", "at"),
)

template_status = Table(
    "template_status",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    _text("status", None),
    _text("reason"),
    _at("told_at"),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    _id(),
    _text("source_table", None),
    Column("source_id", Id, nullable=False),
    _text("reason"),
    _at("at"),
    _at("resolved_at", null=True),
    _text("resolution"),
    UniqueConstraint("source_table", "source_id"),
)

web_peer = Table(
    "web_peer",
    metadata,
    Column("peer", Text, primary_key=True),
    Column("last_rev", BigInteger, nullable=False, server_default="0"),
)

web_line = Table(
    "web_line",
    metadata,
    _id(),
    _text("peer", None),
    Column("rev", BigInteger, nullable=False),
    Column("outbox_id", Id),
    _text("client_key"),
    _text("author", None),
    _text("name"),
    _text("body_json", "{}"),
    _at("at"),
    UniqueConstraint("outbox_id"),
    Index("ix_web_line_peer", "peer", "rev"),
    _partial("ix_web_line_client", "client_key", where="client_key <> ''"),
)
