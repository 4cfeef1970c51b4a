"""What a chat keeps: each article once, the last first, and no more than there is room for."""

import pytest

from monitor.store.saved_rows import Saving
from monitor.store.transaction import Store
from monitor.types import Address, ItemId
from tests.store_samples import AN, BINH, MINUTE, NOW, draft, save_items


async def test_a_chat_keeps_an_article_once_and_the_last_comes_first(store: Store) -> None:
    one, two = await save_items(store, draft("a"), draft("b"))
    with store.writing() as tx:
        assert tx.save_item(AN, two.id, now=NOW) is Saving.DONE
        assert tx.save_item(AN, one.id, now=NOW + MINUTE) is Saving.DONE
        assert tx.save_item(AN, two.id, now=NOW + 2 * MINUTE) is Saving.KNOWN
        assert tx.save_item(Address(AN.chat_id, 7), two.id, now=NOW) is Saving.DONE, "a topic has its own"
    with store.reading() as tx:
        assert [(each.item.key, each.at) for each in tx.saved_items(AN, limit=9)] == [("a", NOW + MINUTE), ("b", NOW)]
        assert [each.item.key for each in tx.saved_items(AN, limit=1, offset=1)] == ["b"]
        assert (tx.saved_count(AN), tx.saved_count(BINH)) == (2, 0)


async def test_what_is_dropped_makes_room(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.saved_rows.MOST_SAVED", 1)
    one, two = await save_items(store, draft("a"), draft("b"))
    with store.writing() as tx:
        assert tx.save_item(AN, one.id, now=NOW) is Saving.DONE
        assert tx.save_item(AN, two.id, now=NOW) is Saving.FULL
        assert tx.save_item(AN, one.id, now=NOW) is Saving.KNOWN, "a full list still knows what it holds"
        assert tx.save_item(BINH, two.id, now=NOW) is Saving.DONE
        assert not tx.drop_saved(AN, two.id), "another chat's"
        assert tx.drop_saved(AN, one.id)
        assert tx.save_item(AN, two.id, now=NOW) is Saving.DONE


async def test_an_article_that_is_not_stored_cannot_be_kept(store: Store) -> None:
    for unknown in ("999", "x", "9" * 30):
        with pytest.raises(LookupError), store.writing() as tx:
            tx.save_item(AN, ItemId(unknown), now=NOW)
