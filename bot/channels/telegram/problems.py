"""What can go wrong with a call of the Bot API. The first ones are called as python-telegram-bot's, which tells them
apart; to load it for its names alone would cost a fifth of the start."""

from __future__ import annotations


class ApiError(Exception):
    """No result. message: the platform's own words, or a word of ours; never an address, which holds the token."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class BadRequest(ApiError):
    """400: the platform will not do it, whoever asks."""


class Forbidden(ApiError):
    """403: not in this chat, or not to this person."""


class InvalidToken(ApiError):
    """401: nobody knows this token."""


class EndPointNotFound(ApiError):
    """404: no such token, or no such method."""


class Conflict(ApiError):
    """409: somebody else asks for this bot's updates, or a webhook is set."""


class ChatMigrated(ApiError):
    """400: the group has become a supergroup with another id."""

    def __init__(self, message: str, new_chat_id: int) -> None:
        super().__init__(message)
        self.new_chat_id = new_chat_id


class NotLoaded(ApiError):
    """The installation is broken: python-telegram-bot cannot be loaded."""


class NotSent(ApiError):
    """The request never reached the platform: no connection was made."""


class Unclear(ApiError):
    """The request left us and its answer did not come back: it may have been carried out."""


class TooMany(ApiError):
    """429: come back after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests, retry after {seconds:g} s")
        self.seconds = seconds


class OddStatus(ApiError):
    """An HTTP status that is no answer to our call. clean: it came with the platform's own error object."""

    def __init__(self, status: int, *, clean: bool) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.clean = clean
