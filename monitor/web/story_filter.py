"""Which stories an address asks for: ?watch=, ?tag=, ?outlet= and ?q=, all of them together.

Finds no story. What is wrong is said in the reader's language, with the names that may have been meant.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from monitor.notify.search_mistakes import mistake_text
from monitor.pipeline.find_news import unknown_outlet
from monitor.pipeline.search_query import (
    QueryMistake,
    SearchNames,
    nearest_names,
    nearest_watches,
    read_query,
)
from monitor.store.search import Search
from monitor.store.search_words import outlet_key
from monitor.types import Watch, WatchId
from monitor.web.page import Visit, WrongInput

ASKED = ("watch", "tag", "outlet", "q")  # parameters of the address


@dataclass(frozen=True, slots=True)
class AskedStories:
    """What is asked for, as it stands in the form; `search` None: no article can answer all of it.

    `watch` is the watch that is meant, where it was written by its name or in other letters as well.
    """

    search: Search | None
    watch: Watch | None = None
    tag: str = ""
    outlet: str = ""
    q: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """What of it stands in an address."""
        named = {"watch": self.watch.id if self.watch else "", "tag": self.tag, "outlet": self.outlet, "q": self.q}
        return {name: value for name, value in named.items() if value}

    def address(self, **others: str) -> str:
        """The list's address with all of it and these parameters; an empty one is left out."""
        asked = {name: value for name, value in (self.parameters | others).items() if value}
        return f"/?{urlencode(asked)}" if asked else "/"


class UnknownName(WrongInput):
    """A watch, tag or outlet that nobody knows; `near` are addresses of lists that may have been meant, by name."""

    def __init__(self, why: str, near: Mapping[str, str]) -> None:
        super().__init__(why)
        self.near = near


async def asked_stories(visit: Visit) -> AskedStories:
    """What the address asks for, of what its viewer may see. Raises WrongInput for what cannot be meant."""
    # off the loop: the nearest of many names are looked for where one is not known
    asked = await asyncio.to_thread(_asked, visit)
    if asked.search is not None and asked.search.outlet:
        names = SearchNames({}, set(outlets_of(visit)))
        if mistake := await visit.site.store.read(unknown_outlet, asked.search, names):
            raise _unknown_outlet(visit, mistake)
    return asked


def _asked(visit: Visit) -> AskedStories:
    watches = visit.watches()
    watch, tag, outlet, q = _watch(visit, watches), _tag(visit, watches), visit.asked("outlet"), visit.asked("q")
    if outlet and outlet_key(outlet) == outlet_key(""):
        raise UnknownName(mistake_text("outlet", outlet, (), visit.words), {})
    names = SearchNames({each.id: each.name for each in watches.values()}, outlets_of(visit))
    found = read_query(q, names, now=visit.now) if q else Search()
    if isinstance(found, QueryMistake):
        raise WrongInput(mistake_text(found.fault, found.word, found.near, visit.words))
    wanted = {each.id for each in watches.values() if watch in (None, each) and (not tag or tag in each.tags)}
    if found.watch_ids is not None:
        wanted &= set(found.watch_ids)
    asked = AskedStories(replace(found, watch_ids=wanted, outlet=outlet or found.outlet), watch, tag, outlet, q)
    if not wanted or (outlet and found.outlet and outlet_key(outlet) != outlet_key(found.outlet)):
        return replace(asked, search=None)
    return asked


def outlets_of(visit: Visit) -> list[str]:
    """The outlets whose feeds are read, in order."""
    return sorted({feed.outlet for feed in visit.site.feeds() if feed.outlet}, key=str.casefold)


def tags_of(watches: Mapping[WatchId, Watch]) -> list[str]:
    """The tags that watches have, in order."""
    return sorted({tag for watch in watches.values() for tag in watch.tags})


def _watch(visit: Visit, watches: Mapping[WatchId, Watch]) -> Watch | None:
    typed = visit.asked("watch").removeprefix("@")
    if not typed:
        return None
    small = typed.casefold()
    known = next((each for each in watches.values() if small in (each.id.casefold(), each.name.casefold())), None)
    if known is not None:
        return known
    near = nearest_watches(typed, {each.id: each.name for each in watches.values()})
    why = visit.words.gettext("Nobody and nothing on the watchlist is called {word}.", word=typed)
    raise UnknownName(why, {watches[WatchId(each)].name: _instead(visit, watch=each) for each in near})


def _tag(visit: Visit, watches: Mapping[WatchId, Watch]) -> str:
    typed = visit.asked("tag").removeprefix("#")
    known = tags_of(watches)
    if not typed or typed in known:
        return typed
    why = visit.words.gettext("No watch has the tag {word}.", word=typed)
    raise UnknownName(why, {f"#{each}": _instead(visit, tag=each) for each in nearest_names(typed, known)})


def _unknown_outlet(visit: Visit, mistake: QueryMistake) -> UnknownName:
    why = mistake_text("outlet", mistake.word, (), visit.words)
    return UnknownName(why, {each: _instead(visit, outlet=each) for each in mistake.near})


def _instead(visit: Visit, **others: str) -> str:
    """The list's address as it was asked for, with another name."""
    asked = {name: value for name in ASKED if (value := visit.asked(name))} | others
    return f"/?{urlencode(asked)}"
