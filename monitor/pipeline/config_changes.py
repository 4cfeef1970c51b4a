"""What a reading of the files came to: what is wrong with them, or which watches and feeds came, went and changed.

Pure; reads no file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.errors import Problem
from monitor.i18n import Translator
from monitor.types import Feed, FeedId, Watch, WatchId, Watchlist, WordSet

MOST_NAMED = 10  # of one line; whoever changed more knows what


@dataclass(frozen=True, slots=True)
class ConfigChanges:
    """Names of watches, ids of feeds, names of sets: those that came, went, and read otherwise now."""

    watches_added: tuple[str, ...] = ()
    watches_removed: tuple[str, ...] = ()
    watches_changed: tuple[str, ...] = ()
    feeds_added: tuple[str, ...] = ()
    feeds_removed: tuple[str, ...] = ()
    feeds_changed: tuple[str, ...] = ()
    sets_changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != NOTHING_CHANGED


NOTHING_CHANGED = ConfigChanges()


@dataclass(frozen=True, slots=True)
class FilesRead:
    """A reading of the files. With `problems` nothing changes: what was in force stays.

    `changed_at` is when a reading of this run last changed something, which may have been an earlier one, and
    `changes` is what that changed.
    """

    version: str
    problems: tuple[Problem, ...] = ()
    is_new: bool = False  # this very reading changed something
    changes: ConfigChanges = NOTHING_CHANGED
    changed_at: datetime | None = None


def config_changes(
    feeds: Sequence[Feed], watchlist: Watchlist, new_feeds: Sequence[Feed], new_watchlist: Watchlist
) -> ConfigChanges:
    """What differs between two readings. A watch or feed is the same by its id; a set by its name."""
    old, new = watchlist.named(), new_watchlist.named()
    old_feeds, now_feeds = {feed.id: feed for feed in feeds}, {feed.id: feed for feed in new_feeds}
    return ConfigChanges(
        _names(new, new.keys() - old.keys()),
        _names(old, old.keys() - new.keys()),
        _names(new, (watch_id for watch_id in new.keys() & old.keys() if new[watch_id] != old[watch_id])),
        _in_order(now_feeds, now_feeds.keys() - old_feeds.keys()),
        _in_order(old_feeds, old_feeds.keys() - now_feeds.keys()),
        _in_order(
            now_feeds, (each for each in now_feeds.keys() & old_feeds.keys() if now_feeds[each] != old_feeds[each])
        ),
        _sets(watchlist.sets, new_watchlist.sets),
    )


def _names(watches: Mapping[WatchId, Watch], wanted: Iterable[WatchId]) -> tuple[str, ...]:
    chosen = set(wanted)
    return tuple(watch.name for watch_id, watch in watches.items() if watch_id in chosen)


def _in_order(feeds: Mapping[FeedId, Feed], wanted: Iterable[FeedId]) -> tuple[str, ...]:
    chosen = set(wanted)
    return tuple(feed_id for feed_id in feeds if feed_id in chosen)


def _sets(old: Sequence[WordSet], new: Sequence[WordSet]) -> tuple[str, ...]:
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    names = dict.fromkeys([*before, *after])
    return tuple(name for name in names if before.get(name) != after.get(name))


def change_lines(_: Translator, changes: ConfigChanges) -> Iterator[str]:
    """A line for each kind of change, as plain text; none where nothing changed."""
    if changes.watches_added:
        yield _.gettext("➕ Watches: {names}", names=_named(_, changes.watches_added))
    if changes.watches_removed:
        yield _.gettext("➖ Watches: {names}", names=_named(_, changes.watches_removed))
    if changes.watches_changed:
        yield _.gettext("✏️ Watches: {names}", names=_named(_, changes.watches_changed))
    if changes.sets_changed:
        yield _.gettext("✏️ Word sets: {names}", names=_named(_, changes.sets_changed))
    if changes.feeds_added:
        yield _.gettext("➕ Feeds: {names}", names=_named(_, changes.feeds_added))
    if changes.feeds_removed:
        yield _.gettext("➖ Feeds: {names}", names=_named(_, changes.feeds_removed))
    if changes.feeds_changed:
        yield _.gettext("✏️ Feeds: {names}", names=_named(_, changes.feeds_changed))


def _named(_: Translator, names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return _.ngettext("{names} and {n} more", "{names} and {n} more", more, names=shown) if more > 0 else shown
