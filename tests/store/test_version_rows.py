"""Articles that change or vanish after publication, in both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from monitor.store import tables
from monitor.store.transaction import Store
from monitor.store.version_rows import MOST_VERSIONS
from monitor.types import (
    FeedId,
    Fulltext,
    Item,
    ItemId,
    NewItem,
    PageDue,
    Placement,
    Role,
    StoryId,
    Version,
    WatchId,
)
from tests.store_samples import DAY, MINUTE, NOW, draft, match, save_items

OLD, NEW = "Phà chìm, 12 người mất tích", "Phà chìm, 21 người mất tích"
LEAD = "Tuyến phà chạy từ tháng sau."  # what store_samples.new_item writes


def listed(title: str, lead: str = LEAD, *, feed: str = "ben-song", key: str = "1") -> NewItem:
    """What a feed lists the article as."""
    one = draft(key, title=title)
    return replace(one, entry=replace(one.entry, lead=lead), feed_id=FeedId(feed))


async def _otherwise(store: Store, *drafts: NewItem) -> list[tuple[str, str, str]]:
    with store.reading() as tx:
        return [(one.title, one.new_item.entry.title, one.new_item.entry.lead) for one in tx.listed_otherwise(drafts)]


async def _stored(store: Store, *watches: str, title: str = OLD, fulltext: Fulltext = Fulltext.AUTO) -> Item:
    """An article that was detected; its watches are matched."""
    (item,) = await save_items(store, draft("1", title=title, fulltext=fulltext))
    with store.writing() as tx:
        found = [match(watch, text=title[:3]) for watch in watches]
        story_id = tx.save_detection(item, found, Placement(None, Role.NEW), version="v1", now=NOW)
    return replace(item, story_id=story_id)


async def _reword(store: Store, item: Item, title: str = NEW, lead: str = LEAD, *, rings: bool = True) -> None:
    with store.writing() as tx:
        tx.reword(item.id, title, lead, now=NOW + MINUTE, url="https://ben-song.example/moi-1.html", rings=rings)


async def _item(store: Store, item_id: ItemId) -> Item:
    with store.reading() as tx:
        found = tx.item(item_id)
    assert found is not None
    return found


async def _due(store: Store, *, after: timedelta) -> list[PageDue]:
    with store.writing() as tx:
        return tx.claim_pages(now=NOW + after, lease=MINUTE, limit=5)


# ---------------------------------------------------------------- wordings


async def test_the_feed_that_brought_an_article_may_say_it_otherwise(store: Store) -> None:
    await _stored(store)
    assert await _otherwise(store, listed(OLD)) == []
    assert await _otherwise(store, listed(NEW)) == [(OLD, NEW, LEAD)]
    assert await _otherwise(store, listed(OLD, "Khác.")) == [(OLD, OLD, "Khác.")]


async def test_another_feed_and_an_unknown_article_change_nothing(store: Store) -> None:
    await _stored(store)
    assert await _otherwise(store, listed(NEW, feed="trang-nhat"), listed(NEW, key="2")) == []
    assert await _otherwise(store) == []


async def test_a_wording_that_stood_there_before_is_no_change(store: Store) -> None:
    item = await _stored(store)
    await _reword(store, item, NEW, "Lời mới.")
    assert await _otherwise(store, listed(OLD)) == []
    assert await _otherwise(store, listed(NEW, LEAD)) == [], "a cache that mixes new title and old lead"
    assert await _otherwise(store, listed(OLD, "Lời thứ ba.")) == [(NEW, OLD, "Lời thứ ba.")]


async def test_an_article_that_never_stops_changing_is_followed_to_an_end(store: Store) -> None:
    item = await _stored(store)
    for number in range(MOST_VERSIONS):
        await _reword(store, item, f"Phút {number}")
    assert await _otherwise(store, listed("Phút 90")) == []


async def test_a_reworded_article_keeps_what_it_said_and_is_looked_at_again(store: Store) -> None:
    item = await _stored(store, "putin")
    await _reword(store, item)
    with store.reading() as tx:
        (waiting,) = tx.unmatched_items(limit=5)
        assert tx.earlier_wordings(item.id) == (Version(NOW + MINUTE, OLD, LEAD),)
        assert item.story_id is not None
        view = tx.story(item.story_id)
    assert (waiting.title, waiting.url) == (NEW, "https://ben-song.example/moi-1.html")
    assert (waiting.edited_at, waiting.story_id, waiting.alertable) == (NOW + MINUTE, item.story_id, True)
    assert view is not None
    assert view.versions == {item.id: (Version(NOW + MINUTE, OLD, LEAD),)}
    assert view.story.title == NEW


async def test_an_article_that_is_too_old_is_reworded_without_a_ring(store: Store) -> None:
    item = await _stored(store)
    await _reword(store, item, rings=False)
    assert not (await _item(store, item.id)).alertable


async def test_nothing_but_a_new_wording_counts_as_reworded(store: Store) -> None:
    item = await _stored(store)
    with store.writing() as tx:
        assert tx.earlier_wordings(item.id) == ()
        tx.make_alertable([item.key], seen_after=NOW - DAY)
        assert tx.earlier_wordings(item.id) == ()
    (fresh,) = await save_items(store, draft("2"))
    await _reword(store, fresh)
    with store.reading() as tx:
        assert tx.earlier_wordings(fresh.id) == (), "nobody has looked at its first wording"
        assert tx.item(ItemId("999")) is None


async def test_what_was_silent_and_is_reworded_too_still_rings(store: Store) -> None:
    (item,) = await save_items(store, draft("1", title=OLD, alertable=False))
    with store.writing() as tx:
        tx.save_detection(item, [match()], Placement(None, Role.NEW), version="v1", now=NOW)
        tx.make_alertable([item.key], seen_after=NOW - DAY)
        tx.reword(item.id, NEW, LEAD, now=NOW + MINUTE)
        assert tx.earlier_wordings(item.id) == (), "it is looked at as if for the first time"


async def test_a_look_at_the_former_wording_does_not_count(store: Store) -> None:
    (item,) = await save_items(store, draft("1", title=OLD))
    await _reword(store, item)
    with store.writing() as tx:
        tx.save_detection(item, [match()], Placement(None, Role.NEW), version="v1", now=NOW)
        assert [each.title for each in tx.unmatched_items(limit=5)] == [NEW]
    present = await _item(store, item.id)
    with store.writing() as tx:
        tx.save_detection(present, [], Placement(None, Role.NEW), version="v1", now=NOW)
        assert tx.unmatched_items(limit=5) == []


async def test_matches_of_the_former_wording_are_replaced_and_counted_once(store: Store) -> None:
    item = await _stored(store, "putin", "biden")
    with store.writing() as tx:
        new = tx.replace_matches(item.id, [match("putin", text="Phà"), match("to-lam", text="21")])
        assert [each.watch_id for each in new] == ["to-lam"]
        assert item.story_id is not None
        view = tx.story(item.story_id)
        counts = {count.watch_id: count.items for count in tx.daily_counts(since=date(2026, 1, 1))}
    assert view is not None
    found = {each.watch_id: each.evidence[0].text for each in view.matches[item.id]}
    assert found == {"putin": "Phà", "to-lam": "21"}
    assert counts == {WatchId("putin"): 1, WatchId("biden"): 1, WatchId("to-lam"): 1}


@pytest.mark.parametrize(("fulltext", "again"), [(Fulltext.AUTO, 1), (Fulltext.NEVER, 0)])
async def test_an_article_that_was_read_is_read_again(store: Store, fulltext: Fulltext, again: int) -> None:
    item = await _stored(store, fulltext=fulltext)
    with store.writing() as tx:
        tx.save_fulltext(item.id, "Lời cũ của bài.", now=NOW)
    await _reword(store, item)
    with store.writing() as tx:
        assert len(tx.claim_fulltext(now=NOW + MINUTE, lease=MINUTE, limit=5)) == again


async def test_versions_go_with_their_article(store: Store) -> None:
    item = await _stored(store)
    await _reword(store, item)
    present = await _item(store, item.id)
    with store.writing() as tx:
        tx.save_detection(present, [], Placement(None, Role.NEW), version="v1", now=NOW)
        assert tx.sweep(before=NOW + DAY, limit=5) == 1
        left = tx._rows(select(func.count().label("rows")).select_from(tables.item_versions))
    assert left[0].rows == 0


async def test_changes_are_counted_for_status(store: Store) -> None:
    item = await _stored(store)
    with store.reading() as tx:
        assert tx.changed_since(NOW - DAY) == (0, 0)
    await _reword(store, item)
    with store.reading() as tx:
        assert tx.changed_since(NOW) == (1, 0)
        assert tx.changed_since(NOW + DAY) == (0, 0)


# ---------------------------------------------------------------- pages


async def test_pages_of_a_told_story_come_due_and_are_leased(store: Store) -> None:
    item = await _stored(store)
    assert item.story_id is not None
    with store.writing() as tx:
        tx.schedule_rechecks([item.story_id], at=NOW + 30 * MINUTE)
    assert await _due(store, after=29 * MINUTE) == []
    (page,) = await _due(store, after=30 * MINUTE)
    assert (page.item.id, page.rechecks, page.missed_at, page.page_title) == (item.id, 0, None, "")
    assert await _due(store, after=30 * MINUTE) == [], "nobody else asks meanwhile"
    assert [one.item.id for one in await _due(store, after=31 * MINUTE)] == [item.id], "its look was lost"


async def test_a_page_that_is_watched_already_keeps_its_time(store: Store) -> None:
    item = await _stored(store)
    assert item.story_id is not None
    with store.writing() as tx:
        tx.schedule_rechecks([item.story_id], at=NOW + MINUTE)
        tx.schedule_rechecks([item.story_id], at=NOW + DAY)
    (page,) = await _due(store, after=MINUTE)
    with store.writing() as tx:
        tx.settle_page(page, next_at=None, missed_at=None, gone_at=NOW, page_title="Phà", rechecks=4)
        tx.schedule_rechecks([item.story_id], at=NOW + MINUTE)
    assert await _due(store, after=2 * DAY) == [], "it was asked for as often as it should be"
    assert (await _item(store, item.id)).gone_at == NOW
    with store.reading() as tx:
        assert tx.changed_since(NOW) == (0, 1)


async def test_pages_of_feeds_that_want_no_reading_are_left_alone(store: Store) -> None:
    item = await _stored(store, fulltext=Fulltext.NEVER)
    assert item.story_id is not None
    with store.writing() as tx:
        tx.schedule_rechecks([item.story_id], at=NOW)
        tx.schedule_rechecks([StoryId("999")], at=NOW)
    assert await _due(store, after=DAY) == []


async def test_what_a_look_found_stands_at_the_next_one(store: Store) -> None:
    item = await _stored(store)
    assert item.story_id is not None
    with store.writing() as tx:
        tx.schedule_rechecks([item.story_id], at=NOW)
    (page,) = await _due(store, after=timedelta(0))
    with store.writing() as tx:
        tx.settle_page(
            page, next_at=NOW + DAY, missed_at=NOW, gone_at=None, page_title="Phà chìm | Bến Sông", rechecks=1
        )
    (again,) = await _due(store, after=DAY)
    assert (again.rechecks, again.missed_at, again.page_title) == (1, NOW, "Phà chìm | Bến Sông")
