"""Texts: every language says everything, with the same slots; nothing is missing and nothing is left over."""

import ast
import re
from functools import cache

import pytest

from tests.house import source
from texts import catalogue

BASE = "id"
LONGEST_LABEL = 24
# Keys that code puts together; what stands before the first slot of the f-string.
BUILT = (
    "date.",
    "span.",
    "status.",
    "outcome.",
    "action.",
    "refusal.words.",
    "refusal.proof_",
    "officer.agency_",
    "officer.close_",
    "officer.did_",
    "officer.done_",
    "officer.in_days_",
    "officer.reason_",
)
BY_LANGUAGE = {"card.category"}  # data in two languages: each language picks its own slot
FUNCTIONS = ("Text", "say")


def languages() -> list[str]:
    return sorted(path.stem for path in (source.ROOT / "texts").glob("*.toml"))


@cache
def literals() -> frozenset[str]:
    """Every string of the code outside docstrings."""
    found: set[str] = set()
    for path in source.in_rooms():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return frozenset(found)


def said() -> dict[str, str]:
    """Keys given to Text("...") or say("..."), and where."""
    found = {}
    for path in source.in_rooms():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and source.called(node) in FUNCTIONS and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found[first.value] = f"{source.name(path)}:{node.lineno}"
    return found


def labels() -> set[str]:
    """Keys that stand on a button: Choice(action, Text("..."))."""
    found = set()
    for path in source.in_rooms():
        for node in ast.walk(source.tree(path)):
            if isinstance(node, ast.Call) and source.called(node) == "Choice" and len(node.args) > 1:
                inner = node.args[1]
                if isinstance(inner, ast.Call) and source.called(inner) in FUNCTIONS and inner.args:
                    first = inner.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        found.add(first.value)
    return found


def whole(keys: frozenset[str]) -> set[str]:
    """Keys without the singular forms, which a language may have or not."""
    return {key for key in keys if not key.endswith(".one")}


def test_indonesian_and_english_are_there():
    assert {"id", "en"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything(language: str):
    known = catalogue.shipped()
    base, other = whole(known.keys(BASE)), whole(known.keys(language))
    assert other == base, f"missing {sorted(base - other)}, left over {sorted(other - base)}"


@pytest.mark.parametrize("language", languages())
def test_every_language_fills_the_same_slots(language: str):
    known = catalogue.shipped()
    shared = known.keys(BASE) & known.keys(language)
    different = {
        key: (sorted(known.slots(key, BASE)), sorted(known.slots(key, language)))
        for key in shared
        if known.slots(key, BASE) != known.slots(key, language) and key not in BY_LANGUAGE
    }
    assert not different


@pytest.mark.parametrize("language", languages())
def test_no_text_is_empty_and_every_brace_is_a_slot(language: str):
    known = catalogue.shipped()
    for key in known.keys(language):
        words = "".join(piece.words for piece in known._templates[language][key])
        assert words.strip() or known.slots(key, language), key
        assert not re.search(r"[{}]", words), key


def test_every_key_that_is_said_has_words():
    known = catalogue.shipped().keys(BASE)
    assert not {key: place for key, place in said().items() if key not in known and key != "literal"}


def test_every_text_is_said_somewhere():
    left_over = {
        key for key in whole(catalogue.shipped().keys(BASE)) if key not in literals() and not key.startswith(BUILT)
    }
    assert not left_over, sorted(left_over)


@pytest.mark.parametrize("prefix", BUILT)
def test_every_built_prefix_is_still_built(prefix: str):
    assert any(key.startswith(prefix) for key in catalogue.shipped().keys(BASE))
    assert any(text.startswith(prefix) for text in literals())


@pytest.mark.parametrize("language", languages())
def test_labels_fit_on_a_button(language: str):
    known = catalogue.shipped()
    long = {}
    for key in labels() & known.keys(language):
        if known.slots(key, language):
            continue  # the city's data decide how long it gets; the channel cuts
        words = "".join(piece.words for piece in known._templates[language][key])
        if len(words) > LONGEST_LABEL:
            long[key] = words
    assert not long
