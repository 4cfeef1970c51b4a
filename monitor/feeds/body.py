"""Reads the body of a feed: what tells it from the last one, how long it stays fresh, its entries. Pure.

The same in the service's own process and apart from it: where it is done is parser.py's business.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.feeds.caching import fingerprint
from monitor.feeds.parse import Listing, read_listing, stated_ttl
from monitor.types import Entry, Failed, Feed, FeedId

# Of what is read in the service's own process: four times what a feed of 40 items has, and a quarter of a second of
# work at most, 60 µs a tag. The 17 outlets' feeds have 20 to 200 kB and up to 2,500 tags, but for one of 1.1 MB.
ORDINARY_BYTES = 256 * 2**10
ORDINARY_TAGS = 4_000
ORDINARY_REFERENCES = 10_000
ORDINARY_LINES = 20_000  # 2 µs each
SLOW = timedelta(milliseconds=250)  # of work: whose last body took longer is read apart, whatever its size


@dataclass(frozen=True, slots=True)
class FeedBody:
    """What a server sent of a feed, with what it takes to read it.

    `known` is the fingerprint of the last body, `known_items` what that one listed; without them the whole is read.
    """

    data: bytes
    url: str  # where it came from, for relative links
    content_type: str
    timezone: str
    seen_at: datetime
    known: str = ""
    known_items: str = ""


Way = Literal["same", "whole", "cut", "failed"]


@dataclass(frozen=True, slots=True)
class BodyRead:
    """What a body came to. `entries` is None when the body is the known one, and why there are none when it failed.

    `known` items more were known and not read; `known_items` is what the next body may know. `is_plain`: feedparser was
    not needed.
    """

    fingerprint: str
    ttl: timedelta | None
    entries: tuple[Entry, ...] | Failed | None
    work: timedelta = timedelta(0)  # of a processor
    known: int = 0
    known_items: str = ""
    is_plain: bool = False

    @property
    def way(self) -> Way:
        """How it was read: not at all, whole, or cut to what is new; or that it could not be."""
        if isinstance(self.entries, Failed):
            return "failed"
        if self.entries is None:
            return "same"
        return "cut" if self.known else "whole"


def read_body(body: FeedBody) -> BodyRead:
    """Read it: up to seconds of work, whatever the bytes (feeds/decode.py bounds them)."""
    found, ttl = fingerprint(body.data), stated_ttl(body.data)
    if found == body.known:
        return BodyRead(found, ttl, None)
    listing = _listing(body)
    return BodyRead(
        found,
        ttl,
        listing.entries,
        known=listing.known,
        known_items=listing.known_items,
        is_plain=listing.is_plain,
    )


def _listing(body: FeedBody) -> Listing:
    return read_listing(
        body.data,
        feed=Feed(FeedId(""), "", body.url, timezone=body.timezone),
        url=body.url,
        content_type=body.content_type,
        seen_at=body.seen_at,
        known_items=body.known_items,
    )


def is_ordinary(data: bytes) -> bool:
    """Whether so much can be read beside other work. Counts bytes, and takes 0.2 ms at most."""
    return (
        len(data) <= ORDINARY_BYTES
        and data.count(b"<") <= ORDINARY_TAGS
        and data.count(b"&") <= ORDINARY_REFERENCES
        and data.count(b"\n") <= ORDINARY_LINES
    )
