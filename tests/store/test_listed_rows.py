"""Stories as the web lists them: which, in which order, and page by page while news comes in. Both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from monitor.store.listed_rows import ListedPage, ListPlace
from monitor.store.search import Search, term_of
from monitor.store.transaction import Store
from monitor.types import Placement, Role, StoryId, WatchId
from tests.store_samples import MINUTE, NOW, draft, match, save_items, save_story

PUTIN, TRUMP = WatchId("putin"), WatchId("trump")


async def tell(
    store: Store,
    key: str,
    *watches: str,
    ago: int,
    outlet: str = "Bến Sông",
    title: str = "Bến cảng mở thêm một tuyến phà",
    joins: StoryId | None = None,
) -> StoryId:
    """An article of an outlet, detected and indexed; its story."""
    at = NOW - ago * MINUTE
    new = replace(draft(key, title=title, lead="", seen_at=at, published_at=at), outlet=outlet)
    with store.writing() as tx:
        (item,) = tx.add_items([new])
        found = [match(watch) for watch in watches]
        story = tx.save_detection(
            item, found, Placement(joins, Role.NEW if joins is None else Role.REPEAT), version="v1", now=at
        )
        tx.index_items(limit=100)
    return story


def listed(
    store: Store,
    *,
    watches: Sequence[WatchId] = (PUTIN, TRUMP),
    after: ListPlace | None = None,
    limit: int = 10,
    words: str = "",
    quoted: bool = False,
    outlet: str = "",
    since: timedelta | None = None,
) -> ListedPage:
    terms = (term_of(words, quoted=quoted),) if words else ()
    wanted = Search(terms, outlet, watches, None if since is None else NOW - since)
    with store.reading() as tx:
        return tx.listed_stories(wanted, after=after, limit=limit)


def ids(page: ListedPage) -> list[StoryId]:
    return [view.story.id for _, view in page.stories]


async def test_stories_stand_under_their_newest_article_that_names_a_watch(store: Store) -> None:
    one = await tell(store, "1", "putin", ago=50)
    two = await tell(store, "2", "putin", ago=40)
    await tell(store, "3", ago=1, joins=two)  # names nobody
    await tell(store, "4", ago=30)  # a story of nobody
    await tell(store, "5", "trump", ago=20, joins=one)
    page = listed(store)
    assert ids(page) == [one, two]
    assert [at for at, _ in page.stories] == [NOW - 20 * MINUTE, NOW - 40 * MINUTE]
    assert page.after is None


async def test_an_empty_store_lists_nothing(store: Store) -> None:
    assert listed(store).stories == ()


async def test_what_is_not_placed_yet_is_not_listed(store: Store) -> None:
    await save_items(store, draft("1"))
    assert listed(store).stories == ()


async def test_watches_outlets_and_words_are_asked_of_one_article(store: Store) -> None:
    ferry = await tell(store, "1", "putin", ago=50, title="Putin thăm bến phà")
    await tell(store, "2", "trump", ago=45, joins=ferry, outlet="Cửa Biển", title="Trump nói về phà")
    bridge = await tell(store, "3", "putin", ago=40, outlet="Cửa Biển", title="Putin bàn chuyện xây cầu")
    assert ids(listed(store, watches=[TRUMP])) == [ferry]
    assert ids(listed(store, outlet="cua bien")) == [bridge, ferry]
    assert ids(listed(store, outlet="Cửa Biển", watches=[PUTIN])) == [bridge]
    assert ids(listed(store, words="phà")) == [ferry]
    assert ids(listed(store, words="xay cau")) == [bridge], "without marks"
    assert ids(listed(store, words="phà", outlet="Cửa Biển", watches=[PUTIN])) == []
    assert ids(listed(store, watches=[])) == []
    assert ids(listed(store, since=42 * MINUTE)) == [bridge]


async def test_quoted_words_must_stand_in_one_piece(store: Store) -> None:
    whole = await tell(store, "1", "putin", ago=50, title="Putin mở bến phà đêm")
    await tell(store, "2", "putin", ago=40, title="Bến phà mới, và phà đêm của Putin")
    assert ids(listed(store, words="bến phà đêm", quoted=True)) == [whole]


async def test_words_of_all_kinds_are_listed_by_time(store: Store) -> None:
    marked = await tell(store, "1", "putin", ago=50, title="Putin bán cảng")
    apart = await tell(store, "2", "putin", ago=40, title="Cảng của Putin có người bán")
    bare = await tell(store, "3", "putin", ago=30, title="Putin ban cang")
    assert ids(listed(store, words="ban cang")) == [bare, apart, marked]
    assert ids(listed(store, words="bán cảng")) == [apart, marked]


async def test_pages_follow_one_another_and_end(store: Store) -> None:
    stories = [await tell(store, str(n), "putin", ago=100 - n) for n in range(7)]
    for words in ("", "tuyến phà"):
        found, place = [], None
        while True:
            page = listed(store, limit=3, after=place, words=words)
            found.append(ids(page))
            place = page.after
            if place is None:
                break
        newest = stories[::-1]
        assert found == [newest[:3], newest[3:6], newest[6:]]


async def test_articles_of_the_same_moment_are_neither_lost_nor_told_twice(store: Store) -> None:
    stories = [await tell(store, str(n), "putin", ago=5) for n in range(5)]
    first = listed(store, limit=2)
    second = listed(store, limit=2, after=first.after)
    third = listed(store, limit=2, after=second.after)
    assert ids(first) + ids(second) + ids(third) == stories[::-1]


async def test_a_story_is_listed_once_though_an_older_article_of_it_stands_behind(store: Store) -> None:
    old = await tell(store, "1", "putin", ago=90)
    between = await tell(store, "2", "putin", ago=80)
    await tell(store, "3", "putin", ago=70, joins=old)
    for words in ("", "tuyến phà", "một tuyến phà"):
        first = listed(store, limit=1, words=words, quoted=True)
        assert ids(first) == [old]
        assert ids(listed(store, limit=5, after=first.after, words=words, quoted=True)) == [between]


async def test_news_that_comes_in_moves_nothing_on_later_pages(store: Store) -> None:
    stories = [await tell(store, str(n), "putin", ago=100 - n) for n in range(6)]
    first = listed(store, limit=2)
    await tell(store, "moi", "putin", ago=1)
    await tell(store, "them", "putin", ago=0, joins=stories[0])  # would stand at the top today
    second = listed(store, limit=2, after=first.after)
    third = listed(store, limit=2, after=second.after)
    assert ids(second) + ids(third) == [stories[3], stories[2], stories[1], stories[0]]
    assert third.stories[-1][0] == NOW - 100 * MINUTE


async def test_a_story_that_was_merged_is_listed_as_what_it_is_now(store: Store) -> None:
    one, two = await save_story(store, "1"), await save_story(store, "2")
    with store.writing() as tx:
        tx.merge_stories(one, two, reason=None)  # type: ignore[arg-type]
    assert ids(listed(store)) == [two]
