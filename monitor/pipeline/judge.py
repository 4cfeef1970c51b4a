"""What an item comes to, before anything is written: its matches, its place among the stories, its quotes.

Touches no row; detect.py writes what comes out, `monitor backtest` replays it. Long texts are read in a thread.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.matching.matcher import Matcher
from monitor.ports import Nlp
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.types import Item, Match, Placement, Quote, Reason, ReasonCode, Role

LONG_BODY = 20_000  # characters; matching such a text takes about 20 ms, longer ones go to a thread
PROMINENT_WITHIN = 700  # characters: the first paragraphs, where news stands (the inverted pyramid)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of an item; `matches` are those that count, `quotes` also of leaders named in passing.

    `own` are those of chats' own watches: they ring, and change nothing of stories and quotes, which are everybody's.
    """

    matches: tuple[Match, ...]
    quotes: tuple[Quote, ...]
    own: tuple[Match, ...] = ()

    @property
    def all_matches(self) -> tuple[Match, ...]:
        """Those of the files and the own ones."""
        return (*self.matches, *self.own)


def is_compared(item: Item, matches: Sequence[Match], when: datetime, now: datetime) -> bool:
    """Whether an item is held against earlier news, and kept for later news to be held against.

    Not what a first poll brings silently and nobody will see: what names nothing that is watched, or is older than the
    story window reaches. It is a story by itself. Of 40,000 items of 1,000 new feeds that leaves some thousand.
    """
    return item.alertable or (bool(matches) and now - when <= SAME_TEXT_WINDOW)


def is_prominent(match: Match) -> bool:
    """Whether a mention is what the article is about: in title or lead, early in the body, or there more than once.

    Of an event the matcher has said so: the words of a query are several, and one alone says nothing.
    A name that falls once in the fifteenth paragraph is background: it would ring for stories about others.
    """
    if match.kind == "event":
        return not match.passing
    body = [evidence for evidence in match.evidence if evidence.field == "body"]
    return len(body) < len(match.evidence) or len(body) > 1 or any(each.start < PROMINENT_WITHIN for each in body)


def without_body(item: Item) -> Item:
    """The item as the story window knows it: by title and lead, so that a restart need not read articles again."""
    return replace(item, body="") if item.body else item


class Judge:
    """Judges items one after the other, as they come; teaches the window nothing."""

    def __init__(self, window: StoryWindow, nlp: Nlp | None = None) -> None:
        self._window = window
        self._nlp = nlp

    async def first(
        self, item: Item, active: ActiveWatchlist, *, at: datetime, bare: Item | None = None
    ) -> tuple[Judged, Placement]:
        """Judge an item by what its feed says of it; one that is judged anew may have its body.

        `at` counts as its time when it names none. `bare`: the item without its body, as the window is asked of it
        again: it knows the very object, and need not read it twice.
        """
        matches: Sequence[Match] = await self._doubted(item, active.matcher.match(item))
        placement = self._place(bare or without_body(item), matches, item.at or at, at)
        quotes = await _quotes(item, matches)
        own = await self._doubted(item, active.own.match(item))
        if item.story_id is not None:  # judged anew, perhaps with its article
            matches, own = _prominent(matches), _prominent(own)
        return Judged(tuple(matches), quotes, tuple(own)), placement

    async def _doubted(self, item: Item, matches: Sequence[Match]) -> Sequence[Match]:
        return await self._nlp.second_opinion(item, matches) if self._nlp is not None and matches else matches

    def _place(self, bare: Item, matches: Sequence[Match], when: datetime, now: datetime) -> Placement:
        if not is_compared(bare, matches, when, now):
            return Placement(None, Role.NEW, Reason(ReasonCode.FIRST_POLL))
        return self._window.decide(bare, matches, at=when)

    async def article(self, item: Item, active: ActiveWatchlist) -> Judged:
        """Judge an item whose full text has come: what is named there in passing does not count."""
        if len(item.body) > LONG_BODY:
            matches, own = await asyncio.to_thread(_found, active, item)
        else:
            matches, own = _found(active, item)
        quotes = await _quotes(item, matches)
        found = await self._doubted(item, _prominent(matches))
        return Judged(tuple(found), quotes, tuple(await self._doubted(item, _prominent(own))))


def _found(active: ActiveWatchlist, item: Item) -> tuple[Sequence[Match], Sequence[Match]]:
    return active.matcher.match(item), active.own.match(item)


def _prominent(matches: Sequence[Match]) -> list[Match]:
    return [match for match in matches if is_prominent(match)]


def judge_stored(matcher: Matcher, item: Item) -> Judged:
    """Ask a changed watchlist about a stored item, without a second opinion; takes tens of milliseconds a full text."""
    matches = matcher.match(item)
    return Judged(tuple(_prominent(matches)), _quotes_of(item, matches))


async def _quotes(item: Item, matches: Sequence[Match]) -> tuple[Quote, ...]:
    """What leaders say in an item, also those whom it names in passing; a long text is read in a thread."""
    if len(item.body) > LONG_BODY:
        return await asyncio.to_thread(_quotes_of, item, matches)
    return _quotes_of(item, matches)


def load_quotes() -> None:
    """Import what finds quotes now, and not at the first item: 0.05 s, which a round without news spares."""
    import monitor.stories.quotes.find_quotes  # noqa: F401


def _quotes_of(item: Item, matches: Sequence[Match]) -> tuple[Quote, ...]:
    from monitor.stories.quotes.find_quotes import quotes_of

    return quotes_of(item, matches)
