"""A story as one line of an answer: whom it names, its title as a link, who tells it and since when.

Knows no chat.
"""

from collections.abc import Collection
from datetime import datetime, tzinfo

from monitor.bot.chat_request import Html, bold, italic, link
from monitor.notify.render import clock_time
from monitor.types import StoryView, WatchId

MOST_NAMES = 2


def story_line(view: StoryView, wanted: Collection[WatchId], *, zone: tzinfo, now: datetime) -> Html:
    """The line, its names those of the watches `wanted`."""
    found = [match for each in view.matches.values() for match in each if match.watch_id in wanted]
    names = list(dict.fromkeys(match.name for match in found))[:MOST_NAMES]
    return Html(f"• {bold(', '.join(names))}: {title_line(view, zone=zone, now=now)}")


def title_line(view: StoryView, *, zone: tzinfo, now: datetime) -> Html:
    """The same without the names."""
    first = view.items[0]
    outlets = list(dict.fromkeys(item.outlet for item in view.items))
    when = clock_time((first.at or view.story.opened_at).astimezone(zone), now)
    source = f"{outlets[0]}{f' +{len(outlets) - 1}' if len(outlets) > 1 else ''} · {when}"
    return Html(f"{link(first.title, first.url)} {italic(source)}")
