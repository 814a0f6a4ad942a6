"""Files and functions stay small enough to be read in one go."""

import ast

from tests.house import source

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MOST_PARAMETERS = 7

# Name what is excused, and why. An excuse that is no longer needed fails the test.
EXCUSED = {
    "storage/tables.py": "all tables on one page",
}
EXCUSED_FOLDERS = ("storage/migrations/versions/",)  # written once, never edited


def too_big() -> dict[str, str]:
    found = {}
    for path in source.in_rooms():
        name = source.name(path)
        if name.startswith(EXCUSED_FOLDERS):
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            found[name] = f"{lines} lines"
        for function in source.functions(path):
            long = (function.end_lineno or 0) - function.lineno + 1
            if long > LONGEST_FUNCTION:
                found[f"{name}:{function.name}"] = f"{long} lines"
            if _parameters(function) > MOST_PARAMETERS:
                found[f"{name}:{function.name}()"] = f"{_parameters(function)} parameters"
    return found


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([one for one in given if one.arg not in ("self", "cls")])


def test_nothing_is_too_big():
    unexcused = {what: size for what, size in too_big().items() if what not in EXCUSED}
    assert not unexcused, "too big: " + "; ".join(f"{what} ({size})" for what, size in unexcused.items())


def test_every_excuse_is_still_needed():
    assert set(EXCUSED) <= set(too_big())
