"""An office with more open reports than anybody reads: none is left out, and what is counted is counted."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storage.tables import inbox_event, ticket
from tests.usecases.test_offices import bind
from tests.usecases.town import Town
from usecases import unreached

MANY = 520  # more than any round limit so far


def filled(town: Town) -> None:
    """Copies of an office's first open report."""
    first = town.report()
    town.deliver()
    event = town.value("select source_event_id from ticket")
    more = {"of": MANY - 1, "past": 1_000}
    copied(town, inbox_event, event, {"id": ":past + n.n", "natural_key": "'copy-' || n.n"}, **more)
    own = {"number": "'BKS-26-9' || n.n", "source_event_id": ":past + n.n"}
    copied(town, ticket, first.id, own | {"id": ":past + n.n"}, **more)


def copied(town: Town, table: sa.Table, row: int, own: dict[str, str], **given: int) -> None:
    names = [column.name for column in table.columns]
    values = ", ".join(own.get(name, f"one.{name}") for name in names)
    numbers = "with recursive n(n) as (select 1 union all select n + 1 from n where n < :of)"
    rows = f"select {values} from {table.name} one, n where one.id = :row"
    town.execute(f"{numbers} insert into {table.name} ({', '.join(names)}) {rows}", row=row, **given)


@pytest.mark.slow
def test_all_of_them_are_counted_and_shown_to_a_new_group(town: Town):
    group = town.office("DISHUB", "501")
    filled(town)
    town.take(town.message(group.peer, command="antrean", sender="501", group=True))
    assert f"{MANY} laporan terbuka" in town.deliver()[-1].text
    bind(town, "DISHUB", "group", peer="-77", sender="501", group=True)
    cards = "select count(*) from outbox_message m join conversation c on c.id = m.conversation_id"
    assert town.value(f"{cards} where m.kind = 'card' and c.peer = '-77'") == MANY


@pytest.mark.slow
def test_whoever_hears_of_a_number_of_them_hears_the_right_one(town: Town):
    group = town.office("DISHUB", "501")
    centre = town.centre("900")
    filled(town)
    town.do(lambda unit: unreached.office_gone(unit, town.house, group.id))
    assert [str(MANY) in message.text for message in town.deliver() if message.peer == centre.peer] == [True]
