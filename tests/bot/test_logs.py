"""Log lines: always one line of JSON, never a secret, a number of a person or a control character."""

import io
import json
import logging
import sys
import threading
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import logs

TOKEN = "123456789:AAF-canary_token_canary_token_ca"
SECRETS = (TOKEN, "hook/canary=1", "p@ss-canary")


class Log:
    def __init__(self, stream: io.StringIO, handler: logging.Handler) -> None:
        self._stream = stream
        self.handler = handler

    @property
    def raw(self) -> str:
        return self._stream.getvalue()

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.raw.splitlines()]

    def only(self) -> dict[str, Any]:
        (line,) = self.lines()
        return line


@pytest.fixture
def log() -> Iterator[Log]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, sys.excepthook, threading.excepthook)
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    stream = io.StringIO()
    yield Log(stream, logs.set_up("INFO", SECRETS, stream))
    logging.captureWarnings(False)
    root.handlers[:], sys.excepthook, threading.excepthook = before[0], before[2], before[3]
    root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


here = logging.getLogger("usecases.receive")


def test_extra_fields_become_json_fields(log: Log):
    here.info(
        "ticket opened",
        extra={"ticket": "BKS-26-000123-7", "chat": -1001234567890, "took": 0.25, "new": True},
    )
    line = log.only()
    assert line["event"] == "ticket opened"
    assert (line["level"], line["logger"]) == ("INFO", "usecases.receive")
    assert (line["ticket"], line["chat"], line["took"], line["new"]) == (
        "BKS-26-000123-7",
        -1001234567890,
        0.25,
        True,
    )
    assert datetime.fromisoformat(line["ts"]).tzinfo is not None


@pytest.mark.parametrize(
    "kept",
    [
        "BKS-26-000123-7",
        "2026-11-21T08:12:30.123456+00:00",
        "2026-11-21 08:12:30",
        "3f2b8c1e-0812-4c3a-9d2e-123456789abc",
        "-1001234567890",
        "http://127.0.0.1:8080/live",
        "RT 03/RW 08 No. 62",
        "kelurahan Jatiasih 17423",
        "-6.2349858, 106.9945444",
    ],
)
def test_harmless_values_stay_as_they_are(log: Log, kept: str):
    here.info(kept)
    assert log.only()["event"] == kept


@pytest.mark.parametrize("number", [7, -1001234567890, 123456789, 1732176000, 0, 0.123457, 12.5, 106.994544])
def test_harmless_numbers_stay_numbers(log: Log, number: float):
    here.info("x", extra={"value": number})
    assert log.only()["value"] == number


@pytest.mark.parametrize(
    "private",
    [
        "081234567890",
        "0812-3456-7890",
        "0812 3456 789",
        "+6281234567890",
        "+62 812-3456-7890",
        "+62 21 8895 1234",
        "6281234567890",
        "62 812 3456 7890",
        "whatsapp:6281234567890",
        "wa.me/6281234567890",
        "3275011234560001",
        "3275 0112 3456 0001",
        "32.7501.123456.0001",
        "0812\u200b3456\u200b7890",
        "0812\n3456\n7890",
        TOKEN,
        "987654321:AAE" + "x" * 32,
        f"https://api.telegram.org/bot{TOKEN}/sendMessage",
        "https://api.telegram.org/file/bot1:SHORT/photos/file_1.jpg",
        "123456789%3AAAF-canary_token_canary_token_ca",
        "hook/canary=1",
        "hook%2Fcanary%3D1",
        "p@ss-canary",
        "postgresql://sahut:another-word@db:5432/sahut",
        "Authorization: Bearer EAAGm0PX4ZCpsBAKZC",
    ],
)
def test_private_things_are_removed_wherever_they_stand(log: Log, private: str):
    error = ValueError(f"at {private} there")
    here.info(f"a {private} b", extra={"one": private, "many": [{"deep": (private,)}], f"key {private}": 1})
    here.info("from %s", private)
    try:
        try:
            raise error
        except ValueError as inner:
            raise RuntimeError(f"wrapped {private}") from inner
    except RuntimeError:
        here.exception("failed")
    for line in log.lines():
        del line["ts"]
        shown = json.dumps(line)
        for part in ("canary", "another-word", "EAAGm0", "SHORT", "AAExxx", private):
            assert part not in shown
        if private[-4:].strip().isdigit():
            assert _digits(private)[-6:] not in _digits(shown)
    assert len(log.lines()) == 3


