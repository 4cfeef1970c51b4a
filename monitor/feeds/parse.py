"""Turns a feed's bytes into entries: RSS 0.9x, 1.0, 2.0, Atom, CDF by feedparser, JSON Feed by hand.

Fetches nothing and stores nothing; the only home of feedparser. feedparser's sanitising and its relative links inside
HTML are off (12.0 -> 7.5 ms a feed of 40): we keep plain text only, see feeds/plain.
"""

import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, cast
from urllib.parse import urljoin
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import feedparser
from feedparser.mixin import _FeedParserMixin

from monitor.feeds.article_keys import article_key, normal_url
from monitor.feeds.dates import read_date
from monitor.feeds.decode import MAX_ENTRIES, MAX_FEED_BYTES, Readable, decoded, items_apart, no_feed, readable
from monitor.feeds.plain import clean, first_image, lead_text, plain_text
from monitor.types import Entry, Failed, FailureKind, Feed

UNTITLED = "(không có tiêu đề)"
TITLE_CHARS = 120  # of a lead that stands in for a missing title
MAX_FIELD_CHARS = 4_000  # of what is no prose: an id, an address, a date as written. One of 8 MB would be stored so
MAX_AUTHOR_CHARS = 1_000  # an outlet names two or three people
DEFAULT_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_TTL = re.compile(rb"<ttl>\s*(\d{1,6})\s*</ttl>")

# What feedparser and the libraries below it were seen to raise on hostile bytes; such a body is malformed, our own code
# is not inside the guard.
_PARSER_FAILURES = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RuntimeError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class _Raw:
    """An entry's fields as written, whatever the format."""

    guid: str = ""
    url: str = ""
    title: str = ""
    lead: str = ""
    dates: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    markups: tuple[str, ...] = field(default=())
    last_resort: str = ""


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


def _xml_entries(text: str, base: str) -> list[_Raw] | Failed:
    if reason := no_feed(text):
        return Failed(FailureKind.NOT_A_FEED, reason)
    ready = readable(text)
    headers = {"content-type": "application/xml; charset=utf-8"}
    if "xml:base" in ready.text and base.isascii():
        headers["content-location"] = base  # else links are made absolute below: feedparser would join at every tag
    parsed = _feedparsed(ready.text, headers)
    if parsed is None:
        return _salvaged(ready.text, headers) or Failed(
            FailureKind.MALFORMED, "the feed is broken in a way that no item survives"
        )
    found = [_raw_of(entry) for entry in parsed["entries"][:MAX_ENTRIES]]
    return found or _why_none(ready, is_feed=bool(parsed["version"]))


def _salvaged(text: str, headers: Mapping[str, str]) -> list[_Raw]:
    """What each item gives by itself, where all of them together choke feedparser."""
    parts = [_feedparsed(item, headers) for item in items_apart(text)]
    return [_raw_of(entry) for part in parts if part is not None for entry in part["entries"]]


def _why_none(ready: Readable, *, is_feed: bool) -> Failed:
    """Why no item was found; `is_feed`: feedparser knew the format."""
    if ready.root == "html":
        return Failed(FailureKind.NOT_A_FEED, "the server sent an HTML page instead of a feed")
    if not ready.whole:
        return Failed(FailureKind.MALFORMED, "the feed is broken XML and no item could be read from it")
    if is_feed or ready.root in {"rss", "feed", "rdf", "channel"}:
        return Failed(FailureKind.EMPTY, "the feed is well-formed and has no items")
    return Failed(FailureKind.NOT_A_FEED, f"the server sent XML that is no feed: its root is <{ready.root}>")


def _feedparsed(text: str, headers: Mapping[str, str]) -> Mapping[str, Any] | None:
    """What feedparser makes of `text`; None where it raises, as it does at a lone `</width>`."""
    try:
        # a stream, never the bytes themselves: feedparser would try them as a file's name
        result = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=dict(headers),
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _PARSER_FAILURES:
        return None
    return cast(Mapping[str, Any], result)


_sync_author_detail = _FeedParserMixin._sync_author_detail


def _sync_short_author(parser: Any, key: str = "author") -> None:
    """What feedparser does with an author, but for a long one: its search for a mail address there is quadratic.

    250 kB of letters as an author took it minutes in one call, in which no other thread runs.
    """
    if len(parser._get_context().get(key) or "") <= MAX_AUTHOR_CHARS:
        _sync_author_detail(parser, key)


