"""The pages as they are sent: strict headers, no inline code, whole in both languages, light on slow phones."""

import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from tests.web.fakes import town
from texts.catalogue import shipped
from web.assets import Assets
from web.render import Page
from web.samples import load

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
Client = TestClient[Any, Any]


@pytest.fixture(params=[True, False], ids=["try-out", "chat"])
async def page(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Client]:
    async with TestClient(TestServer(town(tmp_path, tryout=request.param).app)) as client:
        yield client


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("lang", ["id", "en"])
async def test_a_page_is_whole_in_both_languages(page: Client, lang: str) -> None:
    text = await (await page.get(f"/?lang={lang}")).text()
    assert f'<html lang="{lang}">' in text
    assert "{{" not in text
    body = next(attrs for tag, attrs in Tags(text).found if tag == "body")
    config = json.loads(body["data-config"] or "")
    used = set()
    for script in WEB.joinpath("static").glob("*.js"):
        used |= set(re.findall(r'"((?:web|tryout)\.[a-z_]+)"', script.read_text()))
    assert used - set(config["words"]) == set()
    assert all(config["words"].values())


def test_english_has_every_word_that_indonesian_has_and_the_same_slots() -> None:
    texts = shipped()
    ours = [key for key in texts.keys("id") if key.startswith(("web.", "tryout."))]
    assert len(ours) > 80
    for key in ours:
        assert texts.slots(key, "en") == texts.slots(key, "id"), key


async def test_the_language_is_remembered_and_never_taken_from_nonsense(page: Client) -> None:
    assert 'lang="id"' in await (await page.get("/?lang=../../etc")).text()
    await page.get("/?lang=en")
    assert '<html lang="en">' in await (await page.get("/")).text()


async def test_headers_forbid_what_a_page_of_ours_never_needs(page: Client) -> None:
    response = await page.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


async def test_a_page_holds_no_inline_code_and_asks_no_other_host(page: Client) -> None:
    text = await (await page.get("/")).text()
    for tag, attrs in Tags(text).found:
        assert tag != "style"
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
        if tag == "script":
            assert attrs.get("src", "").startswith("/static/")  # type: ignore[union-attr]
        for name in ("src", "href"):
            value = attrs.get(name) or "/"
            assert value.startswith(("/static/", "?lang=", "/")), value
            assert not value.startswith("//")


async def test_static_files_are_kept_by_browsers_under_their_version(page: Client) -> None:
    base = Assets().base
    now = await page.get(f"{base}/chat.css")
    old = await page.get("/static/000000000000/chat.css")
    assert (now.status, old.status) == (200, 200)
    assert "immutable" in now.headers["Cache-Control"]
    assert old.headers["Cache-Control"] == "no-cache"
    assert now.headers["Content-Type"] == "text/css; charset=utf-8"
    assert now.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["x/..%2froutes.py", "x/../routes.py", "x/%2e%2e/routes.py", "x/routes.py", "x/.hidden", "x/", "x/a%00.js", "../x"],
)
async def test_nothing_else_is_served(page: Client, path: str) -> None:
    response = await page.get(f"/static/{path}")
    assert response.status == 404
    assert b"import" not in await response.read()


async def test_a_wrong_address_in_a_browser_leads_on(page: Client) -> None:
    lost = await page.get("/lapor", headers={"Accept": "text/html,*/*", "Accept-Language": "id"})
    assert lost.status == 404
    text = await lost.text()
    assert 'href="/"' in text
    assert "Halaman ini tidak ada" in text
    assert "default-src 'none'" in lost.headers["Content-Security-Policy"]
    assert "This page does not exist" in await (await page.get("/x?lang=en", headers={"Accept": "text/html"})).text()
    doors = await page.get("/chat/messages", headers={"Accept": "text/html"})
    assert doors.status == 405
    assert 'href="/"' in await doors.text()
    assert "<html" not in await (await page.get("/lapor", headers={"Accept": "application/json"})).text()
    assert (await page.post("/", headers={"Accept": "text/html"})).status == 405


def modules(first: str) -> list[str]:
    """Every script that this one leads to, itself first."""
    found = [first]
    for name in found:
        text = WEB.joinpath("static", name).read_text()
        found += [other for other in re.findall(r'from "\./([a-z]+\.js)"', text) if other not in found]
    return found


async def test_pages_are_light_on_slow_phones(page: Client) -> None:
    """The citizen's chat loads these files; the try-out, shown on a visitor's own machine, loads all."""
    of_chat = ["base.css", "chat.css", *modules("citizen.js")]
    assert sum((WEB / "static" / name).stat().st_size for name in of_chat) < 60_000
    assert "tryout.js" not in of_chat
    travels = 0
    for file in WEB.joinpath("static").glob("*.*s"):
        answer = await page.get(f"{Assets().base}/{file.name}", headers={"Accept-Encoding": "gzip"})
        assert answer.status == 200
        travels += int(answer.headers["Content-Length"])
    assert 10_000 < travels < 30_000


@pytest.mark.parametrize("page", ["chat.html", "tryout.html"])
def test_a_page_asks_for_all_its_scripts_at_once(page: str) -> None:
    """One that is only found inside another costs a slow network one more journey there and back."""
    tags = Tags(WEB.joinpath("pages", page).read_text()).found
    (script,) = [attrs["src"] or "" for tag, attrs in tags if tag == "script"]
    others = modules(script.removeprefix("{{base}}/"))[1:]
    told = [attrs["href"] for tag, attrs in tags if attrs.get("rel") == "modulepreload"]
    assert sorted(told, key=str) == sorted("{{base}}/" + name for name in others)


@pytest.mark.parametrize("path", sorted(WEB.joinpath("static").glob("*.*s")), ids=lambda path: path.name)
def test_scripts_and_styles_stay_small_and_safe(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert sink not in text


def test_a_value_is_always_escaped() -> None:
    page = Page("chat.html")
    hostile = "\"><script>alert(1)</script>'&"
    text = page.fill(dict.fromkeys(page.slots, hostile))
    assert "<script>alert" not in text
    assert len([tag for tag, _ in Tags(text).found if tag == "script"]) == 1


def test_samples_are_read_and_wrong_ones_are_named(tmp_path: Path) -> None:
    bekasi = load(ROOT / "cities" / "kota-bekasi" / "tryout.toml")
    assert bekasi.starters
    assert all(-7 < spot.lat < -6 for spot in bekasi.places)
    assert load(tmp_path / "none.toml").starters == ()
    wrong = tmp_path / "tryout.toml"
    wrong.write_text('[[place]]\nlabel = "x"\nlat = "north"\nlon = 1\n')
    with pytest.raises(ValueError, match=r"tryout\.toml: every \[\[place\]\] needs label, lat and lon"):
        load(wrong)
