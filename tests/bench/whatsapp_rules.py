"""What the Cloud API accepts, written down strictly: unknown fields, lengths, counts; refusals in its own form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

ENVELOPE = {"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"}
KINDS = {"text", "interactive", "image", "video", "audio", "document", "template"}
WORDS = {
    0: (401, "AuthException"),
    100: (400, "Invalid parameter"),
    190: (401, "Error validating access token"),
    131009: (400, "Parameter value is not valid"),
    131026: (400, "Message undeliverable"),
    131047: (400, "Re-engagement message"),
    131053: (400, "Media upload error"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
    131062: (400, "Recipient id is not supported for this message"),
    130429: (429, "Rate limit hit"),
    132000: (400, "Number of parameters does not match the expected number of params"),
    132001: (404, "Template name does not exist in the translation"),
    132015: (400, "Template is paused"),
}


class Refusal(Exception):
    """An answer of the platform that is no success."""

    def __init__(self, code: int, details: str = "", status: int = 0) -> None:
        self.code = code
        self.status = status or WORDS.get(code, (400, ""))[0]
        self.details = details or WORDS.get(code, (400, "Something went wrong"))[1]
        super().__init__(f"{code}: {self.details}")

    def body(self) -> Json:
        words = WORDS.get(self.code, (400, "Something went wrong"))[1]
        return {
            "error": {
                "message": f"(#{self.code}) {words}",
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": "Atest",
            }
        }


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def need(holds: bool, details: str, code: int = 131009) -> None:
    if not holds:
        raise Refusal(code, details)


def words(source: Json, name: str, most: int, *, least: int = 1) -> str:
    value = source.get(name)
    need(isinstance(value, str), f"{name} is required", 100)
    assert isinstance(value, str)
    need(least <= units(value) <= most and (not least or bool(value.strip())), f"{name} must have {least}-{most} signs")
    return value


def only(source: Any, allowed: set[str], where: str) -> Json:
    need(isinstance(source, dict), f"{where} is no object", 100)
    strange = set(source) - allowed
    need(not strange, f"Unexpected key {sorted(strange)} on {where}", 100)
    return dict(source)


def check_message(payload: Any) -> str:
    """The kind of a payload that follows every rule; raises Refusal."""
    only(payload, ENVELOPE | KINDS, "message")
    need(payload.get("messaging_product") == "whatsapp", "messaging_product", 100)
    need(payload.get("recipient_type", "individual") == "individual", "recipient_type", 100)
    need(("to" in payload) != ("recipient" in payload), "either to or recipient", 100)
    kind = payload.get("type")
    need(kind in KINDS and KINDS & set(payload) == {kind}, "type and content do not fit", 100)
    if "context" in payload:
        words(only(payload["context"], {"message_id"}, "context"), "message_id", 512)
    if "biz_opaque_callback_data" in payload:
        words(payload, "biz_opaque_callback_data", 512)
    CHECKS[str(kind)](payload[kind])
    return str(kind)


def _text(text: Any) -> None:
    only(text, {"body", "preview_url"}, "text")
    words(text, "body", 4096)


def _media(media: Any) -> None:
    only(media, {"id", "caption", "filename"}, "media")
    words(media, "id", 64)
    if "caption" in media:
        words(media, "caption", 1024)


def _template(template: Any) -> None:
    only(template, {"name", "language", "components"}, "template")
    words(template, "name", 512)
    words(only(template.get("language"), {"code"}, "language"), "code", 10)
    for part in template.get("components", []):
        only(part, {"type", "parameters", "sub_type", "index"}, "component")
        need(part.get("type") in ("header", "body", "button"), "component type", 100)
        for value in part["parameters"]:
            only(value, {"type", "text", "payload"}, "parameter")
            words(value, "payload" if value.get("type") == "payload" else "text", 1024)


def _interactive(inner: Any) -> None:
    only(inner, {"type", "body", "header", "footer", "action"}, "interactive")
    words(only(inner.get("body"), {"text"}, "body"), "text", 1024)
    kind = inner.get("type")
    if "footer" in inner:
        words(only(inner["footer"], {"text"}, "footer"), "text", 60)
    if "header" in inner:
        header = only(inner["header"], {"type", "text", "image"}, "header")
        if header.get("type") == "text":
            words(header, "text", 60)
        else:
            need(kind == "button" and header.get("type") == "image", "this header does not go here")
            _media(header["image"])
    checks: dict[str, Callable[[Any], None]] = {
        "button": _buttons,
        "list": _list,
        "location_request_message": _place,
        "cta_url": _link,
    }
    need(kind in checks, "interactive type", 100)
    checks[str(kind)](inner.get("action"))


def _buttons(action: Any) -> None:
    buttons = only(action, {"buttons"}, "action").get("buttons")
    need(isinstance(buttons, list) and 1 <= len(buttons) <= 3, "1-3 buttons")
    for button in buttons:
        need(only(button, {"type", "reply"}, "button").get("type") == "reply", "button type", 100)
        words(only(button["reply"], {"id", "title"}, "reply"), "id", 256)
        words(button["reply"], "title", 20)
    need(len({b["reply"]["title"] for b in buttons}) == len(buttons), "Button titles must be unique")
    need(len({b["reply"]["id"] for b in buttons}) == len(buttons), "Button ids must be unique")


def _list(action: Any) -> None:
    only(action, {"button", "sections"}, "action")
    words(action, "button", 20)
    sections = action.get("sections")
    need(isinstance(sections, list) and 1 <= len(sections) <= 10, "1-10 sections")
    rows = []
    for section in sections:
        only(section, {"title", "rows"}, "section")
        if len(sections) > 1 or "title" in section:
            words(section, "title", 24)
        rows += section["rows"]
    need(1 <= len(rows) <= 10, f"Total row count exceed max allowed count: 10 ({len(rows)})")
    for row in rows:
        words(only(row, {"id", "title", "description"}, "row"), "id", 200)
        words(row, "title", 24)
        if "description" in row:
            words(row, "description", 72)
    need(len({row["id"] for row in rows}) == len(rows), "Duplicated row id")


def _place(action: Any) -> None:
    need(action == {"name": "send_location"}, "action of a location request", 100)


def _link(action: Any) -> None:
    need(only(action, {"name", "parameters"}, "action").get("name") == "cta_url", "action name", 100)
    shown = only(action["parameters"], {"display_text", "url"}, "parameters")
    words(shown, "display_text", 20)
    need(words(shown, "url", 2000).startswith(("https://", "http://")), "url")


CHECKS: dict[str, Callable[[Any], None]] = {
    "text": _text,
    "interactive": _interactive,
    "template": _template,
    **dict.fromkeys(("image", "video", "audio", "document"), _media),
}
