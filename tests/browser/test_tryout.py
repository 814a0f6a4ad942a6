"""The try-out in a real browser against the real program: from the first word to the stars, with the clock moved."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import LAPTOP, PHONE, Open
from tests.halls import with_kept_city

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(180),
]

ROOT = Path(__file__).parents[2]
STARTED = re.compile(r"http://127\.0\.0\.1:[0-9]+/")


@pytest_asyncio.fixture(loop_scope="session")
async def sahut(tmp_path: Path) -> AsyncIterator[str]:
    """The program itself on a port of its own with an empty SQLite database; its address."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    given = {"DATA_DIR": str(with_kept_city(tmp_path / "data")), "PORT": "0"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=ROOT, env=kept | given,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    said = ""
    reader: asyncio.Task[Any] | None = None
    try:
        async with asyncio.timeout(40):
            while not (found := STARTED.search(said)):
                line = await process.stdout.readline()
                assert line, f"the program ended:\n{said}"
                said += line.decode()
        reader = asyncio.create_task(process.stdout.read())
        yield found[0]
    finally:
        process.send_signal(signal.SIGTERM)
        log = said + ((await reader).decode() if reader else "")
        await process.wait()
    assert process.returncode == 0, log
    assert '"level": "ERROR"' not in log, log
    assert "Traceback" not in log, log


class Try:
    """Both phones and the clock, as a person uses them."""

    def __init__(self, page: Page, narrow: bool) -> None:
        self.page = page
        self.narrow = narrow

    async def side(self, name: str) -> None:
        if self.narrow:
            await self.page.click(f"#to-{name}")

    def keys(self, side: str, label: str) -> Locator:
        return self.page.locator(f"#{side} .chat:not([hidden]) .key", has_text=label).last

    async def press(self, side: str, label: str) -> None:
        await self.keys(side, label).click()

    def line(self, side: str, words: str) -> Locator:
        return self.page.locator(f"#{side} .chat:not([hidden]) .line", has_text=words).last

    async def photo(self, side: str) -> None:
        await self.page.locator(f"#{side} .chat:not([hidden])").get_by_label("Kirim foto", exact=True).click()
        await self.page.click(f"#{side} .option:has-text('Pakai foto contoh')")

    async def forward(self, seconds: int) -> None:
        button = self.page.locator(f"[data-forward='{seconds}']")
        await button.click()
        await expect(button).to_be_enabled(timeout=15_000)

    async def forward_until(self, wanted: Locator, seconds: int, at_most: int) -> None:
        """Move the clock step by step until something is there."""
        wanted = wanted.first
        for _ in range(at_most):
            await self.forward(seconds)
            try:
                await expect(wanted).to_be_attached(timeout=2_500)
            except AssertionError:
                continue
            return
        raise AssertionError(f"nothing came after {at_most} steps of {seconds} s")

    async def report(self) -> str:
        """A complete report by the first example; its number."""
        await self.page.click("#citizen .chip >> nth=0")
        await self.press("citizen", "Kirim lokasi")
        await self.page.click("#citizen .option >> nth=1")
        await self.press("citizen", "✅ Jatiasih")
        await expect(self.line("citizen", "fotonya")).to_be_visible()
        await self.photo("citizen")
        await self.press("citizen", "Selesai, lanjut")
        await self.press("citizen", "Rahasiakan")
        await self.press("citizen", "Kirim laporan")
        told = self.line("citizen", "Nomor:")
        await expect(told).to_be_visible()
        found = re.search(r"BKS-\d\d-\d{6}-\d", await told.inner_text())
        assert found
        return found[0]


