"""See tests/usecases/fixtures.py."""

from tests.usecases.fixtures import (  # noqa: F401
    leased,
    on_postgres,
    on_sqlite,
    town,
    towns,
    url,
    workers,
)
