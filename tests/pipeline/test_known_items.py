"""Polls of a feed over HTTP, in which what its last body listed is not read again, and of which nothing is lost."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from aiohttp import web
from sqlalchemy import select

from monitor.feeds.fetch import WHOLE_READ_EVERY, HttpFetcher
from monitor.feeds.parser import open_parser
from monitor.net.politeness import HostGate
from monitor.net.request import HttpClient
from monitor.net.session import open_session
from monitor.pipeline.poll import Poll, Polled
from monitor.store import tables
from monitor.store.feed_rows import LISTED_TO_THE, FeedRows
from monitor.store.transaction import Store
from monitor.types import Failed, Feed, FeedId, FeedState, Fetched
from tests.flow import FakeClock


class Paper:
    """An outlet whose feed lists what stands in `items`, newest first, and everything that polls it."""

    def __init__(self, store: Store, fetcher: HttpFetcher, clock: FakeClock) -> None:
        self.items = [f"Tin {number}" for number in range(20, 0, -1)]
        self.store = store
        self.clock = clock
        self.fetcher = fetcher
        self.feed = Feed(FeedId("ben-song"), "Bến Sông", "")
        self.answers: list[Fetched] = []

    async def answer(self, _: web.Request) -> web.StreamResponse:
        listed = "".join(
            f"<item><title>{title}</title><link>https://ben-song.example/{title.split()[1]}.html</link></item>"
            for title in self.items
        )
        return web.Response(text=f"<rss><channel>{listed}</channel></rss>", content_type="application/rss+xml")

    async def polled(self) -> Polled:
        """A poll by a service that has just been started."""
        self.clock.turn(timedelta(hours=1))
        poll = Poll(self.store, self.fetcher, clock=self.clock, chance=lambda: 0.0)
        feeds = {self.feed.id: self.feed}
        await poll.register([self.feed])
        ((feed, state),) = await poll.claim(feeds, limit=1)
        return await poll.poll(feed, state)

    async def state(self) -> FeedState:
        with self.store.reading() as tx:
            (state,) = tx.feed_states()
        return state

    async def longest_unlisted(self) -> timedelta:
        """How long ago the item was listed, for all the store knows, that was not noted the longest."""
        with self.store.reading() as tx:
            rows = tx._rows(select(tables.items.c.last_listed_at))
        moments: list[datetime] = [row.last_listed_at for row in rows]
        return self.clock() - min(moments)


@pytest.fixture
async def paper(store: Store) -> AsyncIterator[Paper]:
    clock = FakeClock()
    async with open_session(allow_private=True, contact="", version="1") as session, open_parser() as parser:
        paper = Paper(store, HttpFetcher(HttpClient(session, HostGate(timedelta())), parser, clock=clock), clock)
        app = web.Application()
        app.router.add_get("/rss", paper.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        paper.feed = Feed(paper.feed.id, paper.feed.outlet, f"http://127.0.0.1:{runner.addresses[0][1]}/rss")
        yield paper
        await runner.cleanup()


def fetched(polled: Polled) -> Fetched:
    assert isinstance(polled.result, Fetched), polled.result
    return polled.result


async def test_one_new_item_among_known_ones_is_read_alone_and_does_not_hurry_the_feed(paper: Paper) -> None:
    assert len((await paper.polled()).new) == 20
    before = await paper.state()
    paper.items = ["Tin 21", *paper.items[:-1]]
    polled = await paper.polled()
    assert [item.title for item in polled.new] == ["Tin 21"]
    assert (len(fetched(polled).entries), fetched(polled).known) == (1, 19)
    after = await paper.state()
    assert (before.interval, after.interval) == (paper.feed.interval, paper.feed.interval)


async def test_an_item_in_other_words_is_known_as_reworded(paper: Paper) -> None:
    await paper.polled()
    paper.items[3] = f"{paper.items[3]} được đính chính: tuyến phà chạy từ thứ Bảy"
    polled = await paper.polled()
    assert (polled.new, len(polled.reworded), len(fetched(polled).entries)) == ((), 1, 1)
    assert (await paper.polled()).reworded == ()


async def test_what_could_not_be_written_is_read_again(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    await paper.polled()
    before = (await paper.state()).bookmark
    paper.items = ["Tin 21", *paper.items]
    with monkeypatch.context() as patch:

        def refuse(*_: object) -> None:
            raise ValueError("cannot be kept")

        patch.setattr(FeedRows, "add_items", refuse)
        assert isinstance((await paper.polled()).result, Failed)
    assert (await paper.state()).bookmark == before
    assert [item.title for item in (await paper.polled()).new] == ["Tin 21"]


async def test_an_item_that_goes_on_being_listed_counts_as_listed(paper: Paper) -> None:
    await paper.polled()
    longest = timedelta(0)
    for number in range(21, 21 + 40):  # hours
        paper.items = [f"Tin {number}", *paper.items]
        await paper.polled()
        longest = max(longest, await paper.longest_unlisted())
    assert LISTED_TO_THE < longest <= LISTED_TO_THE + WHOLE_READ_EVERY + timedelta(hours=1)
