"""/feeds: every outlet against its own rhythm, failing and silent ones first; for administrators also two forms.

Judges nothing (pipeline/outlet_health.py). Whoever may read sees it: of addresses and errors only what everybody may
know (net/addresses.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from monitor.charts.multiples import sparkline
from monitor.i18n import translatable
from monitor.net.addresses import discreet, host_of, is_inner_name, without_user
from monitor.notify.failure_words import failure_words
from monitor.notify.feed_words import against_usual, failing_feeds, fails_since, outlets_in_words
from monitor.notify.render import clock_time
from monitor.pipeline.outlet_health import FeedCondition, FeedHealth, OutletHealth, read_outlets
from monitor.pipeline.try_feed import TriedFeed
from monitor.store.hour_rows import Hours
from monitor.store.transaction import Transaction
from monitor.text.words import unmarked
from monitor.types import Failed, FailureKind, FeedState
from monitor.web.hourly import by_hour, first_hour
from monitor.web.page import Answer, GoTo, NotHere, Visit, WebPage, WrongInput

TITLES = 5  # of a feed that is tried
_STATES = {
    FeedCondition.FAILING: translatable("Failing"),
    FeedCondition.SILENT: translatable("Silent"),
    FeedCondition.NEW: translatable("New"),
    FeedCondition.WELL: translatable("Well"),
}


async def feed_list(visit: Visit) -> Answer:
    """All outlets, or those that the address asks for: `outlet`, `q`, `state`."""
    asked = {name: visit.asked(name) for name in ("outlet", "q", "state")}
    feeds, zone, now = visit.site.feeds(), visit.site.zone, visit.now

    def read(tx: Transaction) -> tuple[list[OutletHealth], dict[str, Hours]]:
        return read_outlets(tx, feeds, zone=zone, now=now), tx.items_by_hour(since=first_hour(now))

    outlets, hours = await visit.site.store.read(read)
    shown = [found for each in outlets if (found := _asked_for(each, asked))]
    bad = sum(each.is_bad for each in outlets)
    data = {
        "summary": outlets_in_words(visit.words, bad, len(outlets)),
        "bad": bad,
        "outlets": [_outlet(visit, each, feeds_of, hours.get(each.outlet, {})) for each, feeds_of in shown],
    }
    extra = {
        "sparks": {each.outlet: _spark(visit, each.outlet, hours.get(each.outlet, {})) for each, _ in shown},
        "asked": asked,
        "names": sorted({each.outlet for each in outlets}, key=lambda name: unmarked(name.casefold())),
        "states": [(state.value, visit.words.gettext(name)) for state, name in _STATES.items()],
        "is_narrowed": any(asked.values()),
    }
    return WebPage("feeds.html", data, extra)


def _asked_for(each: OutletHealth, asked: Mapping[str, str]) -> tuple[OutletHealth, Sequence[FeedHealth]] | None:
    """An outlet with those of its feeds that are asked for; None where there are none."""
    if asked["outlet"] and each.outlet != asked["outlet"]:
        return None
    if asked["state"] and each.health.value != asked["state"] and not _has(each, asked["state"]):
        return None
    words = unmarked(asked["q"].casefold()).split()
    if all(word in unmarked(each.outlet.casefold()) for word in words):
        return each, each.feeds
    named = [
        one
        for one in each.feeds
        if all(word in unmarked(f"{each.outlet} {one.feed.id} {one.feed.section}".casefold()) for word in words)
    ]
    return (each, named) if named else None


def _has(each: OutletHealth, state: str) -> bool:
    return any(one.health.value == state for one in each.feeds)


def _outlet(visit: Visit, each: OutletHealth, feeds: Sequence[FeedHealth], hours: Hours) -> dict[str, Any]:
    return {
        "outlet": each.outlet,
        "state": each.health,
        "state_text": visit.words.gettext(_STATES[each.health]),
        "said": " · ".join(_said(visit, each)),
        "today": each.today,
        "usual": None if each.usual is None else round(each.usual, 1),
        "newest": each.newest_at,
        "by_hour": by_hour(visit.now, hours),
        "feeds": [_feed(visit, one) for one in feeds],
    }


def _spark(visit: Visit, outlet: str, hours: Hours) -> Markup:
    counts = by_hour(visit.now, hours)
    label = visit.words.gettext(
        "{outlet}: {n} articles in 24 hours, {most} in the busiest hour",
        outlet=outlet,
        n=sum(counts),
        most=max(counts),
    )
    return Markup(sparkline(counts, label))  # noqa: S704 - drawn by us, its label escaped


def _said(visit: Visit, each: OutletHealth) -> list[str]:
    parts = [failing_feeds(visit.words, each.failing, len(each.feeds))] if each.failing else []
    if each.health is FeedCondition.NEW:
        return [*parts, visit.words.gettext("not polled yet")]
    return [*parts, _against_usual(visit, each)]


def _against_usual(visit: Visit, each: OutletHealth | FeedHealth) -> str:
    last = clock_time(each.newest_at.astimezone(visit.site.zone), visit.now) if each.newest_at else "–"
    is_silent = each.health is FeedCondition.SILENT
    return against_usual(visit.words, today=each.today, usual=each.usual, last=last, is_silent=is_silent)


def _feed(visit: Visit, each: FeedHealth) -> dict[str, Any]:
    feed, state = each.feed, each.state
    return {
        "id": feed.id,
        "section": feed.section,
        "url": _shown_address(visit, feed.url),
        "state": each.health,
        "state_text": visit.words.gettext(_STATES[each.health]),
        "said": _feed_said(visit, each),
        "today": each.today,
        "usual": None if each.usual is None else round(each.usual, 1),
        "newest": each.newest_at,
        "interval": (state.interval if state else None) or feed.interval,
        "last_checked": state.last_checked_at if state else None,
        "last_success": state.last_success_at if state else None,
        "next_check": state.next_check_at if state else None,
        "failing_since": state.failing_since if state and state.failures else None,
        "failures": state.failures if state else 0,
        "error": _why(visit, state) if state and state.failures else "",
    }


def _feed_said(visit: Visit, each: FeedHealth) -> str:
    state = each.state
    if state is None or state.last_checked_at is None:
        return visit.words.gettext("not polled yet")
    if not state.failures:
        return _against_usual(visit, each)
    since = clock_time(state.failing_since.astimezone(visit.site.zone), visit.now) if state.failing_since else "–"
    return fails_since(visit.words, since, _why(visit, state))


def _why(visit: Visit, state: FeedState) -> str:
    if state.failure_kind is FailureKind.PRIVATE_ADDRESS:
        return visit.words.gettext("a private address, which is not asked")
    return failure_words(visit.words, state.failure_kind, discreet(state.last_error))


def _shown_address(visit: Visit, url: str) -> str:
    """The address of a feed for whoever looks; empty where it is not theirs to know."""
    if visit.viewer.is_admin:
        return without_user(url)
    return url if discreet(url) == url and not is_inner_name(host_of(url)) else ""


# ---------------------------------------------------------------- what administrators may do


async def check_feed(visit: Visit) -> Answer:
    """Ask a feed as soon as its host may be asked, instead of when its rhythm says."""
    feed = next((each for each in visit.site.feeds() if each.id == visit.form.get("feed")), None)
    if feed is None:
        raise WrongInput(visit.words.gettext("There is no such feed. Load the page again."))

    def make_due(tx: Transaction) -> str:
        state = next((each for each in tx.feed_states() if each.feed_id == feed.id), None)
        if state and state.failure_kind is FailureKind.RATE_LIMITED and state.next_check_at > visit.now:
            at = clock_time(state.next_check_at.astimezone(visit.site.zone), visit.now)
            return visit.words.gettext("Its server asked for fewer requests: it is left alone until {at}.", at=at)
        if not tx.check_feed_now(feed.id, now=visit.now):
            return visit.words.gettext("It is being asked at this moment, or it is switched off in feeds.yaml.")
        return ""

    if refused := await visit.site.store.write(make_due):
        raise WrongInput(refused)
    return GoTo(f"/feeds?{urlencode({'outlet': feed.outlet})}#feed-{feed.id}")


async def try_address(visit: Visit) -> Answer:
    """What stands at an address, asked and read as a poll would; nothing is stored."""
    url = visit.form.get("url", "").strip()
    words = visit.words
    if visit.site.try_feed is None:
        raise NotHere(words.gettext("There is no such page."))
    found = await visit.site.try_feed(url)
    data: dict[str, Any] = {"url": url, "error": "", "found": None}
    if found is None:
        data["error"] = words.gettext("That is no address of a feed. Send one that begins with https://")
    elif isinstance(found, Failed):
        why = failure_words(words, found.kind, found.why)
        data["error"] = words.gettext("{url} brought nothing: {why}", url=url, why=why)
    else:
        data["found"] = _tried(found)
    return WebPage("feed_test.html", data, status=400 if data["error"] else 200, keeps=False)


def _tried(found: TriedFeed) -> dict[str, Any]:
    dated = found.dated
    return {
        "outlet": found.outlet,
        "url": found.url,
        "read_as": found.read_as,
        "articles": len(found.entries),
        "undated": len(found.entries) - len(dated),
        "oldest": dated[0] if dated else None,
        "newest": dated[-1] if dated else None,
        "first": [{"title": entry.title, "url": entry.url} for entry in found.entries[:TITLES]],
        "entry": "" if found.read_as else found.entry,
    }
