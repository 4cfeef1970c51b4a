"""Who is told of an item, a correction, a merge or a split: asks the rows, and writes what alerts.py decides.

Runs inside the transaction of whoever calls, opens none, and decides nothing itself.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    edits_of_story,
    repeats_the_day,
    with_new,
)
from monitor.pipeline.following import targets_of
from monitor.pipeline.lately_told import LatelyTold, Ringing
from monitor.pipeline.newspapers import ALL_ALIKE, Newspapers
from monitor.store.fan_out_rows import Task
from monitor.store.transaction import Transaction
from monitor.stories.changes.differences import differences
from monitor.stories.changes.tokens import Wording
from monitor.stories.grouping.review import Merge, Revision, Split
from monitor.types import (
    Address,
    Alert,
    Chat,
    Item,
    ItemId,
    Match,
    NewAlert,
    Preferences,
    Role,
    StoryId,
    StoryView,
    Target,
    Version,
    Watch,
    WatchId,
    own_number,
)

LARGE = 2_000  # chats: more are told in slices, because one transaction would hold up others' news
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
    only: frozenset[Address] | None = None  # these chats alone, a slice of a fan-out; None: all
    is_some_patient: bool | None = None  # whether any chat of all waits for several newspapers; None: not asked yet

    @property
    def _among(self) -> list[int] | None:
        return None if self.only is None else sorted({address.chat_id for address in self.only})

    def item(self, item: Item, matches: Sequence[Match], role: Role, story_id: StoryId) -> int:
        """Write the alerts that an item leads to; how many are new."""
        (number,) = self.items([Ringing(item, [match.watch_id for match in matches], role, story_id)])
        return number

    def items(self, found: Sequence[Ringing]) -> list[int]:
        """Write the alerts that items lead to, in the order of the news; how many are new of each.

        What an item leads to is known to those behind it, as if each had been written by itself. One with a large
        audience is told in slices (fan_out.py), and none of it is written here.
        """
        watches = [self.watches(each.watch_ids) for each in found]
        papers = self.newspapers({each.story_id for each in found})
        large = self._large(found, watches, papers)
        known = self._known({each.story_id for each in found if not each.is_new_story and id(each) not in large})
        telling = [
            (each, mine)
            for each, mine in zip(found, watches, strict=True)
            if id(each) not in large
            if mine or known.get(each.story_id) or papers.get(each.story_id, ALL_ALIKE).watches
        ]
        if not telling:
            return [0] * len(found)
        named = {watch.id: watch for paper in papers.values() for watch in paper.watches.values()}
        followers = self._followers([*(watch for _, mine in telling for watch in mine), *named.values()])
        heard: Mapping[Address, Collection[WatchId]] = {}
        if any(repeats_the_day(each.item) for each, _ in telling):
            heard = self.tx.heard(followers.chat_ids, since=self.now - HEARD_WITHIN)
        muted = self.tx.muted_of({each.story_id for each, _ in telling if not each.is_new_story}, among=self._among)
        lost = self.tx.unwelcome(among=self._among) if known else set()
        lately = LatelyTold.read(self.tx, telling, now=self.now, chats=self._among)
        new_alerts: list[tuple[Ringing, NewAlert]] = []
        told: set[StoryId] = set()
        for each, mine in telling:
            rows = known.setdefault(each.story_id, [])
            deaf = muted.get(each.story_id, set()) | (lost if rows else set())
            paper = replace(papers.get(each.story_id, ALL_ALIKE), wishes=followers.wishes)
            concerned = followers.of([*mine, *paper.watches.values()])
            audience = Audience(concerned, rows, deaf, heard, lately.around(each), paper)
            alerts = alerts_for_item(
                each.item, mine, each.role, each.story_id, audience, now=self.now, timing=self.timing
            )
            if alerts or rows:
                told.add(each.story_id)
            new_alerts += [(each, alert) for alert in alerts]
            known[each.story_id] = with_new(
                rows, [alert for alert in alerts if alert.story_id == each.story_id], now=self.now
            )
            lately.add(rows, known[each.story_id])
        if told and self.only is None:
            self.tx.schedule_rechecks(told, at=self.now + PAGES_AFTER)
        in_bulk = self.only is not None
        new = self.tx.enqueue_each([alert for _, alert in new_alerts], now=self.now, in_bulk=in_bulk)
        counts = Counter[int]()
        for each, alert in new_alerts:
            if (alert.address, alert.dedupe_key) in new:
                new.discard((alert.address, alert.dedupe_key))
                counts[id(each)] += 1
        return [counts[id(each)] for each in found]

    def _large(
        self, found: Sequence[Ringing], watches: Sequence[Sequence[Watch]], papers: Mapping[StoryId, Newspapers]
    ) -> set[int]:
        """Those of the items, by identity, that are told in slices; each has its fan-out then.

        So has every later item of a story that is: its news stays in order.
        """
        if self.only is not None:
            return set()
        crowded = self.tx.crowded_stories({each.story_id for each in found if not each.is_new_story}, most=LARGE)
        targets = [
            targets_of([*mine, *papers.get(each.story_id, ALL_ALIKE).watches.values()])
            if mine or papers.get(each.story_id, ALL_ALIKE).watches
            else {}
            for each, mine in zip(found, watches, strict=True)
        ]
        followers = self.tx.followers_of({target for each in targets for target in each}, most=LARGE + 1)
        large = set()
        for each, mine, followed in zip(found, watches, targets, strict=True):
            if each.story_id in crowded or sum(followers.get(target, 0) for target in followed) > LARGE:
                crowded.add(each.story_id)
                large.add(id(each))
                names = [watch.id for watch in mine]
                self.tx.add_fanout(
                    Task.ITEM, each.item.id, each.story_id, now=self.now, role=each.role, watch_ids=names
                )
        if large:
            self.tx.schedule_rechecks({each.story_id for each in found if id(each) in large}, at=self.now + PAGES_AFTER)
        return large

    def _known(self, stories: Collection[StoryId]) -> dict[StoryId, list[Alert]]:
        """The rows of stories, of the chats that are asked about."""
        known = self.tx.alerts_of_stories(stories, chats=self._among)
        if self.only is None:
            return known
        return {story: mine for story, rows in known.items() if (mine := _of_these(rows, self.only))}

    def newspapers(self, stories: Collection[StoryId]) -> dict[StoryId, Newspapers]:
        """The articles of these stories, where some chat waits until several newspapers tell one; mostly none does."""
        if not self._is_some_patient():
            return {}
        found = self.tx.witnesses(stories)
        return {
            story: Newspapers(
                witnesses=mine,
                watches={watch.id: watch for watch in self.watches(each for one in mine for each in one.watch_ids)},
            )
            for story, mine in found.items()
        }

    def _is_some_patient(self) -> bool:
        return self.tx.is_some_patient() if self.is_some_patient is None else self.is_some_patient

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
        is_large = bool(self.tx.crowded_stories([into, gone], most=LARGE))
        rows = None if is_large else self._known([into, gone])
        if not self.tx.merge_stories(gone, into, reason=found.reason):
            return None
        self.tx.note_merged(gone, now=self.now)
        self.tx.note_stories([into], now=self.now)
        if rows is None:
            self._tell_in_slices(Task.MERGE, gone)
        else:
            self._after_merge(into, gone, rows)
        return Revised(found)

    def merged(self, into: StoryId, gone: StoryId) -> None:
        """Correct what chats have of a story that is one with another since some time."""
        self._after_merge(into, gone, self._known([into, gone]))

    def _after_merge(self, into: StoryId, gone: StoryId, rows: Mapping[StoryId, list[Alert]]) -> None:
        # read at once, in the order in which a digest locks them: else each of the two may wait for the other
        of_into, of_gone = rows.get(into, []), rows.get(gone, [])
        muted = _deaf(self.tx, into, of_into + of_gone, among=self._among)
        delay = self.timing.edit_delay
        corrections = after_merge(into, gone, of_into, of_gone, muted=muted, now=self.now, edit_delay=delay)
        self.tx.refile(corrections.refiled)
        self.tx.enqueue(corrections.edits, now=self.now, in_bulk=self.only is not None)
        view = self.tx.story(into) if self._is_some_patient() else None
        if view is not None:  # together they may be told by enough newspapers
            known = {row.address for row in of_into + of_gone}
            self._tell_waiting(view, lambda each, wishes: wishes.least_outlets > 1 and each not in known)

    def _split(self, found: Split) -> Revised | None:
        is_large = bool(self.tx.crowded_stories([found.story], most=LARGE))
        rows = None if is_large else self.tx.alerts_of_story(found.story)
        new = self.tx.split_story(found.story, found.items, reason=found.reason)
        if new is None:
            return None
        self.tx.note_stories([found.story, new], now=self.now)
        if rows is None:
            self._tell_in_slices(Task.SPLIT, new)
        else:
            self._after_split(found.story, new, found.items, rows)
        view = self.tx.story(new)
        return Revised(found, () if view is None else view.items, new)

    def parted(self, story: StoryId, new: StoryId, items: Collection[ItemId]) -> None:
        """Correct what chats have of a story of which some items are a new one since some time."""
        self._after_split(story, new, items, self._rows_of(story))

    def _after_split(self, story: StoryId, new: StoryId, items: Collection[ItemId], rows: list[Alert]) -> None:
        muted = _deaf(self.tx, story, rows, among=self._among)
        delay = self.timing.edit_delay
        corrections = after_split(story, new, items, rows, muted=muted, now=self.now, edit_delay=delay)
        self.tx.refile(corrections.refiled)
        self.tx.note_told(corrections.told, now=self.now)
        self.tx.enqueue(corrections.edits, now=self.now, in_bulk=self.only is not None)
        for each in (story, new) if corrections.free else ():
            view = self.tx.story(each)
            if view is not None:
                self._tell_waiting(view, lambda address, _wishes: address in corrections.free)

    def _tell_in_slices(self, task: Task, story_id: StoryId) -> None:
        view = self.tx.story(story_id)
        if view is not None:  # else nobody can be told anything of it any more
            self.tx.add_fanout(task, view.items[0].id, story_id, now=self.now)

    def _rows_of(self, story_id: StoryId) -> list[Alert]:
        return self._known([story_id]).get(story_id, [])

    def _tell_waiting(self, view: StoryView, waits: Callable[[Address, Preferences], bool]) -> None:
        """Ring for a story that was revised in chats that wait to be told; all others heard of it."""
        items = [item for item in view.items if item.alertable and view.matches.get(item.id)]
        found = {match.watch_id for item in items for match in view.matches[item.id]}
        watches = self.watches(sorted(found))
        followers = self._followers(watches)
        waiting = {
            address: targets
            for address, targets in followers.of(watches).items()
            if waits(address, followers.wishes[address])
        }
        if not waiting:
            return
        paper = self.newspapers({view.story.id}).get(view.story.id, ALL_ALIKE)
        audience = Audience(
            waiting,
            muted=self.tx.muted(view.story.id, among=self._among),
            newspapers=replace(paper, wishes=followers.wishes),
        )
        alerts = [
            alert
            for item in items  # a chat may have muted the newspaper of the first
            for alert in alerts_for_item(item, watches, Role.NEW, view.story.id, audience, now=self.now)
        ]
        # a chat that has a row of this story already keeps it
        self.tx.enqueue(alerts, now=self.now, in_bulk=self.only is not None)

    def _followers(self, watches: Sequence[Watch]) -> "Followers":
        owners = self.tx.owners({watch.id for watch in watches})
        subscribers = self.tx.subscribers(targets_of(watches), among=self._among)
        if self.only is not None:
            subscribers = [(chat, targets) for chat, targets in subscribers if chat.address in self.only]
        return Followers(subscribers, owners)

    def watches(self, ids: Iterable[WatchId]) -> list[Watch]:
        """Those of these watches that there are at this moment, in this order."""
        return [self.active.watches[each] for each in ids if each in self.active.watches]


class Followers:
    """Chats by what they follow, for asking many times."""

    def __init__(
        self, subscribers: Sequence[tuple[Chat, tuple[Target, ...]]], owners: Mapping[WatchId, Address] = {}
    ) -> None:
        """`owners`: whose the own watches are as the rows say at this moment; nobody else's wish for one counts."""
        self._targets = {
            chat.address: tuple(each for each in targets if _is_due(each, chat.address, owners))
            for chat, targets in subscribers
        }
        self.wishes = {chat.address: chat.preferences for chat, _targets in subscribers}
        self._by_target: defaultdict[Target, list[Address]] = defaultdict(list)
        for address, targets in self._targets.items():
            for target in targets:
                self._by_target[target].append(address)

    @property
    def chat_ids(self) -> set[int]:
        """Of all of them."""
        return {address.chat_id for address in self._targets}

    def of(self, watches: Sequence[Watch]) -> dict[Address, tuple[Target, ...]]:
        """Those that follow any of the watches, with all that they follow."""
        if not watches:
            return {}
        mine = dict.fromkeys(address for target in targets_of(watches) for address in self._by_target.get(target, ()))
        return {address: self._targets[address] for address in mine}


