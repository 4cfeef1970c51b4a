"""The story window of one worker of several: kept up with what the others place, so that each may take over at once.

Decides nothing of news: detect.py judges, in its turn, and says what was committed. A worker that is alone (SQLite)
has its window to itself: nothing is noted, and there is nothing to keep up with.

What else detection keeps in memory does not matter to a worker that takes over. The quotes' and words' tables ship
with the program. Numbers of stories that were reserved and not used are never given again, to nobody. When the window
last forgot, and how full the outbox was, goes by the clock. Which watchlist all recent items were asked about is asked
anew after each change of hands (detect.py). What was told of a topic, and to whom, is read from the rows each time. And
what the window knows of the last item goes by that item and by all that was learned since.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from monitor.errors import RoleLost
from monitor.pipeline.tell import Revised
from monitor.ports import Clock
from monitor.store.role_names import GROUP
from monitor.store.step_rows import STEPS_AT_ONCE, Learned, WindowStep
from monitor.store.transaction import Store, Transaction
from monitor.stories.grouping.review import Merge, Split
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.stories.grouping.window_index import FORGOTTEN_AT_ONCE, KEY_MEMORY
from monitor.types import Item, ItemId, Kinship, Remembered, Version

BREATHE_AFTER = 20  # items or steps that are learnt, some milliseconds
FORGET_EVERY = timedelta(minutes=1)

Fence = Callable[[], int | None]
"""The number of the role's last change of hands while this worker holds it; None while another one does."""


