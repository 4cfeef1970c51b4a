"""Has SVGs rendered to PNG in one process beside the service: started with the first picture, replaced when it died.

Knows not what the pictures show.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from monitor.charts.painter_child import FAILED, MAX_SVG
from monitor.errors import PictureError
from monitor.net.child_process import ChildProcess

CHILD = "monitor.charts.painter_child"
MAX_TIME = 10.0  # seconds for a picture, with the start of the process; a usual one takes a tenth
MAX_PNG = 10 * 2**20  # bytes: what Telegram takes as a photo
MAX_PICTURES = 1_000  # of one process: whatever it may have lost by then goes with it


class PngPainter:
    """The Painter of the service. One picture after the other; who asks meanwhile waits for their turn."""

    def __init__(self) -> None:
        self._child = ChildProcess()
        self._turn = asyncio.Lock()
        self._pictures = 0

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._child.pid

    async def paint(self, svg: str) -> bytes:
        """The PNG, twice as many pixels as the SVG says. Raises PictureError when there is none to be had."""
        data = svg.encode()
        if len(data) > MAX_SVG:
            raise PictureError(f"an SVG of more than {MAX_SVG >> 20} MiB is no picture of ours")
        async with self._turn:
            answer = None
            for _ in range(2):  # it may have died since the last picture: that is not this one's doing
                fresh, answer = await self._ask(data)
                if fresh or answer is not None:
                    break
        if answer is None:
            raise PictureError("drawing it ended the process that draws")
        if answer.startswith(FAILED):
            raise PictureError(answer[1:].decode(errors="replace"))
        return answer

    async def _ask(self, data: bytes) -> tuple[bool, bytes | None]:
        """The answer, None when the process died of it; and whether that had been started for it."""
        fresh = False
        try:
            async with asyncio.timeout(MAX_TIME):
                fresh = await self._child.start(CHILD)
                await self._child.send(data)
                answer = await self._child.frame(most=MAX_PNG)
        except TimeoutError:
            await self._child.kill()
            raise PictureError(f"drawing it takes more than {MAX_TIME:.0f} s") from None
        except (ConnectionError, asyncio.IncompleteReadError):
            await self._child.kill()
            return fresh, None
        except (OSError, ValueError) as wrong:  # of starting it; or it sent what is no picture
            await self._child.kill()
            raise PictureError(f"no process could draw it: {wrong}") from wrong
        except BaseException:
            await self._child.kill()  # it is in the middle of something
            raise
        self._pictures = 1 if fresh else self._pictures + 1
        if self._pictures >= MAX_PICTURES:
            await self._child.kill()
        return fresh, answer

    async def close(self) -> None:
        """Nothing is left of it behind this."""
        await self._child.kill()


@asynccontextmanager
async def open_painter() -> AsyncIterator[PngPainter]:
    """A painter, with nothing left of its process behind the block."""
    painter = PngPainter()
    try:
        yield painter
    finally:
        await painter.close()
