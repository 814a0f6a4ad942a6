"""Everything this package serves: the citizen's chat page, the try-out, and their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from msgspec import Struct, field

from texts.catalogue import Catalogue
from texts.text import Text
from web.assets import Assets
from web.render import Page, as_attribute, respond
from web.samples import Samples

LANGUAGES = ("id", "en")  # the pages speak these two whatever the city's chats speak
COOKIE = "sahut_lang"
TABLES = ("web.", "tryout.")


class Site(Struct, frozen=True):
    """What the pages tell about the city.

    numbers: emergency and help lines, (key of the text that says what for, number); without them the national ones
    now: the clock of the try-out; None when a real channel is configured, then `/` is the citizen's chat alone
    officers: who may hold the group's phone in the try-out, code -> name
    """

    city: str
    zone: ZoneInfo
    zone_name: str  # "WIB"
    texts: Catalogue
    numbers: tuple[tuple[str, str], ...] = ()
    now: Callable[[], datetime] | None = None
    quiet: tuple[int, int] = (21, 6)  # hours between which officers are not reminded
    samples: Samples = field(default_factory=Samples)
    officers: Mapping[str, str] = field(default_factory=dict)


def routes(site: Site, assets: Assets) -> list[web.RouteDef]:
    """The routes, for the wiring to mount."""
    page = Page("tryout.html" if site.now else "chat.html")

    async def home(request: web.Request) -> web.Response:
        lang = language(request)
        response = respond(page.fill(values(site, assets.base, lang, page.slots)))
        if request.query.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, lang, max_age=31_536_000, samesite="Lax", httponly=True, path="/")
        return response

    return [web.get("/", home), web.get("/static/{version}/{name}", assets.serve)]


def guide(site: Site, assets: Assets) -> Middleware:
    """Who comes to a wrong address with a browser gets a page with the way on; programs get the bare status."""
    base = assets.base
    page = Page("lost.html")

    @web.middleware
    async def guided(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as lost:
            if request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
                raise
            return respond(page.fill(values(site, base, language(request), page.slots)), lost.status)

    return guided


def language(request: web.Request) -> str:
    """Asked for in the address, chosen earlier, or Indonesian."""
    for told in (request.query.get("lang"), request.cookies.get(COOKIE)):
        if told in LANGUAGES:
            return told
    return LANGUAGES[0]


def values(site: Site, base: str, lang: str, slots: list[str]) -> dict[str, str]:
    """What the slots of a page hold in one language."""
    words = {slot: say(site, slot, lang) for slot in slots if slot.startswith(TABLES)}
    known = site.texts.keys()
    told = " · ".join(
        f"{say(site, f'number.{what}', lang)} {number}" for what, number in site.numbers if f"number.{what}" in known
    )
    return words | {
        "lang": lang,
        "other": LANGUAGES[1 - LANGUAGES.index(lang)],
        "base": base,
        "city": site.city,
        "numbers": told or say(site, "web.numbers", lang),
        "now": site.now().isoformat() if site.now else "",
        "config": as_attribute(config(site, base, lang)),
    }


def say(site: Site, key: str, lang: str) -> str:
    """The words of a key; its {slots} stay, for the page to fill."""
    texts = site.texts
    own = lang if key in texts.keys(lang) else LANGUAGES[0]
    kept = {slot: f"{{{slot}}}" for slot in texts.slots(key, own)}
    return texts.render(Text(key, kept), own, site.zone, site.zone_name)


def config(site: Site, base: str, lang: str) -> dict[str, Any]:
    """What the page's scripts need to know."""
    keys = sorted(key for key in site.texts.keys() if key.startswith(TABLES))
    return {
        "lang": lang,
        "base": base,
        "city": site.city,
        "zone": site.zone.key,
        "zoneName": site.zone_name,
        "tryout": site.now is not None,
        "quiet": site.quiet,
        "words": {key: say(site, key, lang) for key in keys},
        "starters": list(site.samples.starters),
        "places": [{"label": p.label, "lat": p.lat, "lon": p.lon} for p in site.samples.places] if site.now else [],
        "officers": [{"code": code, "name": name} for code, name in site.officers.items()],
    }
