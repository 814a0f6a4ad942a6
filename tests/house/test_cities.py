"""A city is a folder: no line of the program knows a city's name, its offices or the prefix of its numbers."""

import ast
import re

import pytest

from cities.loader import cities
from tests.halls import hall
from tests.house import source

# Said to an engineer as an example of what to write, and the city of an installation that has not chosen one.
EXAMPLES = {
    ("bot/__main__.py", "DISHUB"),
    ("bot/setting_kinds.py", "kota-bekasi"),
    ("bot/settings.py", "kota-bekasi"),
    ("cities/lists.py", "DLH"),
}


@pytest.fixture(scope="module")
def names() -> frozenset[str]:
    found: set[str] = set()
    for slug in cities():
        city = hall(slug)
        found |= {slug, city.name, city.name.split()[-1], city.prefix, *city.catalogue.agencies}
    return frozenset(name.casefold() for name in found)


def said(path: object) -> list[str]:
    """Every text in a module but its docstrings."""
    tree = source.tree(path)  # type: ignore[arg-type]
    openings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance(node.body[0] if node.body else None, ast.Expr)
    }
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in openings)
    return [node.value for node in nodes if isinstance(node.value, str)]


def test_the_program_knows_no_city(names: frozenset[str]) -> None:
    assert source.in_rooms()
    for path in source.in_rooms():
        allowed = {name.casefold() for file, name in EXAMPLES if file == source.name(path)}
        for text in said(path):
            words = {word.casefold() for word in (text, *re.split(r"[^\w-]+", text))}
            assert not (names & words) - allowed, (source.name(path), text)
