"""A second library's opinion on every outgoing call: aiogram's own models must be able to read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from tests.bench.fake_telegram import Call

NOT_ASKED = {"getupdates"}


class Mismatch(AssertionError):
    """Our call and the second library's model of it do not agree."""


@cache
def _models() -> dict[str, Any]:
    """By lower-case name. Read when first asked: loading them takes five seconds, and not every worker needs them."""
    from aiogram import methods

    return {name.lower(): getattr(methods, name) for name in methods.__all__}


def check(call: Call) -> BaseModel | None:
    """The call as aiogram reads it; raises Mismatch for unknown, missing or wrongly typed parameters."""
    if call.method.lower() in NOT_ASKED:
        return None
    model = _models().get(call.method.lower())
    if model is None:
        raise Mismatch(f"{call.method}: the second library knows no such method")
    attached = set(call.files) - set(model.model_fields)  # parts that attach://... refers to, not parameters
    params = {name: value for name, value in call.params.items() if name not in attached}
    unknown = set(params) - set(model.model_fields)
    if unknown:
        raise Mismatch(f"{call.method}: unknown parameters {sorted(unknown)}")
    try:
        read = model.model_validate(params)
    except ValidationError as problem:
        raise Mismatch(f"{call.method}: {problem}") from None
    if extras := sorted(set(_extras(read, call.method))):
        raise Mismatch(f"unknown nested fields: {extras}")
    return read  # type: ignore[no-any-return]


def check_all(calls: Iterable[Call]) -> int:
    """How many calls were checked; raises at the first one that does not fit."""
    return sum(check(call) is not None for call in calls)


def _extras(value: Any, where: str) -> Iterator[str]:
    """Nested fields aiogram kept only because its types allow unknown ones."""
    if isinstance(value, BaseModel):
        yield from (f"{where}.{name}" for name in value.model_extra or {})
        for name in type(value).model_fields:
            yield from _extras(getattr(value, name, None), f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _extras(item, where)
