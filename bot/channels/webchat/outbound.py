"""The web chat as a channel: our lines go into the mailbox, from which open pages read them."""

from __future__ import annotations

from bot.channels.webchat.inbound import CHANNEL
from bot.channels.webchat.incoming import Incoming
from usecases.ports import Mailbox, MessageIds, Outgoing, Pace


class WebChat:
    """Delivers by keeping: a page that is closed now reads the same lines when it is opened again."""

    name = CHANNEL
    pace = Pace()

    def __init__(self, mailbox: Mailbox, incoming: Incoming) -> None:
        self._mailbox = mailbox
        self._incoming = incoming

    async def send(self, message: Outgoing) -> MessageIds:
        return (await self._mailbox.put(message),)

    async def toast(self, press_id: str, words: str, *, alert: bool = False) -> None:
        """Nothing to do: the press was answered with its words in the same HTTP response."""

    async def fetch(self, ref: str) -> bytes:
        return await self._incoming.fetch(ref)
