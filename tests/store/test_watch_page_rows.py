"""What pages of watches ask of the rows, on both databases."""

from datetime import date, timedelta

from sqlalchemy import update

from monitor.store.tables import alerts
from monitor.store.transaction import Store
from monitor.store.watch_page_rows import MentionTotals
from monitor.types import (
    Address,
    AlertKind,
    AlertState,
    DedupeKey,
    ItemId,
    NewAlert,
    Placement,
    Reason,
    ReasonCode,
    Role,
    StoryId,
    WatchId,
    own_id,
)
from tests.store_samples import AN, BINH, DAY, MINUTE, NOW, chat, draft, match, save_story

PUTIN, TRUMP = WatchId("putin"), WatchId("trump")
TODAY = date(2026, 8, 23)


async def told(store: Store, story: StoryId, *watches: WatchId, address: Address = AN, sent: bool = True) -> None:
    new = NewAlert(address, AlertKind.ALERT, DedupeKey(f"story:{story}"), story, watch_ids=watches or (PUTIN,))
    with store.writing() as tx:
        tx.enqueue([new], now=NOW)
        if sent:
            mine = (alerts.c.story_id == int(story), alerts.c.chat_id == address.chat_id)
            tx._change(update(alerts).where(*mine).values(state=AlertState.SENT))


async def test_mentions_are_summed_over_today_a_week_and_a_month(store: Store) -> None:
    for number, days in enumerate((0, 0, 1, 6, 7, 29, 30)):
        await save_story(store, f"k{number}", "putin", seen_at=NOW - days * DAY)
    await save_story(store, "other", "trump", seen_at=NOW - 29 * DAY)
    with store.reading() as tx:
        totals = tx.mention_totals(today=TODAY, week=TODAY - 6 * DAY, month=TODAY - 29 * DAY)
    assert totals == {PUTIN: MentionTotals(2, 4, 6), TRUMP: MentionTotals(0, 0, 1)}


async def test_the_newest_news_of_each_watch_is_found_in_one_go(store: Store) -> None:
    await save_story(store, "a", "putin", seen_at=NOW - DAY)
    story = await save_story(store, "b", "putin", "trump", seen_at=NOW - MINUTE)
    with store.writing() as tx:  # a new feed's first poll is stored later and is older
        (old,) = tx.add_items([draft("c", title="Cũ", published_at=NOW - 3 * DAY, alertable=False)])
        tx.save_detection(old, [match("putin"), match("macron")], Placement(None, Role.NEW), version="v1", now=NOW)
    with store.reading() as tx:
        found = tx.last_mentions([PUTIN, TRUMP, WatchId("macron"), WatchId("nobody"), PUTIN])
        assert tx.last_mentions([]) == {}
    assert set(found) == {"putin", "trump", "macron"}
    assert found[PUTIN] == found[TRUMP]
    assert (found[PUTIN].story_id, found[PUTIN].at) == (story, NOW - MINUTE)
    assert found[WatchId("macron")].title == "Cũ"  # it has nothing else


async def test_what_readers_call_wrong_is_counted_among_what_was_told(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN))
        tx.save_chat(chat(BINH))
    stories = [await save_story(store, f"k{number}", "putin", "trump") for number in range(5)]
    for story in stories[:3]:
        await told(store, story)
        await told(store, story, address=BINH)
    await told(store, stories[3], TRUMP)  # rang for the other one
    await told(store, stories[4], sent=False)
    since = NOW - DAY
    with store.writing() as tx:
        assert tx.told_and_wrong(PUTIN, since=since) == (3, 0)
        tx.add_feedback(AN, stories[0], [{"watch": "putin", "item": "1"}, {"watch": "trump"}], now=NOW)
        tx.add_feedback(BINH, stories[0], [{"watch": "putin"}], now=NOW)
        tx.add_feedback(AN, stories[1], [{"watch": "trump"}], now=NOW)
        tx.add_feedback(AN, stories[4], [{"watch": "putin"}], now=NOW)
        assert tx.told_and_wrong(PUTIN, since=since) == (3, 1)
        assert tx.told_and_wrong(TRUMP, since=since) == (1, 0)
        assert tx.told_and_wrong(WatchId("putin-2"), since=since) == (0, 0)
        assert tx.told_and_wrong(PUTIN, since=NOW + MINUTE) == (0, 0)


async def test_a_complaint_goes_along_when_its_story_merges(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN))
    first, second = await save_story(store, "a"), await save_story(store, "b")
    await told(store, second)
    with store.writing() as tx:
        tx.add_feedback(AN, first, [{"watch": "putin"}], now=NOW)
        tx.merge_stories(first, second, reason=Reason(ReasonCode.MERGED))
        assert tx.told_and_wrong(PUTIN, since=NOW - DAY) == (1, 1)


async def test_what_an_owner_marked_counts_for_their_own_watch(store: Store) -> None:
    with store.writing() as tx:
        tx.save_chat(chat(AN))
        number = tx.add_own_watch(AN, asked="phà", now=NOW)
    mine = own_id(number)
    stories = [await save_story(store, f"k{each}", mine) for each in range(3)]
    for story in stories[:2]:
        await told(store, story, mine)
    with store.writing() as tx:
        for story, is_right in zip(stories, (True, False, False), strict=True):
            view = tx.story(story)
            assert view is not None
            assert tx.mark_own(number, ItemId(view.items[0].id), is_right, now=NOW)
        assert tx.told_and_wrong(mine, since=NOW - DAY) == (2, 1)


async def test_a_story_that_gets_another_item_or_wording_has_changed(store: Store) -> None:
    story = await save_story(store, "a", seen_at=NOW - DAY)
    with store.writing() as tx:
        assert tx.stories_changed_at([story]) == NOW - DAY
        assert tx.stories_changed_at([]) is None
        view = tx.story(story)
        assert view is not None
        tx.reword(view.items[0].id, "Bến phà đổi tên", "", now=NOW - timedelta(hours=2))
        assert tx.stories_changed_at([story]) == NOW - timedelta(hours=2)
    await save_story(store, "b", seen_at=NOW, joins=story)
    with store.reading() as tx:
        assert tx.stories_changed_at([story]) == NOW
