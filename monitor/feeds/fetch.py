"""Asks servers for feeds: the Fetcher of ports.py.

Knows conditional requests, addresses that moved and validators that lie; leaves alone how a server is asked
(net/request.py), when (schedule.py) and what an item is (parse.py). Keeps nothing between two polls: what the next one
needs is in the Bookmark it gives back.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.feeds.body import FeedBody
from monitor.feeds.caching import UNTRUSTED, caught_lying, hints_of, validator
from monitor.feeds.decode import MAX_FEED_BYTES
from monitor.feeds.parser import FeedParser
from monitor.net.byte_budget import Share
from monitor.net.request import Answer, HttpClient, Limits
from monitor.net.responses import refusal
from monitor.ports import Clock
from monitor.types import Bookmark, Failed, Feed, Fetched, FetchResult, NotModified

FULL_FETCH_EVERY = timedelta(hours=6)  # some servers keep their ETag after a change (mediacloud/rss-fetcher)
FEED_LIMITS = Limits(
    MAX_FEED_BYTES,
    timedelta(seconds=60),  # of a poll with its redirects: a feed that drips a byte a second ends here
    is_shared=True,
    read_timeout=timedelta(seconds=20),
)
# Known items are not noted as listed, which is due once a day (LISTED_TO_THE in store/feed_rows.py): an item that goes
# on being listed never looks unlisted for longer than both together
WHOLE_READ_EVERY = timedelta(hours=6)
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)


class HttpFetcher:
    """Polls feeds over HTTP."""

    def __init__(
        self,
        client: HttpClient,
        parser: FeedParser,
        *,
        clock: Clock,
        limits: Limits = FEED_LIMITS,
        full_fetch_every: timedelta = FULL_FETCH_EVERY,
    ) -> None:
        self._client = client
        self._parser = parser
        self._clock = clock
        self._limits = limits
        self._full_fetch_every = full_fetch_every

    async def fetch(self, feed: Feed, bookmark: Bookmark) -> FetchResult:
        """One polite poll: conditional, bounded in time and size, each host asked through the gate.

        A remembered new address that fails is forgotten and the configured one asked, in the same poll.
        """
        if bookmark.moved_to and bookmark.moved_from == feed.url:
            result = await self._poll(feed, bookmark, bookmark.moved_to)
            if not isinstance(result, Failed) or result.kind.is_passing:
                return result
            bookmark = Bookmark(body_sha256=bookmark.body_sha256, whole_read_at=bookmark.whole_read_at)
        elif bookmark.moved_from and bookmark.moved_from != feed.url:
            bookmark = Bookmark()  # the editor wrote another address: nothing learnt of the old one holds
        return await self._poll(feed, bookmark, feed.url)

    async def _poll(self, feed: Feed, bookmark: Bookmark, url: str) -> FetchResult:
        with self._client.budget.share(self._limits.max_bytes) as share:  # until the body is read: it waits in memory
            return await self._poll_within(share, feed, bookmark, url)

    async def _poll_within(self, share: Share, feed: Feed, bookmark: Bookmark, url: str) -> FetchResult:
        now = self._clock()
        conditions = self._conditions(bookmark, now)
        answer = await self._client.get(url, self._limits, {"Accept": ACCEPT, **conditions}, share=share)
        if isinstance(answer, Failed):
            return answer
        if answer.status == 304 and conditions:
            return NotModified(self._moved(bookmark, answer, feed), hints_of(answer.headers))
        if answer.status != 200:
            return refusal(answer.status, answer.headers, now)
        read = await self._parser.read(feed.id, self._body(feed, bookmark, answer, now))
        if isinstance(read.entries, Failed):
            return read.entries
        fresh = replace(
            self._moved(bookmark, answer, feed),
            etag=validator(answer.headers, "ETag"),
            last_modified=validator(answer.headers, "Last-Modified"),
            body_sha256=read.fingerprint,
            full_fetch_at=bookmark.full_fetch_at if conditions else now,
            known_items=bookmark.known_items if read.way == "same" else read.known_items,
            whole_read_at=now if read.way == "whole" else bookmark.whole_read_at,
        )
        if caught_lying(bookmark, fresh):
            fresh = replace(fresh, etag=UNTRUSTED, last_modified="")
        hints = hints_of(answer.headers, read.ttl)
        return NotModified(fresh, hints) if read.entries is None else Fetched(read.entries, fresh, hints, read.known)

    def _body(self, feed: Feed, bookmark: Bookmark, answer: Answer, now: datetime) -> FeedBody:
        body = FeedBody(answer.body, answer.url, answer.content_type, feed.timezone, now)
        last = bookmark.whole_read_at
        if last is None or not timedelta(0) <= now - last < WHOLE_READ_EVERY:  # a clock may have been set back
            return body
        return replace(body, known=bookmark.body_sha256, known_items=bookmark.known_items)

    def _conditions(self, bookmark: Bookmark, now: datetime) -> dict[str, str]:
        if bookmark.etag == UNTRUSTED or bookmark.full_fetch_at is None:
            return {}
        if now - bookmark.full_fetch_at >= self._full_fetch_every:
            return {}
        conditions = {}
        if bookmark.etag:
            conditions["If-None-Match"] = bookmark.etag
        if bookmark.last_modified:
            conditions["If-Modified-Since"] = bookmark.last_modified
        return conditions

    def _moved(self, bookmark: Bookmark, answer: Answer, feed: Feed) -> Bookmark:
        """The bookmark with the address to ask next: a new one only when every hop towards it was permanent."""
        if answer.has_moved and answer.url != feed.url:
            return replace(bookmark, moved_to=answer.url, moved_from=feed.url)
        return replace(bookmark, moved_from=feed.url)
