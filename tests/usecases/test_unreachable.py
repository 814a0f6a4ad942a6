"""Who cannot be reached any more: the ticket lives on, and those who can act are told."""

from conversations.inbound import Kind
from tests.usecases.town import Town
from tickets.moves import Action, Actor, Details, Role
from tickets.ticket import Status
from usecases.buttons import seal
from usecases.change import change
from usecases.deliver import Sent
from usecases.ports import Failure, SendFailed
from usecases.records import Queued

GONE = SendFailed(Failure.GONE, "bot was blocked by the user")
LITERAL = {"text": {"key": "literal", "params": {"words": "halo"}}}


def sends(town: Town, *unreachable: str) -> dict[str, list[str]]:
    """Send everything; these peers cannot be reached. What the others got."""
    got: dict[str, list[str]] = {}
    while jobs := town.claim():
        for job in jobs:
            lost = job.message.peer in unreachable
            town.settle(Sent(job, failed=GONE) if lost else Sent(job, f"out-{job.row.id}"))
            if not lost:
                got.setdefault(job.message.peer, []).append(job.message.text)
    return got


def test_officers_hear_that_the_reporter_blocked_us_and_the_ticket_goes_on(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    said = sends(town)
    assert [ticket.number in words for words in said[group.peer]] == [True]
    accept = town.press(group.peer, _accept(town, ticket.id, group.id), sender="501", group=True)
    town.take(accept)
    said = sends(town, "1001")
    told = [words for words in said[group.peer] if "tidak dapat kami hubungi" in words]
    assert len(told) == 1
    assert ticket.number in told[0]
    assert town.ticket(ticket.id).status is Status.ACKNOWLEDGED
    town.take(town.press(group.peer, _press(town, ticket.id, group.id, "start"), sender="501", group=True))
    again = sends(town, "1001")
    assert "1001" not in again
    assert not [words for words in again[group.peer] if "tidak dapat kami hubungi" in words], "once a day is enough"
    town.clock.forward(days=1)
    town.take(town.press(group.peer, _press(town, ticket.id, group.id, "schedule:3"), sender="501", group=True))
    assert [words for words in sends(town)[group.peer] if "tidak dapat kami hubungi" in words]


def test_words_for_somebody_who_blocked_us_are_not_said_to_be_passed_on(town: Town):
    group = town.office("DISHUB", "501")
    town.report()
    sends(town)
    siti = town.chat("1001")
    town.do(lambda unit: unit.chats.set_reachable(siti.id, "blocked"))
    for words in ("Tiang nomor berapa?", "Halo?"):
        card = town.value("select id from outbox_message where card_id is not null order by id limit 1")
        town.take(town.message(group.peer, words, reply_to=f"out-{card}", sender="501", group=True))
        said = sends(town, "1001")[group.peer]
        assert not [told for told in said if "Sudah kami teruskan" in told]
        assert "belum dapat kami hubungi" in said[0]


def test_a_question_for_somebody_who_blocked_us_is_not_said_to_be_sent(town: Town):
    """Nor is somebody said to be asked "sudah beres?"; the way on is told."""
    group = town.office("DISHUB", "501")
    ticket = town.report()
    siti = town.chat("1001")
    for what in ("acknowledge", "ask", "resume", "done"):
        said = sends(town)
        town.do(lambda unit: unit.chats.set_reachable(siti.id, "blocked"))
        town.take(town.press(group.peer, _press(town, ticket.id, group.id, what), sender="501", group=True))
        if what not in ("ask", "done"):
            continue
        sends(town)
        asked = town.value("select max(id) from outbox_message where purpose = :what", what=what)
        town.take(town.message(group.peer, "Lampu nomor berapa?", reply_to=f"out-{asked}", sender="501", group=True))
        said = sends(town)
        assert "1001" not in said
        assert [told for told in said[group.peer] if "belum dapat kami hubungi" in told]
        assert not [told for told in said[group.peer] if "sudah dikirim" in told or "sedang ditanya" in told]
    assert town.ticket(ticket.id).status is Status.RESOLVED


def test_who_comes_back_is_asked_what_was_asked_meanwhile(town: Town):
    """The question did not leave while they had blocked us; it comes when they write, once, and can be answered."""
    town.office("DISHUB", "501")
    ticket = town.report()
    siti = town.chat("1001")
    town.do(lambda unit: unit.chats.set_reachable(siti.id, "blocked"))
    officer = Actor(Role.OFFICER, 1, "Petugas 501", "DISHUB")
    for action, note in ((Action.ACKNOWLEDGE, ""), (Action.ASK, "Lampu nomor berapa?")):
        now = town.ticket(ticket.id)
        town.do(lambda unit, a=action, n=note, t=now: change(unit, town.house, t, a, officer, Details(note=n)))  # type: ignore[misc]
    assert not [m for m in town.deliver() if m.peer == "1001"]
    for words, asked in (("halo", 1), ("halo", 0)):
        town.take(town.message("1001", words))
        said = town.deliver()
        assert len([m for m in said if "Lampu nomor berapa?" in m.text and m.rows]) == asked


def test_a_follower_who_is_gone_is_nobody_s_news(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    follower = town.chat("1002")
    town.do(lambda unit: unit.tickets.follow(ticket.id, follower.person, follower.id))
    sends(town)
    town.take(town.press(group.peer, _accept(town, ticket.id, group.id), sender="501", group=True))
    said = sends(town, "1002")
    assert not [words for words in said[group.peer] if "tidak dapat kami hubungi" in words]


def test_the_operations_centre_hears_of_a_ticket_whose_group_is_gone(town: Town):
    """F62: the card is in nobody's sight."""
    town.office("DISHUB", "501", peer="-500")
    ops = town.office(town.house.city.triage, "601", peer="-600", role="ops")
    town.report()
    said = sends(town, "-500")
    told = [words for words in said[ops.peer] if "tidak sampai" in words]
    assert len(told) == 1
    assert town.house.city.catalogue.agency("DISHUB").name in told[0]


def test_a_gone_operations_centre_tells_no_circle(town: Town):
    town.office("DISHUB", "501", peer="-500")
    town.office(town.house.city.triage, "601", peer="-600", role="ops")
    town.report()
    said = sends(town, "-500", "-600")
    assert set(said) == {"1001"}
    assert town.value("select count(*) from dead_letter") == 2


def test_a_nudge_that_was_held_up_until_night_waits_for_the_morning(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report()
    sends(town)
    town.do(
        lambda unit: unit.outbox.add(
            [Queued(group.id, "rem:1", LITERAL, cls="nudge", ticket=ticket.id, guard=str(ticket.status))]
        )
    )
    town.clock.forward(hours=13)  # 22.00: the platform is back
    assert sends(town) == {}
    town.clock.forward(hours=8)
    assert sends(town) == {group.peer: ["halo"]}


def test_a_danger_s_nudge_does_not_wait(town: Town):
    group = town.office("DISHUB", "501")
    ticket = town.report(danger="banjir")
    sends(town)
    row = Queued(group.id, "rem:1", LITERAL, cls="nudge", ticket=ticket.id, guard=str(ticket.status))
    town.do(lambda unit: unit.outbox.add([row]))
    town.clock.forward(hours=13)
    assert sends(town) == {group.peer: ["halo"]}


def _accept(town: Town, ticket: int, chat: int) -> str:
    return _press(town, ticket, chat, "acknowledge")


def _press(town: Town, ticket: int, chat: int, what: str) -> str:
    return seal(town.house.key, chat, f"card:{ticket}:{what}")


def test_an_office_whose_chat_is_gone_is_one_message_a_day(town: Town):
    group = town.office("DISHUB", "501")
    centre = town.centre("601")
    for n in range(4):
        town.report(str(3000 + n))
    sends(town)
    away = {"kind": Kind.MEMBER, "membership": "kicked", "of_bot": True, "sender": "501", "group": True}
    town.take(town.message(group.peer, **away))
    (told,) = sends(town, group.peer)[centre.peer]
    assert "Dinas Perhubungan" in told
    assert "masih terbuka di sana: 4" in told
    days = []
    for _ in range(30):
        town.clock.forward(hours=1)
        town.beat()
        days += [words for words in sends(town, group.peer).get(centre.peer, []) if "tidak sampai" in words]
    assert len(days) == 1, "the next day's"


def test_the_desk_hears_that_the_centre_is_gone(town: Town):
    desk = town.office(town.house.city.triage, "701")
    centre = town.centre("601")
    away = {"kind": Kind.MEMBER, "membership": "kicked", "of_bot": True, "sender": "501", "group": True}
    town.take(town.message(centre.peer, **away))
    (told,) = sends(town, centre.peer)[desk.peer]
    assert "pusat operasi" in told
