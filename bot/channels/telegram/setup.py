"""Makes the bot at Telegram what Sahut needs, and looks every five minutes whether it still is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from bot.channels.telegram.client import Client
from bot.channels.telegram.inbound import BotSelf
from bot.channels.telegram.poll import BACK_OFF_S
from bot.channels.telegram.problems import ApiError, EndPointNotFound, InvalidToken, TooMany

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
CONNECTIONS = 40
CHECK_S = 300.0
PENDING_ALARM = 100
IN_PRIVATE = ("start", "lapor", "status", "bantuan", "bahasa", "hubungkanakun", "batal")
IN_GROUPS = ("antrean", "tiket", "rekap", "belumtahu", "petugas", "hubungkan", "bantuan")

Sleep = Callable[[float], Awaitable[None]]


class WrongToken(Exception):
    """Telegram does not know TELEGRAM_BOT_TOKEN. Copy the whole line from @BotFather again; if it was made
    new there ("revoke"), the old one never works again."""

    def __init__(self, elsewhere: str = "") -> None:
        """elsewhere: the server that did not know it, where that is not Telegram's own"""
        super().__init__()
        self._elsewhere = elsewhere

    def __str__(self) -> str:
        if self._elsewhere:
            return (
                f"TELEGRAM_API_URL ({self._elsewhere}) knows no such bot (404). Look at TELEGRAM_API_URL first: is"
                " a Bot API server there, and is the path right? Without a server of your own remove the line. If it is"
                " right, copy TELEGRAM_BOT_TOKEN from @BotFather again."
            )
        return " ".join((self.__doc__ or "").split())


def unknown(client: Client, refused: InvalidToken | EndPointNotFound) -> WrongToken:
    """Who answers 404 elsewhere than at Telegram may be no Bot API server at all."""
    return WrongToken(client.elsewhere if isinstance(refused, EndPointNotFound) else "")


class Commands(Struct, frozen=True):
    """One menu of commands: for which chats, in which language ("" = all others), name and description."""

    scope: str
    language: str
    items: Sequence[tuple[str, str]]


def menus(say: Callable[[str, str], str], locales: Sequence[str]) -> tuple[Commands, ...]:
    """The menus in every language; say(command, locale) gives a description. Others see Indonesian."""
    scopes = (("all_private_chats", IN_PRIVATE), ("all_group_chats", IN_GROUPS))
    return tuple(
        Commands(scope, language, tuple((name, say(name, language or "id")) for name in names))
        for scope, names in scopes
        for language in ("", *(locale for locale in locales if locale != "id"))
    )


class Webhook(Struct, frozen=True):
    """Where Telegram shall deliver."""

    url: str
    secret: str


async def introduce(client: Client, *, sleep: Sleep = asyncio.sleep) -> BotSelf:
    """Who we are; waits for as long as Telegram cannot be reached. raises: WrongToken."""
    failures = 0
    while True:
        try:
            me = await client.call("getMe", {})
            return BotSelf(int(me["id"]), str(me.get("username", "")))
        except (InvalidToken, EndPointNotFound) as refused:
            raise unknown(client, refused) from None
        except ApiError as error:
            pause = error.seconds if isinstance(error, TooMany) else BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
            failures += 1
            log.error("Telegram cannot be reached (%s); Sahut tries again in %g s", type(error).__name__, pause)
            await sleep(pause)


async def offer(client: Client, menus: Sequence[Commands]) -> None:
    """Set the menus of commands; a failure leaves the old ones, which does no harm."""
    for menu in menus:
        params: dict[str, Any] = {
            "commands": [{"command": name, "description": words[:256]} for name, words in menu.items],
            "scope": {"type": menu.scope},
        }
        if menu.language:
            params["language_code"] = menu.language
        try:
            await client.call("setMyCommands", params)
        except ApiError as error:
            log.warning("the menu of commands could not be set (%s)", type(error).__name__)


async def point(client: Client, webhook: Webhook) -> bool:
    """Ask Telegram to deliver to us. False when it refused; nothing that waits there is dropped.
    raises: InvalidToken, EndPointNotFound."""
    params = {
        "url": webhook.url,
        "secret_token": webhook.secret,
        "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": CONNECTIONS,
        "drop_pending_updates": False,
    }
    try:
        await client.call("setWebhook", params)
    except (InvalidToken, EndPointNotFound):
        raise
    except ApiError as error:
        log.error(
            "Telegram did not accept TELEGRAM_WEBHOOK_URL (%s). It must be https with a valid certificate, on port "
            "443, 80, 88 or 8443",
            type(error).__name__,
        )
        return False
    return True


async def unhook(client: Client) -> None:
    """Polling and a webhook exclude each other."""
    info = await client.call("getWebhookInfo", {})
    if info.get("url"):
        log.warning("a webhook was set for this bot; it is taken away because TELEGRAM_WEBHOOK_URL is empty")
        await client.call("deleteWebhook", {"drop_pending_updates": False})


async def keep_pointing(client: Client, webhook: Webhook, *, sleep: Sleep = asyncio.sleep) -> None:
    """Until cancelled: set the webhook, then look after it every five minutes. raises: InvalidToken or
    EndPointNotFound when the token does not work any more."""
    pointed = await point(client, webhook)
    while True:
        await sleep(CHECK_S if pointed else 30.0)
        try:
            pointed = await check(client, webhook) if pointed else await point(client, webhook)
        except (InvalidToken, EndPointNotFound):
            raise
        except ApiError as error:
            log.warning("the webhook could not be looked at (%s)", type(error).__name__)


async def check(client: Client, webhook: Webhook) -> bool:
    """Compare what Telegram holds with what we need; repair it. raises: ApiError."""
    info: Mapping[str, Any] = await client.call("getWebhookInfo", {})
    missing = set(ALLOWED_UPDATES) - set(info.get("allowed_updates") or ())
    if info.get("url") != webhook.url or missing:
        log.error("the webhook at Telegram was changed by somebody; it is set again")
        return await point(client, webhook)
    if int(info.get("pending_update_count") or 0) > PENDING_ALARM:
        log.error("%d updates wait at Telegram: the webhook is too slow or fails", info["pending_update_count"])
    if info.get("last_error_message"):
        log.warning("Telegram's last delivery failed", extra={"last_error_at": info.get("last_error_date")})
    return True
