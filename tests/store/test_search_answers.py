"""What the search would find is told of an item alone, before it is in the index: the two never differ."""

from datetime import timedelta
from itertools import product

import pytest

from monitor.pipeline.search_query import QueryMistake, SearchNames, read_query
from monitor.store.search import Search, answers
from monitor.store.transaction import Store
from monitor.types import Item
from tests.store.test_search import stored
from tests.store_samples import NOW, draft

TITLES = ("Động đất ở Mexico", "Huy động vốn mua đất", "Giá dông đạt mức mới", "Bến phà Kim Jong-un", "")
LEADS = ("Chưa có thiệt hại vì động đất.", "Đất Mexico tăng giá, dông lớn.", "")
BODIES = ("", "Theo ông Kim, động đất mạnh làm rung chuyển Mexico.", "Giá đất ở bến phà")
TYPED = (
    "động đất", '"động đất"', "dong dat", '"dong dat"', "mexico động", '"đất ở mexico"', '"ở mexico đất"', "đất",
    "kim jong un", '"kim jong-un"', '"động đất mạnh làm"', '"dat o" mexico', "outlet:bensong", "since:1d động đất",
    'outlet:"Bến Sông" "bến phà"', "giá", "vang bóng", "½",
)  # fmt: skip
NAMES = SearchNames({}, ("Bến Sông", "Sao Mai"))


async def corpus(store: Store) -> list[Item]:
    """Every title with every lead and every text; every third is two days old."""
    fields = list(product(TITLES, LEADS, BODIES))
    await stored(
        store,
        *(
            draft(f"{n}", title=title, lead=lead, published_at=NOW - timedelta(days=2 if n % 3 == 0 else 0, minutes=n))
            for n, (title, lead, _) in enumerate(fields)
        ),
        index=False,
    )
    with store.writing() as tx:
        for item, (_, _, body) in zip(tx.unmatched_items(limit=100)[::-1], fields, strict=True):
            tx.save_fulltext(item.id, body, now=NOW)
        tx.begin_index()
        while tx.index_items(limit=100):
            pass
        return list(tx.unmatched_items(limit=100))


@pytest.mark.parametrize("typed", TYPED)
async def test_an_item_answers_what_would_find_it_and_nothing_else(store: Store, typed: str) -> None:
    items = await corpus(store)
    wanted = read_query(typed, NAMES, now=NOW)
    assert not isinstance(wanted, QueryMistake)
    with store.reading() as tx:
        found = {hit.item.key for hit in tx.search(wanted)}
    assert {item.key for item in items if answers(item, wanted)} == found


async def test_who_asks_for_nothing_is_answered_by_all(store: Store) -> None:
    items = await corpus(store)
    assert all(answers(item, Search()) for item in items)
    assert not any(answers(item, Search(outlet="Sao Mai")) for item in items)
