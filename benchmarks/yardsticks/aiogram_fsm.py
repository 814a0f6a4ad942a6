"""The guided report with aiogram's finite state machine and MemoryStorage, on its own aiohttp webhook."""

from __future__ import annotations

import asyncio
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import KeyboardButton, Message, ReplyKeyboardMarkup, ReplyKeyboardRemove
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from benchmarks.yardsticks import dialogue as d

router = Router()
TICKETS: dict[str, dict[str, Any]] = {}


class Report(StatesGroup):
    describe, confirm, location, photo, send = State(), State(), State(), State(), State()


def keyboard(*labels: str) -> ReplyKeyboardMarkup:
    return ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text=label) for label in labels]], resize_keyboard=True)


@router.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.set_state(Report.describe)
    await message.answer(d.HELLO, reply_markup=ReplyKeyboardRemove())


@router.message(Report.describe, F.text)
async def describe(message: Message, state: FSMContext) -> None:
    category = d.guess(message.text or "")
    await state.update_data(text=message.text, category=category)
    await state.set_state(Report.confirm)
    await message.answer(d.confirm(category), reply_markup=keyboard(d.YES, d.NO))


@router.message(Report.confirm, F.text == d.YES)
async def confirm(message: Message, state: FSMContext) -> None:
    await state.set_state(Report.location)
    button = KeyboardButton(text="Kirim lokasi", request_location=True)
    await message.answer(d.ASK_LOCATION, reply_markup=ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True))


@router.message(Report.location, F.location)
async def location(message: Message, state: FSMContext) -> None:
    assert message.location is not None
    await state.update_data(location=(message.location.latitude, message.location.longitude))
    await state.set_state(Report.photo)
    await message.answer(d.ASK_PHOTO, reply_markup=ReplyKeyboardRemove())


@router.message(Report.photo, F.photo)
async def photo(message: Message, state: FSMContext) -> None:
    assert message.photo is not None
    data = await state.update_data(photos=[message.photo[-1].file_id])
    await state.set_state(Report.send)
    text = d.summary(data["category"], *data["location"], 1)
    await message.answer(text, reply_markup=keyboard(d.SEND, d.CANCEL))


@router.message(Report.send, F.text == d.SEND)
async def send(message: Message, state: FSMContext) -> None:
    number = d.ticket()
    TICKETS[number] = await state.get_data()
    await state.clear()
    await message.answer(number, reply_markup=ReplyKeyboardRemove())


async def serve(place: d.Place) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(place.api))
    bot = Bot(place.token, session=session)
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    site = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=place.secret).register(site, path="/telegram/webhook")
    setup_application(site, dispatcher, bot=bot)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await bot.set_webhook(f"http://127.0.0.1:{place.port}/telegram/webhook", secret_token=place.secret)
    await web.TCPSite(runner, "127.0.0.1", place.port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(d.Place.from_environment()))
