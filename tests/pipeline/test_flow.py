"""From a feed to a message, through the real store, window and matcher; only the outside is played."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import StoreError
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.store.transaction import Store
from monitor.types import (
    Address,
    AlertState,
    Bookmark,
    ChatKind,
    ChatState,
    Event,
    FailureKind,
    FeedId,
    FeedState,
    Later,
    Message,
    Outcome,
    Refused,
    Target,
    Unknown,
    WatchId,
    Watchlist,
)
from tests.flow import READER, Flow

CALL = "Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Israel Benjamin Netanyahu"
LEAD = "Ông Putin và ông Netanyahu trao đổi qua điện thoại tối thứ hai về viện trợ nhân đạo cho người dân vùng biên."
SAME = "Ông Putin và Thủ tướng Israel Netanyahu điện đàm về viện trợ nhân đạo"
QUAKE = "Động đất 6,1 độ làm rung chuyển miền đông Indonesia"
QUAKE_LEAD = "Trận động đất mạnh 6,1 độ xảy ra ngoài khơi tỉnh Maluku sáng chủ nhật, chưa có báo cáo về thương vong."


@pytest.fixture
def flow(store: Store) -> Flow:
    return Flow(store)


async def started(flow: Flow, *targets: str) -> Flow:
    await flow.subscribe(READER, *(targets or ("putin",)))
    await flow.start()
    return flow


async def test_a_mention_in_a_feed_becomes_one_message(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.new) == 1
    html = flow.phone.new[0].html
    assert "<b>Vladimir Putin</b>" in html.splitlines()[0]
    assert CALL in html
    assert "Bến Sông" in html.splitlines()[-1]


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
    async with flow.store.read() as tx:
        assert len(await tx.latest_stories(None, since=flow.clock() - timedelta(days=9), limit=5)) == 1


async def test_a_chat_that_follows_something_else_hears_nothing(flow: Flow) -> None:
    await started(flow, "dong-dat")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert flow.phone.accepted == []


@pytest.mark.parametrize("target", ["#nga", "*", "putin"])
async def test_a_tag_everything_or_an_id_each_reach_the_chat(flow: Flow, target: str) -> None:
    await started(flow, target)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_a_retitled_article_is_not_told_again(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    flow.fetcher.retitle("ben-song", "1", "Ông Putin nói gì với ông Netanyahu")
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_one_story_from_three_outlets_at_once_makes_one_message_that_names_them(flow: Flow) -> None:
    await started(flow)
    for feed in flow.feeds:
        flow.fetcher.publish(feed, "1", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.accepted) == 1
    last = flow.phone.accepted[0].html.splitlines()[-1]
    assert "+2 báo" in last
    assert "Hải Đăng" in last


async def test_a_later_outlet_edits_the_message_and_does_not_ring(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "7", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+1 báo: Sao Mai" in flow.phone.shown[READER.chat_id, 1].html
    flow.fetcher.publish("hai-dang", "9", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.new) == 1
    assert "+2 báo: Sao Mai, Hải Đăng" in flow.phone.shown[READER.chat_id, 1].html


async def test_a_round_up_rings_only_for_whom_it_is_news(flow: Flow) -> None:
    await started(flow, "putin")
    other = Address(1002)
    await flow.subscribe(other, "dong-dat")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", "Tin thế giới 23/8: Ông Putin điện đàm; Động đất ở Indonesia; Giá dầu", "")
    await flow.on()
    rung = [(message.address, "Tin thế giới" in message.html) for message in flow.phone.new]
    assert rung == [(READER, False), (other, True)]
    flow.clock.turn(timedelta(days=2))
    flow.fetcher.publish("sao-mai", "3", "Tin thế giới 25/8: Ông Putin thăm Minsk; Bầu cử ở Peru; Giá dầu giảm", "")
    await flow.on()
    assert flow.phone.new[-1].address == READER, "two days later it is the only word of him"


async def test_two_stories_make_two_messages_oldest_first(flow: Flow) -> None:
    await started(flow, "*")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert [CALL in flow.phone.new[0].html, QUAKE in flow.phone.new[1].html] == [True, True]


async def test_the_full_text_brings_a_mention_and_a_better_summary(flow: Flow) -> None:
    await started(flow, "dong-dat")
    await flow.subscribe(Address(2002), "netanyahu")
    entry = flow.fetcher.publish("ben-song", "1", QUAKE, QUAKE_LEAD)
    flow.reader.pages[entry.url] = (
        f"{QUAKE_LEAD}\n"
        "Cơ quan khí tượng Indonesia cho biết tâm chấn động đất nằm ở độ sâu 60 km và không gây sóng thần ven biển.\n"
        "Thủ tướng Israel Benjamin Netanyahu đã gửi điện thăm hỏi người dân trên đảo ngay trong buổi sáng."
    )
    await flow.on()
    assert [message.address.chat_id for message in flow.phone.new] == [READER.chat_id, 2002]
    assert "tâm chấn" in flow.phone.shown[READER.chat_id, 1].html


async def test_a_page_that_cannot_be_read_delays_and_loses_nothing(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)  # no page behind it: the reader answers 404
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_a_muted_story_says_nothing_more(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    async with flow.store.begin() as tx:
        views = await tx.latest_stories(None, since=flow.clock() - timedelta(days=1), limit=1)
        await tx.mute(READER, views[0].story.id, now=flow.clock())
    flow.fetcher.publish("sao-mai", "7", CALL, LEAD)
    await flow.on()
    assert len(flow.phone.accepted) == 1


async def test_a_paused_chat_catches_up_with_one_digest(flow: Flow) -> None:
    await started(flow, "*")
    async with flow.store.begin() as tx:
        chat = await tx.chat(READER)
        assert chat is not None
    async with flow.store.begin() as tx:
        await tx.save_chat(replace(chat, state=ChatState.PAUSED))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert flow.phone.accepted == []
    async with flow.store.begin() as tx:
        await tx.save_chat(replace(chat, state=ChatState.ACTIVE))
    await flow.on(timedelta(hours=7))
    assert len(flow.phone.new) == 1
    assert CALL in flow.phone.new[0].html
    assert QUAKE in flow.phone.new[0].html


# ---------------------------------------------------------------- what Telegram answers


def once(outcome: Outcome) -> list[object]:
    return [lambda message: outcome]


async def test_later_is_tried_again_when_telegram_said(flow: Flow) -> None:
    await started(flow)
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    until = flow.clock() + timedelta(hours=2)
    flow.phone.plans.append(lambda message: Later(until, "flood control"))
    await flow.on()
    assert flow.phone.accepted == []
    await flow.on(timedelta(hours=2))
    assert len(flow.phone.new) == 1


async def test_a_flood_wait_of_the_whole_bot_holds_every_chat(flow: Flow) -> None:
    await started(flow)
    await flow.subscribe(Address(2002), "putin")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    until = flow.clock() + timedelta(hours=1)
    flow.phone.plans.append(lambda message: Later(until, "flood control", whole_bot=True))
    await flow.on()
    assert flow.phone.accepted == []
    await flow.on(timedelta(hours=1))
    assert {message.address.chat_id for message in flow.phone.new} == {READER.chat_id, 2002}


async def test_a_chat_that_blocked_the_bot_is_left_alone_and_admins_hear_of_it_once(store: Store) -> None:
    flow = await started(Flow(store, admins=frozenset({9})), "*")

    def blocked(message: Message) -> Outcome | None:
        return Refused("bot was blocked by the user", chat_lost=True) if message.address == READER else None

    flow.phone.plans += [blocked] * 5
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    assert [message.address.chat_id for message in flow.phone.accepted] == [9]
    assert "1001" in flow.phone.accepted[0].html
    async with store.read() as tx:
        chat = await tx.chat(READER)
    assert chat is not None
    assert chat.state is ChatState.BLOCKED


async def test_a_group_that_moved_gets_the_alert_at_its_new_id(flow: Flow) -> None:
    await flow.subscribe(Address(-5), "putin", kind=ChatKind.GROUP)
    await flow.start()
    flow.phone.plans.append(lambda message: Later(flow.clock(), "migrated", moved_to=-1005))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert [message.address for message in flow.phone.new] == [Address(-1005)]


async def test_what_may_have_arrived_is_tried_once_more_and_then_stays_visible(flow: Flow) -> None:
    await started(flow)
    flow.phone.plans += [lambda message: Unknown("read timed out")] * 5
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    await flow.on()
    assert len(flow.phone.plans) == 3
    async with flow.store.read() as tx:
        assert (await tx.outbox_counts())[AlertState.UNCERTAIN] == 1


# ---------------------------------------------------------------- feeds in trouble


async def test_admins_hear_when_a_feed_goes_down_and_when_it_is_back(store: Store) -> None:
    flow = Flow(store, admins=frozenset({9}))
    await flow.start()
    for _ in range(4):
        flow.fetcher.fail("ben-song", "HTTP 503 Service Unavailable", FailureKind.HTTP)
    for _ in range(12):
        await flow.on(timedelta(hours=6))
    texts = [message.html for message in flow.phone.new]
    assert len(texts) == 2
    assert "ben-song" in texts[0]
    assert "503" in texts[0]
    assert "ben-song" in texts[1]


async def test_a_poisonous_item_is_parked_and_stops_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = await started(Flow(store, admins=frozenset({9})))
    real = flow.active.matcher.match

    def poisoned(item):  # type: ignore[no-untyped-def]
        if "độc" in item.title:
            raise ValueError("a text nobody foresaw")
        return real(item)

    class Poisoned:
        match = staticmethod(poisoned)

    flow.active = replace(flow.active, matcher=Poisoned())  # type: ignore[arg-type]
    flow.fetcher.publish("ben-song", "1", "Tin độc")
    flow.fetcher.publish("sao-mai", "2", CALL, LEAD)
    await flow.on()
    assert {message.address.chat_id for message in flow.phone.new} == {READER.chat_id, 9}
    async with store.read() as tx:
        parked = await tx.parked_items()
    assert [item.why for item in parked] == ["ValueError: a text nobody foresaw"]


async def test_following_is_by_target_and_unfollowing_ends_it(flow: Flow) -> None:
    await started(flow)
    async with flow.store.begin() as tx:
        await tx.unfollow(READER, Target("putin"))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert flow.phone.accepted == []


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
    async with flow.store.read() as tx:
        (view,) = await tx.latest_stories({flood.id}, since=flow.clock() - timedelta(days=1), limit=5)
    assert view.story.title.startswith("Lũ quét")
    await flow.on()
    assert flow.phone.accepted == []
    flow.fetcher.publish("sao-mai", "2", "Lũ quét cuốn trôi cầu treo ở vùng cao", "Trận lũ quét xảy ra rạng sáng nay.")
    await flow.on()
    assert len(flow.phone.new) == 1


# ---------------------------------------------------------------- between enqueueing and sending


async def waiting_alert(flow: Flow) -> None:
    """An alert in the outbox that has not been sent yet."""
    await started(flow, "putin", "dong-dat")
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.look()


async def test_what_was_unfollowed_or_muted_meanwhile_is_not_sent(flow: Flow) -> None:
    await waiting_alert(flow)
    async with flow.store.begin() as tx:
        await tx.unfollow(READER, Target("putin"))
    await flow.send()
    assert flow.phone.accepted == []
    async with flow.store.read() as tx:
        assert (await tx.outbox_counts())[AlertState.SKIPPED] == 1


async def test_trouble_of_the_database_parks_no_item(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    await waiting_alert(flow)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    flow.fetcher.publish(
        "hai-dang", "3", "Động đất nhẹ ở vùng núi phía bắc", "Một trận động đất nhẹ xảy ra rạng sáng nay."
    )
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    (item,) = await flow.detect.unmatched(limit=5)
    real = flow.store.begin

    def full_disk() -> object:
        raise StoreError("database or disk is full")

    monkeypatch.setattr(flow.store, "begin", full_disk)
    for _ in range(4):
        with pytest.raises(StoreError):
            await flow.detect.detect(item)
    monkeypatch.setattr(flow.store, "begin", real)
    assert await flow.look()
    async with flow.store.read() as tx:
        assert await tx.parked_items() == []


async def test_an_outcome_that_could_not_be_written_at_first_does_not_ring_twice(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    await waiting_alert(flow)
    (alert,) = await flow.deliver.claim(limit=1)
    real, failures = flow.store.begin, [StoreError("busy"), StoreError("busy")]

    def busy_for_a_moment() -> object:
        if failures:
            raise failures.pop()
        return real()

    monkeypatch.setattr("monitor.pipeline.deliver.RETRY_WRITING", (timedelta(0),) * 5)
    monkeypatch.setattr(flow.store, "begin", busy_for_a_moment)
    assert (await flow.deliver.deliver(alert)).state is AlertState.SENT
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
    await flow.poll.register([late])
    (new,) = await flow.poll.claim({late.id: late}, limit=1)
    await flow.poll.poll(*new)
    await flow.look()
    await flow.on()
    assert len(flow.phone.new) == 1


async def test_the_first_poll_of_a_changed_address_is_silent_too(flow: Flow) -> None:
    await started(flow)
    feed = flow.feeds[FeedId("ben-song")]
    (state,) = [each for each in await states(flow) if each.feed_id == feed.id]
    async with flow.store.begin() as tx:
        await tx.save_feed(replace(state, bookmark=Bookmark(moved_from=feed.url)))
    flow.feeds = {**flow.feeds, feed.id: replace(feed, url="https://ben-song.example/rss-moi")}
    await flow.poll.register(list(flow.feeds.values()))
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    await flow.on()
    assert flow.phone.accepted == []


async def states(flow: Flow) -> list[FeedState]:
    async with flow.store.read() as tx:
        return await tx.feed_states()


async def test_a_development_is_told_even_when_the_first_message_is_uncertain(flow: Flow) -> None:
    await started(flow, "dong-dat")
    flow.fetcher.publish("ben-song", "1", QUAKE, QUAKE_LEAD)
    flow.phone.plans += [lambda message: Unknown("read timed out")] * 2
    await flow.on()
    flow.clock.turn(timedelta(hours=2))
    flow.fetcher.publish(
        "sao-mai", "2", "Động đất 6,1 độ ở Indonesia: 27 người bị thương", QUAKE_LEAD + " Đã có 27 người bị thương."
    )
    await flow.on()
    assert any("27 người" in message.html for message in flow.phone.new)
