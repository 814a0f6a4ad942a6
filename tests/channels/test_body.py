"""The hostile corpus at the door: read and cleaned, or refused without a word of it; never anything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.body import Unreadable, clean, parse_json

REFUSED = {
    "empty": b"",
    "half an object": b'{"a": ',
    "two values": b"{} {}",
    "not UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"a": NaN}',
    "Infinity": b"[Infinity]",
    "minus Infinity": b"[-Infinity]",
    "a float beyond all bounds": b"[1e999]",
    "an integer of 21 digits": b"[" + b"1" * 21 + b"]",
    "an integer of 5,000 digits": b"[" + b"9" * 5000 + b"]",
    "65 levels": b"[" * 65 + b"]" * 65,
    "100,000 brackets": b"[" * 100_000,
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100,000 levels of objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "single quotes": b"{'a': 1}",
    "a trailing comma": b"[1,]",
    "a raw line end in a text": b'["a\nb"]',
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_refused(body: bytes):
    with pytest.raises(Unreadable) as why:
        parse_json(body)
    assert len(str(why.value)) < 60


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"1", 1),
        (b"[" * 64 + b"]" * 64, json.loads("[" * 64 + "]" * 64)),
        (b"[" + b"[]," * 500 + b"[]]", [[]] * 501),
        (b"[-99999999999999999999]", [-99999999999999999999]),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'"\\ud83d\\udca1"', "💡"),
        (b'"\\ud83d"', "\ud83d"),
        (b'"\\u0000"', "\x00"),
    ],
)
def test_read(body: bytes, value: object):
    assert parse_json(body) == value


def test_a_megabyte_of_text_is_read():
    assert len(parse_json(b'"' + b"a" * 2**20 + b'"')) == 2**20  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "fit"),
    [("halo", "halo"), ("a\x00b", "ab"), ("💡", "💡"), ("a\ud83db", "a\ufffdb"), ("\udca1", "\ufffd"), ("é\x00", "é")],
)
def test_clean(text: str, fit: str):
    assert clean(text) == fit


@given(st.text(st.characters()))
def test_clean_words_fit_every_database(text: str):
    fit = clean(text)
    assert "\x00" not in fit
    fit.encode()
    assert clean(fit) == fit


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_nothing_but_unreadable_is_raised(body: bytes):
    try:
        parse_json(body)
    except Unreadable:
        return
