"""How a chat looks in a terminal: bars beside what is said, numbered buttons, colours only where they are seen."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import TextIO

from msgspec import Struct

from texts.catalogue import BOLD_OFF, BOLD_ON
from usecases.ports import Mail

WIDEST = 88
NARROWEST = 36
INK = {"bold": "1", "dim": "2", "citizen": "36", "office": "33", "button": "7", "good": "32", "bad": "31"}
ESCAPE = "\x1b["
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_WIDTHLESS = "\x01\\g<0>\x02"  # readline's signs around what takes no room


class Offered(Struct, frozen=True):
    """A button on the screen. kind: press · location · url."""

    label: str
    data: str
    kind: str
    line: str  # id of the message that carries it


class Screen:
    def __init__(self, out: TextIO, *, colour: bool, width: int) -> None:
        self._out = out
        self._colour = colour
        self._width = max(NARROWEST, min(width, WIDEST))

    def ink(self, words: str, *names: str) -> str:
        if not self._colour or not names:
            return words
        return f"{ESCAPE}{';'.join(INK[name] for name in names)}m{words}{ESCAPE}0m"

    def write(self, words: str = "") -> None:
        print(words, file=self._out, flush=True)

    def note(self, words: str, *names: str) -> None:
        """A remark of the terminal itself, not part of the chat."""
        for line in textwrap.wrap(words, self._width) or [""]:
            self.write(self.ink(line, *(names or ("dim",))))

    def prompt(self, who: str, side: str, *, edited: bool) -> str:
        """Where the next line is written. edited: readline counts signs, so colours are marked as having no width."""
        shown = self.ink(f"{who} >", side, "bold")
        return f"{_COLOUR.sub(_WIDTHLESS, shown) if edited else shown} "

    def said(self, mail: Mail, side: str, offered: Sequence[Offered], first: int) -> None:
        """One message of Sahut with its buttons, numbered from `first` on."""
        bar = self.ink("▌ ", side)
        self.write()
        for line in self._lines(mail.text) if mail.text else []:
            self.write((bar + line).rstrip())
        for photo in mail.photos:
            self.write(bar + self.ink(f"[{photo.get('kind', 'photo')} {photo['sha256'][:8]}]", "dim"))
        self._buttons(mail, bar, offered, first)

    def _buttons(self, mail: Mail, bar: str, offered: Sequence[Offered], first: int) -> None:
        """Rows as the chat app would show them; a row that is too wide goes on below."""
        number = first
        if mail.buttons:
            self.write(bar.rstrip())
        for row in mail.buttons:
            line, used = "", 0
            for _ in row:
                label = offered[number - first].label
                size = len(label) + len(str(number)) + 4
                if used and used + size > self._width - 2:
                    self.write(bar + line.rstrip())
                    line, used = "", 0
                line += f"{self.ink(f' {number} ', 'button')} {label}  "
                used += size
                number += 1
            self.write(bar + line.rstrip())

    def _lines(self, text: str) -> list[str]:
        lines: list[str] = []
        for part in text.split("\n"):
            lines += textwrap.wrap(part, self._width - 2, drop_whitespace=True, break_on_hyphens=False) or [""]
        return self._bold(lines)

    def _bold(self, lines: list[str]) -> list[str]:
        """Bold parts may go over a line's end: they are closed and opened again around it."""
        done, on = [], False
        for line in lines:
            shown = self._start() if on else ""
            for sign in line:
                if sign == BOLD_ON:
                    on, shown = True, shown + self._start()
                elif sign == BOLD_OFF:
                    on, shown = False, shown + self._stop()
                else:
                    shown += sign
            done.append(shown + (self._stop() if on else ""))
        return done

    def _start(self) -> str:
        return f"{ESCAPE}1m" if self._colour else ""

    def _stop(self) -> str:
        return f"{ESCAPE}0m" if self._colour else ""


def numbered(mail: Mail) -> list[Offered]:
    """The buttons below a message, in reading order."""
    return [Offered(button[0], button[1], button[2], mail.id) for row in mail.buttons for button in row]
