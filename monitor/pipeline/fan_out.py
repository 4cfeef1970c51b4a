"""News for very many chats, told in slices: a fan-out -> the alerts of its next chats; owns transaction 2 of these.

What each chat is told alerts.py decides, as for few. Chats that only follow, which are most of them, are told by one
statement; that both come to the same is held by tests. A slice takes the lock of detection for its moment and moves the
cursor in its own transaction, so that a kill between two loses nothing and tells nobody twice.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from monitor.errors import StoreError
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.alerts import EDIT_DELAY, Timing, gathers_until, repeats_the_day
from monitor.pipeline.dedupe_keys import edit_key, first_key
from monitor.pipeline.following import targets_of
from monitor.pipeline.lately_told import LatelyTold, Ringing
from monitor.pipeline.newspapers import ALL_ALIKE
from monitor.pipeline.tell import Tell, correct, show_summary
from monitor.ports import Clock
from monitor.store.fan_out_rows import FanOut, Plain, Stretch, Task
from monitor.store.transaction import Store, Transaction
from monitor.types import (
    Address,
    AlertKind,
    Item,
    NewAlert,
    Priority,
    Role,
    StoryId,
    Target,
    Watch,
    WatchId,
    own_number,
)

AT_ONCE = 1_000  # chats of a slice: a tenth of a second in which nothing else is detected
REVISED = 4  # times fewer when stories merge or split: each row is decided and written by itself
TRIES = 3  # of a slice; then those of its chats that need a decision are passed over, so that the others are told

ANYBODY = Address(0)

_log = structlog.stdlib.get_logger("monitor.fan_out")


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is asked once a fan-out and not with every slice.

    `kin` are the stories of its topic and of watches with a rate: who was told of them is not told like everybody.
    """

    number: int
    kin: frozenset[StoryId] = frozenset()
    is_some_patient: bool = False
    named: Sequence[WatchId] = ()  # by all articles of its story, where some chat waits for several of them


