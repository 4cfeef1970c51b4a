"""Which stories an open page is told of: those that it would list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from monitor.store.search import SearchTerm
from monitor.types import Item, StoryView, WatchId
from monitor.web.page import Visit


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """What one article of a story must answer."""

    watch_ids: Collection[WatchId]
    outlets: tuple[str, ...] = ()
    terms: tuple[SearchTerm, ...] = ()
    since: datetime | None = None


def story_filter(visit: Visit) -> StoryFilter:
    """What the address asks for, of what its viewer may see."""
    return StoryFilter(
        {
            each.id
            for each in visit.watches().values()
            if visit.asked("watch") in ("", each.id) and (not visit.asked("tag") or visit.asked("tag") in each.tags)
        },
        tuple(filter(None, [visit.asked("outlet")])),
    )


def answers(story: StoryView, wanted: StoryFilter) -> bool:
    """Whether one article of a story answers every wish."""
    return any(_item_answers(story, item, wanted) for item in story.items)


def _item_answers(story: StoryView, item: Item, wanted: StoryFilter) -> bool:
    return (
        any(match.watch_id in wanted.watch_ids for match in story.matches.get(item.id, ()))
        and all(item.outlet == outlet for outlet in wanted.outlets)
        and (wanted.since is None or (item.at is not None and item.at >= wanted.since))
    )
