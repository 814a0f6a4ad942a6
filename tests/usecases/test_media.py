"""F32, F33, F78, F79: pictures are cleaned, bombs are refused in time, and a report never waits for its photos."""

import asyncio
import io
import os
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from bot.collector import Collector
from conversations.inbound import Attachment, MediaKind
from conversations.state import Handed, State
from storage import cleaner
from storage.files import Files, NotAccepted
from storage.media import CLAIM
from tests.usecases.town import CHANNEL, Town
from usecases import collect
from usecases.collect import BACKOFF_S
from usecases.ports import FetchFailed, Outgoing, Pace, Photo

SECRETS = (b"SECRET-GPS", b"Exif", b"GPSLatitude", b"http://ns.adobe.com", b"c2pa", b"photoshop")


def picture(
    form: str = "JPEG", size: tuple[int, int] = (640, 480), *, exif: bool = True, turned: bool = False
) -> bytes:
    image = Image.effect_noise(size, 40).convert("RGB")
    tags = Image.Exif()
    tags[0x010E] = "SECRET-GPS -6.298 106.959"
    tags[0x0112] = 6 if turned else 1
    tags.get_ifd(0x8825)[1] = "S"
    out = io.BytesIO()
    image.save(out, form, **({"exif": tags} if exif else {}))
    if form == "JPEG":
        return out.getvalue() + b"SECRET-GPS after the end"
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A one-bit PNG of side x side pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\x00" * ((side // 8 + 1) * side), 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Platform:
    """A channel that only has files; what is an exception is raised."""

    name = CHANNEL
    pace = Pace()

    def __init__(self, files: dict[str, bytes | Exception]) -> None:
        self.files = files

    async def fetch(self, ref: str) -> bytes:
        found = self.files[ref]
        if isinstance(found, Exception):
            raise found
        return found

    async def send(self, message: Outgoing) -> tuple[str, ...]:
        raise NotImplementedError

    async def toast(self, press_id: str, words: str, *, alert: bool = False) -> None:
        raise NotImplementedError


async def collected(town: Town, files: Files, platform: Platform) -> None:
    """Let the collector work until nothing is pending now."""
    collector = Collector(town.database, town.house, {CHANNEL: platform}, files, lambda queued: None)
    task = asyncio.create_task(collector.run())
    try:
        for _ in range(600):
            # the clock stands still: a file being fetched now is claimed until exactly two minutes from now
            waiting = town.value(
                "select count(*) from media where state = 'pending' and (next_at <= :now or next_at = :claimed)",
                now=town.clock.at,
                claimed=town.clock.at + CLAIM,
            )
            if not waiting:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the collector did not come to an end")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Held(Platform):
    """Answers for a file only when it is told to."""

    def __init__(self, files: dict[str, bytes | Exception]) -> None:
        super().__init__(files)
        self.asked: list[str] = []
        self.may = {ref: asyncio.Event() for ref in files}

    async def fetch(self, ref: str) -> bytes:
        self.asked.append(ref)
        await self.may[ref].wait()
        return await super().fetch(ref)


