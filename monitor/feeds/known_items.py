"""Cuts a feed's body into its items, and tells those that the feed's last body listed already.

Knows XML and bytes; leaves what an item says to feedparser, and in any doubt the whole body. A newspaper's feed of 40
items brings two new ones a poll: cut to these it is read in a tenth of the work.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.parsers import expat

from monitor.feeds.decode import MAX_ENTRIES
from monitor.types import Entry

HASH_BYTES = 8  # of an item's bytes
KEY_BYTES = 4  # of its article key: two that are alike by chance cost a whole reading, and nothing else
KNOWN_ITEM_CHARS = (HASH_BYTES + KEY_BYTES) * 4 // 3  # in base64: 16

_ATOM = "http://www.w3.org/2005/Atom "
_MEDIA = "http://search.yahoo.com/mrss/ "
# Where items stand, by the feed's root: RSS 1.0 has them beside its channel, older Atom is rare
_PATHS = {"rss": ("rss", "channel", "item"), f"{_ATOM}feed": (f"{_ATOM}feed", f"{_ATOM}entry")}
# What begins or ends something in feedparser wherever it stands
_STRUCTURE = frozenset(("channel", "entry", "feed", "item", "items", "rdf", "rss"))
# What may stand inside an item's elements. feedparser keeps accounts of all others that a later item feels: a <title>
# inside of XHTML closes a title that nobody opened
_PERSON = frozenset(f"{_ATOM}{name}" for name in ("name", "email", "uri"))
_INSIDE = {
    f"{_ATOM}author": _PERSON,
    f"{_ATOM}contributor": _PERSON,
    f"{_MEDIA}group": frozenset((f"{_MEDIA}content", f"{_MEDIA}thumbnail")),
}

_ITEM_END = re.compile(rb"</(?:[^\s<>:]+:)?(?:item|entry)\s*>")

KnownItems = Mapping[bytes, bytes]  # the hash of each item, and that of its article key


@dataclass(frozen=True, slots=True)
class CutBody:
    """A body with the place and the hash of each of its items, in its order."""

    data: bytes
    spans: Sequence[tuple[int, int]]
    hashes: Sequence[bytes]

    def without(self, known: Collection[bytes]) -> bytes:
        """The body without the items of these hashes; all else stays, namespaces and base among it."""
        pieces, at = [], 0
        for (start, end), item_hash in zip(self.spans, self.hashes, strict=True):
            if item_hash in known:
                pieces.append(self.data[at:start])
                at = end
        return b"".join((*pieces, self.data[at:]))


def cut(data: bytes) -> CutBody | None:
    """`data`, a well-formed feed in UTF-8, cut into its items; None where they might not stand for themselves.

    That is: declared entities, items elsewhere than in the one channel, anything between two of them, an element in an
    item that is no plain field, and what changes how names and addresses are read from there on. Linear, one pass.
    """
    walk = _Walk(data)
    try:
        walk.parser.Parse(data, True)
    except (expat.ExpatError, _InDoubtError):
        return None
    if not 0 < len(walk.spans) <= MAX_ENTRIES:
        return None
    # the same bytes mean something else under another root
    head = hashlib.blake2b(data[: walk.head], digest_size=16).digest()
    hashes = [hashlib.blake2b(data[start:end], digest_size=HASH_BYTES, key=head).digest() for start, end in walk.spans]
    return CutBody(data, walk.spans, hashes)


def remembered(
    body: CutBody, known: KnownItems, entries: Sequence[Entry], *, seen_at: datetime
) -> dict[bytes, bytes] | None:
    """What is known of a body whose items are `known` but for those that gave `entries`; None: it must be read whole.

    It must where an entry has the key of a known item, for of two entries with one key the first counts. Never known
    are those whose reading depends on more than their bytes: one of several with one key; one whose time was cut to
    `seen_at` because it lies ahead; one without address and id, which is named by its title and day.
    """
    keys = [key_hash(entry) for entry in entries]
    listed = {item_hash: known[item_hash] for item_hash in body.hashes if item_hash in known}
    if not set(keys).isdisjoint(listed.values()):
        return None
    counts = Counter(keys)
    new = [item_hash for item_hash in body.hashes if item_hash not in known]
    settled = {
        item_hash: key
        for item_hash, key, entry in zip(new, keys, entries, strict=True)
        if counts[key] == 1 and _is_settled(entry, seen_at)
    }
    in_order = dict.fromkeys(body.hashes)
    both = listed | settled
    return {item_hash: both[item_hash] for item_hash in in_order if item_hash in both}


def _is_settled(entry: Entry, seen_at: datetime) -> bool:
    return bool(entry.url or entry.guid) and (entry.published_at is None or entry.published_at < seen_at)


def key_hash(entry: Entry) -> bytes:
    """What is kept of an entry's article key."""
    return hashlib.blake2b(entry.key.encode("utf-8", "replace"), digest_size=KEY_BYTES).digest()


