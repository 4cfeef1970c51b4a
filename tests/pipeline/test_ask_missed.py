"""Why an article was not told: each way in which news does not ring, made by the real flow, then asked about."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from monitor.feeds.article_keys import article_key
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.ask_missed import AskMissed, MissedAnswer, address_in, is_address
from monitor.pipeline.digest import prefer
from monitor.store.tables import alerts, items
from monitor.store.transaction import Store, Transaction
from monitor.types import (
    Address,
    AlertState,
    Chat,
    ChatKind,
    ChatState,
    Entry,
    Event,
    Failed,
    FailureKind,
    Feed,
    FeedId,
    Item,
    ItemId,
    Leader,
    Message,
    MissedCode,
    Outcome,
    Preferences,
    Rate,
    Reach,
    Refused,
    StoryId,
    Target,
    Unknown,
    WatchId,
    Watchlist,
)
from tests.flow import FEEDS, MORNING, READER, WATCHLIST, ZONE, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started

ONE = "https://ben-song.example/1.html"
TWO = "https://sao-mai.example/2.html"
OTHER = Address(2002)


@dataclass
class Pages:
    """Pages of the web by address, and which were asked for."""

    pages: dict[str, Item] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    is_slow: bool = False

    def put(self, url: str, title: str, *, at: str = "") -> None:
        self.pages[url] = Item(ItemId(""), "host", title, url=at or url)

    async def read_item(self, url: str) -> Item | Failed:
        self.asked.append(url)
        if self.is_slow:
            await asyncio.Event().wait()
        return self.pages.get(url) or Failed(FailureKind.NOT_FOUND, "HTTP 404")


@dataclass
class Asking:
    """The flow, and whoever asks about what it told."""

    flow: Flow
    pages: Pages = field(default_factory=Pages)
    feeds: tuple[Feed, ...] = FEEDS

    def ask(self, *, store: bool = True) -> AskMissed:
        return AskMissed(
            self.flow.store if store else None,
            lambda: self.flow.active,
            lambda: self.feeds,
            self.pages,
            clock=self.flow.clock,
        )

    async def __call__(self, url: str = ONE, chat: Address | None = READER) -> MissedAnswer:
        return await self.ask().about_address(url, chat)

    async def code(self, url: str = ONE, chat: Address | None = READER) -> MissedCode:
        return (await self(url, chat)).reason.code

    def settle(self, state: AlertState, why: str = "") -> None:
        """Have every row of the outbox end so."""
        with self.flow.store.writing() as tx:
            tx._change(update(alerts).values(state=state, why=why, settled_at=self.flow.clock()))


@pytest.fixture
def asking(flow: Flow) -> Asking:
    return Asking(flow)


async def told(asking: Asking, *targets: str) -> None:
    """A call of two leaders, printed and told."""
    await started(asking.flow, *targets)
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await asking.flow.on()


# ---------------------------------------------------------------- it was told


async def test_what_was_told_is_said_with_its_time(asking: Asking) -> None:
    await told(asking)
    answer = await asking()
    assert (answer.found, answer.reason.code, answer.reason.chats) == (True, MissedCode.TOLD, 1)
    assert answer.reason.at == MORNING + timedelta(minutes=10)
    assert await asking.code(chat=None) is MissedCode.TOLD, "asked for nobody in particular"


async def test_a_later_outlet_is_told_with_its_story(asking: Asking) -> None:
    await told(asking)
    asking.flow.fetcher.publish("sao-mai", "2", CALL, LEAD)
    await asking.flow.on()
    reason = (await asking(TWO)).reason
    assert (reason.code, reason.title, reason.url) == (MissedCode.TOLD_WITH_STORY, CALL, ONE)


async def test_what_was_taken_into_a_digest_is_said_so(asking: Asking) -> None:
    await started(asking.flow, "putin", "dong-dat")
    with asking.flow.store.writing() as tx:
        tx.hold_chat(READER.chat_id, asking.flow.clock() + timedelta(hours=8))
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    asking.flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await asking.flow.on()
    reason = (await asking()).reason
    assert (reason.code, reason.at) == (MissedCode.WAITING, MORNING + timedelta(hours=8))
    await asking.flow.on(timedelta(hours=9))
    assert await asking.code() is MissedCode.TOLD_IN_DIGEST


async def test_a_line_in_an_earlier_message_is_told_as_one(store: Store) -> None:
    quake = Event(WatchId("dong-dat"), "Động đất", match=('"động đất"',), rate=Rate(1, timedelta(hours=6)))
    flow = Flow(store, watchlist=replace(WATCHLIST, version="rate", watches=(quake,)))
    asking = Asking(flow)
    await started(flow, "dong-dat")
    flow.fetcher.publish(
        "ben-song", "1", "Động đất mạnh ở Chile", "Mặt đất rung mười giây, nhiều cửa kính vỡ ở thủ đô."
    )
    await flow.on(timedelta(hours=1))
    flow.fetcher.publish("sao-mai", "2", "Động đất nhẹ ở Lào", "Người dân bản làng chạy ra sân vào lúc nửa đêm.")
    await flow.on(timedelta(hours=1))
    reason = (await asking(TWO)).reason
    assert (reason.code, reason.message_id) == (MissedCode.TOLD_AS_LINE, 1)  # the message that holds the line
    assert await asking.code(ONE) is MissedCode.TOLD
    assert await asking.code(TWO, None) is MissedCode.TOLD_AS_LINE


# ---------------------------------------------------------------- a row that was not sent


async def test_a_paused_chat_waits(asking: Asking) -> None:
    await started(asking.flow)
    with asking.flow.store.writing() as tx:
        tx.save_chat(Chat(READER, ChatKind.PRIVATE, state=ChatState.PAUSED))
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await asking.flow.on()
    assert await asking.code() is MissedCode.PAUSED


async def test_news_that_waits_for_a_digest_says_until_when(asking: Asking) -> None:
    await prefers(asking, Preferences(digest_hours=("18:00",)))
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await asking.flow.on()
    reason = (await asking()).reason
    assert (reason.code, reason.at) == (MissedCode.GATHERED, MORNING + timedelta(hours=10))


async def test_a_muted_newspaper_is_named(asking: Asking) -> None:
    await prefers(asking, Preferences(muted_outlets=("Bến Sông",)))
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await asking.flow.on()
    for chat in (READER, None):
        reason = (await asking(chat=chat)).reason
        assert (reason.code, reason.names) == (MissedCode.OUTLET_MUTED, ("Bến Sông",))
    asking.flow.fetcher.publish("sao-mai", "2", CALL, LEAD)
    await asking.flow.on()
    assert await asking.code(TWO) is MissedCode.TOLD
    assert await asking.code(ONE) is MissedCode.OUTLET_MUTED


async def test_a_story_that_too_few_newspapers_tell_says_which_do(asking: Asking) -> None:
    await prefers(asking, Preferences(least_outlets=3))
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await asking.flow.on()
    for chat in (READER, None):
        reason = (await asking(chat=chat)).reason
        assert (reason.code, reason.names, reason.why) == (MissedCode.TOO_FEW_OUTLETS, ("Bến Sông",), "3")


async def test_a_development_that_may_not_ring_is_called_one(asking: Asking) -> None:
    await prefers(asking, Preferences(updates=False), "dong-dat")
    flow = asking.flow
    flow.fetcher.publish("ben-song", "1", QUAKE, QUAKE_LEAD)
    await flow.on()
    news = "Động đất 6,1 độ ở miền đông Indonesia: 21 người chết, hàng trăm người mất nhà"
    flow.fetcher.publish("sao-mai", "2", news, "Số người chết trong trận động đất 6,1 độ ở Maluku tăng lên 21.")
    await flow.on(timedelta(minutes=40))
    assert await asking.code(TWO) is MissedCode.UPDATES_OFF


async def prefers(asking: Asking, preferences: Preferences, target: str = "putin") -> None:
    await started(asking.flow, target)
    with asking.flow.store.writing() as tx:
        chat = tx.locked_chat(READER)
        assert chat is not None
        prefer(tx, chat, preferences, zone=ZONE, now=asking.flow.clock())


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Refused("the message is not accepted", Reach.MESSAGE), MissedCode.REFUSED),
        (Unknown("the answer was cut off"), MissedCode.UNCERTAIN),
    ],
)
async def test_what_telegram_refused_or_left_open_is_said_with_its_words(
    asking: Asking, outcome: Refused | Unknown, code: MissedCode
) -> None:
    def answered(_: Message) -> Outcome:
        return outcome

    asking.flow.phone.plans += [answered, answered]
    await told(asking)
    reason = (await asking()).reason
    assert (reason.code, reason.why) == (code, outcome.why)
    assert (await asking(chat=None)).reason.code is code


@pytest.mark.parametrize(
    ("state", "why", "code"),
    [
        (AlertState.SENDING, "", MissedCode.ON_ITS_WAY),
        (AlertState.PARKED, "a bug", MissedCode.ALERT_PARKED),
        (AlertState.SKIPPED, "nothing to say any more", MissedCode.GIVEN_UP),
    ],
)
async def test_every_other_state_of_a_row_has_its_code(
    asking: Asking, state: AlertState, why: str, code: MissedCode
) -> None:
    await told(asking)
    asking.settle(state, why)
    reason = (await asking()).reason
    assert (reason.code, reason.why) == (code, why)


async def test_of_several_chats_the_one_that_was_told_counts(asking: Asking) -> None:
    await asking.flow.subscribe(OTHER, "putin")
    await told(asking)
    with asking.flow.store.writing() as tx:
        mine = update(alerts).where(alerts.c.chat_id == READER.chat_id)
        tx._change(mine.values(state=AlertState.REFUSED, why="kicked"))
    assert await asking.code() is MissedCode.REFUSED
    assert await asking.code(chat=None) is MissedCode.TOLD


# ---------------------------------------------------------------- it matched, and nothing was written


async def test_nobody_follows_it(asking: Asking) -> None:
    await told(asking, "dong-dat")
    reason = (await asking(chat=None)).reason
    assert (reason.code, set(reason.names)) == (
        MissedCode.NOBODY_FOLLOWS,
        {"Vladimir Putin", "Benjamin Netanyahu"},
    )
    assert await asking.code() is MissedCode.NOT_FOLLOWED
    assert await asking.code(chat=OTHER) is MissedCode.CHAT_UNKNOWN


async def test_it_was_followed_only_later(asking: Asking) -> None:
    await told(asking, "dong-dat")
    asking.flow.clock.turn(timedelta(hours=1))
    with asking.flow.store.writing() as tx:
        tx.follow(READER, Target("putin"), now=asking.flow.clock())
    reason = (await asking()).reason
    assert (reason.code, reason.at) == (MissedCode.FOLLOWED_LATER, asking.flow.clock())
    assert await asking.code(chat=None) is MissedCode.FOLLOWED_LATER


async def test_the_bot_is_not_welcome_in_the_chat(asking: Asking) -> None:
    await started(asking.flow)
    with asking.flow.store.writing() as tx:
        tx.lose_chat(READER.chat_id)
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await asking.flow.on()
    assert await asking.code() is MissedCode.CHAT_LOST


async def test_a_muted_story_stays_mute(asking: Asking) -> None:
    await asking.flow.subscribe(OTHER, "putin")
    await told(asking)
    story = (await asking()).item
    assert story is not None
    with asking.flow.store.writing() as tx:
        tx._change(alerts.delete().where(alerts.c.chat_id == READER.chat_id))
        tx.mute(READER, StoryId(str(story.story_id)), now=asking.flow.clock())
    assert await asking.code() is MissedCode.MUTED


async def test_a_roundup_rings_for_what_was_not_told_that_day(asking: Asking) -> None:
    await told(asking)
    asking.flow.fetcher.publish("sao-mai", "2", "Điểm tin: Ông Putin trồng cây, mưa ở miền núi")
    await asking.flow.on()
    assert await asking.code(TWO) is MissedCode.ROUNDUP


async def test_a_watch_that_was_added_later_rings_for_nothing_old(asking: Asking) -> None:
    await started(asking.flow, "cau")
    asking.flow.fetcher.publish("ben-song", "1", "Cầu Vàm Xanh thông xe sáng nay")
    await asking.flow.on()
    assert await asking.code() is MissedCode.NO_MATCH
    new = Leader(WatchId("cau"), "Cầu Vàm Xanh")
    asking.flow.active = ActiveWatchlist.of(Watchlist("v2", (*WATCHLIST.watches, new)))
    reason = (await asking()).reason
    assert (reason.code, reason.names) == (MissedCode.WATCHLIST_CHANGED, ("Cầu Vàm Xanh",))
    await asking.flow.detect.match_again(limit=10)
    assert await asking.code() is MissedCode.MATCHED_LATER
    asking.flow.active = ActiveWatchlist.of(WATCHLIST)
    assert await asking.code() is MissedCode.WATCH_GONE


# ---------------------------------------------------------------- it came, and says nothing


async def test_the_first_poll_of_a_feed_is_silent(asking: Asking) -> None:
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await started(asking.flow)
    await asking.flow.on()
    reason = (await asking()).reason
    assert (reason.code, reason.names, reason.at) == (MissedCode.FIRST_POLL, ("ben-song",), MORNING)


async def test_what_is_older_than_the_feed_allows_is_silent(asking: Asking) -> None:
    await started(asking.flow)
    at = MORNING - timedelta(days=3)
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD, at=at)
    await asking.flow.on()
    reason = (await asking()).reason
    assert (reason.code, reason.at) == (MissedCode.TOO_OLD, at)


async def test_near_misses_are_told_with_a_match_that_is_none(asking: Asking) -> None:
    await started(asking.flow)
    asking.flow.fetcher.publish("ben-song", "1", "Cựu Tổng thống Nga trồng cây ở quê")
    await asking.flow.on()
    answer = await asking()
    assert answer.reason.code is MissedCode.NO_MATCH
    assert answer.explained is not None
    assert [(miss.watch_id, "cựu" in str(miss.why).casefold()) for miss in answer.explained.near_misses] == [
        ("putin", True)
    ]


async def test_a_name_deep_in_a_text_is_named_in_passing(asking: Asking) -> None:
    await started(asking.flow)
    asking.flow.fetcher.publish("ben-song", "1", "Chợ quê đông khách")
    await asking.flow.on()
    body = "Không có gì mới ở chợ hôm nay. " * 40 + "Ông Putin. " + "Trời nắng. " * 40
    with asking.flow.store.writing() as tx:
        tx._change(update(items).values(body=body))
    reason = (await asking()).reason
    assert (reason.code, reason.names) == (MissedCode.IN_PASSING, ("Vladimir Putin",))


async def test_a_short_form_that_the_tagger_may_have_refused_is_doubted(asking: Asking) -> None:
    await started(asking.flow)
    asking.flow.fetcher.publish("ben-song", "1", "Ông Vàm gặp cử tri ở Bến Sông")
    await asking.flow.on()
    hinted = Leader(WatchId("vam"), "Trần Văn Vàm", short=("ông Vàm",), near=("cử tri",))
    asking.flow.active = ActiveWatchlist.of(Watchlist("v2", (hinted,)))
    reason = (await asking()).reason
    assert (reason.code, reason.names) == (MissedCode.DOUBTED, ("Trần Văn Vàm",))


async def test_an_item_that_waits_or_is_parked_is_said_so(asking: Asking) -> None:
    await started(asking.flow)
    asking.flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    asking.flow.clock.turn(timedelta(minutes=10))
    await asking.flow.poll_due()
    assert await asking.code() is MissedCode.NOT_LOOKED_AT
    answer = await asking()
    assert answer.item is not None
    with asking.flow.store.writing() as tx:
        tx.note_failure(answer.item.id, "an odd text", park_after=1, now=asking.flow.clock())
    reason = (await asking()).reason
    assert (reason.code, reason.why) == (MissedCode.ITEM_PARKED, "an odd text")


# ---------------------------------------------------------------- it never came


async def test_an_article_that_no_feed_listed_is_read_and_judged(asking: Asking) -> None:
    await started(asking.flow)
    asking.pages.put("https://ben-song.example/9.html", CALL)
    answer = await asking("https://ben-song.example/9.html?utm_source=zalo#x")
    assert (answer.found, answer.reason.code) == (False, MissedCode.NOT_IN_FEED)
    assert answer.reason.names == ("ben-song",)
    assert answer.item is not None
    assert answer.item.outlet == "Bến Sông"
    assert answer.explained is not None
    assert {match.watch_id for match in answer.explained.matches} == {"putin", "netanyahu"}


async def test_a_page_that_cannot_be_read_leaves_the_rest_of_the_answer(asking: Asking) -> None:
    await started(asking.flow)
    answer = await asking("https://ben-song.example/9.html")
    assert (answer.found, answer.reason.code, answer.item) == (False, MissedCode.NOT_IN_FEED, None)
    assert answer.unread == Failed(FailureKind.NOT_FOUND, "HTTP 404")


async def test_a_slow_page_is_not_waited_for(asking: Asking) -> None:
    asking.pages.is_slow = True
    answer = await asking.ask().about_address("https://ben-song.example/9.html", within=timedelta(milliseconds=1))
    assert answer.unread is not None
    assert answer.unread.kind is FailureKind.TIMEOUT


async def test_a_newspaper_that_is_not_read_is_said_so_and_asked_for_only_where_that_is_wanted(asking: Asking) -> None:
    await started(asking.flow)
    foreign = "https://bao-la.example.org/1.html"
    answer = await asking.ask().about_address(foreign, READER, may_read=bool)  # only where there are feeds
    assert (answer.reason.code, answer.unread, asking.pages.asked) == (MissedCode.OUTLET_NOT_READ, None, [])
    assert await asking.code(foreign) is MissedCode.OUTLET_NOT_READ
    assert asking.pages.asked == [foreign]


async def test_feeds_that_are_off_or_fail_are_named(asking: Asking) -> None:
    await asking.flow.poll.register(list(asking.flow.feeds.values()))
    asking.flow.fetcher.fail("ben-song", "HTTP 503 Service Unavailable")
    await asking.flow.poll_due()
    nine = "https://ben-song.example/9.html"
    reason = (await asking(nine)).reason
    assert (reason.code, reason.names, reason.at) == (MissedCode.FEEDS_FAIL, ("ben-song",), MORNING)
    assert "503" in reason.why
    asking.feeds = tuple(replace(feed, enabled=False) for feed in FEEDS)
    assert await asking.code(nine) is MissedCode.FEEDS_OFF


async def test_words_are_judged_as_if_they_were_an_article(asking: Asking) -> None:
    await told(asking)
    ask = asking.ask()
    known = await ask.about_text(f"  {CALL} ", READER)
    assert (known.found, known.reason.code) == (True, MissedCode.TOLD)
    sentence = await ask.about_text(f"{LEAD[:60]}", READER)
    pasted = await ask.about_text(f"{CALL}\n{LEAD}\nHết.", READER)
    assert (sentence.item, pasted.item) == (known.item, known.item)
    assert not (await ask.about_text(LEAD[:10], READER)).found, "so few letters stand anywhere"
    assert not (await ask.about_text("100% " * 10, READER)).found
    words = await ask.about_text("Ông Putin trồng cây.\nHôm qua.")
    assert (words.found, words.reason.code) == (False, MissedCode.NOT_STORED)
    assert words.explained is not None
    assert [match.watch_id for match in words.explained.matches] == ["putin"]


async def test_before_anything_has_run_feeds_and_words_still_answer(asking: Asking) -> None:
    ask = asking.ask(store=False)
    assert (await ask.about_address(ONE)).reason.code is MissedCode.NOT_IN_FEED
    assert (await ask.about_text(CALL)).reason.code is MissedCode.NOT_STORED


# ---------------------------------------------------------------- how it is found


@pytest.mark.parametrize(
    "asked",
    [
        "https://tien-bao.example/cau-thong-xe-20260823080000123.htm",
        "https://m.tien-bao.example/cau-thong-xe-20260823080000123.htm?utm_source=zalo&fbclid=abc",
        "http://www.tien-bao.example/ten-moi-20260823080000123.htm#binh-luan",
        "tien-bao.example/cau-thong-xe-20260823080000123.htm",
    ],
)
async def test_tracking_mobile_hosts_and_new_headlines_lead_to_the_same_article(store: Store, asked: str) -> None:
    url = "https://tien-bao.example/cau-thong-xe-20260823080000123.htm"
    assert await found_by(store, article_key(url, "", "", None), url, asked)


@pytest.mark.parametrize(
    "asked", ["https://blog.example.org/bai", "http://www.blog.example.org/bai/", "https://m.blog.example.org/bai/amp"]
)
async def test_an_article_that_its_guid_names_is_found_by_its_address(store: Store, asked: str) -> None:
    assert await found_by(store, "blog.example.org:p12", "https://blog.example.org/bai", asked)


async def found_by(store: Store, key: str, url: str, asked: str) -> bool:
    flow = Flow(store)
    entry = Entry(key, "", url, "Cầu thông xe")
    flow.fetcher.shelves[FeedId("ben-song")] = [entry]
    await started(flow)
    answer = await Asking(flow).ask().about_address(address_in(asked))
    return answer.item is not None and answer.item.url == url


async def test_a_short_address_is_followed_to_the_article(asking: Asking) -> None:
    await told(asking)
    asking.pages.put("https://ngan.example.net/x", CALL, at=ONE)
    assert await asking.code("https://ngan.example.net/x") is MissedCode.TOLD


async def test_feeds_on_another_host_than_their_articles_are_known_by_what_they_brought(asking: Asking) -> None:
    flow = asking.flow
    flow.fetcher.shelves[FeedId("ben-song")] = [
        Entry("tap-chi.example.org:12345", "", "https://tap-chi.example.org/a-12345.html", "Cầu thông xe")
    ]
    await started(flow)
    reason = (await asking("https://tap-chi.example.org/b-99999.html")).reason
    assert (reason.code, reason.names) == (MissedCode.NOT_IN_FEED, ("ben-song",))


def test_addresses_are_told_from_words() -> None:
    assert address_in("xem (https://ben-song.example/1.html).") == ONE
    assert address_in("ben-song.example/1.html") == ONE
    assert address_in("Giá 3.000/kg, theo ông A.B") == ""
    assert address_in("Giá vàng TP.HCM/Hà Nội") == ""
    assert is_address(f" {ONE}\n")
    assert not is_address(f"{ONE} sao không báo?")
    assert not is_address("TP.HCM/Hà Nội")


async def test_no_chat_is_told_what_another_one_was(asking: Asking) -> None:
    await asking.flow.subscribe(OTHER, "dong-dat")
    await told(asking)
    reason = (await asking(chat=OTHER)).reason
    assert (reason.code, reason.chats) == (MissedCode.NOT_FOLLOWED, 0)


async def test_asking_writes_nothing(asking: Asking) -> None:
    await told(asking)
    before = await asking.flow.store.read(Transaction.outbox_counts)
    await asking()
    await asking("https://ben-song.example/9.html")
    assert await asking.flow.store.read(Transaction.outbox_counts) == before
