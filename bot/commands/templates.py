"""`sahut templates`: what must be submitted to Meta, in Meta's form, and with --check how it stands there.

Without options it prints one JSON object per template and language, each the body of one
POST /<WhatsApp business account>/message_templates. Exit codes: 0 fine, 1 something is missing or not approved,
2 wrong use or wrong settings.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from bot import templates
from bot.channels.whatsapp.client import Client, GraphError
from bot.settings import Settings
from cities import kept
from tickets.city import City
from tickets.templates import Form, submission

FOUND, WRONG_USE = 1, 2


def command(settings: Settings, asked: argparse.Namespace) -> int:
    city = kept.load(settings.city, settings.data_dir / "cache", keep=False)
    if not city.templates:
        print(f"sahut: {city.name} has no whatsapp_templates.toml: outside the window nothing is sent", file=sys.stderr)
        return FOUND
    if asked.check:
        return _check(settings, city)
    if asked.readable:
        for form in city.templates:
            print(_readable(form))
        return 0
    for form in city.templates:
        for language in form.wordings:
            if asked.language in ("", language):
                print(json.dumps(submission(form, language), ensure_ascii=False))
    print(
        f"{len(city.templates)} templates in {', '.join(city.languages)}: nothing here that Meta is known to refuse",
        file=sys.stderr,
    )
    return 0


def _readable(form: Form) -> str:
    """A form for people: its words with the samples filled in, its quick replies, what it stands for."""
    parts = [f"== {form.name} ({form.category}) =="]
    for language, wording in form.wordings.items():
        body = wording.body
        for place, sample in enumerate(wording.samples, 1):
            body = body.replace(f"{{{{{place}}}}}", sample)
        parts += [f"[{language}]", body, *(f"  [ {reply.labels[language]} ]" for reply in form.replies)]
    return "\n".join([*parts, f"instead of: {', '.join(form.stands_for)}", ""])


def _check(settings: Settings, city: City) -> int:
    if settings.whatsapp_token is None or not settings.whatsapp_business_id:
        print("sahut: --check needs WHATSAPP_TOKEN and WHATSAPP_BUSINESS_ID", file=sys.stderr)
        return WRONG_USE
    token = settings.whatsapp_token.reveal()
    client = Client(token, settings.whatsapp_phone_number_id or "", settings.whatsapp_api_url)
    try:
        found = asyncio.run(_asked(client, settings.whatsapp_business_id, city))
    except GraphError as error:
        print(f"sahut: Meta could not be asked: {error}", file=sys.stderr)
        return FOUND
    fine = True
    for one in found:
        approved = one.status == "APPROVED" and not one.different
        fine = fine and approved
        why = "; ".join(part for part in (one.reason, one.different and f"differs: {one.different}") if part)
        print(f"{'ok   ' if approved else 'WAIT '} {one.form.name} {one.language}: {one.status}{why and f' ({why})'}")
    return 0 if fine else FOUND


async def _asked(client: Client, business_id: str, city: City) -> list[templates.Standing]:
    try:
        return await templates.standings(client, business_id, city.templates)
    finally:
        await client.close()
