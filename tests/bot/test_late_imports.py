"""What the start does not need is not loaded by it."""

from __future__ import annotations

import subprocess
import sys


def test_the_start_loads_neither_the_bot_library_nor_the_distances():
    """Both are loaded a second later, in a thread: together they were a quarter of the start."""
    code = (
        "import sys, bot.commands.run; print([name for name in ('telegram', 'httpx', 'geopy') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout
    assert said.strip() == "[]"
