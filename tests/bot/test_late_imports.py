"""What the start does not need is not loaded by it."""

from __future__ import annotations

import subprocess
import sys


def said_by(code: str) -> str:
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout.strip()


def test_the_start_loads_neither_the_bot_library_nor_the_distances():
    """Both are loaded a second later, in a thread: together they were a quarter of the start."""
    late = "('telegram', 'httpx', 'geopy')"
    assert said_by(f"import sys, bot.commands.run; print([name for name in {late} if name in sys.modules])") == "[]"


def test_who_loads_the_command_line_keeps_the_garbage_collection():
    """It is off while a command's modules load, and for nobody else."""
    assert said_by("import gc, bot.__main__; print(gc.isenabled())") == "True"