class FanOuts:
    """Tells the oldest fan-out, one slice at a time."""

    def __init__(
        self,
        store: Store,
        active: Callable[[], ActiveWatchlist],
        *,
        clock: Clock,
        edit_delay: timedelta = EDIT_DELAY,
        catch_up_after: timedelta | None = None,
        size: int = AT_ONCE,
    ) -> None:
        self._store = store
        self._active = active
        self._clock = clock
        self._timing = Timing(edit_delay, catch_up_after)
        self._size = size
        self._ahead = _Ahead(0)
        self._failures: tuple[int, Address | None, int] = (0, None, 0)  # of which slice, and how often

    async def claim(self, *, limit: int) -> Sequence[FanOut]:
        """The fan-out whose turn it is, with where it stands."""
        fanout = await self._store.read(Transaction.next_fanout)
        return [fanout] if fanout is not None else []

    async def tell(self, fanout: FanOut) -> None:
        """Tell the next slice of it; a slice that fails three times passes over the chats that need a decision."""
        number, after, failures = self._failures
        if (number, after) != (fanout.id, fanout.after):
            failures = 0
        try:
            told = await self._store.write_much(self._tell, fanout, failures < TRIES)
        except StoreError:
            raise
        except Exception:
            self._failures = (fanout.id, fanout.after, failures + 1)
            raise  # the stage says so and comes again
        if told is not None:
            _log.info("fan_out", item=fanout.item_id, task=fanout.task.value, alerts=told)

    def _tell(self, tx: Transaction, fanout: FanOut, decides: bool) -> int | None:
        """One slice; how many alerts are new. None when there was nothing to do any more."""
        present = tx.begin_slice(fanout.id, fanout.after)
        if present is None:
            return None
        item = tx.item(present.item_id)
        if item is None:
            tx.end_fanout(present.id)
            return None
        size = self._size
        match present.task:
            case Task.ITEM:
                part, told = self._tell_item(tx, present, item, decides)
            case Task.MERGE | Task.SPLIT:
                size = max(1, self._size // REVISED)
                part, told = self._tell_revised(tx, present, item, decides, size), 0
            case Task.CORRECTION | Task.SUMMARY:
                part, told = self._tell_edits(tx, present, item, decides)
        if len(part.addresses) < size:
            tx.end_fanout(present.id)
        else:
            tx.move_fanout(present.id, part.last)
        return told

    def _tell_edits(self, tx: Transaction, fanout: FanOut, item: Item, decides: bool) -> tuple[Stretch, int]:
        part = tx.slice_of((), fanout.story_id, after=fanout.after, size=self._size)
        if not part.addresses or not decides:
            return part, 0
        now, only = self._clock(), frozenset(part.addresses)
        if fanout.task is Task.SUMMARY:
            return part, show_summary(tx, fanout.story_id, now=now, only=only)
        delay = self._timing.edit_delay
        return part, correct(tx, item, fanout.story_id, now=now, edit_delay=delay, only=only)

    def _tell_revised(self, tx: Transaction, fanout: FanOut, item: Item, decides: bool, size: int) -> Stretch:
        """The next chats that have something of a story that merged or split, or may have waited for it."""
        tell = Tell(tx, self._active(), self._clock(), self._timing)
        after = fanout.after
        if fanout.task is Task.SPLIT:
            new, story = fanout.of_story, tx.split_from(fanout.of_story)
            part = tx.slice_of((), story or new, after=after, size=size)
            view = tx.story(new)
            if story is not None and view is not None and decides:
                tell = replace(tell, only=frozenset(part.addresses))
                tell.parted(story, new, [each.id for each in view.items])
            return part
        into, gone = fanout.story_id, fanout.of_story
        ahead = self._look_ahead(tx, tell, fanout.id, Ringing(item, (), Role.REPEAT, into))
        waiting = targets_of(tell.watches(ahead.named)) if ahead.named else ()
        part = tx.slice_of(waiting, gone, also=[into], after=after, size=size)
        if decides:
            replace(tell, only=frozenset(part.addresses), is_some_patient=ahead.is_some_patient).merged(into, gone)
        return part

    def _tell_item(self, tx: Transaction, fanout: FanOut, item: Item, decides: bool) -> tuple[Stretch, int]:
        now = self._clock()
        tell = Tell(tx, self._active(), now, self._timing)
        mine = tell.watches(fanout.watch_ids)
        ringing = Ringing(item, fanout.watch_ids, fanout.role, fanout.story_id)
        ahead = self._look_ahead(tx, tell, fanout.id, ringing)
        followed = [*mine, *tell.watches(ahead.named)]
        # a development may ring, and what is urgent takes along what waits: those are decided for each
        is_edit = fanout.role is not Role.UPDATE and all(watch.priority is not Priority.HIGH for watch in mine)
        part = tx.slice_of(
            targets_of(followed) if followed else (),
            fanout.story_id,
            after=fanout.after,
            size=self._size,
            own=[Target(watch.id) for watch in mine if own_number(watch.id) is not None],
            kin=ahead.kin,
            edits=is_edit,
        )
        if not part.addresses:
            return part, 0
        if repeats_the_day(item):  # who heard of it that day is not told: that is nowhere in one statement
            part = Stretch(part.addresses, frozenset(part.addresses))
        told = 0
        if part.apart and decides:
            told = replace(tell, only=part.apart, is_some_patient=ahead.is_some_patient).items([ringing])[0]
        plain = self._plain(fanout, item, mine, now, is_edit=is_edit)
        tx.edit_plain(plain, part, after=fanout.after, now=now)
        return part, told + tx.tell_plain(plain, part, after=fanout.after, now=now)

    def _plain(self, fanout: FanOut, item: Item, mine: Sequence[Watch], now: datetime, *, is_edit: bool) -> Plain:
        """What alerts.py decides for chats of which nothing is known but what they follow, or that they were told."""
        waits_until = gathers_until(item, self._timing, now=now)
        story = fanout.story_id
        first = NewAlert(ANYBODY, AlertKind.ALERT, first_key(story), story, item.id, not_before=waits_until)
        later = now + self._timing.edit_delay
        edit = NewAlert(ANYBODY, AlertKind.EDIT, edit_key(story), story, item.id, not_before=later)
        return Plain(first, edit if is_edit else None, _targets(mine))

    def _look_ahead(self, tx: Transaction, tell: Tell, number: int, ringing: Ringing) -> _Ahead:
        if self._ahead.number != number:
            kin = LatelyTold.kin_of(tx, ringing, tell.watches(ringing.watch_ids), now=tell.now)
            is_some_patient = tx.is_some_patient()
            papers = replace(tell, is_some_patient=is_some_patient).newspapers({ringing.story_id})
            named = tuple(papers.get(ringing.story_id, ALL_ALIKE).watches)
            self._ahead = _Ahead(number, kin, is_some_patient, named)
        return self._ahead


def _targets(watches: Collection[Watch]) -> list[tuple[WatchId, frozenset[Target], Priority]]:
    """Under which targets each watch is followed by anybody; a chat's own watch is nobody else's."""
    return [
        (watch.id, frozenset(targets_of([watch])), watch.priority) for watch in watches if own_number(watch.id) is None
    ]
