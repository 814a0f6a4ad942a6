"""Nudge rules, one file each: pure functions found by their folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from tickets.rule import Rule


@cache
def rules() -> Mapping[str, Rule]:
    """Every RULE in this folder, by kind. raises: ValueError when two files claim the same kind."""
    found: dict[str, Rule] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        rule = import_module(f"{__name__}.{module.name}").RULE
        if rule.kind in found:
            raise ValueError(f"Two nudge rules are called {rule.kind}: rename one.")
        found[rule.kind] = rule
    return found
