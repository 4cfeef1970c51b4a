"""Watches that a chat writes for itself: drafted, marked, taught, kept, changed and ended; owns their transactions.

Leaves alone what is looked up in stored news (own_jobs.py) and how own watches are at work (app/). One job is done at a
time, the others wait in a queue; what came of it is remembered so that pages can be turned.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.errors import MonitorError, Problem
from monitor.matching.learn.edits import FieldChange
from monitor.matching.own_matcher import OwnMatcher
from monitor.pipeline.own_child import LookupFailed, Runner, item_ids, packed
from monitor.pipeline.own_jobs import Examples, Kind, Looked, OwnJob
from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import Address, ItemId, OwnWatch, Target, Watch, WatchId, Watchlist, own_id

MOST_KEPT = 20  # of one chat
MOST_DRAFTS = 5  # of one chat; the oldest goes
MOST_MARKS = 200  # of one watch: more teach it nothing new, and each costs the lesson
MOST_WAITING = 30  # jobs of all chats
MOST_REMEMBERED = 200  # watches whose examples are at hand
DRAFTS_STAY = timedelta(days=7)
LOST_STAY = timedelta(days=30)  # after a chat was lost: who blocks a bot for a week finds all as it was

ReadWatch = Callable[[str, WatchId], Watch | tuple[Problem, ...]]
"""Reads the YAML of one watch beside the files in force."""


class TooBusy(MonitorError):
    """More jobs wait than can be done soon."""


class Kept(StrEnum):
    """What became of the wish to keep a draft."""

    KEPT = "kept"
    FULL = "full"
    FOLLOWS_TOO_MUCH = "follows too much"


@dataclass(frozen=True, slots=True)
class OwnShown:
    """An own watch with what is known of it: the watch itself, its examples and marks."""

    own: OwnWatch
    watch: Watch
    looked: Looked
    marks: Mapping[ItemId, bool]


class OwnDesk:
    """What the bot asks for on behalf of a chat. Built once, where the program is wired."""

    def __init__(
        self,
        store: Store,
        run: Runner,
        *,
        files: Callable[[], Watchlist],
        read: ReadWatch,
        take_up: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        """`take_up` has own watches at work as they are now."""
        self._store = store
        self._run = run
        self._files = files
        self._read = read
        self._take_up = take_up
        self._clock = clock
        self._turn = asyncio.Lock()
        self._remembered: dict[int, tuple[str, Looked]] = {}
        self.waiting = 0  # jobs, with the one that is being done

    # ------------------------------------------------ drafts

    async def begin(self, address: Address, asked: str, *, text: str = "") -> OwnWatch:
        """A new draft of this chat; the oldest of too many goes."""
        return await self._store.write(_begin, address, asked, text, now=self._clock())

    def read(self, text: str, watch_id: WatchId) -> Watch | tuple[Problem, ...]:
        """The watch that a text says, or what is wrong with it."""
        return self._read(text, watch_id)

    async def shown(self, own: OwnWatch, *, kind: Kind | None = None, learn: bool = False) -> OwnShown | None:
        """A watch with its examples, looked up if they are not at hand; None: it was ended meanwhile.

        `kind`: drafted anew as that. `learn`: from the marks first. Raises TooBusy, and LookupFailed.
        """
        if self.is_at_hand(own) and kind is None and not learn:
            looked = self._remembered[own.number][1]
        else:
            looked = await self._look_up(own, kind=kind, learn=learn)
        return await self._present(own, looked)

    async def _present(self, own: OwnWatch, looked: Looked) -> OwnShown | None:
        def read(tx: Transaction) -> tuple[OwnWatch | None, Mapping[ItemId, bool]]:
            return tx.own_watch(own.number), tx.own_marks(own.number)

        now, marks = await self._store.read(read)
        return None if now is None else OwnShown(now, looked.watch, looked, marks)

    async def _look_up(self, own: OwnWatch, *, kind: Kind | None, learn: bool) -> Looked:
        if self.waiting >= MOST_WAITING:
            raise TooBusy
        self.waiting += 1
        try:
            async with self._turn:
                return await self._looked_up(own, kind=kind, learn=learn)
        finally:
            self.waiting -= 1

    async def _looked_up(self, own: OwnWatch, *, kind: Kind | None, learn: bool) -> Looked:
        watch = self._watch(own) if own.text and kind is None else None
        marks = await self._store.read(Transaction.own_marks, own.number) if learn else {}
        job = OwnJob(own.watch_id, own.asked, self._clock(), self._files(), watch, kind, marks)
        said = await self._run(await asyncio.to_thread(packed, job))
        text = str(said["text"])
        read = self._read(text, own.watch_id)
        if isinstance(read, tuple):
            raise LookupFailed(f"what came of it is no watch: {read[0]}")
        items, stories, days = said["numbers"]
        examples = Examples(items, stories, days, item_ids(said, "caught"), item_ids(said, "near"))
        changes = tuple(FieldChange(*change) for change in said["changes"])
        before, after = said["agreeing"]
        looked = Looked(read, examples, said["found"], changes, (before, after))
        if read != watch:
            await self._store.write(
                Transaction.write_own_watch, own.number, asked=own.asked, text=text, now=self._clock()
            )
            if own.kept_at is not None:
                await self._take_up()
        else:
            text = own.text
        self._remember(own.number, text, looked)
        return looked

    def _watch(self, own: OwnWatch) -> Watch | None:
        read = self._read(own.text, own.watch_id)
        return None if isinstance(read, tuple) else read

    def _remember(self, number: int, text: str, looked: Looked) -> None:
        self._remembered.pop(number, None)
        # what was changed is told once, behind the lesson; a page that is turned shows the watch as it is
        self._remembered[number] = (text, replace(looked, changes=(), agreeing=(0, 0)))
        while len(self._remembered) > MOST_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    # ------------------------------------------------ what a chat does with one

    async def of(self, address: Address, number: int) -> OwnWatch | None:
        """The watch of that number, if it is this chat's."""
        own = await self._store.read(Transaction.own_watch, number)
        return own if own is not None and own.address == address else None

    async def mark(self, own: OwnWatch, item_id: ItemId, is_right: bool | None) -> bool:
        """A reader's word on an article; False where it is not stored any more, or enough was marked."""

        def write(tx: Transaction) -> bool:
            marks = tx.own_marks(own.number)
            if is_right is not None and item_id not in marks and len(marks) >= MOST_MARKS:
                return False
            return tx.mark_own(own.number, item_id, is_right, now=self._clock())

        return await self._store.write(write)

    async def keep(self, own: OwnWatch, *, may_follow: Callable[[Transaction], bool]) -> Kept:
        """Have a draft at work for its chat at once, unless the chat has too many; what it brought is its past."""
        kept = await self._store.write(_keep, own, may_follow, now=self._clock())
        if kept is Kept.KEPT:
            await self._take_up()
            await self._note_past(own)
        return kept

    async def _note_past(self, own: OwnWatch) -> None:
        """Note the articles that were shown as brought, so that /latest has them; it rings for none."""
        known = self._remembered.get(own.number)
        if known is None:
            return
        looked = known[1]
        items = await self._store.read(Transaction.items_named, looked.examples.caught)
        matcher = OwnMatcher([looked.watch], self._files())
        found = await asyncio.to_thread(lambda: {item.id: matcher.match(item) for item in items.values()})

        def write(tx: Transaction) -> None:
            for item_id, matches in found.items():
                if matches and items[item_id].story_id is not None:
                    tx.add_matches(item_id, matches)

        await self._store.write_much(write)

    async def change(self, own: OwnWatch, asked: str, text: str) -> OwnWatch:
        """Another text for one. Gives the watch as it is then."""
        await self._store.write(Transaction.write_own_watch, own.number, asked=asked, text=text, now=self._clock())
        if own.kept_at is not None:
            await self._take_up()
        return replace(own, asked=asked, text=text)

    def is_at_hand(self, own: OwnWatch) -> bool:
        """Whether its examples are known, so that showing them takes no time."""
        known = self._remembered.get(own.number)
        return known is not None and known[0] == own.text

    async def end(self, own: OwnWatch) -> None:
        """It is gone at once, with its marks."""
        await self._store.write(Transaction.end_own_watch, own.number)
        self._remembered.pop(own.number, None)
        if own.kept_at is not None:
            await self._take_up()


