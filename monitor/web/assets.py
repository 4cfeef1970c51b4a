"""The style sheet, the script and the fonts: read once, compressed once, kept by browsers until they change.

Each is asked for with a hash of its content behind its name, so that an old one is never shown with a new page.
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, the same compressed (empty where that saves nothing), and its short hash."""

    body: bytes
    packed: bytes
    content_type: str
    version: str


@cache
def assets() -> dict[str, Asset]:
    """All of them, by name."""
    return {path.name: _asset(path) for path in sorted(STATIC.iterdir()) if path.suffix in KINDS}


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    packed = b"" if path.suffix == ".woff2" else gzip.compress(body, 9, mtime=0)
    return Asset(body, packed, KINDS[path.suffix], hashlib.sha256(body).hexdigest()[:12])


def address_of(name: str) -> str:
    """Where a page finds one."""
    return f"/static/{name}?{assets()[name].version}"
