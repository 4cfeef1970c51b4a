"""Turns a feed's bytes into entries: RSS 0.9x, 1.0, 2.0, Atom, CDF by feedparser, JSON Feed by hand.

Fetches nothing and stores nothing; leaves feedparser to feeds/feedparsed.py.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.feeds.article_keys import article_key, normal_url
from monitor.feeds.dates import read_date
from monitor.feeds.decode import MAX_ENTRIES, MAX_FEED_BYTES, Readable, decoded, items_apart, no_feed, readable
from monitor.feeds.feedparsed import RawEntry, feedparsed
from monitor.feeds.plain import clean, first_image, lead_text, plain_text
from monitor.types import Entry, Failed, FailureKind, Feed

UNTITLED = "(không có tiêu đề)"
TITLE_CHARS = 120  # of a lead that stands in for a missing title
MAX_FIELD_CHARS = 4_000  # of what is no prose: an id, an address, a date as written. One of 8 MB would be stored so
DEFAULT_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>")


def parse_feed(
    body: bytes, *, feed: Feed | None, url: str = "", content_type: str = "", seen_at: datetime
) -> tuple[Entry, ...] | Failed:
    """The entries of a feed in the feed's order, or why there are none.

    Never raises, whatever the bytes, and ends within seconds: a body is bounded before it is parsed (feeds/decode).
    `url` is where it came from, for relative links; times after `seen_at` are clamped to it. An entry is kept even
    without title or link: it is named by what it has.
    """
    if not body.strip():
        return Failed(FailureKind.EMPTY, "the server answered with an empty body")
    text = decoded(body[:MAX_FEED_BYTES], content_type)
    base = url or (feed.url if feed else "")
    zone = _zone(feed)
    is_json = text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}
    found = _json_entries(text) if is_json else _xml_entries(text, base)
    if isinstance(found, Failed):
        return found
    return tuple(_entry(raw, base, zone, seen_at) for raw in found)


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


def _xml_entries(text: str, base: str) -> list[RawEntry] | Failed:
    if reason := no_feed(text):
        return Failed(FailureKind.NOT_A_FEED, reason)
    ready = readable(text)
    # else links are made absolute below: feedparser would join at every tag
    joined = base if "xml:base" in ready.text and base.isascii() else ""
    parsed = feedparsed(_encoded(ready.text), joined, limit=MAX_ENTRIES)
    if parsed is None:
        return _salvaged(ready.text, joined) or Failed(
            FailureKind.MALFORMED, "the feed is broken in a way that no item survives"
        )
    return parsed.entries or _why_none(ready, is_feed=parsed.is_feed)


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
