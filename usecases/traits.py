"""What a channel is like, where that matters to what is said in it. Each channel tells it itself (bot/channels)."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct


class Traits(Struct, frozen=True):
    """A channel that has nothing to tell is like a messenger with groups, buttons and messages that can be changed.

    window: free words may be sent only so long after the person's last message
    keeps: the lines of its chats are kept by us, for its page to show
    toasts: a press can be answered without a message
    edits: a message can be changed after it was sent
    groups: an office can have a group; without them its officers have private chats
    numbers: people are known by an id and a phone number, each of which may change
    reports: it tells later, with our own id, how far a message came: so that is awaited before anything is said twice
    """

    window: timedelta | None = None
    keeps: bool = False
    toasts: bool = True
    edits: bool = True
    groups: bool = True
    numbers: bool = False
    reports: bool = False


USUAL = Traits()
