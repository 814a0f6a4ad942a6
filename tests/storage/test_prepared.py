"""Which statements make a group write first what it holds back."""

from __future__ import annotations

import pytest

from storage import chat_queries, ticket_queries
from storage.prepared import touched


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("SELECT person.name FROM person WHERE person.id = 1", {"chats"}),
        ("SELECT a.id FROM ticket AS a, conversation WHERE a.conversation = conversation.id", {"chats"}),
        ("UPDATE outbox_message SET state='sent' FROM conversation", {"chats", "messages"}),
        ("INSERT INTO conversation (channel, peer) VALUES ('web', '1')", {"chats"}),
        ("INSERT INTO card (ticket_id) SELECT outbox_message.ticket_id FROM outbox_message", {"messages"}),
        ("select conversation_id from card", set()),
    ],
)
def test_a_statement_about_chats_or_messages_is_recognised(text: str, about: set[str]) -> None:
    assert touched(text) == about


def test_a_ticket_is_filed_without_giving_up_the_chats_that_were_read_for_a_group() -> None:
    """Its column `conversation` was taken for the table: each chat after a filed report was read and locked again."""
    assert not ticket_queries.INSERT.on("postgresql").touches
    assert chat_queries.BY_ID.on("postgresql").touches == {"chats"}
