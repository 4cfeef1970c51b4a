"""The three use cases on a real store, driven step by step with a clock that the test turns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.compose import Composer
from monitor.pipeline.deliver import CATCH_UP_AFTER, Deliver, Delivered
from monitor.pipeline.detect import Detect, Detected, Parked
from monitor.pipeline.digest import GatherNews
from monitor.pipeline.enrich import Enrich
from monitor.pipeline.pace import Pace
from monitor.pipeline.poll import Poll, Polled
from monitor.pipeline.recheck import Recheck, Rechecked
from monitor.pipeline.shared_window import Fence
from monitor.ports import Sender
from monitor.store.transaction import Store
from monitor.stories.grouping.window import StoryWindow
from monitor.types import (
    Address,
    Chat,
    ChatKind,
    Event,
    Feed,
    FeedId,
    Leader,
    Office,
    Target,
    WatchId,
    Watchlist,
)
from tests.fakes_fetcher import FakeFetcher, FakeReader
from tests.fakes_sender import FakeSender

MORNING = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WATCHLIST = Watchlist(
    "v1",
    (
        Leader(
            WatchId("putin"),
            "Vladimir Putin",
            aliases=("Putin",),
            offices=(Office("Tổng thống Nga", since=date(2012, 5, 7)),),
            tags=("nga",),
        ),
        Leader(WatchId("netanyahu"), "Benjamin Netanyahu", aliases=("Netanyahu",)),
        Event(WatchId("dong-dat"), "Động đất", match=('"động đất"',)),
    ),
)
FEEDS = tuple(
    Feed(FeedId(name), outlet, f"https://{name}.example/rss")
    for name, outlet in (("ben-song", "Bến Sông"), ("sao-mai", "Sao Mai"), ("hai-dang", "Hải Đăng"))
)
READER = Address(1001)


@cache
def compiled(watchlist: Watchlist) -> ActiveWatchlist:
    """Compiled once for all tests: nothing changes in it, and a crash test begins hundreds of processes."""
    return ActiveWatchlist.of(watchlist)


class FakeClock:
    """A clock that stands until it is turned."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Flow:
    """A newsroom: publish on `fetcher`, then `await flow.on()` lets everything flow that is due."""

    store: Store
    sender: Sender = field(default_factory=FakeSender)
    fetcher: FakeFetcher = field(default_factory=FakeFetcher)
    reader: FakeReader = field(default_factory=FakeReader)
    clock: FakeClock = field(default_factory=FakeClock)
    watchlist: Watchlist = WATCHLIST
    feeds: Mapping[FeedId, Feed] = field(default_factory=lambda: {feed.id: feed for feed in FEEDS})
    admins: frozenset[int] = frozenset()
    pace: Pace = field(default_factory=lambda: Pace(per_second=10_000))
    fence: Fence | None = None  # of one worker of several

    def __post_init__(self) -> None:
        self.window = StoryWindow()
        self.active = compiled(self.watchlist)
        self.poll = Poll(self.store, self.fetcher, clock=self.clock, chance=lambda: 0.0, admins=self.admins)
        self.detect = Detect(
            self.store,
            lambda: self.active,
            self.window,
            clock=self.clock,
            admins=self.admins,
            catch_up_after=CATCH_UP_AFTER,
            fence=self.fence,
        )
        self.enrich = Enrich(self.store, self.reader, self.detect, clock=self.clock)
        self.recheck = Recheck(self.store, self.reader, clock=self.clock)
        self.gather = GatherNews(self.store, clock=self.clock, zone=ZONE)
        self.deliver = Deliver(
            self.store,
            self.sender,
            Composer(self.store, watches=lambda: self.active.watches, zone=ZONE),
            clock=self.clock,
            pace=self.pace,
            admins=self.admins,
        )

    @property
    def phone(self) -> FakeSender:
        assert isinstance(self.sender, FakeSender)
        return self.sender

    async def subscribe(self, address: Address, *targets: str, kind: ChatKind = ChatKind.PRIVATE) -> None:
        with self.store.writing() as tx:
            tx.save_chat(Chat(address, kind, joined_at=self.clock()))
            for target in targets:
                tx.follow(address, Target(target), now=self.clock())

    async def start(self) -> None:
        """Register the feeds and take their baseline, which is silent."""
        await self.poll.register(list(self.feeds.values()))
        await self.poll_due()

    async def poll_due(self) -> list[Polled]:
        return [await self.poll.poll(feed, state) for feed, state in await self.poll.claim(self.feeds, limit=100)]

    async def look(self) -> list[Detected | Parked | None]:
        came: list[Detected | Parked | None] = []
        while items := await self.detect.unmatched(limit=10):
            came += await self.detect.detect(items)
        return came

    async def read(self) -> None:
        while items := await self.enrich.claim(limit=10):
            for item in items:
                await self.enrich.read(item)

    async def tell_together(self) -> None:
        """Fold what waits in chats whose hour has come."""
        while due := await self.gather.claim(limit=10):
            for address in due:
                await self.gather.gather(address)

    async def ask_again(self) -> list[Rechecked]:
        """Ask for the pages that are due, once each."""
        return [await self.recheck.recheck(page) for page in await self.recheck.claim(limit=100)]

    async def send(self) -> list[Delivered]:
        """Deliver what is due now and what becomes due within the minute of rests between messages."""
        came: list[Delivered] = []
        for _ in range(3):
            while alerts := await self.deliver.claim(limit=1):
                came += [await self.deliver.deliver(alert) for alert in alerts]
            self.clock.turn(timedelta(seconds=20))
        return came

    async def poll_later(self, by: timedelta = timedelta(minutes=10)) -> None:
        """Turn the clock, poll and look; nothing is sent yet."""
        self.clock.turn(by)
        await self.poll_due()
        await self.look()

    async def on(self, by: timedelta = timedelta(minutes=10)) -> None:
        """Turn the clock and let everything flow that is due then."""
        self.clock.turn(by)
        await self.poll_due()
        await self.look()
        await self.read()
        if await self.ask_again():
            await self.look()
        await self.tell_together()
        await self.send()
