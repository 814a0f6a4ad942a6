"""`sahut run`: serves until told to stop, then ends what is under way."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import gc
import logging
import signal
import sys
from collections.abc import Callable

from aiohttp import web

from bot import VERSION, logs, owner, purpose, wiring
from bot import settings as environment
from bot.program import Sahut
from bot.settings import Settings
from bot.workers import NotAlike
from storage.encoding import WrongEncoding
from storage.schema import NewerSchema
from storage.sole import InUse
from storage.trouble import AFTER_DAMAGE, TROUBLE, damaged, said
from usecases.identity import WrongDatabase

log = logging.getLogger("sahut")

STORAGE = 3
WRONG_USE = 2
NO_ADDRESS = 4  # may be there in a moment, after another program or the network: whoever looks after us tries again
SELDOM = (5_000, 10, 10)  # collections of garbage: a message that is answered leaves hardly a cycle behind, and looking
# for one after every 700 new objects, as Python does, takes a twentieth of a step. Failures do leave some.
SWITCH_S = 0.001  # a thread that ends a commit waits no longer for the interpreter; five milliseconds are usual


def command(settings: Settings, _: argparse.Namespace) -> int:
    owner.check(settings, "run")
    logs.set_up(settings.log_level, settings.secrets())
    tell_unread()
    purpose.check(settings)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(serve(settings))
    except (InUse, NewerSchema, NotAlike, WrongDatabase, WrongEncoding) as refused:
        print(f"sahut: {refused}", file=sys.stderr)
        return STORAGE
    except CannotListen as refused:
        print(f"sahut: {refused}", file=sys.stderr)
        return refused.code
    except (*TROUBLE, OSError) as error:
        log.critical("storage cannot be used", exc_info=error)
        print(f"sahut: the database or the data folder cannot be used: {said(error)}", file=sys.stderr)
        advice = AFTER_DAMAGE if damaged(error) else "See `sahut doctor`, and DATABASE_URL and DATA_DIR in .env"
        print(f"{advice}.", file=sys.stderr)
        return STORAGE


def tell_unread() -> None:
    """A misspelt name of a setting has no effect, and nobody would notice."""
    for name, meant in environment.unread().items():
        advice = f"write {meant} if that was meant, else remove the line" if meant else "remove the line"
        log.warning("%s in .env is no setting of Sahut and has no effect: %s", name, advice)


class CannotListen(Exception):
    """The web server cannot have its address; the message says what to set instead."""

    def __init__(self, what: str, code: int = NO_ADDRESS) -> None:
        super().__init__(what)
        self.code = code


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    """raises: CannotListen"""
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        code = NO_ADDRESS
        if error.errno == errno.EADDRINUSE:
            what = f"port {port} on {host} is taken. Stop the other program, or set PORT."
        elif error.errno == errno.EACCES:
            code = WRONG_USE
            what = f"port {port} is not for ordinary users. Set PORT to 1024 or more, such as 8080."
        else:
            what = f"{host} is no address of this machine. Set HOST: 127.0.0.1 for this machine only, 0.0.0.0 for all."
        raise CannotListen(what, code) from error


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where there is one: the loop costs less per message."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def serve(settings: Settings) -> int:
    """Start everything, print the one address, wait for a signal, stop in order."""
    gc.disable()  # until everything that stays is there
    sys.setswitchinterval(SWITCH_S)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, _on_signal, stop)
    sahut = wiring.build(settings)
    # No body is ever unfolded: aiohttp would do it while reading, before a door can refuse (a few kB hold gigabytes).
    runner = web.AppRunner(sahut.app, access_log=None, shutdown_timeout=2.0, auto_decompress=False)
    await runner.setup()
    try:
        await _listen(runner, settings.host, settings.port)
        await sahut.start()
        gc.freeze()  # what stays for good need not be looked at in every collection; nor once more now, people wait
        gc.set_threshold(*SELDOM)
        gc.enable()
        _say_where(runner, sahut)
        failed = await _wait(stop, sahut)
    finally:
        gc.enable()
        sahut.ready = False
        await runner.cleanup()
        await sahut.stop()
    log.info("stopped")
    return failed


async def _wait(stop: asyncio.Event, sahut: Sahut) -> int:
    """Until a signal comes, or a part of the program ends that must not end."""
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([stopping, *sahut.tasks], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await stopping
    for task in done - {stopping}:
        error = task.exception() if not task.cancelled() else None
        if error is not None:
            log.critical("a part of the program failed", exc_info=error)
            print(f"sahut: {error}", file=sys.stderr)
            return 1
    return 0


def _on_signal(stop: asyncio.Event) -> None:
    """The second signal ends at once: a crash is safe too."""
    if stop.is_set():
        raise SystemExit(1)
    stop.set()


def _say_where(runner: web.AppRunner, sahut: Sahut) -> None:
    host, port = runner.addresses[0][:2]
    shown = f"[{host}]" if ":" in host else host
    what = "try-out" if sahut.settings.try_out else "web chat"
    print(f"Sahut for {sahut.house.city.name} ({what}): http://{shown}:{port}/", flush=True)
    about = {"version": VERSION, "city": sahut.settings.city, "database": sahut.database.kind}
    log.info("started", extra=about)
