"""What the import contracts cannot see: calls without an import, modules nobody imports, empty openings."""

import ast
import importlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from bot.channels import traits
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
Finds = Callable[[Path], Iterable[int]]


def everywhere(finds: Finds, *rooms: str, but: str = "") -> list[str]:
    """ "file:line" of whatever is found in these rooms, all by default."""
    return [
        f"{source.name(path)}:{line}"
        for path in source.in_rooms(*rooms)
        if source.name(path) != but
        for line in finds(path)
    ]


@pytest.mark.parametrize("room", ["bot", "conversations", "routing", "storage", "scheduler", "tests"])
def test_the_given_rooms_are_there(room: str):
    assert (source.ROOT / room).is_dir()


def test_pure_rooms_read_no_clock_no_file_and_no_dice():
    def finds(path: Path) -> Iterable[int]:
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and source.called(node) in FORBIDDEN_IN_PURE:
                yield node.lineno

    assert everywhere(finds, *source.PURE) == []


def test_nothing_behind_the_doors_knows_a_channel_by_its_name():
    """What they are like is asked (usecases/traits.py), so that a new one need not be written into many places."""
    names = set(traits())

    def finds(path: Path) -> Iterable[int]:
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Constant) and node.value in names:
                yield node.lineno

    assert everywhere(finds, "usecases", "storage", "scheduler", *source.PURE) == []
    assert {found.split(":")[0] for found in everywhere(finds, "bot")} >= {"bot/channels/telegram/inbound.py"}


def test_only_settings_reads_the_environment():
    def finds(path: Path) -> Iterable[int]:
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "putenv"):
                yield node.lineno

    assert everywhere(finds, but="bot/settings.py") == []
    assert everywhere(finds) != [], "settings read it, so this test sees"


def test_only_the_clock_asks_the_machine_for_the_time():
    """Else the try-out, whose clock can be moved, lives in two times."""

    def finds(path: Path) -> Iterable[int]:
        for node in ast.walk(source.tree(path)):
            if (
                isinstance(node, ast.Call)
                and source.called(node) in ("now", "utcnow", "today")
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("datetime", "date")
            ):
                yield node.lineno

    assert everywhere(finds, but="bot/clock.py") == []
    assert everywhere(finds) != [], "the clock asks, so this test sees"


def test_every_module_opens_with_a_sentence():
    def finds(path: Path) -> Iterable[int]:
        if path.name == "__init__.py" and not path.read_text(encoding="utf-8").strip():
            return
        if len((ast.get_docstring(source.tree(path)) or "").split()) < 3:
            yield 1

    assert everywhere(finds) == []


def test_every_module_can_be_imported():
    """Folders are discovered at run time: a file nobody imports by name would else fail in the field only."""
    assert source.in_rooms()
    for path in source.in_rooms():
        if "migrations" not in path.parts and path.name != "__main__.py":
            importlib.import_module(source.name(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
