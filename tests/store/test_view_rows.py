"""The newest stories are looked for backwards, in steps, and are the newest all the same."""

import random
from datetime import datetime, timedelta

import pytest

from monitor.store import view_rows
from monitor.store.transaction import Store
from monitor.types import Placement, Role, StoryId, WatchId
from tests.store_samples import DAY, NOW, draft, match

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("seed", range(3))
async def test_what_was_published_long_before_it_was_seen_takes_its_place_by_its_time(
    store: Store, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(view_rows, "LOOKED_BACK", 4)
    chance = random.Random(seed)
    newest: dict[str, dict[StoryId, datetime]] = {"putin": {}, "biden": {}}
    stories: list[StoryId] = []
    for number in range(80):
        seen_at = NOW - (80 - number) * HOUR
        at = seen_at - chance.choice([0, 1, 5, 30, 50]) * HOUR - timedelta(minutes=number)
        watch = chance.choice(["putin", "putin", "putin", "biden", ""])
        joins = chance.choice(stories) if stories and chance.random() < 0.4 else None
        with store.writing() as tx:
            (item,) = tx.add_items([draft(f"k-{number}", published_at=at, seen_at=seen_at)])
            placement = Placement(joins, Role.NEW)
            story = tx.save_detection(item, [match(watch)] if watch else [], placement, version="v1", now=seen_at)
        stories.append(story)
        if watch:
            newest[watch][story] = max(at, newest[watch].get(story, at))

    def expected(watches: list[str], since: datetime, limit: int) -> list[StoryId]:
        times: dict[StoryId, datetime] = {}
        for watch in watches:
            for story, at in newest[watch].items():
                if at >= since:
                    times[story] = max(at, times.get(story, at))
        return sorted(times, key=lambda story: times[story], reverse=True)[:limit]

    for since in (NOW - 9 * DAY, NOW - 2 * DAY, NOW):
        for limit in (1, 3, 99):
            for watches in (["putin"], ["biden"], ["putin", "biden"]):
                with store.reading() as tx:
                    some = tx.latest_stories([WatchId(watch) for watch in watches], since=since, limit=limit)
                    assert [view.story.id for view in some] == expected(watches, since, limit)
            with store.reading() as tx:
                views = tx.latest_stories(None, since=since, limit=limit)
            assert [view.story.id for view in views] == expected(["putin", "biden"], since, limit)
