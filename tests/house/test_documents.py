"""What the documents list is what there is: tables, checks, commands, settings."""

import ast
import re

import pytest

from bot import settings
from bot.__main__ import _COMMANDS
from storage.tables import metadata
from tests.house import source
from usecases.verify import CHECKS


def words(name: str) -> str:
    return (source.ROOT / name).read_text(encoding="utf-8")


def test_delivery_lists_every_table():
    part = words("docs/delivery.md").partition("## 2. Tables")[2].partition("## 3.")[0]
    rows = "".join(re.findall(r"^\| (`[^|]*`) \|", part, re.MULTILINE))
    assert set(re.findall(r"`([a-z_]+)`", rows)) == set(metadata.tables)


def test_delivery_lists_the_beginning_of_every_key():
    """Of what the use cases write: an f-string that begins with a word and a colon, but for buttons."""
    part = words("docs/delivery.md").partition("## 3. Keys")[2].partition("## 4.")[0]
    written = {
        begins[1]
        for path in source.in_rooms("usecases")
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
        if (begins := re.match(r"([a-z_]+):", str(node.values[0].value)))
    }
    assert written - {"card", "ticket"} == set(re.findall(r"`([a-z_]+):", part)) - {"card", "m", "e", "c", "u", "w"}


def test_the_runbook_explains_every_finding_of_verify():
    part = words("docs/runbook.md").partition("## What verify says")[2].partition("\n## ")[0]
    rows = "".join(re.findall(r"^\| ([^|]*`[^|]*) \|", part, re.MULTILINE))
    assert set(re.findall(r"`([a-z-]+)`", rows)) == {check.name for check in CHECKS}


def test_the_readme_lists_every_command_that_is_there():
    there = {name for name, _, _ in _COMMANDS if (source.ROOT / "bot" / "commands" / f"{name}.py").exists()}
    assert set(re.findall(r"^\| `sahut ([a-z]+)", words("README.md"), re.MULTILINE)) == there


@pytest.mark.parametrize(
    "name", ["README.md", "docs/runbook.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/whatsapp.md"]
)
def test_documents_name_only_settings_that_exist(name: str):
    named = set(
        re.findall(r"\b((?:TELEGRAM|WHATSAPP|SAHUT|DATABASE|DATA|PUBLIC|SECRET|GEOCODER|LOG)_[A-Z_]+)\b", words(name))
    )
    assert named <= set(settings.names())


def test_documents_name_only_make_targets_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", words("Makefile"), re.MULTILINE))
    for path in source.tracked():
        if path.suffix == ".md":
            named = set(re.findall(r"(?:^|`)make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
            assert named <= targets, source.name(path)