def _is_due(target: Target, address: Address, owners: Mapping[WatchId, Address]) -> bool:
    return own_number(target) is None or owners.get(WatchId(target)) == address


def correct(
    tx: Transaction,
    item: Item,
    story_id: StoryId,
    *,
    now: datetime,
    edit_delay: timedelta,
    only: frozenset[Address] | None = None,
) -> int:
    """Ask for silent edits of what was told of an item that was changed or taken down; how many messages that are.

    Where very many were told they are asked for in slices, each of `only` some chats.
    """
    if only is None and tx.crowded_stories([story_id], most=LARGE):
        tx.add_fanout(Task.CORRECTION, item.id, story_id, now=now)
        return 0
    known, muted = told_of(tx, story_id, only)
    if not known:
        return 0
    edits = corrections_for_item(item, story_id, known=known, muted=muted, now=now, edit_delay=edit_delay)
    tx.enqueue(edits, now=now, in_bulk=only is not None)
    return len(edits)


def show_summary(tx: Transaction, story_id: StoryId, *, now: datetime, only: frozenset[Address] | None = None) -> int:
    """Have every message about a story edited that can show what was written of it; how many."""
    if only is None and tx.crowded_stories([story_id], most=LARGE):
        view = tx.story(story_id)
        if view is not None and view.items:
            tx.add_fanout(Task.SUMMARY, view.items[0].id, story_id, now=now)
        return 0
    known, muted = told_of(tx, story_id, only)
    return tx.enqueue(edits_of_story(story_id, known, muted=muted), now=now, in_bulk=only is not None)


def told_of(
    tx: Transaction, story_id: StoryId, only: frozenset[Address] | None = None
) -> tuple[list[Alert], set[Address]]:
    """The rows of a story, of all chats or of `only` these, and the chats that want no more of it."""
    among = None if only is None else sorted({address.chat_id for address in only})
    known = tx.alerts_of_story(story_id, chats=among)
    if only is not None:
        known = _of_these(known, only)
    return known, _deaf(tx, story_id, known, among=among)


def _of_these(rows: Iterable[Alert], only: Collection[Address]) -> list[Alert]:
    return [row for row in rows if row.address in only]


def _deaf(
    tx: Transaction, story_id: StoryId, known: Sequence[Alert], *, among: Collection[int] | None = None
) -> set[Address]:
    """Chats that want no more of a story, and those where the bot is not welcome any more."""
    muted = tx.muted(story_id, among=among)
    if not known:
        return muted
    return muted | tx.unwelcome(among=among)
