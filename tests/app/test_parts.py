"""Services on one PostgreSQL of which each does another part of the work: together they do all of it."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor.app import worker
from monitor.app.service import Service
from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from monitor.errors import WrongSchema
from monitor.store.role_names import LOOKOUT, PARTS
from monitor.store.tables import feeds
from monitor.store.transaction import Transaction, open_store
from monitor.store.worker_rows import Worker
from monitor.types import TERMINAL, AlertKind, AlertState, DedupeKey, NewAlert
from tests.app.test_workers_pages import serving, until
from tests.newsstand import Newsstand
from tests.store.test_worker_rows import fall_silent
from tests.store_samples import MINUTE

CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel"


@pytest.mark.slow
async def test_whoever_looks_out_hands_out_also_what_it_does_not_do_itself(shared: str, tmp_path: Path) -> None:
    async with Newsstand() as stand, serving(tmp_path, shared, stand, 0, parts=("web",)) as page:

        async def looks_out() -> bool:
            return LOOKOUT in page.roles.held()

        async def is_told() -> bool:
            return (await page.store.read(Transaction.outbox_counts)).get(AlertState.SENT, 0) == 1

        await until(looks_out)
        async with (
            serving(tmp_path, shared, stand, 0, parts=("poll", "detect")),
            serving(tmp_path, shared, stand, 0, parts=("deliver",)),
        ):
            await stand.polled(3)  # the first time each process looks by itself, afterwards only when it is told to
            stand.publish(CALL, "Hai ông trao đổi qua điện thoại.")
            await until(is_told)
        assert LOOKOUT in page.roles.held()


def opened(
    stand: Newsstand, url: str, folder: Path, *, parts: Sequence[str] = PARTS
) -> AbstractAsyncContextManager[Service]:
    stand.write_config(folder)
    settings = Settings(config_dir=folder, database_url=url, http_allow_private=True)
    config = load_all(folder, timezone=settings.timezone)
    return open_service(settings, config, stream=StringIO(), interactive=False, parts=parts)


@pytest.mark.parametrize(("part", "state"), [("poll", AlertState.PENDING), ("deliver", AlertState.SENT)])
async def test_a_single_run_of_one_part_does_no_other_one(
    shared: str, tmp_path: Path, part: str, state: AlertState
) -> None:
    async with Newsstand() as stand, opened(stand, shared, tmp_path, parts=(part,)) as service:
        due = NewAlert(TERMINAL, AlertKind.NOTICE, DedupeKey("notice:a"), text="Xin chào")
        await service.prepare()
        await service.store.write(Transaction.enqueue, [due], now=service.clock())
        await service.run_once()
        assert (await service.store.read(Transaction.outbox_counts))[state] == 1


async def test_a_single_run_ends_when_another_release_has_changed_the_schema(
    shared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Newsstand() as stand, opened(stand, shared, tmp_path) as service:

        async def no_beat() -> None:
            raise WrongSchema("the schema moved on")

        monkeypatch.setattr(service.ground.shared, "run", no_beat)
        with pytest.raises(WrongSchema, match="moved on"):
            await service.run_once()
        assert stand.polls == 0, "nothing is asked by a release that can write nothing"


@pytest.mark.slow
async def test_a_single_run_lets_the_others_beat_before_it_frees_what_the_dead_hold(
    shared: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LET_OTHERS_BEAT", 2.0)
    alive, dead = (Worker(name, "ben-song", 11, "1.0", "0010", ()) for name in ("alive", "dead"))
    async with (
        Newsstand() as stand,
        opened(stand, shared, tmp_path, parts=("poll",)) as service,
        await open_store(shared, worker="alive") as store,
    ):
        await service.prepare()
        for each in (alive, dead):
            await store.write(Transaction.beat, each)
        now = service.clock()
        (claimed,) = await store.write(lambda tx: tx.claim_due_feeds(lambda _: True, now=now, lease=MINUTE, limit=1))
        for each in (alive, dead):
            await store.write(fall_silent, each.id)  # the database was away: nobody could beat
        running = asyncio.create_task(service.run_once())
        await asyncio.wait((running,), timeout=0.5)  # the other one finds the database a little later
        await store.write(Transaction.beat, alive)
        await running
        leased = select(feeds.c.leased_by).where(feeds.c.id == claimed.feed_id)
        assert [row.leased_by for row in await store.read(lambda tx: tx._rows(leased))] == ["alive"]
