"""Where the code names texts: whole keys, and the beginnings of keys that code puts together."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tests.house import source

SAYING = ("Text", "say")  # the key is the first argument
LABELLING = ("Choice", "choice")  # the label is the second argument, a key or a Text
_KEY = re.compile(r"[a-z_]+\.[a-z0-9_.]*")
_IN_PAGES = re.compile(r"""["'`{]((?:web|tryout)\.[a-z0-9_.]+)(\$\{)?""")


@dataclass
class Use:
    """keys, said and beginnings: what is named, and one place where."""

    keys: dict[str, str] = field(default_factory=dict)  # every string that could be a key
    said: dict[str, str] = field(default_factory=dict)  # what is surely one
    beginnings: dict[str, str] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    label_beginnings: set[str] = field(default_factory=set)


@cache
def found() -> Use:
    use = Use()
    for path in source.in_rooms():
        name = source.name(path)
        for node in ast.walk(source.tree(path)):
            _look_at(node, f"{name}:{getattr(node, 'lineno', 0)}", use)
    for path in sorted((source.ROOT / "web").rglob("*")):
        if path.suffix in (".html", ".js"):
            for key, built in _IN_PAGES.findall(path.read_text(encoding="utf-8")):
                places = (use.beginnings,) if built else (use.keys, use.said)
                for place in places:
                    place[key] = source.name(path)
    return use


def _look_at(node: ast.AST, place: str, use: Use) -> None:
    key, built = _key(node)
    if key:
        (use.beginnings if built else use.keys)[key] = place
    if isinstance(node, ast.Call) and source.called(node) in SAYING and node.args:
        for key, built in _inside(node.args[0]):
            if not built:
                use.said[key] = place
    if isinstance(node, ast.Call) and source.called(node) in LABELLING and len(node.args) > 1:
        for key, built in _inside(node.args[1]):
            (use.label_beginnings if built else use.labels).add(key)


def _inside(node: ast.expr) -> Iterator[tuple[str, bool]]:
    """Keys in an argument: plain, in say(...), or on either side of an `if`."""
    if isinstance(node, ast.IfExp):
        yield from _inside(node.body)
        yield from _inside(node.orelse)
    elif isinstance(node, ast.Call) and source.called(node) in SAYING and node.args:
        yield from _inside(node.args[0])
    else:
        key, built = _key(node)
        if key:
            yield key, built


def _key(node: ast.AST) -> tuple[str, bool]:
    """A key in full, or (True) its beginning; "" when it is neither."""
    built = isinstance(node, ast.JoinedStr)
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and _KEY.fullmatch(first.value):
        return first.value, built
    return "", False