@pytest.mark.parametrize("number", [3275011234560001, 6281234567890, 3275011234560001.0])
def test_private_numbers_are_removed_even_as_numbers(log: Log, number: float):
    here.info("x", extra={"value": number})
    assert log.only()["value"] in ("[nik]", "[phone]")


@pytest.mark.parametrize("field", ["text", "phone", "first_name", "caption", "payload", "token"])
def test_fields_that_hold_words_of_people_are_never_written(log: Log, field: str):
    here.info("x", extra={field: "jalan berlubang", "inner": {field.upper(): "jalan berlubang"}})
    assert "berlubang" not in log.raw
    assert log.only()[field] == "[removed]"


def test_a_secret_that_is_cut_in_half_by_the_length_limit_is_removed_first(log: Log):
    here.info("x" * (logs.LONGEST_FIELD - 20) + " " + TOKEN)
    assert "123456789" not in log.raw
    assert len(log.only()["event"]) <= logs.LONGEST_FIELD


def test_long_fields_are_cut(log: Log):
    here.info("x" * 1_000_000, extra={"name_": "é" * 1_000_000, "many": ["y" * 1000] * 1000})
    assert len(log.raw) < 60_000


def test_a_name_cannot_forge_a_line_or_colour_the_terminal(log: Log):
    here.info("from %s", 'Budi\n{"level":"CRITICAL"}\r\x1b[31m\u202egnp.exe\u2028\x7f\x85')
    line = log.only()
    assert line["level"] == "INFO"
    assert "\\u000a" in line["event"]
    assert not any(unicodedata.category(c)[0] == "C" for c in line["event"])


def test_odd_values_do_not_cost_the_line(log: Log):
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError

    loop: list[Any] = []
    loop.append(loop)
    odd = {
        "a": Broken(),
        "b": loop,
        "c": b"\x00" * 9,
        "d": float("nan"),
        "e": 10**5000,
        "f": {1: {2}},
        "g": "\ud800",
    }
    here.info("odd", extra=odd)
    line = log.only()
    assert (line["a"], line["c"]) == ("<Broken>", "<9 bytes>")
    assert (line["d"], line["e"], line["f"]) == ("<float out of range>", "<int out of range>", {"1": [2]})
    assert line["g"] == "\\ud800"


def test_a_value_that_cannot_be_looked_at_does_not_silence_the_log(log: Log):
    class Broken(dict[str, str]):
        def items(self) -> Any:
            raise RuntimeError(TOKEN)

    here.info("odd", extra={"a": Broken()})
    assert log.only()["event"] == "a log line broke: RuntimeError"


def test_a_wrong_pattern_is_logged_without_its_arguments(log: Log, capsys: pytest.CaptureFixture[str]):
    log.handler.handle(logging.makeLogRecord({"msg": "%d seats", "args": (TOKEN,)}))
    assert log.only()["event"] == "%d seats"
    assert capsys.readouterr().err == ""


def test_a_stream_that_is_gone_does_not_stop_the_work(capsys: pytest.CaptureFixture[str], log: Log):
    assert isinstance(log.handler, logging.StreamHandler)
    closed = io.StringIO()
    closed.close()
    log.handler.setStream(closed)
    log.handler.handle(logging.makeLogRecord({"msg": "x %s", "args": (TOKEN,)}))
    assert capsys.readouterr().err == ""


def test_extra_fields_cannot_hide_the_event(log: Log):
    here.info("true", extra={"event": "false", "level": "none", "ts": "never"})
    line = log.only()
    assert (line["event"], line["level"], line["event_"]) == ("true", "INFO", "false")


def test_an_error_tells_where_and_why_through_all_its_causes(log: Log):
    try:
        try:
            raise KeyError("inner")
        except KeyError:
            raise ExceptionGroup("several", [ValueError("one"), OSError(2, "No such file")]) from None
    except ExceptionGroup:
        here.exception("failed")
    error = log.only()["error"]
    assert error[0].startswith("ExceptionGroup: several")
    assert "test_logs.py" in error[0]
    assert [part.split(":")[0] for part in error[1:]] == ["ValueError", "FileNotFoundError"]
    assert "inner" not in json.dumps(error)


