"""One person in two apps: the same reports from both, and never without the code and a yes."""

import re
from collections.abc import Callable

import pytest

from conversations.inbound import Inbound
from tests.usecases import wa
from tests.usecases.town import Town, button
from tickets.ticket import Outcome
from usecases import binding
from usecases.ports import Outgoing

ANI_TG, ANI_WA, THIEF = "1001", "ID.ani123", "ID.maling"


@pytest.fixture
def town(on_sqlite: str, towns: Callable[..., Town]) -> Town:
    """Most proofs run on SQLite; those at the end of this file on PostgreSQL too."""
    return towns(on_sqlite)


def code_for(town: Town, event: Inbound) -> str:
    town.take(event)
    said = town.deliver()[-1].text
    found = re.search(r"AKUN ([2-9A-Z]{10})", said)
    assert found, said
    return found[1]


def asked_by_telegram(town: Town) -> str:
    return code_for(town, town.message(ANI_TG, command="hubungkanakun"))


def link(town: Town, code: str, who: str = ANI_WA, answer: str = "Hubungkan") -> list[Outgoing]:
    town.take(wa.message(town, who, f"hubungkan akun {code}"))
    said = [m for m in town.deliver() if m.peer == who]
    if not said[-1].rows:
        return said
    town.take(wa.press(town, who, button(said, answer).data))
    return town.deliver()


def sees(town: Town, event: Inbound) -> str:
    town.take(event)
    return "\n".join(m.text for m in town.deliver() if m.peer == event.peer)


def both(town: Town) -> tuple[str, str]:
    town.take(wa.message(town, ANI_WA, "halo"))
    made = town.report(ANI_TG).number, town.report(ANI_WA, channel=wa.WHATSAPP).number
    town.deliver()
    return made


def test_after_the_code_both_apps_see_both_reports(town: Town):
    one, two = both(town)
    said = link(town, asked_by_telegram(town))
    assert [m for m in said if m.peer == ANI_WA and "Sudah terhubung" in m.text]
    assert [m for m in said if m.peer == ANI_TG and "PUTUSKAN AKUN" in m.text], "the other side hears of it"
    for seen in (sees(town, wa.message(town, ANI_WA, "status")), sees(town, town.message(ANI_TG, "status"))):
        assert one in seen
        assert two in seen
    assert set(town.breaches()) <= {"groups", "not-stuck"}


def test_news_go_where_the_report_was_made(town: Town):
    group = town.office("DISHUB", "501")
    both(town)
    link(town, asked_by_telegram(town))
    cards = [job for job in town.rows("select ticket_id, conversation_id from card order by ticket_id")]
    from usecases.buttons import seal

    data = seal(town.house.key, group.id, f"card:{cards[0].ticket_id}:acknowledge")
    town.take(town.press(group.peer, data, sender="501", group=True))
    assert {m.peer for m in town.deliver()} == {group.peer, ANI_TG}


def test_from_whatsapp_to_telegram_too(town: Town):
    one, _ = both(town)
    code = code_for(town, wa.message(town, ANI_WA, "HUBUNGKAN AKUN"))
    town.take(town.message(ANI_TG, f"hubungkan akun {code}"))
    town.take(town.press(ANI_TG, button(town.deliver(), "Hubungkan").data))
    town.deliver()
    assert one in sees(town, wa.message(town, ANI_WA, "status"))


def test_nothing_is_linked_without_a_yes(town: Town):
    one, _ = both(town)
    said = link(town, asked_by_telegram(town), answer="Jangan")
    assert "tidak ada yang dihubungkan" in said[-1].text
    assert one not in sees(town, wa.message(town, ANI_WA, "status"))


@pytest.mark.parametrize("how", ["typed wrongly", "too late", "used already", "pressed too late"])
def test_a_code_that_is_not_valid_opens_nothing(town: Town, how: str):
    one, _ = both(town)
    code = asked_by_telegram(town)
    if how == "typed wrongly":
        code = ("2" if code[0] != "2" else "3") + code[1:]
    elif how == "too late":
        town.clock.forward(minutes=16)
    elif how == "used already":
        link(town, code)
    if how == "pressed too late":
        town.take(wa.message(town, THIEF, f"hubungkan akun {code}"))
        said = town.deliver()
        town.clock.forward(minutes=16)
        town.take(wa.press(town, THIEF, button(said, "Hubungkan").data))
        assert "tidak berlaku" in town.deliver()[-1].text
    else:
        assert "tidak berlaku" in link(town, code, THIEF)[-1].text
    assert one not in sees(town, wa.message(town, THIEF, "status"))


def test_codes_cannot_be_tried_out(town: Town):
    both(town)
    code = asked_by_telegram(town)
    for n in range(5):
        link(town, f"22222AAAA{n + 2}", THIEF)
    assert "satu jam lagi" in link(town, code, THIEF)[-1].text
    assert town.value("select count(*) from account_link") == 0


def test_codes_are_not_made_without_end(town: Town):
    for _ in range(5):
        asked_by_telegram(town)
    town.take(town.message(ANI_TG, command="hubungkanakun"))
    assert "satu jam lagi" in town.deliver()[-1].text


def test_the_code_stands_nowhere_in_the_database(town: Town):
    code = asked_by_telegram(town)
    for table, column in (("link_code", "code_hash"), ("outbox_message", "body_json"), ("inbox_event", "payload_json")):
        assert not town.rows(f"select 1 from {table} where {column} like :code", code=f"%{code}%"), table


