"""Texts: every language says everything, with the same slots; nothing is missing and nothing is left over."""

import re

import pytest

from tests.house import source
from tests.house.text_use import found
from texts import catalogue

BASE = "id"
LONGEST_LABEL = 24
LANGUAGES = sorted(path.stem for path in (source.ROOT / "texts").glob("*.toml"))
KNOWN = catalogue.shipped()


def whole(language: str = BASE) -> set[str]:
    """Keys without the singular forms, which a language may have or not."""
    return {key for key in KNOWN.keys(language) if not key.endswith(".one")}


def words(key: str, language: str) -> str:
    return "".join(piece.words for piece in KNOWN._templates[language][key])


def test_indonesian_and_english_are_there():
    assert {"id", "en"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str):
    base, other = whole(), whole(language)
    assert other == base, f"missing {sorted(base - other)}, left over {sorted(other - base)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_the_same_slots(language: str):
    """A text may also consist of the slot with the language's own name: it chooses among what the city wrote."""
    shared = KNOWN.keys(BASE) & KNOWN.keys(language)
    pairs = {key: (KNOWN.slots(key, BASE), KNOWN.slots(key, language)) for key in shared}
    assert not {key: pair for key, pair in pairs.items() if pair[0] != pair[1] and pair != ({BASE}, {language})}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_and_every_brace_is_a_slot(language: str):
    for key in KNOWN.keys(language):
        assert words(key, language).strip() or KNOWN.slots(key, language), key
        assert not re.search(r"[{}]", words(key, language)), key


def test_every_key_that_is_said_has_words():
    missing = {key: place for key, place in found().said.items() if key not in KNOWN.keys(BASE)}
    assert not missing


def test_every_beginning_of_a_key_leads_to_words():
    tables = {key.split(".")[0] for key in whole()}
    built = {start: place for start, place in found().beginnings.items() if start.split(".")[0] in tables}
    assert not {start: place for start, place in built.items() if not any(k.startswith(start) for k in whole())}


def test_every_text_is_said_somewhere():
    use = found()
    left_over = [key for key in whole() if key not in use.keys and not key.startswith(tuple(use.beginnings))]
    assert not left_over, sorted(left_over)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_on_a_button(language: str):
    use = found()
    built = {key for key in whole(language) - set(use.keys) if key.startswith(tuple(use.label_beginnings))}
    labels = KNOWN.keys(language) & (use.labels | built)
    assert labels
    # A label with a slot is as long as the city's data; the channel cuts those.
    fixed = [key for key in labels if not KNOWN.slots(key, language)]
    assert not {key: words(key, language) for key in fixed if len(words(key, language)) > LONGEST_LABEL}
