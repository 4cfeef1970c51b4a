"""The engine between processes: it wakes by keys, once each, and whatever of it is lost is only a wake-up."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import update

from monitor.app import cluster
from monitor.app.cluster import Cluster, Engine, open_engine
from monitor.app.process_roles import AllRoles
from monitor.app.signals import Signals
from monitor.store.role_names import LOOKOUT
from monitor.store.role_rows import db_now
from monitor.store.tables import roles
from monitor.store.transaction import Store, Transaction, open_store
from monitor.store.worker_rows import Worker
from tests.databases import Cluster as Postgresql
from tests.faults.grounds import postgresql_ground
from tests.store.test_worker_rows import fall_silent
from tests.store_samples import MINUTE, NOW, urls


class Seen:
    """The keys that an engine was woken for, in that order."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._more = asyncio.Condition()
        self.free = asyncio.Event()
        self.free.set()

    async def look(self, key: str) -> None:
        async with self._more:
            self.keys.append(key)
            self._more.notify_all()
        await self.free.wait()

    async def another(self) -> None:
        known = len(self.keys)
        await self.until(lambda: len(self.keys) > known)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(20), self._more:
            await self._more.wait_for(holds)


@asynccontextmanager
async def at_work(
    store: Store,
    seen: Seen,
    queue: str = "poll",
    *,
    at_once: int = 4,
    is_heard: Callable[[], bool] = lambda: True,
) -> AsyncIterator[Engine]:
    async with open_engine(store, is_heard=is_heard) as engine:
        engine.add(queue, seen.look)
        working = asyncio.create_task(engine.work([queue], at_once))
        try:
            yield engine
        finally:
            seen.free.set()
            working.cancel()
            await asyncio.wait((working,))


def jobs(postgresql: Postgresql, url: str) -> list[tuple[object, ...]]:
    question = "SELECT queueing_lock, status::text FROM procrastinate_jobs ORDER BY id"
    return postgresql.ask(question, database=url.rsplit("/", 1)[1])


