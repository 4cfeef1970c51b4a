"""How many articles name each watch, on both databases."""

from monitor.store.transaction import Store
from monitor.types import WatchId
from tests.store_samples import DAY, NOW, save_story


async def test_articles_are_counted_by_watch_within_a_time(store: Store) -> None:
    with store.reading() as tx:
        assert tx.mentioned_since(NOW - DAY) == {}
    await save_story(store, "k1", "putin")
    await save_story(store, "k2", "putin", "bao")
    await save_story(store, "k3", "bao", seen_at=NOW - 2 * DAY)
    with store.reading() as tx:
        assert tx.mentioned_since(NOW - DAY) == {WatchId("putin"): 2, WatchId("bao"): 1}
        assert tx.mentioned_since(NOW - 3 * DAY) == {WatchId("putin"): 2, WatchId("bao"): 2}
        assert tx.mentioned_since(NOW + DAY) == {}
