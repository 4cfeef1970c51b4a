"""A matched item -> its article read -> summary and mentions bettered; its transaction is detect's second look.

Leaves alone how a page is asked for and read (feeds/article.py). The alert has long been on its way: whatever fails
here delays and loses nothing.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from monitor.pipeline.bugs import or_failed
from monitor.pipeline.detect import Detect
from monitor.ports import ArticleReader, Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import Failed, FailureKind, Item, ItemId, Match

LEASE = timedelta(minutes=5)  # longer than one page may take with its turn in the queue of its host
RETRY_AFTER = timedelta(minutes=5)
RETRY_WITHIN = timedelta(minutes=30)  # an article that cannot be read for half an hour is no news to its readers


class Enrich:
    """Reads the articles that are wanted, each once."""

    def __init__(
        self,
        store: Store,
        reader: ArticleReader,
        detect: Detect,
        *,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reader = reader
        self._detect = detect
        self._clock = clock

    async def claim(self, *, limit: int, among: Collection[ItemId] | None = None) -> list[Item]:
        """Items whose article is wanted, leased; `among`: these alone."""
        return await self._store.write(
            Transaction.claim_fulltext, now=self._clock(), lease=LEASE, limit=limit, among=among
        )

    async def due(self, *, limit: int) -> list[ItemId]:
        """Items that could be claimed; nothing is."""
        return await self._store.read(Transaction.due_articles, now=self._clock(), limit=limit)

    async def read(self, item: Item) -> tuple[Match, ...] | Failed:
        """Read one article and look again; gives the mentions that only the full text brought."""
        found = await or_failed(lambda: self._read(item), item.url)
        if isinstance(found, Failed):
            now = self._clock()
            young = item.seen_at is None or now - item.seen_at < RETRY_WITHIN
            retry_at = now + (found.retry_after or RETRY_AFTER) if young and not found.kind.is_final else None
            await self._store.write(Transaction.fulltext_failed, item.id, retry_at=retry_at)
        return found

    async def _read(self, item: Item) -> tuple[Match, ...] | Failed:
        article = await self._reader.read(item.url) if item.url else Failed(FailureKind.NOT_FOUND, "no URL")
        if isinstance(article, Failed):
            return article
        return tuple(await self._detect.detect_again(replace(item, body=article.text)))
