"""Small helpers for tests that talk to the fake platform through a real client."""

from __future__ import annotations

import io
from collections.abc import Awaitable
from typing import Any

import pytest
import telegram
from PIL import Image


async def refusal(call: Awaitable[Any]) -> str:
    """What the platform says when it refuses a call of python-telegram-bot, in lower case."""
    with pytest.raises(telegram.error.TelegramError) as caught:
        await call
    return str(caught.value.message).lower()  # the library changes the first letter


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()
