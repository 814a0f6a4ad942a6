"""What other commands ask of the running Sahut: small files in DATA_DIR/requests, because only one process may
write a SQLite file (docs/decisions/0008). With PostgreSQL nobody needs this.

A request is there as a whole or not at all, is carried out in one transaction, and vanishes after the commit.
Carried out twice (killed in between) it does no harm.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage.database import AnyDatabase, run
from usecases import binding
from usecases.house import House
from usecases.ports import Unavailable
from usecases.unit import Unit

log = logging.getLogger("sahut.requests")

FOLDER = "requests"
LOOK_S = 0.5
PATIENCE_S = 15.0


class Unanswered(Exception):
    """The running Sahut did not do what it was asked; the message says what to look at."""


class Requests:
    """The running side: looks into the folder at every beat."""

    def __init__(self, database: AnyDatabase, house: House, folder: Path) -> None:
        self._database = database
        self._house = house
        self._folder = folder
        self._readable = True

    async def look(self) -> None:
        for path in self._waiting():
            try:
                work = self._work(json.loads(path.read_text("utf-8")))
                await run(self._database, work)
            except Unavailable:
                return  # asked again at the next beat
            except FileNotFoundError:
                continue  # who asked has given up
            except Exception as error:  # it would be the same at every beat, and hold up the others
                log.error("a request cannot be carried out", extra={"file": path.name, "error": type(error).__name__})
                path.rename(path.with_suffix(".bad"))
                continue
            path.unlink(missing_ok=True)
            log.info("request carried out", extra={"file": path.name})

    def _waiting(self) -> list[Path]:
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            names = []  # nobody has asked yet
        except OSError as error:
            if self._readable:  # said once, not at every beat
                log.error("requests cannot be read", extra={"folder": str(self._folder), "reason": error.strerror})
            self._readable = False
            return []
        self._readable = True
        return sorted(self._folder / name for name in names if name.endswith(".json"))

    def _work(self, asked: dict[str, Any]) -> Callable[[Unit], None]:
        """The unit of work for a request. raises: ValueError, KeyError for what we do not know."""
        agency, role, code_hash = str(asked["agency"]), str(asked["role"]), str(asked["code_hash"])
        if asked["what"] != "invite" or role not in binding.ROLES or agency not in self._house.city.catalogue.agencies:
            raise ValueError(asked["what"])
        return lambda unit: unit.agencies.invite(code_hash, agency, role, unit.now + binding.CODE_LIVES)


def hand_over(folder: Path, asked: dict[str, str], anybody_there: Callable[[], bool]) -> bool:
    """Ask the running Sahut; True when it was done, False when nobody is there (any more) to do it.

    raises: Unanswered when somebody is there and does not do it, OSError
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(8)}.json"
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asked), encoding="utf-8")
    draft.rename(path)
    until = time.monotonic() + PATIENCE_S
    while path.exists():
        if not anybody_there():
            path.unlink(missing_ok=True)
            return False
        if time.monotonic() > until:
            path.unlink(missing_ok=True)
            raise Unanswered("it does not answer. Is it stopped, or is the database busy? Its log says; then ask again")
        time.sleep(0.05)
    if path.with_suffix(".bad").exists():
        raise Unanswered("it could not read the request. Is it of the same version, and run by the same user as you?")
    return True
