"""Open pages in a process of their own: each keeps a stream of /events open and notes when what came. Run by live.py.

    python -m benchmarks.pages.viewers URL OUT COOKIE…

Says "open" when every stream has begun. When its input ends, or all streams have, it writes a line an event to OUT
(viewer, number of the event, seconds of the clock) and one a viewer when its stream ended (viewer, "end", seconds).
"""

import asyncio
import sys
import time
from pathlib import Path

import aiohttp

from monitor.web.viewer import COOKIE


class Page:
    """One of them."""

    def __init__(self, number: int, url: str, cookie: str) -> None:
        self.number, self.url, self.cookie = number, url, cookie
        self.begun = asyncio.Event()
        self.came: list[tuple[str, float]] = []

    async def look(self) -> None:
        """Until the server ends the stream."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with (
            aiohttp.ClientSession(cookies={COOKIE: self.cookie}, timeout=timeout) as session,
            session.get(f"{self.url}/events") as answer,
        ):
            answer.raise_for_status()
            number, is_event = "", False
            try:
                async for line in answer.content:
                    self.begun.set()
                    if line.startswith(b"id:"):
                        number = line[3:].decode().strip()
                    elif line.startswith(b"event: "):
                        is_event = True
                    elif line == b"\n":
                        if is_event:
                            self.came.append((number, time.time()))
                        is_event = False
            except aiohttp.ClientError:
                pass  # cut: its end is noted as any other
        self.came.append(("end", time.time()))


async def main(url: str, out: Path, cookies: list[str]) -> None:
    """All of them at once."""
    pages = [Page(number, url, cookie) for number, cookie in enumerate(cookies)]
    looking = [asyncio.create_task(page.look()) for page in pages]
    begun = asyncio.gather(*(page.begun.wait() for page in pages))
    await asyncio.wait([begun, *looking], return_when=asyncio.FIRST_COMPLETED)
    for each in looking:
        if each.done():
            each.result()
    await begun
    print("open", flush=True)
    over = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait([over, asyncio.gather(*looking)], return_when=asyncio.FIRST_COMPLETED)
    lines = [f"{page.number} {number} {at:.6f}\n" for page in pages for number, at in page.came]
    await asyncio.to_thread(out.write_text, "".join(lines), encoding="ascii")
    for each in looking:
        each.cancel()
    await asyncio.wait(looking)
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
