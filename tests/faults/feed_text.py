"""What an outlet answers, well or badly: RSS of its articles, and bodies that only look like it. Pure.

Opens no socket (outlets.py does) and knows no plan.
"""

import gzip
import random
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape

import brotli  # type: ignore[import-untyped]

from monitor.demo.press import CHALLENGE_PAGE
from tests.faults.news import Piece, filler, outlet_name

BOMB = 64 * 2**20  # bytes, unpacked: far above any limit for a feed
CHALLENGE = CHALLENGE_PAGE.encode()
EMPTY_FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>'
OLD = "<item><title>Bài cũ của tuần trước</title><link>{base}/cu-4600000.html</link></item>"


def feed(
    pieces: Sequence[Piece],
    base: str,
    opened: datetime,
    *,
    dates: str = "",
    ids: bool = True,
    links: bool = True,
    reissued: str = "",
    renamed: str = "",
    encoding: str = "utf-8",
) -> bytes:
    """An outlet's RSS with these articles, oldest last. `dates`: "", "none", or the date that all have."""
    entries = []
    for piece in reversed(pieces):
        link = f"{base}/bai{reissued}-{4_700_000 + piece.story}.html"
        parts = [f"<title>{escape(f'{renamed}{piece.title}' if renamed else piece.title)}</title>"]
        parts += [f"<link>{link}</link>"] if links else []
        parts += [f"<guid>{link}</guid>"] if ids else []
        parts += [f"<description>{escape(piece.lead)}</description>"]
        if dates != "none":
            parts.append(f"<pubDate>{dates or format_datetime(opened + timedelta(seconds=piece.at))}</pubDate>")
        entries.append(f"<item>{''.join(parts)}</item>")
    name = outlet_name(pieces[0].outlet) if pieces else "Tờ báo"
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0"><channel><title>{name}</title>'
        f"<link>{base}/</link>{''.join(entries)}{OLD.format(base=base)}</channel></rss>"
    ).encode()


def long_feed(pieces: Sequence[Piece], base: str, opened: datetime, *, items: int = 1000) -> bytes:
    """The articles, and so many old ones about nobody."""
    body = feed(pieces, base, opened).decode()
    day = format_datetime(datetime.now(UTC))
    others = []
    for number in range(items):
        title, lead = filler(number)
        link = f"<link>{base}/vuon-{5_000_000 + number}.html</link><pubDate>{day}</pubDate>"
        others.append(f"<item><title>{title}</title><description>{lead}</description>{link}</item>")
    return body.replace("</channel>", f"{''.join(others)}</channel>").encode()


def shuffled(pieces: Sequence[Piece], seed: str) -> list[Piece]:
    """Another order each time."""
    return random.Random(seed).sample(list(pieces), len(pieces))


def cut(body: bytes) -> bytes:
    """The first two thirds, in the middle of something."""
    return body[: len(body) * 2 // 3]


def in_the_wrong_charset(body: bytes) -> bytes:
    """It says UTF-8 and is UTF-16."""
    return body.decode().encode("utf-16")


@cache
def entity_bomb() -> bytes:
    """Ten entities of ten: "a billion laughs"."""
    entities = ["<!ENTITY a0 'ha ha ha ha ha'>"]
    entities += [f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)]
    return (
        f"<?xml version='1.0'?><!DOCTYPE rss [{''.join(entities)}]><rss version='2.0'><channel><title>x</title>"
        "<item><title>&a9;</title><link>http://x.example/1</link></item></channel></rss>"
    ).encode()


@cache
def gzip_bomb() -> bytes:
    """A small body that unpacks to BOMB bytes."""
    return gzip.compress(bytes(BOMB), 9)


@cache
def brotli_bomb() -> bytes:
    """The like for brotli."""
    packed = brotli.compress(bytes(BOMB), quality=5)
    assert isinstance(packed, bytes)
    return packed


@cache
def nested_bomb() -> bytes:
    """Packed twice: with "Content-Encoding: gzip, gzip" it unpacks to BOMB bytes of zeros that are packed again."""
    return gzip.compress(gzip_bomb(), 9)


@cache
def deep_nesting() -> bytes:
    """A hundred thousand elements within each other."""
    deep = 100_000
    return b"<rss><channel><title>x</title>" + b"<item><description>" * 1 + b"<b>" * deep + b"</b>" * deep


def packed(body: bytes) -> bytes:
    """As servers send it to whoever takes gzip."""
    return gzip.compress(body, 3)


def etag_of(body: bytes) -> str:
    """An honest server's validator."""
    return f'"{zlib.crc32(body):08x}-{len(body)}"'
