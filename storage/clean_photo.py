"""Child process that opens one stranger's picture and writes a clean JPEG: `python -m storage.clean_photo`.

Reads the file from standard input, writes the JPEG to standard output and its size as JSON to standard
error. Exit 3: not a picture we accept. It runs with little memory and time, so that a hostile file harms
only this process.
"""

from __future__ import annotations

import io
import json
import resource
import sys

from PIL import Image, ImageOps

MEMORY = 768 * 1024 * 1024  # bytes of address space
CPU_S = 10
PIXELS = 40_000_000
SIDE = 2048
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
NOT_A_PICTURE = 3


def clean(data: bytes) -> tuple[bytes, int, int]:
    """(JPEG without metadata, upright, at most 2,048 pixels wide or high; its width; its height).

    raises: ValueError when the file is no acceptable picture.
    """
    _allow_heif()
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
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
    picture.save(out, "JPEG", quality=85, optimize=True)
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


def _allow_heif() -> None:
    try:
        from pillow_heif import register_heif_opener
    except ImportError:  # optional: only files sent as documents can be HEIC
        return
    register_heif_opener()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    Image.MAX_IMAGE_PIXELS = PIXELS
    try:
        jpeg, width, height = clean(sys.stdin.buffer.read())
    except (ValueError, MemoryError) as error:
        json.dump({"error": str(error)}, sys.stderr)
        return NOT_A_PICTURE
    json.dump({"width": width, "height": height}, sys.stderr)
    sys.stdout.buffer.write(jpeg)
    return 0


if __name__ == "__main__":
    sys.exit(main())
