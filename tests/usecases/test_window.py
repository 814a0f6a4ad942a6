"""F69, F70: free words while the window is open, a template while it is shut, else held where everybody sees it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.usecases import wa
from tests.usecases.town import Town, button, buttons
from texts.text import literal
from tickets.ticket import Status, Ticket
from usecases import receive, reports
from usecases.bodies import body
from usecases.buttons import seal
from usecases.deliver import Job, Sent
from usecases.ports import Failure, Outgoing, Reach, Report, SendFailed
from usecases.records import Leave, Queued

ANI, NUMBER = "ID.ani123", "6281200000001"
OFFICER = "501"


@pytest.fixture
def town(on_sqlite: str, towns: Callable[..., Town]) -> Town:
    """Most proofs run on SQLite; those at the end of this file on PostgreSQL too."""
    return towns(on_sqlite)


@pytest.fixture
def ticket(town: Town) -> Ticket:
    return reported(town)


def reported(town: Town) -> Ticket:
    """A report by WhatsApp, confirmed while the window was open."""
    town.office("DISHUB", OFFICER)
    town.take(wa.message(town, ANI, "halo", aliases=(NUMBER,)))
    made = town.report(ANI, channel=wa.WHATSAPP)
    town.deliver()
    return made


def to(sent: list[Outgoing], channel: str = wa.WHATSAPP) -> list[Outgoing]:
    return [message for message in sent if message.channel == channel]


def act(town: Town, ticket: Ticket, what: str) -> None:
    """An officer presses a button below the card in the Telegram group."""
    group = "-100DISHUB"
    chat = town.value("select id from conversation where peer = :peer", peer=group)
    town.take(town.press(group, seal(town.house.key, chat, f"card:{ticket.id}:{what}"), sender=OFFICER, group=True))


def finish(town: Town, ticket: Ticket) -> None:
    for what in ("acknowledge", "start", "done"):
        act(town, ticket, what)
    asked = [job for job in town.deliver_jobs() if job.row.purpose == "done"]
    proof = town.message(
        "-100DISHUB", "Lampu sudah diganti baru", sender=OFFICER, group=True, reply_to=f"out-{asked[-1].row.id}"
    )
    town.take(proof)
    assert town.ticket(ticket.id).status is Status.RESOLVED


@pytest.mark.parametrize(("later", "free"), [(-1, True), (1, False)])
def test_the_window_is_a_day_from_the_last_message(town: Town, ticket: Ticket, later: int, free: bool):
    wa.approve(town)
    town.clock.forward(hours=24, seconds=later)
    act(town, ticket, "acknowledge")
    sent = to(town.deliver())
    assert [message.template is None for message in sent] == [free]


def test_the_platform_s_hour_counts_not_ours(town: Town, ticket: Ticket):
    """A message that was under way for a day opens nothing."""
    late = wa.message(town, "ID.budi99", "halo, lampu mati")
    town.clock.forward(hours=25)
    town.take(late)
    assert to(town.deliver()) == []
    assert town.value("select count(*) from outbox_message where state = 'held'") > 0


def test_outside_the_approved_template_says_it(town: Town, ticket: Ticket):
    wa.approve(town)
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    (message,) = to(town.deliver())
    assert message.template is not None
    assert message.template.name == "sahut_laporan_ditangani"
    assert message.template.language == "id"
    assert message.template.values == (ticket.number, "Dinas Perhubungan")
    town.take(wa.press(town, ANI, message.template.buttons[0]))
    assert any(ticket.number in m.text for m in to(town.deliver())), "its quick reply shows the report"


def test_done_is_asked_by_template_and_its_quick_reply_closes(town: Town, ticket: Ticket):
    wa.approve(town)
    town.clock.forward(hours=25)
    finish(town, ticket)
    asked = [m for m in to(town.deliver()) if m.template and m.template.name == "sahut_sudah_beres"]
    assert len(asked) == 1
    assert asked[0].template is not None
    town.take(wa.press(town, ANI, asked[0].template.buttons[0]))
    assert town.ticket(ticket.id).status is Status.CLOSED


def test_a_language_that_is_not_approved_falls_back_to_the_city_s(town: Town, ticket: Ticket):
    wa.approve(town)
    town.execute("update person set locale = 'en'")
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    assert [m.template.language for m in to(town.deliver()) if m.template] == ["id"]
    wa.approve(town, language="en")
    act(town, ticket, "start")
    assert [m.template.language for m in to(town.deliver()) if m.template] == ["en"]


@pytest.mark.parametrize("status", ["", "PENDING", "REJECTED", "PAUSED", "DISABLED"])
def test_without_an_approved_template_it_is_held_and_the_card_says_so(town: Town, ticket: Ticket, status: str):
    wa.approve(town, status="APPROVED")
    if status:
        wa.approve(town, status=status)
    else:
        town.execute("delete from template_status")
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    sent = town.deliver()
    assert to(sent) == []
    cards = [m.text for m in to(sent, "telegram")]
    assert any("belum menerima kabar" in words for words in cards)
    assert "must-accounted" not in town.breaches()


def test_the_next_best_template_is_taken(town: Town, ticket: Ticket):
    wa.approve(town, "progress")
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    (message,) = to(town.deliver())
    assert message.template is not None
    assert message.template.name == "sahut_perkembangan_laporan"
    assert "Dinas Perhubungan sudah menerima" in message.template.values[1]
    assert "\n" not in "".join(message.template.values)


def test_what_was_held_leaves_as_one_message_when_the_person_writes(town: Town, ticket: Ticket):
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    act(town, ticket, "start")
    finish_from = town.deliver()
    assert to(finish_from) == []
    town.take(wa.message(town, ANI, "halo"))
    said = to(town.deliver())
    news = [m for m in said if ticket.number in m.text]
    assert len(news) == 1
    first, second = news[0].text.index("sudah menerima"), news[0].text.index("mulai mengerjakan")
    assert first < second
    assert said[0] is news[0], "before the answer"
    assert "must-accounted" not in town.breaches()


def test_of_several_held_only_the_last_buttons_are_shown(town: Town, ticket: Ticket):
    town.clock.forward(hours=25)
    finish(town, ticket)
    town.deliver()
    town.take(wa.message(town, ANI, "halo"))
    said = [m for m in to(town.deliver()) if ticket.number in m.text]
    assert len(said) == 1
    town.take(wa.press(town, ANI, button(said, "Sudah beres").data))
    assert town.ticket(ticket.id).status is Status.CLOSED


def test_a_held_nudge_that_is_no_longer_true_is_not_said(town: Town, ticket: Ticket):
    chat = town.value("select id from conversation where channel = 'whatsapp'")
    row = Queued(chat, "rem:1", body(literal("masih terbuka")), cls="nudge", ticket=ticket.id, guard="assigned")
    town.clock.forward(hours=25)
    town.do(lambda unit: unit.outbox.add([row]))
    town.deliver()
    act(town, ticket, "acknowledge")
    town.take(wa.message(town, ANI, "halo"))
    assert not [m for m in to(town.deliver()) if "masih terbuka" in m.text]


def held(town: Town, ticket: Ticket) -> list[tuple[str, str]]:
    rows = town.rows(
        "select cls, guard from outbox_message where state = 'held' and ticket_id = :t order by id", t=ticket.id
    )
    return [(row.cls, row.guard) for row in rows]


def awaits_reading(town: Town, ticket: Ticket) -> None:
    """The result is held, and the question whether it is fixed was asked once more, as nobody had read it."""
    town.clock.forward(hours=25)
    finish(town, ticket)
    town.deliver()
    for _ in town.hours(24 * 3):
        pass
    assert held(town, ticket)[-2:] == [("must", ""), ("nudge", "resolved")]


def test_held_news_does_not_end_with_the_reminder_of_it(town: Town, ticket: Ticket):
    """An answer moves the report in the transaction that lets go of what was held: the reminder is no longer true."""
    awaits_reading(town, ticket)
    town.take(wa.message(town, ANI, "sudah beres"))
    assert town.ticket(ticket.id).status is Status.CLOSED
    assert any("sudah diganti baru" in m.text for m in to(town.deliver()))


def test_held_news_whose_answer_is_lost_is_said_again(town: Town, ticket: Ticket):
    """What must be read is not let go like a reminder."""
    awaits_reading(town, ticket)
    town.take(wa.message(town, ANI, "halo"))
    jobs = [job for job in town.claim() if job.row.ticket == ticket.id and job.message.channel == wa.WHATSAPP]
    assert [(job.row.cls, job.row.guard) for job in jobs] == [("must", "")]
    town.settle(*(Sent(job, failed=SendFailed(Failure.AMBIGUOUS, "timeout")) for job in jobs))
    town.clock.forward(minutes=2)
    assert any("sudah diganti baru" in m.text for m in to(town.deliver()))


def test_a_held_reminder_that_is_still_true_leaves_by_itself(town: Town, ticket: Ticket):
    """Its news was read: only the reminder waits, and what is nice to know is not lost with it."""
    finish(town, ticket)
    town.deliver()
    town.clock.forward(hours=25)
    chat = town.value("select id from conversation where channel = 'whatsapp'")
    rows = [
        Queued(chat, "test:info", body(literal("baik diketahui")), cls="info", ticket=ticket.id),
        Queued(chat, "test:rem", body(literal("jadi beres?")), cls="nudge", ticket=ticket.id, guard="resolved"),
    ]
    town.do(lambda unit: unit.outbox.add(rows))
    town.deliver()
    assert held(town, ticket) == [("info", ""), ("nudge", "resolved")]
    town.take(wa.message(town, ANI, "sudah beres"))
    said = [m.text for m in to(town.deliver())]
    assert "baik diketahui" in said
    assert "jadi beres?" not in said


def test_telegram_has_no_window(town: Town):
    town.office("DISHUB", OFFICER)
    ticket = town.report()
    town.deliver()
    town.clock.forward(days=30)
    act(town, ticket, "acknowledge")
    assert [m.template for m in town.deliver() if m.peer == "1001"] == [None]


# -- the platform knows better -------------------------------------------------------------------------


def fail(town: Town, failure: Failure) -> Job:
    (job,) = [job for job in _claimed(town) if job.message.channel == wa.WHATSAPP]
    town.settle(Sent(job, failed=SendFailed(failure, "131047")))
    return job


def _claimed(town: Town) -> list[Job]:
    jobs = town.claim()
    town.settle(*(Sent(job, f"out-{job.row.id}") for job in jobs if job.message.channel != wa.WHATSAPP))
    return jobs


def test_refused_as_outside_the_window_it_goes_by_template(town: Town, ticket: Ticket):
    wa.approve(town)
    act(town, ticket, "acknowledge")
    assert fail(town, Failure.OUTSIDE_WINDOW).message.template is None
    (again,) = to(town.deliver())
    assert again.template is not None
    assert "must-accounted" not in town.breaches()


def test_an_answer_claimed_at_birth_shuts_the_window_too(town: Town, ticket: Ticket):
    """It is queued like any other; what comes after it is said by template, not tried in free words."""
    wa.approve(town)
    event = wa.message(town, ANI, "halo lagi")
    (born,) = town.do(lambda unit: receive.take(unit, town.house, [event], leaves=[Leave("f1")])).jobs
    town.settle(Sent(born, failed=SendFailed(Failure.OUTSIDE_WINDOW, "131047")))
    state = "select state from outbox_message where id = :id"
    assert town.value(state, id=born.row.id) == "queued"
    act(town, ticket, "acknowledge")
    assert [bool(message.template) for message in to(town.deliver())] == [True]
    assert town.value(state, id=born.row.id) == "held", "no form says it"


def test_refused_again_it_is_held_and_not_tried_for_ever(town: Town, ticket: Ticket):
    wa.approve(town)
    act(town, ticket, "acknowledge")
    fail(town, Failure.OUTSIDE_WINDOW)
    fail(town, Failure.OUTSIDE_WINDOW)
    assert to(town.deliver()) == []
    assert town.value("select count(*) from outbox_message where state = 'held'") == 1


def test_a_refused_template_is_not_used_again_until_it_is_approved(town: Town, ticket: Ticket, caplog: Any):
    wa.approve(town)
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    refused = fail(town, Failure.TEMPLATE).message.template
    assert "a template was refused" in caplog.text
    (instead,) = to(town.deliver())
    assert refused is not None
    assert instead.template is not None
    assert (refused.name, instead.template.name) == ("sahut_laporan_ditangani", "sahut_perkembangan_laporan")
    wa.approve(town)
    act(town, ticket, "start")
    assert [m.template.name for m in to(town.deliver()) if m.template] == ["sahut_laporan_ditangani"]


def test_who_is_to_get_no_template_waits_and_others_get_theirs(town: Town, ticket: Ticket, caplog: Any):
    wa.approve(town)
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    wanted = fail(town, Failure.UNWANTED).message.template
    assert to(town.deliver()) == []
    assert town.value("select state from outbox_message where dedupe_key like 'status:%' and state <> 'sent'") == "held"
    assert "a template was refused" not in caplog.text
    assert wanted is not None
    assert town.rows("select name from template_status where status = 'REFUSED'") == []


def late(town: Town, job: Job, failure: Failure) -> None:
    row = job.row.id
    report = Report(wa.WHATSAPP, f"wamid.{row}", Reach.FAILED, town.clock.now(), outbox=row, failure=failure)
    town.do(lambda unit: reports.take(unit, town.house, [report]))


@pytest.mark.parametrize("failure", [Failure.OUTSIDE_WINDOW, Failure.TEMPLATE, Failure.UNWANTED])
def test_a_late_word_about_an_old_message_does_not_shut_the_window(town: Town, ticket: Ticket, failure: Failure):
    """The person has written again meanwhile: it is said once more, in free words."""
    wa.approve(town)
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    (job,) = [job for job in _claimed(town) if job.message.channel == wa.WHATSAPP]
    assert job.message.template is not None
    town.settle(Sent(job, f"wamid.{job.row.id}"))
    town.clock.forward(hours=1)
    town.take(wa.message(town, ANI, "halo"))
    to(town.deliver())
    late(town, job, failure)
    said = to(town.deliver())
    assert [message.template for message in said] == [None]
    assert ticket.number in said[0].text
    refused = town.rows("select name from template_status where status = 'REFUSED'")
    assert bool(refused) == (failure is Failure.TEMPLATE)


@pytest.mark.parametrize("failure", [Failure.TEMPLATE, Failure.UNWANTED])
def test_who_writes_while_a_template_is_refused_gets_free_words(town: Town, ticket: Ticket, failure: Failure):
    """What is held is let go when they write: that was before, so nothing may be held now."""
    wa.approve(town, "taken")
    town.clock.forward(hours=25)
    act(town, ticket, "acknowledge")
    (job,) = [job for job in _claimed(town) if job.message.channel == wa.WHATSAPP]
    assert job.message.template is not None
    town.clock.forward(seconds=1)
    town.take(wa.message(town, ANI, "halo"))
    town.settle(Sent(job, failed=SendFailed(failure)))
    said = [message for message in to(town.deliver()) if ticket.number in message.text]
    assert [message.template for message in said] == [None]
    assert town.value("select count(*) from outbox_message where state = 'held'") == 0


def test_two_messages_that_were_late_both_go_by_template(town: Town, ticket: Ticket):
    """The first word shuts the window; the second one is still about free words, sent while it was open."""
    wa.approve(town)
    jobs = []
    for what in ("acknowledge", "start"):
        act(town, ticket, what)
        (job,) = [job for job in _claimed(town) if job.message.channel == wa.WHATSAPP]
        assert job.message.template is None
        town.settle(Sent(job, f"wamid.{job.row.id}"))
        jobs.append(job)
    town.clock.forward(minutes=1)
    for job in jobs:
        late(town, job, Failure.OUTSIDE_WINDOW)
    said = to(town.deliver())
    assert [bool(message.template) for message in said] == [True, True]
    assert town.value("select count(*) from outbox_message where state = 'held'") == 0


def test_words_about_templates_in_the_wrong_order(town: Town):
    """The newest status counts, whichever word of the platform comes first."""
    wa.approve(town, "taken")
    town.clock.at -= timedelta(hours=1)
    wa.approve(town, "taken", status="REJECTED")
    assert town.value("select status from template_status") == "APPROVED"
    town.clock.forward(hours=2)
    wa.approve(town, "taken", status="PAUSED")
    assert town.value("select status from template_status") == "PAUSED"


# -- reminders before it shuts --------------------------------------------------------------------------


def test_the_citizen_is_reminded_before_the_window_shuts(town: Town, ticket: Ticket):
    """Done at 9 with a window until 9 the next day: asked once more in time, in free words, not two days later."""
    finish(town, ticket)
    town.deliver()
    town.clock.forward(hours=21)
    town.beat()
    assert [m for m in to(town.deliver()) if "sudah beres" in m.text.casefold()] == []
    town.clock.forward(hours=1, minutes=1)
    town.beat()
    (reminder,) = to(town.deliver())
    assert reminder.template is None
    assert "sudah beres" in reminder.text
    town.clock.forward(days=3)
    town.beat()
    assert to(town.deliver()) == [], "once is enough"


def test_writing_again_moves_the_reminder(town: Town, ticket: Ticket):
    finish(town, ticket)
    town.clock.forward(hours=20)
    town.take(wa.message(town, ANI, "halo"))
    town.deliver()
    town.clock.forward(hours=3)
    town.beat()
    assert to(town.deliver()) == []


@pytest.mark.parametrize(
    "proof",
    [
        test_outside_the_approved_template_says_it,
        test_of_several_held_only_the_last_buttons_are_shown,
        test_held_news_does_not_end_with_the_reminder_of_it,
        test_refused_as_outside_the_window_it_goes_by_template,
        test_an_answer_claimed_at_birth_shuts_the_window_too,
        test_the_citizen_is_reminded_before_the_window_shuts,
    ],
)
def test_on_postgresql_too(on_postgres: str, towns: Callable[..., Town], proof: Callable[[Town, Ticket], None]):
    town = towns(on_postgres)
    proof(town, reported(town))


def test_a_reminder_is_not_let_go_for_other_news(town: Town):
    """The result was read in time; what is held is the question again, and later an officer's words."""
    ticket = reported(town)
    town.clock.forward(hours=23, minutes=30)
    finish(town, ticket)
    town.deliver()
    for _ in town.hours(60):
        pass
    assert town.rows("select 1 from outbox_message where state = 'held' and guard <> ''")
    card = town.value("select min(id) from outbox_message where kind = 'card' and state = 'sent'")
    words = "Kalau ada apa-apa lagi mohon kabari kami ya pak"
    town.take(town.message("-100DISHUB", words, sender=OFFICER, group=True, reply_to=f"out-{card}"))
    town.deliver()
    town.take(wa.message(town, ANI, "halo"))
    said = to(town.deliver())
    assert any(words in message.text for message in said)
    assert any("beres" in one.label for one in buttons(said))
