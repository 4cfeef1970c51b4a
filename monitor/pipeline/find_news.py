"""Stored news that somebody looks for: item by item for a program, story by story and page by page for a chat.

Knows neither words of a reader's language nor how a hit is found (store/search.py).
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from monitor.pipeline.search_query import QueryFault, QueryMistake, SearchNames, nearest_names, read_query
from monitor.store.search import Search, SearchHit
from monitor.store.search_words import outlet_key
from monitor.store.tables import row_id
from monitor.store.transaction import Store, Transaction
from monitor.types import StoryId, WatchId

STORIES_A_PAGE = 8  # with their links some 2,500 characters: a screen or two of a phone
MOST_PAGES = 40  # who has turned so many wants other words
MOST_HITS = 3_000  # looked through for one page: stories of very many items
MANY_LACKING = 1_000  # items: a moment's news is not worth a word, an index that is being built is


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item that was found, with the watches that it matches."""

    hit: SearchHit
    watches: tuple[WatchId, ...]


@dataclass(frozen=True, slots=True)
class FoundStory:
    """A story by its newest hit of the nearest kind, which other outlets tell of it, and the watches of that item."""

    hit: SearchHit
    others: tuple[str, ...]
    watches: tuple[WatchId, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Some stories. `up_to` keeps later pages from moving when news comes in; `lacking` items are not indexed yet."""

    stories: tuple[FoundStory, ...]
    page: int
    is_last: bool
    up_to: int
    lacking: int


@dataclass(frozen=True, slots=True)
class FoundItems:
    """What was found item by item; `lacking` items are not indexed yet."""

    items: tuple[FoundItem, ...]
    lacking: int


async def find_page(
    store: Store, typed: str, names: SearchNames, *, page: int = 0, up_to: int | None = None, now: datetime
) -> FoundPage | QueryMistake:
    """A page of stories; the last one that there is where `page` lies behind it."""
    # off the loop: the nearest of 10,000 names are looked for where one is not known
    wanted = await asyncio.to_thread(read_query, typed, names, now=now)
    if isinstance(wanted, QueryMistake):
        return wanted
    return await store.read(_page, replace(wanted, up_to=up_to), names, min(max(page, 0), MOST_PAGES - 1))


async def find_items(store: Store, wanted: Search, names: SearchNames, *, limit: int) -> FoundItems | QueryMistake:
    """The first hits, each by itself."""
    return await store.read(_items, wanted, names, limit)


def row_of(hit: SearchHit, watches: Sequence[WatchId]) -> dict[str, Any]:
    """A hit as programs get it, by `monitor search --json` and from the page; `published` as a moment."""
    item = hit.item
    return {
        "id": item.id,
        "title": item.title,
        "summary": item.lead,
        "outlet": item.outlet,
        "url": item.url,
        "published": item.published_at,
        "story": item.story_id,
        "watches": list(watches),
        "marks": [{"field": mark.field, "start": mark.start, "end": mark.end} for mark in hit.marks],
    }


def _page(tx: Transaction, wanted: Search, names: SearchNames, page: int) -> FoundPage | QueryMistake:
    if mistake := unknown_outlet(tx, wanted, names):
        return mistake
    up_to = tx.last_item_number() if wanted.up_to is None else wanted.up_to
    enough = (page + 1) * STORIES_A_PAGE + 1
    hits = list(islice(_one_a_story(islice(tx.search(replace(wanted, up_to=up_to)), MOST_HITS)), enough))
    page = min(page, max(0, (len(hits) - 1) // STORIES_A_PAGE))
    shown = hits[page * STORIES_A_PAGE : (page + 1) * STORIES_A_PAGE]
    numbers = {hit.item.story_id: row_id(hit.item.story_id) for hit in shown}
    outlets = tx.outlets_of([number for number in numbers.values() if number is not None])
    watches = tx.watches_of([int(hit.item.id) for hit in shown])

    def others(hit: SearchHit) -> tuple[str, ...]:
        number = numbers[hit.item.story_id]
        return tuple(each for each in outlets.get(number or 0, ()) if each != hit.item.outlet)

    return FoundPage(
        tuple(FoundStory(hit, others(hit), tuple(watches[int(hit.item.id)])) for hit in shown),
        page,
        is_last=len(hits) <= (page + 1) * STORIES_A_PAGE or page == MOST_PAGES - 1,
        up_to=up_to,
        lacking=tx.unindexed_count(),
    )


def _one_a_story(hits: Iterator[SearchHit]) -> Iterator[SearchHit]:
    seen: set[StoryId] = set()
    for hit in hits:
        story_id = hit.item.story_id
        if story_id is None or story_id not in seen:
            yield hit
        if story_id is not None:
            seen.add(story_id)


def _items(tx: Transaction, wanted: Search, names: SearchNames, limit: int) -> FoundItems | QueryMistake:
    if mistake := unknown_outlet(tx, wanted, names):
        return mistake
    hits = list(islice(tx.search(wanted), limit))
    watches = tx.watches_of([int(hit.item.id) for hit in hits])
    return FoundItems(tuple(FoundItem(hit, tuple(watches[int(hit.item.id)])) for hit in hits), tx.unindexed_count())


def unknown_outlet(tx: Transaction, wanted: Search, names: SearchNames) -> QueryMistake | None:
    """An outlet that neither a feed nor any stored item names."""
    key = outlet_key(wanted.outlet)
    if not wanted.outlet or any(outlet_key(each) == key for each in names.outlets):
        return None
    if next(tx.search(Search(outlet=wanted.outlet)), None) is not None:
        return None
    return QueryMistake(QueryFault.OUTLET, wanted.outlet, nearest_names(wanted.outlet, names.outlets))