async def until(holds: Callable[[], bool]) -> None:
    """Ask the rows again and again: they tell nobody."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_key_is_looked_at_by_one_process_however_often_it_was_woken(shared: str) -> None:
    first, second = Seen(), Seen()
    async with await open_store(shared) as store, at_work(store, first) as engine, at_work(store, second):
        await asyncio.gather(*(engine.wake("poll", ["a", "b", "c"]) for _ in range(5)))
        await engine.wake("poll", ["d"])
        async with asyncio.timeout(20):
            while {*first.keys, *second.keys} != set("abcd"):
                more = [asyncio.create_task(each.another()) for each in (first, second)]
                await asyncio.wait(more, return_when=asyncio.FIRST_COMPLETED, timeout=1.0)
                for waiting in more:
                    waiting.cancel()
        assert [*first.keys, *second.keys].count("d") == 1
        assert len(first.keys) + len(second.keys) < 16, "fifteen wakes of three keys, most of them while one waited"


async def test_of_one_key_nothing_runs_beside_itself(shared: str, postgresql: Postgresql) -> None:
    seen = Seen()
    async with await open_store(shared) as store, at_work(store, seen) as engine:
        seen.free.clear()
        await engine.wake("poll", ["a"])
        await seen.until(lambda: seen.keys == ["a"])
        await engine.wake("poll", ["a"])  # while it is being looked at: once more, and afterwards
        await engine.wake("poll", ["a", "b"])
        await seen.until(lambda: "b" in seen.keys)
        assert seen.keys == ["a", "b"], "the second a waits for the first"
        assert jobs(postgresql, shared).count(("poll:a", "todo")) == 1
        seen.free.set()
        await seen.until(lambda: sorted(seen.keys) == ["a", "a", "b"])


async def test_the_engines_rows_may_go_at_any_time_and_it_goes_on(shared: str, postgresql: Postgresql) -> None:
    seen = Seen()
    database = shared.rsplit("/", 1)[1]
    async with await open_store(shared) as store, at_work(store, seen) as engine:
        seen.free.clear()
        await engine.wake("poll", ["a"])
        await seen.until(lambda: seen.keys == ["a"])
        postgresql.run("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE", database=database)
        seen.free.set()  # its job cannot be settled: it is not there

        async def woken_again() -> None:
            while seen.keys.count("b") < 1:  # the look-out asks each second
                await engine.wake("poll", ["b"])
                await asyncio.wait((asyncio.create_task(seen.until(lambda: "b" in seen.keys)),), timeout=1.0)

        await asyncio.wait_for(woken_again(), 30)


async def test_what_a_dead_process_was_looking_at_is_free_again(shared: str, postgresql: Postgresql) -> None:
    seen = Seen()
    database = shared.rsplit("/", 1)[1]
    async with await open_store(shared) as store, at_work(store, seen) as engine:
        await engine.wake("poll", ["a"])
        await seen.until(lambda: seen.keys == ["a"])
        dead = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        ((worker,),) = postgresql.ask(dead, database=database)
        held = (
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status, worker_id)"
            f" VALUES ('poll', 'poll', 'poll:b', '{{}}', 'doing', {worker})"
        )
        postgresql.run(held, database=database)
        await engine.wake("poll", ["b"])
        await engine.wake("poll", ["c"])
        await seen.until(lambda: "c" in seen.keys)
        assert "b" not in seen.keys, "its lock is held"
        assert await engine.give_back_stalled() == 1
        await seen.until(lambda: "b" in seen.keys)


async def test_a_process_that_nobody_hears_keeps_no_key_and_takes_none(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ENGINE_BEATS_EVERY", 0.1)
    monkeypatch.setattr(cluster, "STALLED_AFTER", 1)
    first, second, is_heard = Seen(), Seen(), True
    first.free.clear()  # it hangs
    async with await open_store(shared) as store, at_work(store, first, is_heard=lambda: is_heard) as engine:
        await engine.wake("poll", ["a"])
        await first.until(lambda: first.keys == ["a"])
        is_heard = False
        async with at_work(store, second) as other:
            await other.wake("poll", ["a", "b"])
            await second.until(lambda: second.keys == ["b"])

            async def given_back() -> None:
                while not await other.give_back_stalled():  # noqa: ASYNC110 - rows tell nobody
                    await asyncio.sleep(0.05)

            await asyncio.wait_for(given_back(), 20)
            await second.until(lambda: second.keys == ["b", "a"])
        assert first.keys == ["a"]


async def test_a_database_that_is_away_costs_a_wake_up_and_no_more(shared: str, postgresql: Postgresql) -> None:
    seen = Seen()
    database = shared.rsplit("/", 1)[1]
    async with await open_store(shared) as store, at_work(store, seen) as engine:
        await engine.wake("poll", ["a"])
        await seen.until(lambda: seen.keys == ["a"])
        postgresql.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")

        async def woken_again() -> None:
            while "b" not in seen.keys:
                await engine.wake("poll", ["b"])
                await asyncio.wait((asyncio.create_task(seen.until(lambda: "b" in seen.keys)),), timeout=1.0)

        await asyncio.wait_for(woken_again(), 30)


async def test_a_job_whose_end_cannot_be_written_is_ended_later(shared: str, postgresql: Postgresql) -> None:
    seen = Seen()
    database = shared.rsplit("/", 1)[1]
    full_disk = (
        "CREATE SEQUENCE refused",
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN PERFORM nextval('refused'); RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$",
        "CREATE TRIGGER full_disk BEFORE DELETE ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION refuse()",
    )
    async with await open_store(shared) as store, at_work(store, seen) as engine:
        await engine.wake("poll", ["a"])
        await seen.until(lambda: seen.keys == ["a"])
        await until(lambda: not jobs(postgresql, shared))
        postgresql.run(*full_disk, database=database)
        await engine.wake("poll", ["a"])
        await seen.until(lambda: seen.keys == ["a", "a"])
        await until(lambda: postgresql.ask("SELECT is_called FROM refused", database=database) == [(True,)])
        postgresql.run("DROP FUNCTION refuse CASCADE", "DROP SEQUENCE refused", database=database)
        await engine.wake("poll", ["a"])  # which waits for the one that cannot be ended
        await seen.until(lambda: seen.keys == ["a", "a", "a"])


def keep_for_long(tx: Transaction, worker_id: str) -> None:
    tx.keep_role(LOOKOUT, worker_id)
    tx._change(update(roles).where(roles.c.name == LOOKOUT).values(kept_until=db_now(MINUTE)))


async def test_when_the_clock_of_the_database_jumps_nobody_is_taken_for_dead(
    shared: str, postgresql: Postgresql
) -> None:
    async with await open_store(shared, worker="alive") as store, open_engine(store) as engine:
        await store.write(Transaction.register_feeds, urls("a"), now=NOW)
        await store.write(Transaction.beat, Worker("alive", "ben-song", 11, "1.0", "0010", ()))
        await store.write(keep_for_long, "alive")
        await store.write(lambda tx: tx.claim_due_feeds(lambda _: True, now=NOW, lease=MINUTE, limit=1))

        def leases() -> list[tuple[object, ...]]:
            return postgresql.ask("SELECT leased_by FROM feeds WHERE leased", database=shared.rsplit("/", 1)[1])

        looking = Cluster(store, engine, Signals([]), AllRoles(), clock=lambda: NOW)
        await store.write(fall_silent, "alive")  # it beat a moment ago, and its machine's memory says so
        await store.write(lambda tx: tx._change(update(roles).values(kept_until=db_now(-MINUTE))))
        await looking._free_dead()
        assert leases() == [("alive",)]
        await store.write(keep_for_long, "alive")
        await looking._free_dead()
        assert leases() == [], "a look-out does free what the dead hold"


@pytest.mark.slow
async def test_whoever_begins_to_look_out_first_lets_the_others_beat(
    shared: str, postgresql: Postgresql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "LET_OTHERS_BEAT", 2.0)
    silent = [Worker(name, "ben-song", 11, "1.0", "0010", ()) for name in ("alive", "dead")]
    async with await open_store(shared, worker="alive") as store, await open_store(shared, worker="dead") as other:
        await store.write(Transaction.register_feeds, urls("a", "b"), now=NOW)
        for each, held in zip(silent, (store, other), strict=True):
            await held.write(Transaction.beat, each)
            await held.write(lambda tx: tx.claim_due_feeds(lambda _: True, now=NOW, lease=MINUTE, limit=1))
            await held.write(fall_silent, each.id)  # the database was away: nobody could beat
        await store.write(keep_for_long, "alive")
        async with open_engine(store) as engine:
            looking = Cluster(store, engine, Signals([]), AllRoles(), clock=lambda: NOW)
            task = asyncio.create_task(looking.look_out())
            await asyncio.wait((task,), timeout=0.5)  # the other one finds the database a little later
            await store.write(Transaction.beat, silent[0])

            def held_by() -> list[object]:
                question = "SELECT leased_by FROM feeds WHERE leased"
                return [by for (by,) in postgresql.ask(question, database=shared.rsplit("/", 1)[1])]

            await until(lambda: len(held_by()) < 2)
            task.cancel()
            assert held_by() == ["alive"]


@pytest.mark.slow
async def test_whoever_stops_need_not_wait_for_a_database_that_is_away() -> None:
    seen = Seen()
    with postgresql_ground() as ground:
        async with await open_store(ground.url) as store, open_engine(store) as engine:
            engine.add("poll", seen.look)
            working = asyncio.create_task(engine.work(["poll"], 4))
            await engine.wake("poll", ["a"])
            await seen.until(lambda: seen.keys == ["a"])
            await asyncio.to_thread(ground.stop, "fast")
            working.cancel()
            async with asyncio.timeout(9):
                await asyncio.wait((working,))
            assert working.cancelled()


def test_sqlite_needs_no_engine() -> None:
    program = (
        "import sys, monitor.app.wiring, monitor.app.service, monitor.cli.run, monitor.app.ground;"
        " print([name for name in sys.modules if name.startswith(('procrastinate', 'psycopg'))])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
