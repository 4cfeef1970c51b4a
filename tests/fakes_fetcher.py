"""A newsstand in place of the outlets' servers: what is laid out is what the next poll brings."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from monitor.types import (
    Article,
    Bookmark,
    Entry,
    Failed,
    FailureKind,
    Feed,
    FeedId,
    Fetched,
    FetchResult,
    NotModified,
    Page,
)

SOME_DAY = datetime(2026, 8, 23, tzinfo=UTC)  # that a whole body was given counts, not when


@dataclass
class FakeFetcher:
    """ports.Fetcher over lists of entries; `troubles` are answered once each, first in first out."""

    shelves: dict[FeedId, list[Entry]] = field(default_factory=dict)
    troubles: dict[FeedId, list[Failed]] = field(default_factory=dict)

    def publish(self, feed_id: str, key: str, title: str, lead: str = "", *, at: datetime | None = None) -> Entry:
        url = f"https://{feed_id}.example/{key}.html"
        entry = Entry(f"{feed_id}:{key}", url, url, title, lead, published_at=at)
        self.shelves.setdefault(FeedId(feed_id), []).insert(0, entry)
        return entry

    def reword(self, feed_id: str, key: str, title: str, lead: str | None = None) -> None:
        """The outlet changes title and lead under the same address."""
        shelf = self.shelves[FeedId(feed_id)]
        for place, entry in enumerate(shelf):
            if entry.key == f"{feed_id}:{key}":
                shelf[place] = replace(entry, title=title, lead=entry.lead if lead is None else lead)

    def retitle(self, feed_id: str, key: str, title: str) -> None:
        """The outlet changes a headline, and with it the URL; its article id stays."""
        shelf = self.shelves[FeedId(feed_id)]
        for place, entry in enumerate(shelf):
            if entry.key == f"{feed_id}:{key}":
                shelf[place] = replace(entry, title=title, url=entry.url.replace(".html", "-moi.html"))

    def fail(self, feed_id: str, why: str, kind: FailureKind = FailureKind.HTTP) -> None:
        self.troubles.setdefault(FeedId(feed_id), []).append(Failed(kind, why))

    async def fetch(self, feed: Feed, bookmark: Bookmark) -> FetchResult:
        """As an honest server: who comes with the bookmark of what is laid out now is told "not modified"."""
        if troubles := self.troubles.get(feed.id):
            return troubles.pop(0)
        entries = tuple(self.shelves.get(feed.id, ()))
        etag = f'"{sha256(repr(entries).encode()).hexdigest()}"'
        if bookmark.full_fetch_at is not None and bookmark.etag == etag:
            return NotModified(bookmark)
        return Fetched(entries, replace(bookmark, etag=etag, full_fetch_at=SOME_DAY))


@dataclass
class FakeReader:
    """ports.ArticleReader over a dict of texts by URL; a page that is not there is gone.

    `looks` are how pages that are asked for again answer: a title, or a failure; any other page stands.
    """

    pages: dict[str, str] = field(default_factory=dict)
    looks: dict[str, str | Failed] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def read(self, url: str) -> Article | Failed:
        if url in self.pages:
            return Article(self.pages[url])
        return Failed(FailureKind.NOT_FOUND, "404")

    async def check(self, url: str) -> Page | Failed:
        self.asked.append(url)
        seen = self.looks.get(url, "")
        return Page(seen) if isinstance(seen, str) else seen
