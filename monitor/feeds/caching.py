"""Reads what a server says of its feed beside the entries: hints, validators, and whether they lie. Pure.

Leaves alone what a refusal means (net/responses.py).
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta

from monitor.types import Bookmark, Hints

UNTRUSTED = "!untrusted"  # stands for the ETag of a server that was caught lying; no real one lacks quotes
MAX_VALIDATOR_CHARS = 1_000  # a longer ETag is nonsense and is not repeated

_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_STAMP = re.compile(rb"<(lastBuildDate|pubDate|updated)>[^<]{0,100}</\1>")
_FIRST_ENTRY = re.compile(rb"<(?:item|entry)[\s>]")


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
