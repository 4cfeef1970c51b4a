"""Two services on one PostgreSQL: when the one that groups falls silent the other one goes on with a warm window."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.app.service import Service
from monitor.errors import StoreError
from monitor.store.role_names import GROUP
from monitor.stories.grouping.window import StoryWindow
from monitor.types import StoryView
from tests.app.running import running
from tests.newsstand import Newsstand

WITHIN = 30.0  # seconds, on a busy machine
CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel"
LEAD = "Ông Putin và ông Netanyahu trao đổi qua điện thoại tối thứ hai về viện trợ nhân đạo cho người dân vùng biên."


async def until(comes: Callable[[], bool]) -> None:
    async with asyncio.timeout(WITHIN):
        while not comes():  # noqa: ASYNC110 - what comes, comes into rows
            await asyncio.sleep(0.05)


def window_of(service: Service) -> StoryWindow:
    return service._use_cases.detect._window


def stories(service: Service) -> list[StoryView]:
    with service.store.reading() as tx:
        return tx.latest_stories(None, since=service.started_at, limit=9)


@pytest.mark.slow
async def test_when_the_one_that_groups_falls_silent_the_other_one_takes_over_with_what_it_has_kept_up_with(
    shared: str, tmp_path: Path
) -> None:
    async with Newsstand() as stand, running(tmp_path / "a", shared, stand) as first:
        await until(lambda: GROUP in first.roles.held())
        async with running(tmp_path / "b", shared, stand) as second:
            stand.publish(CALL, LEAD)
            await until(lambda: len(stories(first)) == 1)
            assert GROUP not in second.roles.held()
            await until(lambda: len(window_of(second)) == len(window_of(first)) > 0)

            async def silent() -> None:
                raise StoreError("it says nothing any more")

            assert first.ground.shared is not None
            first.ground.shared._beat = silent  # type: ignore[method-assign]
            began = time.monotonic()
            await until(lambda: GROUP in second.roles.held())
            assert GROUP not in first.roles.held(), "it has let go before"
            assert time.monotonic() - began < 8.0, "five seconds, and what a busy machine adds"
            stand.publish(CALL, "Hai bên nhất trí giữ liên lạc.")
            await until(lambda: [len(view.items) for view in stories(second)] == [2])
