"""One folder per channel; a channel turns its platform's messages into Inbound and back."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from usecases.traits import Traits


@cache
def traits() -> Mapping[str, Traits]:
    """What every channel is like, by its name, whether it is configured or not: its chats may be there already."""
    folders = [found.name for found in pkgutil.iter_modules(__path__) if found.ispkg]
    modules = [import_module(f"{__name__}.{folder}.traits") for folder in folders]
    return {module.NAME: module.TRAITS for module in modules}
