"""A process that dies at its n-th step: every call into the store, every commit, every word to Telegram is a step."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from monitor.store.transaction import Store, Transaction
from monitor.types import Message, Outcome, Sent
from tests.fakes_sender import FakeSender


class Crash(BaseException):
    """The process is gone. Not an Exception: no guard of the program may catch it."""


@dataclass
class Fuse:
    """Burns down a step at a time and then kills; `None` never does."""

    left: int | None = None
    steps: int = 0
    died_at: str = ""
    trail: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        self.steps += 1
        self.trail.append(name)
        if self.left is not None and self.steps >= self.left:
            self.died_at = name
            self.left = 0  # dead is dead: whatever still runs dies at its next step
            raise Crash(name)


class CrashingTransaction:
    def __init__(self, tx: Transaction, fuse: Fuse) -> None:
        self._tx = tx
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._tx, name)
        if name in ("placed_since", "window_since"):
            return method

        async def stepped(*args: Any, **named: Any) -> Any:
            self._fuse.step(name)
            return await method(*args, **named)

        return stepped


@dataclass
class _CrashingStore:
    """A real store whose every statement, and the moment before and after every commit, is a step."""

    store: Store
    fuse: Fuse

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        async with self.store.begin() as tx:
            yield CrashingTransaction(tx, self.fuse)
            self.fuse.step("before commit")
        self.fuse.step("after commit")

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        async with self.store.read() as tx:
            yield CrashingTransaction(tx, self.fuse)


def crashing_store(store: Store, fuse: Fuse) -> Store:
    """`store` as a process with this fuse sees it."""
    return cast("Store", _CrashingStore(store, fuse))


@dataclass
class CrashingSender:
    """Telegram that survives us: what it accepted stays accepted on `phone`."""

    phone: FakeSender
    fuse: Fuse
    on_accept: Callable[[Message], None] = lambda message: None

    async def send(self, message: Message) -> Outcome:
        self.fuse.step("before send")
        message_id = self.phone.accept(message)
        self.fuse.step("accepted")
        return Sent(message_id)

    async def probe(self) -> str:
        self.fuse.step("before probe")
        return ""