def packed(known: KnownItems) -> str:
    """The known items as text for the bookmark: 16 characters each."""
    return b64encode(b"".join(item_hash + key for item_hash, key in known.items())).decode("ascii")


def unpacked(text: str) -> dict[bytes, bytes]:
    """The known items of a bookmark; none where the text is no such thing."""
    if len(text) > MAX_ENTRIES * KNOWN_ITEM_CHARS:
        return {}
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return {}
    size = HASH_BYTES + KEY_BYTES
    if len(data) % size:
        return {}
    return {data[at : at + HASH_BYTES]: data[at + HASH_BYTES : at + size] for at in range(0, len(data), size)}


def checked(text: str) -> str:
    """`text` if it is that of known items. Raises ValueError for anything else."""
    if text and not unpacked(text):
        raise ValueError("no known items")
    return text


class _InDoubtError(Exception):
    """The body is none that may be cut."""


class _Walk:
    """One pass over a feed: where its items begin and end. Raises _InDoubtError out of the parser."""

    def __init__(self, data: bytes) -> None:
        self.spans: list[tuple[int, int]] = []
        self.head = 0  # where the first element of the channel begins, an item or not
        self._data = data
        self._path: tuple[str, ...] = ()  # how an item is reached from the root
        self._depth = 0
        self._begin = -1  # of the item that is being walked through
        self._field = ""  # its element that is
        self._has_ended = False  # something stood behind the items
        self._has_declared = False  # the next element declares a prefix
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartNamespaceDeclHandler = self._declared
        self.parser.StartDoctypeDeclHandler = self._doubted

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        item_depth = len(self._path)
        if self._begin >= 0:
            self._start_inside(name, self._depth - item_depth)
        elif self._depth < item_depth or not item_depth:
            self._start_above(name)
        elif self._depth == item_depth:
            self._start_beside(name)
        elif _local(name) in _STRUCTURE:
            raise _InDoubtError
        if self._begin >= 0 and (self._has_declared or any(map(_is_base, attributes))):
            raise _InDoubtError  # feedparser may go on reading names and addresses so in later items
        self._has_declared = False

    def _start_above(self, name: str) -> None:
        if not self._path:
            self._path = _PATHS.get(name, ())
        if len(self._path) < self._depth or self._path[self._depth - 1] != name or self.head:
            raise _InDoubtError

    def _start_beside(self, name: str) -> None:
        at = self.parser.CurrentByteIndex
        self.head = self.head or at
        if name == self._path[-1]:
            if self._has_ended:
                raise _InDoubtError
            self._begin = at
        elif _local(name) in _STRUCTURE:
            raise _InDoubtError
        else:
            self._has_ended = bool(self.spans)

    def _start_inside(self, name: str, depth: int) -> None:
        if depth == 1:
            if _local(name) in _STRUCTURE:
                raise _InDoubtError
            self._field = name
        elif depth > 2 or name not in _INSIDE.get(self._field, ()):
            raise _InDoubtError

    def _end(self, name: str) -> None:
        if self._begin >= 0 and self._depth == len(self._path):
            closing = _ITEM_END.match(self._data, self.parser.CurrentByteIndex)
            if closing is None:  # <item/>: the parser stands behind it
                raise _InDoubtError
            self.spans.append((self._begin, closing.end()))
            self._begin = -1
        self._depth -= 1

    def _declared(self, prefix: str | None, _uri: str | None) -> None:
        self._has_declared = self._has_declared or prefix is not None

    def _doubted(self, *_: Any) -> None:
        raise _InDoubtError


def _is_base(attribute: str) -> bool:
    return attribute.lower().endswith("base")


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()
