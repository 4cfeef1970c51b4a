"""How often a watch is named, day by day: the numbers, the story behind each peak, and the drawing of both.

Pure but for what it asks of the rows; the page around it is watch_page.py's.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from monitor.charts.line_chart import LineChart, PeakNote, Series, plain_line_chart
from monitor.charts.palette import PAGE
from monitor.i18n import Translator
from monitor.notify.trend_words import articles
from monitor.pipeline.pictures import largest_story, peak_days, read_trends
from monitor.store.transaction import Transaction
from monitor.types import Mention, Trend, Watch

WIDE, NARROW = 720.0, 328.0  # pixels: beside a column, and on a phone between its margins
MOST_PEAKS = {30: 3, 90: 5}


@dataclass(frozen=True, slots=True)
class WatchDays:
    """A watch's days, and those that stand out: the number of each in `trend.counts`, with the items of its story."""

    trend: Trend
    peaks: tuple[tuple[int, list[Mention]], ...]

    def day(self, number: int) -> date:
        """The date of a day."""
        return self.trend.since + timedelta(days=number)


def read_days(tx: Transaction, watch: Watch, *, days: int, today: date, zone: ZoneInfo) -> WatchDays:
    """The last days of a watch, today included."""
    (trend,) = read_trends(tx, [watch.id], {watch.id: watch}, days=days, until=today)
    highest = peak_days(trend.counts, MOST_PEAKS[days])
    mornings = [
        datetime.combine(trend.since + timedelta(days=number), time(), zone) for number in range(len(trend.counts) + 1)
    ]
    named: dict[date, list[Mention]] = {}
    for item in tx.named_within(watch.id, [(mornings[number], mornings[number + 1]) for number in highest]):
        named.setdefault(item.at.astimezone(zone).date(), []).append(item)
    return WatchDays(
        trend,
        tuple((number, largest_story(named.get(trend.since + timedelta(days=number), ()))) for number in highest),
    )


def days_as_data(found: WatchDays) -> dict[str, Any]:
    """The numbers, as plain values. A count is None where nothing was read; a peak's story is gone with its items."""
    counts = found.trend.counts
    return {
        "since": found.trend.since,
        "total": found.trend.total,
        "counts": [{"day": found.day(number), "count": count} for number, count in enumerate(counts)],
        "peaks": [
            {
                "day": found.day(number),
                "count": counts[number],
                "story": items[0].story_id if items else None,
                "path": f"/stories/{items[0].story_id}" if items and items[0].story_id else "",
                "title": items[0].title if items else "",
                "url": items[0].url if items else "",
                "articles": len(items),
                "outlets": len({item.outlet for item in items}),
            }
            for number, items in found.peaks
        ],
    }


def days_drawn(found: WatchDays, words: Translator) -> dict[str, Markup]:
    """The drawing for a wide and for a narrow page; style.css shows one of them."""
    trend = found.trend
    days = tuple(words.day(found.day(number)) for number in range(len(trend.counts)))
    chart = LineChart(
        title="",
        subtitle="",
        series=(Series(trend.name, trend.short, trend.counts),),
        days=days,
        peaks=tuple(PeakNote(0, number, "") for number, _ in found.peaks),
        label=words.gettext("{name}: articles a day, {n} days", name=trend.name, n=len(days)),
        unfinished=True,
    )
    said = said_in_short(found, words)
    return {
        name: Markup(  # noqa: S704 - charts/ escapes what it writes
            plain_line_chart(chart, width=width, number=words.number, palette=PAGE, description=said).svg
        )
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    }


def said_in_short(found: WatchDays, words: Translator) -> str:
    """The days in one line: how many articles, about how many a day, and the highest day."""
    trend = found.trend
    known = [count for count in trend.counts if count is not None]
    parts = [
        words.gettext(
            "{articles}, about {mean} a day",
            articles=articles(words, trend.total),
            mean=words.number(round(trend.total / max(1, len(known)), 1)),
        )
    ]
    if trend.total:
        most = max(range(len(trend.counts)), key=lambda number: (trend.counts[number] or 0, number))
        parts.append(words.gettext("most on {day}", day=f"{words.day(found.day(most))} ({trend.counts[most]})"))
    return "; ".join(parts)