async def test_from_the_first_word_to_the_stars(sahut: str, open_page: Open) -> None:
    eyes = await open_page(sahut, **LAPTOP)
    page, it = eyes.page, Try(eyes.page, narrow=False)
    number = await it.report()
    card = page.locator("#officer .line", has_text=number).first
    await expect(card).to_contain_text("lampu jln mati dr kmrn dpn sdn 3 jatiasih")
    await expect(card).to_contain_text("dirahasiakan")
    await expect(page.locator("#story li.done")).to_have_count(2)
    await expect(page.locator("#officer .photos img")).to_be_visible()  # the cleaned photo, by its signed link
    loaded = await page.locator("#officer .photos img").evaluate("img => img.decode().then(() => img.naturalWidth)")
    assert loaded > 300

    await it.forward_until(page.locator("#officer .line", has_text="belum diterima"), 21_600, 4)
    await it.press("officer", "Terima")
    await expect(card).to_contain_text("Pak Budi")
    await expect(it.line("citizen", "sudah menerima laporan")).to_be_visible()
    await page.click("#officer .seat:has-text('Bu Sari')")
    await it.press("officer", "Terima")  # the button of the reminder is an old one now
    await expect(page.locator(".toast").last).to_contain_text("Pak Budi")
    await page.click("#officer .seat:has-text('Pak Budi')")

    await it.press("officer", "Mulai")
    await expect(it.line("citizen", "mulai mengerjakan")).to_be_visible()
    await it.press("officer", "Selesai")
    await expect(page.locator("#officer .chat:not([hidden]) .quote")).to_be_visible()
    await it.photo("officer")
    await it.press("citizen", "Sudah beres")
    await it.press("citizen", "5 ★")
    await expect(it.line("officer", "5 bintang")).to_be_visible()
    await expect(page.locator("#story li.done")).to_have_count(6)
    await page.reload()
    await expect(it.line("citizen", "bintang").first).to_be_visible()
    await expect(page.locator("#story li.done")).to_have_count(6)


async def test_a_question_travels_there_and_back_on_a_phone(sahut: str, open_page: Open) -> None:
    eyes = await open_page(sahut, **PHONE)
    page, it = eyes.page, Try(eyes.page, narrow=True)
    await it.report()
    await it.side("officer")
    await it.press("officer", "Terima")
    await it.press("officer", "Tanya warga")
    await expect(page.locator("#officer .chat:not([hidden]) .quote")).to_be_visible()
    await page.fill("#officer .chat:not([hidden]) textarea", "Tiang nomor berapa yang mati?")
    await page.click("#officer .chat:not([hidden]) .send")
    await it.side("citizen")
    asked = it.line("citizen", "Tiang nomor berapa yang mati?")
    await expect(asked).to_be_visible()
    await asked.locator(".body").tap()
    await expect(page.locator("#citizen .quote")).to_be_visible()
    await page.fill("#citizen textarea", "Tiang nomor 7, dekat gerbang")
    await page.click("#citizen .send")
    await it.side("officer")
    await expect(it.line("officer", "Tiang nomor 7, dekat gerbang")).to_be_visible()


async def test_when_nobody_answers_the_head_and_the_centre_hear_of_it(sahut: str, open_page: Open) -> None:
    eyes = await open_page(sahut, **LAPTOP)
    page, it = eyes.page, Try(eyes.page, narrow=False)
    number = await it.report()
    for tab in ("Kepala Dinas", "Pusat Operasi"):
        dot = page.locator(".tab.dot", has_text=tab)
        await it.forward_until(dot, 86_400, 4)
        await dot.click()
        await expect(it.line("officer", number)).to_be_visible()
        await expect(page.locator(".tab.dot", has_text=tab)).to_have_count(0)


async def test_starting_over_is_another_citizen(sahut: str, open_page: Open) -> None:
    eyes = await open_page(sahut, **LAPTOP)
    page, it = eyes.page, Try(eyes.page, narrow=False)
    number = await it.report()
    await page.click("#anew")
    await page.click("dialog .main")
    await expect(page.locator("#citizen .chip >> nth=0")).to_be_visible()
    await expect(page.locator("#citizen .line")).to_have_count(0)
    await expect(page.locator("#officer .empty")).to_be_visible()
    await expect(page.locator("body")).not_to_contain_text(number)
