"""Reads what a server says beside the body: refusals, wishes, hints and validators. Pure, and knows no HTTP library."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.types import Bookmark, Failed, FailureKind, Hints

MAX_RETRY_AFTER = timedelta(days=1)
UNTRUSTED = "!untrusted"  # stands for the ETag of a server that was caught lying; no real one lacks quotes
MAX_VALIDATOR_CHARS = 1_000  # a longer ETag is nonsense and is not repeated

_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_STAMP = re.compile(rb"<(lastBuildDate|pubDate|updated)>[^<]{0,100}</\1>")
_FIRST_ENTRY = re.compile(rb"<(?:item|entry)[\s>]")


def refusal(status: int, headers: Mapping[str, str], now: datetime) -> Failed:
    """A status other than 200 and 304 as a failure."""
    wish = retry_after(headers.get("Retry-After", ""), now)
    if status == 429 or (status == 503 and wish is not None):
        return Failed(FailureKind.RATE_LIMITED, f"HTTP {status}: the server asks for fewer requests", wish)
    if status == 204:
        return Failed(FailureKind.EMPTY, "HTTP 204: the server answered without a body")
    if status == 410:
        return Failed(FailureKind.GONE, "HTTP 410: the feed is gone for good")
    if status == 404:
        return Failed(FailureKind.NOT_FOUND, "HTTP 404: there is no feed at this address")
    if status in {401, 402, 403, 407, 428, 451}:
        return Failed(FailureKind.FORBIDDEN, f"HTTP {status}: the server does not let us in", wish)
    return Failed(FailureKind.HTTP, f"HTTP {status}", wish)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Retry-After as a span: seconds or a date; between nothing and a day. None when it says nothing readable."""
    value = value.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), MAX_RETRY_AFTER)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError):  # TypeError from Python 3.9's habit of unpacking None
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return min(max(then - now, timedelta()), MAX_RETRY_AFTER)


def hints_of(headers: Mapping[str, str], ttl: timedelta | None = None) -> Hints:
    """The longer of the two spans for which a server says that its feed stays fresh."""
    match = _MAX_AGE.search(headers.get("Cache-Control", ""))
    age = timedelta(seconds=int(match[1])) if match and int(match[1]) else None
    spans = [span for span in (age, ttl) if span is not None]
    return Hints(max(spans)) if spans else Hints()


def caught_lying(before: Bookmark, after: Bookmark) -> bool:
    """Whether a server gave a changed body the validators of the old one: its 304s are worth nothing."""
    if before.etag == UNTRUSTED:
        return True
    if not before.body_sha256 or before.body_sha256 == after.body_sha256:
        return False
    if after.etag or before.etag:
        return bool(after.etag) and after.etag == before.etag
    return bool(after.last_modified) and after.last_modified == before.last_modified


def fingerprint(body: bytes) -> str:
    """What tells one body from another; blind to the channel's own time of building.

    That changes with every answer of some servers and says nothing new.
    """
    first = _FIRST_ENTRY.search(body)
    head = first.start() if first else 0
    return hashlib.sha256(_STAMP.sub(b"", body[:head]) + body[head:]).hexdigest()


def validator(headers: Mapping[str, str], name: str) -> str:
    """An ETag or Last-Modified that can be repeated to the server; empty when it is missing or unfit."""
    value = headers.get(name, "").strip()
    return value if len(value) <= MAX_VALIDATOR_CHARS and value.isascii() and value.isprintable() else ""
