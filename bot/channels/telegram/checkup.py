"""Asks Telegram about the bot, once and briefly, for `sahut doctor`; changes nothing there."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from bot.channels.telegram import webhook
from bot.channels.telegram.client import Client
from bot.channels.telegram.problems import ApiError, EndPointNotFound, InvalidToken
from bot.channels.telegram.setup import ALLOWED_UPDATES, PENDING_ALARM, unknown

DEADLINE_S = 10.0

Advice = tuple[str, str]  # what, and what to do


class CheckUp(Struct, frozen=True):
    """name "" when the bot could not be asked."""

    name: str = ""
    problems: tuple[Advice, ...] = ()
    warnings: tuple[Advice, ...] = ()


async def check_up(token: str, api_url: str, webhook_url: str) -> CheckUp:
    """Who the token is, whether it may join groups, and whether updates come the way the settings say."""
    client = Client(token, api_url)
    try:
        me = await client.call("getMe", {}, deadline_s=DEADLINE_S)
        info = await client.call("getWebhookInfo", {}, deadline_s=DEADLINE_S)
    except (InvalidToken, EndPointNotFound) as refused:
        said, _, advice = str(unknown(client, refused)).partition(". ")
        return CheckUp(problems=((said, advice.rstrip(".")),))
    except ApiError as error:
        return CheckUp(
            problems=(
                (
                    f"Telegram cannot be reached at {api_url} ({type(error).__name__})",
                    "Check the network, the firewall and TELEGRAM_API_URL; messages wait there meanwhile",
                ),
            )
        )
    finally:
        await client.close()
    problems: list[Advice] = []
    if not me.get("can_join_groups", True):
        problems.append(("the bot may not join groups", "Write /setjoingroups to @BotFather and enable it"))
    warnings = _polling(info) if not webhook_url else _webhook(info, webhook_url)
    return CheckUp(f"@{me.get('username', '')}", tuple(problems), tuple(warnings))


def _polling(info: dict[str, object]) -> list[Advice]:
    if info.get("url"):
        return [("a webhook is set, but Sahut is to ask for messages", "`sahut run` takes it away by itself")]
    return _pending(info)


def _webhook(info: dict[str, object], wanted: str) -> list[Advice]:
    address = wanted if wanted.endswith(webhook.PATH) else wanted.rstrip("/") + webhook.PATH
    if info.get("url") != address:
        return [("Telegram does not deliver to TELEGRAM_WEBHOOK_URL yet", "`sahut run` tells Telegram by itself")]
    found = _pending(info)
    allowed = info.get("allowed_updates")
    missing = set(ALLOWED_UPDATES) - set(allowed if isinstance(allowed, list) else ())
    if missing:
        found.append((f"Telegram leaves out {', '.join(sorted(missing))}", "`sahut run` mends it within five minutes"))
    if info.get("last_error_message"):
        when = datetime.fromtimestamp(int(str(info.get("last_error_date") or 0)), UTC)
        why = str(info["last_error_message"])[:100]
        found.append(
            (
                f"Telegram's last delivery failed at {when:%Y-%m-%d %H:%M} UTC: {why}",
                "Is Sahut running, and does the web server in front pass the address on to it?",
            )
        )
    return found


def _pending(info: dict[str, object]) -> list[Advice]:
    waiting = int(str(info.get("pending_update_count") or 0))
    if waiting <= PENDING_ALARM:
        return []
    return [(f"{waiting} messages wait at Telegram", "Start Sahut; what waits longer than a day is dropped there")]
