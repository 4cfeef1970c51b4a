"""How bodies go to the process that reads them apart, and entries come back: JSON in frames of known length.

JSON and not pickle: a body that took the other process over could otherwise have this one run what it likes. Each entry
is a frame of its own, because decoding is one call into C that holds up everything: 2,000 entries at once took 60 ms.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.feeds.body import BodyRead, FeedBody
from monitor.feeds.decode import MAX_FEED_BYTES
from monitor.feeds.known_items import checked
from monitor.types import Entry, Failed, FailureKind

MAX_FRAME_BYTES = MAX_FEED_BYTES  # of a body
MAX_ENTRY_BYTES = 2**20  # a title may have 65,536 characters, everything else is shorter
MAX_REPLY_BYTES = 24 * 2**20  # of all entries: a body of 8 MiB, its entities spoken
SAME = "same"


def request_header(body: FeedBody) -> bytes:
    """What is said of a body before its bytes, which are the next frame."""
    said = [body.url, body.content_type, body.timezone, body.seen_at.isoformat(), body.known, body.known_items]
    return json.dumps(said).encode()


def requested(header: bytes, data: bytes) -> FeedBody:
    """The body behind two frames."""
    url, content_type, timezone, seen_at, known, known_items = json.loads(header)
    return FeedBody(data, url, content_type, timezone, datetime.fromisoformat(seen_at), known, known_items)


def reply_frames(read: BodyRead, *, memory: int) -> Iterator[bytes]:
    """What a body came to: a header, then an entry a frame. `memory`: bytes that the process has now."""
    said: object = SAME
    entries: tuple[Entry, ...] = ()
    if isinstance(read.entries, Failed):
        said = [read.entries.kind, read.entries.why]
    elif read.entries is not None:
        entries = read.entries
        said = len(entries)
    ttl = read.ttl.total_seconds() if read.ttl else None
    work = read.work.total_seconds()
    row = [read.fingerprint, ttl, work, memory, read.known, read.known_items, read.is_plain, said]
    yield json.dumps(row).encode()
    for entry in entries:
        at = entry.published_at.isoformat() if entry.published_at else None
        row = [entry.key, entry.guid, entry.url, entry.title, entry.lead, entry.published_raw, entry.image, at]
        yield json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")


def reply_header(frame: bytes) -> tuple[BodyRead, int, int]:
    """What the header says, without entries; how many of these follow; the bytes that the other process has.

    Raises ValueError for anything but what `reply_frames` makes.
    """
    match json.loads(frame):
        case [
            str(found),
            float() | int() | None as ttl,
            float() | int() as work,
            int(memory),
            int(known),
            str(items),
            bool(is_plain),
            said,
        ]:
            fresh = timedelta(seconds=ttl) if ttl else None
            read = BodyRead(found, fresh, None, timedelta(seconds=work), known, checked(items), is_plain)
        case _:
            raise ValueError("no header of a reply")
    match said:
        case [str(kind), str(why)]:
            return replace(read, entries=Failed(FailureKind(kind), why)), 0, memory
        case int(count):
            return replace(read, entries=()), count, memory
        case _:
            return read, 0, memory


def entry_of(frame: bytes) -> Entry:
    """The entry of one frame. Raises ValueError for anything else."""
    match json.loads(frame):
        case [str(key), str(guid), str(url), str(title), str(lead), str(raw), str(image), str() | None as at]:
            return Entry(key, guid, url, title, lead, datetime.fromisoformat(at) if at else None, raw, image)
    raise ValueError("no entry")
