"""The project's own files, read and parsed once for all house tests."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = tuple("bot web scheduler storage cities learning usecases conversations tickets routing texts".split())
PURE = ("conversations", "tickets", "routing", "scheduler/rules", "texts/text.py")


def in_rooms(*rooms: str) -> list[Path]:
    """The Python files of some rooms (folders or single files), sorted."""
    found: set[Path] = set()
    for room in rooms or ROOMS:
        place = ROOT / room
        found |= {place} if place.is_file() else set(place.rglob("*.py"))
    return sorted(found)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def tracked() -> list[Path]:
    """Every file of the repository that git knows and that is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
    return [ROOT / part for part in listed.decode().split("\0") if part and (ROOT / part).is_file()]


def called(node: ast.Call) -> str:
    """The last name of what is called: `say` for both say(...) and text.say(...)."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
