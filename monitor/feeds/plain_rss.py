"""Reads RSS in its plainest form as feedparser reads it, to the letter, in a twentieth of the time.

Knows the dozen fields that newspapers write, with what feedparser makes of each; anything else is left to feedparser,
without a word said of it. What this must be equal to is tested against feedparser itself.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from xml.parsers import expat

from monitor.feeds.feedparsed import Feedparsed, RawEntry, raw_entry_of

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_SLASH = "http://purl.org/rss/1.0/modules/slash/"
# By which prefix feedparser calls these, whatever the feed does: a feed that gives one to another namespace misleads it
_PREFIXES = {"content": _CONTENT, "dc": _DC, "media": _MEDIA, "slash": _SLASH}

# Fields of text, by what feedparser calls them; each once an item
_TEXTS = {
    "title": "title",
    "link": "link",
    "guid": "id",
    "pubDate": "published",
    "description": "description",
    f"{_CONTENT} encoded": "content",
    "author": "author",
    f"{_DC} creator": "author",
    "comments": "comments",
}
# Fields of which we make nothing
_PASSED_OVER = frozenset(("category", f"{_SLASH} comments"))
_ADDRESSES = frozenset(("link", "id", "comments"))
# Elements of a channel that have elements themselves, and which
_CHANNEL_PARTS = frozenset(("image", "textInput"))
_THEIR_PARTS = frozenset(("url", "title", "link", "width", "height", "description", "name"))
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")
_RECODED = re.compile("[\x80-\x9f]")  # feedparser takes them for letters of windows-1252

_Attributes = Mapping[str, str]


def plain_rss(data: bytes) -> Feedparsed | None:
    """What feedparser would make of a body that can be cut (feeds/known_items.py); None where that takes feedparser."""
    walk = _RssWalk()
    try:
        walk.parser.Parse(data, True)
    except (expat.ExpatError, _NotPlainError):
        return None
    return Feedparsed(walk.entries, is_feed=True, is_clean=True, is_plain=True)


class _NotPlainError(Exception):
    """The body says something that feedparser must read."""


class _RssWalk:
    """One pass over a body. Raises _NotPlainError out of the parser."""

    def __init__(self) -> None:
        self.entries: list[RawEntry] = []
        self._depth = 0
        self._part = ""  # the element of the channel that is being walked through
        self._field = ""  # the item's
        self._pieces: list[str] = []
        self._entry: dict[str, Any] = {}
        self._is_link = False  # the guid may stand for a missing link
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._pieces.append
        self.parser.StartNamespaceDeclHandler = _declared

    def _start(self, name: str, attributes: _Attributes) -> None:
        self._depth += 1
        if self._depth == 4 and self._part == "item":
            self._start_field(name, attributes)
        elif self._depth > 4 or any(attribute.lower().endswith("base") for attribute in attributes):
            raise _NotPlainError
        elif self._depth == 4:
            if self._part not in _CHANNEL_PARTS or name not in _THEIR_PARTS:
                raise _NotPlainError
        elif self._depth == 3:
            self._part = name
            if name == "item":
                if attributes:
                    raise _NotPlainError
                self._entry = {}
                self._is_link = False
        elif name != ("rss", "channel")[self._depth - 1]:
            raise _NotPlainError

    def _start_field(self, name: str, attributes: _Attributes) -> None:
        self._field = name
        self._pieces.clear()
        if name in _TEXTS:
            if _TEXTS[name] in self._entry:
                raise _NotPlainError
            if name == "guid":
                self._start_guid(attributes)
            elif attributes:
                raise _NotPlainError
        elif name in _PICTURES:
            if any(" " in attribute for attribute in attributes):
                raise _NotPlainError
            _PICTURES[name](self._entry, {key.lower(): value for key, value in attributes.items()})
        elif name not in _PASSED_OVER:
            raise _NotPlainError

    def _start_guid(self, attributes: _Attributes) -> None:
        said = {key.lower(): value for key, value in attributes.items()}
        self._is_link = said.pop("ispermalink", "true") == "true"
        if said:
            raise _NotPlainError

    def _end(self, name: str) -> None:
        if self._depth == 4 and self._field:
            self._end_field(name)
        elif self._depth == 3 and name == "item":
            self._end_item()
        self._depth -= 1

    def _end_field(self, name: str) -> None:
        self._field = ""
        if name in _TEXTS:
            key = _TEXTS[name]
            text = _as_feedparser_has_it("".join(self._pieces), is_address=key in _ADDRESSES)
            self._entry[key] = _unescaped(text) if key == "link" else text
        elif name == f"{_MEDIA} thumbnail" and "".join(self._pieces).strip():
            raise _NotPlainError

    def _end_item(self) -> None:
        entry = self._entry
        if self._is_link and "id" in entry:
            entry.setdefault("link", entry["id"])
        content = entry.pop("content", None)
        if content is not None:
            entry["content"] = [{"value": content}]
            entry.setdefault("description", content)
        entry["summary"] = entry.pop("description", "")
        self.entries.append(raw_entry_of(entry))


def _declared(prefix: str | None, uri: str | None) -> None:
    if prefix in _PREFIXES and (uri or "").rstrip("/") != _PREFIXES[prefix].rstrip("/"):
        raise _NotPlainError


def _enclosure(entry: dict[str, Any], said: dict[str, str]) -> None:
    address = said.get("url", said.get("uri", said.get("href")))
    entry.setdefault("links", []).append({**said, **({"href": address} if address else {}), "rel": "enclosure"})


def _medium(entry: dict[str, Any], said: dict[str, str]) -> None:
    entry.setdefault("media_content", []).append(said)


def _thumbnail(entry: dict[str, Any], said: dict[str, str]) -> None:
    entry.setdefault("media_thumbnail", []).append(said)


# Fields that may name a picture in their attributes
_PICTURES: Mapping[str, Callable[[dict[str, Any], dict[str, str]], None]] = {
    "enclosure": _enclosure,
    f"{_MEDIA} content": _medium,
    f"{_MEDIA} thumbnail": _thumbnail,
}


def _as_feedparser_has_it(text: str, *, is_address: bool) -> str:
    text = text.strip()
    if is_address and ":///" in text:
        raise _NotPlainError  # it takes slashes away
    if text.isascii():
        return text
    with suppress(UnicodeError):  # UTF-8 that somebody took for Latin-1 and encoded again
        text = text.encode("iso-8859-1").decode("utf-8")
    if not text.isprintable() and _RECODED.search(text):
        raise _NotPlainError
    return text


def _unescaped(address: str) -> str:
    """An address of which feedparser takes the parameters for references, and mends that."""
    return _REFERENCE.sub(r"&\g<1>", address.replace("&amp;", "&")) if "&" in address else address
