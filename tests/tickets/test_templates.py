"""Templates: the city's file holds what the platform accepts, says every notice, and values are made to fit."""

import ast
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from cities.loader import cities
from tests.halls import hall
from texts.catalogue import shipped
from texts.text import literal, say
from tickets.notice import lines
from tickets.templates import BODY, Form, Reply, Wording, candidates, fill, lint, one_line, pieces, submission

FORMS = hall().templates
ROOT = Path(__file__).parents[2]
GOOD = Form(
    "taken",
    "sahut_test",
    ("notice.acknowledged",),
    ("number", "agency"),
    {"id": Wording("Laporan Anda nomor {{1}} sudah diterima oleh {{2}} dan sedang ditangani.", ("BKS-1", "Dinas"))},
    (Reply(("status",), {"id": "Lihat laporan"}),),
)


def worded(body: str, samples: tuple[str, ...] = ("BKS-1", "Dinas")) -> Form:
    return replace(GOOD, wordings={"id": Wording(body, samples)})


@pytest.mark.parametrize("slug", cities())
def test_a_city_s_templates_are_what_the_platform_accepts(slug: str):
    city = hall(slug)
    assert lint(city.templates, city.languages) == []


def test_a_good_form_passes():
    assert lint((GOOD,), ("id",)) == []


@pytest.mark.parametrize(
    ("form", "says"),
    [
        (worded("{{1}} sudah diterima oleh {{2}} dan sedang ditangani petugas di lapangan."), "begin or end"),
        (worded("Laporan Anda yang bernomor {{1}} sudah diterima oleh petugas dari {{2}}."), "begin or end"),
        (worded("Laporan Anda yang bernomor {{2}} sudah diterima oleh {{1}} dan sedang ditangani."), "in this order"),
        (worded("Laporan Anda yang bernomor {{1}} sudah diterima oleh {{3}} dan sedang ditangani."), "in this order"),
        (worded("Laporan Anda yang bernomor {{nomor}} sudah diterima {{2}} dan ditangani."), "in this order"),
        (worded("Laporan Anda yang bernomor {{1}} sudah diterima dan sedang ditangani."), "1 slots and 2 values"),
        (worded("Laporan Anda yang bernomor {{1}} {{2}} sudah diterima dan sedang ditangani."), "side by side"),
        (worded("Laporan {{1}} oleh {{2}} diterima."), "too few words"),
        (worded(GOOD.wordings["id"].body, ("BKS-1",)), "sample"),
        (worded(GOOD.wordings["id"].body, ("BKS-1", " ")), "sample"),
        (worded(GOOD.wordings["id"].body + " kata" * 250), f"more than {BODY}"),
        (worded(GOOD.wordings["id"].body.replace("sudah", "sudah\t")), "tabs"),
        (worded(GOOD.wordings["id"].body.replace("sudah", "\n\n\nsudah")), "empty line"),
        (replace(GOOD, name="Sahut-Test"), "small letters"),
        (replace(GOOD, category="MARKETING"), "UTILITY"),
        (replace(GOOD, replies=(Reply(("status",), {"id": "L" * 26}),)), "label"),
        (replace(GOOD, replies=(Reply(("status",), {}),)), "label"),
        (replace(GOOD, replies=GOOD.replies * 2), "same label"),
        (replace(GOOD, replies=tuple(Reply(("a",), {"id": f"tombol {n}"}) for n in range(11))), "at most 10"),
        (replace(GOOD, wordings={}), "no words in id"),
    ],
)
def test_what_the_platform_would_refuse_is_named(form: Form, says: str):
    found = lint((form,), ("id",))
    assert any(says in problem for problem in found), found


def test_two_forms_with_one_name_are_found():
    assert lint((GOOD, GOOD), ("id",)) == ["two forms are called sahut_test"]


