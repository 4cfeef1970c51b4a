"""Transaction 2: items become stories, articles are read, old items go."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text

from monitor.store import tables
from monitor.store.count_rows import DailyCount
from monitor.store.feed_rows import BULK
from monitor.store.fulltext_rows import FULLTEXT_TRIES
from monitor.store.transaction import Store
from monitor.types import (
    AlertKind,
    AlertState,
    ChatState,
    Evidence,
    Fulltext,
    Item,
    ItemId,
    Match,
    ParkedItem,
    Placement,
    Reason,
    ReasonCode,
    Role,
    StoryId,
    WatchId,
)
from tests.store_samples import (
    AN,
    DAY,
    MINUTE,
    NOW,
    alert,
    chat,
    claim,
    draft,
    enqueue,
    match,
    row,
    save_items,
    save_story,
)

OPENS = Placement(None, Role.NEW, Reason(ReasonCode.NOTHING_ALIKE), 0.1)


async def _unmatched(store: Store, limit: int = 100) -> list[str]:
    with store.reading() as tx:
        return [item.key for item in tx.unmatched_items(limit=limit)]


async def _detect(store: Store, item: Item, *matches: Match, placement: Placement = OPENS) -> StoryId:
    with store.writing() as tx:
        return tx.save_detection(item, matches, placement, version="v1", now=NOW)


async def test_items_wait_oldest_first_by_when_they_were_published(store: Store) -> None:
    await save_items(
        store,
        draft("today", published_at=NOW),
        draft("unknown", seen_at=NOW - MINUTE),
        draft("yesterday", published_at=NOW - DAY),
    )
    assert await _unmatched(store) == ["yesterday", "unknown", "today"]
    assert await _unmatched(store, limit=1) == ["yesterday"]


async def test_what_came_in_bulk_is_looked_at_after_what_came_as_usual(store: Store) -> None:
    await save_items(store, *(draft(f"mad-{n:03}", published_at=NOW - DAY) for n in range(BULK + 1)))
    await save_items(store, draft("silent", published_at=NOW - DAY, alertable=False))
    await save_items(store, draft("old", published_at=NOW - DAY, alertable=False), draft("news", published_at=NOW))
    assert (await _unmatched(store))[:2] == ["old", "news"]
    assert len(await _unmatched(store, limit=1000)) == BULK + 4


async def test_what_rings_after_all_waits_in_bulk_no_more(store: Store) -> None:
    await save_items(store, *(draft(f"silent-{n:03}", published_at=NOW - DAY, alertable=False) for n in range(3)))
    with store.writing() as tx:
        tx.make_alertable(["silent-002"], seen_after=NOW - DAY)
    assert (await _unmatched(store))[0] == "silent-002"


async def test_a_detected_item_waits_no_more_and_its_story_tells_all(store: Store) -> None:
    (item,) = await save_items(store, draft("a-1", published_at=NOW - MINUTE))
    sure, unsure = match("putin", score=0.95), match("netanyahu", score=0.4)
    story_id = await _detect(store, item, unsure, sure)
    assert await _unmatched(store) == []
    with store.reading() as tx:
        view = tx.story(story_id)
    assert view is not None
    assert (view.story.id, view.story.title, view.story.opened_at) == (story_id, item.title, NOW - MINUTE)
    assert view.items == (replace(item, story_id=story_id),)
    assert view.matches == {item.id: (sure, unsure)}
    assert view.roles == {item.id: Role.NEW}


async def test_a_story_keeps_its_items_oldest_first_with_their_roles(store: Store) -> None:
    late, early, other = await save_items(
        store, draft("late", published_at=NOW), draft("early", published_at=NOW - DAY), draft("other")
    )
    story_id = await _detect(store, late, match())
    why = Reason(ReasonCode.SHARED_WORDS, ("Hòn Khói", "phà"))
    assert await _detect(store, early, placement=Placement(story_id, Role.REPEAT, why)) == story_id
    assert await _detect(store, other) != story_id
    with store.reading() as tx:
        view = tx.story(story_id)
    assert view is not None
    assert [item.key for item in view.items] == ["early", "late"]
    assert view.roles == {early.id: Role.REPEAT, late.id: Role.NEW}
    assert view.reasons[early.id] == why
    assert view.matches == {early.id: (), late.id: (match(),)}


@pytest.mark.parametrize("name", ["999", "abc", "", "-1", "1" * 30, "²"])
async def test_a_story_that_no_row_can_be_is_none(store: Store, name: str) -> None:
    with store.reading() as tx:
        assert tx.story(StoryId(name)) is None


async def test_an_item_that_was_detected_twice_stays_in_its_story(store: Store) -> None:
    (item,) = await save_items(store, draft("a-1"))
    first = await _detect(store, item, match("putin"))
    assert await _detect(store, item, match("putin"), match("biden")) == first
    with store.reading() as tx:
        view = tx.story(first)
        assert view is not None
        assert {each.watch_id for each in view.matches[item.id]} == {"putin", "biden"}
        assert tx.daily_counts(since=date(2026, 1, 1)) == [
            DailyCount(date(2026, 8, 23), WatchId("biden"), 1, 1),
            DailyCount(date(2026, 8, 23), WatchId("putin"), 1, 1),
        ]


async def test_an_unknown_item_cannot_be_detected(store: Store) -> None:
    with pytest.raises(LookupError, match="item 77"):
        await _detect(store, Item(ItemId("77"), "Bến Sông", "Không có"))


async def test_a_second_look_adds_only_what_is_new(store: Store) -> None:
    (item,) = await save_items(store, draft("a-1"))
    await _detect(store, item, match("putin"))
    with store.writing() as tx:
        assert tx.add_matches(item.id, [match("putin"), match("biden")]) == [match("biden")]
        assert tx.add_matches(item.id, [match("biden", score=1.0)]) == []
        assert tx.add_matches(item.id, []) == []


async def test_counts_go_by_the_vietnamese_day_and_count_a_story_once(store: Store) -> None:
    before_midnight = datetime(2026, 8, 23, 16, 59, tzinfo=UTC)
    story_id = await save_story(store, "a-1", "putin", seen_at=before_midnight)
    await save_story(store, "a-2", "putin", "biden", seen_at=before_midnight + 2 * MINUTE, joins=story_id)
    await save_story(store, "a-3", "putin", seen_at=before_midnight + 3 * MINUTE)
    with store.reading() as tx:
        counts = tx.daily_counts(since=date(2026, 8, 23))
        assert counts == [
            DailyCount(date(2026, 8, 23), WatchId("putin"), 1, 1),
            DailyCount(date(2026, 8, 24), WatchId("biden"), 1, 1),
            DailyCount(date(2026, 8, 24), WatchId("putin"), 2, 1),
        ]
        assert tx.daily_counts(since=date(2026, 8, 25)) == []


async def test_the_third_failure_parks_an_item_where_it_is_seen(store: Store) -> None:
    bad, good = await save_items(store, draft("bad", title="Tít độc"), draft("good"))
    with store.writing() as tx:
        outcomes = [tx.note_failure(bad.id, f"lần {n}", park_after=3, now=NOW) for n in (1, 2, 3, 4)]
        assert outcomes == [False, False, True, False]
        assert tx.parked_items() == [ParkedItem(bad.id, "Tít độc", "lần 4", NOW)]
    assert await _unmatched(store) == [good.key]
    await _detect(store, bad)
    with store.reading() as tx:
        assert tx.parked_items() == []


async def test_a_success_forgives_the_failures_before_it(store: Store) -> None:
    (item,) = await save_items(store, draft("k"))
    placed = Placement(None, Role.NEW, Reason(ReasonCode.SAME_CONTENT))
    with store.writing() as tx:
        for _ in range(2):
            assert not tx.note_failure(item.id, "lỗi", park_after=3, now=NOW)
        tx.save_detection(item, [], placed, version="v1", now=NOW)
        failures = [tx.note_failure(item.id, "lỗi", park_after=3, now=NOW) for _ in range(3)]
    assert failures == [False, False, True]


async def test_a_changed_watchlist_is_asked_about_what_an_earlier_one_saw_newest_first(store: Store) -> None:
    for key, age in (("old", 3 * DAY), ("edge", DAY), ("new", MINUTE)):
        await save_story(store, key, seen_at=NOW - age)
    await save_items(store, draft("waits"))
    with store.writing() as tx:
        outdated = tx.outdated_items("v2", since=NOW - DAY, limit=9)
        assert [each.key for each in outdated] == ["new", "edge"]
        assert [each.key for each in tx.outdated_items("v2", since=NOW - DAY, limit=1)] == ["new"]
        assert tx.outdated_items("v1", since=NOW - DAY, limit=9) == []
        tx.mark_matched([outdated[0].id], "v2")
        assert [each.key for each in tx.outdated_items("v2", since=NOW - DAY, limit=9)] == ["edge"]


async def test_the_window_is_warmed_oldest_first_over_many_pages(store: Store) -> None:
    drafts = [draft(f"k-{n}", published_at=NOW - DAY + (n // 3) * MINUTE) for n in range(1_201)]
    with store.writing() as tx:
        added = tx.add_items(drafts)
        story_id = tx.save_detection(added[0], [match()], OPENS, version="v1", now=NOW)
        tx._connection.execute(tables.items.update().where(tables.items.c.key != "k-7").values(story_id=int(story_id)))
    with store.reading() as tx:
        placed = list(tx.placed_since(NOW - DAY + MINUTE))
        everything = list(tx.placed_since(NOW - 2 * DAY))
    assert len(everything) == 1_200
    assert everything[0].matches == (match(),)
    assert everything[0].story_id == story_id
    assert len(placed) == 1_197
    moments = [each.item.published_at for each in everything]
    assert moments == sorted(moments, key=lambda at: at or NOW)


async def test_a_restart_gets_little_of_each_item_in_the_order_in_which_they_came(store: Store) -> None:
    (late,) = await save_items(
        store, draft("late", title="Phà Cát Sơn chìm", published_at=NOW - 3 * MINUTE, seen_at=NOW)
    )
    (silent,) = await save_items(store, draft("not-compared", published_at=NOW - MINUTE, seen_at=NOW))
    early, other = await save_items(
        store,
        draft("early", title="Cầu Vàm Xanh thông xe", published_at=NOW - MINUTE, seen_at=NOW - 2 * MINUTE),
        draft("other", published_at=NOW - 2 * DAY, seen_at=NOW),
    )
    in_lead = replace(match(), evidence=(Evidence("summary", 3, 10, 'chữ ["title"'),))
    with store.writing() as tx:
        tx.save_detection(late, [match("biden")], OPENS, version="v1", now=NOW, packed="abc")
        tx.save_detection(early, [in_lead], OPENS, version="v1", now=NOW, packed="def")
        tx.save_detection(silent, [], OPENS, version="v1", now=NOW)
        tx.save_detection(other, [], OPENS, version="v1", now=NOW)
        tx.save_fulltext(late.id, "Toàn văn bài báo.", now=NOW)
    with store.reading() as tx:
        kept = list(tx.window_since(NOW - DAY))
    assert [(each.item.key, each.item.title, each.item.at, each.packed) for each in kept] == [
        ("early", "Cầu Vàm Xanh thông xe", NOW - MINUTE, "def"),
        ("late", "Phà Cát Sơn chìm", NOW - 3 * MINUTE, "abc"),
    ]
    assert not kept[1].item.body
    named = [(found.watch_id, found.kind, [each.field for each in found.evidence]) for found in kept[1].matches]
    assert named == [("biden", "leader", ["title"])]
    assert [found.evidence for found in kept[0].matches] == [()]


async def test_latest_stories_are_those_of_the_watches_newest_first(store: Store) -> None:
    old = await save_story(store, "old", "putin", seen_at=NOW - 3 * DAY)
    mid = await save_story(store, "mid", "biden", seen_at=NOW - DAY)
    new = await save_story(store, "new", "putin", "biden", seen_at=NOW - MINUTE)
    await save_story(store, "moved", "putin", seen_at=NOW, joins=mid)
    (item,) = await save_items(store, draft("none"))
    await _detect(store, item)

    async def latest(*watches: str, since: datetime = NOW - 9 * DAY, limit: int = 9) -> list[StoryId]:
        ids = [WatchId(watch) for watch in watches] if watches else None
        with store.reading() as tx:
            return [view.story.id for view in tx.latest_stories(ids, since=since, limit=limit)]

    assert await latest() == [mid, new, old]
    assert await latest("biden") == [new, mid]
    assert await latest("putin", limit=2) == [mid, new]
    assert await latest(since=NOW - 2 * MINUTE) == [mid, new]
    assert await latest("nobody") == []
    with store.reading() as tx:
        assert tx.latest_stories([], since=NOW - 9 * DAY, limit=9) == []


async def _wanted(store: Store, now: datetime = NOW, limit: int = 10) -> list[str]:
    with store.writing() as tx:
        return [item.key for item in tx.claim_fulltext(now=now, lease=MINUTE, limit=limit)]


async def test_the_article_is_wanted_of_what_matched_or_always_or_never(store: Store) -> None:
    matched, dull, never, always = await save_items(
        store,
        draft("matched"),
        draft("dull"),
        draft("never", fulltext=Fulltext.NEVER),
        draft("always", fulltext=Fulltext.ALWAYS),
    )
    assert await _wanted(store) == [], "an item that nobody has looked at yet must not race with its own article"
    await _detect(store, matched, match())
    await _detect(store, dull)
    await _detect(store, never, match())
    await _detect(store, always)
    assert sorted(await _wanted(store)) == ["always", "matched"]


async def test_an_article_is_leased_read_and_not_wanted_again(store: Store) -> None:
    await save_story(store, "a-1")
    assert await _wanted(store) == ["a-1"]
    assert await _wanted(store) == []
    with store.writing() as tx:
        (item,) = tx.claim_fulltext(now=NOW + MINUTE, lease=MINUTE, limit=5)
        tx.save_fulltext(item.id, "Toàn văn.\nĐoạn hai.", now=NOW)
        tx.save_detection(item, [match("biden")], OPENS, version="v2", now=NOW)
        assert item.story_id is not None
        view = tx.story(item.story_id)
    assert view is not None
    assert view.items[0].body == "Toàn văn.\nĐoạn hai."
    assert await _wanted(store, NOW + DAY) == []


async def test_a_failed_article_is_tried_again_then_given_up(store: Store) -> None:
    await save_story(store, "a-1")
    with store.writing() as tx:
        (item,) = tx.claim_fulltext(now=NOW, lease=MINUTE, limit=5)
        tx.fulltext_failed(item.id, retry_at=NOW + 5 * MINUTE)
    assert await _wanted(store, NOW + 4 * MINUTE) == []
    assert await _wanted(store, NOW + 5 * MINUTE) == ["a-1"]
    with store.writing() as tx:
        tx.fulltext_failed(item.id, retry_at=None)
    assert await _wanted(store, NOW + DAY) == []


async def test_an_article_whose_reader_always_dies_is_not_tried_for_ever(store: Store) -> None:
    await save_story(store, "a-1")
    tries = [await _wanted(store, NOW + n * DAY) for n in range(FULLTEXT_TRIES + 2)]
    assert tries == [["a-1"]] * FULLTEXT_TRIES + [[], []]


async def test_articles_that_may_still_ring_are_read_before_the_baseline(store: Store) -> None:
    baseline, fresh = await save_items(store, draft("baseline", alertable=False), draft("fresh"))
    await _detect(store, baseline, match())
    await _detect(store, fresh, match())
    assert await _wanted(store, limit=1) == ["fresh"]


async def _sweep(store: Store, before: datetime = NOW - DAY, limit: int = 100) -> int:
    with store.writing() as tx:
        return tx.sweep(before=before, limit=limit)


async def test_old_items_go_in_batches_and_stories_and_counts_stay(store: Store) -> None:
    story_id = await save_story(store, "a-0", seen_at=NOW - 9 * DAY)
    for number in range(1, 5):
        await save_story(store, f"a-{number}", seen_at=NOW - 9 * DAY, joins=story_id)
    young = await save_story(store, "young", seen_at=NOW)
    assert [await _sweep(store, limit=3) for _ in range(3)] == [3, 2, 0]
    with store.reading() as tx:
        view = tx.story(story_id)
        assert view is not None
        assert view.items == ()
        kept = tx.story(young)
        assert kept is not None
        assert len(kept.items) == 1
        assert [count.items for count in tx.daily_counts(since=date(2026, 1, 1))] == [5, 1]
        assert tx._rows(select(func.count()).select_from(tables.matches)) == [(1,)]


async def test_unmatched_and_parked_items_never_go(store: Store) -> None:
    _, parked = await save_items(store, draft("waiting", seen_at=NOW - 9 * DAY), draft("parked", seen_at=NOW - 9 * DAY))
    with store.writing() as tx:
        tx.note_failure(parked.id, "hỏng", park_after=1, now=NOW)
    assert await _sweep(store) == 0


async def test_items_of_an_unfinished_alert_or_digest_stay_until_it_is_settled(store: Store) -> None:
    told, folded = [await save_story(store, key, seen_at=NOW - 9 * DAY) for key in ("told", "folded")]
    await enqueue(store, alert("told", story=told), alert("folded", story=folded))
    first, second = 1, 2
    with store.writing() as tx:
        tx.fold_alerts([second], alert("digest", kind=AlertKind.DIGEST), now=NOW)
    assert await _sweep(store) == 0
    (row_of_told,) = await claim(store)
    assert row_of_told.id == first
    assert await _sweep(store) == 0
    with store.writing() as tx:
        tx.settle(row_of_told, AlertState.SENT, now=NOW, message_id=5)
    assert await _sweep(store) == 1
    (digest,) = await claim(store)
    with store.writing() as tx:
        tx.settle(digest, AlertState.SENT, now=NOW, message_id=6)
    assert await _sweep(store) == 1


async def test_an_alert_outlives_its_item_without_breaking(store: Store) -> None:
    (item,) = await save_items(store, draft("a-1", seen_at=NOW - 9 * DAY))
    story_id = await _detect(store, item, match())
    update = replace(alert("update", kind=AlertKind.UPDATE, story=story_id), item_id=item.id)
    await enqueue(store, update)
    (claimed,) = await claim(store)
    assert claimed.item_id == item.id
    with store.writing() as tx:
        tx.settle(claimed, AlertState.SENT, now=NOW, message_id=5)
    assert await _sweep(store) == 1
    assert (await row(store, claimed.id)).item_id is None


async def test_a_chat_that_is_silent_for_ever_does_not_keep_items_for_ever(store: Store) -> None:
    story_id = await save_story(store, "a-1", seen_at=NOW - 9 * DAY)
    with store.writing() as tx:
        tx.save_chat(chat(AN, state=ChatState.PAUSED))
        tx.enqueue([alert("story", story=story_id)], now=NOW - 2 * DAY)
    assert await _sweep(store) == 1
    assert (await row(store, 1)).state is AlertState.SKIPPED


async def test_ended_alerts_go_a_week_after_their_items(store: Store) -> None:
    story_id = await save_story(store, "a-1", seen_at=NOW - 30 * DAY)
    await enqueue(store, alert("story", story=story_id), now=NOW - 30 * DAY)
    (claimed,) = await claim(store)
    with store.writing() as tx:
        tx.settle(claimed, AlertState.SENT, now=NOW, message_id=5)
    assert await _sweep(store, before=NOW - 25 * DAY) == 1
    with store.reading() as tx:
        assert tx.alert(claimed.id) is not None
    with store.writing() as tx:
        assert tx.sweep_outbox(before=NOW - 25 * DAY, limit=100) == 0
        assert tx.sweep_outbox(before=NOW - 20 * DAY, limit=100) == 1
        assert tx.alert(claimed.id) is None


async def test_a_swept_sqlite_file_shrinks(store: Store) -> None:
    with store.writing() as tx:
        if tx._on_postgresql:
            return  # its autovacuum reuses the room; there is no file of ours to look at
        drafts = [draft(f"k-{n}", seen_at=NOW - 9 * DAY, title="dài " * 200) for n in range(2_000)]
        tx.add_items(drafts)
        tx._connection.execute(tables.items.update().values(matched_at=NOW))
        full = (tx._connection.execute(text("PRAGMA page_count"))).scalar_one()
    while await _sweep(store, limit=500):
        pass
    with store.reading() as tx:
        left = (tx._connection.execute(text("PRAGMA page_count"))).scalar_one()
    assert left < full / 5
