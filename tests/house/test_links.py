"""Relative links in the documents lead somewhere, and so do the headings they name."""

import re
from pathlib import Path

import pytest

from tests.house import source

DOCUMENTS = [path for path in source.tracked() if path.suffix == ".md"]
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
_FROM_CODE = re.compile(r"docs/(?:decisions/\d{4}[a-z0-9-]*|[a-z-]+\.md)")


def links(document: Path) -> list[str]:
    """Targets of links that stay in the repository."""
    words = _CODE.sub("", document.read_text(encoding="utf-8"))
    return [link for link in _LINK.findall(words) if not re.match(r"[a-z]+:", link)]


def anchors(document: Path) -> set[str]:
    """The names under which headings are reached."""
    words = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", words, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=source.name)
def test_relative_links_lead_somewhere(document: Path):
    broken = []
    for link in links(document):
        place, _, anchor = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        fine = target.exists() and target.is_relative_to(source.ROOT)
        if not fine or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


def test_documents_that_the_code_refers_to_are_there():
    broken = []
    for path in source.in_rooms():
        for named in _FROM_CODE.findall(path.read_text(encoding="utf-8")):
            beginning = source.ROOT / named
            if not list(beginning.parent.glob(f"{beginning.name}*")):
                broken.append(f"{source.name(path)}: {named}")
    assert not broken


def test_decisions_are_numbered_once_and_say_when_they_hold():
    decisions = sorted((source.ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in decisions]
    assert len(numbers) == len(set(numbers))
    for path in decisions:
        words = path.read_text(encoding="utf-8")
        assert words.startswith(f"# {path.name[:4]}"), path.name
        for part in ("Status", "Context", "Decision", "Consequences"):
            assert part in words, f"{path.name}: {part}"
