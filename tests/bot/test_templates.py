"""`sahut templates`, and how Meta's list becomes what may be sent."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import settings as environment
from bot import templates
from bot.channels.whatsapp.client import Client
from bot.commands import templates as command
from tests.halls import hall
from tests.usecases.fixtures import on_sqlite, towns  # noqa: F401
from tests.usecases.town import Town
from tickets.templates import submission

pytestmark = pytest.mark.usefixtures("city_at_hand")

BUSINESS = "441100220033"
CITY = hall()


@asynccontextmanager
async def meta(listed: list[dict[str, Any]], page: int = 2) -> AsyncIterator[str]:
    """A Graph server that lists templates, a few at a time."""

    async def answer(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer secret-token"
        start = int(request.query.get("after", "0"))
        told: dict[str, Any] = {"data": listed[start : start + page]}
        if start + page < len(listed):
            told["paging"] = {"cursors": {"after": str(start + page)}, "next": "https://elsewhere.invalid/"}
        return web.json_response(told)

    app = web.Application()
    app.router.add_get(f"/v23.0/{BUSINESS}/message_templates", answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    try:
        yield f"http://127.0.0.1:{server.port}/v23.0"
    finally:
        await server.close()


def listed(status: str = "APPROVED") -> list[dict[str, Any]]:
    """Everything of the city's file as Meta has it."""
    return [
        {**submission(form, language), "status": status, "rejected_reason": "NONE", "id": "1"}
        for form in CITY.templates
        for language in form.wordings
    ]


async def look(town: Town, there: list[dict[str, Any]]) -> None:
    async with meta(there) as url:
        keeper = templates.Keeper(town.database, town.house, Client("secret-token", "1", url), BUSINESS)
        await keeper.look()
        await keeper.close()


@pytest.fixture
def town(on_sqlite: str, towns: Callable[..., Town]) -> Town:  # noqa: F811
    return towns(on_sqlite)


def test_meta_s_list_says_what_may_be_sent(town: Town, caplog: pytest.LogCaptureFixture):
    there = listed()
    there[0]["status"] = "PAUSED"
    there[1]["components"][0]["text"] = "Something else altogether, {{1}} and {{2}} and {{3}} here."
    there[2]["category"] = "MARKETING"
    del there[3]
    asyncio.run(look(town, there))
    approved = town.do(lambda unit: unit.templates.approved("whatsapp"))
    assert len(approved) == len(listed()) - 4
    kinds = {row.status for row in town.rows("select status from template_status where status <> 'APPROVED'")}
    assert kinds == {"PAUSED", "DIFFERENT", "MISSING"}
    assert "templates that may not be sent" in caplog.text


def test_a_list_that_cannot_be_had_changes_nothing(town: Town):
    asyncio.run(look(town, listed()))

    async def nobody_there() -> None:
        keeper = templates.Keeper(town.database, town.house, Client("secret-token", "1", "http://127.0.0.1:9"), "1")
        await keeper.look()
        await keeper.close()

    asyncio.run(nobody_there())
    assert town.value("select count(*) from template_status where status = 'APPROVED'") == len(listed())


def run(settings: Any, **options: Any) -> int:
    given = {"check": False, "readable": False, "language": ""} | options
    return command.command(settings, argparse.Namespace(**given))


def test_printed_lines_are_what_meta_is_sent(capsys: pytest.CaptureFixture[str]):
    assert run(environment.load(env_file="")) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 2 * len(CITY.templates)
    assert {row["category"] for row in rows} == {"UTILITY"}
    assert run(environment.load(env_file=""), language="en") == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CITY.templates)


def test_readable_fills_in_the_samples(capsys: pytest.CaptureFixture[str]):
    assert run(environment.load(env_file=""), readable=True) == 0
    shown = capsys.readouterr().out
    assert "{{" not in shown
    assert "[ Sudah beres ]" in shown


def test_checking_needs_the_account(capsys: pytest.CaptureFixture[str]):
    assert run(environment.load(env_file=""), check=True) == 2
    assert "WHATSAPP_BUSINESS_ID" in capsys.readouterr().err


@pytest.mark.parametrize(("status", "code", "mark"), [("APPROVED", 0, "ok"), ("REJECTED", 1, "WAIT")])
async def test_checking_compares_with_meta(capsys: pytest.CaptureFixture[str], status: str, code: int, mark: str):
    async with meta(listed(status)) as url:
        settings = environment.load(
            env_file="",
            whatsapp_token="secret-token",
            whatsapp_phone_number_id="106540352242922",
            whatsapp_app_secret="app-secret-value",
            whatsapp_verify_token="verify-token-value",
            whatsapp_business_id=BUSINESS,
            whatsapp_api_url=url,
        )
        assert await asyncio.to_thread(run, settings, check=True) == code
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == len(listed())
    assert all(line.startswith(mark) for line in shown)
