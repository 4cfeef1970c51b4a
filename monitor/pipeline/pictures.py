"""A picture's spec -> the picture of this moment: reads the rows, counts, and has charts/ draw.

Opens transactions that only read. The words are notify/'s, when a picture is sent is for others to decide.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from monitor.charts.bar_chart import bar_chart
from monitor.charts.day_picture import day_picture
from monitor.charts.line_chart import line_chart
from monitor.charts.multiples import multiples
from monitor.charts.palette import DARK, LIGHT, Palette
from monitor.i18n import Translator, translator
from monitor.notify.news_words import (
    MOST_STORIES,
    MOST_WATCHES,
    WEEK,
    DayNews,
    day_caption,
    day_chart,
    this_week,
    week_caption,
    week_chart,
)
from monitor.notify.trend_words import (
    NamedWith,
    outlets_caption,
    outlets_chart,
    trend_caption,
    trend_chart,
    who_caption,
    who_chart,
)
from monitor.ports import Painter
from monitor.store.transaction import Store, Transaction
from monitor.types import (
    Leader,
    Mention,
    Peak,
    PictureKind,
    PictureSpec,
    Trend,
    Watch,
    WatchId,
    own_number,
)

MOST_PEAKS, MOST_PEAKS_OF_TWO = 3, 2  # of one watch alone; of each of two
PEAK_LEAST = 3  # items: fewer in a day is no peak
PEAK_FACTOR = 1.5  # times the usual day
PEAK_APART = 3  # days: the slope of a peak is no other one
MOST_OUTLETS = 10
Watches = Mapping[WatchId, Watch]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A picture before it is rendered: as SVG, and in words (HTML, short enough for a caption)."""

    svg: str
    caption: str


class Pictures:
    """Draws what is asked for with the watchlist and the rows of the moment."""

    def __init__(self, store: Store, painter: Painter, *, watches: Callable[[], Watches], zone: ZoneInfo) -> None:
        self._store = store
        self._painter = painter
        self._watches = watches
        self._zone = zone

    async def sketch(self, spec: PictureSpec, *, lang: str, now: datetime) -> Sketch | None:
        """The picture before it is rendered; None when there is nothing to show.

        Drawing takes some milliseconds, which the thread of the transaction has.
        """
        return await self._store.read(
            sketched, spec, self._watches(), words=translator(lang), now=now.astimezone(self._zone)
        )

    async def render(self, sketch: Sketch) -> bytes:
        """The PNG. Raises PictureError when there is none to be had."""
        return await self._painter.paint(sketch.svg)


def sketched(
    tx: Transaction, spec: PictureSpec, watches: Watches, *, words: Translator, now: datetime
) -> Sketch | None:
    """What a spec comes to by these rows; `now` is in the zone of the installation."""
    easel = _Easel(tx, spec, watches, words, now)
    match spec.kind:
        case PictureKind.TREND if spec.by_outlet:
            return _outlets(easel)
        case PictureKind.TREND:
            return _trend(easel)
        case PictureKind.WHO:
            return _who(easel)
        case PictureKind.DAY:
            return _day(easel)
        case PictureKind.WEEK:
            return _week(easel)
        case _:
            assert_never(spec.kind)


@dataclass(frozen=True, slots=True)
class _Easel:
    """All that one picture is made with."""

    tx: Transaction
    spec: PictureSpec
    watches: Watches
    words: Translator
    now: datetime

    @property
    def palette(self) -> Palette:
        return DARK if self.spec.is_dark else LIGHT

    @property
    def until(self) -> date:
        """The last day that is shown."""
        return self.spec.until or self.now.date()

    @property
    def mine(self) -> list[WatchId]:
        """The watches that are asked for, as far as the watchlist still has them; all where none is named."""
        return [each for each in self.spec.watch_ids or self.watches if each in self.watches]

    def trends(self) -> list[Trend]:
        """Of the watches that are asked for, over the days that are."""
        return read_trends(self.tx, self.mine, self.watches, days=self.spec.days, until=self.until)

    def morning(self, day: date) -> datetime:
        """When a day begins."""
        return datetime.combine(day, time(), self.now.tzinfo)

    def items_of(self, watch_id: WatchId, day: date, days: int = 1) -> list[Mention]:
        """What is stored of a watch from a day on."""
        until = self.morning(day + timedelta(days=days))
        return self.tx.named_items(watch_id, since=self.morning(day), until=until)