def _begin(tx: Transaction, address: Address, asked: str, text: str, *, now: datetime) -> OwnWatch:
    drafts = [own for own in tx.own_watches(address) if own.kept_at is None]
    for own in drafts[: max(0, len(drafts) - MOST_DRAFTS + 1)]:
        tx.end_own_watch(own.number)
    number = tx.add_own_watch(address, asked=asked, text=text, now=now)
    return OwnWatch(number, address, text, asked, now)


def _keep(tx: Transaction, own: OwnWatch, may_follow: Callable[[Transaction], bool], *, now: datetime) -> Kept:
    kept = [each for each in tx.own_watches(own.address) if each.kept_at is not None]
    if own.number not in {each.number for each in kept}:
        if len(kept) >= MOST_KEPT:
            return Kept.FULL
        if not may_follow(tx):
            return Kept.FOLLOWS_TOO_MUCH
        tx.keep_own_watch(own.number, now=now)
    tx.follow(own.address, Target(own_id(own.number)), now=now)
    return Kept.KEPT


def sweep_own_watches(tx: Transaction, *, now: datetime) -> None:
    """Delete old drafts, and the watches of chats that have been out of reach for long."""
    tx.sweep_own_drafts(before=now - DRAFTS_STAY)
    tx.sweep_lost_own_watches(now=now, before=now - LOST_STAY)
