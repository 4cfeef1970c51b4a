"""Turns a feed's bytes into entries: RSS 0.9x, 1.0, 2.0, Atom, CDF by feedparser, JSON Feed by hand.

Fetches nothing and stores nothing; leaves feedparser to feeds/feedparsed.py.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.feeds.article_keys import article_key, normal_url
from monitor.feeds.dates import read_date
from monitor.feeds.decode import MAX_ENTRIES, MAX_FEED_BYTES, Readable, decoded, items_apart, no_feed, readable
from monitor.feeds.feedparsed import Feedparsed, RawEntry, feedparsed
from monitor.feeds.known_items import CutBody, KnownItems, cut, packed, remembered, unpacked
from monitor.feeds.plain import clean, first_image, lead_text, plain_text
from monitor.feeds.plain_rss import plain_rss
from monitor.types import Entry, Failed, FailureKind, Feed

UNTITLED = "(không có tiêu đề)"
TITLE_CHARS = 120  # of a lead that stands in for a missing title
MAX_FIELD_CHARS = 4_000  # of what is no prose: an id, an address, a date as written. One of 8 MB would be stored so
DEFAULT_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a body lists: entries in its order, or why there are none.

    `known` further items were in `known_items` already and were not read. `known_items` is what the next body may know.
    `is_plain`: feedparser was not needed.
    """

    entries: tuple[Entry, ...] | Failed
    known: int = 0
    known_items: str = ""
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class _Reader:
    """What it takes beside its fields to read an entry."""

    base: str
    zone: tzinfo
    seen_at: datetime

    def entries(self, raw: Iterable[RawEntry]) -> tuple[Entry, ...]:
        return tuple(_entry(each, self.base, self.zone, self.seen_at) for each in raw)


def parse_feed(
    body: bytes, *, feed: Feed | None, url: str = "", content_type: str = "", seen_at: datetime
) -> tuple[Entry, ...] | Failed:
    """The entries of a feed in the feed's order, or why there are none: a listing of which nothing is known."""
    return read_listing(body, feed=feed, url=url, content_type=content_type, seen_at=seen_at).entries


def read_listing(
    body: bytes,
    *,
    feed: Feed | None,
    url: str = "",
    content_type: str = "",
    seen_at: datetime,
    known_items: str = "",
) -> Listing:
    """What a feed lists, without the items that an earlier listing calls known, as far as it can be cut to the others.

    Never raises, whatever the bytes, and ends within seconds: a body is bounded before it is parsed (feeds/decode).
    `url` is where it came from, for relative links; times after `seen_at` are clamped to it. An entry is kept even
    without title or link: it is named by what it has.
    """
    if not body.strip():
        return Listing(Failed(FailureKind.EMPTY, "the server answered with an empty body"))
    text = decoded(body[:MAX_FEED_BYTES], content_type)
    reader = _Reader(url or (feed.url if feed else ""), _zone(feed), seen_at)
    if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
        found = _json_entries(text)
        return Listing(found if isinstance(found, Failed) else reader.entries(found))
    return _xml_listing(text, reader, unpacked(known_items))


def entry_row(entry: Entry, *, id: str, feed: str = "", outlet: str = "") -> dict[str, object]:
    """The entry as a JSON line of `monitor parse` has it; keys that are empty there are left out."""
    row: dict[str, object] = {"id": id}
    if feed:
        row["feed"] = feed
    if outlet:
        row["outlet"] = outlet
    row |= {
        "guid": entry.guid,
        "url": entry.url,
        "key": entry.key,
        "title": entry.title,
        "summary": entry.lead,
        "published": entry.published_at.isoformat() if entry.published_at else None,
        "published_raw": entry.published_raw,
    }
    if entry.image:
        row["image"] = entry.image
    return row


def stated_ttl(body: bytes) -> timedelta | None:
    """How long the channel says that it stays fresh (RSS `ttl`, minutes); None when it says nothing."""
    match = _TTL.search(body[:20_000])
    return timedelta(minutes=int(match[1])) if match and int(match[1]) else None


def _zone(feed: Feed | None) -> tzinfo:
    if feed is None:
        return DEFAULT_ZONE
    try:
        return ZoneInfo(feed.timezone)
    except (ZoneInfoNotFoundError, ValueError):  # config refuses such a zone; a Feed built by hand may have one
        return DEFAULT_ZONE


# ---------------------------------------------------------------- XML


def _xml_listing(text: str, reader: _Reader, known: KnownItems) -> Listing:
    if reason := no_feed(text):
        return Listing(Failed(FailureKind.NOT_A_FEED, reason))
    ready = readable(text)
    data = _encoded(ready.text)
    # else links are made absolute below: feedparser would join at every tag
    base = reader.base if "xml:base" in ready.text and reader.base.isascii() else ""
    body = cut(data) if ready.whole else None
    if body is not None and (listing := _listing_of_new(body, base, reader, known)):
        return listing
    parsed = _parsed(data, base, is_cut=body is not None)
    if parsed is None:
        entries = reader.entries(_salvaged(ready.text, base))
        return Listing(entries or Failed(FailureKind.MALFORMED, "the feed is broken in a way that no item survives"))
    entries = reader.entries(parsed.entries)
    if body is None or not parsed.is_clean or len(entries) != len(body.spans):
        return Listing(entries or _why_none(ready, is_feed=parsed.is_feed))
    known_items = packed(remembered(body, {}, entries, seen_at=reader.seen_at) or {})
    return Listing(entries, known_items=known_items, is_plain=parsed.is_plain)