# ---------------------------------------------------------------- as a row of the outbox keeps it


def payload_of(spec: PictureSpec) -> dict[str, Any]:
    """A spec as a row's payload keeps it under "picture"."""
    said: dict[str, Any] = {"kind": spec.kind.value}
    if spec.watch_ids:
        said["watches"] = list(spec.watch_ids)
    if spec.days != PictureSpec(spec.kind).days:
        said["days"] = spec.days
    if spec.until is not None:
        said["until"] = spec.until.isoformat()
    return said | {name: True for name in ("by_outlet", "is_dark") if getattr(spec, name)}


def spec_of(payload: Mapping[str, Any]) -> PictureSpec:
    """The spec that `payload_of` gave; what is not said is as usual."""
    kind = PictureKind(payload["kind"])
    until = payload.get("until")
    return PictureSpec(
        kind,
        tuple(map(WatchId, payload.get("watches", ()))),
        int(payload.get("days", PictureSpec(kind).days)),
        date.fromisoformat(until) if until else None,
        bool(payload.get("by_outlet", False)),
        bool(payload.get("is_dark", False)),
    )


def command_of(spec: PictureSpec) -> str:
    """What to type to have the picture in a file, where none can be shown."""
    named = " ".join(spec.watch_ids) if spec.kind in (PictureKind.TREND, PictureKind.WHO) else ""
    options = " --outlets" if spec.by_outlet else ""
    since = f" --since {spec.days}d" if named and spec.days != PictureSpec(spec.kind).days else ""
    return f"monitor chart {spec.kind.value}{' ' if named else ''}{named}{since}{options} --out picture.png"


# ---------------------------------------------------------------- one kind after the other


def _trend(easel: _Easel) -> Sketch | None:
    trends = easel.trends()
    if not any(trend.total for trend in trends):
        return None
    most = MOST_PEAKS if len(trends) == 1 else MOST_PEAKS_OF_TWO
    peaks = [peak for trend in trends for peak in _told_peaks(easel, trend, most)]
    chart = trend_chart(trends, peaks, easel.words)
    drawing = line_chart(chart, number=easel.words.number, palette=easel.palette)
    return Sketch(drawing.svg, trend_caption(trends, peaks, easel.words))


def _told_peaks(easel: _Easel, trend: Trend, most: int) -> list[Peak]:
    """The peaks of a trend, each with the story that most items of that day tell, where those are still stored."""
    peaks = []
    for number in peak_days(trend.counts, most):
        day = trend.since + timedelta(days=number)
        title, url = told_by_most(easel.items_of(trend.watch_id, day))
        peaks.append(Peak(trend.watch_id, day, trend.counts[number] or 0, title, url))
    return peaks


def _outlets(easel: _Easel) -> Sketch | None:
    for trend in easel.trends()[:1]:
        if items := easel.items_of(trend.watch_id, trend.since, easel.spec.days):
            by_outlet = Counter(item.outlet for item in items).most_common(MOST_OUTLETS)
            trend = replace(trend, outlets=tuple(by_outlet))
            drawing = bar_chart(outlets_chart(trend, easel.words), palette=easel.palette)
            return Sketch(drawing.svg, outlets_caption(trend, easel.words))
    return None


