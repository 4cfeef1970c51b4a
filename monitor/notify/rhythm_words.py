"""What is told of a spike or a silence: plain text, because it goes out as a notice.

Decides nothing.
"""

from datetime import datetime

from monitor.i18n import Translator
from monitor.notify.html import cut, one_line
from monitor.notify.render import clock_time
from monitor.notify.trend_words import NAME_UNITS, TITLE_UNITS, articles


def spike_words(words: Translator, name: str, watch_id: str, *, count: int, hours: int, usual: float) -> str:
    """A watch is far above its rhythm: how many, how many are usual, where to see it."""
    now = words.gettext(
        "📈 {name}: {articles} in the last {hours} hours",
        name=cut(one_line(name), NAME_UNITS),
        articles=articles(words, count),
        hours=hours,
    )
    if usual < 1:
        measure = words.gettext("at this time of day there is usually none.")
    else:
        measure = words.gettext("at this time of day there are usually about {n}.", n=words.number(usual))
    return f"{now}; {measure}\n{words.gettext('See /trend {id}', id=watch_id)}"


def led_by(words: Translator, title: str, url: str) -> str:
    """The story that most of these tell."""
    told = words.gettext("Mostly: {title}", title=cut(one_line(title), TITLE_UNITS))
    return f"{told}\n{url}" if url else told


def silence_words(words: Translator, name: str, watch_id: str, *, last: datetime, now: datetime) -> str:
    """A watch that is in the news every day is not; `last` in the reader's zone."""
    return words.gettext(
        "🔇 {name}: no article since {time}, and there is one on nearly every day. See /trend {id}",
        name=cut(one_line(name), NAME_UNITS),
        time=clock_time(last, now),
        id=watch_id,
    )


def outlet_silence_words(words: Translator, outlet: str, *, last: datetime, now: datetime) -> str:
    """To administrators: a newspaper publishes nothing, or we no longer see it."""
    return words.gettext(
        "🔇 {outlet}: no new article since {time}, far longer than in weeks. Does it publish elsewhere now? See /feeds",
        outlet=cut(one_line(outlet), NAME_UNITS),
        time=clock_time(last, now),
    )
