"""/watches: all watches in force, how often each is in the news, its last story, and whether this chat follows it.

Own watches of other chats are not there. What a target means is pipeline/following.py's, where in the world it belongs
pipeline/regions.py's.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from monitor.charts.multiples import sparkline
from monitor.i18n import Translator, translatable
from monitor.notify.trend_words import articles
from monitor.pipeline.pictures import read_trends
from monitor.pipeline.regions import REGIONS, Region, place_name, region_of
from monitor.store.transaction import Transaction
from monitor.store.watch_page_rows import MentionTotals
from monitor.text.letter_order import letter_key
from monitor.text.words import unmarked
from monitor.types import Leader, Mention, Priority, Trend, Watch, WatchId, own_number
from monitor.web.follow_forms import Following, read_following
from monitor.web.page import Answer, Visit, WebPage, WrongInput

MONTH, WEEK = 30, 7  # days
A_PAGE = 100  # watches; the shipped ones fit
SPARK = (96.0, 24.0)  # pixels
SORTS = {
    "news": translatable("most in the news"),
    "latest": translatable("newest story first"),
    "name": translatable("by name"),
}
KINDS = {
    "own": translatable("This chat's own"),
    "leader": translatable("Leaders"),
    "event": translatable("Events"),
}
_NEVER = MentionTotals()


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the address asks for."""

    q: str
    tag: str
    sort: str
    page: int

    def address(self, **other: str | int) -> str:
        """The same with something else."""
        said = {"q": self.q, "tag": self.tag, "sort": self.sort, "page": self.page} | other
        usual = {"q": "", "tag": "", "sort": "news", "page": 1}
        asked = urlencode({name: value for name, value in said.items() if value != usual[name]})
        return f"/watches?{asked}" if asked else "/watches"


@dataclass(frozen=True, slots=True)
class _ListRows:
    """What the rows say of the watches on this page."""

    order: list[Watch]  # of all that are wanted, by kind and region
    totals: Mapping[WatchId, MentionTotals]
    last: Mapping[WatchId, Mention]
    trends: Mapping[WatchId, Trend]
    following: Following


