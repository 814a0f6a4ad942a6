"""A town whose citizens use WhatsApp and whose offices use Telegram; the platforms live by the town's clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.fake_whatsapp import NUMBER, SECRET, VERIFY, FakeWhatsApp
from tests.walks.town import Town, town


@dataclass
class Both:
    """The running town and the second platform."""

    town: Town
    whatsapp: FakeWhatsApp

    async def settled(self) -> None:
        """Nothing is left to deliver, to think about or to send."""
        for _ in range(3):
            await self.whatsapp.settled()
            await self.town.sahut.settle()

    async def passes(self, **span: float) -> None:
        await self.town.passes(**span)
        await self.settled()


@asynccontextmanager
async def both(folder: Path, **given: Any) -> AsyncIterator[Both]:
    async with FakeWhatsApp() as server:
        whatsapp = {
            "whatsapp_phone_number_id": NUMBER,
            "whatsapp_token": server.token,
            "whatsapp_app_secret": SECRET,
            "whatsapp_verify_token": VERIFY,
            "whatsapp_api_url": server.url,
            "whatsapp_pace": 1000,
            "whatsapp_burst": 40,
        }
        async with town(folder, webhook=True, **(whatsapp | given)) as made:
            server.wall = lambda: made.clock.now().timestamp()
            server.hook = f"{made.sahut.settings.telegram_webhook_url}/whatsapp/webhook"
            yield Both(made, server)
            await server.settled()
