"""Stories as the web lists them: by watches, outlet and words, the newest first, a page from one place on.

Finds no article itself (search.py). An article that answers every wish lists its story, under the time of the newest
such article.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import select

from monitor.store.feed_rows import ITEM, item_of
from monitor.store.search import Search, SearchRows, holds_quoted
from monitor.store.tables import items
from monitor.store.view_rows import ViewRows
from monitor.types import StoryView

_Hit = tuple[datetime, int]
AT_FIRST, AT_MOST = 60, 1_000  # hits that are looked at together: a page of twenty stories takes some sixty


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A place in a list: behind the story that is listed under this article, of the articles up to the number `up_to`.

    News that comes in later moves nothing that stands behind it.
    """

    at: datetime
    item: int
    up_to: int


@dataclass(frozen=True, slots=True)
class ListedPage:
    """Some stories, each with the time that it is listed under; `after` is where the next page begins."""

    stories: tuple[tuple[datetime, StoryView], ...]
    after: ListPlace | None


class ListedRows(ViewRows, SearchRows):
    """Pages of stories."""

    def listed_stories(self, wanted: Search, *, after: ListPlace | None = None, limit: int) -> ListedPage:
        """The next `limit` stories behind a place, from the start where none is given; `wanted.up_to` counts not."""
        wanted = replace(wanted, up_to=self.last_item_number() if after is None else after.up_to)
        passed: set[int] = set()  # hits on earlier pages
        found: dict[int, tuple[datetime, int]] = {}
        for some in _in_groups(self.hits_by_time(wanted)):
            before = {number for at, number in some if after is not None and (at, number) >= (after.at, after.item)}
            passed |= before
            hits = self._listing(wanted, {number for _, number in some} - before)
            fresh = {story: place for story, place in hits.items() if story not in found}
            for story in self._on_earlier_pages(wanted, fresh, passed):
                del fresh[story]
            found |= fresh
            if len(found) > limit:
                break
        listed = dict(islice(found.items(), limit))
        views = {int(view.story.id): view for view in self._views(list(listed))}
        last = list(listed.values())[-1] if len(found) > limit else None
        return ListedPage(
            tuple((at, views[story]) for story, (at, _) in listed.items() if story in views),
            None if last is None else ListPlace(*last, wanted.up_to or 0),
        )

    def _listing(self, wanted: Search, hits: Collection[int]) -> dict[int, tuple[datetime, int]]:
        """The stories of these hits, each with its newest, the newest first."""
        if not hits:
            return {}
        asked = select(items.c.id, items.c.at, items.c.story_id).where(
            self._one_of(items.c.id, hits), items.c.story_id.is_not(None)
        )
        rows = self._rows(asked.order_by(items.c.at.desc(), items.c.id.desc()))
        held = self._holding(wanted, {row.id for row in rows})
        found: dict[int, tuple[datetime, int]] = {}
        for row in rows:
            if row.id in held:
                found.setdefault(row.story_id, (row.at, row.id))
        return found

    def _on_earlier_pages(self, wanted: Search, stories: Collection[int], passed: Collection[int]) -> set[int]:
        """Which of these stories a newer hit has listed before."""
        if not stories or not passed:
            return set()
        rows = self._rows(select(items.c.id, items.c.story_id).where(self._one_of(items.c.story_id, stories)))
        newer = {row.id: row.story_id for row in rows if row.id in passed}
        return {newer[number] for number in self._holding(wanted, newer)}

    def _holding(self, wanted: Search, hits: Collection[int]) -> Collection[int]:
        """In which of these hits quoted words stand in one piece."""
        if not hits or not any(term.quoted and len(term.words) > 2 for term in wanted.terms):
            return hits
        rows = self._rows(select(*ITEM).where(self._one_of(items.c.id, hits)))
        return {int(row.id) for row in rows if holds_quoted(item_of(row), wanted)}


def _in_groups(hits: Iterator[_Hit]) -> Iterator[list[_Hit]]:
    """Some at a time, then more at a time."""
    size = AT_FIRST
    while some := list(islice(hits, size)):
        yield some
        size = min(2 * size, AT_MOST)
