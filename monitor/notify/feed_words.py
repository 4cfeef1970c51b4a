"""How outlets and their feeds do, in a reader's language, alike in the chat and on the page: plain text, no signs.

Decides nothing (pipeline/outlet_health.py). Times come as the reader's clock shows them.
"""

from datetime import timedelta

from monitor.i18n import Translator


def outlets_in_words(words: Translator, bad: int, outlets: int) -> str:
    """All of them in a sentence: how many want a look."""
    if not bad:
        return words.ngettext("{n} outlet, and it is well", "{n} outlets, all well", outlets)
    return words.gettext("{bad} of {n} outlets to look at", bad=bad, n=outlets)


def failing_feeds(words: Translator, failing: int, feeds: int) -> str:
    """How many of an outlet's feeds fail."""
    return words.ngettext("{failing} of {n} feed fails", "{failing} of {n} feeds fail", feeds, failing=failing)


def against_usual(words: Translator, *, today: int, usual: float | None, last: str, is_silent: bool = False) -> str:
    """How many articles came today, beside how many usually have by now, and since when nothing has."""
    if usual is None:
        return words.gettext("{n} today, last {at}", n=today, at=last)
    by_now = f"{usual:.0f}"
    if not today or is_silent:
        return words.gettext("usually {usual} by now, {n} today, none since {at}", usual=by_now, n=today, at=last)
    return words.gettext("{n} today, usually {usual} by now, last {at}", n=today, usual=by_now, at=last)


def asked_at(words: Translator, at: str, every: timedelta) -> str:
    """When a feed was asked, and how often it is."""
    return words.gettext("asked {at}, every {n} min", at=at, n=f"{every.total_seconds() / 60:.0f}")


def fails_since(words: Translator, since: str, why: str) -> str:
    """Since when a feed fails, and why."""
    return words.gettext("fails since {at}: {why}", at=since, why=why)
