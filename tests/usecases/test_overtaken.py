"""Two officers at once, and buttons of yesterday: one wins, the other is told who; old questions change nothing."""

from __future__ import annotations

import pytest

from tests.usecases.town import Town, button
from tickets.moves import Action, Actor, Details, Overtaken, Role
from tickets.ticket import Status
from usecases.change import change
from usecases.ports import Button, Outgoing
from usecases.records import Chat

BUDI, SARI = "501", "502"


class Office:
    """A group with two officers and one ticket; what is said is kept, and pressed by its label."""

    def __init__(self, town: Town, *labels: str) -> None:
        self.town = town
        self.group: Chat = town.office("DISHUB", BUDI, SARI)
        self.id = town.report().id
        self.said: list[Outgoing] = town.deliver()
        for label in labels:
            self.press(label)

    def press(self, label: str, who: str = BUDI) -> str:
        return self.push(self.find(label), who)

    def find(self, label: str) -> Button:
        return button(self.said, label, self.group.peer)

    def push(self, data: Button, who: str = BUDI) -> str:
        """Press this very button; returns the toast."""
        receipts = self.town.take(self.town.press(self.group.peer, data.data, sender=who, group=True))
        self.said += self.town.deliver()
        return receipts[0].toast

    def reply(self, to: Outgoing, words: str, who: str = BUDI) -> str:
        self.town.take(self.town.message(self.group.peer, words, reply_to=f"out-{to.id}", sender=who, group=True))
        new = self.town.deliver()
        self.said += new
        return next(m.text for m in new if m.peer == self.group.peer and not m.edit_of)

    def last(self, words: str) -> Outgoing:
        return next(m for m in reversed(self.said) if words in m.text and m.peer == self.group.peer)

    def told_citizen(self, words: str) -> int:
        return sum(1 for m in self.said if m.peer == "1001" and words in m.text)


def test_of_two_days_at_once_the_first_holds_and_the_second_hears_whose(town: Town):
    office = Office(town, "terima", "jadwalkan")
    tomorrow, later = office.find("besok"), office.find("3 hari")
    assert "Dijadwalkan untuk Selasa, 24 November; warga dikabari." in office.push(tomorrow)
    refused = office.push(later, SARI)
    assert "Petugas 501" in refused
    assert "menjadwalkan" in refused
    assert office.told_citizen("menjadwalkan pengerjaan") == 1


def test_a_day_pressed_twice_is_told_once(town: Town):
    office = Office(town, "terima", "jadwalkan")
    day = office.find("besok")
    office.push(day)
    assert "keadaan sebelumnya" in office.push(day)
    assert office.told_citizen("menjadwalkan pengerjaan") == 1


@pytest.mark.parametrize("typed", [False, True])
def test_an_old_question_for_the_day_changes_nothing(town: Town, typed: bool):
    office = Office(town, "terima", "mulai", "jadwalkan")
    week, question = office.find("7 hari"), office.last("kapan dikerjakan")
    office.press("besok")
    office.press("lanjutkan")
    assert town.ticket(office.id).status is Status.IN_PROGRESS
    said = office.reply(question, "30 november") if typed else office.push(week)
    assert "keadaan sebelumnya" in said
    assert town.ticket(office.id).status is Status.IN_PROGRESS


def test_a_new_day_by_the_card_is_told(town: Town):
    office = Office(town, "terima", "jadwalkan", "besok")
    office.press("jadwalkan", SARI)
    assert "Dijadwalkan" in office.press("3 hari", SARI)
    assert office.told_citizen("menjadwalkan pengerjaan") == 2


def test_whoever_read_the_ticket_before_the_other_wrote_is_refused(town: Town):
    """Both had the ticket as it was: the one that writes second does not schedule anew."""
    office = Office(town, "terima", "jadwalkan")
    old = town.ticket(office.id)
    office.press("besok")
    sari, today = Actor(Role.OFFICER, 2, "Sari", "DISHUB"), Details(day=town.clock.at.date(), asked_at=old.version)
    with pytest.raises(Overtaken):
        town.do(lambda unit: change(unit, town.house, old, Action.SCHEDULE, sari, today))


@pytest.mark.parametrize(
    ("before", "label"), [(("terima",), "mulai"), (("terima", "mulai", "jadwalkan", "besok"), "lanjutkan")]
)
def test_who_presses_second_is_told_who_was_first(town: Town, before: tuple[str, ...], label: str):
    office = Office(town, *before)
    first = office.find(label)
    office.push(first)
    told = office.push(first, SARI)
    assert "Petugas 501 lebih dulu" in told
    assert "Dikerjakan" in told or "dikerjakan" in told


def test_a_second_reply_to_selesai_is_told_who_was_first_and_of_no_button(town: Town):
    office = Office(town, "terima", "mulai", "selesai")
    first = office.last("balas pesan ini")
    office.press("selesai", SARI)
    second = office.last("balas pesan ini")
    office.reply(first, "Lampu sudah diganti baru")
    told = office.reply(second, "Sudah kami ganti lampunya", SARI)
    assert "Petugas 501 lebih dulu: menyatakan selesai" in told
    assert "ombol ini" not in told


def test_one_s_own_earlier_step_is_not_a_colleague_s(town: Town):
    office = Office(town, "terima")
    start = office.find("mulai")
    office.push(start)
    assert "lebih dulu" not in office.push(start)
