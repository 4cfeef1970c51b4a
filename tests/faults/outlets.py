"""The loopback internet: every outlet on a port of its own, each well or ill as the plan says; a process of its own.

`python -m tests.faults.outlets FILE`: FILE is JSON of seed, size, faults and where to log. Prints one line with the
ports, then waits for a line with the moment (time.monotonic) at which the plan begins. Each answer is a JSON line of
the log; `well` tells whether whoever took it has what was on line.
"""

import asyncio
import contextlib
import json
import os
import socket
import struct
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from tests.faults import feed_text
from tests.faults.news import Piece, by_outlet, news
from tests.faults.plan import Fault, Place, Size, active

HOST = "127.0.0.1"
HURRY = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset
LISTED = 60  # articles a feed shows at most
PIECE = b"<item><title>" + b"x" * 65_000 + b"</title></item>"


@dataclass(frozen=True, slots=True)
class Served:
    """One answer: what of an outlet's articles (the first `count`) was handed over, and how."""

    at: float  # time.monotonic
    outlet: int
    count: int
    how: str  # "well", "304", "spoiled" (taken, but not as it is) or "badly"
    kind: str = ""  # of the fault
    conditional: bool = False  # the request named what it had: an earlier answer was kept


@dataclass(frozen=True, slots=True)
class Given:
    """What the server is told at start."""

    seed: int
    size: Size
    faults: tuple[Fault, ...]
    log: str

    def written(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> "Given":
        """From JSON."""
        raw = json.loads(text)
        faults = tuple(Fault(**each) for each in raw["faults"])
        return cls(raw["seed"], Size(**raw["size"]), faults, raw["log"])


class Hangup(Exception):
    """The connection is cut at once, with a reset."""


class Outlets:
    """All outlets. Before the plan begins nothing is on line but an old article, and nobody is ill."""

    def __init__(self, given: Given) -> None:
        self._faults = [each for each in given.faults if each.place is Place.OUTLET]
        self._shelves = by_outlet(news(given.seed, given.size), given.size.outlets)
        self._log = Path(given.log).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 - for life
        self._sockets: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._began = float("inf")
        self._opened = datetime.now(UTC)

    def listen(self) -> list[int]:
        """Open a port for each outlet."""
        for _ in self._shelves:
            opened = socket.socket()
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((HOST, 0))
            opened.listen(64)
            opened.setblocking(False)
            self._sockets.append(opened)
        return [int(each.getsockname()[1]) for each in self._sockets]

    def begin(self, moment: float) -> None:
        """The plan's second 0 is at `moment` of time.monotonic."""
        self._began = moment
        self._opened = datetime.now(UTC) + timedelta(seconds=moment - time.monotonic())

    async def serve(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(len(self._shelves)):
                group.create_task(self._door(number))

    def close(self) -> None:
        """Shut every door and cut whoever is inside."""
        for task in self._tasks:
            task.cancel()
        for each in self._sockets:
            each.close()
        self._log.close()

    # ------------------------------------------------------------ connections

    def _now(self) -> float:
        return time.monotonic() - self._began

    def _fault(self, outlet: int) -> Fault | None:
        return active(self._faults, outlet, self._now())

    async def _door(self, outlet: int) -> None:
        """Take connections, but for the times in which the door hangs or is shut."""
        loop = asyncio.get_running_loop()
        while True:
            fault = self._fault(outlet)
            if fault is not None and fault.kind == "connect-hangs":
                await self._hang(outlet, fault)
            elif fault is not None and fault.kind == "connect-refused":
                await self._shut(outlet, fault)
            try:
                async with asyncio.timeout(0.25):
                    connection, _ = await loop.sock_accept(self._sockets[outlet])
            except TimeoutError:
                continue
            task = loop.create_task(self._guest(outlet, connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _hang(self, outlet: int, fault: Fault) -> None:
        """A full queue: the kernel answers no further knock."""
        door = self._sockets[outlet]
        door.listen(0)
        crowd = []
        for _ in range(3):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(door.getsockname())
            crowd.append(one)
        try:
            await self._until(fault)
        finally:
            for one in crowd:
                one.close()
        door.listen(64)

    async def _shut(self, outlet: int, fault: Fault) -> None:
        """Nobody listens."""
        address = self._sockets[outlet].getsockname()
        self._sockets[outlet].close()
        await self._until(fault)
        again = socket.socket()
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(address)
        again.listen(64)
        again.setblocking(False)
        self._sockets[outlet] = again

    async def _until(self, fault: Fault) -> None:
        await asyncio.sleep(max(0.0, fault.until - self._now()))

    async def _guest(self, outlet: int, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection)
        try:
            while await self._answer(outlet, reader, writer):
                pass
        except Hangup:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HURRY)
            writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    # ------------------------------------------------------------ answers

    async def _answer(self, outlet: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        base = f"http://{headers.get('host', '')}"
        if not path.startswith("/rss"):
            await _say(writer, 404, b"", {})
            return True
        fault = self._fault(outlet)
        shelf = self._shelves[outlet]
        count = sum(piece.at <= self._now() for piece in shelf)
        asked = headers.get("if-none-match", "")
        conditional = asked not in ("", '"lie"')
        answer = Answer(self, writer, shelf[max(0, count - LISTED) : count], base, self._opened, asked, path, fault)
        how = "badly"
        try:
            how = await answer.give()
        finally:
            kind = fault.kind if fault else ""
            self._note(Served(time.monotonic(), outlet, count, how, kind, conditional))
        return how in ("well", "304")

    def _note(self, served: Served) -> None:
        self._log.write(json.dumps(asdict(served)) + "\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one outlet at one moment."""

    outlets: Outlets
    writer: asyncio.StreamWriter
    pieces: list[Piece]
    base: str
    opened: datetime
    asked: str  # If-None-Match
    path: str
    fault: Fault | None

    async def give(self) -> str:
        """How it went: see Served.how. Raises Hangup, and OSError when the other side has gone."""
        kind = self.fault.kind if self.fault else ""
        if kind == "":
            return await self._well()
        for bodies in (self._as_it_is_not, self._wrong_bodies):
            said = bodies(kind)
            if said is not None:
                how, body, headers = said
                await _say(self.writer, 200, body, headers)
                return how
        if kind.startswith("status-"):
            return await self._status(kind)
        return await self._trouble(kind)

    async def _well(self) -> str:
        body = feed_text.feed(self.pieces, self.base, self.opened)
        etag = feed_text.etag_of(body)
        if etag == self.asked:
            await _say(self.writer, 304, b"", {"ETag": etag})
            return "304"
        await _say(self.writer, 200, feed_text.packed(body), {"ETag": etag, "Content-Encoding": "gzip", **_XML})
        return "well"

    def _as_it_is_not(self, kind: str) -> tuple[str, bytes, dict[str, str]] | None:
        """Readable feeds in another shape: taken, and what of them rings is told by how and when it is well again."""
        p, b, o = self.pieces, self.base, self.opened
        stamp = f"{time.monotonic():.3f}"
        match kind:
            case "no-ids":
                return "well", feed_text.feed(p, b, o, ids=False), _XML
            case "no-dates":
                return "well", feed_text.feed(p, b, o, dates="none"), _XML
            case "no-links":
                return "spoiled", feed_text.feed(p, b, o, links=False, ids=False), _XML
            case "dates-of-1970":
                return "spoiled", feed_text.feed(p, b, o, dates="Thu, 01 Jan 1970 00:00:00 GMT"), _XML
            case "dates-of-the-future":
                return "well", feed_text.feed(p, b, o, dates="Fri, 01 Jan 2100 00:00:00 GMT"), _XML
            case "thousand-items":
                return "well", feed_text.long_feed(p, b, o), _XML
            case "reordered":
                return "well", feed_text.feed(feed_text.shuffled(p, stamp), b, o), _XML
            case "reissued":
                return "well", feed_text.feed(p, b, o, reissued=f"-{int(self._at())}"), _XML
            case "renamed":
                return "well", feed_text.feed(p, b, o, renamed=f"Lần {int(self._at())}: "), _XML
            case "lying-etag":
                return "well", feed_text.feed(p, b, o), {"ETag": '"lie"', **_XML}
            case _:
                return None

    def _wrong_bodies(self, kind: str) -> tuple[str, bytes, dict[str, str]] | None:
        body = feed_text.feed(self.pieces, self.base, self.opened)
        match kind:
            case "challenge-page":
                return "badly", feed_text.CHALLENGE, {"Content-Type": "text/html; charset=utf-8"}
            case "empty-body":
                return "badly", b"", _XML
            case "empty-feed":
                return "badly", feed_text.EMPTY_FEED, _XML
            case "wrong-charset":
                wrong = feed_text.in_the_wrong_charset(body)
                return "spoiled", wrong, {"Content-Type": "text/xml; charset=utf-8"}
            case "cut-xml":
                return "spoiled", feed_text.cut(body), _XML
            case "doubled-xml":
                return "spoiled", body + body, _XML
            case "entity-bomb":
                return "badly", feed_text.entity_bomb(), _XML
            case "gzip-bomb":
                return "badly", feed_text.gzip_bomb(), {"Content-Encoding": "gzip", **_XML}
            case "brotli-bomb":
                return "badly", feed_text.brotli_bomb(), {"Content-Encoding": "br", **_XML}
            case "nested-bomb":
                return "badly", feed_text.nested_bomb(), {"Content-Encoding": "gzip, gzip", **_XML}
            case "deep-nesting":
                return "badly", feed_text.deep_nesting(), _XML
            case _:
                return None

    async def _status(self, kind: str) -> str:
        headers = {
            "status-429-seconds": {"Retry-After": "2"},
            "status-429-date": {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)},
            "status-503-seconds": {"Retry-After": "3"},
            "status-503-88-hours": {"Retry-After": str(88 * 3600)},
        }.get(kind, {})
        await _say(self.writer, int(kind.split("-")[1]), b"<html>no</html>", headers)
        return "badly"

    async def _trouble(self, kind: str) -> str:
        body = feed_text.feed(self.pieces, self.base, self.opened)
        write = self.writer.write
        match kind:
            case "head-hangs":
                await self._wait()
            case "body-hangs":
                write(_head(200, {"Content-Length": str(len(body)), **_XML}) + body[: len(body) // 2])
                await self.writer.drain()
                await self._wait()
            case "drips":
                write(_head(200, {"Content-Length": str(len(body)), **_XML}))
                for byte in body:
                    write(bytes((byte,)))
                    await self.writer.drain()
                    await asyncio.sleep(1)
            case "reset-at-once":
                raise Hangup
            case "reset-in-body":
                write(_head(200, {"Content-Length": str(len(body)), **_XML}) + body[: len(body) // 2])
                await self.writer.drain()
                raise Hangup
            case "length-too-long":
                write(_head(200, {"Content-Length": str(len(body) + 100), **_XML}) + body)
            case "length-too-short":
                short = feed_text.cut(body)
                write(_head(200, {"Content-Length": str(len(short)), **_XML}) + body)
                await self.writer.drain()
                return "spoiled"
            case "endless-body":
                write(_head(200, _XML) + b"<rss><channel>")
                while True:
                    write(PIECE)
                    await self.writer.drain()
                    await asyncio.sleep(0)
            case "endless-redirects":
                hop = int(self.path.partition("?n=")[2] or 0) + 1
                await _say(self.writer, 302, b"", {"Location": f"/rss?n={hop}"})
            case "redirect-loop":
                target = "/rss" if self.path == "/rss?b" else "/rss?b"
                await _say(self.writer, 301, b"", {"Location": target})
            case "lying-304":
                if not self.asked:
                    return await self._well()
                await _say(self.writer, 304, b"", {"ETag": self.asked})
            case _:  # names are steered in the monitor's own process
                return await self._well()
        await self.writer.drain()
        return "badly"

    async def _wait(self) -> None:
        assert self.fault is not None
        await self.outlets._until(self.fault)
        raise Hangup

    def _at(self) -> float:
        return self.outlets._now()


_XML = {"Content-Type": "application/rss+xml"}
_REASONS = {200: "OK", 301: "Moved", 302: "Found", 304: "Not Modified"}


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Trouble')}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _say(writer: asyncio.StreamWriter, status: int, body: bytes, headers: dict[str, str]) -> None:
    length = {} if status in (204, 304) else {"Content-Length": str(len(body))}
    writer.write(_head(status, {**headers, **length}) + (b"" if status in (204, 304) else body))
    await writer.drain()


async def _run(given: Given) -> None:
    outlets = Outlets(given)
    print(json.dumps(outlets.listen()), flush=True)
    serving = asyncio.create_task(outlets.serve())
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        outlets.begin(float(line))
    serving.cancel()  # whoever started us has gone
    with contextlib.suppress(asyncio.CancelledError):
        await serving


def main() -> None:
    """Serve until standard input is closed."""
    given = Given.read(Path(sys.argv[1]).read_text("utf-8"))
    asyncio.run(_run(given))
    os._exit(0)  # the drips and the endless bodies need not end


if __name__ == "__main__":
    main()
