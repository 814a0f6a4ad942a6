"""The guided report as a python-telegram-bot ConversationHandler, served on a webhook of its own.

BUTTONS=keys (reply keyboards, one call per step: the leanest usual way) or inline (callbacks, each answered).
"""

from __future__ import annotations

import asyncio
import hmac
import os
from typing import Any

from aiohttp import web
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.ext import (
    Application,
    BasePersistence,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from benchmarks.yardsticks import dialogue as d

DESCRIBE, CONFIRM, LOCATION, PHOTO, SEND = range(5)
Context = ContextTypes.DEFAULT_TYPE
INLINE = os.environ.get("BUTTONS") == "inline"


def buttons(*labels: str) -> InlineKeyboardMarkup | ReplyKeyboardMarkup:
    if INLINE:
        return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in labels]])
    return ReplyKeyboardMarkup([list(labels)], resize_keyboard=True, one_time_keyboard=True)


def chosen(label: str, callback: Any) -> Any:
    """The handler for a button: its callback, or its text."""
    return CallbackQueryHandler(callback, label) if INLINE else MessageHandler(filters.Text([label]), callback)


async def acknowledge(update: Update) -> None:
    if update.callback_query is not None:
        await update.callback_query.answer()


async def start(update: Update, context: Context) -> int:
    await update.message.reply_text(d.HELLO, reply_markup=ReplyKeyboardRemove())
    return DESCRIBE


async def describe(update: Update, context: Context) -> int:
    context.user_data["text"] = update.message.text
    context.user_data["category"] = d.guess(update.message.text)
    await update.message.reply_text(d.confirm(context.user_data["category"]), reply_markup=buttons(d.YES, d.NO))
    return CONFIRM


async def confirm(update: Update, context: Context) -> int:
    await acknowledge(update)
    button = KeyboardButton("Kirim lokasi", request_location=True)
    await update.effective_message.reply_text(
        d.ASK_LOCATION, reply_markup=ReplyKeyboardMarkup([[button]], resize_keyboard=True)
    )
    return LOCATION


async def location(update: Update, context: Context) -> int:
    pin = update.message.location
    context.user_data["location"] = (pin.latitude, pin.longitude)
    await update.message.reply_text(d.ASK_PHOTO, reply_markup=ReplyKeyboardRemove())
    return PHOTO


async def photo(update: Update, context: Context) -> int:
    context.user_data["photos"] = [update.message.photo[-1].file_id]
    text = d.summary(context.user_data["category"], *context.user_data["location"], 1)
    await update.message.reply_text(text, reply_markup=buttons(d.SEND, d.CANCEL))
    return SEND


async def send(update: Update, context: Context) -> int:
    await acknowledge(update)
    number = d.ticket()
    context.bot_data.setdefault("tickets", {})[number] = dict(context.user_data)
    context.user_data.clear()
    await update.effective_message.reply_text(number, reply_markup=ReplyKeyboardRemove())
    return ConversationHandler.END


def application(place: d.Place, persistence: BasePersistence | None = None) -> Application:
    builder = Application.builder().token(place.token).base_url(f"{place.api}/bot").updater(None)
    if persistence is not None:
        builder = builder.persistence(persistence)
    app = builder.build()
    text = filters.TEXT & ~filters.COMMAND
    app.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", start)],
            states={
                DESCRIBE: [MessageHandler(text, describe)],
                CONFIRM: [chosen(d.YES, confirm), MessageHandler(text, start)],
                LOCATION: [MessageHandler(filters.LOCATION, location)],
                PHOTO: [MessageHandler(filters.PHOTO, photo)],
                SEND: [chosen(d.SEND, send), MessageHandler(text, start)],
            },
            fallbacks=[CommandHandler("start", start)],
            name="report",
            persistent=persistence is not None,
        )
    )
    return app


async def serve(place: d.Place, persistence: BasePersistence | None = None) -> None:
    """The webhook the library's own example for a custom web server shows: parse, queue, answer 200."""
    app = application(place, persistence)

    async def hook(request: web.Request) -> web.Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(given, place.secret):
            return web.Response(status=403)
        await app.update_queue.put(Update.de_json(await request.json(), app.bot))
        return web.Response()

    site = web.Application()
    site.router.add_post("/telegram/webhook", hook)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    async with app:
        await app.bot.set_webhook(f"http://127.0.0.1:{place.port}/telegram/webhook", secret_token=place.secret)
        await app.start()
        await web.TCPSite(runner, "127.0.0.1", place.port).start()
        try:
            await asyncio.Event().wait()
        finally:
            await app.stop()


def main(persistence: Any = None) -> None:
    asyncio.run(serve(d.Place.from_environment(), persistence))
