"""Transaction 1: feeds and what they bring."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from monitor.pipeline.poll import Poll
from monitor.store.column_types import Seconds, UtcDateTime, storable
from monitor.store.feed_rows import MAX_KEY, NEVER, stored_key
from monitor.store.transaction import Store, open_store
from monitor.types import Bookmark, FailureKind, Feed, FeedId, FeedState, Item, NewItem, Placement, Role
from tests.fakes_fetcher import FakeFetcher
from tests.store_samples import DAY, MINUTE, NOW, draft, save_items, save_story, stored_keys, urls

ONE, TWO, THREE = FeedId("ben-song"), FeedId("hai-dang"), FeedId("sao-mai")
SQLITE = sqlite.dialect()


async def _claim(store: Store, *ids: FeedId, now: datetime = NOW, limit: int = 10) -> list[FeedId]:
    with store.writing() as tx:
        return [
            state.feed_id
            for state in tx.claim_due_feeds(lambda each: each in ids, now=now, lease=5 * MINUTE, limit=limit)
        ]


async def test_a_new_feed_is_due_at_once_and_a_known_one_keeps_its_time(store: Store) -> None:
    with store.writing() as tx:
        tx.register_feeds(urls(ONE), now=NOW)
        tx.save_feed(FeedState(ONE, NOW + DAY))
        tx.register_feeds(urls(ONE, TWO), now=NOW)
    with store.reading() as tx:
        states = tx.feed_states()
    assert [(state.feed_id, state.next_check_at) for state in states] == [(ONE, NOW + DAY), (TWO, NOW)]


async def test_a_failing_feed_and_one_with_a_new_address_are_asked_at_once_a_well_one_when_it_is_due(
    store: Store,
) -> None:
    there = Bookmark(moved_from=urls(ONE)[ONE])
    with store.writing() as tx:
        tx.save_feed(FeedState(ONE, NOW + DAY, there))
        tx.save_feed(FeedState(TWO, NOW + DAY, Bookmark(moved_from="https://old.example/rss")))
        tx.save_feed(FeedState(THREE, NOW + DAY, failures=4))
        tx.register_feeds(urls(ONE, TWO, THREE), now=NOW)
    assert await _claim(store, ONE, TWO, THREE) == [TWO, THREE]


async def test_what_a_feeds_last_body_listed_is_known_after_a_restart(store: Store) -> None:
    bookmark = Bookmark("tag", body_sha256="a" * 64, known_items="A" * 32_000, whole_read_at=NOW)
    with store.writing() as tx:
        tx.save_feed(FeedState(ONE, NOW, bookmark))
    with store.reading() as tx:
        (state,) = tx.feed_states()
    assert state.bookmark == bookmark


async def test_of_one_host_only_so_many_are_claimed_at_once(store: Store) -> None:
    feeds = {
        feed_id: Feed(feed_id, "Bến Sông", f"https://{host}.example/{feed_id}")
        for feed_id, host in ((ONE, "a"), (TWO, "a"), (THREE, "b"))
    }
    poll = Poll(store, FakeFetcher(), clock=lambda: NOW, chance=lambda: 0.0)
    await poll.register(list(feeds.values()))
    claimed = [feed.id for feed, _ in await poll.claim(feeds, limit=9)]
    assert claimed == [ONE, THREE]
    assert await poll.claim(feeds, limit=9, busy=claimed) == []
    assert [feed.id for feed, _ in await poll.claim(feeds, limit=9)] == [TWO]


async def test_a_feed_that_is_taken_out_of_the_files_rests_and_one_that_comes_back_is_due(store: Store) -> None:
    with store.writing() as tx:
        tx.register_feeds(urls(ONE, TWO), now=NOW)
        tx.register_feeds(urls(ONE), now=NOW)
        rows = {state.feed_id: state.next_check_at for state in tx.feed_states()}
        assert rows == {ONE: NOW, TWO: NEVER}
        tx.turn_back(DAY, now=NOW)
        tx.register_feeds(urls(ONE, TWO), now=NOW + MINUTE)
    assert await _claim(store, ONE, TWO, now=NOW + MINUTE) == [ONE, TWO]


async def test_a_claim_looks_past_feeds_that_nobody_wants_however_many(store: Store) -> None:
    many = [FeedId(f"a-{number:03}") for number in range(250)]
    with store.writing() as tx:
        tx.register_feeds(urls(*many, THREE), now=NOW)
    assert await _claim(store, THREE, limit=1) == [THREE]


async def test_what_another_feeds_baseline_took_in_may_ring_after_all(store: Store) -> None:
    silent, old = await save_items(store, draft("silent", alertable=False), draft("old", alertable=False))
    with store.writing() as tx:
        tx.save_detection(silent, (), Placement(None, Role.NEW), version="v", now=NOW)
        assert tx.make_alertable([silent.key], seen_after=NOW - MINUTE) == 1
        assert tx.make_alertable([old.key], seen_after=NOW) == 0
        waiting = tx.unmatched_items(limit=9)
    assert [(item.key, item.alertable, item.story_id is not None) for item in waiting if item.key == silent.key] == [
        (silent.key, True, True)
    ]


async def test_no_feeds_are_registered_and_claimed_as_none(store: Store) -> None:
    with store.writing() as tx:
        tx.register_feeds(urls(), now=NOW)
    assert await _claim(store) == []


async def test_due_feeds_come_longest_due_first_and_only_those_asked_for(store: Store) -> None:
    with store.writing() as tx:
        tx.save_feed(FeedState(ONE, NOW - MINUTE))
        tx.save_feed(FeedState(TWO, NOW - DAY))
        tx.save_feed(FeedState(THREE, NOW - 2 * DAY))
        tx.save_feed(FeedState(FeedId("later"), NOW + MINUTE))
    assert await _claim(store, ONE, TWO, FeedId("later"), FeedId("unknown")) == [TWO, ONE]


async def test_a_newspaper_with_very_many_due_feeds_hides_no_other_one(store: Store) -> None:
    hosts = {FeedId(f"kho-{n:03}"): "kho.example" for n in range(250)} | {ONE: "ben.example", TWO: "dang.example"}
    with store.writing() as tx:
        for number, feed_id in enumerate(hosts):
            tx.save_feed(FeedState(feed_id, NOW - DAY + number * timedelta(seconds=1)))
        tx.save_feed(FeedState(THREE, NOW - DAY))  # of no host: it is in no file any more
    with store.reading() as tx:
        assert tx.due_hosts(hosts.get, now=NOW, limit=9) == ["kho.example", "ben.example", "dang.example"]
        assert tx.due_hosts(hosts.get, now=NOW, limit=2) == ["kho.example", "ben.example"]
        assert tx.due_hosts(hosts.get, now=NOW - DAY, limit=9) == ["kho.example"]


async def test_a_claimed_feed_is_nobody_elses_until_its_lease_ends(store: Store) -> None:
    with store.writing() as tx:
        tx.register_feeds(urls(ONE, TWO), now=NOW)
    assert await _claim(store, ONE, TWO, limit=1) == [ONE]
    assert await _claim(store, ONE, TWO) == [TWO]
    assert await _claim(store, ONE, TWO) == []
    assert await _claim(store, ONE, TWO, now=NOW + 5 * MINUTE) == [ONE, TWO]


async def test_every_field_of_a_feeds_state_survives(store: Store) -> None:
    state = FeedState(
        ONE,
        NOW,
        Bookmark(
            'W/"é"', "Sun, 23 Aug 2026 05:20:00 GMT", "ab" * 32, "https://moi.example/rss", "https://cu.example", NOW
        ),
        interval=timedelta(minutes=7, microseconds=1),
        rhythm="[1,2,3]",
        first_success_at=NOW - DAY,
        last_success_at=NOW - MINUTE,
        last_checked_at=NOW,
        failures=4,
        strain=2.5,
        failing_since=NOW - MINUTE,
        failure_kind=FailureKind.TLS,
        last_error="chứng chỉ đã hết hạn",
        announced=FailureKind.DNS,
    )
    with store.writing() as tx:
        tx.register_feeds(urls(ONE), now=NOW)
        tx.save_feed(state)
        assert tx.feed_states() == [state]
        tx.save_feed(FeedState(ONE, NOW))
        assert tx.feed_states() == [FeedState(ONE, NOW)]


async def test_new_items_come_back_as_stored_in_the_order_given(store: Store) -> None:
    hanoi = timezone(timedelta(hours=7))
    told = datetime(2026, 8, 23, 11, 0, tzinfo=hanoi)
    drafts = [draft("b-2", title="Sông dâng", published_at=told), draft("a-1", alertable=False)]
    first, second = await save_items(store, *drafts)
    assert first == Item(
        first.id,
        "Bến Sông",
        "Sông dâng",
        "Tuyến phà chạy từ tháng sau.",
        url="https://ben-song.example/b-2.html",
        key="b-2",
        feed_id=ONE,
        published_at=told,
        seen_at=NOW,
    )
    assert first.published_at is not None
    assert first.published_at.utcoffset() == timedelta(0)
    assert (second.key, second.alertable) == ("a-1", False)


async def test_a_known_key_is_not_stored_again_even_under_a_new_title(store: Store) -> None:
    await save_items(store, draft("a-1"), draft("a-2"))
    again = await save_items(store, draft("a-1", title="Tít mới"), draft("a-3"), draft("a-3", title="Bản thứ hai"))
    assert [(item.key, item.title) for item in again] == [("a-3", "Bến cảng mở thêm một tuyến phà")]
    with store.reading() as tx:
        assert stored_keys(tx, ["a-1", "a-3", "a-4"]) == {"a-1", "a-3"}


async def test_an_item_that_is_still_listed_survives_the_sweep(store: Store) -> None:
    await save_story(store, "a-1", seen_at=NOW - 10 * DAY)
    await save_story(store, "a-2", seen_at=NOW - 10 * DAY)
    await save_items(store, draft("a-1", seen_at=NOW))
    with store.writing() as tx:
        assert tx.sweep(before=NOW - DAY, limit=10) == 1
        assert stored_keys(tx, ["a-1", "a-2"]) == {"a-1"}


async def test_forty_thousand_keys_are_asked_about_at_once(store: Store) -> None:
    await save_items(store, draft("key-7", alertable=False))
    with store.writing() as tx:
        every = [f"key-{number}" for number in range(40_000)]
        assert tx.make_alertable(every, seen_after=NOW - DAY) == 1


async def test_a_feed_of_three_thousand_items_is_stored_at_once(store: Store) -> None:
    drafts: list[NewItem] = [draft(f"key-{number}") for number in range(3_000)]
    assert len(await save_items(store, *drafts)) == 3_000
    assert await save_items(store, *drafts) == []


async def test_a_key_of_any_length_is_an_identity(store: Store) -> None:
    long, longer = "đ" * 5_000, "đ" * 5_001
    assert len(await save_items(store, draft(long), draft(longer))) == 2
    assert await save_items(store, draft(long)) == []


@given(st.text("ađ", min_size=MAX_KEY - 3, max_size=MAX_KEY + 3) | st.text())
def test_a_stored_key_fits_its_index_and_stays_itself(key: str) -> None:
    assert len(stored_key(key)) <= MAX_KEY
    assert stored_key(stored_key(key)) == stored_key(key)


async def test_characters_that_no_database_takes_do_not_stop_a_feed(store: Store) -> None:
    (item,) = await save_items(store, draft("a\0b", title="Tin \0 và \ud83d lạ"))
    assert item.title == "Tin \ufffd và \ufffd lạ"
    assert await save_items(store, draft("a\0b")) == []


@given(st.text(st.characters(exclude_categories=())))
def test_storable_text_keeps_its_length_and_all_else(text: str) -> None:
    kept = storable(text)
    assert len(kept) == len(text)
    kept.encode()
    assert all(new == old or new == "\ufffd" for new, old in zip(kept, text, strict=True))


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="has no zone"):
        await save_items(store, draft("a-1", seen_at=datetime(2026, 8, 23)))  # noqa: DTZ001
    with store.reading() as tx:
        assert stored_keys(tx, ["a-1"]) == set()


ZONES = st.sampled_from([UTC, ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("America/New_York")])
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001


@given(MOMENTS, MOMENTS)
def test_moments_in_sqlite_sort_as_in_time(one: datetime, other: datetime) -> None:
    kind = UtcDateTime().dialect_impl(SQLITE)
    write, read = kind.bind_processor(SQLITE), kind.result_processor(SQLITE, None)
    assert write is not None
    assert read is not None
    assert read(write(one)) == one.astimezone(UTC)  # an hour that winter time repeats equals itself in no other zone
    assert (write(one) < write(other)) == (one.astimezone(UTC) < other.astimezone(UTC))


@given(st.timedeltas(timedelta(days=-3650), timedelta(days=3650)))
def test_a_length_of_time_keeps_its_microseconds(length: timedelta) -> None:
    kind = Seconds()
    assert kind.process_result_value(kind.process_bind_param(length, SQLITE), SQLITE) == length


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from("abcdefgh"), max_size=30))
async def test_a_key_is_given_back_as_new_exactly_once(database_url: str, keys: list[str]) -> None:
    async with await open_store(database_url) as store:
        with store.reading() as tx:
            before = stored_keys(tx, "abcdefgh")
        new = [item.key for item in await save_items(store, *map(draft, keys))]
        assert sorted(new) == sorted(set(keys) - before)
        assert await save_items(store, *map(draft, keys)) == []


async def test_utc_is_what_comes_back(store: Store) -> None:
    (item,) = await save_items(store, draft("a-1"))
    assert item.seen_at is not None
    assert item.seen_at.tzinfo is UTC
