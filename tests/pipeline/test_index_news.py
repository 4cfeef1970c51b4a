"""The search index is filled step by step, the newest items first, and work ends when it has them all."""

from itertools import islice

import pytest

from monitor.pipeline.index_news import IndexNews
from monitor.store.search import Search, term_of
from monitor.store.transaction import Store
from tests.store_samples import draft, save_items


def found(store: Store) -> list[str]:
    with store.reading() as tx:
        return [hit.item.key for hit in islice(tx.search(Search((term_of("phà"),))), 9)]


async def test_what_the_index_lacks_is_worked_off_in_steps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.pipeline.index_news.INDEXED_AT_ONCE", 2)
    index = IndexNews(store)
    assert await index.claim(limit=1) == []
    for key in ("một", "hai", "ba"):
        await save_items(store, draft(key))
    steps = []
    for step in await index.claim(limit=1):
        await index.work(step)
        steps.append(found(store))
    assert steps == [["ba", "hai"]]
    again = IndexNews(store)  # a restart empties nothing
    for step in await again.claim(limit=1):
        await again.work(step)
    assert found(store) == ["ba", "hai", "một"]
    assert await again.claim(limit=1) == []
