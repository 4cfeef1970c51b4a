"""Tells when the files of the config folder have changed, however that was done. Reads none of them.

The kernel's events only say "look now"; whether something changed is seen by looking. They are bound to a folder's
inode, and go quiet when the folder is renamed away or its symlink turned, as Kubernetes does with a ConfigMap.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

CHECK_EVERY_MS = 2_000  # also without an event: a change is to be seen within five seconds

Snapshot = frozenset[tuple[str, int, int, int, int]]


def snapshot(folder: Path) -> Snapshot:
    """What the YAML files look like from outside, links followed; a folder that is gone looks empty."""
    seen = set()
    for path in (*folder.glob("*.y*ml"), *folder.glob("*/*.y*ml")):
        with suppress(OSError):  # gone since it was listed
            stat = path.stat()
            seen.add((str(path), stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return frozenset(seen)


async def changes(folder: Path, stop: asyncio.Event, *, seen: Snapshot) -> AsyncIterator[None]:
    """A turn for every change since the files looked like `seen`, until `stop`; several at once are one."""
    async for _ in _hints(folder, stop):
        try:
            shown = await asyncio.to_thread(snapshot, folder)
        except OSError as trouble:  # no file can be opened just now: whatever has changed is seen at a later look
            _log().warning("config_not_read", why=str(trouble))
            continue
        if shown and shown != seen:  # an empty folder is one that is just being replaced
            seen = shown
            yield


async def _hints(folder: Path, stop: asyncio.Event) -> AsyncIterator[None]:
    from watchfiles import awatch

    while not stop.is_set():
        try:
            async for _ in awatch(
                folder,
                watch_filter=None,
                stop_event=stop,
                debounce=500,
                step=200,
                rust_timeout=CHECK_EVERY_MS,
                yield_on_timeout=True,
            ):
                yield
        # The folder is away, the kernel has no watches left, or the process may open no more files. For the last two
        # watchfiles raises what is a RuntimeError and has no public name.
        except (OSError, RuntimeError) as trouble:
            _log().info("config_not_watched", why=str(trouble))
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_EVERY_MS / 1_000):
                    await stop.wait()
            yield


def _log() -> Any:
    import structlog  # 50 ms: whoever only takes a snapshot writes no log

    return structlog.stdlib.get_logger("monitor.config")
