"""The command line: `sahut run`, `play`, `invite`, `match`, `place`, `measure`, `learn`,
`templates`, `migrate`, `doctor`, `verify`.

Exit codes: 0 fine, 1 something was found or refused, 2 wrong use or wrong settings, 3 storage not usable,
4 the address to listen on is not to be had, 130 ended from the keyboard, 141 nobody reads the output any more.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import select
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from bot import VERSION
from bot import settings as environment
from bot.settings import SettingsError
from cities.errors import CityError

WRONG_USE = 2
CANNOT_WRITE = 1
AGAIN = " What was done is done, but could not be shown: ask again with another output."
FILES = ("files", "file", "story", "mistakes")  # options that name files, as the caller sees them
NOBODY_READS = 141  # as shells tell of a program that wrote into a closed pipe

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    asked = _parser().parse_args(arguments)
    _find_files(asked)
    try:
        code = int(asked.command(asked))
        if sys.stdout:
            sys.stdout.flush()  # what cannot be written is found here, not after our last word
        return code
    except (SettingsError, CityError) as wrong:
        print(f"sahut: {wrong}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        return NOBODY_READS
    except OSError as error:
        if not _output_is_full():
            raise
        print(f"sahut: the output cannot be written ({error.strerror}).{AGAIN}", file=sys.stderr)
        return CANNOT_WRITE


def _output_is_full() -> bool:
    """Whether it is our own output that takes no more, as on a full disk."""
    try:
        sys.stdout.flush()  # what could not be written is still waiting to be
    except OSError:
        with contextlib.suppress(OSError):
            sys.stdout.close()  # else Python complains once more at the end
        return True
    return False


def _find_files(asked: argparse.Namespace) -> None:
    """Files are named from where the caller stands, also when the program was started in its checkout."""
    for name in FILES:
        named = getattr(asked, name, None)
        if isinstance(named, list):
            setattr(asked, name, [str(Path(asked.standing_in, file)) for file in named])
        elif named:
            setattr(asked, name, str(Path(asked.standing_in, named)))


def _nobody_reads() -> bool:
    """Whether it is our own output that broke, as in `sahut doctor | head`: whoever reads us has seen enough."""
    watch = select.poll()
    watch.register(sys.stdout.fileno(), 0)
    if not any(event & select.POLLERR for _, event in watch.poll(0)):
        return False
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.close()  # else Python complains once more at the end
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sahut", description="Sahut, the chat complaint channel of a city. Settings: see .env.example."
    )
    parser.add_argument("--version", action="version", version=f"sahut {VERSION}")
    parser.add_argument("--standing-in", default="", metavar="DIR", help="files are named from this folder")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, help_, add in _COMMANDS:
        command = commands.add_parser(name, help=help_, description=help_)
        command.set_defaults(command=_lazily(name))
        add(command)
    return parser


def _lazily(name: str) -> Command:
    """A command's module is loaded when it is called: `match` need not wait for the web server's libraries."""

    def call(asked: argparse.Namespace) -> int:
        gc.disable()  # everything loaded stays, and looking at it again and again costs a sixth of the start
        try:
            module = import_module(f"bot.commands.{name}")
            gc.freeze()
        finally:
            gc.enable()
        settings = environment.load(**({"city": asked.city} if getattr(asked, "city", None) else {}))
        return int(module.command(settings, asked))

    return call


def _no_options(_: argparse.ArgumentParser) -> None:
    """This command takes none."""


def _invite(command: argparse.ArgumentParser) -> None:
    command.add_argument("agency", metavar="OPD", help="code of the office, any case, for example dishub")
    command.add_argument(
        "--role",
        choices=("group", "head", "ops", "officer"),
        default="group",
        help="group: the officers' group (default) · head: the head's chat · ops: the operations centre"
        " · officer: one more officer, in a WhatsApp chat of their own",
    )


def _templates(command: argparse.ArgumentParser) -> None:
    command.add_argument("--check", action="store_true", help="how they stand at Meta (needs WHATSAPP_BUSINESS_ID)")
    command.add_argument("--readable", action="store_true", help="for people: samples filled in")
    command.add_argument("--language", choices=("", "id", "en"), default="", help="only this language")


def _play(command: argparse.ArgumentParser) -> None:
    command.add_argument("--story", metavar="FILE", help="play the lines of this file and show what happens")
    command.add_argument("--plain", action="store_true", help="no colours")


def _verify(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def _match(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="*", metavar="FILE", help="texts, one per line; default standard input")
    command.add_argument("--cold", action="store_true", help="without what was learned")


def _place(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="*", metavar="FILE", help="texts, one per line; default standard input")


def _measure(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", metavar="FILE.csv", help="columns text, category; may add intent, danger, place, style"
    )
    command.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    command.add_argument("--cold", action="store_true", help="without what was learned")
    command.add_argument("--part", help="only rows whose column part says this, for example open or blind")
    command.add_argument("--mistakes", metavar="OUT.csv", help="write what was answered wrongly as a table")


def _learn(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", nargs="*", metavar="FILE.csv", help="columns text, category; without: the reports")
    command.add_argument("--reports", action="store_true", help="the database's confirmed reports too")
    command.add_argument("--dry-run", action="store_true", help="show how good it would be, keep nothing")
    command.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    command.add_argument("--list", action="store_true", help="show all versions")
    command.add_argument(
        "--rollback",
        nargs="?",
        type=int,
        const=-1,
        metavar="VERSION",
        help="back to the one before, or to this one; 0: none",
    )
    command.add_argument("--show", metavar="TEXT", help="everything that is weighed for this text")


_COMMANDS: tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("run", "Serve citizens and officers until stopped.", _no_options),
    ("play", "Talk to the dialogue in this terminal; nothing is kept.", _play),
    ("invite", "Print a one-time code that binds a chat to an office.", _invite),
    ("match", "Read texts, write what Sahut understands, one JSON line each.", _match),
    ("place", "Read texts, write where they say they are, one JSON line each.", _place),
    ("measure", "Ask an exam (CSV: text, category), write how much of it is understood.", _measure),
    ("learn", "Learn from texts whose category is known (CSV: text, category), or from confirmed reports.", _learn),
    ("templates", "Print the WhatsApp templates that Meta has to approve, or check how they stand.", _templates),
    ("migrate", "Bring the database to this version's schema.", _no_options),
    ("doctor", "Check settings, database, disk and channels.", _no_options),
    ("verify", "Check that nothing was lost or doubled.", _verify),
)


if __name__ == "__main__":
    sys.exit(main())