def _parsed(data: bytes, base: str, *, is_cut: bool) -> Feedparsed | None:
    plain = plain_rss(data) if is_cut and not base else None
    return plain or feedparsed(data, base, limit=MAX_ENTRIES)


def _listing_of_new(body: CutBody, base: str, reader: _Reader, known: KnownItems) -> Listing | None:
    """The listing by its new items alone; None where none is known, or where the whole must speak."""
    count = sum(item_hash not in known for item_hash in body.hashes)
    if count == len(body.hashes):
        return None
    entries: tuple[Entry, ...] = ()
    is_plain = True
    if count:
        parsed = _parsed(body.without(known), base, is_cut=True)
        if parsed is None or not parsed.is_clean or len(parsed.entries) != count:
            return None
        entries, is_plain = reader.entries(parsed.entries), parsed.is_plain
    still_known = remembered(body, known, entries, seen_at=reader.seen_at)
    if still_known is None:
        return None
    return Listing(entries, len(body.hashes) - count, packed(still_known), is_plain)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _salvaged(text: str, base: str) -> list[RawEntry]:
    """What each item gives by itself, where all of them together choke feedparser."""
    parts = [feedparsed(_encoded(item), base) for item in items_apart(text)]
    return [entry for part in parts if part is not None for entry in part.entries]


def _why_none(ready: Readable, *, is_feed: bool) -> Failed:
    """Why no item was found; `is_feed`: feedparser knew the format."""
    if ready.root == "html":
        return Failed(FailureKind.NOT_A_FEED, "the server sent an HTML page instead of a feed")
    if not ready.whole:
        return Failed(FailureKind.MALFORMED, "the feed is broken XML and no item could be read from it")
    if is_feed or ready.root in {"rss", "feed", "rdf", "channel"}:
        return Failed(FailureKind.EMPTY, "the feed is well-formed and has no items")
    return Failed(FailureKind.NOT_A_FEED, f"the server sent XML that is no feed: its root is <{ready.root}>")


# ---------------------------------------------------------------- JSON Feed, https://www.jsonfeed.org/version/1.1/


def _json_entries(text: str) -> list[RawEntry] | Failed:
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):  # nested a hundred thousand deep, it is not a feed either
        return Failed(FailureKind.MALFORMED, "the body starts like JSON and is not JSON")
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return Failed(FailureKind.NOT_A_FEED, "the server sent JSON that is no JSON Feed")
    found = [_raw_of_json(item) for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    return found or Failed(FailureKind.EMPTY, "the JSON feed has no items")


def _raw_of_json(item: Mapping[str, Any]) -> RawEntry:
    def text(name: str) -> str:
        value = item.get(name)
        return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

    content = text("content_html") or text("content_text")
    return RawEntry(
        guid=text("id").strip(),
        url=(text("url") or text("external_url")).strip(),
        title=text("title"),
        lead=text("summary") or content,
        dates=tuple(filter(None, (text("date_published"), text("date_modified")))),
        images=tuple(filter(None, (text("image"), text("banner_image")))),
        markups=(text("content_html"),),
    )


# ---------------------------------------------------------------- what all formats share


def _entry(raw: RawEntry, base: str, zone: tzinfo, seen_at: datetime) -> Entry:
    link = next(filter(_opens, (normal_url(_absolute(base, raw.url)), normal_url(raw.guid))), "")
    title, lead = _title_and_lead(raw, link)
    published = _published(raw, zone, seen_at)
    image = next(filter(None, (*raw.images, *(first_image(markup) for markup in raw.markups))), "")
    return Entry(
        key=clean(article_key(link, raw.guid, title, published.date() if published else None, home=base)),
        guid=clean(raw.guid)[:MAX_FIELD_CHARS],
        url=clean(link)[:MAX_FIELD_CHARS],
        title=title,
        lead=lead,
        published_at=published,
        published_raw=_NOT_STORABLE.sub("", raw.dates[0])[:MAX_FIELD_CHARS] if raw.dates else "",
        image=clean(_absolute(link or base, image)) if 0 < len(image) <= MAX_FIELD_CHARS else "",
    )


def _title_and_lead(raw: RawEntry, link: str) -> tuple[str, str]:
    """Where the title is missing, the lead's beginning stands in for it, or whatever else names the entry."""
    lead = lead_text(raw.lead)
    title = (
        plain_text(raw.title)
        or _shortened(lead)
        or clean(link or raw.guid or raw.last_resort)[:MAX_FIELD_CHARS]
        or UNTITLED
    )
    return title, "" if lead == title else lead  # said once is enough


def _published(raw: RawEntry, zone: tzinfo, seen_at: datetime) -> datetime | None:
    """The first date that can be read; one that lies ahead is now."""
    for date in raw.dates:
        moment = read_date(date, zone=zone, seen_at=seen_at)
        if moment is not None:
            return seen_at.astimezone(moment.tzinfo) if moment > seen_at else moment
    return None


_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")  # neither database takes these


def _absolute(base: str, address: str) -> str:
    if not address or not base or _opens(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:  # "http://[half an address"
        return address


def _opens(address: str) -> bool:
    """Whether a browser can open it: feedparser offers an entry's `tag:` id as its link when it has no other."""
    return address.startswith(("http://", "https://"))


def _shortened(text: str) -> str:
    if len(text) <= TITLE_CHARS:
        return text
    return text[:TITLE_CHARS].rpartition(" ")[0] + "…"
