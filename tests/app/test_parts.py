"""Services on one PostgreSQL of which each does another part of the work: together they do all of it."""

from io import StringIO
from pathlib import Path

import pytest

from monitor.app.wiring import open_service
from monitor.config import Settings, load_all
from monitor.store.role_names import LOOKOUT
from monitor.store.transaction import Transaction
from monitor.types import TERMINAL, AlertKind, AlertState, DedupeKey, NewAlert
from tests.app.test_workers_pages import serving, until
from tests.newsstand import Newsstand

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


@pytest.mark.parametrize(("part", "state"), [("poll", AlertState.PENDING), ("deliver", AlertState.SENT)])
async def test_a_single_run_of_one_part_does_no_other_one(
    shared: str, tmp_path: Path, part: str, state: AlertState
) -> None:
    async with Newsstand() as stand:
        stand.write_config(tmp_path)
        settings = Settings(config_dir=tmp_path, database_url=shared, http_allow_private=True)
        config = load_all(tmp_path, timezone=settings.timezone)
        opened = open_service(settings, config, stream=StringIO(), interactive=False, parts=(part,))
        async with opened as service:
            due = NewAlert(TERMINAL, AlertKind.NOTICE, DedupeKey("notice:a"), text="Xin chào")
            await service.prepare()
            await service.store.write(Transaction.enqueue, [due], now=service.clock())
            await service.run_once()
            assert (await service.store.read(Transaction.outbox_counts))[state] == 1
