"""The try-out for people who use a keyboard or a screen reader, in light and dark, on phone and laptop."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Playwright, expect

from tests.browser.conftest import LAPTOP, PHONE, Open, Place
from tests.browser.test_chat_page import report

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAMELESS = """
() => [...document.querySelectorAll("button, a, input, textarea, select, img, audio, video, [role=group], [role=log]")]
  .filter((node) => node.offsetParent !== null || node.matches("input"))
  .filter((node) => {
    const by = node.getAttribute("aria-labelledby");
    const name = node.getAttribute("aria-label") || (by && document.getElementById(by)?.textContent)
      || node.getAttribute("alt") || (node.labels?.length && node.labels[0].textContent)
      || (["BUTTON", "A"].includes(node.tagName) && (node.textContent.trim() || node.querySelector("img[alt]")?.alt));
    return !(name && name.trim()) && !(node.tagName === "IMG" && node.hasAttribute("alt"));
  })
  .map((node) => node.outerHTML.slice(0, 120))
"""

FAINT = """
() => {
  const known = new Map();  // a page has few colours, and a canvas for each look at one is dear
  const parse = (colour) => {
    if (known.has(colour)) return known.get(colour);
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    known.set(colour, canvas.getImageData(0, 0, 1, 1).data);
    return known.get(colour);
  };
  const solid = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (parse(colour)[3] > 250) return parse(colour);
    }
    return [255, 255, 255, 255];
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const words = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!words || !node.checkVisibility({ opacityProperty: true }) || node.closest(".hear, [disabled]")) continue;
    const [one, other] = [light(parse(getComputedStyle(node).color)), light(solid(node))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${node.className} ${node.textContent.slice(0, 40)}`);
  }
  return found;
}
"""

SMALL = """
() => [...document.querySelectorAll("button, .key, a.quiet")].filter((node) => node.offsetParent !== null)
  .map((node) => [node.getBoundingClientRect(), node]).filter(([box]) => box.height < 24 || box.width < 24)
  .map(([box, node]) => `${Math.round(box.width)}x${Math.round(box.height)} ${node.outerHTML.slice(0, 90)}`)
"""


async def look(page: Page) -> None:
    """No control without a name, no words too faint to read, nothing too small to hit."""
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(FAINT) == []
    assert await page.evaluate(SMALL) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_everything_has_a_name_can_be_read_and_hit(
    place: Place, open_page: Open, device: dict[str, Any], scheme: str
) -> None:
    eyes = await open_page(place.address, **device, color_scheme=scheme, reduced_motion="reduce")
    page = eyes.page
    await page.wait_for_selector(".chip")
    await look(page)
    await page.click("#citizen [aria-label='Kirim lokasi']")
    await look(page)
    await page.keyboard.press("Escape")
    await report(page)
    if device is PHONE:
        await page.click("#to-officer")
    await page.click("#officer .key:has-text('Tanya warga')")
    await expect(page.locator("#officer .chat:not([hidden]) .quote")).to_be_visible()
    await look(page)
    await page.click("#anew")
    await look(page)


async def press_until(page: Page, selector: str, key: str = "Tab") -> None:
    """Move the focus by keyboard alone until it stands on what was looked for."""
    for _ in range(60):
        await page.keyboard.press(key)
        if await page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with {key}")


async def test_the_whole_loop_by_keyboard_alone(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page = eyes.page
    await page.wait_for_selector(".chip")
    await press_until(page, "#citizen .chip")
    await page.keyboard.press("Enter")
    await expect(page.locator("#citizen .key")).to_have_count(2)
    await press_until(page, "#citizen .key")
    await page.keyboard.press("Enter")
    await expect(page.locator("#citizen .option >> nth=0")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#citizen .key:has-text('Lewati')")).to_be_visible()
    await press_until(page, "#citizen .key[data-data='skip']", "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#citizen .key:has-text('Kirim laporan')")).to_be_visible()
    await press_until(page, "#citizen .key[data-data='send']")
    await page.keyboard.press("Space")
    await expect(page.locator("#officer .key:has-text('Terima')")).to_be_visible()
    await press_until(page, "#officer .key")
    await page.keyboard.press("Enter")
    await expect(page.locator("#officer .line").first).to_contain_text("Dipegang Pak Budi")
    focused = await page.evaluate("document.activeElement.closest('.line')?.dataset.id")
    assert focused == place.town.hall.tickets[0].card  # the changed card keeps the focus


async def test_new_lines_are_announced_and_old_ones_are_not(place: Place, open_page: Open) -> None:
    eyes = await open_page(place.address)
    page = eyes.page
    await page.click("#citizen .chip >> nth=0")
    await expect(page.locator("#citizen .lines")).to_have_attribute("aria-live", "polite")
    await expect(page.locator("#toasts")).to_have_attribute("aria-live", "polite")
    assert await page.locator("#citizen .lines").get_attribute("role") == "log"


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640), (390, 844), (844, 390)])
@pytest.mark.parametrize("lang", ["id", "en"])
async def test_on_a_low_screen_the_box_for_words_and_the_clock_are_in_sight(
    place: Place, open_page: Open, width: int, height: int, lang: str
) -> None:
    size = {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}
    page = (await open_page(f"{place.address}?lang={lang}", **size)).page
    await expect(page.locator("#citizen .chip").first).to_be_visible()
    await expect(page.locator("#citizen .composer textarea")).to_be_in_viewport(ratio=1)
    await expect(page.locator("#clock-short")).to_be_in_viewport(ratio=1)
    over = "() => [...document.querySelectorAll('.now, .forward')].map((node) => node.getBoundingClientRect().toJSON())"
    now, buttons = await page.evaluate(over)
    wide = await page.locator(".now").evaluate("(node) => node.scrollWidth <= node.clientWidth")
    assert wide, "the time is cut off"
    assert now["right"] <= buttons["left"] + 1 or now["bottom"] <= buttons["top"] + 1


async def test_what_is_tapped_is_wide_enough_for_a_thumb(place: Place, open_page: Open) -> None:
    page = (await open_page(place.address, **PHONE)).page
    await page.click("#citizen .chip >> nth=0")
    await expect(page.locator("#citizen .key").first).to_be_visible()
    low = "(all) => all.filter((node) => node.offsetParent && node.getBoundingClientRect().height < 44)"
    words = ".map((node) => node.textContent)"
    controls = page.locator("button:not(.reply), a.quiet, a.key")  # a tap anywhere on a bubble answers it
    assert await controls.evaluate_all(low + words) == []
    await page.click("#to-officer")
    assert await controls.evaluate_all(low + words) == []


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def large_type(playwright: Playwright, chromium: str) -> AsyncIterator[Browser]:
    """The setting of a browser, which a page cannot make."""
    large = ["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    browser = await playwright.chromium.launch(executable_path=chromium, args=large)
    yield browser
    await browser.close()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568), (1366, 768)])
async def test_who_reads_large_type_gets_it_and_reaches_everything(
    place: Place, large_type: Browser, width: int, height: int
) -> None:
    context = await large_type.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    await page.goto(place.address)
    await page.click("#citizen .chip >> nth=0")
    await expect(page.locator("#citizen .key").first).to_be_visible()
    type_size = "() => getComputedStyle(document.querySelector('.words')).fontSize"
    assert float((await page.evaluate(type_size)).removesuffix("px")) >= 30
    for name in ("#citizen .send", "#to-officer", "[data-forward='86400']", "#anew"):
        await page.locator(name).scroll_into_view_if_needed()
        await expect(page.locator(name)).to_be_in_viewport(ratio=0.95)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await context.close()
