"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# This file is a record of what was, so it imports nothing from storage.tables, which goes on changing.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_table", sa.Text(), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", AT, nullable=False),
        sa.Column("resolved_at", AT),
        sa.Column("resolution", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
        sa.UniqueConstraint("source_table", "source_id", name="uq_dead_letter_source_table_source_id"),
    )
    op.create_table(
        "inbox_quarantine",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", AT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_quarantine"),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False, server_default=""),
        sa.Column("epoch", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("mode", sa.Text(), nullable=False, server_default="live"),
        sa.Column("purpose", sa.Text(), nullable=False, server_default=""),
        sa.Column("bot", sa.Text(), nullable=False, server_default=""),
        sa.Column("clock_offset_s", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_instance"),
    )
    op.create_table(
        "invite",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False, server_default="group"),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT),
        sa.Column("used_by", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("code_hash", name="pk_invite"),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False, server_default=""),
        sa.Column("fence", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("expires_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "number_seq",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("next_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_number_seq"),
    )
    op.create_table(
        "person",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("locale", sa.Text(), nullable=False, server_default="id"),
        sa.Column("reachable", sa.Text(), nullable=False, server_default="ok"),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("erased_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_table(
        "poll_cursor",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("channel", name="pk_poll_cursor"),
    )
    op.create_table(
        "delivery_status",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outbox_id", ID, nullable=False, server_default="0"),
        sa.Column("failure", sa.Text(), nullable=False, server_default=""),
        sa.Column("detail", sa.Text(), nullable=False, server_default=""),
        sa.Column("platform_at", AT, nullable=False),
        sa.Column("received_at", AT, nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_status"),
        sa.UniqueConstraint("channel", "message_id", "status", name="uq_delivery_status_channel_message_id_status"),
    )
    _partial("ix_delivery_status_parked", "delivery_status", ["received_at"], "not applied")
    op.create_table(
        "rate_gate",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("blocked_until", AT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("scope", name="pk_rate_gate"),
    )
    op.create_table(
        "web_line",
        sa.Column("id", ID, nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("outbox_id", ID),
        sa.Column("client_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("body_json", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_web_line"),
        sa.UniqueConstraint("outbox_id", name="uq_web_line_outbox_id"),
    )
    _partial("ix_web_line_client", "web_line", ["client_key"], "client_key <> ''")
    op.create_index("ix_web_line_peer", "web_line", ["peer", "rev"])
    op.create_table(
        "web_peer",
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("last_rev", sa.BigInteger(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("peer", name="pk_web_peer"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.Column("person_id", ID),
        sa.Column("is_group", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("state_json", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("reachable", sa.Text(), nullable=False, server_default="ok"),
        sa.Column("last_inbound_at", AT),
        sa.Column("wake_at", AT),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("phone", sa.Text(), nullable=False, server_default=""),
        sa.Column("window_until", AT),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_conversation_person_id"),
        sa.UniqueConstraint("channel", "peer", name="uq_conversation_channel_peer"),
    )
    _partial("ix_conversation_wake", "conversation", ["wake_at"], "wake_at is not null")
    _partial("ix_conversation_unreachable", "conversation", ["id"], "reachable <> 'ok'")
    _partial("ix_conversation_phone", "conversation", ["channel", "phone"], "phone <> ''", unique=True)
    op.create_table(
        "officer",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("role", sa.Text(), nullable=False, server_default="officer"),
        sa.Column("state", sa.Text(), nullable=False, server_default="active"),
        sa.Column("since", AT, nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_officer"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_officer_person_id"),
        sa.UniqueConstraint("person_id", "agency", name="uq_officer_person_id_agency"),
    )
    op.create_table(
        "person_identity",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("channel", "value", name="pk_person_identity"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_identity_person_id"),
    )
    op.create_table(
        "agency_chat",
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("bound_at", AT, nullable=False),
        sa.Column("bound_by", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("agency", "role", name="pk_agency_chat"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_agency_chat_conversation_id"),
    )
    op.create_index("ix_agency_chat_conversation", "agency_chat", ["conversation_id"])
    op.create_table(
        "inbox_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("natural_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("platform_at", AT, nullable=False),
        sa.Column("received_at", AT, nullable=False),
        sa.Column("payload_json", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False, server_default="done"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", AT),
        sa.Column("last_error", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_inbox_event"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_inbox_event_conversation_id"),
        sa.UniqueConstraint("channel", "natural_key", name="uq_inbox_event_channel_natural_key"),
    )
    _partial("ix_inbox_new_by_conversation", "inbox_event", ["conversation_id", "id"], "state = 'new'")
    _partial("ix_inbox_new_due", "inbox_event", ["next_at"], "state = 'new'")
    op.create_table(
        "media",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("event_key", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False, server_default="report"),
        sa.Column("state", sa.Text(), nullable=False, server_default="pending"),
        sa.Column("sha256", sa.Text(), nullable=False, server_default=""),
        sa.Column("mime", sa.Text(), nullable=False, server_default=""),
        sa.Column("bytes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("width", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("height", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", AT),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("ticket_id", ID),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_media_conversation_id"),
        sa.UniqueConstraint("channel", "event_key", "position", name="uq_media_channel_event_key_position"),
    )
    _partial("ix_media_draft", "media", ["conversation_id"], "ticket_id is null")
    _partial("ix_media_pending", "media", ["next_at"], "state = 'pending'")
    op.create_index("ix_media_ticket", "media", ["ticket_id"])
    op.create_table(
        "outbox_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, server_default="text"),
        sa.Column("cls", sa.Text(), nullable=False, server_default="must"),
        sa.Column("priority", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("body_json", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("state", sa.Text(), nullable=False, server_default="queued"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ambiguous", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", AT, nullable=False),
        sa.Column("expires_at", AT),
        sa.Column("fence", sa.Text(), nullable=False, server_default=""),
        sa.Column("lease_until", AT),
        sa.Column("first_failed_at", AT),
        sa.Column("platform_message_id", sa.Text(), nullable=False, server_default=""),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("ticket_id", ID),
        sa.Column("purpose", sa.Text(), nullable=False, server_default=""),
        sa.Column("card_id", ID),
        sa.Column("guard", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("sent_at", AT),
        sa.Column("reach", sa.Text(), nullable=False, server_default=""),
        sa.Column("reach_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_message"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_outbox_message_conversation_id"),
        sa.UniqueConstraint("dedupe_key", name="uq_outbox_message_dedupe_key"),
    )
    _partial("ix_outbox_lane", "outbox_message", ["conversation_id", "id"], "state in ('queued', 'sending')")
    _partial("ix_outbox_lease", "outbox_message", ["lease_until"], "state = 'sending'")
    _partial("ix_outbox_held", "outbox_message", ["conversation_id", "id"], "state = 'held'")
    _partial("ix_outbox_ticket", "outbox_message", ["ticket_id", "id"], "ticket_id is not null")
    _partial("ix_outbox_failed", "outbox_message", ["ticket_id"], "state = 'failed'")
    _partial("ix_outbox_on_the_way", "outbox_message", ["sent_at"], "reach = 'sent'")
    _partial("ix_outbox_parked", "outbox_message", ["next_at"], "state = 'uncertain'")
    op.create_index("ix_outbox_platform", "outbox_message", ["platform_message_id", "conversation_id"])
    _partial("ix_outbox_queued", "outbox_message", ["priority", "id"], "state = 'queued'")
    op.create_table(
        "ticket",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("source_event_id", ID, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("cycle", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, server_default="complaint"),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("cell", sa.BigInteger()),
        sa.Column("kelurahan", sa.Text(), nullable=False, server_default=""),
        sa.Column("place_words", sa.Text(), nullable=False, server_default=""),
        sa.Column("place_source", sa.Text(), nullable=False, server_default=""),
        sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("confidential", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("danger", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("reporter", ID, nullable=False),
        sa.Column("conversation", ID, nullable=False),
        sa.Column("officer", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("officer_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("acknowledge_due", AT, nullable=False),
        sa.Column("resolve_due", AT, nullable=False),
        sa.Column("since", AT),
        sa.Column("assigned_at", AT),
        sa.Column("cycle_started_at", AT),
        sa.Column("acknowledged_at", AT),
        sa.Column("started_at", AT),
        sa.Column("resolved_at", AT),
        sa.Column("closed_at", AT),
        sa.Column("scheduled_for", AT),
        sa.Column("waiting_since", AT),
        sa.Column("waited_s", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("questions", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reopenings", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("bounces", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("suggested_agency", sa.Text(), nullable=False, server_default=""),
        sa.Column("followers", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_note", sa.Text(), nullable=False, server_default=""),
        sa.Column("citizen_note", sa.Text(), nullable=False, server_default=""),
        sa.Column("external", sa.Text(), nullable=False, server_default=""),
        sa.Column("master", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reach_until", AT),
        sa.Column("breached", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.ForeignKeyConstraint(["source_event_id"], ["inbox_event.id"], name="fk_ticket_source_event_id"),
        sa.ForeignKeyConstraint(["reporter"], ["person.id"], name="fk_ticket_reporter"),
        sa.ForeignKeyConstraint(["conversation"], ["conversation.id"], name="fk_ticket_conversation"),
        sa.UniqueConstraint("number", name="uq_ticket_number"),
        sa.UniqueConstraint("source_event_id", name="uq_ticket_source_event_id"),
    )
    _partial("ix_ticket_agency_open", "ticket", ["agency", "resolve_due"], "status <> 'closed'")
    op.create_index("ix_ticket_agency_opened", "ticket", ["agency", "opened_at"])
    _partial("ix_ticket_nearby", "ticket", ["category", "cell"], "status <> 'closed'")
    _partial("ix_ticket_closed_nearby", "ticket", ["category", "cell", "closed_at"], "status = 'closed'")
    op.create_index("ix_ticket_reporter", "ticket", ["reporter", "id"])
    op.create_table(
        "card",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("platform_message_id", sa.Text(), nullable=False, server_default=""),
        sa.Column("shown_version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_card"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_card_ticket_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_card_conversation_id"),
        sa.UniqueConstraint("ticket_id", "conversation_id", name="uq_card_ticket_id_conversation_id"),
    )
    op.create_table(
        "rating",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("remark", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "cycle", "person_id", name="pk_rating"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_rating_ticket_id"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="pending"),
        sa.Column("fired_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_reminder_ticket_id"),
        sa.UniqueConstraint("ticket_id", "kind", "occurrence", name="uq_reminder_ticket_id_kind_occurrence"),
    )
    _partial("ix_reminder_due", "reminder", ["due_at"], "state = 'pending'")
    op.create_table(
        "ticket_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=False, server_default=""),
        sa.Column("to_status", sa.Text(), nullable=False, server_default=""),
        sa.Column("actor_role", sa.Text(), nullable=False, server_default=""),
        sa.Column("actor_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("actor_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("agency", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("data_json", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("at", AT, nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False, server_default=""),
        sa.Column("hash", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_event"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_event_ticket_id"),
        sa.UniqueConstraint("ticket_id", "seq", name="uq_ticket_event_ticket_id_seq"),
    )
    op.create_table(
        "ticket_follower",
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "person_id", name="pk_ticket_follower"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_follower_ticket_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ticket_follower_person_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_ticket_follower_conversation_id"),
    )
    op.create_index("ix_ticket_follower_person", "ticket_follower", ["person_id"])
    op.create_table(
        "officer_chat",
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("on_duty", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("asked", sa.Text(), nullable=False, server_default=""),
        sa.Column("since", AT, nullable=False),
        sa.PrimaryKeyConstraint("officer_id", name="pk_officer_chat"),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_officer_chat_officer_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_officer_chat_conversation_id"),
    )
    op.create_index("ix_officer_chat_conversation", "officer_chat", ["conversation_id"])
    op.create_table(
        "identity_break",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("new_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", AT, nullable=False),
        sa.Column("settled_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_identity_break"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_identity_break_conversation_id"),
        sa.UniqueConstraint(
            "channel", "new_id", "conversation_id", name="uq_identity_break_channel_new_id_conversation_id"
        ),
    )
    op.create_table(
        "link_code",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT),
        sa.PrimaryKeyConstraint("code_hash", name="pk_link_code"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_link_code_person_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_link_code_conversation_id"),
    )
    op.create_index("ix_link_code_conversation", "link_code", ["conversation_id", "created_at"])
    op.create_table(
        "account_link",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("own_person_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("linked_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_account_link"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_account_link_conversation_id"),
        sa.ForeignKeyConstraint(["own_person_id"], ["person.id"], name="fk_account_link_own_person_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_account_link_person_id"),
    )
    op.create_index("ix_account_link_person", "account_link", ["person_id"])
    op.create_table(
        "code_try",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code_try"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_code_try_conversation_id"),
    )
    op.create_index("ix_code_try_conversation", "code_try", ["conversation_id", "at"])
    op.create_table(
        "template_status",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("told_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "name", "language", name="pk_template_status"),
    )


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    when = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=when, postgresql_where=when)


def downgrade() -> None:
    for name in (
        "template_status",
        "code_try",
        "account_link",
        "link_code",
        "identity_break",
        "officer_chat",
        "ticket_follower",
        "ticket_event",
        "reminder",
        "rating",
        "card",
        "ticket",
        "outbox_message",
        "media",
        "inbox_event",
        "agency_chat",
        "person_identity",
        "officer",
        "conversation",
        "web_peer",
        "web_line",
        "rate_gate",
        "delivery_status",
        "poll_cursor",
        "person",
        "number_seq",
        "lease",
        "invite",
        "instance",
        "inbox_quarantine",
        "dead_letter",
    ):
        op.drop_table(name)
