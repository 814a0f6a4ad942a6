"""Asks Meta about the number, once and briefly, for `sahut doctor`; changes nothing there."""

from __future__ import annotations

from msgspec import Struct

from bot.channels.whatsapp import webhook
from bot.channels.whatsapp.client import Client, GraphError, Json, Refused

DEADLINE_S = 10.0
FIELDS = "display_phone_number,verified_name,quality_rating,status,name_status,throughput,webhook_configuration"

Advice = tuple[str, str]  # what, and what to do


class CheckUp(Struct, frozen=True):
    """name "" when the number could not be asked."""

    name: str = ""
    problems: tuple[Advice, ...] = ()
    warnings: tuple[Advice, ...] = ()


async def check_up(token: str, phone_number_id: str, api_url: str, public_url: str) -> CheckUp:
    """Is the token right and the id ours, how does the number stand, and do its webhooks come to us?"""
    client = Client(token, phone_number_id, api_url)
    try:
        told = await client.get(phone_number_id, {"fields": FIELDS}, deadline_s=DEADLINE_S)
    except Refused as refused:
        return CheckUp(problems=(_refusal(refused),))
    except GraphError as error:
        return CheckUp(
            problems=(
                (
                    f"WhatsApp cannot be reached at {api_url} ({error})",
                    "Check the network, the firewall and WHATSAPP_API_URL; messages wait there meanwhile",
                ),
            )
        )
    finally:
        await client.close()
    rating = _word(told, "quality_rating") or "UNKNOWN"
    name = f"{_word(told, 'display_phone_number')} ({_word(told, 'verified_name')}), quality {rating}"
    if target := _target(told):
        name += f"; Meta delivers to {target}"
    return CheckUp(name, tuple(_problems(told)), tuple(_warnings(told, rating, public_url)))


def _refusal(refused: Refused) -> Advice:
    if refused.code == 190 or refused.status == 401:
        return (
            "Meta does not accept WHATSAPP_TOKEN",
            "Make a token of a system user with whatsapp_business_messaging, and write it whole",
        )
    if refused.code in (10, 200) or refused.status == 403:
        return (
            "the token may not use this number",
            "Give the system user the WhatsApp account, with whatsapp_business_messaging and _management",
        )
    if refused.code == 100:
        return (
            "Meta knows no such WHATSAPP_PHONE_NUMBER_ID, or the token does not see it",
            "Copy the id from beside the number at Meta; it is not the phone number",
        )
    return f"Meta refuses to tell about the number ({refused})", "Look at the number's page at Meta"


def _problems(told: Json) -> list[Advice]:
    status = _word(told, "status")
    if status in ("", "CONNECTED"):
        return []
    return [(f"the number is {status} at Meta", "Finish its registration there; until then nothing arrives")]


def _warnings(told: Json, rating: str, public_url: str) -> list[Advice]:
    found: list[Advice] = []
    if rating in ("YELLOW", "RED"):
        found.append(
            (f"the number's quality is {rating}: people block or report it", "Send less that nobody asked for")
        )
    if _word(told, "name_status") in ("DECLINED", "EXPIRED"):
        found.append(("the name people see was not approved", "Hand in another one at Meta"))
    target = _target(told)
    if not target:
        found.append(
            ("Meta delivers this number's messages nowhere", f"Set the webhook to https://…{webhook.PATH} at Meta")
        )
    elif not target.endswith(webhook.PATH) or (public_url and not target.startswith(public_url)):
        wanted = f"{public_url or 'https://…'}{webhook.PATH}"
        found.append((f"Meta delivers to {target}, not to {wanted}", "Set the webhook's address at Meta"))
    return found


def _target(told: Json) -> str:
    """Where messages of this number go: its own address, else its account's, else the app's."""
    hooks = told.get("webhook_configuration")
    hooks = hooks if isinstance(hooks, dict) else {}
    return _word(hooks, "phone_number") or _word(hooks, "whatsapp_business_account") or _word(hooks, "application")


def _word(source: Json, name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""
