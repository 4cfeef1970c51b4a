"""The least that somebody would write: asyncio, aiohttp, a parser, sqlite3. It names the floor; it is no news monitor.

Run by the benchmark: python -m benchmarks.peers.bare feedparser|lxml DATABASE URLS. Asks with ETag and Last-Modified,
skips a body that it has seen; no limits, no politeness, no dates mended, no identity but the guid.
"""

import asyncio
import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import aiohttp

AT_ONCE = 50
Row = tuple[str, str, str, str, str]
SCHEMA = """
CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT, modified TEXT, sha256 TEXT);
CREATE TABLE IF NOT EXISTS items (id TEXT PRIMARY KEY, title TEXT, link TEXT, date TEXT, summary TEXT);
"""


def feedparser_rows() -> Callable[[bytes], Iterable[Row]]:
    import feedparser

    def rows(body: bytes) -> Iterable[Row]:
        for entry in feedparser.parse(body).entries:
            yield entry.id, entry.title, entry.link, entry.published, entry.summary

    return rows


def lxml_rows() -> Callable[[bytes], Iterable[Row]]:
    from lxml import etree  # type: ignore[import-untyped]

    def rows(body: bytes) -> Iterable[Row]:
        for item in etree.fromstring(body).iter("item"):
            yield tuple(item.findtext(name, "") for name in ("guid", "title", "link", "pubDate", "description"))

    return rows


async def poll(
    url: str, session: aiohttp.ClientSession, database: sqlite3.Connection, parse: Callable[[bytes], Iterable[Row]]
) -> None:
    known = database.execute("SELECT etag, modified, sha256 FROM feeds WHERE url = ?", (url,)).fetchone() or (
        "",
        "",
        "",
    )
    headers = {name: value for name, value in zip(("If-None-Match", "If-Modified-Since"), known, strict=False) if value}
    async with session.get(url, headers=headers) as answer:
        if answer.status == 304:
            return
        body = await answer.read()
    sha256 = hashlib.sha256(body).hexdigest()
    if sha256 == known[2]:
        return
    bookmark = url, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""), sha256
    with database:
        database.executemany("INSERT OR IGNORE INTO items VALUES (?, ?, ?, ?, ?)", parse(body))
        database.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?)", bookmark)


async def main(parser: str, file: str, urls: list[str]) -> None:
    parse = {"feedparser": feedparser_rows, "lxml": lxml_rows}[parser]()
    database = sqlite3.connect(file)
    database.executescript(SCHEMA)
    turns = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:

        async def one(url: str) -> None:
            async with turns:
                await poll(url, session, database, parse)

        for url in urls:
            group.create_task(one(url))
    database.close()


if __name__ == "__main__":
    parser, file, urls = sys.argv[1:]
    asyncio.run(main(parser, file, Path(urls).read_text("utf-8").split()))
