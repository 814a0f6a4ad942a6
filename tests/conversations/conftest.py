"""Towns on both databases, for stories played through the use cases."""

from tests.usecases.fixtures import (  # noqa: F401
    on_postgres,
    on_sqlite,
    postgres_template,
    sqlite_template,
    town,
    towns,
    url,
)
