"""Another project's library reads the messages we send: what it would not build, or builds otherwise, is a fault."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
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


def differences(payloads: Iterable[dict[str, Any]]) -> list[str]:
    """What the second reader finds, one line per message it disagrees with; nothing when it cannot be asked."""
    lines = [json.dumps(payload) for payload in payloads]
    if missing() or not lines:
        return []
    done = subprocess.run(
        [str(shutil.which("node")), str(CHECKER), str(FOLDER)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(said) == len(lines), done.stderr
    return [f"{found}: {line}" for found, line in zip(said, lines, strict=True) if found]
