"""A process of this program beside the service, spoken to in frames over its pipes: started, asked, ended.

Knows not what it does, nor how long that may take: whoever asks has the patience. Its inner end is child_side.py.
"""

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

from monitor.net.child_side import LENGTH

DYING = 1.0  # seconds from a closed pipe to the end of its process
_PIECE = 64 * 1024  # of a frame on its way through the pipe


class ChildProcess:
    """One module of the package, run apart. Only one at a time may ask."""

    def __init__(self) -> None:
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._process.pid if self._process is not None else None

    async def start(self, module: str) -> bool:
        """Have it run; whether it had to be started, because there was none or it had died. Raises OSError."""
        if self._process is not None and self._process.returncode is None:
            return False
        await self.kill()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            module,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={"PYTHONPATH": str(Path(__file__).parents[2])},  # and nothing else: the service's has the token
            start_new_session=True,  # Ctrl-C in the terminal is the service's alone
        )
        return True

    async def send(self, frame: bytes) -> None:
        """Give it a frame. Raises ConnectionError when it has died."""
        given = self._running.stdin
        assert given is not None
        given.write(LENGTH.pack(len(frame)))
        view = memoryview(frame)
        for start in range(0, len(frame), _PIECE):
            given.write(view[start : start + _PIECE])
            await given.drain()

    async def frame(self, *, most: int) -> bytes:
        """Its next frame. Raises IncompleteReadError when it has died, ValueError for more than `most` bytes."""
        answers = self._running.stdout
        assert answers is not None
        (size,) = LENGTH.unpack(await answers.readexactly(LENGTH.size))
        if size > most:
            raise ValueError("a frame without end")
        return await answers.readexactly(size)

    @property
    def _running(self) -> Process:
        if self._process is None:
            raise ConnectionResetError("the process has ended")
        return self._process

    async def ended(self) -> int | None:
        """How the process ended, as Popen says it, when it did so by itself; None when it had to be ended."""
        status = None
        if self._process is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DYING):
                    status = await self._process.wait()
        await self.kill()
        return status

    async def kill(self) -> None:
        """End it, wait for that, and give back its descriptors."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
