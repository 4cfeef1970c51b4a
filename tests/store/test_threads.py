"""Transactions run in threads: side by side, together where that is cheaper, and never in the way of an end."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.errors import StoreError
from monitor.store.transaction import Store, Transaction, open_store
from tests.store_samples import NOW, draft, save_items, stored_keys


def commits_of(store: Store) -> list[None]:
    """Grows by one with each commit."""
    counted: list[None] = []
    event.listen(store._engine, "commit", lambda _: counted.append(None))
    return counted


def held(store: Store, release: threading.Event) -> "asyncio.Task[None]":
    """A transaction that keeps the writer busy until it is let go."""

    def wait(_: Transaction) -> None:
        assert release.wait(30)

    async def whole() -> None:
        await store.write(wait)

    return asyncio.create_task(whole())


def fails(tx: Transaction) -> None:
    tx.add_items([draft("of-a-failure")])
    raise ZeroDivisionError


async def test_transactions_that_wait_share_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.transaction.TOGETHER_SECONDS", 30.0)
    async with await open_store(f"sqlite:///{tmp_path}/monitor.db") as store:
        counted = commits_of(store)
        release = threading.Event()
        busy = held(store, release)
        await asyncio.sleep(0)
        waiting = [asyncio.create_task(store.write(Transaction.add_items, [draft(f"a-{n}")])) for n in range(20)]
        await asyncio.sleep(0)
        release.set()
        assert [len(await each) for each in waiting] == [1] * 20
        await busy
        assert len(counted) == 1
        with store.reading() as tx:
            assert len(stored_keys(tx, [f"a-{n}" for n in range(20)])) == 20


@pytest.mark.parametrize(("patience", "order"), [(60.0, ["small", "large"]), (0.0, ["large", "small"])])
async def test_what_is_small_goes_before_what_is_large_and_has_not_waited_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: float, order: list[str]
) -> None:
    monkeypatch.setattr("monitor.store.threads.LARGE_WAITS", patience)
    done: list[str] = []

    def note(_: Transaction, name: str) -> None:
        done.append(name)

    async with await open_store(f"sqlite:///{tmp_path}/monitor.db") as store:
        release = threading.Event()
        busy = held(store, release)
        await asyncio.sleep(0)
        large = asyncio.create_task(store.write_much(note, "large"))
        await asyncio.sleep(0)
        small = asyncio.create_task(store.write(note, "small"))
        await asyncio.sleep(0)
        release.set()
        await asyncio.gather(busy, large, small)
    assert done == order


async def test_one_that_fails_beside_others_is_undone_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.transaction.TOGETHER_SECONDS", 30.0)
    release = threading.Event()
    busy = held(store, release)
    await asyncio.sleep(0)
    before = asyncio.create_task(store.write(Transaction.add_items, [draft("before")]))
    failing = asyncio.create_task(store.write(fails))
    behind = asyncio.create_task(store.write(Transaction.add_items, [draft("behind")]))
    await asyncio.sleep(0)
    release.set()
    await asyncio.gather(busy, before, behind)
    with pytest.raises(ZeroDivisionError):
        await failing
    with store.reading() as tx:
        assert stored_keys(tx, ["before", "behind", "of-a-failure"]) == {"before", "behind"}


async def test_trouble_of_the_database_is_told_to_all_who_share_a_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.store.transaction.TOGETHER_SECONDS", 30.0)
    async with await open_store(f"sqlite:///{tmp_path}/monitor.db") as store:
        release = threading.Event()
        busy = held(store, release)
        await asyncio.sleep(0)
        first = asyncio.create_task(store.write(Transaction.add_items, [draft("first")]))
        broken = asyncio.create_task(store.write(lambda tx: tx._connection.exec_driver_sql("SELECT * FROM nothing")))
        await asyncio.sleep(0)
        release.set()
        came = await asyncio.gather(busy, first, broken, return_exceptions=True)
        assert [isinstance(each, StoreError) for each in came] == [True, True, True]
        with store.reading() as tx:
            assert stored_keys(tx, ["first"]) == set()
        assert len(await save_items(store, draft("first"))) == 1


async def test_a_call_that_was_given_up_before_it_began_is_never_made(store: Store) -> None:
    release = threading.Event()
    busy = [held(store, release) for _ in range(4)]  # as many as PostgreSQL has threads for
    await asyncio.sleep(0)
    waiting = asyncio.create_task(store.write(Transaction.add_items, [draft("a-1")]))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()
    await asyncio.gather(*busy)
    with store.reading() as tx:
        assert stored_keys(tx, ["a-1"]) == set()


async def test_a_closed_store_takes_no_more_work(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path}/monitor.db")
    await store.write(Transaction.set_fact, "a", NOW.isoformat())
    await store.close()
    with pytest.raises(RuntimeError, match="closed"):
        await store.read(Transaction.fact, "a")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("write-")]
