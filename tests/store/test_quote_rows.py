"""Quotes in the store: saved with their item, replaced by a second look, gone with their item."""

from dataclasses import replace

import pytest

from monitor.store.transaction import Store
from monitor.types import ItemId, Placement, Quote, Role, WatchId
from tests.store_samples import DAY, MINUTE, NOW, draft, match, save_items

PUTIN, TAP = WatchId("putin"), WatchId("tap")
SAID = Quote(PUTIN, "ông Putin", "nói", "Bến cảng sẽ mở lại", True, "title", 4, 22, about=(TAP, WatchId("bao")))


async def _saved(store: Store, key: str, *quotes: Quote, ago: int = 0) -> ItemId:
    (item,) = await save_items(store, draft(key, published_at=NOW - ago * MINUTE))
    with store.writing() as tx:
        tx.save_detection(item, [match()], Placement(None, Role.NEW), version="v1", now=NOW)
        tx.save_quotes(item.id, quotes)
    return item.id


async def test_a_quote_comes_back_as_it_was_with_the_item_that_tells_it(store: Store) -> None:
    item_id = await _saved(store, "a-1", SAID, replace(SAID, watch_id=TAP, about=()))
    with store.reading() as tx:
        both = tx.latest_quotes([PUTIN, TAP], since=NOW - DAY, limit=9)
        assert [each.quote for each in both] == [SAID, replace(SAID, watch_id=TAP, about=())]
        [spoken] = tx.latest_quotes([PUTIN], since=NOW - DAY, limit=9)
    assert spoken.quote == SAID
    assert (spoken.item_id, spoken.outlet, spoken.at) == (item_id, "Bến Sông", NOW)
    assert spoken.url == "https://ben-song.example/a-1.html"
    assert spoken.story_id is not None


async def test_a_second_look_replaces_what_the_first_one_found(store: Store) -> None:
    item_id = await _saved(store, "a-1", SAID)
    later = replace(SAID, field="body", text="Và mở sớm hơn nữa", start=90, end=107)
    with store.writing() as tx:
        tx.save_quotes(item_id, [SAID, later, replace(later, text="khác")])  # one speaker, one place: the first
    with store.reading() as tx:
        kept = tx.latest_quotes([PUTIN], since=NOW - DAY, limit=9)
        assert [each.quote for each in kept] == [SAID, later]
    with store.writing() as tx:
        tx.save_quotes(item_id, [])
    with store.reading() as tx:
        assert tx.latest_quotes([PUTIN], since=NOW - DAY, limit=9) == []


async def test_the_latest_come_first_and_only_of_those_asked_for(store: Store) -> None:
    await _saved(store, "old", replace(SAID, text="câu cũ"), ago=60 * 48)
    await _saved(store, "b", replace(SAID, text="câu một"), replace(SAID, start=30, text="câu hai"), ago=5)
    await _saved(store, "c", replace(SAID, text="câu mới"), ago=1)
    await _saved(store, "d", replace(SAID, watch_id=TAP))
    with store.reading() as tx:
        latest = tx.latest_quotes([PUTIN], since=NOW - DAY, limit=9)
        first = tx.latest_quotes([PUTIN], since=NOW - DAY, limit=1)
        nobody = tx.latest_quotes([], since=NOW - DAY, limit=9)
    assert [each.quote.text for each in latest] == ["câu mới", "câu một", "câu hai"]
    assert [each.quote.text for each in first] == ["câu mới"]
    assert nobody == []


async def test_quotes_go_with_their_item_and_none_is_kept_for_an_unknown_one(store: Store) -> None:
    item_id = await _saved(store, "a-1", SAID)
    with store.writing() as tx:
        assert tx.sweep(before=NOW + DAY, limit=9) == 1
    with store.writing() as tx:
        assert tx.latest_quotes([PUTIN], since=NOW - DAY, limit=9) == []
        with pytest.raises(LookupError):
            tx.save_quotes(item_id, [SAID])