def test_help_offers_the_code_as_a_button(town: Town):
    town.take(wa.message(town, ANI_WA, "bantuan"))
    said = town.deliver()
    town.take(wa.press(town, ANI_WA, button(said, "Hubungkan akun").data))
    found = re.search(r"AKUN ([2-9A-Z]{10})", town.deliver()[-1].text)
    assert found
    said = sees(town, town.message(ANI_TG, f"hubungkan akun {found[1]}"))
    assert "Hubungkan percakapan ini dengan akun WhatsApp" in said


def test_in_the_middle_of_a_report_help_offers_no_codes(town: Town):
    town.take(wa.message(town, ANI_WA, "lampu jalan mati di Jatiasih"))
    town.deliver()
    town.take(wa.message(town, ANI_WA, "bantuan"))
    said = town.deliver()
    assert said[-1].text.startswith("Begini caranya")
    assert "Hubungkan akun" not in str(said[-1].rows)


def test_used_codes_and_wrong_tries_are_not_kept_for_ever(town: Town):
    town.take(wa.message(town, ANI_WA, "halo"))
    link(town, asked_by_telegram(town))
    link(town, "A2A2A2A2A2", THIEF)
    town.clock.forward(hours=23)
    asked_by_telegram(town)
    assert town.do(lambda unit: unit.links.forget()) == 0
    town.clock.forward(hours=2)
    assert town.do(lambda unit: unit.links.forget()) == 2
    left = town.value("select count(*) from link_code"), town.value("select count(*) from code_try")
    assert left == (1, 0)


def test_a_forged_press_opens_nothing(town: Town):
    one, _ = both(town)
    code = asked_by_telegram(town)
    for action in ("link:yes:", "link:yes:abc", f"link:yes:{code}", "link:", "link:yes:%"):
        town.take(wa.press(town, THIEF, action))
        town.deliver()
    assert one not in sees(town, wa.message(town, THIEF, "status"))


def test_unlinking_gives_each_chat_its_own_reports_back(town: Town):
    one, two = both(town)
    link(town, asked_by_telegram(town))
    town.take(wa.message(town, ANI_WA, "putuskan akun"))
    assert "dipisahkan" in town.deliver()[-1].text
    by_wa, by_tg = sees(town, wa.message(town, ANI_WA, "status")), sees(town, town.message(ANI_TG, "status"))
    assert (one in by_wa, two in by_wa, one in by_tg, two in by_tg) == (False, True, True, False)
    town.take(wa.message(town, ANI_WA, "putuskan akun"))
    assert "tidak terhubung" in town.deliver()[-1].text


def test_the_one_whose_code_was_used_can_end_it_too(town: Town):
    one, two = both(town)
    link(town, asked_by_telegram(town))
    town.take(town.message(ANI_TG, command="putuskanakun"))
    town.deliver()
    assert two not in sees(town, town.message(ANI_TG, "status"))
    assert one not in sees(town, wa.message(town, ANI_WA, "status"))


def test_a_follower_who_is_the_reporter_too_is_no_follower_any_more(town: Town):
    """Whichever of the two chats made the report; and who has nobody else beside them can take it back."""
    town.take(wa.message(town, ANI_WA, "halo"))
    tg, whatsapp = town.chat(ANI_TG), town.chat(ANI_WA, channel=wa.WHATSAPP)
    one, two = town.report(ANI_TG), town.report(ANI_WA, channel=wa.WHATSAPP)
    both_follow = town.report("1005")
    for ticket, chat in ((one, whatsapp), (two, tg), (both_follow, whatsapp), (both_follow, tg)):
        town.do(lambda unit, id=ticket.id, chat=chat: unit.tickets.follow(id, chat.person, chat.id))
    town.deliver()
    link(town, asked_by_telegram(town))
    assert [town.ticket(made.id).followers for made in (one, two, both_follow)] == [0, 0, 1]
    assert town.value("select count(*) from ticket_follower") == 1
    for made in (one, two):
        town.take(town.message(ANI_TG, f"status {made.number}"))
        town.take(town.press(ANI_TG, button(town.deliver(), "Cabut", ANI_TG).data))
        town.take(town.press(ANI_TG, button(town.deliver(), "cabut", ANI_TG).data))
        assert town.ticket(made.id).outcome is Outcome.WITHDRAWN


def test_officers_rights_stay_where_they_were_given(town: Town):
    town.do(lambda unit: binding.invite(unit, "DISHUB", "officer", "ABCDE23456"))
    town.take(wa.message(town, ANI_WA, "hubungkan ABCDE23456", sender_name="Ani"))
    town.deliver()
    town.take(wa.message(town, ANI_WA, "hubungkan akun"))
    assert "Akun petugas" in town.deliver()[-1].text
    assert "Akun petugas" in link(town, asked_by_telegram(town))[-1].text


@pytest.mark.parametrize("words", ["akun listrik saya bermasalah di kantor", "hubungkan akun saya dengan dinas dong"])
def test_other_words_about_accounts_are_a_report(town: Town, words: str):
    town.take(wa.message(town, ANI_WA, words))
    assert not [m for m in town.deliver() if "Kode Anda" in m.text or "tidak berlaku" in m.text]


@pytest.mark.parametrize(
    "proof",
    [
        test_after_the_code_both_apps_see_both_reports,
        test_unlinking_gives_each_chat_its_own_reports_back,
        test_a_follower_who_is_the_reporter_too_is_no_follower_any_more,
        test_codes_cannot_be_tried_out,
    ],
)
def test_on_postgresql_too(on_postgres: str, towns: Callable[..., Town], proof: Callable[[Town], None]):
    proof(towns(on_postgres))
