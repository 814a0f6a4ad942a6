"""Files that people and bots exchange: real pictures with EXIF, voice notes, and the rules for uploads."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from PIL import Image, TiffImagePlugin

from tests.bench.telegram_rules import Refusal, bad_request
from tests.bench.telegram_wire import Params
from tests.bench.telegram_world import File, World

PHOTO_BYTES, FILE_BYTES, DOWNLOAD_BYTES = 10 * 2**20, 50 * 2**20, 20 * 2**20
OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + bytes(200)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(400)
WEBP_EDGE = 64


@lru_cache(maxsize=32)
def jpeg(width: int = 1280, height: int = 960, shade: int = 90, *, exif: bool = True) -> bytes:
    """A real JPEG; with EXIF it carries a camera name and a GPS position in Bekasi, as phones write them."""
    picture = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    picture.paste((shade, 60, 40), (0, height * 2 // 3, width, height))
    tags = Image.Exif()
    if exif:
        rational = TiffImagePlugin.IFDRational
        tags[0x010F], tags[0x0110], tags[0x0112] = "Kamera Uji", "Kamera Uji 1", 6
        tags.get_ifd(0x8825).update({
            1: "S", 2: (rational(6), rational(14), rational(1805, 100)),
            3: "E", 4: (rational(106), rational(59), rational(3120, 100)),
        })  # fmt: skip
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80, exif=tags)
    return out.getvalue()


@lru_cache(maxsize=1)
def webp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (WEBP_EDGE, WEBP_EDGE), (20, 120, 60)).save(out, "WEBP")
    return out.getvalue()


def photo_sizes(world: World, data: bytes) -> list[dict[str, Any]]:
    """The sizes Telegram makes of a photo, smallest first; the largest keeps the bytes as given."""
    picture = Image.open(io.BytesIO(data))
    sizes = []
    for edge in (90, 320):
        if max(picture.size) > edge:
            small = picture.convert("RGB")
            small.thumbnail((edge, edge))
            out = io.BytesIO()
            small.save(out, "JPEG")
            sizes.append(_photo_size(world, out.getvalue(), small.size))
    return [*sizes, _photo_size(world, data, picture.size)]


def _photo_size(world: World, data: bytes, size: tuple[int, int]) -> dict[str, Any]:
    return described(world.keep_file("photo", data, "file_*.jpg")) | {"width": size[0], "height": size[1]}


def described(file: File) -> dict[str, Any]:
    return {"file_id": file.id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def incoming(world: World, params: Params, name: str, kind: str, reference: Any = None) -> File:
    """The file a call sends: an upload, or a file_id the platform has given out before."""
    reference = params.get(name) if reference is None else reference
    if not isinstance(reference, str) or not reference:
        raise bad_request(f"there is no {kind} in the request")
    if reference.startswith("attach://"):
        upload = params.files.get(reference.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"can't find the attached file {reference}")
        return _uploaded(world, kind, upload.data, upload.name)
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")  # the bench reaches no other host
    file = world.files.get(reference)
    if file is None:
        raise bad_request(f"wrong remote file identifier specified: can't unserialize it. Wrong last symbol ({name})")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return file


def _uploaded(world: World, kind: str, data: bytes, name: str) -> File:
    if not data:
        raise bad_request("file must be non-empty")
    if len(data) > (PHOTO_BYTES if kind == "photo" else FILE_BYTES):
        raise Refusal(413, "Request Entity Too Large")
    if kind == "photo":
        _check_picture(data)
    return world.keep_file(kind, data, f"file_*_{name.rsplit('/', 1)[-1] or 'x'}")


def _check_picture(data: bytes) -> None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            picture.verify()
    except Exception:
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
