"""A new item -> matches, story, alerts in the outbox; owns transaction 2.

Leaves alone how items are read (poll.py), what is a mention (matching/) or the same story (stories/), and sending.
Matching and grouping happen on data read before the transaction; the story window learns only what was committed.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.errors import StoreError
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.admin_notices import tell_admins
from monitor.pipeline.alerts import EDIT_DELAY, Timing
from monitor.pipeline.dedupe_keys import notice_key
from monitor.pipeline.judge import Judge, Judged, judge_stored, without_body
from monitor.pipeline.overload import OUTBOX_FULL
from monitor.pipeline.tell import Revised, Tell
from monitor.ports import Clock, Nlp
from monitor.store.transaction import Store, Transaction
from monitor.stories.grouping.review import Revision
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.stories.grouping.window_index import KEY_MEMORY
from monitor.types import (
    Item,
    Kinship,
    Match,
    Placement,
    Remembered,
    Role,
    StoryId,
)

PARK_AFTER = 3  # failures in a row; a poisonous title must not be tried for ever
MATCH_AGAIN_WITHIN = timedelta(days=1)  # how far back a changed watchlist looks
FORGET_EVERY = timedelta(minutes=1)  # the window looks through all it holds, which takes milliseconds
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


class Detect:
    """Looks at new items, oldest first. One detector a window: grouping is decided with what came before."""

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
    ) -> None:
        self._store = store
        self._active = active
        self._window = window
        self._clock = clock
        self._judge = Judge(window, nlp)
        self._timing = Timing(edit_delay, catch_up_after)
        self._admins = frozenset(admins)
        self._asked_all = ""  # the version that every recent item was asked about
        self._forgot_at = datetime.min.replace(tzinfo=UTC)

    async def warm(self) -> int:
        """Fill the story window with what was placed within its span; how many items it holds then."""
        now = self._clock()

        def read(tx: Transaction) -> tuple[Kinship, list[Remembered]]:
            return tx.kinship(since=now - KEY_MEMORY), list(tx.window_since(now - SAME_TEXT_WINDOW))

        kin, kept_rows = await self._store.read(read)
        self._window.know(merged=kin.merged, apart=kin.apart)
        for kept in kept_rows:
            self._window.remember(kept.item, kept.story_id, kept.matches, packed=kept.packed)
        return len(self._window)

    async def unmatched(self, *, limit: int) -> list[Item]:
        """The oldest items that nobody has looked at; none while so many alerts wait that more would only wait too."""

        def read(tx: Transaction) -> list[Item]:
            if tx.backlog(now=self._clock()).waiting >= OUTBOX_FULL:
                return []
            return tx.unmatched_items(limit=limit)

        return await self._store.read(read)

    async def detect(self, item: Item) -> Detected | Parked | None:
        """Look at one item; None when that failed and will be tried again.

        This is the per-item guard: whatever an odd text provokes is counted on its row and, the third time, parked
        where `monitor status` shows it, so that it cannot stop the items behind it.
        """
        try:
            return await self._detect(item)
        except StoreError:
            raise  # the database's trouble is not this item's: nothing is counted, the sweep comes again
        except Exception as bug:
            why = f"{type(bug).__name__}: {bug}"
            parked = await self._store.write(self._note_failure, item, why)
            return Parked(item, why) if parked else None

    def _note_failure(self, tx: Transaction, item: Item, why: str) -> bool:
        """Count it on the item's row; True when that parked it."""
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

    async def _detect(self, item: Item) -> Detected:
        active = self._active()
        now = self._clock()
        if now - self._forgot_at >= FORGET_EVERY:
            self._forgot_at = now
            self._window.forget(now - SAME_TEXT_WINDOW)
        judged, placement = await self._judge.first(item, active, at=now)
        if item.story_id is not None:
            return await self._write_again(item, judged, placement, active)
        bare = without_body(item)
        now = self._clock()

        def write(tx: Transaction) -> tuple[StoryId, int, Revised | None]:
            story_id = self._save(tx, item, judged, placement, active, now)
            if judged.quotes:
                tx.save_quotes(item.id, judged.quotes)
            tell = Tell(tx, active, now, self._timing)
            alerts = tell.item(item, judged.matches, placement.role, story_id) if item.alertable else 0
            found = self._window.review(bare, story_id, judged.matches, at=item.at or now)
            return story_id, alerts, tell.revision(found) if found is not None else None

        story_id, alerts, revised = await self._store.write(write)
        self._window.remember(bare, story_id, judged.matches)
        if revised is not None:
            self._window.revise(revised.revision, revised.items, revised.story_id)
        return Detected(item, judged.matches, placement, story_id, alerts, revised.revision if revised else None)

    async def _write_again(self, item: Item, judged: Judged, placement: Placement, active: ActiveWatchlist) -> Detected:
        """An item that has a story: it was reworded, or may ring after all. The window knows it already."""
        now = self._clock()

        def write(tx: Transaction) -> tuple[StoryId, int]:
            earlier = tx.earlier_wordings(item.id)
            new = tx.replace_matches(item.id, judged.matches) if earlier else judged.matches
            story_id = self._save(tx, item, judged, placement, active, now)
            tx.save_quotes(item.id, judged.quotes)  # what an earlier wording said is taken back
            tell = Tell(tx, active, now, self._timing)
            if earlier:
                return story_id, tell.rewording(item, earlier, new, story_id)
            if item.alertable:
                return story_id, tell.item(item, judged.matches, placement.role, story_id)
            return story_id, 0

        story_id, alerts = await self._store.write(write)
        return Detected(item, judged.matches, placement, story_id, alerts)

    def _save(
        self, tx: Transaction, item: Item, judged: Judged, placement: Placement, active: ActiveWatchlist, now: datetime
    ) -> StoryId:
        packed = self._window.packed(without_body(item))
        return tx.save_detection(item, judged.matches, placement, version=active.version, now=now, packed=packed)

    async def match_again(self, *, limit: int) -> int:
        """Ask a changed watchlist about items of the last day, newest first; how many were asked about.

        Rings for nothing: a new watch finds its recent past under /latest, and the next article of such a story rings.
        """
        active, now = self._active(), self._clock()
        if active.version == self._asked_all:
            return 0  # what has come since was asked about by this very version
        since = now - MATCH_AGAIN_WITHIN
        items = await self._store.read(Transaction.outdated_items, active.version, since=since, limit=limit)
        if not items:
            self._asked_all = active.version
            return 0
        # full texts among them take tens of milliseconds each
        found = await asyncio.to_thread(lambda: {item.id: judge_stored(active.matcher, item) for item in items})

        def write(tx: Transaction) -> None:
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
        An item that nobody has looked at yet only keeps its text: its first look will read it.
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
        new = tx.replace_matches(item.id, judged.matches)
        tx.save_quotes(item.id, judged.quotes)
        placed = tx.item(item.id)  # its story may have merged or split meanwhile
        if item.alertable and placed is not None and placed.story_id is not None:
            # a full text is never a development by itself; without new matches it may still better a summary
            Tell(tx, active, now, self._timing).item(item, new, Role.REPEAT, placed.story_id)
        return new
