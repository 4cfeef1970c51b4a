"""A told article -> its page asked for again -> chats hear that it was taken down, or is back.

Leaves alone how a page is asked for (feeds/article.py) and what an edit says (compose.py). Only articles of stories
that some chat was told of are asked for, four times; what is asked is whether the page stands, not what it says.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.pipeline.alerts import EDIT_DELAY
from monitor.pipeline.bugs import or_failed
from monitor.pipeline.tell import PAGES_AFTER, correct
from monitor.ports import ArticleReader, Clock
from monitor.store.transaction import Store, Transaction
from monitor.stories.changes.differences import differences
from monitor.stories.changes.tokens import Wording
from monitor.types import Failed, Item, ItemId, Page, PageDue

LEASE = timedelta(minutes=5)  # longer than one page may take with its turn in the queue of its host
LOOKS = (PAGES_AFTER, timedelta(hours=2), timedelta(hours=8), timedelta(hours=24))  # after the story was told
SECOND_LOOK = timedelta(minutes=8)  # a page that is missed once may be a server's bad minute
BACK_WITHIN = timedelta(hours=24)  # after the last look a page that is gone is asked for once more


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at a page comes to, and when the next one is (None: never)."""

    next_at: datetime | None
    missed_at: datetime | None
    gone_at: datetime | None
    rechecks: int
    page_title: str
    new_title: str = ""  # the page calls itself so now, and that matters


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A page was asked for again: what came of it."""

    item: Item
    seen: Page | Failed
    verdict: Verdict
    edits: int = 0  # messages that say so

    @property
    def vanished(self) -> bool:
        """It was found to be gone just now."""
        return self.verdict.gone_at is not None and self.item.gone_at is None

    @property
    def returned(self) -> bool:
        """It stands again."""
        return self.verdict.gone_at is None and self.item.gone_at is not None


def judge_page(due: PageDue, seen: Page | Failed, *, now: datetime) -> Verdict:
    """Decide by one look. Gone is what is missed twice in a row; a server in trouble says nothing of its articles."""
    if isinstance(seen, Page):
        next_at = _next_look(due, None, now)
        title = seen.title or due.page_title
        return Verdict(next_at, None, None, due.rechecks + 1, title, _new_title(due, seen.title))
    gone_at, missed_at = due.item.gone_at, None
    if seen.kind.is_missing:
        if gone_at is None and due.missed_at is None:
            return Verdict(now + SECOND_LOOK, now, None, due.rechecks, due.page_title)
        gone_at, missed_at = gone_at or due.missed_at, due.missed_at
    next_at = _next_look(due, gone_at, now)
    if next_at is not None and seen.retry_after is not None:
        next_at = max(next_at, now + seen.retry_after)
    return Verdict(next_at, missed_at, gone_at, due.rechecks + 1, due.page_title)


def _next_look(due: PageDue, gone_at: datetime | None, now: datetime) -> datetime | None:
    """When the page is asked for again; None: never. One that is gone gets one look more: it may come back."""
    done = due.rechecks + 1
    if done < len(LOOKS):
        return now + LOOKS[done] - LOOKS[done - 1]
    return now + BACK_WITHIN if gone_at is not None and done == len(LOOKS) else None


def _new_title(due: PageDue, title: str) -> str:
    """The headline in `title` when it says something else than before, less what the outlet puts around it.

    Known only where the page had the feed's own headline when it was first asked for; else pages and feeds that name
    one article in two ways would pass for changes.
    """
    headline = due.item.title
    if not headline or headline not in due.page_title or title == due.page_title:
        return ""
    before, _, behind = due.page_title.partition(headline)
    if not (title.startswith(before) and title.endswith(behind)) or len(title) <= len(before) + len(behind):
        return ""
    new = title[len(before) : len(title) - len(behind)].strip()
    return new if new and differences(Wording(headline), Wording(new)) else ""


class Recheck:
    """Asks for the pages of told articles again."""

    def __init__(
        self, store: Store, reader: ArticleReader, *, clock: Clock, edit_delay: timedelta = EDIT_DELAY
    ) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock
        self._edit_delay = edit_delay

    async def claim(self, *, limit: int, among: Collection[ItemId] | None = None) -> list[PageDue]:
        """Pages that are due, leased; `among`: of these items alone."""
        return await self._store.write(
            Transaction.claim_pages, now=self._clock(), lease=LEASE, limit=limit, among=among
        )

    async def due(self, *, limit: int) -> list[ItemId]:
        """Items whose page could be claimed; nothing is."""
        return await self._store.read(Transaction.due_pages, now=self._clock(), limit=limit)

    async def recheck(self, due: PageDue) -> Rechecked:
        """Ask for one page and write the verdict, with the edits that tell of it, in one transaction."""
        seen = await or_failed(lambda: self._reader.check(due.item.url), due.item.url)
        now = self._clock()
        verdict = judge_page(due, seen, now=now)
        edits = await self._store.write(self._settle, due, verdict, now)
        return Rechecked(due.item, seen, verdict, edits)

    def _settle(self, tx: Transaction, due: PageDue, verdict: Verdict, now: datetime) -> int:
        """Write a verdict; how many messages are to say so."""
        tx.settle_page(
            due,
            next_at=verdict.next_at,
            missed_at=verdict.missed_at,
            gone_at=verdict.gone_at,
            page_title=verdict.page_title,
            rechecks=verdict.rechecks,
        )
        if verdict.new_title:
            tx.reword(due.item.id, verdict.new_title, due.item.lead, now=now)
        story_id = due.item.story_id
        if story_id is None or (verdict.gone_at is None) == (due.item.gone_at is None):
            return 0
        tx.note_stories([story_id], now=now)
        return correct(tx, due.item, story_id, now=now, edit_delay=self._edit_delay)
