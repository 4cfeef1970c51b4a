"""What a trend, or who is named with somebody, says: the words of its picture, and a caption that does without it.

Counts and draws nothing: numbers come in, a chart of charts/ and HTML go out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.charts.bar_chart import Bar, BarChart
from monitor.charts.line_chart import LineChart, PeakNote, Series
from monitor.i18n import Translator
from monitor.notify.html import HtmlPiece, bold, cut, joined, link, one_line, piece_of
from monitor.types import Peak, Trend

MAX_CAPTION = 1024  # UTF-16 units after entities: core.telegram.org/bots/api#sendphoto
NAME_UNITS, TITLE_UNITS = 60, 130  # two names and three titles with their numbers fill a caption to two thirds
MOST_COMPANIONS = 8


@dataclass(frozen=True, slots=True)
class NamedWith:
    """Somebody who is named in the same items, and in how many."""

    name: str
    count: int


def articles(words: Translator, count: int) -> str:
    """So many articles: 1.245 tin."""
    return words.ngettext("{count} article", "{count} articles", count, count=words.number(count))


def trend_chart(trends: Sequence[Trend], peaks: Sequence[Peak], words: Translator) -> LineChart:
    """The chart of one trend or of two against each other; its last day is the present one."""
    first = trends[0]
    days = tuple(words.day(first.since + timedelta(days=number)) for number in range(len(first.counts)))
    span = words.ngettext("{n} day", "{n} days", len(days))
    foot = words.gettext("Articles that name it, day by day; the hollow dot is today, which is not over.")
    if any(count is None for trend in trends for count in trend.counts):
        foot += " " + words.gettext("Gaps: nothing was read then.")
    if len(trends) == 1:
        known = [count for count in first.counts if count is not None]
        mean = words.number(first.total / max(1, len(known)))
        subtitle = words.gettext(
            "{articles} in {span}, about {mean} a day", articles=articles(words, first.total), span=span, mean=mean
        )
        series: tuple[Series, ...] = (Series(first.name, first.short, first.counts),)
        title = first.name
    else:
        title, subtitle = words.gettext("Articles a day, {span}", span=span), ""
        series = tuple(
            Series(f"{each.name} · {articles(words, each.total)}", each.short, each.counts) for each in trends
        )
    order = {trend.watch_id: number for number, trend in enumerate(trends)}
    notes = tuple(
        PeakNote(order[peak.watch_id], (peak.day - first.since).days, f"{_head(peak, words)}: {one_line(peak.title)}")
        for peak in peaks
        if peak.title
    )
    label = "; ".join(f"{each.name}: {articles(words, each.total)}" for each in trends)
    return LineChart(title, subtitle, series, days, notes, foot, label, unfinished=True)


def trend_caption(trends: Sequence[Trend], peaks: Sequence[Peak], words: Translator) -> str:
    """The same in words, for whoever does not see the picture: how many, and the highest days with their stories."""
    span = words.ngettext("{n} day", "{n} days", len(trends[0].counts))
    lines = []
    for trend in trends:
        said = words.gettext("{articles} in {span}", articles=articles(words, trend.total), span=span)
        lines.append(piece_of("📈 ") + bold(cut(one_line(trend.name), NAME_UNITS)) + piece_of(f": {said}"))
        mine = [peak for peak in peaks if peak.watch_id == trend.watch_id]
        lines += [_peak_line(peak, words, is_highest=not number) for number, peak in enumerate(mine)]
    return within_caption(lines)


def _head(peak: Peak, words: Translator) -> str:
    return f"{words.day(peak.day)} · {articles(words, peak.count)}"


def _peak_line(peak: Peak, words: Translator, *, is_highest: bool) -> HtmlPiece:
    head = _head(peak, words)
    line = piece_of("• " + (words.gettext("most on {day}", day=head) if is_highest else head))
    title = cut(one_line(peak.title), TITLE_UNITS)
    return line + piece_of(": ") + link(title, peak.url) if title else line


def outlets_chart(trend: Trend, words: Translator) -> BarChart:
    """Which newspapers named a watch how often."""
    span = words.ngettext("{n} day", "{n} days", len(trend.counts))
    total = sum(count for _, count in trend.outlets)
    subtitle = words.gettext("{articles} in {span}, by newspaper", articles=articles(words, total), span=span)
    bars = tuple(Bar(outlet, count, words.number(count)) for outlet, count in trend.outlets)
    return BarChart(trend.name, subtitle, bars, words.gettext("Stored articles that name it."), trend.name)


def outlets_caption(trend: Trend, words: Translator) -> str:
    """The same in words."""
    span = words.ngettext("{n} day", "{n} days", len(trend.counts))
    said = words.gettext("named by newspapers, {span}:", span=span)
    head = piece_of("📰 ") + bold(cut(one_line(trend.name), NAME_UNITS)) + piece_of(f" – {said}")
    return within_caption(
        [head, *(piece_of(f"• {outlet}: {articles(words, count)}") for outlet, count in trend.outlets)]
    )


def who_chart(trend: Trend, companions: Sequence[NamedWith], words: Translator) -> BarChart:
    """With whom a watch is named."""
    span = words.ngettext("{n} day", "{n} days", len(trend.counts))
    total = articles(words, trend.total)
    subtitle = words.gettext("Named together with · of {articles} in {span}", articles=total, span=span)
    bars = tuple(Bar(each.name, each.count, words.number(each.count)) for each in companions[:MOST_COMPANIONS])
    return BarChart(trend.name, subtitle, bars, words.gettext("Articles that name both."), trend.name)


def who_caption(trend: Trend, companions: Sequence[NamedWith], words: Translator) -> str:
    """The same in words."""
    span = words.ngettext("{n} day", "{n} days", len(trend.counts))
    said = words.gettext("{articles} in {span}", articles=articles(words, trend.total), span=span)
    head = piece_of("👥 ") + bold(cut(one_line(trend.name), NAME_UNITS)) + piece_of(f": {said}. ")
    names = [f"{cut(one_line(each.name), NAME_UNITS)} ({words.number(each.count)})" for each in companions]
    together = words.gettext("Named together with: {names}", names=", ".join(names[:MOST_COMPANIONS]))
    return within_caption([head + piece_of(together)])


def within_caption(lines: Sequence[HtmlPiece]) -> str:
    """As many whole lines as a caption may have."""
    kept: list[HtmlPiece] = []
    room = MAX_CAPTION
    for line in lines:
        room -= line.units + 1
        if room < 0:
            break
        kept.append(line)
    return joined("\n", kept).html
