"""A house for the bot's tests: PTB as the real client, the loopback Bot API as Telegram, a real store on SQLite."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import telegram
from sqlalchemy import select

from monitor.app.own_in_force import OwnInForce
from monitor.bot.context import Access, BotContext, Running
from monitor.bot.conversation import BotService
from monitor.bot.storms import Storms
from monitor.charts.painter import PngPainter, open_painter
from monitor.config.one_watch import read_one_watch
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.notify.render import alert_message
from monitor.notify.telegram import TelegramSender, build_bot, close_bot
from monitor.pipeline.answers import Answers
from monitor.pipeline.ask_missed import AskMissed
from monitor.pipeline.compose import Composer
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.dedupe_keys import first_key
from monitor.pipeline.deliver import Deliver
from monitor.pipeline.file_desk import FileDesk
from monitor.pipeline.own_child import Runner, Said, said_of, unpacked
from monitor.pipeline.own_jobs import look_up
from monitor.pipeline.own_watches import OwnDesk
from monitor.pipeline.pace import Pace, Waits
from monitor.pipeline.pictures import Pictures
from monitor.pipeline.recent import Limit
from monitor.pipeline.status import StatusReport
from monitor.pipeline.try_feed import TryFeed
from monitor.pipeline.watch_desk import WatchDesk
from monitor.ports import PageReader, Painter
from monitor.store.tables import alerts
from monitor.store.transaction import Store, Transaction, open_store
from monitor.types import (
    Address,
    AlertKind,
    AlertState,
    Card,
    ChatState,
    Entry,
    Event,
    Evidence,
    Failed,
    FailureKind,
    Feed,
    FeedId,
    Item,
    Leader,
    Match,
    NewAlert,
    NewItem,
    Office,
    Placement,
    Role,
    Rule,
    Sent,
    StoryId,
    Target,
    Watch,
    WatchId,
    Watchlist,
)
from tests.bot_api import BotApi, Shown

MORNING = datetime(2026, 8, 23, 1, 0, tzinfo=UTC)  # eight o'clock in Vietnam
NO_REST = Pace(per_second=10_000, private=timedelta(0), group=timedelta(0))
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
READER, OTHER, EDITOR = 1001, 1002, 9001
GROUP, CHANNEL, FORUM = -1000000000077, -1000000000088, -1000000000099
CHIEF, MEMBER = 501, 502  # in GROUP, CHANNEL and FORUM
WATCHLIST = Watchlist(
    "v1",
    (
        Leader(
            WatchId("putin"),
            "Vladimir Putin",
            aliases=("Putin", "Pu-tin"),
            offices=(Office("Tổng thống Nga"),),
            tags=("nga",),
        ),
        Leader(WatchId("lavrov"), "Sergei Lavrov", aliases=("Lavrov",), tags=("nga",)),
        Leader(WatchId("ali-khamenei"), "Ali Khamenei", aliases=("Khamenei",), tags=("iran", "trung-dong")),
        Leader(WatchId("mojtaba-khamenei"), "Mojtaba Khamenei", aliases=("Khamenei",), tags=("iran",)),
        Leader(WatchId("to-lam"), "Tô Lâm"),
        Leader(WatchId("nguoi-cu"), "Một người cũ", enabled=False),
        Event(WatchId("dong-dat"), "Động đất", match=('"động đất"',), tags=("thien-tai",)),
        Event(WatchId("bao"), "Bão, áp thấp nhiệt đới", match=("bão",), tags=("thien-tai",)),
    ),
)
FEEDS = (
    Feed(FeedId("ben-song"), "Bến Sông", "https://ben-song.example/rss"),
    Feed(FeedId("ben-song-2"), "Bến Sông", "https://ben-song.example/rss2"),
    Feed(FeedId("sao-mai"), "Sao Mai", "https://sao-mai.example/rss"),
)


class Clock:
    """Stands until it is turned."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


class NoPages:
    """Pages that cannot be read: the bot asks for none that it need not."""

    async def read_item(self, url: str) -> Item | Failed:
        return Failed(FailureKind.TIMEOUT, f"{url} was asked for")