async def test_one_slow_file_delays_no_other_and_the_database_is_not_asked_more_often(
    town: Town, files: Files, monkeypatch: pytest.MonkeyPatch
):
    """Four at a time: whoever is done makes room for the next. While nothing can be begun nobody looks."""
    looks = 0
    claiming = collect.claim

    def counted(*given: Any) -> Any:
        nonlocal looks
        looks += 1
        return claiming(*given)

    monkeypatch.setattr(collect, "claim", counted)
    refs = [f"f{n}" for n in range(7)]
    chat = town.chat("1")
    for ref in refs:
        found = Attachment(MediaKind.VOICE, ref)
        town.do(lambda u, r=ref, f=found: u.media.add(chat, r, 0, f, purpose="report", ticket=0))  # type: ignore[misc]
    platform = Held(dict.fromkeys(refs, b"OggS voice"))
    collector = Collector(town.database, town.house, {CHANNEL: platform}, files, lambda queued: None)
    task = asyncio.create_task(collector.run())
    try:
        await until(lambda: platform.asked == refs[:4])
        collector.wake()
        await asyncio.sleep(0.05)
        assert looks == 1, "there is no room"
        for ref in refs[1:]:  # the first one hangs
            platform.may[ref].set()
        await until(lambda: town.value("select count(*) from media where state = 'stored'") == 6)
        await asyncio.sleep(0.05)
        assert looks <= 1 + 4, "no more than one for each file that made room for another, and one that finds none"
        before = looks
        platform.may["f0"].set()
        await until(lambda: town.value("select count(*) from media where state = 'stored'") == 7)
        await asyncio.sleep(0.05)
        assert looks == before, "the last look found less than there was room for"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(fits: Callable[[], bool]) -> None:
    for _ in range(500):
        if fits():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come to that")


@pytest.fixture
def files(town: Town) -> Files:
    return Files(town.house.media)


def photo(ref: str) -> Attachment:
    return Attachment(MediaKind.PHOTO, ref)


def everything(folder: Path) -> set[str]:
    return {f"{path.parent.name}/{path.name}" for path in folder.glob("*/*")}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_nothing_but_the_picture_is_kept(tmp_path: Path, form: str):
    files = Files(tmp_path)
    kept = await files.keep("photo", picture(form))
    content = files.path(kept.sha256).read_bytes()
    assert kept.mime == "image/jpeg"
    assert not [sign for sign in SECRETS if sign in content]
    with Image.open(io.BytesIO(content)) as cleaned:
        assert not cleaned.getexif()
        assert not [key for key in cleaned.info if key not in ("jfif", "jfif_version", "jfif_unit", "jfif_density")]
    assert everything(tmp_path) == {f"{kept.sha256[:2]}/{kept.sha256}"}, "no half file is left"


async def test_a_picture_is_turned_upright_and_made_smaller(tmp_path: Path):
    files = Files(tmp_path)
    turned = await files.keep("photo", picture(size=(640, 480), turned=True))
    assert (turned.width, turned.height) == (480, 640)
    large = await files.keep("photo", picture(size=(3000, 1500)))
    assert (large.width, large.height) == (2048, 1024)


@pytest.mark.parametrize("side", [9_000, 12_000, 20_000])
async def test_a_bomb_is_refused_in_time(tmp_path: Path, side: int):
    """A few kilobytes that would become hundreds of megabytes (M8)."""
    hostile = bomb(side)
    assert len(hostile) < 60_000
    began = time.monotonic()
    with pytest.raises(NotAccepted):
        await Files(tmp_path).keep("photo", hostile)
    assert time.monotonic() - began < 10
    assert not everything(tmp_path)


@pytest.mark.parametrize(
    "junk",
    [b"", b"not a picture", b"\xff\xd8\xff", picture()[:200], b"<svg onload=alert(1)>", b"%PDF-1.7", os.urandom(5000)],
    ids=["empty", "text", "head", "cut", "svg", "pdf", "noise"],
)
async def test_what_is_no_picture_is_refused(tmp_path: Path, junk: bytes):
    with pytest.raises(NotAccepted):
        await Files(tmp_path).keep("photo", junk)


async def test_what_no_format_knows_is_called_that(tmp_path: Path):
    with pytest.raises(NotAccepted, match="UnidentifiedImageError"):
        await Files(tmp_path).keep("photo", b"not a picture")


async def test_after_a_hostile_file_the_next_good_one_is_cleaned(tmp_path: Path):
    files = Files(tmp_path)
    jobs = [files.keep("photo", data) for data in (bomb(9_000), picture(), b"junk", picture("PNG"))]
    ends = await asyncio.gather(*jobs, return_exceptions=True)
    assert [isinstance(end, NotAccepted) for end in ends] == [True, False, True, False]


