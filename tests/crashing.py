"""A process that dies at its n-th step: every statement, every commit, every word to Telegram is a step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import event

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
    """A real transaction whose every statement is a step, by the name of the method that it belongs to."""

    def __init__(self, tx: Transaction, fuse: Fuse) -> None:
        self._tx = tx
        self._fuse = fuse
        self._doing = "nothing"
        event.listen(tx._connection, "before_cursor_execute", self._step)

    def _step(self, _: object, cursor: Any, *__: object) -> None:
        try:
            self._fuse.step(self._doing)
        except Crash:
            cursor.close()  # a dead process leaves none open
            raise

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._tx, name)

        def stepped(*args: Any, **named: Any) -> Any:
            self._doing = name
            return method(*args, **named)

        return stepped


@dataclass
class _CrashingStore:
    """A real store whose every statement, and the moment before and after every commit, is a step."""

    store: Store
    fuse: Fuse

    @property
    def is_shared(self) -> bool:
        return self.store.is_shared

    async def write(self, do: Callable[..., Any], *args: Any, **named: Any) -> Any:
        def stepped(tx: Transaction) -> Any:
            result = _called(do, CrashingTransaction(tx, self.fuse), *args, **named)
            self.fuse.step("before commit")
            return result

        result = await self.store.write(stepped)
        self.fuse.step("after commit")
        return result

    async def write_much(self, do: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return await self.write(do, *args, **named)

    async def read(self, do: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return await self.store.read(lambda tx: _called(do, CrashingTransaction(tx, self.fuse), *args, **named))

    @contextmanager
    def writing(self) -> Iterator[Any]:
        with self.store.writing() as tx:
            yield tx

    @contextmanager
    def reading(self) -> Iterator[Any]:
        with self.store.reading() as tx:
            yield tx


def _called(do: Callable[..., Any], tx: CrashingTransaction, *args: Any, **named: Any) -> Any:
    """What is a method of the transaction itself is a step as well."""
    if getattr(Transaction, getattr(do, "__name__", ""), None) is do:
        return getattr(tx, do.__name__)(*args, **named)
    return do(tx, *args, **named)


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
