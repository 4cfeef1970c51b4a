"""/watches/ID: one watch in the news: its days and peaks, with whom, what was said, its stories, what was wrong.

And how it is written and where its feeds are. What each number means is said beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from monitor.i18n import Translator
from monitor.pipeline.told_quotes import Telling, spoken_about, told_once
from monitor.store.transaction import Transaction
from monitor.types import Priority, Watch, WatchId, own_number
from monitor.web.follow_forms import Following, read_following
from monitor.web.page import Answer, NotHere, Visit, WebPage, WrongInput
from monitor.web.quote_row import quote_row
from monitor.web.story_card import story_card
from monitor.web.watch_chart import WatchDays, days_as_data, days_drawn, read_days, said_in_short
from monitor.web.watch_feeds import feed_addresses
from monitor.web.watch_list import kind_of, tag_name

SPANS = (30, 90)  # days that can be chosen, the usual one first
MOST_STORIES, MOST_QUOTES, MOST_COMPANIONS = 10, 6, 10
QUOTED_WITHIN = timedelta(days=14)
TOLD_WITHIN = 30  # days over which what was told is judged, whatever is chosen
QUOTE_CHARS = 420


@dataclass(frozen=True, slots=True)
class _WatchRows:
    """What the rows say of a watch."""

    days: WatchDays
    companions: Mapping[WatchId, int]
    told: int
    wrong: int
    quotes: list[Telling]
    cards: list[dict[str, Any]]
    following: Following
    key: str
    own_text: str


async def watch_page(visit: Visit) -> Answer:
    """One watch, as this viewer may see it."""
    watch_id = WatchId(visit.parts["watch_id"])
    watches = visit.watches()
    watch = watches.get(watch_id)
    if watch is None:
        raise NotHere(visit.words.gettext("There is no such watch."))
    days = _days(visit)
    site = visit.site
    found = await site.store.read(_read, watch, watches, visit, days)
    written = await site.watch_text(watch_id) if site.watch_text is not None and own_number(watch_id) is None else None
    data = {
        **_about(watch),
        "days": days,
        **days_as_data(found.days),
        "companions": _companions(found.companions, watches),
        "told": {
            "days": TOLD_WITHIN,
            "stories": found.told,
            "wrong": found.wrong,
            "share": round(found.wrong / found.told, 4) if found.told else None,
        },
        "quotes": [_quote(each, watches) for each in found.quotes],
        "stories": found.cards,
        "yaml": written.text if written is not None else found.own_text,
        "file": written.file if written is not None else "",
        "followed_by": list(found.following.of(watch)),
        "feeds": dict(feed_addresses(visit, watch_id, found.key)),
    }
    extra = {
        "drawn": days_drawn(found.days, visit.words),
        "said": said_in_short(found.days, visit.words),
        "has_gaps": None in found.days.trend.counts,
        "spans": [(span, _address(watch_id, span), span == days) for span in SPANS],
        "may_change": found.following.may_change,
        "back": _address(watch_id, days),
        "has_key": bool(found.key),
        "key_asked": f"?key={found.key}" if found.key else "",
        "percent": _percent(found.wrong, found.told, visit.words),
    }
    return WebPage("watch.html", data, extra)


def _days(visit: Visit) -> int:
    asked = visit.asked("days") or str(SPANS[0])
    chosen = next((span for span in SPANS if str(span) == asked), None)
    if chosen is None:
        raise WrongInput(visit.words.gettext("There is no such page."))
    return chosen


def _address(watch_id: WatchId, days: int) -> str:
    return f"/watches/{watch_id}" + (f"?days={days}" if days != SPANS[0] else "")


def _read(tx: Transaction, watch: Watch, watches: Mapping[WatchId, Watch], visit: Visit, days: int) -> _WatchRows:
    zone, now = visit.site.zone, visit.now
    today = now.astimezone(zone).date()
    since = _morning(today - timedelta(days=days - 1), visit)
    told, wrong = tx.told_and_wrong(watch.id, since=_morning(today - timedelta(days=TOLD_WITHIN - 1), visit))
    spoken = spoken_about(tx, [watch.id], watches, since=now - QUOTED_WITHIN)
    latest = tx.latest_stories([watch.id], since=now - timedelta(days=SPANS[-1]), limit=MOST_STORIES)
    number, address = own_number(watch.id), visit.address
    own = None if number is None else tx.own_watch(number)
    return _WatchRows(
        days=read_days(tx, watch, days=days, today=today, zone=zone),
        companions=tx.companions(watch.id, since=since, until=_morning(today + timedelta(days=1), visit)),
        told=told,
        wrong=wrong,
        quotes=told_once(spoken)[:MOST_QUOTES],
        cards=[story_card(view, watches, visit.words) for view in latest],
        following=read_following(tx, address),
        key=(tx.feed_key(address) or "") if address is not None else "",
        own_text=own.text if own is not None else "",
    )


def _morning(day: date, visit: Visit) -> datetime:
    return datetime.combine(day, time(), visit.site.zone)


def _about(watch: Watch) -> dict[str, Any]:
    rate = watch.rate
    return {
        "id": watch.id,
        "name": watch.name,
        "kind": kind_of(watch),
        "tags": [{"tag": tag, "name": tag_name(tag)} for tag in watch.tags],
        "is_high": watch.priority is Priority.HIGH,
        "enabled": watch.enabled,
        "rate": None if rate is None else {"most": rate.most, "within": rate.within},
    }


def _companions(counts: Mapping[WatchId, int], watches: Mapping[WatchId, Watch]) -> list[dict[str, Any]]:
    """Those of the files alone: what other chats watch for themselves is nobody else's business."""
    named = [(watches[each], count) for each, count in counts.items() if each in watches and own_number(each) is None]
    named.sort(key=lambda pair: (-pair[1], pair[0].name))
    most = named[0][1] if named else 1
    return [
        {
            "id": watch.id,
            "name": watch.name,
            "path": f"/watches/{watch.id}",
            "articles": count,
            "of_most": round(count / most, 3),
        }
        for watch, count in named[:MOST_COMPANIONS]
    ]


def _quote(telling: Telling, watches: Mapping[WatchId, Watch]) -> dict[str, Any]:
    story, text = telling.best.story_id, " ".join(telling.best.quote.text.split())
    return {
        **quote_row(telling, watches),
        "text": text if len(text) <= QUOTE_CHARS else text[: QUOTE_CHARS - 1].rstrip() + "…",
        "outlets": list(dict.fromkeys(each.outlet for each in telling.by)),
        "story": story,
        "path": f"/stories/{story}" if story else "",
    }


def _percent(wrong: int, told: int, words: Translator) -> str:
    return f"{words.number(round(100 * wrong / told, 1))}%" if told else ""