def told_to_citizens() -> set[str]:
    """Every text that tickets/told.py, tickets/notices.py and the rules say to reporters and followers."""
    text = "".join((ROOT / path).read_text("utf-8") for path in ("tickets/told.py", "tickets/notices.py"))
    keys = {key for key in re.findall(r'"(notice\.[a-z_]+)"', text) if not re.search(r"\.(group|ops)_", key)}
    parts = {
        "result",
        "done_ask",
        "done_ask_ruled",
        "done_follower",
        "done_follower_ruled",
        "reason",
        "scheduled_late",
        "promise",
        "promise_past",
        "promise_moved",
    }
    parts |= {"opened_danger", "only_photos", "centre"}
    return {key for key in keys if key.removeprefix("notice.") not in parts}


def test_every_notice_to_a_citizen_has_a_template():
    covered = {key for form in FORMS for key in form.stands_for}
    assert told_to_citizens() - covered == set()
    assert {"nudge.slipped", "nudge.still_open", "nudge.citizen_answer", "nudge.confirm_reminder"} <= covered


def test_every_notice_to_an_office_that_asks_for_hands_has_a_template():
    text = "".join((ROOT / path).read_text("utf-8") for path in ("tickets/told.py", "tickets/notices.py"))
    keys = set(re.findall(r'"(notice\.(?:group|ops)_[a-z_]+)"', text))
    keys |= {f"nudge.{path.stem}" for path in (ROOT / "scheduler/rules").glob("[a-z]*_*.py")}
    covered = {key for form in FORMS for key in form.stands_for}
    only_nice_to_know = {f"notice.group_{told}" for told in ("joined", "rated", "remark", "confirmed", "hide_name")}
    silent = {"nudge.promise_slipped", "nudge.close_silent", "nudge.reopen_silence", "nudge.scheduled_day"}
    assert keys - covered - only_nice_to_know - silent == set()


def test_the_list_of_the_issue_is_there():
    wanted = {"received", "taken", "slipped", "question", "confirm", "closed", "officer_card"}
    assert wanted <= {form.code for form in FORMS}


def test_templates_speak_of_texts_that_exist():
    known = shipped().keys()
    named = {key for form in FORMS for key in form.stands_for if not key.startswith("card.")}
    assert named <= known


def test_quick_replies_mean_buttons_that_exist():
    from conversations.opening import TICKET_ACTIONS
    from tickets.moves import Action

    known = {*TICKET_ACTIONS, *(str(action) for action in Action), "show"}
    assert {action for form in FORMS for reply in form.replies for action in reply.actions} <= known


def test_the_submission_has_the_platform_s_form():
    made = submission(GOOD, "id")
    assert made == {
        "name": "sahut_test",
        "language": "id",
        "category": "UTILITY",
        "components": [
            {
                "type": "BODY",
                "text": "Laporan Anda nomor {{1}} sudah diterima oleh {{2}} dan sedang ditangani.",
                "example": {"body_text": [["BKS-1", "Dinas"]]},
            },
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Lihat laporan"}]},
        ],
    }


# -- filling --------------------------------------------------------------------------------------------


def test_a_text_of_several_is_taken_apart():
    text = lines(say("notice.done", number="BKS-1", agency="Dishub"), say("notice.result", note="Sudah"))
    keys, params = pieces(text)
    assert [key for key in keys if key != "card.join"] == ["notice.done", "notice.result"]
    assert params == {"number": "BKS-1", "agency": "Dishub", "note": "Sudah"}
    assert [form.code for form in candidates(FORMS, keys)] == ["confirm"]


@pytest.mark.parametrize("words", ["x" * 5000, "baris\n\nbaru\ttab     spasi", "", "   "])
def test_values_are_one_line_and_fit(words: str):
    for form in FORMS:
        params = {name: literal(words) for value in form.values for name in value.split("|")}
        values = fill(form, params, lambda value: words, words)
        assert len(values) == len(form.values)
        for value in values:
            assert value
            assert value == one_line(value)
        for wording in form.wordings.values():
            assert len(re.sub(r"\{\{\d\}\}", "", wording.body)) + sum(map(len, values)) <= BODY


def test_the_file_s_sentences_are_indonesian_and_english():
    for form in FORMS:
        assert set(form.wordings) == {"id", "en"}
        assert form.wordings["id"].body != form.wordings["en"].body


def test_this_proof_reads_real_code():
    assert len(told_to_citizens()) > 20
    assert ast.parse((ROOT / "tickets/told.py").read_text("utf-8"))
