"""Every step of the dialogue, found by its folder: a new file with a STEP in it is a new step."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from conversations.step import Step


def find() -> dict[str, Step]:
    """The steps by name."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.STEP.name: module.STEP for module in modules}


STEPS = find()
