"""A bare Telegram echo on aiogram as its documentation builds one: polling, updates as tasks."""

from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    await message.answer(message.text or "")


async def main() -> None:
    server = TelegramAPIServer.from_base(os.environ["CHATBOT_TELEGRAM_API_URL"])
    bot = Bot(os.environ["CHATBOT_TELEGRAM_TOKEN"], session=AiohttpSession(api=server))
    await dispatcher.start_polling(bot, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main())
