"""Set-up files tell the truth: settings, locks, targets; and no secret lies in the repository."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot import settings
from bot.__main__ import main
from tests.house import source

LOCKS = sorted(source.ROOT.glob("requirements*.lock"))
EXAMPLE = source.ROOT / ".env.example"
names = source.name


def example() -> dict[str, str]:
    pairs = re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(pairs) == len(dict(pairs)), "a setting stands twice in .env.example"
    return dict(pairs)


def test_the_example_names_every_setting_in_order():
    assert tuple(example()) == settings.names()


def test_the_example_holds_the_defaults():
    assert settings.load(EXAMPLE) == settings.load(None)


def test_every_setting_is_explained():
    blocks = re.split(r"\n\s*\n", EXAMPLE.read_text(encoding="utf-8"))
    for block in blocks:
        if re.search(r"^[A-Z_]+=", block, re.MULTILINE):
            assert block.startswith("# "), block


@pytest.mark.parametrize("lock", LOCKS, ids=names)
def test_locks_name_no_host(lock: Path):
    assert not re.findall(r".*(?:://|index-url|find-links|file:).*", lock.read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", LOCKS, ids=names)
def test_everything_locked_has_a_hash(lock: Path):
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9.\[\]-]+==\S+ ", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_the_second_reader_is_pinned_by_hash_and_names_no_host():
    lock = json.loads((source.ROOT / "tests/bench/node/package-lock.json").read_text(encoding="utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert all(package["integrity"].startswith("sha512-") and "resolved" not in package for package in packages)


def test_tests_run_with_the_versions_that_people_run():
    run, dev = (_versions(source.ROOT / name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert run.items() <= dev.items()


def test_every_dependency_is_locked():
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
    }
    for lock, dependencies in wanted.items():
        locked = _versions(source.ROOT / lock)
        for dependency in dependencies:
            name = re.match(r"[A-Za-z0-9_-]+", dependency)
            assert name
            assert name[0].lower() in locked, f"{name[0]} is not in {lock}: run `make lock`"


def _versions(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_room_is_declared_everywhere():
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert set(project["setuptools"]["packages"]) == set(source.ROOMS)
    assert set(project["importlinter"]["root_packages"]) == set(source.ROOMS)
    makefile = (source.ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^CODE := (.*)$", makefile, re.MULTILINE)[1].split() == list(source.ROOMS)  # type: ignore[index]


def test_every_channel_is_kept_apart_from_the_others():
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    (apart,) = (one for one in project["importlinter"]["contracts"] if one["id"] == "channels-alone")
    folders = {path.parent.name for path in (source.ROOT / "bot" / "channels").glob("*/__init__.py")}
    assert {f"bot.channels.{name}" for name in folders} == set(apart["modules"])


def test_the_program_says_the_version_of_its_package(capsys: pytest.CaptureFixture[str]):
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"sahut {project['version']}\n")


def test_every_target_tells_what_it_does():
    makefile = (source.ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    told = subprocess.run(["make", "help"], cwd=source.ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"make ([a-z-]+) ", told)) == set(phony.split())


def test_ci_does_what_make_does():
    lines = (source.ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make check", "make test"]
    assert "set -euo pipefail" in lines


FORBIDDEN = (
    re.compile(rb"(?<!\d)\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
    re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(rb"\bEAA[A-Za-z0-9]{40,}"),
)


def test_no_token_no_key_and_no_private_file_is_in_the_repository():
    found = []
    for path in source.tracked():
        if path.name in (".env", "secret.key") or path.suffix in (".db", ".sqlite", ".sqlite3"):
            found.append(source.name(path))
        content = path.read_bytes()
        found += [f"{source.name(path)}: {one.pattern!r}" for one in FORBIDDEN if one.search(content)]
    assert not found


def test_no_file_is_too_large_for_a_repository():
    assert not [source.name(path) for path in source.tracked() if path.stat().st_size > 1_000_000]


def test_the_licence_is_the_one_that_is_declared():
    licence = (source.ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in licence
    assert "13. Remote Network Interaction" in licence


def test_the_launcher_keeps_the_folder_its_caller_stands_in(tmp_path: Path):
    """`cd /elsewhere; /opt/sahut/.venv/bin/sahut match in.txt`: the file is there, `.env` is in the checkout."""
    checkout, elsewhere = tmp_path / "the checkout", tmp_path / "else where"
    for folder in (checkout / "tools", checkout / ".venv" / "bin", elsewhere):
        folder.mkdir(parents=True)
    shutil.copy(source.ROOT / "tools" / "setup.sh", checkout / "tools")
    python = checkout / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    launcher = checkout / ".venv" / "bin" / "sahut"
    launcher.write_text("#!/bin/sh\n# of an older version\n", encoding="utf-8")
    for program in (python, launcher):
        program.chmod(0o755)
    (checkout / "requirements.lock").write_text("", encoding="utf-8")
    line = "cksum < requirements.lock | tr ' ' '-'"
    mark = subprocess.run(["sh", "-c", line], cwd=checkout, capture_output=True, text=True, check=True).stdout.strip()
    (checkout / ".venv" / ".locks").write_text(f"{mark} requirements.lock\n", encoding="utf-8")
    subprocess.run(["sh", "tools/setup.sh"], cwd=checkout, check=True, timeout=20)
    called = subprocess.run([launcher, "match", "in a.txt"], cwd=elsewhere, capture_output=True, text=True, check=True)
    assert called.stdout.splitlines() == [
        str(checkout), "-m", "bot", "--standing-in", str(elsewhere), "match", "in a.txt"
    ]  # fmt: skip
