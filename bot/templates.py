"""What Meta knows of our templates: asked at the start and every hour, noted, and compared with the city's file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from bot.channels.whatsapp.client import Client, GraphError
from storage.database import AnyDatabase, run
from tickets.templates import Form, submission
from usecases.house import House
from usecases.ports import Unavailable
from usecases.unit import Unit

log = logging.getLogger("sahut.templates")

CHANNEL = "whatsapp"
LOOK_S = 3600.0
FIELDS = "name,language,status,category,rejected_reason,components"
PAGES = 20  # of a hundred; an account has at most 6,000 and ours are few
MISSING = "MISSING"


class Standing(Struct, frozen=True):
    """One form in one language as Meta has it. status MISSING: never submitted, or deleted. different: what is not
    as the city's file has it."""

    form: Form
    language: str
    status: str
    reason: str = ""
    different: str = ""


async def standings(client: Client, business_id: str, forms: Sequence[Form]) -> list[Standing]:
    """How every form stands, in every language. raises: GraphError."""
    known = {(str(one.get("name")), str(one.get("language"))): one for one in await _all(client, business_id)}
    return [_standing(form, language, known.get((form.name, language))) for form in forms for language in form.wordings]


async def _all(client: Client, business_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    for _ in range(PAGES):
        asked = {"fields": FIELDS, "limit": "100"} | ({"after": after} if after else {})
        page = await client.get(f"{business_id}/message_templates", asked)
        data = page.get("data")
        found += [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
        paging = page.get("paging")
        paging = paging if isinstance(paging, dict) else {}
        cursors = paging.get("cursors")
        after = str(cursors.get("after") or "") if isinstance(cursors, dict) and paging.get("next") else ""
        if not after:
            break
    return found


def _standing(form: Form, language: str, known: dict[str, Any] | None) -> Standing:
    if known is None:
        return Standing(form, language, MISSING)
    reason = str(known.get("rejected_reason") or "")
    status = str(known.get("status") or "").upper()
    return Standing(form, language, status, "" if reason == "NONE" else reason, _difference(form, language, known))


def _difference(form: Form, language: str, known: dict[str, Any]) -> str:
    """Words or buttons changed on one side only, or another category than the one we may use."""
    wanted = submission(form, language)
    if str(known.get("category", form.category)).upper() != form.category:
        return f"category {known.get('category')}"
    if "components" in known and _plain(known["components"]) != _plain(wanted["components"]):
        return "words or buttons"
    return ""


def _plain(components: object) -> list[tuple[str, object]]:
    """Bodies and labels, without samples and what Meta adds."""
    plain: list[tuple[str, object]] = []
    for part in components if isinstance(components, list) else []:
        kind = str(part.get("type", "")).upper()
        if kind == "BUTTONS":
            plain.append((kind, tuple(str(one.get("text")) for one in part.get("buttons", []))))
        else:
            plain.append((kind, str(part.get("text", "")).strip()))
    return plain


def keep(unit: Unit, found: Sequence[Standing]) -> None:
    """Note what may be sent; a form whose words differ from ours must not be filled with our values."""
    for one in found:
        status = one.status if not one.different else "DIFFERENT"
        reason = one.different or one.reason
        unit.templates.note(CHANNEL, one.form.name, one.language, status, reason, unit.now)


class Keeper:
    """The running side: looks at Meta's list now and then."""

    def __init__(self, database: AnyDatabase, house: House, client: Client, business_id: str) -> None:
        self._database = database
        self._house = house
        self._client = client
        self._business_id = business_id
        self._bad: frozenset[str] = frozenset()

    async def look(self) -> None:
        """Never raises: the last known list goes on counting."""
        forms = self._house.city.templates
        try:
            found = await standings(self._client, self._business_id, forms)
            await run(self._database, lambda unit: keep(unit, found))
        except GraphError as error:
            log.warning("the templates could not be looked at", extra={"error": str(error)})
            return
        except Unavailable:
            return
        bad = frozenset(
            f"{one.form.name} ({one.language}): {one.different or one.status}" for one in found if _bad(one)
        )
        if bad - self._bad:
            log.error("templates that may not be sent", extra={"templates": sorted(bad)})
        self._bad = bad

    async def close(self) -> None:
        await self._client.close()


def _bad(one: Standing) -> bool:
    return one.status != "APPROVED" or bool(one.different)
