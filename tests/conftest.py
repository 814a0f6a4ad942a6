"""What every test may ask for: databases, a browser; and what no test may do: reach another machine."""

import contextlib
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import network, pg
from tests.memory import room_in_memory

if TYPE_CHECKING:
    from tests.leased import Leases

TESTS = Path(__file__).parent

gc.disable()  # until everything is loaded: pytest_collection_finish
network.install()
if (memory := room_in_memory()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))  # pytest's own word for the root of all `tmp_path`

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no finding
hypothesis.settings.load_profile("patient")


@pytest.hookimpl(optionalhook=True)  # without xdist nobody asks
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait, for a browser or for what a killed program left behind."""
    return (os.cpu_count() or 1) + 1


SECOND_OPINION = ("bench", "walks", "channels/telegram")  # here aiogram reads what we send: five seconds to load


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that kill programs come first: they wait a lot, and at the end nobody would have anything else to do.
    Those that load aiogram come next and together, so that not every worker has to. Workers begin with equal parts of
    the list and take from each other's ends, so those with a browser stand where the second one begins."""

    def place(item: pytest.Item) -> int:
        if item.get_closest_marker("crash") is not None:
            return 0
        if item.get_closest_marker("browser") is not None:
            return 3
        folder = item.path.parent.relative_to(TESTS).as_posix()
        return 1 if folder in SECOND_OPINION else 2

    items.sort(key=place)
    seen = sum(item.get_closest_marker("browser") is None for item in items)
    second = min(len(items) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")), seen)
    items[second:] = items[seen:] + items[second:seen]


def pytest_collection_finish() -> None:
    """What was loaded by now stays until the end: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _only_this_machine() -> Iterator[None]:
    before = len(network.attempts)
    yield
    tried = network.attempts[before:]
    del network.attempts[before:]
    assert not tried, f"this test tried to reach {', '.join(tried)}"


@pytest.fixture(autouse=True)
def _settings_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests see the defaults, not what the developer has in the environment."""
    from bot import settings

    for name in settings.names():
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def city_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that asks for its city gets the one all tests share, as if it had been kept beside its database."""
    from cities import kept
    from tests.halls import hall

    monkeypatch.setattr(kept, "load", lambda slug, folder, **_: hall(slug))


@pytest.fixture(scope="session")
def postgres() -> Iterator[pg.Server]:
    """The PostgreSQL of this session; started when the first test asks."""
    if os.environ.get("NO_PG") == "1":
        pytest.skip("NO_PG=1: PostgreSQL is left out")
    try:
        with pg.running() as server:
            yield server
    except pg.NoPostgres as error:
        pytest.fail(f"PostgreSQL could not be started (NO_PG=1 leaves it out):\n{error}", pytrace=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of its own for the test, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    server: pg.Server = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def ready_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Like `database_url`, with the newest schema in it: a copy of one that was migrated once in this session."""
    if request.param == "sqlite":
        file = tmp_path / "ready.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: pg.Server = request.getfixturevalue("postgres")
    with server.database(request.getfixturevalue("postgres_template")) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from storage import schema

    file = tmp_path_factory.mktemp("schema") / "migrated.db"
    schema.migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: pg.Server) -> Iterator[str]:
    from storage import schema

    name = postgres.create()
    schema.migrate(postgres.url(name))
    yield name
    postgres.drop(name)


@pytest.fixture(scope="session")
def leases(postgres: pg.Server, postgres_template: str) -> Iterator["Leases"]:
    """The databases with our schema that go from test to test."""
    from tests.leased import Leases

    with contextlib.closing(Leases(postgres, postgres_template)) as made:
        yield made


@pytest.fixture
def postgres_url(postgres: pg.Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, for tests of what only PostgreSQL can do."""
    with postgres.database() as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium for `executable_path=`; missing is an error unless NO_BROWSER=1."""
    if os.environ.get("NO_BROWSER") == "1":
        pytest.skip("NO_BROWSER=1: browser tests are left out")
    names = (os.environ.get("CHROMIUM_PATH", ""), "chromium", "chromium-browser", "google-chrome", "chrome")
    for name in names:
        found = shutil.which(name) if name else None
        if found:
            return found
    pytest.fail(
        "No Chromium found. Install it (Debian: apt-get install chromium), name it in CHROMIUM_PATH, "
        "or leave these tests out with NO_BROWSER=1.",
        pytrace=False,
    )
