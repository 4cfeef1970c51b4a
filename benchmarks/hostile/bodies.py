"""What a hostile server may answer a poll with: bodies near every limit, of every kind that was seen to cost something.

Pure: makes bytes. `bodies` are answers as they stand, with their headers; what takes its time is server.py's.
"""

import gzip
import json
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]

MOST = 8 * 2**20 - 4_096  # just under the largest body that is read
SMALL = 250_000  # just under what counts as an ordinary feed by its size


@dataclass(frozen=True, slots=True)
class Hostile:
    """One answer. `headers` beside Content-Length."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def rss(items: str, head: str = "") -> bytes:
    return f'{head}<rss version="2.0"><channel><title>Bầy</title>{items}</channel></rss>'.encode()


def item(number: int, more: str = "") -> str:
    return f"<item><title>Tin {number}</title><link>https://bay.example/{number}</link>{more}</item>"


def filled(piece: str, size: int = MOST, head: str = "", *, items: int = 1_500) -> bytes:
    """A channel whose items are full of `piece`."""
    room = max(1, (size - len(head.encode()) - 500) // items - len(item(1_000, "").encode()))
    more = piece * max(1, room // len(piece.encode()))
    return rss("".join(item(number, more) for number in range(items)), head)[:size]


def many_items(size: int, lead: str) -> bytes:
    one = len(item(100_000, lead).encode())
    return rss("".join(item(number, lead) for number in range((size - 200) // one)))


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    return rss("<item><title>&l9;</title></item>", f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>')


def _quadratic(most: int) -> bytes:
    entity = "A" * 100_000
    return filled("<title>" + "&a;" * 100 + "</title>", most, f'<!DOCTYPE x [\n<!ENTITY a "{entity}">\n]>')


def _utf7() -> bytes:
    text = filled("<b>đ</b>", SMALL // 3, items=50).decode()
    return text.encode("utf-7")


def plain_bodies(most: int) -> dict[str, Callable[[], bytes]]:
    """How to make each body that is not packed, of at most so many bytes."""
    soup = "<p>Mưa <b>lớn <i>ở</b> sông</i> &amp; <a href='x'>suối</p>"
    return {
        "2,000 long items": lambda: many_items(most, f"<description><![CDATA[{soup * 50}]]></description>"),
        "100,000 items": lambda: many_items(most, ""),
        "a million open tags": lambda: b"<rss><channel><item>" + b"<a>" * (most // 3 - 20),
        "tags in tags": lambda: b"<rss><channel><item>" + b"<a>" * (most // 8) + b"</a>" * (most // 8),
        "deep in one item": lambda: rss("<item><title>" + "<b>" * 100_000 + "x" + "</b>" * 100_000 + "</title></item>"),
        "tags with attributes": lambda: filled("<a " + " ".join(f"a{n}='{n}'" for n in range(500)) + "/>", most),
        "one tag of attributes": lambda: rss("<item " + " ".join(f"a{n}='>'" for n in range(most // 14)) + "/>"),
        "namespaces": lambda: filled("".join(f"<n{n}:a xmlns:n{n}='urn:{n}'>x</n{n}:a>" for n in range(200)), most),
        "billion laughs": _laughs,
        "a long entity, often": lambda: _quadratic(most),
        "ampersands": lambda: filled("&", most),
        "references": lambda: filled("<b>" + "&eacute;&#7853;" * 100 + "</b>", most // 2),
        "one long title": lambda: rss("<item><title>" + "Mưa lớn " * (most // 11) + "</title></item>"),
        "one long address": lambda: rss("<item><link>https://bay.example/" + "%61" * (most // 4) + "</link></item>"),
        "one long CDATA": lambda: rss(f"<item><description><![CDATA[{soup * (most // 80)}]]></description></item>"),
        "CDATA without end": lambda: rss("<item><title>x</title>" + "<![CDATA[" * 900_000),
        "comments": lambda: filled("<!-- -->", most),
        "soup": lambda: filled(soup.replace("&amp;", "&"), most),
        "broken soup": lambda: filled("<p>Mưa <b>lớn <i>ở</b> sông & <a href=x>suối", most),
        "titles of soup": lambda: filled(f"<title><![CDATA[{soup * 40}]]></title>", most),
        "content": lambda: filled(f"<content:encoded><![CDATA[{soup * 40}]]></content:encoded>", most),
        "a prolog without end": lambda: b"<!DOCTYPE a [" * (most // 14) + b"<rss/>",
        "dates": lambda: many_items(
            most // 4, "<pubDate>" + "Thứ hai, 14 tháng 8 năm 2026 " * 4 + "</pubDate><dc:date>1</dc:date>"
        ),
        "deep JSON": lambda: b'{"items":' + b"[" * (most - 20),
        "JSON of 100,000 items": lambda: json.dumps(
            {"items": [{"title": f"Tin {n}"} for n in range(most // 28)]}
        ).encode(),
        "JSON of long items": lambda: json.dumps(
            {"items": [{"id": n, "title": f"Tin {n}", "content_html": soup * 50} for n in range(most // 5_000)]}
        ).encode(),
        "UTF-16": lambda: filled("<b>x</b>", most // 2 - 10).decode().encode("utf-16"),
        "random bytes": lambda: random.Random(7).randbytes(most),
        "small and dense": lambda: filled("<a/>", SMALL, items=50),
        "small, with items": lambda: many_items(SMALL, ""),
        "small, broken, dense": lambda: filled("<b>x</i>", SMALL, items=50),
        "small soup": lambda: rss(f"<item><description><![CDATA[{soup * 3_500}]]></description></item>"),
        "UTF-7": _utf7,
    }


def bodies(most: int = MOST) -> dict[str, Hostile]:
    """Every answer by its name, each of at most so many bytes. Takes some seconds."""
    xml = (("Content-Type", "application/rss+xml"),)
    made = {name: Hostile(make(), xml) for name, make in plain_bodies(most).items()}
    made["UTF-7"] = Hostile(made["UTF-7"].body, (("Content-Type", "application/xml; charset=utf-7"),))
    zeros = b"\0" * (16 * 2**20)
    pack = zlib.compressobj(wbits=31)
    gzipped = b"".join(pack.compress(zeros) for _ in range(16)) + pack.flush()
    feed = many_items(most, "")
    return made | {
        "a gzip bomb": Hostile(gzipped, (*xml, ("Content-Encoding", "gzip"))),
        "a brotli bomb": Hostile(brotli.compress(zeros * 4, quality=5), (*xml, ("Content-Encoding", "br"))),
        "a bomb in a bomb": Hostile(gzip.compress(gzipped), (*xml, ("Content-Encoding", "gzip, gzip"))),
        "gzip of 100,000 items": Hostile(gzip.compress(feed), (*xml, ("Content-Encoding", "gzip"))),
        "brotli of 100,000 items": Hostile(brotli.compress(feed, quality=5), (*xml, ("Content-Encoding", "br"))),
        "many gzip members": Hostile(gzip.compress(b"<a/>") * 100_000, (*xml, ("Content-Encoding", "gzip"))),
    }
