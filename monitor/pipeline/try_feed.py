"""A new address tried before it is added: asked and read as a poll would, and what was found there. Stores nothing."""

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from monitor.ports import Fetcher
from monitor.types import Bookmark, Entry, Failed, Feed, FeedId, Fetched

MOST_CHARS = 1_000  # of an address; a newspaper's have a hundred
_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")
_OF_EVERY_FEED = frozenset({"rss", "feed", "feeds", "xml", "html", "htm", "www", "index", "com", "vn", "net", "org"})


@dataclass(frozen=True, slots=True)
class TriedFeed:
    """What was found: `url` is the address to write, which a permanent redirect may have named.

    `read_as` is the feed that asks this address already, None where none does; `entry` is the line to paste.
    """

    url: str
    outlet: str
    entries: tuple[Entry, ...]
    entry: str
    read_as: FeedId | None = None

    @property
    def dated(self) -> Sequence[datetime]:
        """The times that its entries claim, oldest first."""
        return sorted(entry.published_at for entry in self.entries if entry.published_at is not None)


class TryFeed:
    """Asks through the service's own fetcher: politely, bounded, never a private address unless settings allow it."""

    def __init__(self, fetcher: Fetcher, feeds: Callable[[], Sequence[Feed]]) -> None:
        self._fetcher = fetcher
        self._feeds = feeds

    async def __call__(self, url: str) -> TriedFeed | Failed | None:
        """What stands at an address; None for what is no address of the web."""
        if len(url) > MOST_CHARS or not _ADDRESS.fullmatch(url):
            return None
        known = self._feeds()
        outlet = outlet_of(url, known)
        result = await self._fetcher.fetch(Feed(FeedId("thu-nguon"), outlet, url), Bookmark())
        if isinstance(result, Failed):
            return result
        new_url = result.bookmark.moved_to or url
        read_as = next((feed.id for feed in known if feed.url in (url, new_url)), None)
        entries = result.entries if isinstance(result, Fetched) else ()
        feed_id = feed_id_of(new_url, {feed.id for feed in known})
        return TriedFeed(new_url, outlet, entries, entry_line(feed_id, outlet, new_url), read_as)


def outlet_of(url: str, feeds: Sequence[Feed]) -> str:
    """The outlet whose feeds are of this host, or of a host beside it; else the host's own name."""
    host = _site(url)
    return next((feed.outlet for feed in feeds if _site(feed.url) == host), host)


def _site(url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    parts = host.split(".")
    size = 3 if len(parts) > 2 and parts[-2] in ("com", "net", "org", "gov", "edu") and len(parts[-1]) == 2 else 2
    return ".".join(parts[-size:])


def feed_id_of(url: str, taken: Collection[FeedId]) -> FeedId:
    """A free id, of the host's name and what the path says."""
    parts = urlsplit(url)
    words = [_site(url).split(".")[0], *_WORD.findall(parts.path.lower())]
    name = "-".join(word for word in dict.fromkeys(words) if word not in _OF_EVERY_FEED)[:40].strip("-") or "feed"
    return next(
        each for each in (FeedId(name + (f"-{n}" if n > 1 else "")) for n in range(1, 10_000)) if each not in taken
    )


def entry_line(feed_id: FeedId, outlet: str, url: str) -> str:
    """The line for feeds.yaml; texts in double quotes, as JSON writes them, are YAML."""
    quoted = json.dumps(outlet, ensure_ascii=False)
    return f"- {{id: {feed_id}, outlet: {quoted}, url: {json.dumps(url, ensure_ascii=False)}}}"