@pytest.mark.parametrize(
    "stumble",
    [
        lambda words: int(words),
        lambda words: {}[words],
        lambda words: [].index(words),
        lambda words: datetime.fromisoformat(words),
        lambda words: getattr(words, words),
        lambda words: words.encode("ascii"),
        lambda words: int(words.encode()),
        lambda words: (_ for _ in ()).throw(ValueError(f"Got more than 8190 bytes: {bytearray(words.encode())!r}")),
        lambda words: (_ for _ in ()).throw(
            ValueError(f"Invalid header value char:\n\n  {words[:18].encode()!r}\n   ^")
        ),
        lambda words: (_ for _ in ()).throw(
            RuntimeError(f'null value in column "agency"\nDETAIL:  Failing row contains (1, {words}).')
        ),
    ],
)
def test_an_error_does_not_quote_what_it_stumbled_over(log: Log, stumble: Callable[[str], object]):
    """Exceptions of Python and of databases show the value; here that is what a citizen wrote."""
    try:
        stumble("tetangga saya Bu Tini's anjing … galak")
    except Exception:
        here.exception("thinking failed")
    error = log.only()["error"]
    assert "test_logs.py" in error[0]
    for word in ("tetangga", "Tini", "anjing", "galak"):
        assert word not in log.raw


def test_libraries_that_log_addresses_are_quiet(log: Log):
    for name in ("httpx", "httpcore.connection", "aiohttp.access"):
        logging.getLogger(name).info("GET /bot%s/getMe", TOKEN)
    assert log.raw == ""
    logging.getLogger("httpx").warning("GET /bot%s/getMe", TOKEN)
    assert "canary" not in log.raw


def test_warnings_and_last_words_go_through_the_same_cleaning(log: Log):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"old {TOKEN}", stacklevel=1)
    try:
        raise RuntimeError(f"call 081234567890 with {TOKEN}")
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert len(log.lines()) == 2
    assert "canary" not in log.raw
    assert "081234567890" not in log.raw
    assert log.lines()[1]["error"][0].startswith("RuntimeError: call [phone] with")


JSON_LIKE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(words=st.text(), fields=st.dictionaries(st.text(), JSON_LIKE, max_size=4))
@settings(max_examples=150, deadline=None)
def test_whatever_is_logged_every_line_parses_and_holds_no_control_character(words: str, fields: dict[str, Any]):
    record = logging.makeLogRecord({"msg": words, "name": "x", "levelname": "INFO"})
    record.__dict__.update({f"f{key}": value for key, value in fields.items()})
    line = logs.JsonLines(logs.Redactor(SECRETS)).format(record)
    assert line.isascii()
    assert line.isprintable()
    for text in _strings(json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))):
        assert len(text) <= logs.LONGEST_FIELD
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text)


@given(
    before=st.text(max_size=30).filter(lambda s: not s[-1:].isdigit()),
    after=st.text(max_size=30).filter(lambda s: not any(c.isdigit() for c in s)),
    digits=st.text("0123456789", min_size=8, max_size=10),
    start=st.sampled_from(["08", "628", "+628", "+62 8"]),
    gap=st.sampled_from(["", "-", " ", ".", " - ", "\u200b"]),
)
@settings(max_examples=150, deadline=None)
def test_a_phone_number_is_found_in_any_surroundings(before: str, after: str, digits: str, start: str, gap: str):
    number = start + gap.join(digits)
    shown = logs.Redactor().clean(f"{before} {number}{after}")
    assert number not in shown
    assert digits not in shown.replace(gap, "")


@given(secret=st.text(min_size=6, max_size=60), before=st.text(max_size=50), after=st.text(max_size=50))
@settings(max_examples=150, deadline=None)
def test_a_secret_of_the_settings_never_survives(secret: str, before: str, after: str):
    shown = logs.Redactor([secret]).clean(before + secret + after)
    if secret not in "[secret][token][password][phone][nik]" + before + after:
        assert secret not in shown


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
