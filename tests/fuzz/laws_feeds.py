"""Laws of what servers send: feeds, dates, addresses of articles, robots.txt."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from protego import Protego

from monitor.feeds.article_keys import MAX_KEY_CHARS, article_key, normal_url
from monitor.feeds.caching import hints_of, validator
from monitor.feeds.dates import OLDEST_YEAR, read_date
from monitor.feeds.decode import MAX_ENTRIES, decoded, readable
from monitor.feeds.known_items import key_hash, packed, unpacked
from monitor.feeds.parse import Listing, entry_row, parse_feed, read_listing, stated_ttl
from monitor.feeds.plain import MAX_LEAD_CHARS, clean, lead_in, lead_text, plain_text
from monitor.types import Entry, Failed
from tests.fuzz.reading import is_storable, stretched, texts_of

SEEN = datetime(2026, 8, 14, tzinfo=UTC)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HOME = "https://bantinthu.example/rss/home.rss"


def parse_law(data: bytes) -> None:
    """First line: the Content-Type; then the body."""
    header, _, body = stretched(data).partition(b"\n")
    content_type = header.decode("latin-1")
    stated_ttl(body)
    assert isinstance(readable(decoded(body, content_type)).text, str)
    found = parse_feed(body, feed=None, url=HOME, content_type=content_type, seen_at=SEEN)
    if isinstance(found, Failed):
        assert found.why
        assert "\n" not in found.why
        return
    assert 0 < len(found) <= MAX_ENTRIES
    for entry in found:
        _entry_holds(entry)
    _cutting_holds(body, content_type)


def _cutting_holds(body: bytes, content_type: str) -> None:
    """Of a body whose items are half known the other half is read, and none otherwise than in the whole."""

    def listing(known_items: str = "") -> Listing:
        return read_listing(body, feed=None, url=HOME, content_type=content_type, seen_at=SEEN, known_items=known_items)

    whole = listing()
    known = unpacked(whole.known_items)
    half = dict(list(known.items())[::2])
    cut = listing(packed(half))
    assert isinstance(whole.entries, tuple)
    if cut.known:
        assert cut.known == len(half)
        assert cut.entries == tuple(entry for entry in whole.entries if key_hash(entry) not in half.values())
        assert cut.known_items == whole.known_items
    else:
        assert cut == whole


def _entry_holds(entry: Entry) -> None:
    assert entry.key
    assert entry.title
    for text in (entry.key, entry.guid, entry.url, entry.title, entry.lead, entry.published_raw, entry.image):
        assert is_storable(text), ascii(text)
    for line in (entry.title, entry.lead):
        assert line == " ".join(line.split())
    assert len(entry.lead) <= MAX_LEAD_CHARS + 1
    assert not entry.url or entry.url.startswith(("http://", "https://"))
    if entry.published_at is not None:
        assert entry.published_at.tzinfo is not None
        assert entry.published_at.astimezone(UTC).year >= OLDEST_YEAR - 1
        assert entry.published_at <= SEEN
    json.dumps(entry_row(entry, id="1"))


def plain_law(data: bytes) -> None:
    """The whole is what stands in a title or a description."""
    (markup,) = texts_of(data, 1)
    for text in (plain_text(markup), clean(markup), lead_text(markup)):
        assert text == " ".join(text.split())
        assert clean(text) == text
    lead = lead_in(markup)
    assert lead.text == lead_text(markup)
    for at in {0, len(lead.text) // 2, max(0, len(lead.text) - 1)}:
        start, end = lead.span(at, min(at + 1, len(lead.text)))
        assert 0 <= start <= end <= len(markup)


def date_law(data: bytes) -> None:
    """The whole is what a feed says when an article came out."""
    (raw,) = texts_of(data, 1)
    for zone in (HANOI, UTC, timezone(timedelta(hours=-11))):
        moment = read_date(raw, zone=zone, seen_at=SEEN)
        if moment is None:
            continue
        assert moment.utcoffset() is not None
        assert moment.year >= OLDEST_YEAR
        assert read_date(moment.isoformat(), zone=HANOI, seen_at=SEEN) == moment


def address_law(data: bytes) -> None:
    """Lines: an article's address, its guid, its title."""
    url, guid, title = texts_of(data, 3)
    for address in (url, guid):
        once = normal_url(address)
        assert normal_url(once) == once
    key = article_key(url, guid, title, SEEN.date(), home=HOME)
    assert key.strip()
    assert len(key) <= MAX_KEY_CHARS
    assert article_key(normal_url(url), guid, title, SEEN.date(), home=HOME) == key


def robots_law(data: bytes) -> None:
    """First line: the path that is asked for; then a robots.txt."""
    path, _, body = stretched(data).partition(b"\n")
    url = normal_url("https://bao.example/" + path.decode("utf-8", "replace"))
    rules = Protego.parse(body.decode("utf-8", "replace"))  # as feeds/robots.py reads it
    assert rules.can_fetch(url, "vn-news-monitor") in (True, False)
    assert urlsplit(url).scheme == "https"


def caching_law(data: bytes) -> None:
    """Lines: Cache-Control, ETag."""
    fresh, tag = texts_of(data, 2)
    hints_of({"Cache-Control": fresh}, timedelta(minutes=1))
    kept = validator({"ETag": tag}, "ETag")
    assert not re.search(r"[^\x20-\x7e]", kept)
