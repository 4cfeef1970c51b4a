"""What feedparser makes of a feed in XML: entries as written. The only home of feedparser, imported when it is needed.

Fetches nothing and cleans nothing. feedparser's sanitising and its relative links inside HTML are off (12.0 -> 7.5 ms a
feed of 40): we keep plain text only, see feeds/plain.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, cast

MAX_AUTHOR_CHARS = 1_000  # an outlet names two or three people

# What feedparser and the libraries below it were seen to raise on hostile bytes; such a body is malformed, our own code
# is not inside the guard.
_PARSER_FAILURES = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RuntimeError, ArithmeticError)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif)(?:[?#]|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry's fields as written, whatever the format."""

    guid: str = ""
    url: str = ""
    title: str = ""
    lead: str = ""
    dates: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    markups: tuple[str, ...] = ()
    last_resort: str = ""


@dataclass(frozen=True, slots=True)
class Feedparsed:
    """The entries of a body. `is_feed`: its format is known; `is_clean`: it needed no parser for broken feeds.

    `is_plain`: it did not even need feedparser (feeds/plain_rss.py).
    """

    entries: list[RawEntry]
    is_feed: bool
    is_clean: bool
    is_plain: bool = False


def feedparsed(data: bytes, base: str = "", *, limit: int | None = None) -> Feedparsed | None:
    """What feedparser makes of `data`, which is UTF-8; None where it raises, as it does at a lone `</width>`.

    At most `limit` entries. Where `base` is given, links are made absolute with it and with what the feed says.
    """
    headers = {"content-type": "application/xml; charset=utf-8"}
    if base:
        headers["content-location"] = base
    try:
        # a stream, never the bytes themselves: feedparser would try them as a file's name
        result = load_feedparser().parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except _PARSER_FAILURES:
        return None
    entries = [raw_entry_of(entry) for entry in result["entries"][:limit]]
    return Feedparsed(entries, is_feed=bool(result.get("version")), is_clean=not result["bozo"])


@cache
def load_feedparser() -> ModuleType:
    """The library, mended: 50 ms to import, which a poll that brings nothing need not take.

    What it does with an author, it does but for a long one: its search for a mail address there is quadratic. 250 kB of
    letters as an author took it minutes in one call, in which no other thread runs.
    """
    import feedparser
    from feedparser.mixin import _FeedParserMixin

    sync_author_detail = _FeedParserMixin._sync_author_detail

    def sync_short_author(parser: Any, key: str = "author") -> None:
        if len(parser._get_context().get(key) or "") <= MAX_AUTHOR_CHARS:
            sync_author_detail(parser, key)

    _FeedParserMixin._sync_author_detail = sync_short_author
    return cast(ModuleType, feedparser)


def raw_entry_of(entry: Mapping[str, Any]) -> RawEntry:
    """What we take of an entry as feedparser makes them."""

    # dict.get, because FeedParserDict.get maps "updated" to "published" with a warning
    def text(name: str) -> str:
        value = dict.get(cast(dict[str, Any], entry), name)
        return value if isinstance(value, str) else ""

    contents = [str(part["value"]) for part in _dicts(entry, "content") if part.get("value")]
    summary = text("summary")
    links = _dicts(entry, "links")  # enclosures among them; FeedParserDict has no list of its own for these
    pages = [link for link in links if link.get("rel") in {None, "", "alternate"}]
    return RawEntry(
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
