"""A program that listens to /events as a browser does: it keeps the last id, and comes again with it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.web.test_gate import Browser

WITHIN = 20.0  # seconds for whatever is waited for: a busy machine is no fault of a stream


@dataclass
class Heard:
    """One event."""

    kind: str
    id: str
    data: dict[str, Any]

    @property
    def story(self) -> str:
        """The story that it is about."""
        about = self.data["story"]
        return str(about["id"] if isinstance(about, dict) else about)


@dataclass
class Listener:
    """An open stream."""

    response: aiohttp.ClientResponse
    last_id: str = ""
    said: list[str] = field(default_factory=list)  # every line that is no event's

    async def next(self) -> Heard:
        """The next event; raises EOFError where the stream ended first."""
        kind, data = "", ""
        async with asyncio.timeout(WITHIN):
            while True:
                line = (await self.response.content.readline()).decode()
                if not line:
                    raise EOFError
                name, _, value = line.rstrip("\n").partition(":")
                value = value.removeprefix(" ")
                match name:
                    case "event":
                        kind = value
                    case "data":
                        data += value
                    case "id":
                        self.last_id = value
                        self.said.append(line)
                    case "" if line == "\n" and data:
                        return Heard(kind, self.last_id, json.loads(data))
                    case _:
                        self.said.append(line)

    async def stories(self, count: int) -> list[str]:
        """The stories of so many events."""
        return [(await self.next()).story for _ in range(count)]

    async def passed_over(self) -> str:
        """Where the stream is once it has said so without telling anything."""
        start = self.last_id
        async with asyncio.timeout(WITHIN):
            while self.last_id == start:
                name, _, value = (await self.response.content.readline()).decode().rstrip("\n").partition(": ")
                assert name in ("", ":", "id"), f"something was told: {name}"
                self.last_id = value if name == "id" else self.last_id
        return self.last_id

    async def ended(self) -> list[Heard]:
        """What still came until the stream ended."""
        came = []
        try:
            while True:
                came.append(await self.next())
        except (EOFError, aiohttp.ClientPayloadError):
            return came


@asynccontextmanager
async def listening(browser: Browser, query: str = "", *, after: str = "", lang: str = "en") -> AsyncIterator[Listener]:
    """Listen, behind an event where one is named; it is known by then where the stream begins."""
    headers = {"Accept-Language": lang} | ({"Last-Event-ID": after} if after else {})
    async with browser.http.get(f"{browser.base}/events{query}", headers=headers) as response:
        assert response.status == 200, await response.text()
        listener = Listener(response)
        async with asyncio.timeout(WITHIN):
            while not listener.last_id:
                name, _, value = (await response.content.readline()).decode().strip().partition(": ")
                if name == "id":
                    listener.last_id = value
                listener.said.append(f"{name}: {value}")
        yield listener


async def refused(browser: Browser, query: str = "", **headers: str) -> tuple[int, str]:
    """The answer where there is no stream: its status, and why."""
    async with browser.http.get(f"{browser.base}/events{query}", headers=headers) as response:
        async with asyncio.timeout(WITHIN):  # what is not refused never ends
            return response.status, (await response.json())["error"]
