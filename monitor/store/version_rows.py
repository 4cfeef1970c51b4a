"""Articles that change or vanish after they were published.

Decides neither what is a change worth telling nor when a page counts as gone: the new wording and the verdict are
handed in. The present wording stands in `items`, earlier ones in `item_versions`, which fall with their item.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, true, update

from monitor.store.column_types import storable
from monitor.store.feed_rows import ITEM, by_stored_key, item_of
from monitor.store.index_rows import IndexRows
from monitor.store.item_rows import ItemRows
from monitor.store.tables import Values, item_versions, items, matches, row_id, row_ids, stories
from monitor.types import Fulltext, Item, ItemId, Match, NewItem, PageDue, Relisted, StoryId, Version

MOST_VERSIONS = 30  # of one article; a live ticker that goes on changing keeps its last followed wording
_STORY_ENDS = timedelta(days=7)  # older pages are not asked for: no reader comes back to their alert


class VersionRows(ItemRows, IndexRows):
    """Earlier wordings, and pages that are asked for again."""

    def listed_otherwise(self, listed: Sequence[NewItem]) -> list[Relisted]:
        """Known items that the feed which brought them now lists in words never seen of them.

        Of another feed's listing nothing is learnt: outlets shorten titles and leads by section. A wording that stood
        there before is a server's stale cache, not a change.
        """
        by_key = by_stored_key(listed)
        if not by_key:
            return []
        said = select(items.c.id, items.c.key, items.c.feed_id, items.c.title, items.c.lead)
        rows = self._rows(said.where(self._one_of(items.c.key, by_key)))
        changed = [
            (row, new_item)
            for row in rows
            if row.feed_id == (new_item := by_key[row.key]).feed_id and _wording_of(new_item) != (row.title, row.lead)
        ]
        if not changed:
            return []
        earlier = self._versions_of([row.id for row, _ in changed])
        return [
            Relisted(ItemId(str(row.id)), row.title, row.lead, new_item)
            for row, new_item in sorted(changed, key=lambda pair: pair[0].id)
            if len(earlier.get(row.id, ())) < MOST_VERSIONS
            and not _was_said(new_item, row.title, row.lead, earlier.get(row.id, ()))
        ]

    def reword(
        self,
        item_id: ItemId,
        title: str,
        lead: str,
        *,
        now: datetime,
        url: str = "",
        rings: bool = True,
        reread: bool = True,
    ) -> None:
        """Give an item another wording; the one it had becomes a version, and detection looks at it again.

        `rings`: it may still ring for what it did not name before. `reread`: its article too, if it had been read.
        """
        row = self._item_row(item_id)
        old: Values = {"item_id": row.id, "replaced_at": now, "title": row.title, "lead": row.lead}
        self._change(self._insert(item_versions).values(**old))
        self._unindex([row.id])
        new: Values = {
            "title": title,
            "lead": lead,
            "url": url or row.url,
            "edited_at": now,
            "matched_at": None,
            "alertable": row.alertable and rings,
        }
        if reread and row.fulltext_read_at is not None and row.fulltext != Fulltext.NEVER:
            new |= {"fulltext_at": now, "fulltext_attempts": 0}
        self._change(update(items).where(items.c.id == row.id).values(new))
        named = update(stories).where(stories.c.id == row.story_id, stories.c.title == row.title)
        self._change(named.values(title=title))

    def item(self, item_id: ItemId) -> Item | None:
        """An item as it stands."""
        row = self._row(select(*ITEM).where(items.c.id == row_id(item_id)))
        return None if row is None else item_of(row)

    def earlier_wordings(self, item_id: ItemId) -> tuple[Version, ...]:
        """Earlier wordings of an item that is looked at again because it was reworded; of any other item none."""
        again = (items.c.matched_at.is_(None), items.c.story_id.is_not(None), items.c.matched_version != "")
        row = self._row(select(items.c.id).where(items.c.id == row_id(item_id), *again))
        return () if row is None else self._versions_of([row.id]).get(row.id, ())

    def replace_matches(self, item_id: ItemId, found: Sequence[Match]) -> list[Match]:
        """Let `found` be all matches of an item; gives those of watches that it did not match before."""
        self._detect_alone()
        row = self._item_row(item_id)
        known = {one.watch_id for one in self._rows(select(matches.c.watch_id).where(matches.c.item_id == row.id))}
        new = [match for match in found if match.watch_id not in known]
        self._change(delete(matches).where(matches.c.item_id == row.id))
        kept = [match for match in found if match.watch_id in known]
        self._write_matches([(row, row.story_id, kept)], counted=False)
        return self._write_matches([(row, row.story_id, new)])[row.id]

    def schedule_rechecks(self, story_ids: Collection[StoryId], *, at: datetime) -> None:
        """Ask at `at` for the pages of these stories' items that were not yet asked for again."""
        mine = (
            self._one_of(items.c.story_id, row_ids(story_ids)),
            items.c.recheck_at.is_(None),
            items.c.rechecks == 0,
            items.c.url != "",
            items.c.fulltext != Fulltext.NEVER.value,
            items.c.at > at - _STORY_ENDS,
        )
        self._change(update(items).where(*mine).values(recheck_at=at))

    def claim_pages(
        self, *, now: datetime, lease: timedelta, limit: int, among: Collection[ItemId] | None = None
    ) -> list[PageDue]:
        """Items whose page is to be asked for again, longest due first, each pushed forward by `lease`.

        `among`: these alone.
        """
        mine = true() if among is None else self._one_of(items.c.id, row_ids(among))
        due = (
            select(*ITEM, items.c.rechecks, items.c.missed_at, items.c.page_title)
            .where(items.c.recheck_at <= now, mine)
            .order_by(items.c.recheck_at, items.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        pages = [PageDue(item_of(row), row.rechecks, row.missed_at, row.page_title) for row in self._rows(due)]
        if pages:
            taken = self._one_of(items.c.id, [int(page.item.id) for page in pages])
            self._change(update(items).where(taken).values(recheck_at=now + lease, recheck_by=self.worker))
        return pages

    def settle_page(
        self,
        page: PageDue,
        *,
        next_at: datetime | None,
        missed_at: datetime | None,
        gone_at: datetime | None,
        page_title: str,
        rechecks: int,
    ) -> None:
        """Write what a look at a page came to, and when the next one is."""
        seen: Values = {
            "recheck_at": next_at,
            "recheck_by": None,
            "missed_at": missed_at,
            "gone_at": gone_at,
            "page_title": page_title,
            "rechecks": rechecks,
        }
        self._change(update(items).where(items.c.id == row_id(page.item.id)).values(seen))

    def changed_since(self, since: datetime) -> tuple[int, int]:
        """How many articles were reworded and how many found gone since then."""
        changed = func.count(item_versions.c.item_id.distinct())
        edited = select(changed).where(item_versions.c.replaced_at >= since).scalar_subquery()
        gone = select(func.count()).where(items.c.gone_at >= since).scalar_subquery()
        row = self._row(select(edited.label("edited"), gone.label("gone")))
        return (0, 0) if row is None else (row.edited, row.gone)


def _was_said(new_item: NewItem, title: str, lead: str, earlier: Sequence[Version]) -> bool:
    """Whether both fields stood there before, together or apart: a cache may mix the old title with the new lead."""
    now_title, now_lead = _wording_of(new_item)
    titles = {title, *(version.title for version in earlier)}
    leads = {lead, *(version.lead for version in earlier)}
    return now_title in titles and now_lead in leads


def _wording_of(new_item: NewItem) -> tuple[str, str]:
    """Title and lead as they would be stored."""
    return storable(new_item.entry.title), storable(new_item.entry.lead)
