"""The web chat: the citizen's chat in a browser, and in try-out mode the stand-in for officers' groups.

Use: `chat = WebChat(mailbox, incoming)` as the channel "web"; `mount(app, Door(...))` for its HTTP doors.
"""

from aiohttp import web

from bot.channels.webchat import chat, tryout
from bot.channels.webchat.door import Door
from bot.channels.webchat.incoming import Incoming
from bot.channels.webchat.outbound import WebChat

__all__ = ["Door", "Incoming", "WebChat", "mount"]


def mount(app: web.Application, door: Door) -> None:
    """Open the doors on an application. The try-out's exist only when there is a try-out."""
    app.add_routes(chat.routes(door))
    if door.tryout is not None:
        app.add_routes(tryout.routes(door, door.tryout))
    app.on_shutdown.append(door.close)
