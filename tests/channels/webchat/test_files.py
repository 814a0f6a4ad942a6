"""Files that visitors send, and pictures that they may see."""

import errno
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.webchat.incoming import MAX_FILE, Incoming, sniff
from bot.channels.webchat.media import link
from bot.channels.webchat.visitor import sign_link
from conversations.inbound import MediaKind
from tests.channels.webchat.conftest import JPEG, Visitor
from usecases.ports import FetchFailed


def form(*files: bytes, name: str = "photo-1234", kind: str = "image/jpeg", **fields: str) -> aiohttp.FormData:
    made = aiohttp.FormData()
    made.add_field("id", name)
    for field, value in fields.items():
        made.add_field(field, value)
    for content in files:
        made.add_field("files", content, filename="../../../../etc/passwd", content_type=kind)
    return made


async def packed(data: aiohttp.FormData) -> tuple[bytes, str]:
    payload = data()
    body = await payload.as_bytes()
    return body, payload.headers["Content-Type"]


async def send(visitor: Visitor, data: aiohttp.FormData, **headers: str) -> aiohttp.ClientResponse:
    body, kind = await packed(data)
    sent = {"Content-Type": kind, "X-Sahut": "1"} | headers
    return await visitor.http.post("/chat/photos", data=body, headers=sent)


def kept(visitor: Visitor) -> list[Path]:
    folder = visitor.town.incoming
    return list(folder.iterdir()) if folder.is_dir() else []


async def test_photos_are_kept_before_they_are_taken(visitor: Visitor) -> None:
    answer = await send(visitor, form(JPEG, JPEG + b"2", caption="lubang", reply_to="4"))
    assert answer.status == 200
    event = visitor.town.hall.taken[0]
    assert (event.text, event.reply_to, len(event.attachments)) == ("lubang", "4", 2)
    first = event.attachments[0]
    assert (first.kind, first.mime, first.size) == (MediaKind.PHOTO, "image/jpeg", len(JPEG))
    assert await visitor.town.door.incoming.fetch(first.ref) == JPEG
    assert len(kept(visitor)) == 2


