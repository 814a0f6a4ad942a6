"""Style sheets, scripts and pictures of the pages: read once, compressed once, kept by browsers for ever."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from aiohttp import web
from msgspec import Struct

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_FOLDER = Path(__file__).parent / "static"


class Asset(Struct, frozen=True):
    content: bytes
    packed: bytes  # b"" when compressing does not help
    mime: str


class Assets:
    """The files of one version; the version is part of every address, so a new one is never mixed with an old."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._files: dict[str, Asset] = {}
        digest = hashlib.sha256()
        for path in sorted(folder.iterdir()):
            if path.suffix not in TYPES:
                continue
            content = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + content)
            packed = gzip.compress(content, 9, mtime=0)
            smaller = len(packed) < 0.9 * len(content)
            self._files[path.name] = Asset(content, packed if smaller else b"", TYPES[path.suffix])
        self.version = digest.hexdigest()[:12]

    @property
    def base(self) -> str:
        return f"/static/{self.version}"

    async def serve(self, request: web.Request) -> web.Response:
        """A file by name; the address of an older page still works, but is not kept."""
        asset = self._files.get(request.match_info["name"])
        if asset is None:
            return web.Response(status=404, text="404", headers={"X-Content-Type-Options": "nosniff"})
        current = request.match_info["version"] == self.version
        headers = {
            "Content-Type": asset.mime,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if asset.packed and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=asset.packed, headers=headers | {"Content-Encoding": "gzip"})
        return web.Response(body=asset.content, headers=headers)
