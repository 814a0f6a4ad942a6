"""Child process that opens strangers' pictures and hands back clean JPEGs: `python -m storage.clean_photo`.

Frames on standard input: 4 bytes of length, the file. On standard output: 1 byte (0 fine, 1 refused), 4 bytes
each of width, height and length, then the JPEG or the reason. It runs with little memory, so that a hostile
file harms only this process; its parent (storage.cleaner) watches the time and starts another one.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
from typing import BinaryIO

from PIL import Image, ImageOps

MEMORY = 768 * 1024 * 1024  # bytes of address space
PIXELS = 40_000_000
SIDE = 2048
FORMATS = ("JPEG", "PNG", "WEBP")
HEAD = struct.Struct(">I")
ANSWER = struct.Struct(">BIII")


def clean(data: bytes) -> tuple[bytes, int, int]:
    """(JPEG without metadata, upright, at most 2,048 pixels wide or high; its width; its height).

    raises: ValueError when the file is no acceptable picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=(*FORMATS, *_heif())) as opened:
            if opened.width * opened.height > PIXELS:
                raise ValueError("too many pixels")
            if getattr(opened, "n_frames", 1) > 1 and opened.format != "JPEG":
                raise ValueError("more than one frame")
            opened.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(opened)
            picture = _flat(upright)
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(type(error).__name__) from error
    picture.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue(), picture.width, picture.height


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency; a new image, so that nothing of the old file's metadata comes along."""
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _heif() -> tuple[str, ...]:
    """The format, where it can be read: Pillow fails on a name that nobody registered."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:  # optional: only files sent as documents can be HEIC
        return ()
    register_heif_opener()
    return ("HEIF",)


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer frame by frame until the parent closes the pipe."""
    while len(head := source.read(HEAD.size)) == HEAD.size:
        data = source.read(HEAD.unpack(head)[0])
        try:
            jpeg, width, height = clean(data)
            sink.write(ANSWER.pack(0, width, height, len(jpeg)) + jpeg)
        except (ValueError, MemoryError) as error:
            reason = (str(error) or type(error).__name__).encode()[:200]
            sink.write(ANSWER.pack(1, 0, 0, len(reason)) + reason)
        sink.flush()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = PIXELS
    serve(sys.stdin.buffer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
