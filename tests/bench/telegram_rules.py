"""What Telegram accepts as text: lengths in UTF-16 units and the HTML its own parser would take."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
TAGS = {
    "a": "text_link", "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "s": "strikethrough",
    "strike": "strikethrough", "del": "strikethrough", "u": "underline", "ins": "underline",
    "tg-spoiler": "spoiler", "tg-emoji": "custom_emoji", "span": "spoiler", "pre": "pre", "code": "code",
    "blockquote": "blockquote",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ENTITY = re.compile(r"&(?:#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}))|(lt|gt|amp|quot));?")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
FOUND_IN_TEXT = re.compile(
    r"(?P<bot_command>(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w+)?)|(?P<url>https?://\S+)|(?P<mention>(?<!\w)@\w{4,})"
)


class Refusal(Exception):
    """The platform refuses a call: HTTP code, description and parameters as it would answer them."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code, self.description, self.parameters = code, description, parameters

    def body(self) -> dict[str, Any]:
        answer = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(why: str, **parameters: int) -> Refusal:
    return Refusal(400, f"Bad Request: {why}", **parameters)


def utf16_units(text: str) -> int:
    """Length as Telegram counts it: an emoji outside the basic plane is two."""
    return len(text) + sum(ch > "\uffff" for ch in text)


@dataclass(slots=True)
class Scan:
    """Where the HTML parser stands; one pass over the text, as the platform's own parser does it."""

    text: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    units: int = 0
    open: list[tuple[str, str, int]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else "\0"

    def skip_spaces(self) -> None:
        while self.peek().isspace():
            self.at += 1

    def put(self, piece: str) -> None:
        self.out.append(piece)
        self.units += utf16_units(piece)

    def error(self, why: str, begin: int | None = None) -> Refusal:
        where = "" if begin is None else f" at byte offset {len(self.text[:begin].encode())}"
        return bad_request(f"can't parse entities: {why}{where}")


def parse_html(text: str) -> tuple[str, list[dict[str, Any]]]:
    """Plain text and entities; raises Refusal in the words of the platform's parser."""
    scan = Scan(text)
    while scan.at < len(text):
        ch = scan.peek()
        if ch == "&" and (piece := _entity(scan)) is not None:
            scan.put(piece)
        elif ch != "<":
            scan.put(ch)
            scan.at += 1
        elif text[scan.at + 1 : scan.at + 2] == "/":
            _close_tag(scan)
        else:
            _open_tag(scan)
    if scan.open:
        raise scan.error(f'Can\'t find end tag corresponding to start tag "{scan.open[-1][0]}"')
    scan.entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return "".join(scan.out), scan.entities


def _entity(scan: Scan) -> str | None:
    """Decode one HTML entity at the cursor, or None: an unknown one stays as it is, like `&nbsp;`."""
    found = ENTITY.match(scan.text, scan.at)
    if not found:
        return None
    decimal, hexadecimal, name = found.groups()
    code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
    if not name and not (0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF):
        return None
    scan.at = found.end()
    return NAMED[name] if name else chr(code)


def _open_tag(scan: Scan) -> None:
    begin = scan.at
    scan.at += 1
    while scan.peek() not in ">\0" and not scan.peek().isspace():
        scan.at += 1
    if scan.peek() == "\0":
        raise scan.error("Unclosed start tag", begin)
    tag = scan.text[begin + 1 : scan.at].lower()
    if tag not in TAGS:
        raise scan.error(f'Unsupported start tag "{tag}"', begin)
    argument = ""
    while scan.peek() != ">":
        scan.skip_spaces()
        if scan.peek() == ">":
            break
        argument = _attribute(scan, tag, begin) or argument
    scan.at += 1
    if tag == "span" and argument != "spoiler":
        raise scan.error('Tag "span" must have class "tg-spoiler"', begin)
    scan.open.append((tag, argument, scan.units))


def _attribute(scan: Scan, tag: str, begin: int) -> str:
    """Read one attribute; the value only when the tag has a use for it."""
    start = scan.at
    while scan.peek() not in "=>/\"'\0" and not scan.peek().isspace():
        scan.at += 1
    name = scan.text[start : scan.at].lower()
    if not name:
        if scan.peek() == "\0":
            raise scan.error("Unclosed start tag", begin)
        raise scan.error(f'Empty attribute name in the tag "{tag}"', begin)
    scan.skip_spaces()
    if scan.peek() != "=":
        return "expandable" if (tag, name) == ("blockquote", "expandable") else ""
    scan.at += 1
    scan.skip_spaces()
    value = _attribute_value(scan)
    if scan.peek() == "\0":
        raise scan.error("Unclosed start tag", begin)
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id"), ("code", "class")}:
        return value
    return value.removeprefix("tg-") if (tag, name) == ("span", "class") and value.startswith("tg-") else ""


def _attribute_value(scan: Scan) -> str:
    start = scan.at
    if (quote := scan.peek()) not in "\"'":
        scan.at = NAME_TOKEN.match(scan.text, scan.at).end()  # type: ignore[union-attr]
        if scan.peek() not in ">\0" and not scan.peek().isspace():
            raise scan.error("Unexpected end of name token", start)
        return scan.text[start : scan.at]
    scan.at += 1
    value: list[str] = []
    while scan.peek() not in (quote, "\0"):
        piece = _entity(scan) if scan.peek() == "&" else None
        if piece is None:
            piece = scan.peek()
            scan.at += 1
        value.append(piece)
    scan.at += scan.peek() == quote
    return "".join(value)


def _close_tag(scan: Scan) -> None:
    begin = scan.at
    if not scan.open:
        raise scan.error("Unexpected end tag", begin)
    scan.at += 2
    while scan.peek() not in ">\0" and not scan.peek().isspace():
        scan.at += 1
    name = scan.text[begin + 2 : scan.at].lower()
    scan.skip_spaces()
    if scan.peek() != ">":
        raise scan.error("Unclosed end tag", begin)
    tag, argument, offset = scan.open.pop()
    if name and name != tag:
        raise scan.error(f'Unmatched end tag, expected "</{tag}>", found "</{name}>"', begin)
    scan.at += 1
    entity = {"type": TAGS[tag], "offset": offset, "length": scan.units - offset}
    if tag == "a":
        entity["url"] = argument
    if entity["length"] and (tag != "a" or argument):
        scan.entities.append(entity)


def found_entities(text: str) -> list[dict[str, Any]]:
    """Commands, links and mentions that Telegram finds by itself in plain text."""
    return [
        {"type": m.lastgroup, "offset": utf16_units(text[: m.start()]), "length": utf16_units(m.group())}
        for m in FOUND_IN_TEXT.finditer(text)
    ]


def formatted(text: str, parse_mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    """Text after entity parsing and trimming, with its entities."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    if not parse_mode:
        plain = text.strip()
        return plain, found_entities(plain)
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")  # the bench knows HTML only
    plain, entities = parse_html(text)
    lead = utf16_units(plain) - utf16_units(plain.lstrip())
    for entity in entities:
        entity["offset"] = max(0, entity["offset"] - lead)
    return plain.strip(), entities + found_entities(plain.strip())


def checked_text(text: str, parse_mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    if not text:
        raise bad_request("message text is empty")
    plain, entities = formatted(text, parse_mode)
    if not plain:
        raise bad_request("text must be non-empty")
    if utf16_units(plain) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return plain, entities


def checked_caption(text: str, parse_mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    plain, entities = formatted(text, parse_mode)
    if utf16_units(plain) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return plain, entities
