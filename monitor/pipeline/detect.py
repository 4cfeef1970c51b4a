"""A new item -> matches, story, alerts in the outbox; owns transaction 2.

Leaves alone how items are read (poll.py), what is a mention (matching/) or the same story (stories/), and sending.
Matching and grouping happen on data read before the transaction; the story window learns only what was committed.
Of several workers one looks at new items at a time (shared_window.py); articles are matched by whoever has read them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from monitor.errors import StoreError
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.alerts import EDIT_DELAY, Timing
from monitor.pipeline.dedupe_keys import notice_key
from monitor.pipeline.judge import Judge, Judged, is_compared, judge_stored, load_quotes, without_body
from monitor.pipeline.lately_told import Ringing
from monitor.pipeline.overload import OUTBOX_FULL, LastCount
from monitor.pipeline.shared_window import Fence, SharedWindow
from monitor.pipeline.tell import Revised, Tell
from monitor.ports import Clock, Nlp
from monitor.store.detection_rows import Detection
from monitor.store.step_rows import Learned
from monitor.store.transaction import Store, Transaction
from monitor.stories.grouping.review import Revision
from monitor.stories.grouping.window import StoryWindow
from monitor.types import Item, Match, Placement, Role, StoryId

PARK_AFTER = 3  # failures in a row; a poisonous title must not be tried for ever
MATCH_AGAIN_WITHIN = timedelta(days=1)  # how far back a changed watchlist looks
FRESH = timedelta(minutes=10)  # since it was published: older news is part of a backlog, as in the outbox
BATCH = 200  # items a transaction: their alerts wait for it, some 0.3 s
STORIES_AHEAD = 200  # numbers that are reserved beside those a batch may need: so many may be missing after a restart
MAX_BODY = 100_000  # characters of an article that are read: four times the longest of 163 real ones


@dataclass(frozen=True, slots=True)
class Detected:
    """What one item came to."""

    item: Item
    matches: tuple[Match, ...]
    placement: Placement
    story_id: StoryId
    alerts: int  # rows written to the outbox
    revision: Revision | None = None  # what it showed of stories: two are one, or one is two


@dataclass(frozen=True, slots=True)
class Parked:
    """An item that failed too often to be tried again by itself."""

    item: Item
    why: str


@dataclass(frozen=True, slots=True)
class _Placed:
    """A new item that was looked at, and its story: an old one, or the one that it opens."""

    item: Item
    judged: Judged
    placement: Placement
    story_id: StoryId
    packed: str
    is_compared: bool  # so the window remembers it

    @property
    def opens(self) -> StoryId | None:
        """The story that it opens."""
        return self.story_id if self.placement.story_id is None else None


@dataclass(frozen=True, slots=True)
class _BatchWritten:
    """What transaction 2 came to: what was found, what it showed of stories, and the step of the window."""

    detected: list[Detected]
    revised: Revised | None
    step: int | None


class Detect:
    """Looks at new items, oldest first. One detector a window: grouping is decided with what came before.

    `fence`: by which the one of several workers is known that may do so; None where there is but one (SQLite).
    """

    def __init__(
        self,
        store: Store,
        active: Callable[[], ActiveWatchlist],
        window: StoryWindow,
        *,
        clock: Clock,
        nlp: Nlp | None = None,
        admins: Collection[int] = (),
        edit_delay: timedelta = EDIT_DELAY,
        catch_up_after: timedelta | None = None,
        fence: Fence | None = None,
    ) -> None:
        self._store = store
        self._active = active
        self._window = window
        self._shared = SharedWindow(store, window, clock=clock, fence=fence)
        self._clock = clock
        self._judge = Judge(window, nlp)
        self._timing = Timing(edit_delay, catch_up_after)
        self._admins = frozenset(admins)
        self._alerts = LastCount()  # of those that wait to be sent
        self._numbers: list[StoryId] = []  # reserved for stories to come
        # the version that every recent item was asked about, and by which fence: another worker may have an older one
        self._asked_all: tuple[int | None, str] = None, ""

    async def warm(self) -> int:
        """Load what the first item would wait for, and fill the story window with what was placed within its span.

        Gives how many items the window holds then.
        """
        self._load()
        return await self._shared.warm()

    async def keep_up(self) -> int:
        """Have the story window know what another worker has placed, each second or so: for taking over at once.

        Gives how many batches that were. Costs one look into a log; nothing where this process is alone.
        """
        self._load()
        return await self._shared.keep_up()

    def _load(self) -> None:
        load_quotes()
        self._window.load()

    async def unmatched(self, *, limit: int) -> list[Item]:
        """The oldest items that nobody has looked at, fresh ones first where there is a backlog.

        None while so many alerts wait that more would only wait too, and none for a worker that stands by.
        """
        if not self._shared.may_judge():
            return []

        def read(tx: Transaction) -> list[Item]:
            now = self._clock()
            if self._alerts.is_full(lambda: tx.backlog(now=now).told_to_few >= OUTBOX_FULL, now=now):
                return []
            return tx.unmatched_items(limit=limit, fresh_since=now - FRESH)

        return await self._store.read(read)

    async def detect(self, items: Sequence[Item]) -> list[Detected | Parked | None]:
        """Look at items, in the order of the news; None where that failed and will be tried again.

        New ones are written together, BATCH at most in a transaction. Whatever an odd text provokes is counted on its
        row and, the third time, parked where `monitor status` shows it, so that it cannot stop the items behind it:
        where a batch fails, its halves are tried. Raises RoleLost, a StoreError, where another worker has taken over:
        then nothing of the batch is written, and the window forgets it.
        """
        came: list[Detected | Parked | None] = []
        async with self._shared.turn() as fence:
            while len(came) < len(items):
                rest = items[len(came) :]
                new = list(takewhile(lambda item: item.story_id is None, rest))
                if new:
                    came += await self._detect_or_halve(new, self._detect_new, fence)
                else:
                    came += await self._detect_or_halve(rest[:1], self._detect_again, fence)
        return came

    async def _detect_or_halve(
        self,
        items: Sequence[Item],
        detect: Callable[[Sequence[Item], int | None], Awaitable[Sequence[Detected]]],
        fence: int | None,
    ) -> list[Detected | Parked | None]:
        came: list[Detected | Parked | None] = []
        while len(came) < len(items):
            rest = items[len(came) :]
            try:
                came += await detect(rest, fence)
            except StoreError:
                raise  # the database's trouble is not this item's: nothing is counted, the sweep comes again
            except Exception as bug:
                if len(rest) > 1:
                    came += await self._detect_or_halve(rest[: len(rest) // 2], detect, fence)
                else:
                    why = f"{type(bug).__name__}: {bug}"
                    parked = await self._store.write(self._note_failure, rest[0], why, fence)
                    came.append(Parked(rest[0], why) if parked else None)
        return came

    def _note_failure(self, tx: Transaction, item: Item, why: str, fence: int | None) -> bool:
        """Count it on the item's row; True when that parked it."""
        self._shared.check(tx, fence)
        now = self._clock()
        parked = tx.note_failure(item.id, why, park_after=PARK_AFTER, now=now)
        if parked:
            tell_admins(
                tx,
                self._admins,
                lambda _: _.gettext(
                    "⚠️ Item {id} could not be read three times and is parked: {why}", id=item.id, why=why
                ),
                dedupe_key=notice_key("parked", item.id),
                now=now,
            )
        return parked

    async def _detect_new(self, items: Sequence[Item], fence: int | None) -> Sequence[Detected]:
        """Look at the first of these items, up to one that shows two stories to be one, or one two; write them."""
        active, now = self._active(), self._clock()
        if len(self._numbers) < len(items):
            lacking = len(items) - len(self._numbers) + STORIES_AHEAD
            self._numbers += await self._store.write(Transaction.reserve_stories, lacking)
        with self._window.trial():
            placed, found = await self._place(items, active, now)
            try:
                written = await self._store.write(self._write_new, placed, found, active, fence)
            except (StoreError, asyncio.CancelledError):
                self._numbers.clear()  # a commit whose answer got lost may have used them
                raise
        del self._numbers[: sum(each.opens is not None for each in placed)]
        if (revised := written.revised) is not None:
            self._window.revise(revised.revision, revised.items, revised.story_id)
        self._shared.learned(written.step)
        return written.detected

    async def _place(
        self, items: Sequence[Item], active: ActiveWatchlist, now: datetime
    ) -> tuple[list[_Placed], Revision | None]:
        """Judge items and teach the window; the last one may show two stories to be one, or one to be two."""
        numbers = iter(self._numbers)
        placed: list[_Placed] = []
        for item in items:
            bare, at = without_body(item), item.at or now
            judged, placement = await self._judge.first(item, active, at=now, bare=bare)
            story_id = placement.story_id or next(numbers)
            found, packed = None, ""
            if compared := is_compared(item, judged.matches, at, now):
                # nobody was told of what came silently: later news may still show what is one with it
                found = self._window.review(bare, story_id, judged.matches, at=at) if item.alertable else None
                packed = self._window.packed(bare)
                self._window.remember(bare, story_id, judged.matches, at=at)
            placed.append(_Placed(item, judged, placement, story_id, packed, compared))
            if found is not None:
                return placed, found
            await asyncio.sleep(0)  # an item takes milliseconds: let the others breathe
        return placed, None

    def _write_new(
        self,
        tx: Transaction,
        placed: Sequence[_Placed],
        found: Revision | None,
        active: ActiveWatchlist,
        fence: int | None,
    ) -> _BatchWritten:
        """Transaction 2 of new items, and of what the last one showed."""
        self._shared.check(tx, fence)
        now = self._clock()
        rows = [
            Detection(each.item, each.judged.all_matches, each.placement, each.opens, each.packed) for each in placed
        ]
        stories = tx.save_detections(rows, version=active.version, now=now)
        for each in placed:
            if stories[each.item.id] != each.story_id:
                raise StoreError(f"another process has placed item {each.item.id} meanwhile")
        tx.add_quotes({each.item.id: each.judged.quotes for each in placed if each.judged.quotes})
        # what opens a story and names nobody makes no news; what joins one may be news of it
        shown = {each.story_id for each in placed if each.judged.all_matches or each.opens is None}
        tx.note_stories(shown, now=now)
        opened = {each.opens for each in placed}
        ringing = [
            Ringing(
                each.item,
                [match.watch_id for match in each.judged.all_matches],
                each.placement.role,
                each.story_id,
                each.story_id in opened,
            )
            for each in placed
            if each.item.alertable
        ]
        tell = Tell(tx, active, now, self._timing)
        alerts = dict(zip((each.item.id for each in ringing), tell.items(ringing), strict=True))
        revised = tell.revision(found) if found is not None else None
        revisions = [None] * (len(placed) - 1) + [revised.revision if revised is not None else None]
        detected = [
            Detected(
                each.item, each.judged.all_matches, each.placement, each.story_id, alerts.get(each.item.id, 0), revision
            )
            for each, revision in zip(placed, revisions, strict=True)
        ]
        learned = [Learned(each.item.id, each.story_id, each.judged.matches) for each in placed if each.is_compared]
        return _BatchWritten(detected, revised, self._shared.note(tx, learned, revised, fence=fence, now=now))

    async def _detect_again(self, items: Sequence[Item], fence: int | None) -> Sequence[Detected]:
        """An item that has a story: it was reworded, or may ring after all."""
        (item,) = items
        active, now = self._active(), self._clock()
        bare = without_body(item)
        judged, placement = await self._judge.first(item, active, at=now, bare=bare)
        is_known = self._window.knows(bare)  # else it had come silently, and was not compared
        packed = "" if is_known else self._window.packed(bare)

        def write(tx: Transaction) -> tuple[StoryId, int, int | None]:
            self._shared.check(tx, fence)
            now = self._clock()
            earlier = tx.earlier_wordings(item.id)
            new = tx.replace_matches(item.id, judged.all_matches) if earlier else judged.all_matches
            story_id = tx.save_detection(
                item, judged.all_matches, placement, version=active.version, now=now, packed=packed
            )
            tx.save_quotes(item.id, judged.quotes)  # what an earlier wording said is taken back
            tx.note_stories([story_id], now=now)
            learned = [] if is_known else [Learned(item.id, story_id, judged.matches)]
            step = self._shared.note(tx, learned, None, fence=fence, now=now)
            tell = Tell(tx, active, now, self._timing)
            alerts = 0
            if earlier:
                alerts = tell.rewording(item, earlier, new, story_id)
            elif item.alertable:
                alerts = tell.item(item, judged.all_matches, placement.role, story_id)
            return story_id, alerts, step

        story_id, alerts, step = await self._store.write(write)
        if not is_known:
            self._window.remember(bare, story_id, judged.matches, at=item.at or now)
        self._shared.learned(step)
        return [Detected(item, judged.all_matches, placement, story_id, alerts)]

    async def match_again(self, *, limit: int) -> int:
        """Ask a changed watchlist about items of the last day, newest first; how many were asked about.

        Rings for nothing: a new watch finds its recent past under /latest, and the next article of such a story rings.
        """
        if not self._shared.may_judge():
            return 0
        active, now, fence = self._active(), self._clock(), self._shared.fence()
        if (fence, active.version) == self._asked_all:
            return 0  # what has come since was asked about by this very version
        since = now - MATCH_AGAIN_WITHIN
        items = await self._store.read(Transaction.outdated_items, active.version, since=since, limit=limit)
        if not items:
            self._asked_all = fence, active.version
            return 0
        # full texts among them take tens of milliseconds each
        found = await asyncio.to_thread(lambda: {item.id: judge_stored(active.matcher, item) for item in items})

        def write(tx: Transaction) -> None:
            self._shared.check(tx, fence)
            for item_id, judged in found.items():
                if judged.matches:
                    tx.add_matches(item_id, judged.matches)
                if judged.quotes:
                    tx.save_quotes(item_id, judged.quotes)
            tx.mark_matched(list(found), active.version)

        await self._store.write(write)
        return len(items)

    async def detect_again(self, item: Item) -> Sequence[Match]:
        """Match an item whose full text has come; what is new there may ring, what was told is edited.

        The caller (enrich.py) hands in the item with its body. Runs its own transaction 2, with the text saved in it.
        An item that nobody has looked at yet only keeps its text: its first look will read it. Any worker may do this:
        it neither asks nor teaches the story window.
        """
        active = self._active()
        present = await self._store.read(Transaction.item, item.id)  # its title may have changed meanwhile
        item = replace(present or item, body=item.body[:MAX_BODY])
        judged = await self._judge.article(item, active)
        return await self._store.write(self._save_article, item, judged, active)

    def _save_article(self, tx: Transaction, item: Item, judged: Judged, active: ActiveWatchlist) -> Sequence[Match]:
        """Write a full text and what it says; what is new of that."""
        now = self._clock()
        tx.save_fulltext(item.id, item.body, now=now)
        if item.story_id is None:
            return ()
        if tx.earlier_wordings(item.id):
            return ()  # and it will be looked at again, with this text
        new = tx.replace_matches(item.id, judged.all_matches)
        tx.save_quotes(item.id, judged.quotes)
        placed = tx.item(item.id)  # its story may have merged or split meanwhile
        if placed is None or placed.story_id is None:
            return new
        tx.note_stories([placed.story_id], now=now)
        if item.alertable:
            # a full text is never a development by itself; without new matches it may still better a summary
            Tell(tx, active, now, self._timing).item(item, new, Role.REPEAT, placed.story_id)
        return new