class SharedWindow:
    """A story window with its place among the steps of all workers. `fence` None: this process is alone."""

    def __init__(self, store: Store, window: StoryWindow, *, clock: Clock, fence: Fence | None = None) -> None:
        self._store = store
        self._window = window
        self._clock = clock
        self._fence = fence
        self._turn = asyncio.Lock()
        self._learned: int | None = None  # the last step that the window knows
        self._in_step = False  # False: something may have been committed that the window does not know
        self._kept_for: int | None = None  # the fence since which nobody else can have committed
        self._forgot_at = datetime.min.replace(tzinfo=UTC)
        self._forgets = False  # there was more to forget than at once

    def may_judge(self) -> bool:
        """Whether this worker is the one that groups."""
        return self._fence is None or self._fence() is not None

    def fence(self) -> int | None:
        """What `check` is to be given by whoever writes later. Raises RoleLost while another worker groups."""
        if self._fence is None:
            return None
        fence = self._fence()
        if fence is None:
            raise RoleLost("another worker groups")
        return fence

    def check(self, tx: Transaction, fence: int | None) -> None:
        """See, and hold until the commit, that this worker is still the one that groups. Raises RoleLost."""
        if fence is not None:
            tx.check_fence(GROUP, fence)

    async def warm(self) -> int:
        """Fill the window with what was placed within its span, in the order in which it was; how much that is.

        One that was filled before is kept up.
        """
        async with self._turn:
            if self._learned is None:
                await self._fill()
            else:
                await self._keep_up()
            return len(self._window)

    async def keep_up(self) -> int:
        """Learn what other workers have committed since the last time; how many steps that were. Cheap when none.

        A window that was never filled is filled.
        """
        async with self._turn:
            return await self._keep_up()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[int | None]:
        """Have the window to oneself, in step with all that was committed; gives the fence for `check`.

        Raises RoleLost while another worker groups. Behind an error the window counts as out of step: an answer that
        got lost may have been that of a commit.
        """
        async with self._turn:
            fence = self.fence()
            if fence is not None and (fence != self._kept_for or not self._in_step):
                await self._keep_up()
                self._kept_for = fence
            self._forget()
            try:
                yield fence
            except BaseException:
                self._in_step = False
                raise

    def note(
        self, tx: Transaction, placed: Sequence[Learned], revised: Revised | None, *, fence: int | None, now: datetime
    ) -> int | None:
        """Write down what the window learns if this transaction is committed; then tell `learned` its number."""
        if fence is None or not (placed or revised):
            return self._learned
        step = WindowStep(tuple(placed))
        match revised:
            case None:
                pass
            case Revised(revision=Merge(into=into, gone=gone)):
                step = WindowStep(tuple(placed), merged=(into, gone))
            case Revised(revision=Split(story=story, items=items), story_id=new):
                assert new is not None
                step = WindowStep(tuple(placed), parted=(story, new, items))
        return tx.note_step(step, after=self._learned or 0, now=now)

    def learned(self, number: int | None) -> None:
        """It was committed, and the window knows it."""
        self._learned = number

    async def _fill(self) -> None:
        now = self._clock()

        def read(tx: Transaction) -> tuple[Kinship, _StepsRead, int]:
            steps = [] if self._fence is None else tx.steps_after(0)
            kept = {each.item.id: each for each in tx.window_since(now - SAME_TEXT_WINDOW)}
            rows = _StepsRead(steps, kept, tx.versions_of(kept) if steps else {})
            return tx.kinship(since=now - KEY_MEMORY), rows, tx.last_step()

        kin, rows, last = await self._store.read(read)
        noted = {each.item_id for step in rows.steps for each in step.placed}
        with self._window.trial():
            self._window.know(merged=kin.merged, apart=kin.apart)
            for number, each in enumerate(rows.kept.values()):
                if each.item.id not in noted:  # from before there were steps
                    self._window.remember(each.item, each.story_id, each.matches, packed=each.packed)
                    await self._breathe(number)
            for number, step in enumerate(rows.steps):
                self._learn(step, rows)
                await self._breathe(number)
        self._learned, self._in_step = last, True

    async def _breathe(self, number: int) -> None:
        """Let others go on: it takes seconds for a large window."""
        if number % BREATHE_AFTER == 0:
            await asyncio.sleep(0)

    async def _keep_up(self) -> int:
        if self._fence is None:
            return 0
        if self._learned is None:
            await self._fill()
            return 0
        count, read = 0, STEPS_AT_ONCE
        while read == STEPS_AT_ONCE:
            rows = await self._store.read(_StepsRead.behind, self._learned)
            for step in rows.steps:
                with self._window.trial():
                    self._learn(step, rows)
                self._learned = step.number
                await asyncio.sleep(0)  # a step may hold many items: let the others breathe
            read = len(rows.steps)
            count += read
        self._forget()
        self._in_step = True
        return count

    def _learn(self, step: WindowStep, rows: "_StepsRead") -> None:
        """As whoever took the step has learned it; what is not kept any more would have been forgotten by now."""
        for each in step.placed:
            if (kept := rows.kept.get(each.item_id)) is not None:
                item = rows.as_it_read(kept.item, step)
                self._window.remember(item, each.story_id, each.matches, packed=kept.packed)
        if step.merged is not None:
            into, gone = step.merged
            self._window.revise(Merge(into, gone))
        if step.parted is not None:
            story, new, mine = step.parted
            self._window.revise(Split(story, mine), [rows.kept[each].item for each in mine if each in rows.kept], new)

    def _forget(self) -> None:
        now = self._clock()
        if self._forgets or now - self._forgot_at >= FORGET_EVERY:
            self._forgot_at = now
            self._forgets = self._window.forget(now - SAME_TEXT_WINDOW, most=FORGOTTEN_AT_ONCE)


@dataclass(frozen=True, slots=True)
class _StepsRead:
    """Steps, and what the rows have of their items."""

    steps: Sequence[WindowStep]
    kept: Mapping[ItemId, Remembered]
    versions: Mapping[ItemId, Sequence[Version]]

    @classmethod
    def behind(cls, tx: Transaction, number: int) -> Self:
        """The steps behind that number, STEPS_AT_ONCE at most."""
        steps = tx.steps_after(number, limit=STEPS_AT_ONCE)
        named = {item_id for step in steps for item_id in step.item_ids}
        return cls(steps, tx.to_remember(named), tx.versions_of(named))

    def as_it_read(self, item: Item, step: WindowStep) -> Item:
        """The item in the words that it had at that step: the window does not learn later ones."""
        for version in self.versions.get(item.id, ()):
            if step.at is not None and version.replaced_at > step.at:
                return replace(item, title=version.title, lead=version.lead)
        return item
