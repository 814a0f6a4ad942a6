"""F22, F24: a button that was not made here, for this chat and this act, is nothing."""

import base64
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.usecases.town import KEY, Town
from usecases.buttons import LIMIT, TicketPress, looks_sealed, seal, unseal

ACTIONS = st.sampled_from(["card:12:acknowledge", "card:12:not_ours:DLH:2", "ticket:7:confirm", "card:0:join:DISHUB"])
CHATS = st.integers(min_value=1, max_value=2**53)
TEXTS = st.binary(max_size=80).map(lambda raw: raw.decode("utf-8", "replace"))
SIGNS = st.sampled_from([*string.printable, "é", "漢", "\u200b", "\ud800", "😀"])


@given(ACTIONS, CHATS)
@settings(max_examples=60, deadline=None)
def test_a_seal_opens_in_its_own_chat_and_nowhere_else(action: str, chat: int):
    data = seal(KEY, chat, action)
    kind, ticket, what = action.split(":", 2)
    assert len(data.encode()) <= LIMIT
    assert looks_sealed(data)
    assert unseal(KEY, chat, data) == TicketPress(kind, int(ticket), what)
    assert unseal(KEY, chat + 1, data) is None
    assert unseal(b"another installation's key, as long", chat, data) is None


@given(ACTIONS, CHATS, st.data())
@settings(max_examples=150, deadline=None)
def test_no_changed_seal_opens(action: str, chat: int, data: st.DataObject):
    sealed = seal(KEY, chat, action)
    place = data.draw(st.integers(0, len(sealed) - 1))
    sign = data.draw(SIGNS)
    how = data.draw(st.sampled_from(["replace", "insert", "drop", "swap parts", "other number"]))
    parts = sealed.split(".")
    mutated = {
        "replace": sealed[:place] + sign + sealed[place + 1 :],
        "insert": sealed[:place] + sign + sealed[place:],
        "drop": sealed[:place] + sealed[place + 1 :],
        "swap parts": ".".join([parts[0], parts[1], parts[-1], *parts[2:-1]]),
        "other number": ".".join([parts[0], str(int(parts[1]) + 1), *parts[2:]]),
    }[how]
    if mutated != sealed:
        assert unseal(KEY, chat, mutated) is None


@given(TEXTS, CHATS)
@settings(max_examples=150, deadline=None)
def test_whatever_somebody_sends_is_refused_without_a_crash(text: str, chat: int):
    assert unseal(KEY, chat, text) is None


@given(st.integers(0, 10**25), TEXTS, st.binary(min_size=12, max_size=12), CHATS)
@settings(max_examples=150, deadline=None)
def test_guessed_signatures_fail(number: int, what: str, guess: bytes, chat: int):
    signature = base64.urlsafe_b64encode(guess).decode()
    assert unseal(KEY, chat, f"c.{number}.{what}.{signature}") is None


def test_what_does_not_fit_into_a_button_is_refused_when_it_is_made():
    with pytest.raises(ValueError, match="does not fit"):
        seal(KEY, 1, "card:1:" + "x" * 60)


def test_forged_presses_change_nothing_and_are_answered(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    other = town.report("1002")
    town.deliver()
    before = town.rows("select * from ticket order by id")
    foreign = seal(town.house.key, town.chat("1002").id, f"ticket:{other.id}:withdraw")
    forged = {
        "1001": [
            f"ticket:{ticket.id}:withdraw",  # unsealed words of the engine
            f"card:{ticket.id}:acknowledge",
            f"t.{ticket.id}.withdraw.AAAAAAAAAAAAAAAA",
            foreign,  # copied from another chat
            seal(town.house.key, town.chat("1001").id, f"ticket:{other.id}:withdraw"),  # sealed, but not one's own
            seal(town.house.key, town.chat("1001").id, f"card:{ticket.id}:acknowledge"),  # a group's button
        ],
        group.peer: [
            f"card:{ticket.id}:acknowledge",
            f"c.{ticket.id}.acknowledge.AAAAAAAAAAAAAAAA",
            seal(town.house.key, group.id, f"ticket:{ticket.id}:withdraw"),
            seal(town.house.key, group.id, f"card:{ticket.id}:nonsense"),
            seal(town.house.key, group.id, "card:999999:acknowledge"),
            "1|yes",
            "",
        ],
    }
    for peer, several in forged.items():
        for data in several:
            receipt = town.take(
                town.press(peer, data, sender="501" if peer == group.peer else peer, group=peer == group.peer)
            )[0]
            assert receipt.toast or peer == "1001", f"{data!r} was met with silence"
    assert town.rows("select * from ticket order by id") == before
    assert town.value("select count(*) from inbox_event where state <> 'done'") == 0
