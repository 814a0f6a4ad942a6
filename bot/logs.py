"""JSON log lines on stderr; tokens, phone numbers, NIK and secrets are removed at the last moment.

The cleaning sits in the handler's formatter, because lines of libraries pass no filter of our loggers.
"""

import json
import logging
import re
import sys
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote

LONGEST_FIELD = 500
# These write addresses that hold the bot's token, or a line per request or beat.
QUIET = ("alembic", "httpx", "httpcore", "aiohttp.access", "apscheduler", "asyncio", "telegram")
_MOST_ITEMS = 50
_DEEPEST = 4
_LONGEST_CHAIN = 10
_SHORTEST_SECRET = 4  # removing a shorter one would tear holes into innocent words and thereby show it

# What may stand between the digits of a number that a person wrote.
_GAP = r"[\s\x00-\x1f\x7f.\-()/\u00a0\u2010-\u2015\u200b-\u200f\u2060\ufeff]{0,3}"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)\d{5,}(?::|%3[Aa])[A-Za-z0-9_-]{16,}"), "[token]"),
    (re.compile(r"(?i)\bbot\d+:[A-Za-z0-9_-]+"), "[token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"), r"\1 [token]"),
    (re.compile(r"://[^/\s:@]*:[^/\s@]+@"), "://[password]@"),
    (re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{15}}(?!\d)"), "[nik]"),
    (re.compile(rf"\+{_GAP}6{_GAP}2(?:{_GAP}\d){{7,13}}"), "[phone]"),
    (re.compile(rf"(?<!\d)(?:62{_GAP}|0)8(?:{_GAP}\d){{7,12}}(?!\d)"), "[phone]"),
)
# From the first to the last quotation mark; bytes, as a web server shows what it could not read, stand as b'...'.
_QUOTED = re.compile(r"(?<!\w)b?'.*'|\".*\"", re.DOTALL)
# Fields that hold a person's words or identity, whatever their content looks like.
_NEVER = frozenset(
    "text words body caption remark phone first_name last_name full_name username nik address payload raw "
    "token secret password authorization cookie".split()
)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class Redactor:
    """Makes a string safe to log: nothing secret, no control characters, at most LONGEST_FIELD signs."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""), repr(secret)[1:-1])}
        long_enough = sorted((form for form in forms if len(form) >= _SHORTEST_SECRET), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, long_enough))) if long_enough else None

    def clean(self, text: str) -> str:
        # Two looks: first as written, then without the invisible signs by which a number could hide.
        visible = "".join(c for c in text if unicodedata.category(c) != "Cf") if not text.isascii() else text
        if visible != text and self._remove(visible) != visible:
            text = visible
        return cut(escape(self._remove(text)))

    def _remove(self, text: str) -> str:
        if self._secrets:
            text = self._secrets.sub("[secret]", text)
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return text

    def tidy(self, value: Any, depth: int = 0) -> Any:
        """Turn any value into something JSON knows, cleaned."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return self._number(value)
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, bytes | bytearray | memoryview):
            return f"<{len(value)} bytes>"
        if isinstance(value, Mapping) and depth < _DEEPEST:
            return self.fields(value, depth + 1)
        if isinstance(value, list | tuple | set | frozenset) and depth < _DEEPEST:
            return [self.tidy(item, depth + 1) for item in list(value)[:_MOST_ITEMS]]
        return self.clean(_as_text(value))

    def fields(self, given: Mapping[Any, Any], depth: int = 0) -> dict[str, Any]:
        clean: dict[str, Any] = {}
        for key, value in list(given.items())[:_MOST_ITEMS]:
            name = self.clean(_as_text(key))
            clean[name] = "[removed]" if name.lower() in _NEVER else self.tidy(value, depth)
        return clean

    def _number(self, value: int | float) -> int | float | str:
        if not abs(value) < 1e30:  # also nan and inf, which JSON does not have
            return f"<{type(value).__name__} out of range>"
        whole = str(int(value))
        cleaned = self.clean(whole)
        if cleaned != whole:
            return cleaned
        return round(value, 6) if isinstance(value, float) else value


def escape(text: str) -> str:
    """Show control, direction and other invisible signs as \\uXXXX: a line stays one harmless line."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in _INVISIBLE else c for c in text)


def cut(text: str) -> str:
    return text if len(text) <= LONGEST_FIELD else text[: LONGEST_FIELD - 1] + "…"


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {_why(value)}"
    try:
        return str(value)
    except Exception:  # a broken __str__ must not cost the whole line
        return f"<{type(value).__name__}>"


def _why(error: BaseException) -> str:
    """An error's own words without what it quotes: the value it stumbled over may be what a citizen wrote."""
    if not error.args or isinstance(error, KeyError):  # which says nothing but the value
        return ""
    said = _as_text(error.args[0]).split("DETAIL:")[0]  # PostgreSQL shows the row there
    return _QUOTED.sub("[…]", said)


class JsonLines(logging.Formatter):
    """One record, one line of JSON: ts, level, logger, event, the `extra` fields, and the error if any."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        try:
            return json.dumps(self._line(record))
        except Exception as broken:  # a value that cannot even be looked at; the event is worth more than it
            return json.dumps({"level": "ERROR", "event": f"a log line broke: {type(broken).__name__}"})

    def _line(self, record: logging.LogRecord) -> dict[str, Any]:
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": self._redactor.clean(_as_text(record.name)),
            "event": self._redactor.clean(_message(record)),
        }
        extra = {key: value for key, value in vars(record).items() if key not in _STANDARD}
        line |= {key if key not in line else f"{key}_": v for key, v in self._redactor.fields(extra).items()}
        if record.exc_info and record.exc_info[1]:
            line["error"] = [self._redactor.clean(part) for part in _chain(record.exc_info[1])]
        if record.stack_info:
            line["stack"] = self._redactor.clean(record.stack_info)
        return line


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a wrong %-pattern: the plain message is better than a traceback with all arguments
        return _as_text(record.msg)


def _chain(error: BaseException) -> list[str]:
    """The exception and its causes, newest first, each with the places it went through (innermost last)."""
    parts: list[str] = []
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen and len(parts) < _LONGEST_CHAIN:
        seen.add(id(found))
        parts.append(f"{_as_text(found)} @ {_places(found.__traceback__)}")
        if isinstance(found, BaseExceptionGroup):
            parts += [part for inner in found.exceptions[:_LONGEST_CHAIN] for part in _chain(inner)]
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return parts


def _places(trace: TracebackType | None) -> str:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return " > ".join(places[-6:])


class _QuietHandler(logging.StreamHandler[TextIO]):
    """Says nothing when writing fails: the standard handler would print message and arguments."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def set_up(level: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> logging.Handler:
    """Send every log line of this process through one cleaning handler; call it first of all."""
    handler = _QuietHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(Redactor(secrets)))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for noisy in QUIET:
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    sys.excepthook = _last_words
    threading.excepthook = lambda args: _last_words(args.exc_type, args.exc_value, args.exc_traceback)
    return handler


def _last_words(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("stopped by an error nobody caught", exc_info=(kind, error, trace))
