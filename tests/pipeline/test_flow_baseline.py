"""From a feed to a message: what is stored and tells nobody."""

from dataclasses import replace
from datetime import timedelta

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.types import Bookmark, Event, FeedId, FeedState, WatchId, Watchlist
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, started


async def test_the_first_poll_of_a_feed_is_silent(flow: Flow) -> None:
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await started(flow)
    await flow.on()
    assert flow.phone.accepted == []


async def test_an_item_older_than_its_feeds_limit_is_kept_but_not_told(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD, at=flow.clock() - timedelta(days=3))
    await flow.on()
    assert flow.phone.accepted == []
    with flow.store.reading() as tx:
        assert len(tx.latest_stories(None, since=flow.clock() - timedelta(days=9), limit=5)) == 1


async def test_a_changed_watchlist_finds_its_recent_past_without_ringing(flow: Flow) -> None:
    await started(flow, "*")
    flow.fetcher.publish("ben-song", "1", "Lũ quét cuốn trôi cầu treo ở vùng cao", "Trận lũ quét xảy ra rạng sáng nay.")
    await flow.on()
    assert flow.phone.accepted == []
    flood = Event(WatchId("lu-quet"), "Lũ quét", match=('"lũ quét"',))
    watchlist = Watchlist("v2", (*flow.watchlist.watches, flood))
    flow.active = ActiveWatchlist.of(watchlist)
    while await flow.detect.match_again(limit=1):
        pass
    with flow.store.reading() as tx:
        (view,) = tx.latest_stories({flood.id}, since=flow.clock() - timedelta(days=1), limit=5)
    assert view.story.title.startswith("Lũ quét")
    await flow.on()
    assert flow.phone.accepted == []
    flow.fetcher.publish("sao-mai", "2", "Lũ quét cuốn trôi cầu treo ở vùng cao", "Trận lũ quét xảy ra rạng sáng nay.")
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_news_that_another_feeds_baseline_took_in_still_rings(flow: Flow) -> None:
    await flow.subscribe(READER, "putin")
    late = flow.feeds[FeedId("sao-mai")]
    flow.feeds = {feed_id: feed for feed_id, feed in flow.feeds.items() if feed_id != late.id}
    await flow.start()
    entry = flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.fetcher.shelves[late.id] = [entry]  # the same article in another section of the outlet
    flow.clock.turn(timedelta(minutes=1))
    flow.feeds = {late.id: late, **flow.feeds}
    await flow.poll.register(list(flow.feeds.values()))
    (new,) = await flow.poll.claim({late.id: late}, limit=1)
    await flow.poll.poll(*new)
    await flow.look()
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_the_first_poll_of_a_changed_address_is_silent_too(flow: Flow) -> None:
    await started(flow)
    feed = flow.feeds[FeedId("ben-song")]
    (state,) = [each for each in await states(flow) if each.feed_id == feed.id]
    with flow.store.writing() as tx:
        tx.save_feed(replace(state, bookmark=Bookmark(moved_from=feed.url)))
    flow.feeds = {**flow.feeds, feed.id: replace(feed, url="https://ben-song.example/rss-moi")}
    await flow.poll.register(list(flow.feeds.values()))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert flow.phone.accepted == []


async def states(flow: Flow) -> list[FeedState]:
    with flow.store.reading() as tx:
        return tx.feed_states()
