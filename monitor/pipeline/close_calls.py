"""What a watch came close to over many items: its near misses, counted by why they were none.

Opens no database. What an item comes close to is the matcher's to say; which of its text the service would have read,
replay.py's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.matching.explain import NearMiss
from monitor.pipeline.judge import without_body
from monitor.pipeline.replay import is_article_read
from monitor.types import Feed, FeedId, Item, WatchId

SHOWN = 3  # items kept of a group


@dataclass(slots=True)
class CloseCalls:
    """Near misses of one kind. `message` is its reason of the catalogue; `words`: what filled it in, how often.

    `newest` are the last items of the kind, newest first, each with its near miss.
    """

    message: str
    count: int = 0
    words: Counter[str] = field(default_factory=Counter)
    newest: list[tuple[Item, NearMiss]] = field(default_factory=list)


def close_calls(
    items: Iterable[Item],
    active: ActiveWatchlist,
    watch_id: WatchId,
    *,
    feeds: Mapping[FeedId, Feed] | None = None,
) -> list[CloseCalls]:
    """The near misses of one watch, an item counted once, in groups: the fullest first.

    Items come in order of time, each once. Takes as long as matching twice: call it off the event loop.
    """
    groups: dict[str, CloseCalls] = {}
    keys: set[str] = set()
    for item in items:
        if item.key and item.key in keys:
            continue
        keys.add(item.key)
        miss = _miss(item, active, watch_id, (feeds or {}).get(item.feed_id))
        if miss is None:
            continue
        group = groups.setdefault(miss.why.message, CloseCalls(miss.why.message))
        group.count += 1
        group.words.update(value for _, value in miss.why.named)
        group.newest = [(item, miss), *group.newest][:SHOWN]
    return sorted(groups.values(), key=lambda group: (-group.count, group.message))


def _miss(item: Item, active: ActiveWatchlist, watch_id: WatchId, feed: Feed | None) -> NearMiss | None:
    """The first near miss of the watch in an item that does not name it."""
    bare = replace(without_body(item), story_id=None)
    if item.body and is_article_read(active.matcher.match(bare), feed):
        bare = replace(bare, body=item.body)
    explained = active.matcher.explain(bare)
    return next((miss for miss in explained.near_misses if miss.watch_id == watch_id), None)
