"""Another project's library reads the messages we send: what it would not build, or builds otherwise, is a fault."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv" / "second-opinion"
CHECKER = Path(__file__).parent / "node" / "check.mjs"


def missing() -> str:
    """Why the second reader cannot be asked, "" when it can."""
    if os.environ.get("NO_NODE") == "1":
        return "not run: NO_NODE=1"
    if shutil.which("node") is None:
        return "not run: no Node.js here"
    if not (FOLDER / "done").exists():
        return "not run: the second reader is not installed; `make node` does it"
    return ""


@cache
def _reader() -> subprocess.Popen[str]:
    """One for all tests of this process: starting Node.js and its library takes longer than anything they are asked."""
    reader = subprocess.Popen(
        [str(shutil.which("node")), str(CHECKER), str(FOLDER)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
    )  # fmt: skip

    @atexit.register
    def end() -> None:
        reader.communicate(timeout=20)

    return reader


def _asked(line: str) -> str:
    """What it finds in one message, "" when it agrees."""
    reader = _reader()
    assert reader.stdin is not None
    assert reader.stdout is not None
    reader.stdin.write(f"{line}\n")
    said = reader.stdout.readline()
    assert said, "the second reader ended; what it wrote stands above"
    return str(json.loads(said))


def differences(payloads: Iterable[dict[str, Any]]) -> list[str]:
    """What the second reader finds, one line per message it disagrees with; nothing when it cannot be asked."""
    lines = [json.dumps(payload) for payload in payloads]
    if missing() or not lines:
        return []
    return [f"{found}: {line}" for line in lines if (found := _asked(line))]
