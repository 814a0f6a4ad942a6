"""A real Chromium that reports every script error and every breach of the content policy."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

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
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str, playwright: Playwright) -> AsyncIterator[Browser]:
    """Started once by each worker. So all its tests live in one event loop."""
    made = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
    yield made
    await made.close()


class Profiles:
    """A browser profile for each kind of device. It goes from test to test, and forgets what it knew of an address
    before a test opens that for the first time. A new profile costs as much as what some tests do."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._made: dict[str, BrowserContext] = {}

    async def of(self, options: dict[str, Any]) -> BrowserContext:
        made = self._made.get(repr(options))
        if made is None:
            made = self._made[repr(options)] = await self._browser.new_context(**options)
            made.set_default_timeout(8_000)
        return made

    async def left(self) -> None:
        """Nobody's pages are open, and nobody was here."""
        for context in self._made.values():
            if context.pages:
                for page in context.pages:
                    await page.close()
                await context.clear_cookies()
                await context.set_offline(False)


def origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


async def forget(page: Page, address: str) -> None:
    """Whatever pages of this address have kept."""
    session = await page.context.new_cdp_session(page)
    await session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    await session.detach()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(profiles: Profiles) -> AsyncIterator[Open]:
    """Open an address in a browser that knows nobody, or in a given one; ends by asking whether all was well."""
    seen: list[Eyes] = []
    begun: set[tuple[int, str]] = set()

    async def go(address: str, *, context: BrowserContext | None = None, **options: Any) -> Eyes:
        own = context is None
        if context is None:
            context = await profiles.of(options or LAPTOP)
        page = await context.new_page()
        if own and (mark := (id(context), origin(address))) not in begun:  # a port may come again
            begun.add(mark)
            await forget(page, mark[1])
        await page.add_init_script(WATCH)
        eyes = Eyes(page)
        page.on("console", lambda line: eyes.wrong.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: eyes.wrong.append(str(error)))
        seen.append(eyes)
        await page.goto(address)
        return eyes

    yield go
    await profiles.left()
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