@dataclass
class House:
    """A bot with its store and its Telegram; `serving()` is one life of the service."""

    api: BotApi
    store: Store
    bot: telegram.Bot
    clock: Clock = field(default_factory=Clock)
    watchlist: Watchlist = WATCHLIST
    feeds: Sequence[Feed] = FEEDS
    pages: PageReader = field(default_factory=lambda: NoPages())
    painter: Painter = field(default_factory=PngPainter)
    report: StatusReport = field(default_factory=lambda: StatusReport(MORNING))
    waits: list[float] = field(default_factory=list)
    desk: WatchDesk | None = None
    files: FileDesk | None = None
    try_feed: TryFeed | None = None
    reloads: int = 0
    files_read: FilesRead = field(default_factory=lambda: FilesRead("v1"))  # what /reload comes to
    pace: Pace = NO_REST  # the clock stands, so that no rest would ever end
    page: str = "https://tin.example"  # what links to the web page begin with
    look: Runner | None = None  # looks things up for own watches; None: in a thread
    patient: bool = True  # a test asks more than a person can, and the clock stands; False: as the service is

    def __post_init__(self) -> None:
        self.active = ActiveWatchlist.of(Watchlist("", ()))
        self.sender = TelegramSender(self.bot, clock=self.clock)
        pacing = Waits(self.pace)
        self.deliver = Deliver(
            self.store,
            self.sender,
            Composer(self.store, watches=self.watchlist.named, zone=ZONE),
            clock=self.clock,
            waits=pacing,
        )
        self.answers = Answers(self.store, self.sender, pacing, clock=self.clock, patience=timedelta(0))

    def own(self) -> dict[WatchId, tuple[Address, Watch]]:
        """The own watches at work, and whose they are."""
        return {each: (owner, self.active.watches[each]) for each, owner in self.active.owners.items()}

    def service(self, access: Access = "open", admins: Sequence[int] = ()) -> BotService:
        async def status() -> StatusReport:
            return self.report

        async def reload() -> FilesRead:
            self.reloads += 1
            return self.files_read

        async def pause(seconds: float) -> None:
            self.waits.append(seconds)
            self.clock.now += timedelta(seconds=seconds)
            await asyncio.sleep(0)

        self.active = ActiveWatchlist.of(self.watchlist)
        in_force = OwnInForce(self.store)

        async def look(given: bytes) -> Said:
            return said_of(await self.store.read(look_up, unpacked(given)))

        async def take_up() -> None:
            self.active = await in_force.beside(self.active, self.watchlist)

        with self.store.reading() as tx:
            self.active = in_force._compiled(tx.kept_own_watches(), self.active, self.watchlist)
        codes = iter(f"ma-moi-{n}" for n in range(1, 100))
        context = BotContext(
            bot=self.bot,
            answers=self.answers,
            store=self.store,
            running=Running(
                lambda: self.watchlist, lambda: self.feeds, status, reload, self.try_feed, self.own, lambda: self.page
            ),
            clock=self.clock,
            timezone=ZONE,
            admin_chats=frozenset(admins),
            access=access,
            new_code=lambda: next(codes),
            missed=AskMissed(self.store, lambda: self.active, lambda: self.feeds, self.pages, clock=self.clock),
            desk=self.desk,
            files=self.files,
            pictures=Pictures(self.store, self.painter, watches=lambda: self.active.watches, zone=ZONE),
            own=OwnDesk(
                self.store,
                self.look or look,
                files=lambda: self.watchlist,
                read=lambda text, watch_id: read_one_watch(text, self.watchlist, watch_id=watch_id),
                take_up=take_up,
                clock=self.clock,
            ),
        )
        if self.patient:
            no_limit = Limit(10**6, timedelta(seconds=1))
            context.commands, context.presses = Storms(no_limit, no_limit), Storms(no_limit, no_limit)
        return BotService(context, pause=pause)

    @asynccontextmanager
    async def serving(self, access: Access = "open", admins: Sequence[int] = ()) -> AsyncIterator[asyncio.Task[None]]:
        self.serves, self.polls = self.service(access, admins), self.api.polls
        task = asyncio.create_task(self.serves.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _next(self, chat_id: int, act: Callable[[], object]) -> Shown:
        before = len(self.api.shown(chat_id))
        act()
        await self.api.until(lambda: len(self.api.shown(chat_id)) > before)
        return self.api.shown(chat_id)[-1]

    async def ask(
        self,
        text: str,
        chat: int = READER,
        *,
        user: int | None = None,
        topic: int | None = None,
        reply_to: int | None = None,
        lang: str = "vi",
    ) -> Shown:
        """Say something and wait for the answer."""
        return await self._next(
            chat,
            lambda: self.api.push_message(chat, text, user_id=user, thread_id=topic, reply_to=reply_to, lang=lang),
        )

    async def settled(self) -> None:
        """Wait until all that was said and pressed is dealt with."""
        await self.api.until(lambda: self.api.polls > self.polls and not self.api.updates)  # it was given all of them
        await self.serves.settled()

    async def press(self, shown: Shown, label: str, *, user: int | None = None) -> str:
        """Press the button with that label (or its beginning); waits until it was answered, gives the note shown."""
        button = next(b for row in shown.buttons for b in row if label in b["text"])
        assert len(button["callback_data"].encode()) <= 64
        query = self.api.press(shown.chat_id, shown.message_id, button["callback_data"], user_id=user)
        await self.api.until(lambda: query in self.api.answers)
        await self.settled()
        return str(self.api.answers[query].get("text") or "")

    async def forge(self, data: str, chat: int, *, user: int | None = None) -> str:
        """Press a button that no message shows, as a client of one's own may send it; gives the note shown."""
        mine = await self.ask("/lang", chat, user=user)
        message = self.api.chat(chat).messages[mine.message_id]
        message["reply_markup"] = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        query = self.api.press(chat, mine.message_id, data, user_id=user)
        await self.api.until(lambda: query in self.api.answers)
        await self.settled()
        return str(self.api.answers[query].get("text") or "")

    def again(self, shown: Shown) -> Shown:
        """The message as it is shown now."""
        return next(each for each in self.api.shown(shown.chat_id) if each.message_id == shown.message_id)

    async def followed(self, chat: int = READER, topic: int = 0) -> list[str]:
        return list(await self.store.read(Transaction.following, Address(chat, topic)))

    def fill(self, chat: int, count: int) -> None:
        """Have a chat follow so many targets that no watchlist knows any more."""
        with self.store.writing() as tx:
            for n in range(count):
                tx.follow(Address(chat), Target(f"cu-{n}"), now=MORNING)

    async def outbox(self) -> None:
        """Send what waits and may go, as the service would."""
        while rows := await self.deliver.claim(limit=10):
            for row in rows:
                await self.deliver.deliver(row)

    def waiting(self, chat: int, topic: int = 0) -> list[str]:
        """What waits in the outbox for a chat."""
        mine = (alerts.c.chat_id == chat, alerts.c.thread_id == topic, alerts.c.state == AlertState.PENDING)
        with self.store.reading() as tx:
            rows = tx._rows(select(alerts).where(*mine).order_by(alerts.c.id))
        return [row.text or str((row.payload or {}).get("html", "")) for row in rows]

    async def state(self, chat: int = READER, topic: int = 0) -> ChatState | None:
        row = await self.store.read(Transaction.chat, Address(chat, topic))
        return row.state if row else None

    def story(self, title: str = "Ông Putin thăm một nhà máy", *, key: str = "k1", outlet: str = "Bến Sông") -> StoryId:
        """A story with one item about Putin, stored as detection would."""
        entry = Entry(key, key, f"https://ben-song.example/{key}.html", title, published_at=self.clock.now)
        start = title.find("Putin")
        found = Match(
            WatchId("putin"),
            "leader",
            "Vladimir Putin",
            Rule.NAME,
            0.97,
            (Evidence("title", start, start + 5, "Putin"),),
            by="Putin",
        )
        with self.store.writing() as tx:
            [item] = tx.add_items([NewItem(entry, FeedId("ben-song"), outlet, self.clock.now, True)])
            return tx.save_detection(item, [found], Placement(None, Role.NEW), version="v1", now=self.clock.now)

    async def alert(self, address: Address, story_id: StoryId) -> Shown:
        """That story's alert as a chat has received it."""
        with self.store.writing() as tx:
            draft = NewAlert(
                address, AlertKind.ALERT, first_key(story_id), story_id=story_id, watch_ids=(WatchId("putin"),)
            )
            tx.enqueue([draft], now=self.clock.now)
            rows = tx.claim_alerts(now=self.clock.now, lease=timedelta(minutes=5), limit=50)
            row = next(row for row in rows if row.address == address)
        card = Card(
            ("Vladimir Putin",),
            "Ông Putin thăm một nhà máy",
            "https://ben-song.example/k1.html",
            "",
            "Bến Sông",
            MORNING,
        )
        message = alert_message(card, address, lang="vi", alert_id=row.id, now=MORNING)
        sent = await TelegramSender(self.bot, clock=self.clock).send(message)
        assert isinstance(sent, Sent)
        with self.store.writing() as tx:
            tx.settle(row, AlertState.SENT, now=self.clock.now, message_id=sent.message_id)
        return self.api.shown(address.chat_id)[-1]


@asynccontextmanager
async def open_house(folder: Path, empty_sqlite: Path, *, pace: Pace = NO_REST) -> AsyncIterator[House]:
    """A house in this folder. With a pace of its own it is held to Telegram's limits, by the house's clock."""
    shutil.copy(empty_sqlite, folder / "monitor.db")
    clock = Clock()
    async with (
        BotApi(limits=pace is not NO_REST, clock=lambda: clock.now.timestamp()) as api,
        await open_store(f"sqlite:///{folder / 'monitor.db'}") as store,
    ):
        for chat in (READER, OTHER, EDITOR):
            api.add_chat(chat)
        api.add_chat(GROUP, admins=(CHIEF,))
        api.add_chat(CHANNEL, "channel", admins=(CHIEF,))
        api.add_chat(FORUM, admins=(CHIEF,), topics=(7, 8))
        async with open_painter() as painter:
            bot = build_bot(api.token, api.url)
            try:
                yield House(api, store, bot, clock, pace=pace, painter=painter)
            finally:
                await close_bot(bot)


@pytest.fixture
async def house(tmp_path: Path, empty_sqlite: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, empty_sqlite) as house:
        yield house
