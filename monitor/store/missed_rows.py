"""What is stored of one article that somebody asks about: found by its key, its address or its title.

Reads only; what follows from it is pipeline/missed_reasons.py's.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from monitor.store.feed_rows import ITEM, item_of, stored_key
from monitor.store.tables import alerts, items, row_ids, subscriptions
from monitor.store.view_rows import ViewRows
from monitor.types import Address, FeedId, SeenItem, StoryId, Target


class MissedRows(ViewRows):
    """One article, and what the rows say of it."""

    def seen_by_key(self, key: str) -> SeenItem | None:
        """The article of this key, if a feed ever listed it and it was not swept."""
        return self._seen(items.c.key == stored_key(key))

    def seen_by_address(self, urls: Collection[str], *, since: datetime) -> SeenItem | None:
        """The newest article under one of these addresses. Walks through all items since then: for who asks by hand."""
        return self._seen(self._one_of(items.c.url, urls), items.c.at >= since)

    def seen_by_title(self, title: str, *, since: datetime) -> SeenItem | None:
        """The newest article of exactly this title. Walks through all items since then."""
        return self._seen(items.c.title == title, items.c.at >= since)

    def seen_by_words(self, words: str, *, since: datetime) -> SeenItem | None:
        """The newest article in whose title or lead these words stand. Walks through all items since then."""
        told = or_(items.c.title.contains(words, autoescape=True), items.c.lead.contains(words, autoescape=True))
        return self._seen(told, items.c.at >= since)

    def feeds_of_keys(self, outlet: str, *, since: datetime) -> list[FeedId]:
        """The feeds that have listed articles whose keys begin with `outlet`; walks through all items since then."""
        mine = or_(*(items.c.key.startswith(f"{outlet}{sign}", autoescape=True) for sign in ":/"))
        rows = self._rows(select(items.c.feed_id).where(mine, items.c.at >= since).distinct().order_by(items.c.feed_id))
        return [FeedId(row.feed_id) for row in rows]

    def whys_of_story(self, story_id: StoryId) -> dict[int, str]:
        """What the rows of the outbox about a story say of themselves, by their ids; silent ones left out."""
        mine = self._one_of(alerts.c.story_id, row_ids([story_id]))
        rows = self._rows(select(alerts.c.id, alerts.c.why).where(mine, alerts.c.why != ""))
        return {row.id: row.why for row in rows}

    def followed_since(self, address: Address | None, targets: Collection[Target]) -> dict[Address, datetime]:
        """Since when chats follow any of `targets`, by the oldest of these wishes; `address`: of this chat alone."""
        wishes = select(subscriptions).where(self._one_of(subscriptions.c.target, targets))
        if address is not None:
            wishes = wishes.where(
                subscriptions.c.chat_id == address.chat_id, subscriptions.c.thread_id == address.thread_id
            )
        since: dict[Address, datetime] = {}
        for row in self._rows(wishes.order_by(subscriptions.c.since.desc())):
            since[Address(row.chat_id, row.thread_id)] = row.since
        return since

    def _seen(self, *where: ColumnElement[bool]) -> SeenItem | None:
        found = select(*ITEM, items.c.matched_at, items.c.parked_at, items.c.parked_why).where(*where)
        row = self._row(found.order_by(items.c.at.desc(), items.c.id.desc()).limit(1))
        if row is None:
            return None
        matches = self._matches_of([row.id]).get(row.id, ())
        return SeenItem(item_of(row), matches, row.matched_at, row.parked_at, row.parked_why)
