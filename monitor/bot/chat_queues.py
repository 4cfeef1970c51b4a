"""Updates of one chat one after the other, those of different chats at once.

Knows neither Telegram's long poll (polling.py) nor what an update means. A queue lives as long as its chat has updates.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Hashable, Iterable
from typing import Any

import structlog
import telegram

AT_ONCE = 24  # chats; fewer than the bot's connections to Telegram, of which the outbox needs some
MOST_OF_CHAT = 100  # updates; in ten seconds a group may send as many that are not yet a storm

Handle = Callable[[telegram.Update], Coroutine[Any, Any, None]]

log = structlog.get_logger(__name__)


class ChatQueues:
    """Hands updates to `handle`, in order within each chat. `unfinished` has what it was given, by id."""

    def __init__(self, handle: Handle) -> None:
        self.unfinished: dict[int, telegram.Update] = {}
        self._handle = handle
        self._queues: dict[Hashable, deque[telegram.Update]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._finished = asyncio.Event()
        self._stopping = asyncio.Event()

    def put(self, update: telegram.Update) -> None:
        """Have an update handled after those of its chat that came before. Beyond MOST_OF_CHAT it is dropped."""
        key = _chat_of(update)
        queue = self._queues.get(key)
        if queue is not None and len(queue) >= MOST_OF_CHAT:
            log.warning("update dropped", why="too many of its chat wait", update=update.update_id)
            return
        self.unfinished[update.update_id] = update
        if queue is not None:
            queue.append(update)
            return
        queue = self._queues[key] = deque([update])
        worker = asyncio.create_task(self._work(key, queue), name=f"chat {key}")
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, key: Hashable, queue: deque[telegram.Update]) -> None:
        while queue and not self._stopping.is_set():
            update = queue[0]
            async with self._places:
                if self._stopping.is_set():
                    return
                try:
                    await self._handle(update)
                except Exception:
                    log.exception("bug", update=update.update_id)
            queue.popleft()
            del self.unfinished[update.update_id]
            if not queue:
                del self._queues[key]
            self._finished.set()

    async def fewer_than(self, most: int, *, within: float | None = None) -> bool:
        """Wait until less than `most` are unfinished, no longer than `within` seconds; whether it is so."""
        try:
            async with asyncio.timeout(within):
                while len(self.unfinished) >= most:
                    self._finished.clear()
                    await self._finished.wait()
        except TimeoutError:
            return False
        return True

    async def finished(self, ids: Iterable[int]) -> None:
        """Wait until these are handled."""
        left = set(ids)
        while left & self.unfinished.keys():
            self._finished.clear()
            await self._finished.wait()

    async def stop(self, within: float) -> None:
        """Begin with no further update; those under way get so many seconds."""
        self._stopping.set()
        if self._workers:
            await asyncio.wait(self._workers, timeout=within)
        for worker in list(self._workers):
            worker.cancel()
        if self._workers:
            await asyncio.wait(self._workers)


def _chat_of(update: telegram.Update) -> Hashable:
    """A chat with all its topics, or who asked without one."""
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else ("user", user.id if user else update.update_id)