_FeedParserMixin._sync_author_detail = _sync_short_author


def _raw_of(entry: Mapping[str, Any]) -> _Raw:
    # dict.get, because FeedParserDict.get maps "updated" to "published" with a warning
    def text(name: str) -> str:
        value = dict.get(cast(dict[str, Any], entry), name)
        return value if isinstance(value, str) else ""

    contents = [str(part["value"]) for part in _dicts(entry, "content") if part.get("value")]
    summary = text("summary")
    links = _dicts(entry, "links")  # enclosures among them; FeedParserDict has no list of its own for these
    pages = [link for link in links if link.get("rel") in {None, "", "alternate"}]
    return _Raw(
        guid=text("id").strip(),
        url=text("link").strip() or next(iter(_addresses(pages, "href")), ""),
        title=text("title"),
        lead=summary or next(iter(contents), ""),
        dates=tuple(filter(None, (text("published"), text("updated"), text("created")))),
        images=_images_of(entry, links),
        markups=(summary, *contents[:1]),
        last_resort=text("author") or text("publisher") or text("comments"),
    )


def _images_of(entry: Mapping[str, Any], links: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Addresses of an entry's pictures, the likeliest first."""
    enclosures = [link for link in links if link.get("rel") == "enclosure"]
    return (
        *_addresses(_dicts(entry, "media_content"), "url", pictures_only=True),
        *_addresses(enclosures, "href", pictures_only=True),
        *_addresses(_dicts(entry, "media_thumbnail"), "url"),
        *_addresses([dict.get(cast(dict[str, Any], entry), "image")], "href"),
    )


def _dicts(entry: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    value = dict.get(cast(dict[str, Any], entry), name)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _addresses(parts: Iterable[object], name: str, *, pictures_only: bool = False) -> list[str]:
    found: list[str] = []
    for part in parts:
        address = dict.get(part, name) if isinstance(part, dict) else None
        if isinstance(address, str) and address.strip() and not (pictures_only and not _is_picture(part, address)):
            found.append(address.strip())
    return found


def _is_picture(part: object, address: str) -> bool:
    """Whether a medium is a picture: by what the feed calls it, else by the end of its address."""
    if not isinstance(part, dict):
        return False
    kind = f"{dict.get(part, 'type') or ''} {dict.get(part, 'medium') or ''}".strip().lower()
    return "image" in kind or (not kind and _PICTURE.search(address) is not None)


_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)(?:[?#]|\Z)", re.IGNORECASE)


# ---------------------------------------------------------------- JSON Feed, https://www.jsonfeed.org/version/1.1/


def _json_entries(text: str) -> list[_Raw] | Failed:
    try:
        document = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):  # nested a hundred thousand deep, it is not a feed either
        return Failed(FailureKind.MALFORMED, "the body starts like JSON and is not JSON")
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return Failed(FailureKind.NOT_A_FEED, "the server sent JSON that is no JSON Feed")
    found = [_raw_of_json(item) for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    return found or Failed(FailureKind.EMPTY, "the JSON feed has no items")


def _raw_of_json(item: Mapping[str, Any]) -> _Raw:
    def text(name: str) -> str:
        value = item.get(name)
        return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

    content = text("content_html") or text("content_text")
    return _Raw(
        guid=text("id").strip(),
        url=(text("url") or text("external_url")).strip(),
        title=text("title"),
        lead=text("summary") or content,
        dates=tuple(filter(None, (text("date_published"), text("date_modified")))),
        images=tuple(filter(None, (text("image"), text("banner_image")))),
        markups=(text("content_html"),),
    )


# ---------------------------------------------------------------- what all formats share


def _entry(raw: _Raw, base: str, zone: tzinfo, seen_at: datetime) -> Entry:
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


def _title_and_lead(raw: _Raw, link: str) -> tuple[str, str]:
    """Where the title is missing, the lead's beginning stands in for it, or whatever else names the entry."""
    lead = lead_text(raw.lead)
    title = (
        plain_text(raw.title)
        or _shortened(lead)
        or clean(link or raw.guid or raw.last_resort)[:MAX_FIELD_CHARS]
        or UNTITLED
    )
    return title, "" if lead == title else lead  # said once is enough


def _published(raw: _Raw, zone: tzinfo, seen_at: datetime) -> datetime | None:
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