async def watch_list(visit: Visit) -> Answer:
    """The list, as the address filters and sorts it."""
    wish = _wish(visit)
    watches = {each: watch for each, watch in visit.watches().items() if watch.enabled}
    wanted = [watch for watch in watches.values() if _fits(watch, wish)]
    found = await visit.site.store.read(_read, wanted, wish, visit)
    shown = found.order[(wish.page - 1) * A_PAGE : wish.page * A_PAGE]
    pages = -(-len(found.order) // A_PAGE) or 1
    data = {
        "groups": _groups(shown, found, visit.words),
        "q": wish.q,
        "tag": wish.tag,
        "sort": wish.sort,
        "watches": len(watches),
        "found": len(found.order),
        "page": wish.page,
        "pages": pages,
        "tags": _tags(watches),
        "following": list(found.following.targets),
    }
    extra = {
        "sparks": {each: Markup(_spark(trend, visit.words)) for each, trend in found.trends.items()},  # noqa: S704 - ours
        "sorts": [(sort, visit.words.gettext(name)) for sort, name in SORTS.items()],
        "may_change": found.following.may_change,
        "back": wish.address(),
        "tag_name": tag_name(wish.tag),
        "turns": {
            "earlier": wish.address(page=wish.page - 1) if wish.page > 1 else "",
            "later": wish.address(page=wish.page + 1) if wish.page < pages else "",
        },
    }
    return WebPage("watches.html", data, extra)


def _wish(visit: Visit) -> _Wish:
    sort, page = visit.asked("sort") or "news", visit.asked("page") or "1"
    if sort not in SORTS or not (page.isascii() and page.isdigit()) or not 0 < len(page) < 6:
        raise WrongInput(visit.words.gettext("There is no such page."))
    return _Wish(" ".join(visit.asked("q").split()), visit.asked("tag").removeprefix("#"), sort, max(1, int(page)))


def _fits(watch: Watch, wish: _Wish) -> bool:
    if wish.tag and (wish.tag not in watch.tags or own_number(watch.id) is not None):
        return False
    if not wish.q:
        return True
    aliases = (*watch.aliases, *watch.short) if isinstance(watch, Leader) else ()
    names = (watch.name, watch.id, *aliases, *watch.tags, *map(place_name, watch.tags))
    return any(_folded(wish.q) in _folded(name) for name in names)


def _folded(text: str) -> str:
    return unmarked(text.casefold())


def tag_name(tag: str) -> str:
    """A tag as readers know it: its country, else itself."""
    return place_name(tag) or tag


# ---------------------------------------------------------------- rows


def _read(tx: Transaction, wanted: Sequence[Watch], wish: _Wish, visit: Visit) -> _ListRows:
    today = visit.now.astimezone(visit.site.zone).date()
    week, month = today - timedelta(days=WEEK - 1), today - timedelta(days=MONTH - 1)
    totals = tx.mention_totals(today=today, week=week, month=month)
    ids = [watch.id for watch in wanted]
    last = tx.last_mentions(ids) if wish.sort == "latest" else {}
    order = _ordered(wanted, totals, last, wish.sort)
    shown = [watch.id for watch in order[(wish.page - 1) * A_PAGE : wish.page * A_PAGE]]
    trends = read_trends(tx, shown, visit.site.watches(), days=MONTH, until=today)
    return _ListRows(
        order,
        totals,
        last or tx.last_mentions(shown),
        {trend.watch_id: trend for trend in trends},
        read_following(tx, visit.address),
    )


def _ordered(
    wanted: Sequence[Watch], totals: Mapping[WatchId, MentionTotals], last: Mapping[WatchId, Mention], sort: str
) -> list[Watch]:
    """By kind, then by region, then in it; regions stand as the first of their watches does."""

    def rank(watch: Watch) -> Any:
        match sort:
            case "news":
                total = totals.get(watch.id, _NEVER)
                return -total.week, -total.month
            case "latest":
                return -(last[watch.id].at.timestamp() if watch.id in last else 0.0)
        return ()

    best: dict[tuple[str, Region], Any] = {}
    weight = Counter[tuple[str, Region]]()
    for watch in wanted:
        place = kind_of(watch), _region_of(watch)
        weight[place] -= totals.get(watch.id, _NEVER).week
        best[place] = min(best.get(place, rank(watch)), rank(watch))

    def key(watch: Watch) -> Any:
        place = kind_of(watch), _region_of(watch)
        of_region = weight[place] if sort == "news" else best[place]
        number = REGIONS.index(_region_of(watch))
        return list(KINDS).index(kind_of(watch)), of_region, number, rank(watch), letter_key(watch.name)

    return sorted(wanted, key=key)


def kind_of(watch: Watch) -> str:
    """Whose or of what sort it is: own, leader or event."""
    if own_number(watch.id) is not None:
        return "own"
    return "leader" if isinstance(watch, Leader) else "event"


def _region_of(watch: Watch) -> Region:
    return REGIONS[-1] if own_number(watch.id) is not None else region_of(watch)


# ---------------------------------------------------------------- what is shown


def _groups(shown: Sequence[Watch], found: _ListRows, words: Translator) -> list[dict[str, Any]]:
    groups = []
    for kind, mine in groupby(shown, key=kind_of):
        regions = [
            {
                "name": "" if kind == "own" else words.gettext(region.name),
                "watches": [_row(watch, found) for watch in some],
            }
            for region, some in groupby(mine, key=_region_of)
        ]
        groups.append({"kind": kind, "name": words.gettext(KINDS[kind]), "regions": regions})
    return groups


def _row(watch: Watch, found: _ListRows) -> dict[str, Any]:
    totals, last = found.totals.get(watch.id, _NEVER), found.last.get(watch.id)
    trend = found.trends.get(watch.id)
    return {
        "id": watch.id,
        "name": watch.name,
        "kind": kind_of(watch),
        "path": f"/watches/{watch.id}",
        "tags": list(watch.tags),
        "is_high": watch.priority is Priority.HIGH,
        "today": totals.today,
        "week": totals.week,
        "month": totals.month,
        "days": list(trend.counts) if trend else [],
        "last": None if last is None else last_story(last),
        "followed_by": list(found.following.of(watch)),
    }


def last_story(last: Mention) -> dict[str, Any]:
    """The newest item of a watch as the story that it belongs to."""
    return {
        "story": last.story_id,
        "path": f"/stories/{last.story_id}" if last.story_id else "",
        "title": last.title,
        "at": last.at,
        "outlet": last.outlet,
        "url": last.url,
    }


def _spark(trend: Trend, words: Translator) -> str:
    label = words.gettext("{n} days: {articles}", n=len(trend.counts), articles=articles(words, trend.total))
    width, height = SPARK
    return sparkline(trend.counts, label, width=width, height=height)


def _tags(watches: Mapping[WatchId, Watch]) -> list[dict[str, Any]]:
    """The tags of the files' watches, with how many each has, those first that have most."""
    counts = Counter(tag for watch in watches.values() if own_number(watch.id) is None for tag in watch.tags)
    order: Callable[[tuple[str, int]], Any] = lambda each: (-each[1], letter_key(tag_name(each[0])))  # noqa: E731
    return [{"tag": tag, "name": tag_name(tag), "watches": count} for tag, count in sorted(counts.items(), key=order)]
