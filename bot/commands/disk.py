"""What `doctor` finds on the disk: whose files they are, whether they can be written, whether there is room."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot import owner
from bot.commands.findings import Line
from bot.settings import Settings
from storage import sole

LITTLE_SPACE = 200 * 2**20
SOME_SPACE = 2 * 2**30
NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph", "afs")


def about_disk(settings: Settings) -> Iterator[Line]:
    yield from about_folder(settings.data_dir)
    try:
        yield from about_owner(settings)
        yield from about_file(settings.database_url)
    except OSError as error:
        yield Line("bad", f"{error.filename} cannot be looked at ({error.strerror})", owner.ask_as(settings, "doctor"))


def about_owner(settings: Settings) -> Iterator[Line]:
    """Are we the user who runs Sahut, and is everything theirs? raises: OSError"""
    who, strays = owner.strays(settings)
    if who != owner.me():
        yield Line(
            "warn",
            f"Sahut's files belong to {who}: what stands here of rights is true of you",
            owner.ask_as(settings, "doctor"),
        )
    if strays:
        named = ", ".join(map(str, strays[:5]))
        yield Line("bad", f"not {who}'s, who runs Sahut: {named}", owner.gift(who, strays))


def about_file(url: str) -> Iterator[Line]:
    """Can the SQLite file, and what SQLite and Sahut keep beside it, be written? raises: OSError"""
    lock = sole.lock_file(url)
    if lock is None:
        return
    database = lock.with_suffix("")
    kept = [Path(f"{database}{end}") for end in ("", "-wal", "-shm", ".lock")]
    shut = [path for path in kept if path.exists() and not owner.can_write(path)]
    if database.exists() and not owner.can_write(database.parent):
        shut.append(database.parent)
    if shut:
        advice = "Sahut can keep nothing: give them to the user that runs it, writable (chmod u+w)"
        yield Line("storage", f"may not be written by this user: {', '.join(map(str, shut))}", advice)


def about_folder(folder: Path) -> Iterator[Line]:
    """Can we write there, is there room, and is it a disk of this machine?"""
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        advice = "Give it to the user that runs Sahut, or set DATA_DIR"
        yield Line("bad", f"{folder} cannot be written ({error.strerror})", advice)
        return
    free = shutil.disk_usage(there).free
    size = f"{free / 2**30:.1f} GB free"
    if free < LITTLE_SPACE:
        yield Line("bad", f"{folder}: only {free / 2**20:.0f} MB free", "Make room: a full disk takes no reports")
    elif free < SOME_SPACE:
        yield Line("warn", f"{folder}: {size}", "Photos need about 0.3 MB each; make room in time")
    else:
        yield Line("ok", f"{folder} can be written, {size}")
    kind = file_system(there, Path("/proc/mounts"))
    if kind in NETWORK:
        yield Line(
            "bad",
            f"{folder} lies on a network file system ({kind}), where locks cannot be trusted",
            "Move it to a disk of this machine, or use PostgreSQL",
        )


def file_system(path: Path, mounts: Path) -> str:
    """The kind of file system a path lies on; "" when this system does not tell."""
    try:
        rows = [row.split()[:3] for row in mounts.read_text("utf-8").splitlines()]
    except OSError:
        return ""
    whole = path.resolve()
    holding = [(len(at), kind) for _, at, kind in rows if whole == Path(at) or Path(at) in whole.parents]
    return max(holding, default=(0, ""))[1]
