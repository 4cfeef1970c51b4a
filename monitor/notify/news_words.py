"""What the picture of a day and of a week say, and their captions, which do without them.

Counts and draws nothing: numbers come in, a chart of charts/ and HTML go out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.charts.day_picture import DayPicture, DayRow
from monitor.charts.multiples import Multiples, MultiplesRow
from monitor.i18n import Translator
from monitor.notify.html import bold, cut, link, one_line, piece_of
from monitor.notify.trend_words import NAME_UNITS, TITLE_UNITS, articles, within_caption
from monitor.types import ToldStory, Trend

MOST_STORIES = 5
MOST_WATCHES = 8
WEEK = 7  # days
MANY_TIMES = 3  # from so much on nobody thinks in percent


@dataclass(frozen=True, slots=True)
class DayNews:
    """What came in on a day, or in the last 24 hours (`day` None): how much, and the stories told most."""

    day: date | None
    items: int
    stories: int
    outlets: int
    told: tuple[ToldStory, ...]


def day_chart(news: DayNews, words: Translator) -> DayPicture:
    """The picture of a day."""
    rows = tuple(
        DayRow(
            story.outlets,
            words.number(story.outlets),
            words.ngettext("outlet", "outlets", story.outlets),
            story.title,
            ", ".join(story.names),
        )
        for story in news.told
    )
    foot = words.gettext("The number says how many newspapers tell the story.")
    return DayPicture(_day_title(news, words), _how_much(news, words), rows, foot, _day_title(news, words))


def day_caption(news: DayNews, words: Translator) -> str:
    """The same in words."""
    head = piece_of("🗞 ") + bold(_day_title(news, words)) + piece_of(f" · {_how_much(news, words)}")
    lines = [
        piece_of(f"{number}. ")
        + link(cut(one_line(story.title), TITLE_UNITS), story.url)
        + piece_of(f" ({words.ngettext('{n} newspaper', '{n} newspapers', story.outlets)})")
        for number, story in enumerate(news.told, 1)
    ]
    return within_caption([head, *lines])


def _day_title(news: DayNews, words: Translator) -> str:
    if news.day is None:
        return words.gettext("Told most in the last 24 hours")
    return words.gettext("Told most on {day}", day=words.day(news.day))


def _how_much(news: DayNews, words: Translator) -> str:
    stories = words.ngettext("{count} story", "{count} stories", news.stories, count=words.number(news.stories))
    outlets = words.ngettext("{n} newspaper", "{n} newspapers", news.outlets)
    return f"{articles(words, news.items)} · {stories} · {outlets}"


def week_chart(trends: Sequence[Trend], words: Translator) -> Multiples:
    """The picture of a week: each trend has its days and those of the week before."""
    last = trends[0].since + timedelta(days=len(trends[0].counts) - 1)
    title = words.gettext(
        "The week {first} – {last}", first=words.day(last - timedelta(days=WEEK - 1)), last=words.day(last)
    )
    rows = tuple(
        MultiplesRow(each.name, each.counts, WEEK, articles(words, this_week(each)), change(each, words))
        for each in trends
    )
    subtitle = words.gettext("Against the week before (dotted)")
    return Multiples(title, subtitle, rows, words.gettext("Each line has its own scale."), title)


def week_caption(trends: Sequence[Trend], words: Translator) -> str:
    """The same in words."""
    head = piece_of("📊 ") + bold(week_chart(trends, words).title)
    lines = []
    for each in trends:
        changed = change(each, words)
        said = f": {articles(words, this_week(each))}" + (f" ({changed})" if changed else "")
        lines.append(piece_of("• ") + bold(cut(one_line(each.name), NAME_UNITS)) + piece_of(said))
    return within_caption([head, *lines])


def this_week(trend: Trend) -> int:
    """How often it was named in the last seven days."""
    return sum(count or 0 for count in trend.counts[-WEEK:])


def change(trend: Trend, words: Translator) -> str:
    """Against the week before, in a word; empty where nothing is known of that."""
    earlier = trend.counts[-2 * WEEK : -WEEK]
    if all(count is None for count in earlier):
        return ""
    before, now = sum(count or 0 for count in earlier), this_week(trend)
    if not before:
        return words.gettext("new this week") if now else ""
    if now >= MANY_TIMES * before:
        return words.gettext("{n} times as many", n=words.number(now / before))
    percent = round(100 * (now - before) / before)
    if not percent:
        return words.gettext("as before")
    return f"{'+' if percent > 0 else '−'}{words.number(abs(percent))}%"
