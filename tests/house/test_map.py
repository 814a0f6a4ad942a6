"""docs/map.md shows every Python file of the house, and no room that is not there."""

import re

from tests.house import source

MAP = source.ROOT / "docs" / "map.md"
ELSEWHERE = ("tests/", "benchmarks/")


def shown() -> list[str]:
    """The files that the tables below a folder's heading name."""
    found, folder = [], ""
    for line in MAP.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"#+ (.*)", line):
            named = re.fullmatch(r"`([a-z/_]+/)`", heading[1])
            folder = named[1] if named else ""
        elif folder and (row := re.match(r"\| `([A-Za-z0-9_]+\.py)` \|", line)):
            found.append(folder + row[1])
    return found


def there() -> set[str]:
    return {
        name
        for path in source.tracked()
        if path.suffix == ".py" and not (name := source.name(path)).startswith(ELSEWHERE)
    }


def test_the_map_shows_every_file_once():
    assert len(shown()) == len(set(shown()))


def test_no_file_is_missing_from_the_map():
    assert not sorted(there() - set(shown())), "add a line to docs/map.md"


def test_the_map_names_no_file_that_is_not_there():
    assert not [name for name in shown() if not (source.ROOT / name).is_file()]


def test_the_walks_name_real_files():
    """In the walks a bare file name stands in the folder of the name before it, or in any folder."""
    walks = MAP.read_text(encoding="utf-8").partition("## Two walks")[2].partition("## File by file")[0]
    names = re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)`", walks)
    assert len(names) > 30
    files = [f"/{one}" for one in there()]
    assert not [name for name in names if not any(file.endswith(f"/{name}") for file in files)]
