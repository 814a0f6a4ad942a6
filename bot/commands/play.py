"""`sahut play`: the whole program in a terminal, on a database that is thrown away. Numbers press buttons."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot import wiring
from bot.channels.webchat.incoming import Incoming
from bot.settings import Settings
from bot.stage import Stage
from bot.terminal import Screen


def command(settings: Settings, asked: argparse.Namespace) -> int:
    """Exit codes: 0 ended, 2 the story or the input cannot be read."""
    story: Iterator[str] | None = None
    if asked.story:
        try:
            story = iter(Path(asked.story).read_text("utf-8").splitlines())
        except OSError as error:
            print(f"sahut: {asked.story} cannot be read ({error.strerror}).", file=sys.stderr)
            return 2
        except UnicodeDecodeError:
            print(f"sahut: {asked.story} is no text. Save it as UTF-8, one line for each thing typed.", file=sys.stderr)
            return 2
    elif sys.stdin is None:
        print(
            "sahut: the input is closed. Type in a terminal, or name a story: sahut play --story FILE", file=sys.stderr
        )
        return 2
    else:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    terminal = sys.stdout.isatty()
    screen = Screen(sys.stdout, colour=terminal and not asked.plain, width=shutil.get_terminal_size().columns)
    with tempfile.TemporaryDirectory(prefix="sahut-play-") as folder, asyncio.Runner() as runner:
        with suppress(OSError):  # a city kept beside the real database need not be read anew
            shutil.copytree(settings.data_dir / "cache", Path(folder) / "cache")
        database = f"sqlite:///{folder}/play.db"
        here = Settings(city=settings.city, data_dir=Path(folder), database_url=database)  # nothing that leads outside
        app = wiring.build(here)
        try:
            runner.run(app.start())
            stage = Stage(app, Incoming(Path(folder) / "incoming"), screen)
            _converse(runner, stage, screen, story, app.house.city.name)
        finally:
            runner.run(app.stop())
    return 0


def _converse(runner: asyncio.Runner, stage: Stage, screen: Screen, story: Iterator[str] | None, city: str) -> None:
    """Between two inputs nothing runs; everything that a line causes has happened when the next is asked for."""
    screen.note(f"Sahut for {city}. Nothing is kept. /? lists the commands, /keluar ends.")
    with suppress(KeyboardInterrupt, EOFError):
        for line in _lines(stage, screen, story, edited=story is None and _readline()):
            if line.strip() and not runner.run(stage.enter(line)):
                break
    screen.write()


def _readline() -> bool:
    """Arrow keys and a history, where somebody types."""
    if not sys.stdin.isatty():
        return False
    with suppress(ImportError):
        import readline  # noqa: F401

        return True
    return False


def _lines(stage: Stage, screen: Screen, story: Iterator[str] | None, *, edited: bool) -> Iterator[str]:
    """From the story, or from whoever sits at the terminal; what is not typed there is shown."""
    while True:
        prompt = screen.prompt(stage.seat.title, stage.seat.side, edited=edited)
        screen.write()
        if story is None:
            line = input(prompt)
            if not sys.stdin.isatty():
                screen.write(line)
        else:
            line = next((one for one in story if one.strip() and not one.lstrip().startswith("#")), "")
            if not line:
                return
            screen.write(prompt + line)
        yield line
