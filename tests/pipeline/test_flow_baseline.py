"""From a feed to a message: what is stored and tells nobody."""

from dataclasses import replace
from datetime import timedelta

from monitor.feeds.rhythm import UNIT, LearntRhythm
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


async def test_a_feeds_hours_are_learnt_from_what_its_polls_bring_and_not_from_its_baseline(flow: Flow) -> None:
    flow.fetcher.publish("ben-song", "1", CALL, LEAD, at=flow.clock() - timedelta(hours=3))
    await started(flow)
    flow.clock.turn(timedelta(hours=1))
    half_past_eight = flow.clock() - timedelta(minutes=30)  # in Vietnam
    flow.fetcher.publish("ben-song", "2", CALL, LEAD, at=half_past_eight)
    await flow.poll_due()
    with flow.store.reading() as tx:
        (state,) = [state for state in tx.feed_states() if state.feed_id == "ben-song"]
    learnt = LearntRhythm.of(state.rhythm)
    assert {hour: count for hour, count in enumerate(learnt.by_hour) if count} == {24 + 8: UNIT}  # a Sunday
    assert (learnt.by_minute[30], learnt.watched) == (UNIT, (0, 3_600))


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


async def taken_in_silently(flow: Flow) -> None:
    """A feed that READER has not followed so far takes in, with its first poll, what another feed of its outlet has."""
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


async def test_news_that_another_feeds_baseline_took_in_still_rings(flow: Flow) -> None:
    await taken_in_silently(flow)
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_news_that_another_feeds_baseline_took_in_before_a_failed_poll_still_rings(flow: Flow) -> None:
    await taken_in_silently(flow)
    flow.fetcher.fail("ben-song", "HTTP 503")
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.on(timedelta(hours=1))
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
