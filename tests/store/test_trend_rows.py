"""What pictures are drawn from: days are those of the reader's zone, and both databases say the same."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.store.transaction import Store
from monitor.types import Placement, Role, StoryId, WatchId
from tests.store_samples import NOW, draft, match

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = NOW.astimezone(VIETNAM).date()
PUTIN, TRUMP, GAZA = WatchId("putin"), WatchId("trump"), WatchId("gaza")
MORNING = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=VIETNAM)
WEEK_AGO, SOON = NOW - timedelta(days=7), NOW + timedelta(minutes=1)


def tell(
    store: Store, key: str, *watches: str, at: datetime = NOW, outlet: str = "Bến Sông", joins: StoryId | None = None
) -> StoryId:
    new = replace(draft(key, title=f"Tin {key}", published_at=at, seen_at=at), outlet=outlet)
    found = [replace(match(watch), kind="event" if watch == "gaza" else "leader") for watch in watches]
    with store.writing() as tx:
        (item,) = tx.add_items([new])
        return tx.save_detection(item, found, Placement(joins, Role.NEW), version="v1", now=at)


def test_mentions_are_counted_by_the_days_of_the_zone(store: Store) -> None:
    tell(store, "a", "putin", at=MORNING)
    tell(store, "b", "putin", "trump", at=MORNING - timedelta(minutes=1))
    tell(store, "c", "putin", at=MORNING - timedelta(days=3))
    with store.reading() as tx:
        found = tx.mentions([PUTIN, TRUMP], since=TODAY - timedelta(days=2), until=TODAY)
        everybody = tx.mentions(None, since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))
        days = tx.counted_days(since=TODAY - timedelta(days=9), until=TODAY)
    yesterday = TODAY - timedelta(days=1)
    assert found == {PUTIN: {TODAY: 1, yesterday: 1}, TRUMP: {yesterday: 1}}
    assert everybody == {PUTIN: {yesterday: 1, TODAY - timedelta(days=3): 1}, TRUMP: {yesterday: 1}}
    assert days == {TODAY, yesterday, TODAY - timedelta(days=3)}


def test_items_of_a_watch_come_with_the_title_of_their_story(store: Store) -> None:
    story = tell(store, "a", "putin", at=NOW - timedelta(hours=2))
    tell(store, "b", "putin", at=NOW - timedelta(hours=1), outlet="Sao Mai", joins=story)
    tell(store, "c", "trump")
    tell(store, "d", "putin", at=NOW - timedelta(days=8))
    with store.reading() as tx:
        found = tx.named_items(PUTIN, since=WEEK_AGO, until=SOON)
    assert [(each.title, each.outlet, each.story_id) for each in found] == [
        ("Tin a", "Bến Sông", story),
        ("Tin a", "Sao Mai", story),
    ]
    assert found[1].url.endswith("/b.html")


def test_companions_are_the_leaders_named_in_the_same_items(store: Store) -> None:
    tell(store, "a", "putin", "trump", "gaza")
    tell(store, "b", "putin", "trump")
    tell(store, "c", "putin", "to-lam")
    tell(store, "d", "trump", "to-lam")
    tell(store, "e", "putin", "trump", at=NOW - timedelta(days=8))
    with store.reading() as tx:
        found = tx.companions(PUTIN, since=WEEK_AGO, until=SOON)
        of_an_event = tx.companions(GAZA, since=WEEK_AGO, until=SOON)
    assert found == {TRUMP: 2, WatchId("to-lam"): 1}
    assert of_an_event == {PUTIN: 1, TRUMP: 1}


def test_a_story_is_told_most_by_newspapers_and_not_by_articles(store: Store) -> None:
    talk = tell(store, "a", "putin", at=NOW - timedelta(hours=3))
    for key in ("b", "c", "d"):
        tell(store, key, joins=talk)
    wide = tell(store, "e", "trump", at=NOW - timedelta(hours=1))
    tell(store, "f", "putin", "trump", outlet="Sao Mai", joins=wide)
    tell(store, "g", outlet="Hải Đăng")
    tell(store, "h", "to-lam")
    with store.reading() as tx:
        told = tx.told_most([PUTIN, TRUMP], since=WEEK_AGO, until=SOON, limit=5)
        first = tx.told_most([PUTIN, TRUMP], since=WEEK_AGO, until=SOON, limit=1)
        none = tx.told_most([], since=WEEK_AGO, until=SOON, limit=5)
        much = tx.news_between(since=WEEK_AGO, until=SOON)
    assert [(each.story_id, each.title, each.outlets, each.items, each.names) for each in told] == [
        (wide, "Tin e", 2, 2, ("trump", "putin")),
        (talk, "Tin a", 1, 4, ("putin",)),
    ]
    assert told[0].url.endswith("/e.html")
    assert (first, none) == (told[:1], [])
    assert much == (8, 4, 3)


def test_nothing_stored_is_nothing_told(store: Store) -> None:
    with store.reading() as tx:
        assert tx.mentions([PUTIN], since=date(2026, 1, 1), until=TODAY) == {}
        assert tx.news_between(since=WEEK_AGO, until=SOON) == (0, 0, 0)
        assert tx.told_most([PUTIN], since=WEEK_AGO, until=SOON, limit=5) == []
