"""The running service when the ground moves: its lock is lost, its clock is set back."""

import asyncio
import gc
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.app import clock_guard
from monitor.app.clock_guard import keep_ticking
from monitor.app.process_roles import AllRoles
from monitor.app.signals import Signals
from monitor.app.wiring import utc_now
from monitor.errors import StoreError
from monitor.store.transaction import Store, open_store
from monitor.types import Chat, ChatKind, FeedId, Preferences
from tests.app.running import running
from tests.databases import Cluster
from tests.newsstand import Newsstand
from tests.store_samples import BINH, DAY, MINUTE, NOW, SECOND, alert, claim, claimed_keys, enqueue, urls

HOUR = timedelta(hours=1)
IDS = [FeedId("quiet"), FeedId("due")]


def move_machine(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Set the machine's clock, as the scheduler and the guard see it."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Moved":
            return datetime.now(tz) + by  # type: ignore[return-value]

    for module in (clock_guard, apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(module, "datetime", Moved)


class SetBack:
    """The real clock, set back by as much as a test says."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() - self.by


# ---------------------------------------------------------------- the one place at work


def cut_the_lock(cluster: Cluster) -> None:
    """What a restart of PostgreSQL, a proxy or an administrator does to the connection that holds the lock.

    Waits until the session has ended: until then it holds its lock, and who asks for it is refused.
    """
    cluster.run("SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'")


async def test_a_lost_place_is_taken_again(postgresql: Cluster) -> None:
    url = postgresql.borrow()
    async with await open_store(url) as store, await open_store(url) as other:
        async with store.sole_worker() as place:
            cut_the_lock(postgresql)
            assert await place.is_kept()
            with pytest.raises(StoreError, match="another monitor"):
                async with other.sole_worker():
                    pytest.fail("two at work")
        async with other.sole_worker():
            pass
    postgresql.give_back(url)


async def test_a_place_that_somebody_else_took_meanwhile_is_not_ours_any_more(postgresql: Cluster) -> None:
    url = postgresql.borrow()
    async with await open_store(url) as store, await open_store(url) as other, store.sole_worker() as place:
        cut_the_lock(postgresql)
        async with other.sole_worker():
            assert not await place.is_kept()
        assert await place.is_kept(), "the other one has ended"
    postgresql.give_back(url)


async def test_a_place_that_is_left_in_a_hurry_leaves_no_connection_open(postgresql: Cluster) -> None:
    url = postgresql.borrow()

    async def stay(store: Store, at_work: asyncio.Event) -> None:
        async with store.sole_worker():
            at_work.set()
            await asyncio.Event().wait()

    async with await open_store(url) as store:
        at_work = asyncio.Event()
        worker = asyncio.create_task(stay(store, at_work))
        await at_work.wait()
        worker.cancel()
        await asyncio.sleep(0)  # it asks the server to unlock
        worker.cancel()
        with pytest.raises(asyncio.CancelledError):
            await worker
    del worker
    gc.collect()  # a connection that was dropped while it is open would say so
    postgresql.give_back(url)


async def test_a_deleted_lock_file_makes_no_room_for_two(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/monitor.db"
    async with await open_store(url) as store, await open_store(url) as other, store.sole_worker() as place:
        (tmp_path / "monitor.db.lock").unlink()
        assert await place.is_kept()
        with pytest.raises(StoreError, match="another monitor"):
            async with other.sole_worker():
                pytest.fail("two at work")
        (tmp_path / "monitor.db.lock").unlink()
        async with other.sole_worker():
            assert not await place.is_kept()


async def test_the_service_stops_loudly_when_another_one_works_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/monitor.db"
    async with Newsstand() as stand, await open_store(url) as other:
        with pytest.RaisesGroup(pytest.RaisesExc(StoreError, match="another monitor")):
            async with running(tmp_path, url, stand) as service:
                (tmp_path / "monitor.db.lock").unlink()
                async with other.sole_worker(), asyncio.timeout(30):
                    await service.stopped()  # nobody asks it to: it ends by itself


@pytest.mark.slow
async def test_the_service_goes_on_when_every_connection_is_cut(tmp_path: Path, postgresql: Cluster) -> None:
    url = postgresql.borrow()
    name = url.rsplit("/", 1)[1]
    async with Newsstand() as stand, running(tmp_path, url, stand):
        postgresql.run(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'")
        await stand.polled(4)  # by connections that were made since
        async with await open_store(url) as other:
            with pytest.raises(StoreError, match="another monitor"):
                async with other.sole_worker():
                    pytest.fail("two at work")
    postgresql.give_back(url)


# ---------------------------------------------------------------- a clock that is set back


async def test_a_clock_set_back_by_hours_does_not_stop_the_polls(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path}/monitor.db", SetBack()
    async with Newsstand() as stand:
        async with running(tmp_path, url, stand, clock) as service:
            if polls := set(service.stages["poll"].tasks):  # one on its way would end by the new clock
                await asyncio.wait(polls)
            clock.by = 3 * HOUR
            await stand.polled(3)
        clock.by = 9 * HOUR  # while nobody runs
        async with running(tmp_path, url, stand, clock):
            await stand.polled(2)


async def test_no_digest_waits_for_a_wrong_clock_to_come_true(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path}/monitor.db", SetBack()
    years = timedelta(days=4 * 365)
    reader = Chat(BINH, ChatKind.PRIVATE, preferences=Preferences(digest_hours=("07:00",)))
    astray = replace(reader, gather_from=utc_now(), gather_until=utc_now() + years)

    def until(store: Store) -> datetime:
        with store.writing() as tx:
            chat = tx.locked_chat(BINH)
        assert chat is not None
        assert chat.gather_until is not None
        return chat.gather_until

    async with Newsstand() as stand:
        async with await open_store(url) as store:
            with store.writing() as tx:
                tx.save_chat(astray)
        async with running(tmp_path, url, stand, clock) as service:
            assert until(service.store) < utc_now() + DAY, "a start sets it right"
            with service.store.writing() as tx:
                tx.save_chat(astray)
            clock.by = HOUR
            while until(service.store) > utc_now() + DAY:  # the guard looks every two seconds
                await stand.polled()


@pytest.mark.parametrize("returned", [False, True], ids=["and stays", "and returns"])
async def test_ticks_do_not_wait_for_a_clock_that_was_set_back(returned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduler, rung = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None}), asyncio.Event()

    async def tick() -> None:
        rung.set()

    scheduler.add_job(tick, "interval", minutes=1, next_run_time=datetime.now(UTC) + 3 * HOUR)  # as the old clock said
    scheduler.start()  # and so it sleeps for three hours
    if returned:  # by now that would have been long ago
        move_machine(monkeypatch, 4 * HOUR)
    keep_ticking(scheduler)
    async with asyncio.timeout(10):
        await rung.wait()
    scheduler.shutdown(wait=False)


async def test_ticks_that_come_in_time_are_left_alone() -> None:
    scheduler = AsyncIOScheduler(timezone=UTC)
    times = [datetime.now(UTC) + HOUR, datetime.now(UTC) + timedelta(seconds=50)]
    for at, span in zip(times, (HOUR, MINUTE), strict=True):
        scheduler.add_job(asyncio.sleep, "interval", [0], seconds=span.total_seconds(), next_run_time=at)
    scheduler.start()
    keep_ticking(scheduler)
    assert sorted(job.next_run_time for job in scheduler.get_jobs()) == sorted(times)
    scheduler.shutdown(wait=False)


async def test_a_tick_that_is_late_brings_no_other_one_forward() -> None:
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})
    late, hourly = datetime.now(UTC) - 3 * SECOND, datetime.now(UTC) + HOUR
    scheduler.start(paused=True)  # as a loop that was held up for three seconds
    tick = scheduler.add_job(asyncio.sleep, "interval", [0], seconds=1, next_run_time=late)
    sweep = scheduler.add_job(asyncio.sleep, "interval", [0], hours=1, next_run_time=hourly)
    keep_ticking(scheduler)
    assert tick.next_run_time > late
    assert sweep.next_run_time == hourly
    scheduler.shutdown(wait=False)


async def test_what_was_to_come_in_an_hour_still_comes_in_an_hour(store: Store) -> None:
    await enqueue(store, alert("soon", not_before=NOW + HOUR), alert("due", BINH))
    with store.writing() as tx:
        tx.register_feeds(urls("quiet", "due"), now=NOW)
        states = {state.feed_id: state for state in tx.feed_states()}
        tx.save_feed(replace(states[FeedId("quiet")], next_check_at=NOW + HOUR))
    back = NOW - 5 * HOUR
    with store.writing() as tx:
        assert tx.turn_back(5 * HOUR, now=back) == 4
        assert [
            state.feed_id for state in tx.claim_due_feeds(lambda each: each in IDS, now=back, lease=MINUTE, limit=5)
        ] == ["due"]
    assert [each.dedupe_key for each in await claim(store, now=back, lease=DAY)] == ["due"]
    assert await claimed_keys(store, now=back + HOUR) == ["soon"]
    with store.writing() as tx:
        later = back + HOUR
        assert "quiet" in [
            each.feed_id for each in tx.claim_due_feeds(lambda each: each in IDS, now=later, lease=MINUTE, limit=5)
        ]


async def test_a_hold_and_a_lease_last_no_longer_for_a_clock_set_back(store: Store) -> None:
    await enqueue(store, alert("on its way"), alert("behind", BINH))
    (taken,) = await claim(store, lease=5 * MINUTE, limit=1)
    with store.writing() as tx:
        tx.hold_chat(BINH.chat_id, NOW + MINUTE)
        back = NOW - DAY
        tx.turn_back(DAY, now=back)
    assert await claimed_keys(store, now=back + SECOND) == []
    assert [each.dedupe_key for each in await claim(store, now=back + MINUTE, lease=DAY)] == ["behind"]
    assert await claimed_keys(store, now=back + 5 * MINUTE) == [taken.dedupe_key]


async def test_ticks_go_on_when_the_machines_clock_goes_back_though_rows_go_by_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler, ticked = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None}), asyncio.Event()

    async def tick() -> None:
        ticked.set()

    monkeypatch.setattr(clock_guard, "GUARD_EVERY", timedelta(milliseconds=5))
    scheduler.add_job(tick, "interval", minutes=1)
    scheduler.start()
    move_machine(monkeypatch, -HOUR)
    async with await open_store(f"sqlite:///{tmp_path}/monitor.db") as store:
        guard = clock_guard.ClockGuard(
            store, None, Signals([]), AllRoles(), turn_back=lambda _: None, clock=utc_now, zone=ZoneInfo("UTC")
        )
        task = asyncio.create_task(guard.run(scheduler))
        async with asyncio.timeout(10):
            await ticked.wait()
        task.cancel()
        await asyncio.wait((task,))
    scheduler.shutdown(wait=False)


async def test_rows_follow_a_clock_that_was_set_back_before_the_guard_began(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, followed = SetBack(), asyncio.Event()
    monkeypatch.setattr(clock_guard, "GUARD_EVERY", timedelta(milliseconds=5))
    guard = clock_guard.ClockGuard(
        store, None, Signals([]), AllRoles(), turn_back=lambda _: followed.set(), clock=clock, zone=ZoneInfo("UTC")
    )
    clock.by = HOUR
    task = asyncio.create_task(guard.run(AsyncIOScheduler()))
    async with asyncio.timeout(10):
        await followed.wait()
    task.cancel()
    await asyncio.wait((task,))