def _who(easel: _Easel) -> Sketch | None:
    for trend in easel.trends()[:1]:
        since, until = easel.morning(trend.since), easel.morning(trend.since + timedelta(days=easel.spec.days))
        found = easel.tx.companions(trend.watch_id, since=since, until=until)
        named = [  # what other chats watch for themselves is nobody else's business
            NamedWith(easel.watches[each].name, count)
            for each, count in found.items()
            if each in easel.watches and own_number(each) is None
        ]
        if named:
            named.sort(key=lambda each: (-each.count, each.name))
            drawing = bar_chart(who_chart(trend, named, easel.words), palette=easel.palette)
            return Sketch(drawing.svg, who_caption(trend, named, easel.words))
    return None


def _day(easel: _Easel) -> Sketch | None:
    day = easel.spec.until
    until = easel.now if day is None else easel.morning(day + timedelta(days=1))
    since = easel.now - timedelta(days=1) if day is None else easel.morning(day)
    told = easel.tx.told_most(easel.mine, since=since, until=until, limit=MOST_STORIES)
    if not told:
        return None
    stories = tuple(
        replace(each, names=tuple(easel.watches[name].name for name in map(WatchId, each.names))) for each in told
    )
    news = DayNews(day, *easel.tx.news_between(since=since, until=until), stories)
    return Sketch(day_picture(day_chart(news, easel.words), palette=easel.palette).svg, day_caption(news, easel.words))


def _week(easel: _Easel) -> Sketch | None:
    until = easel.spec.until or easel.now.date() - timedelta(days=1)  # the present day is not over
    trends = read_trends(easel.tx, easel.mine, easel.watches, days=2 * WEEK, until=until)
    top = sorted((each for each in trends if this_week(each)), key=lambda each: (-this_week(each), each.name))
    if not top:
        return None
    top = top[:MOST_WATCHES]
    drawing = multiples(week_chart(top, easel.words), palette=easel.palette)
    return Sketch(drawing.svg, week_caption(top, easel.words))


# ---------------------------------------------------------------- numbers


def read_trends(
    tx: Transaction, watch_ids: Collection[WatchId], watches: Watches, *, days: int, until: date
) -> list[Trend]:
    """The trends of these watches over so many days up to `until`, which is included."""
    since = until - timedelta(days=days - 1)
    mentions = tx.mentions(watch_ids, since=since, until=until)
    known = tx.counted_days(since=since, until=until)
    wanted = [since + timedelta(days=number) for number in range(days)]
    return [
        Trend(
            watch_id,
            watches[watch_id].name,
            short_name(watches[watch_id]),
            since,
            tuple(mentions.get(watch_id, {}).get(day, 0) if day in known else None for day in wanted),
        )
        for watch_id in watch_ids
        if watch_id in watches
    ]


def short_name(watch: Watch) -> str:
    """The shortest of a leader's aliases that is a part of the name: Putin for Vladimir Putin."""
    parts = f" {watch.name} "
    aliases = watch.aliases if isinstance(watch, Leader) else ()
    return min((each for each in aliases if f" {each} " in parts), key=len, default=watch.name)


def peak_days(counts: Sequence[int | None], most: int) -> list[int]:
    """The days that stand out, the highest first: well above the usual day, and not beside a higher one."""
    known = [count for count in counts if count is not None]
    if not known:
        return []
    least = max(PEAK_LEAST, PEAK_FACTOR * median(known))
    found: list[int] = []
    for day in sorted(range(len(counts)), key=lambda day: (-(counts[day] or 0), -day)):
        if len(found) == most or (counts[day] or 0) < least:
            break
        if all(abs(day - other) >= PEAK_APART for other in found):
            found.append(day)
    return found


def told_by_most(items: Sequence[Mention]) -> tuple[str, str]:
    """Title and first address of the story that most of the items tell; empty where there are none."""
    most = largest_story(items)
    return (most[0].title, most[0].url) if most else ("", "")


def largest_story(items: Sequence[Mention]) -> list[Mention]:
    """Those of the items that tell the story which most of them tell; of equals the one that came first."""
    stories: defaultdict[object, list[Mention]] = defaultdict(list)
    for item in items:
        stories[item.story_id or item.item_id].append(item)
    return max(stories.values(), key=len, default=[])
