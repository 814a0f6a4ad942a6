"""How a Bot API request travels: query string, JSON, form or multipart in; one set of parameters out."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.bench.telegram_rules import bad_request

NESTED = {
    "reply_markup", "reply_parameters", "allowed_updates", "commands", "scope", "media", "entities",
    "caption_entities", "link_preview_options", "message_ids", "reaction", "menu_button", "permissions",
}  # fmt: skip
TRUE = {"true", "True", "1", "yes"}


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that came with a call."""

    name: str
    data: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters of one call, nested JSON already decoded; typed access refuses like the platform."""

    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        if value in (None, ""):
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"can't parse {name}: not a number") from None

    def need_number(self, name: str, missing: str) -> int:
        value = self.number(name)
        if value is None:
            raise bad_request(missing)
        return value

    def decimal(self, name: str) -> float:
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"can't parse {name}") from None

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        return value is True or value == 1 or str(value) in TRUE


def decoded(values: dict[str, Any]) -> dict[str, Any]:
    """Nested parameters come as JSON text in forms: decode them, refuse what is not JSON."""
    for name in NESTED & values.keys():
        if isinstance(values[name], str) and values[name] != "":
            try:
                values[name] = json.loads(values[name])
            except json.JSONDecodeError:
                raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
    return values


async def read_params(request: web.Request) -> Params:
    """All parameters of a request, whichever of the four accepted ways it uses."""
    values: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    kind = request.content_type
    if request.method == "POST" and kind == "application/json" and await request.read():
        try:
            body = json.loads(await request.text())
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("object expected")
        values |= body
    elif request.method == "POST" and kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = Upload(value.filename, value.file.read(), value.content_type)
                values.setdefault(name, f"attach://{name}")
            else:
                values[name] = value if isinstance(value, str) else bytes(value).decode()
    return Params(decoded({k: v for k, v in values.items() if v is not None}), files)
