"""Where tests put their files: into memory, where there is room. Making a database of 300 files costs a fifth of what
it costs on a disk, and a commit that waits for the disk proves nothing here: programs are killed, not the machine."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 * 2**30  # what must be free there; a container often has 64 MB


def room_in_memory() -> Path | None:
    """None: files lie where temporary files usually do."""
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    return MEMORY if there and shutil.disk_usage(MEMORY).free >= ROOM else None
