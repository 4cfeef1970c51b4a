"""/: stories of watched targets, the newest first: who told what when.

What an address asks for is read by story_filter.py, what a card says is story_card.py's.
"""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.i18n import translatable
from monitor.notify.search_mistakes import lacking_text
from monitor.pipeline.find_news import MANY_LACKING
from monitor.pipeline.search_query import MOST_TYPED
from monitor.store.event_rows import EventNumber
from monitor.store.listed_rows import ListedPage, ListPlace
from monitor.store.transaction import Transaction
from monitor.types import Watch, WatchId
from monitor.web.event_stream import events_address
from monitor.web.page import Answer, Visit, WebPage, WrongInput
from monitor.web.story_card import story_card
from monitor.web.story_filter import ASKED, AskedStories, UnknownName, asked_stories, outlets_of, tags_of
from monitor.web.watch_list import KINDS, kind_of

STORIES_A_PAGE = 20
MOST_CHOICES = 400  # of a list to choose from; more are typed
_PLACE = re.compile(r"([0-9]{1,17})-([0-9]{1,18})-([0-9]{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def stories(visit: Visit) -> Answer:
    """A page of them, from the newest or from ?before= on."""
    try:
        place, asked = _place(visit), await asked_stories(visit)
    except WrongInput as wrong:
        near = wrong.near if isinstance(wrong, UnknownName) else {}
        data = _data(visit, None) | {"error": wrong.why, "near": [{"name": n, "path": p} for n, p in near.items()]}
        return WebPage("stories.html", data, _form(visit), status=wrong.status, keeps=False)

    def read(tx: Transaction) -> tuple[EventNumber, int, ListedPage]:
        event, lacking = tx.last_event(), tx.unindexed_count()  # before the list: what comes meanwhile is told again
        if asked.search is None:
            return event, lacking, ListedPage((), None)
        return event, lacking, tx.listed_stories(asked.search, after=place, limit=STORIES_A_PAGE)

    event, lacking, page = await visit.site.store.read(read)
    data = _data(visit, asked)
    data["stories"] = await asyncio.to_thread(_cards, visit, page)
    data["next"] = asked.address(before=place_text(page.after)) if page.after else None
    if lacking >= MANY_LACKING and asked.search is not None and (asked.search.terms or asked.search.outlet):
        data["lacking"] = lacking_text(lacking, visit.words)
    extra = _form(visit) | {"chips": _chips(visit, asked), "first": asked.address() if place else None}
    return WebPage("stories.html", data, extra | {"events": "" if place else events_address(visit, event)})


def _cards(visit: Visit, page: ListedPage) -> list[dict[str, Any]]:
    """What the cards say, each under the time by which it is listed."""
    watches = visit.watches()
    return [story_card(view, watches, visit.words) | {"at": at} for at, view in page.stories]


def _data(visit: Visit, asked: AskedStories | None) -> dict[str, Any]:
    """What the page says without its stories."""
    given = visit.query if asked is None else asked.parameters
    filters = {name: given.get(name, "").strip()[:MOST_TYPED] for name in ASKED}
    return {"filters": filters, "stories": [], "next": None, "lacking": "", "error": "", "near": []}


def _form(visit: Visit) -> dict[str, Any]:
    """What there is to choose from."""
    watches = visit.watches()
    groups = _groups(visit, watches) if len(watches) <= MOST_CHOICES else []
    return {"groups": groups, "tags": tags_of(watches), "outlets": outlets_of(visit), "chips": [], "first": None}


def _groups(visit: Visit, watches: Mapping[WatchId, Watch]) -> list[tuple[str, list[Watch]]]:
    """The watches to choose from, by what they are."""
    groups: dict[str, list[Watch]] = {kind: [] for kind in KINDS}
    for watch in sorted(watches.values(), key=lambda each: each.name):
        groups[kind_of(watch)].append(watch)
    return [(visit.words.gettext(KINDS[kind]), found) for kind, found in groups.items() if found]


def _chips(visit: Visit, asked: AskedStories) -> list[tuple[str, str]]:
    """What is asked for, each with the address of the list without it."""
    names = {
        "watch": asked.watch.name if asked.watch else "",
        "tag": f"#{asked.tag}",
        "outlet": asked.outlet,
        "q": visit.words.gettext("“{words}”", words=asked.q),
    }
    return [(names[name], asked.address(**{name: ""})) for name in asked.parameters]


def place_text(place: ListPlace) -> str:
    """A place as it stands in an address."""
    return f"{(place.at - _EPOCH) // timedelta(microseconds=1)}-{place.item}-{place.up_to}"


def _place(visit: Visit) -> ListPlace | None:
    typed = visit.asked("before")
    if not typed:
        return None
    given = _PLACE.fullmatch(typed)
    if given is None:
        why = translatable(
            "There is no page of the list at before={word}. Take the link “Older”, or begin with the newest."
        )
        raise WrongInput(visit.words.gettext(why, word=typed[:60]))
    return ListPlace(_EPOCH + timedelta(microseconds=int(given[1])), int(given[2]), int(given[3]))
