"""Towns on both databases, for stories played through the use cases."""

from tests.usecases.fixtures import (  # noqa: F401
    leased,
    on_postgres,
    on_sqlite,
    town,
    towns,
    url,
)
