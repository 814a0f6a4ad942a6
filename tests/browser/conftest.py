"""A real Chromium that reports every script error and every breach of the content policy."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.web.fakes import Town, town

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1366, "height": 768}}
WATCH = """
addEventListener("securitypolicyviolation", (event) => console.error("POLICY " + event.violatedDirective));
window.alert = () => console.error("SCRIPT RAN");
"""


@dataclass
class Eyes:
    """A page with what went wrong on it."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def forgive(self, words: str) -> None:
        """What a test causes on purpose, such as a lost network, is not an error of the page."""
        self.wrong = [line for line in self.wrong if words not in line]


Open = Callable[..., Awaitable[Eyes]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Started once by each worker; every page gets a profile of its own. So all its tests live in one event loop."""
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[Open]:
    """Open an address in a fresh browser profile, or in a given one; ends by asking whether all was well."""
    seen: list[Eyes] = []
    contexts: list[BrowserContext] = []

    async def go(address: str, *, context: BrowserContext | None = None, **options: Any) -> Eyes:
        if context is None:
            context = await browser.new_context(**(options or LAPTOP))
            context.set_default_timeout(8_000)
            contexts.append(context)
        page = await context.new_page()
        await page.add_init_script(WATCH)
        eyes = Eyes(page)
        page.on("console", lambda line: eyes.wrong.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: eyes.wrong.append(str(error)))
        seen.append(eyes)
        await page.goto(address)
        return eyes

    yield go
    for context in contexts:
        await context.close()
    assert [line for eyes in seen for line in eyes.wrong] == []


@dataclass
class Place:
    town: Town
    server: TestServer

    @property
    def address(self) -> str:
        return str(self.server.make_url("/"))


@pytest_asyncio.fixture(loop_scope="session")
async def place(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """The pages over the fake city hall. Parameters go to `town`."""
    made = town(tmp_path, **getattr(request, "param", {}))
    async with TestServer(made.app) as server:
        yield Place(made, server)
