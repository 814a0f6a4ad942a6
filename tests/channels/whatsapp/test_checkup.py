"""What `sahut doctor` finds out about the number, and how its settings must look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot import settings
from bot.channels.whatsapp.checkup import CheckUp, check_up
from bot.commands import doctor
from bot.settings import SettingsError
from tests.bench.fake_whatsapp import NUMBER, SECRET, TOKEN, VERIFY, FakeWhatsApp
from tests.halls import with_kept_city

HOME = "https://lapor.kota.go.id"
WHOLE = {
    "whatsapp_phone_number_id": NUMBER,
    "whatsapp_token": TOKEN,
    "whatsapp_app_secret": SECRET,
    "whatsapp_verify_token": VERIFY,
}


async def look(server: FakeWhatsApp, token: str = TOKEN, number: str = NUMBER, home: str = HOME) -> CheckUp:
    return await check_up(token, number, server.url, home)


async def test_a_number_that_is_fine(server: FakeWhatsApp):
    found = await look(server)
    where = "Meta delivers to https://lapor.kota.go.id/whatsapp/webhook"
    assert found == CheckUp(f"+62 811-1000-222 (Sahut Kota Bekasi), quality GREEN; {where}")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"quality_rating": "RED"}, "quality is RED"),
        ({"name_status": "DECLINED"}, "not approved"),
        ({"webhook_configuration": {}}, "nowhere"),
        ({"webhook_configuration": None}, "nowhere"),
        ({"webhook_configuration": {"application": "https://x.id/hook"}}, "not to https://lapor.kota.go.id/whatsapp"),
        ({"webhook_configuration": {"application": "https://other.id/whatsapp/webhook"}}, "https://other.id"),
    ],
)
async def test_what_ought_to_be_looked_at(server: FakeWhatsApp, told: dict[str, Any], words: str):
    server.number_fields = told
    found = await look(server)
    assert not found.problems
    assert words in found.warnings[0][0]


async def test_what_stands_in_the_way(server: FakeWhatsApp):
    server.number_fields = {"status": "PENDING"}
    assert "PENDING" in (await look(server)).problems[0][0]
    assert "WHATSAPP_TOKEN" in (await look(server, token="EAAwrong-token")).problems[0][0]
    assert "PHONE_NUMBER_ID" in (await look(server, number="4711")).problems[0][0]
    found = await check_up(TOKEN, NUMBER, "http://127.0.0.1:1/v23.0", HOME)
    assert "cannot be reached" in found.problems[0][0]
    assert TOKEN not in str(found)


def test_doctor_shows_it_and_no_secret(tmp_path: Path):
    made = settings.load(None, data_dir=with_kept_city(tmp_path), whatsapp_api_url="http://127.0.0.1:1/v23.0", **WHOLE)
    shown = "\n".join(doctor.shown(line) for line in doctor.look(made))
    assert "WhatsApp cannot be reached" in shown
    assert "WHATSAPP_TOKEN=•••" in shown
    for secret in (TOKEN, SECRET, VERIFY):
        assert secret not in shown


def test_a_number_ends_the_try_out():
    made = settings.load(None, **WHOLE)
    assert not made.try_out
    assert made.database_url == "sqlite:///data/sahut.db"
    assert {TOKEN, SECRET, VERIFY} <= set(made.secrets())


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_the_four_belong_together(name: str):
    with pytest.raises(SettingsError, match=name.upper()):
        settings.load(None, **{k: v for k, v in WHOLE.items() if k != name})


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("whatsapp_phone_number_id", "+62 811 1000 222", "not the phone number"),
        ("whatsapp_token", "two words here", "Copy it whole"),
        ("whatsapp_app_secret", "short", "at least 8"),
        ("whatsapp_api_url", "http://graph.example.org", "https"),
        ("whatsapp_pace", 0, "such as 60"),
        ("whatsapp_burst", 0, "such as 6"),
    ],
)
def test_wrong_settings_say_what_to_write(name: str, value: object, advice: str):
    with pytest.raises(SettingsError, match=advice) as caught:
        settings.load(None, **(WHOLE | {name: value}))
    assert SECRET not in str(caught.value)
