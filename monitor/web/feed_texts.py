"""A watch's stories as RSS 2.0 and as JSON Feed 1.1. Pure: stories in, text out; who may read them is watch_feeds.py's.

Newspapers' words are plain text here: what looks like markup in them is shown as it stands.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

from markupsafe import Markup

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2


@dataclass(frozen=True, slots=True)
class FeedStory:
    """A story in a feed. `number` is the same for ever; `url` is an article's, `page` the story's own.

    `told_by`: outlets, the first of them first; `source` is the address of that one's feed, empty: not known.
    """

    number: str
    title: str
    url: str
    page: str
    text: str
    at: datetime
    told_by: tuple[str, ...]
    source: str = ""
    about: tuple[str, ...] = ()

    @property
    def guid(self) -> str:
        """What readers know it by."""
        return f"monitor:story:{self.number}"


@dataclass(frozen=True, slots=True)
class WatchFeed:
    """What a feed is of: `home` is the page of the watch, `address` where the feed itself is read."""

    title: str
    description: str
    home: str
    address: str
    lang: str
    stories: Sequence[FeedStory]


def rss(feed: WatchFeed) -> str:
    """RSS 2.0, as the RSS Advisory Board's profile has it."""
    newest = max((story.at for story in feed.stories), default=None)
    head = [
        _element("title", feed.title),
        _element("link", feed.home),
        _element("description", feed.description),
        _element("language", feed.lang),
        Markup('<atom:link href="{}" rel="self" type="application/rss+xml"/>').format(feed.address),
    ]
    if newest is not None:
        head.append(_element("pubDate", format_datetime(newest)))
    items = [_item(story) for story in feed.stories]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        "<channel>\n" + "\n".join([*head, *items]) + "\n</channel>\n</rss>\n"
    )


def _item(story: FeedStory) -> str:
    parts = [
        _element("title", story.title),
        *([_element("link", story.url)] if story.url else []),
        # a description is HTML to whoever reads it (RSS 2.0): plain text is written as such
        _element("description", escape(story.text, quote=False)),
        Markup('<guid isPermaLink="false">{}</guid>').format(story.guid),
        _element("pubDate", format_datetime(story.at)),
        *(_element("dc:creator", outlet) for outlet in story.told_by[:1]),
        *(_element("category", name) for name in story.about),
    ]
    if story.source and story.told_by:
        parts.append(Markup('<source url="{}">{}</source>').format(xml_text(story.source), xml_text(story.told_by[0])))
    return "<item>\n" + "\n".join(parts) + "\n</item>"


def _element(name: str, text: str) -> str:
    return f"<{name}>{Markup.escape(xml_text(text))}</{name}>"


def xml_text(text: str) -> str:
    """The text without what XML forbids: control characters, halves of letters."""
    return _NOT_XML.sub("", text)


def json_feed(feed: WatchFeed) -> str:
    """JSON Feed 1.1."""
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": xml_text(feed.title),
        "description": xml_text(feed.description),
        "home_page_url": feed.home,
        "feed_url": feed.address,
        "language": feed.lang,
        "items": [_json_item(story) for story in feed.stories],
    }
    return json.dumps(said, ensure_ascii=False) + "\n"


def _json_item(story: FeedStory) -> dict[str, object]:
    said: dict[str, object] = {
        "id": story.guid,
        "title": xml_text(story.title),
        "content_text": xml_text(story.text),
        "date_published": story.at.isoformat(timespec="seconds"),
    }
    if story.url:
        said["url"] = story.url
    said["external_url" if story.url else "url"] = story.page
    if story.told_by:
        said["authors"] = [{"name": xml_text(outlet)} for outlet in story.told_by]
    if story.about:
        said["tags"] = [xml_text(name) for name in story.about]
    return said
