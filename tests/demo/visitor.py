"""A visitor of the demo's newsroom, who reads it over real loopback HTTP under a clock that the test turns."""

import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import aiohttp
import feedparser
import pytest
from multidict import CIMultiDictProxy

from monitor.demo.newsroom import Newsroom
from monitor.demo.script import Piece, read_script
from monitor.types import Feed

START = datetime(2026, 11, 22, 14, 5, 30, tzinfo=timezone(timedelta(hours=7)))
BROKEN = "muoi-gio"


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Visitor:
    """Reads the newsroom as a poller would."""

    room: Newsroom
    clock: Clock
    session: aiohttp.ClientSession

    async def read_all(self) -> None:
        for feed in self.room.feeds:
            await self.get(feed.url)

    async def at(self, seconds: float) -> None:
        self.clock.now = 1_000.0 + seconds

    async def get(self, url: str, **headers: str) -> tuple[int, CIMultiDictProxy[str], bytes]:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.get(url, headers=sent, allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.read()

    async def entries(self, outlet: str) -> list[Any]:
        status, _, body = await self.get(self.feed(outlet).url)
        assert status == 200
        parsed = feedparser.parse(body)
        assert not parsed.bozo, parsed.get("bozo_exception")
        return list(parsed.entries)

    def feed(self, outlet: str) -> Feed:
        return next(feed for feed in self.room.feeds if feed.id == outlet)


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    clock = Clock()
    async with Newsroom(START, clock=clock) as room, aiohttp.ClientSession() as session:
        yield Visitor(room, clock, session)


OUTLETS = [outlet.id for outlet in read_script().outlets]


def plain(title: str) -> str:
    """A title as a careful reader of feeds gives it: unescaped once more, in NFC."""
    return unicodedata.normalize("NFC", title.replace("&amp;", "&"))


def ids(pieces: tuple[Piece, ...]) -> set[str]:
    return {piece.id for piece in pieces}