def dying(monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """The cleaner's child is killed so many times while it has a picture, as by a machine short of memory."""
    ask, killed = cleaner._ask, []

    async def killed_first(child: asyncio.subprocess.Process, data: bytes) -> tuple[int, int, int, bytes]:
        if len(killed) < times:
            killed.append(child.pid)
            child.kill()
        return await ask(child, data)

    monkeypatch.setattr(cleaner, "_ask", killed_first)
    return killed


async def test_a_picture_is_not_blamed_for_a_cleaner_that_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    killed = dying(monkeypatch, 1)
    assert (await Files(tmp_path).keep("photo", picture())).mime == "image/jpeg"
    assert len(killed) == 1


async def test_a_picture_nobody_could_look_at_is_tried_again_later(
    town: Town, files: Files, monkeypatch: pytest.MonkeyPatch
):
    town.office("DISHUB", "501")
    town.take(town.message("1001", "lampu mati", attachments=(photo("a"),)))
    dying(monkeypatch, 2)
    await collected(town, files, Platform({"a": picture()}))
    assert town.rows("select state, attempts from media") == [("pending", 1)]
    town.clock.forward(seconds=11)
    await collected(town, files, Platform({"a": picture()}))
    assert town.value("select state from media") == "stored"


# -- with a report ---------------------------------------------------------------------------------------


async def test_the_same_file_from_several_people_at_the_same_moment_is_kept_for_each(tmp_path: Path) -> None:
    """One was written under the other's name, and the slower of the two found its own gone."""
    files = Files(tmp_path)
    for voice in range(30):
        same = b"OggS" + bytes([voice]) * 200_000
        kept = await asyncio.gather(*(files.keep("voice", same) for _ in range(8)))
        assert len({one.sha256 for one in kept}) == 1
        assert files.path(kept[0].sha256).read_bytes() == same
    assert len(everything(tmp_path)) == 30


async def test_photos_reach_the_office_below_its_card(town: Town, files: Files):
    group = town.office("DISHUB", "501")
    event = town.message("1001", "lampu mati", attachments=(photo("a"), photo("b")))
    town.take(event)
    await collected(town, files, Platform({"a": picture(), "b": picture("PNG")}))
    refs = tuple(event.attachments)
    from conversations.state import Media

    ticket = town.report("1001", media=tuple(Media(kept.ref, str(kept.kind)) for kept in refs))
    said = [m for m in town.deliver() if m.peer == group.peer]
    sent = [p for m in said for p in m.photos]
    assert len(sent) == 2
    assert all(isinstance(p, Photo) and p.path.read_bytes()[:3] == b"\xff\xd8\xff" for p in sent)
    assert "2" in next(m.text for m in said if ticket.number in m.text)
    assert "media" not in town.breaches()
    files.path(sent[0].sha256).unlink()
    assert town.breaches()["media"][0] == 1


async def test_a_file_that_is_no_picture_is_told_and_the_report_goes_on(town: Town, files: Files):
    town.take(town.message("1001", "lampu mati", attachments=(photo("bad"),)))
    town.deliver()
    await collected(town, files, Platform({"bad": b"no picture at all"}))
    assert town.value("select state from media") == "rejected"
    said = [m.text for m in town.deliver()]
    assert len(said) == 1
    assert "JPG" in said[0] or "foto" in said[0].casefold()
    assert town.value("select count(*) from inbox_event where state = 'done'") == 1


async def test_a_photo_that_cannot_be_fetched_is_tried_over_a_day_then_told_once(town: Town, files: Files):
    town.take(town.message("1001", "lampu mati", attachments=(photo("slow"),)))
    town.deliver()
    platform = Platform({"slow": FetchFailed("bad gateway")})
    began = town.clock.at
    for wait in BACKOFF_S:
        await collected(town, files, platform)
        assert town.value("select state from media") == "pending"
        town.clock.forward(seconds=wait + 1)
    await collected(town, files, platform)
    assert (town.clock.at - began).total_seconds() < 26 * 3600
    assert town.value("select state from media") == "failed"
    assert town.value("select count(*) from dead_letter where source_table = 'media'") == 1
    assert len([m for m in town.deliver() if m.peer == "1001"]) == 1
    assert town.breaches().keys() == {"dead-letters"}


async def test_a_photo_that_is_gone_for_good_is_not_asked_for_again(town: Town, files: Files):
    town.take(town.message("1001", "lampu mati", attachments=(photo("gone"),)))
    await collected(town, files, Platform({"gone": FetchFailed("expired", permanent=True)}))
    assert (town.value("select state from media"), town.value("select attempts from media")) == ("failed", 1)


async def test_a_late_photo_still_reaches_the_office(town: Town, files: Files):
    group = town.office("DISHUB", "501")
    town.take(town.message("1001", "lampu mati", attachments=(photo("late"),)))
    platform = Platform({"late": FetchFailed("bad gateway")})
    await collected(town, files, platform)
    from conversations.state import Media

    town.report("1001", media=(Media("late", "photo"),))
    assert not [p for m in town.deliver() for p in m.photos]
    platform.files["late"] = picture()
    town.clock.forward(seconds=11)
    await collected(town, files, platform)
    assert [len(m.photos) for m in town.deliver() if m.peer == group.peer and m.photos] == [1]


@pytest.mark.parametrize("how", ["rejected", "failed"])
def test_a_file_that_was_lost_is_not_counted_in_the_report_being_written(town: Town, how: str) -> None:
    """Its sender was told; the summary they confirm must not promise it."""
    files = (Attachment(MediaKind.PHOTO, "good"), Attachment(MediaKind.PHOTO, "bad"))
    town.take(town.message("1", text="lampu jalan mati", attachments=files))
    row = next(row for row in town.do(lambda unit: unit.media.claim(4)) if row.ref == "bad")
    if how == "rejected":
        town.do(lambda unit: collect.rejected(unit, row.id, "no picture"))
    else:
        town.do(lambda unit: collect.failed(unit, row, "gone", permanent=True))
    draft = State.loads(town.chat("1").state).draft
    assert draft is not None
    assert [media.ref for media in draft.media] == ["good"]
    town.take(town.message("1", text="di depan SDN 3 Jatiasih"))
    after = State.loads(town.chat("1").state).draft
    assert after is not None
    assert after.text == "lampu jalan mati"


def lost(town: Town, ref: str) -> State:
    row = next(row for row in town.do(lambda unit: unit.media.claim(4)) if row.ref == ref)
    town.do(lambda unit: collect.rejected(unit, row.id, "no picture"))
    return State.loads(town.chat("1").state)


def test_a_file_of_another_problem_that_was_lost_is_not_counted_there(town: Town) -> None:
    """Neither while it is asked whose it is, nor while it waits for its turn, nor if it went to an office before."""
    bad, good = (Attachment(MediaKind.PHOTO, ref) for ref in ("bad", "good"))
    town.take(town.message("1", text="lampu jalan mati di jatiasih"))
    town.take(town.message("1", text="sampah menumpuk belum diangkut seminggu bau busuk", attachments=(bad, good)))
    asked = State.loads(town.chat("1").state)
    assert asked.other is not None
    assert len(asked.other.media) == 2
    handed = Handed(7, town.clock.at.isoformat(), media=asked.other.media)
    state = replace(asked, later=(asked.other,), handed=handed)
    chat = town.chat("1")
    town.do(lambda unit: unit.chats.save(chat, state.dumps(), None))
    after = lost(town, "bad")
    assert after.other is not None
    assert after.handed is not None
    for media in (after.other.media, after.later[0].media, after.handed.media):
        assert [one.ref for one in media] == ["good"]
