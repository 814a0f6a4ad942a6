"""Whose installation this is: what another user makes there, the service could neither read nor write."""

from __future__ import annotations

import os
import pwd
import shlex
from collections.abc import Iterable
from pathlib import Path

from bot.settings import Settings, SettingsError
from storage import sole

ROOT = 0


def check(settings: Settings, command: str) -> None:
    """Before a command makes anything. raises: SettingsError with the command for the right user"""
    foreign = others(settings)
    if not foreign:
        return
    owner, caller = name(foreign[0].stat().st_uid), me()
    raise SettingsError(
        f"{foreign[0]} belongs to {owner}, and you are {caller}: what {caller} makes there, {owner} could not use. "
        f"Nothing was done.\nRun this as {owner}: sudo -u {owner} .venv/bin/sahut {command} ...\n"
        f"Only if {caller} is to run Sahut from now on: {gift(caller, foreign)}"
    )


def others(settings: Settings) -> list[Path]:
    """What the user who calls us should leave to its owner: Sahut's first files, or its folder while that is empty.

    A folder of somebody else in which we may write is in order (a volume that belongs to root, shared with our group),
    but for root, who may write everywhere.
    """
    uid, folder = os.geteuid(), settings.data_dir
    try:
        owners = {path: path.stat().st_uid for path in _first_files(settings) if _is_there(path)}
        if owners:
            return [path for path, owner in owners.items() if owner != uid]
    except PermissionError:  # not even looked into
        return [folder] if folder.stat().st_uid != uid else []
    if not _is_there(folder) or folder.stat().st_uid == uid:
        return []
    return [folder] if uid == ROOT or not can_write(folder) else []


def strays(settings: Settings) -> tuple[str, list[Path]]:
    """Whose data folder it is, and what in it belongs to somebody else. raises: OSError"""
    folder = settings.data_dir
    if not folder.is_dir():
        return me(), []
    owner = os.geteuid()
    if owner == ROOT:  # who looks after the service, rather than the service
        known = [folder, *filter(_is_there, _first_files(settings))]
        owner = next((uid for path in known if (uid := path.stat().st_uid) != ROOT), ROOT)
    paths = sorted({*folder.iterdir(), *filter(_is_there, _first_files(settings))})
    return name(owner), [path for path in paths if path.lstat().st_uid != owner]


def ask_as(settings: Settings, command: str) -> str:
    """The command line for the user whose data folder it is."""
    try:
        who = strays(settings)[0]
    except OSError:
        who = name(settings.data_dir.stat().st_uid) if os.access(settings.data_dir, os.F_OK) else "USER"
    return f"Ask as that user: sudo -u {who} .venv/bin/sahut {command}"


def me() -> str:
    """The user who calls us."""
    return name(os.geteuid())


def can_write(path: Path) -> bool:
    """May the user who calls us write this file, or make files in this folder?"""
    return os.access(path, os.W_OK | os.X_OK if path.is_dir() else os.W_OK)


def name(uid: int) -> str:
    """A user as `sudo -u` and `chown` know them."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}" if uid else "root"


def gift(to: str, paths: Iterable[Path]) -> str:
    """The command by which `paths` become somebody's own."""
    return f"sudo chown -R {to.removeprefix('#')} {shlex.join(map(str, paths))}"


def _first_files(settings: Settings) -> list[Path]:
    """Made at the first start, by the user who runs Sahut."""
    lock = sole.lock_file(settings.database_url)
    return [settings.data_dir / "secret.key", *([] if lock is None else [lock.with_suffix(""), lock])]


def _is_there(path: Path) -> bool:
    """raises: PermissionError where we may not look"""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
