"""What Telegram accepts as buttons: inline keyboards, reply keyboards, removal and forced replies."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from tests.bench.telegram_rules import Refusal, bad_request

KINDS = ("inline_keyboard", "keyboard", "remove_keyboard", "force_reply")
INLINE_TOTAL, INLINE_ROW, REPLY_TOTAL, REPLY_ROW = 100, 8, 300, 12
MARKUP_BYTES = 10_000
INLINE_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "pay", "copy_text",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game",
)  # fmt: skip
PRIVATE_ONLY = {
    "request_location": "location can be requested in private chats only",
    "request_contact": "phone number can be requested in private chats only",
    "request_poll": "poll can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
}


def checked_markup(markup: Any, *, private: bool, inline_only: bool = False) -> dict[str, Any] | None:
    """The markup as the platform would keep it, or None when there is none."""
    if markup in (None, "", {}):
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    kind = next((k for k in KINDS if k in markup), None)
    if kind is None or (inline_only and kind != "inline_keyboard"):
        raise bad_request(
            "inline keyboard expected" if inline_only else "can't parse reply keyboard markup JSON object"
        )
    if len(json.dumps(markup, ensure_ascii=False).encode()) > MARKUP_BYTES:
        raise bad_request("reply markup is too long")
    if kind == "inline_keyboard":
        return _inline(markup)
    if kind == "keyboard":
        return _reply_keyboard(markup, private)
    if markup[kind] is not True:
        raise bad_request(f"field {kind} must be true")
    return markup


def _rows(rows: Any, total: int, per_row: int) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup: Field must be an Array of Arrays")
    if sum(map(len, rows)) > total:
        raise bad_request("reply markup is too long")
    if any(len(row) > per_row for row in rows):
        raise bad_request("too many buttons in a row")
    return [row for row in rows if row]


def _inline(markup: dict[str, Any]) -> dict[str, Any] | None:
    rows = _rows(markup["inline_keyboard"], INLINE_TOTAL, INLINE_ROW)
    for row in rows:
        for button in row:
            _inline_button(button)
    return {"inline_keyboard": rows} if rows else None


def _inline_button(button: Any) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request('can\'t parse inline keyboard button: field "text" must be a non-empty String')
    actions = [name for name in INLINE_ACTIONS if name in button]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is expected")
    data = button.get("callback_data")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode("utf-8", "replace")) <= 64):
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        _checked_url(button["url"])


def _checked_url(url: Any) -> None:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not url:
        raise bad_request("BUTTON_URL_INVALID")
    if parts.scheme in {"tg", "ton", "tonsite"}:
        return
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _reply_keyboard(markup: dict[str, Any], private: bool) -> dict[str, Any]:
    rows = _rows(markup["keyboard"], REPLY_TOTAL, REPLY_ROW)
    for row in rows:
        for button in row:
            button = {"text": button} if isinstance(button, str) else button
            if not isinstance(button, dict) or not str(button.get("text", "")).strip():
                raise bad_request('can\'t parse keyboard button: Field "text" must be a non-empty String')
            for wish, refusal in PRIVATE_ONLY.items():
                if button.get(wish) and not private:
                    raise bad_request(refusal)
    placeholder = markup.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise bad_request("input field placeholder must be 1-64 characters long")
    if not rows:
        raise Refusal(400, "Bad Request: keyboard is empty")
    return markup | {"keyboard": rows}
