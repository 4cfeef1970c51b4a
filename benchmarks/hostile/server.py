"""The server of the swarm, a process of its own: hostile feeds, each on an address of its own, and good ones beside.

Run by run.py: prints its port, then one line a hostile feed (address and name), and serves until its input ends.
"""

import asyncio
import random
import sys
import time
from datetime import UTC, datetime

from benchmarks.hostile.bodies import MOST, Hostile, bodies, many_items

GOOD = 8
QUIET = 4.0  # seconds before the first hostile answer: the service has come up by then
EVERY = 1.0  # seconds between two articles of a good feed
SLOW = ("drip", "fast, then a drip", "without end", "silence")


def words(number: int, n: int) -> str:
    """Eight syllables that no other article has: each is a story of its own."""
    chance = random.Random(number * 100_000 + n)
    return " ".join(
        "".join(
            chance.choices("bcdghklmnpqrstvx", k=1)
            + chance.choices("aeiouy", k=2)
            + chance.choices("bcdghklmnpqrstvx", k=2)
        )
        for _ in range(8)
    )


class Swarm:
    """What each address answers."""

    def __init__(self, hostile: dict[str, Hostile]) -> None:
        self.hostile = hostile
        self.names = [*hostile, *SLOW]
        self.long = many_items(MOST, "")
        self.begin = time.monotonic()
        self.opened_at = datetime.now(UTC)
        self.polls = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, answered by its path."""
        try:
            path = (await reader.readline()).split()[1].decode()
            while (await reader.readline()).strip():
                pass
            _, kind, number = path.split("/")
            if kind == "good":
                self._say(writer, Hostile(self._good(int(number))))
                return await writer.drain()
            await asyncio.sleep(self.begin + QUIET - time.monotonic())
            if self.names[int(number)] in SLOW:
                await self._slow(self.names[int(number)], writer)
            else:
                self._say(writer, self.hostile[self.names[int(number)]])
            await writer.drain()
        except (ConnectionError, ValueError, IndexError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def _say(self, writer: asyncio.StreamWriter, what: Hostile) -> None:
        head = ["HTTP/1.1 200 OK", f"Content-Length: {len(what.body)}", "Connection: close"]
        head += [f"{name}: {value}" for name, value in what.headers]
        writer.write("\r\n".join([*head, "", ""]).encode())
        writer.write(what.body)

    def _good(self, number: int) -> bytes:
        """One article more each second; its title says when it was published, on the clock of the machine."""
        count = int((time.monotonic() - self.begin - number / GOOD) / EVERY)
        items = "".join(
            f"<item><title>Putin {words(number, n)} {number}x{n}@{n * EVERY + number / GOOD:.3f}</title>"
            f"<link>https://bao-{number}.example/bai-{4_700_000 + n}.html</link></item>"
            for n in range(max(0, count - 40), count + 1)
        )
        return f"<rss version='2.0'><channel><title>Tốt</title>{items}</channel></rss>".encode()

    async def _slow(self, name: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n")
        if name == "fast, then a drip":
            writer.write(self.long[:-1_000])
        while name != "silence":
            writer.write(b"<item>" * 10_000 if name == "without end" else b"<")
            await writer.drain()
            await asyncio.sleep(0 if name == "without end" else 0.2)
        await asyncio.Event().wait()


async def main() -> None:
    swarm = Swarm(bodies())
    server = await asyncio.start_server(swarm.answer, "0.0.0.0", 0)
    port = server.sockets[0].getsockname()[1]
    swarm.begin = time.monotonic()
    print(port, swarm.begin, flush=True)
    for number, name in enumerate(swarm.names):
        print(f"http://127.0.1.{number + 1}:{port}/hostile/{number}\t{name}", flush=True)
    print(flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
