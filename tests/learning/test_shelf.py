"""Versions on disk: kept, used, gone back from; a broken or foreign one is refused in plain words."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from learning.lessons import Lesson
from learning.shelf import COLD, KEEP, Shelf, UnusableModel


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, "kota-anu")


def test_a_version_comes_back_as_it_went(shelf: Shelf, lesson: Lesson) -> None:
    assert (shelf.active(), shelf.versions()) == (COLD, [])
    version = shelf.put(lesson.model, {"made": "today"})
    assert shelf.active() == COLD, "put aside, not in use yet"
    shelf.use(version)
    assert shelf.active() == version
    assert shelf.get(version) == lesson.model
    (entry,) = shelf.entries()
    assert (entry.version, entry.active, entry.about) == (1, True, {"made": "today"})


def test_one_can_go_back(shelf: Shelf, lesson: Lesson) -> None:
    for _ in range(3):
        shelf.use(shelf.put(lesson.model, {}))
    assert shelf.before(3) == 2
    assert shelf.before(1) == COLD
    shelf.use(COLD)
    assert shelf.active() == COLD
    with pytest.raises(UnusableModel, match="no version 9"):
        shelf.use(9)


def test_old_versions_go_but_never_the_one_in_use(shelf: Shelf, lesson: Lesson) -> None:
    shelf.use(shelf.put(lesson.model, {}))
    for _ in range(KEEP + 2):
        shelf.put(lesson.model, {})
    assert shelf.versions() == [1, *range(4, KEEP + 4)]


def broken(file: Path, how: str) -> None:
    text = file.read_text("utf-8")
    changes = {
        "cut": text[: len(text) // 2],
        "empty": "",
        "bit": text.replace('"LAMP"', '"LOMP"', 1),
        "binary": "\ud800",
    }
    file.write_bytes(changes[how].encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("how", ["cut", "empty", "bit", "binary"])
def test_a_damaged_file_is_refused(shelf: Shelf, lesson: Lesson, tmp_path: Path, how: str) -> None:
    version = shelf.put(lesson.model, {})
    broken(tmp_path / "learned" / "kota-anu" / "0001.json", how)
    with pytest.raises(UnusableModel, match=r"damaged|cannot be read"):
        shelf.get(version)
    (entry,) = shelf.entries()
    assert entry.trouble


def rewritten(shelf: Shelf, lesson: Lesson, file: Path, change) -> None:  # type: ignore[no-untyped-def]
    """A file with a right checksum and a wrong inside."""
    from learning.shelf import _sum

    shelf.put(lesson.model, {})
    body = json.loads(file.read_text("utf-8").partition("\n")[2])
    change(body)
    text = json.dumps(body)
    file.write_text(f"sha256:{_sum(text)}\n{text}", "utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.update(format=99),
        lambda body: body.pop("model"),
        lambda body: body["model"].update(bias=[0.0]),
        lambda body: body["model"]["bias"].__setitem__(0, float("nan")),
        lambda body: body["model"]["words"].update(weights="AAAA"),
        lambda body: body["model"]["words"].update(weights="not base64!"),
        lambda body: body["model"]["words"]["rarity"].__setitem__(0, 0),
        lambda body: body["model"]["mix"].pop("sure"),
        lambda body: body["model"].update(categories=None),
    ],
)
def test_a_file_of_another_shape_is_refused(shelf: Shelf, lesson: Lesson, tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]
    rewritten(shelf, lesson, tmp_path / "learned" / "kota-anu" / "0001.json", change)
    with pytest.raises(UnusableModel, match="Learn again"):
        shelf.get(1)


def test_another_citys_model_is_refused(shelf: Shelf, lesson: Lesson) -> None:
    shelf.put(replace(lesson.model, city="kota-lain"), {})
    with pytest.raises(UnusableModel, match="was learned from kota-lain"):
        shelf.use(1)


def test_an_unreadable_note_means_cold(shelf: Shelf, lesson: Lesson, tmp_path: Path) -> None:
    shelf.use(shelf.put(lesson.model, {}))
    (tmp_path / "learned" / "kota-anu" / "active").write_text("???")
    assert shelf.active() == COLD