async def test_a_full_disk_is_a_reason_to_come_again(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """F14: the page keeps the photos and sends them again; what was written whole stays, no half is left."""
    flushed: list[int] = []

    def full(handle: int) -> None:
        flushed.append(handle)
        if len(flushed) == 3:  # the first file and its folder fit
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bot.channels.webchat.incoming.os.fsync", full)
    answer = await send(visitor, form(JPEG, JPEG + b"2"))
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert [path.read_bytes() for path in kept(visitor)] == [JPEG]
    assert visitor.town.hall.taken == []
    monkeypatch.undo()
    assert (await send(visitor, form(JPEG, JPEG + b"2"))).status == 200
    assert len(kept(visitor)) == 2


async def test_a_repeated_upload_leaves_no_second_copy(visitor: Visitor) -> None:
    for fresh in (True, False):
        assert (await (await send(visitor, form(JPEG))).json())["fresh"] is fresh
    assert len(kept(visitor)) == 1


async def test_an_upload_that_is_refused_may_come_again_and_is_there_if_it_was_taken_all_the_same(
    visitor: Visitor,
) -> None:
    """Storage may say no to a commit that was done: then the event names the file, and it must be there."""
    visitor.town.hall.down = True
    assert (await send(visitor, form(JPEG))).status == 503
    visitor.town.hall.down = False
    assert (await send(visitor, form(JPEG))).status == 200
    assert [path.read_bytes() for path in kept(visitor)] == [JPEG]


async def test_the_same_picture_twice_in_one_message_and_in_two_is_each_their_own(visitor: Visitor) -> None:
    assert (await send(visitor, form(JPEG, JPEG))).status == 200
    assert (await send(visitor, form(JPEG, name="photo-5678"))).status == 200
    assert len(kept(visitor)) == 3


NOT_KEPT = [
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"<!doctype html><script>1</script>",
    b"GIF89a/*", b"%PDF-1.7", b"MZ\x90", b"PK\x03\x04", b"", b"\x00" * 40, b"#!/bin/sh\n", b"RIFF\x00\x00\x00\x00AVI ",
]  # fmt: skip


@pytest.mark.parametrize("content", NOT_KEPT)
async def test_a_file_is_what_its_bytes_say_not_what_its_name_says(visitor: Visitor, content: bytes) -> None:
    answer = await send(visitor, form(content, kind="image/jpeg"))
    assert (answer.status, await answer.json()) == (415, {"error": "kind"})
    assert (visitor.town.hall.taken, kept(visitor)) == ([], [])


@pytest.mark.parametrize(
    ("head", "declared", "kind", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n", "", MediaKind.PHOTO, "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "", MediaKind.PHOTO, "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "", MediaKind.PHOTO, "image/heic"),
        (b"\x00\x00\x00\x18ftypM4A ", "", MediaKind.VOICE, "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom", "audio/mp4", MediaKind.VOICE, "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4", MediaKind.VIDEO, "video/mp4"),
        (b"OggS\x00", "", MediaKind.VOICE, "audio/ogg"),
        (b"\x1aE\xdf\xa3", "audio/webm", MediaKind.VOICE, "audio/webm"),
        (b"\xff\xfb\x90", "", MediaKind.VOICE, "audio/mpeg"),
    ],
)
def test_kinds_of_files(head: bytes, declared: str, kind: MediaKind, mime: str) -> None:
    assert sniff(head, declared) == (kind, mime)


async def test_too_large_too_many_and_malformed(visitor: Visitor) -> None:
    assert (await send(visitor, form(JPEG + b"x" * MAX_FILE))).status == 413
    assert (await send(visitor, form(*[JPEG] * 11))).status == 413
    assert (await send(visitor, form())).status == 415  # without a file it is no multipart form
    assert (await send(visitor, form(JPEG, name="no"))).status == 400
    assert (await send(visitor, form(JPEG, evil="1"))).status == 400
    assert (await send(visitor, form(JPEG, caption="x" * 30_000))).status == 413
    assert (await send(visitor, form(JPEG), **{"X-Sahut": "0"})).status == 403
    assert (await send(visitor, form(JPEG), **{"Content-Encoding": "gzip"})).status == 415
    assert (await send(visitor, form(JPEG), Origin="https://evil.example")).status == 403
    headers = {"X-Sahut": "1", "Content-Type": "multipart/form-data; boundary=x"}
    for body in (
        b"",
        b"--x",
        b"--x\r\n\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\nhi\r\n--x--\r\n",
        b"\xff" * 99,
    ):
        answer = await visitor.http.post("/chat/photos", data=body, headers=headers)
        assert answer.status == 400, body
    assert (visitor.town.hall.taken, kept(visitor)) == ([], [])


async def test_an_upload_says_its_length(visitor: Visitor) -> None:
    async def drip() -> Any:
        yield b"--x\r\n"

    headers = {"X-Sahut": "1", "Content-Type": "multipart/form-data; boundary=x"}
    assert (await visitor.http.post("/chat/photos", data=drip(), headers=headers)).status == 411


@pytest.mark.parametrize(
    "ref", ["web:../../etc/passwd", "web:", "x:" + "a" * 32, "web:" + "a" * 32, "", "web:/etc/passwd"]
)
async def test_only_our_own_references_are_fetched(tmp_path: Path, ref: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        await Incoming(tmp_path).fetch(ref)
    assert failed.value.permanent


async def test_old_files_are_tidied_away(tmp_path: Path) -> None:
    incoming = Incoming(tmp_path / "in")
    assert incoming.tidy(60) == 0
    ref = await incoming.keep(b"x", "w:1:1:0")
    assert (incoming.tidy(3600), incoming.tidy(-60)) == (0, 1)
    with pytest.raises(FetchFailed):
        await incoming.fetch(ref)


async def test_a_picture_is_shown_to_who_holds_its_link(visitor: Visitor) -> None:
    name = visitor.town.add_picture(JPEG)
    shown = link({"sha256": name, "mime": "image/jpeg"}, visitor.town.door.key, time.time())
    assert shown is not None
    answer = await visitor.http.get(shown["src"])
    assert (answer.status, await answer.read()) == (200, JPEG)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_every_other_link_finds_nothing(visitor: Visitor) -> None:
    key, name, now = visitor.town.door.key, visitor.town.add_picture(JPEG), time.time()
    good = sign_link(key, f"{name}.jpg", now)
    wrong = [
        f"/media/{name}.jpg", good[:-1] + ("0" if good[-1] != "0" else "1"), good.replace("?e=", "?e=9"),
        good.replace(".jpg", ".mp4"), good.replace(name, "0" * 64), sign_link(key, f"{name}.jpg", now - 3 * 86_400),
        sign_link(key, "0" * 64 + ".jpg", now), sign_link(key, f"{name}.html", now), sign_link(key, f"{name}.svg", now),
        sign_link(key, "..%2f..%2fetc%2fpasswd", now), "/media/..%2f..%2fetc%2fpasswd?e=99999999999&s=0", good + "é",
        sign_link(b"other" * 8, f"{name}.jpg", now), "/media/%00.jpg?e=1&s=1", f"/media/{name}.jpg?e=%D9%A1&s=1",
    ]  # fmt: skip
    assert [(await visitor.http.get(path)).status for path in wrong] == [404] * len(wrong)


@pytest.mark.parametrize(
    "photo", [{}, {"sha256": "../x"}, {"sha256": "0" * 64, "mime": "text/html"}, {"sha256": "A" * 64}]
)
def test_no_link_is_made_for_anything_else(photo: dict[str, str]) -> None:
    assert link(photo, b"k" * 32, 0) is None
