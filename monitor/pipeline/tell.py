"""Who is told of an item, a correction, a merge or a split: asks the rows, and writes what alerts.py decides.

Runs inside the transaction of whoever calls, opens none, and decides nothing itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.alerts import (
    HEARD_WITHIN,
    Audience,
    Timing,
    after_merge,
    after_split,
    alerts_for_item,
    corrections_for_item,
    repeats_the_day,
)
from monitor.pipeline.following import targets_of
from monitor.store.transaction import Transaction
from monitor.stories.changes.differences import differences
from monitor.stories.changes.tokens import Wording
from monitor.stories.grouping.review import Merge, Revision, Split
from monitor.types import (
    Address,
    Alert,
    ChatState,
    Item,
    Match,
    Role,
    StoryId,
    StoryView,
    Target,
    Version,
    Watch,
    WatchId,
)

PAGES_AFTER = timedelta(minutes=30)  # how soon the pages of a story that was told are asked for again (recheck.py)


@dataclass(frozen=True, slots=True)
class Revised:
    """A merge or split that was written: what the story window is to take in."""

    revision: Revision
    items: Sequence[Item] = ()  # of a split: those that are a story of their own now
    story_id: StoryId | None = None  # and its id


@dataclass(frozen=True, slots=True)
class Tell:
    """What chats are told, at one moment and by one watchlist."""

    tx: Transaction
    active: ActiveWatchlist
    now: datetime
    timing: Timing

    def item(self, item: Item, matches: Sequence[Match], role: Role, story_id: StoryId) -> int:
        """Write the alerts that an item leads to; how many are new."""
        watches = self._watches(match.watch_id for match in matches)
        known = self.tx.alerts_of_story(story_id)
        if not watches and not known:
            return 0
        followers = self._followers(watches)
        heard: Mapping[Address, Collection[WatchId]] = {}
        if repeats_the_day(item):
            heard = self.tx.heard({each.chat_id for each in followers}, since=self.now - HEARD_WITHIN)
        muted = _deaf(self.tx, story_id, known)
        audience = Audience(followers, known, muted, heard)
        alerts = alerts_for_item(item, watches, role, story_id, audience, now=self.now, timing=self.timing)
        if alerts or known:
            self.tx.schedule_rechecks(story_id, at=self.now + PAGES_AFTER)
        return self.tx.enqueue(alerts, now=self.now)

    def rewording(self, item: Item, earlier: Sequence[Version], new: Sequence[Match], story_id: StoryId) -> int:
        """An item reads otherwise than before: what it names now may ring, what was told of it is edited.

        A cosmetic change waits for the next edit of the message.
        """
        present = Wording(item.title, item.lead)
        matters = any(differences(Wording(past.title, past.lead), present) for past in earlier)
        alerts = self.item(item, new, Role.REPEAT, story_id) if new and item.alertable else 0
        if not matters:
            return alerts
        return alerts + correct(self.tx, item, story_id, now=self.now, edit_delay=self.timing.edit_delay)

    def revision(self, found: Revision) -> Revised | None:
        """Merge or split stories and correct what chats have of them; None where nothing changed."""
        match found:
            case Merge():
                return self._merge(found)
            case Split():
                return self._split(found)
            case _:
                assert_never(found)

    def _merge(self, found: Merge) -> Revised | None:
        into, gone = found.into, found.gone
        of_into, of_gone = self.tx.alerts_of_story(into), self.tx.alerts_of_story(gone)
        if not self.tx.merge_stories(gone, into, reason=found.reason):
            return None
        muted = _deaf(self.tx, into, of_into + of_gone)
        delay = self.timing.edit_delay
        corrections = after_merge(into, gone, of_into, of_gone, muted=muted, now=self.now, edit_delay=delay)
        self.tx.refile(corrections.refiled)
        self.tx.enqueue(corrections.edits, now=self.now)
        return Revised(found)

    def _split(self, found: Split) -> Revised | None:
        rows = self.tx.alerts_of_story(found.story)
        new = self.tx.split_story(found.story, found.items, reason=found.reason)
        if new is None:
            return None
        muted = _deaf(self.tx, found.story, rows)
        delay = self.timing.edit_delay
        corrections = after_split(found.story, new, found.items, rows, muted=muted, now=self.now, edit_delay=delay)
        self.tx.refile(corrections.refiled)
        self.tx.note_told(corrections.told, now=self.now)
        self.tx.enqueue(corrections.edits, now=self.now)
        views = [view for view in (self.tx.story(found.story), self.tx.story(new)) if view is not None]
        for view in views if corrections.free else ():
            self._part_of_a_story(view, corrections.free)
        return Revised(found, views[-1].items, new)

    def _part_of_a_story(self, view: StoryView, free: Collection[Address]) -> None:
        """Ring for a part of a story in chats that wait to be told; all others heard of it with the rest."""
        item = next((item for item in view.items if item.alertable and view.matches.get(item.id)), None)
        if item is None:
            return
        found = {match.watch_id for each in view.items for match in view.matches.get(each.id, ()) if each.alertable}
        watches = self._watches(sorted(found))
        followers = {each: targets for each, targets in (self._followers(watches)).items() if each in free}
        audience = Audience(followers, muted=self.tx.muted(view.story.id))
        alerts = alerts_for_item(item, watches, Role.NEW, view.story.id, audience, now=self.now)
        self.tx.enqueue(alerts, now=self.now)  # a chat that has a row of this story already keeps it

    def _watches(self, ids: Iterable[WatchId]) -> list[Watch]:
        return [self.active.watches[each] for each in ids if each in self.active.watches]

    def _followers(self, watches: Sequence[Watch]) -> dict[Address, tuple[Target, ...]]:
        if not watches:
            return {}
        return {chat.address: targets for chat, targets in self.tx.subscribers(targets_of(watches))}


def correct(tx: Transaction, item: Item, story_id: StoryId, *, now: datetime, edit_delay: timedelta) -> int:
    """Ask for silent edits of what was told of an item that was changed or taken down; how many messages that are."""
    known = tx.alerts_of_story(story_id)
    if not known:
        return 0
    muted = _deaf(tx, story_id, known)
    edits = corrections_for_item(item, story_id, known=known, muted=muted, now=now, edit_delay=edit_delay)
    tx.enqueue(edits, now=now)
    return len(edits)


def _deaf(tx: Transaction, story_id: StoryId, known: Sequence[Alert]) -> set[Address]:
    """Chats that want no more of a story, and those where the bot is not welcome any more."""
    muted = tx.muted(story_id)
    if not known:
        return muted
    return muted | {chat.address for chat in tx.chats({ChatState.BLOCKED, ChatState.BARRED})}
