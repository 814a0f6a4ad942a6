"""What the import contracts cannot see: calls without an import, modules nobody imports, empty openings."""

import ast
import importlib
from pathlib import Path

import pytest

from tests.house import source

FORBIDDEN_IN_PURE = {
    "open",
    "input",
    "print",
    "now",
    "utcnow",
    "today",
    "uuid4",
    "token_hex",
    "token_urlsafe",
    "sleep",
}
PURE_FILES = source.in_rooms(*source.PURE)
ALL_FILES = source.in_rooms()
ids = source.name


@pytest.mark.parametrize("room", ["bot", "conversations", "routing", "storage", "scheduler", "tests"])
def test_the_given_rooms_are_there(room: str):
    assert (source.ROOT / room).is_dir()


@pytest.mark.parametrize("path", PURE_FILES, ids=ids)
def test_pure_rooms_read_no_clock_no_file_and_no_dice(path: Path):
    found = [
        f"line {node.lineno}: {source.called(node)}()"
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and source.called(node) in FORBIDDEN_IN_PURE
    ]
    assert not found


@pytest.mark.parametrize("path", ALL_FILES, ids=ids)
def test_only_settings_reads_the_environment(path: Path):
    if source.name(path) == "bot/settings.py":
        return
    found = [
        f"line {node.lineno}"
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "putenv")
    ]
    assert not found


@pytest.mark.parametrize("path", ALL_FILES, ids=ids)
def test_only_the_clock_asks_the_machine_for_the_time(path: Path):
    """Else the try-out, whose clock can be moved, lives in two times."""
    if source.name(path) == "bot/clock.py":
        return
    found = [
        f"line {node.lineno}"
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call)
        and source.called(node) in ("now", "utcnow", "today")
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date")
    ]
    assert not found


@pytest.mark.parametrize("path", ALL_FILES, ids=ids)
def test_every_module_opens_with_a_sentence(path: Path):
    opening = ast.get_docstring(source.tree(path)) or ""
    if path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip():
        return
    assert len(opening.split()) >= 3


@pytest.mark.parametrize("path", ALL_FILES, ids=ids)
def test_every_module_can_be_imported(path: Path):
    """Folders are discovered at run time: a file nobody imports by name would else fail in the field only."""
    if "migrations" in path.parts or path.name == "__main__.py":
        return
    importlib.import_module(source.name(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
