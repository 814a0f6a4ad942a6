"""What `doctor` finds on the disk: whose files they are, whether they can be written, whether there is room."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot import owner
from bot.commands.findings import Line
from bot.settings import Settings, SettingsError
from storage import sole

LITTLE_SPACE = 200 * 2**20
SOME_SPACE = 2 * 2**30
NETWORK = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "glusterfs", "ceph", "afs")


def about_disk(settings: Settings) -> Iterator[Line]:
    yield from about_folder(settings.data_dir)
    yield from about_key(settings)
    yield from about_rights(settings.data_dir, settings.data_dir / "secret.key", Path(".env"))
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


def about_key(settings: Settings) -> Iterator[Line]:
    """Is the key there by which buttons and tracking codes were signed?"""
    path = settings.data_dir / "secret.key"
    if settings.secret_key:
        return
    try:
        if path.exists():
            settings.signing_key()
        elif _was_used(settings):
            advice = "Bring it back from the backup before the next start: a new one makes old buttons and codes void"
            yield Line("bad", f"{path} is missing beside a database", advice)
    except SettingsError as wrong:
        what, _, advice = str(wrong).partition(". ")
        yield Line("bad", what, advice.rstrip("."))
    except OSError as error:
        yield Line("bad", f"{path} cannot be read ({error.strerror})", owner.ask_as(settings, "doctor"))


def _was_used(settings: Settings) -> bool:
    """Whether a Sahut has run here: its SQLite file, or with PostgreSQL what every start keeps. raises: OSError"""
    lock = sole.lock_file(settings.database_url)
    if lock is None:
        return (settings.data_dir / "cache").exists()
    database = lock.with_suffix("")
    return database.exists() and database.stat().st_size > 0


def about_rights(*paths: Path) -> Iterator[Line]:
    """People's words, the key and the tokens are nobody else's business on this machine."""
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError:  # not there, or not ours to look at, which is told elsewhere
            continue
        if mode & 0o007:
            yield Line(
                "warn",
                f"{path} is open to every user of this machine",
                f"chmod {700 if path.is_dir() else 600} {path}",
            )


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
