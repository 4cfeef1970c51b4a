"""/search?q=: stored news as /search of the bot finds it, a story an entry; and the button that keeps an article.

Finds nothing itself (pipeline/find_news.py). Later pages name the article up to which is looked, so that new ones move
nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from monitor.i18n import translatable
from monitor.notify.html import one_line
from monitor.notify.search_mistakes import lacking_text, mistake_text
from monitor.pipeline.find_news import MANY_LACKING, FoundPage, FoundStory, find_page, row_of
from monitor.pipeline.search_query import QueryFault, QueryMistake, SearchNames
from monitor.store.search import Nearness
from monitor.store.tables import row_id
from monitor.store.transaction import Transaction
from monitor.web.page import Answer, GoTo, Visit, WebPage
from monitor.web.saving import is_chat, keep_or_drop

LEAD_CHARS, BEFORE = 320, 80  # of a summary, and of it before the first word that was looked for
Spans = Sequence[tuple[int, int]]
_SINCE = re.compile(r"(?:^|\s)since:\S*", re.IGNORECASE)

_KINDS = {
    Nearness.AS_TYPED: translatable("As written"),
    Nearness.WITH_MARKS: translatable("The same letters with marks"),
    Nearness.APART: translatable("All these words, but apart"),
    Nearness.IN_TEXT: translatable("In the full text alone"),
}
_SPANS = {
    "": translatable("any time"),
    "since:24h": translatable("24 hours"),
    "since:7d": translatable("7 days"),
    "since:30d": translatable("30 days"),
}


async def search_page(visit: Visit) -> Answer:
    """What was found; without words how to look for it."""
    typed, page = _typed(visit), _whole(visit.asked("page"))
    named = visit.site.watchlist().named()
    names = SearchNames(
        {watch_id: watch.name for watch_id, watch in named.items()}, {feed.outlet for feed in visit.site.feeds()}
    )
    if not typed:
        return _shown(typed)
    found = await find_page(
        visit.site.store,
        typed,
        names,
        page=max(page - 1, 0),
        up_to=_whole(visit.asked("up_to")) or None,
        now=visit.now,
    )
    if isinstance(found, QueryMistake):
        said = mistake_text(found.fault, found.word, found.near, visit.words)
        return _shown(typed, error=said, status=200 if found.fault is QueryFault.NOTHING else 400)
    stories = [
        replace(each, watches=tuple(one for one in each.watches if visit.may_see(one))) for each in found.stories
    ]
    data = {
        "found": [
            row_of(each.hit, each.watches) | {"others": list(each.others), "nearness": each.hit.nearness}
            for each in stories
        ],
        "page": found.page + 1,
        "is_last": found.is_last,
        "up_to": found.up_to,
        "lacking": lacking_text(found.lacking, visit.words) if found.lacking >= MANY_LACKING else "",
    }
    extra = {"groups": await _groups(visit, stories), "spans": _spans(typed, visit), "turns": _turns(typed, found)}
    return _shown(typed, data, extra | {"is_chat": is_chat(visit)})


def _shown(
    typed: str,
    data: Mapping[str, Any] | None = None,
    extra: Mapping[str, Any] | None = None,
    *,
    error: str = "",
    status: int = 200,
) -> WebPage:
    nothing = {"q": typed, "error": error, "found": [], "page": 1, "is_last": True, "up_to": 0, "lacking": ""}
    empty: dict[str, Any] = {"groups": [], "spans": [], "turns": {"newer": "", "older": ""}}
    return WebPage("search.html", nothing | dict(data or {}), empty | dict(extra or {}), status=status)


def _typed(visit: Visit) -> str:
    """What is looked for: `q`, with `watch` and `outlet` behind it as one would type them."""
    typed = one_line(visit.asked("q"))
    if watch := one_line(visit.asked("watch")).replace(" ", ""):
        typed += f" @{watch}"
    if outlet := one_line(visit.asked("outlet")).replace('"', ""):
        typed += f' outlet:"{outlet}"'
    return typed.strip()


def _whole(number: str) -> int:
    return row_id(number) or 0


def _address(typed: str, **more: int) -> str:
    return f"/search?{urlencode({'q': typed, **more})}"


def _turns(typed: str, found: FoundPage) -> dict[str, str]:
    """Where the pages beside this one are; empty where there is none."""
    here, up_to = found.page + 1, found.up_to
    return {
        "newer": _address(typed, page=here - 1, up_to=up_to) if found.page else "",
        "older": "" if found.is_last else _address(typed, page=here + 1, up_to=up_to),
    }


def _spans(typed: str, visit: Visit) -> list[tuple[str, str, bool]]:
    """The same search within some spans of time: name, address, and whether it is this one."""
    without = _SINCE.sub("", typed).strip()
    chosen = "".join(_SINCE.findall(typed)).strip().casefold()
    return [
        (visit.words.gettext(label), _address(f"{without} {span}".strip()), span == chosen)
        for span, label in _SPANS.items()
    ]


async def _groups(visit: Visit, stories: list[FoundStory]) -> list[dict[str, Any]]:
    """The entries by how near they are to what was typed, ready to be shown."""
    address, ids = visit.address, [each.hit.item.id for each in stories]
    kept = await visit.site.store.read(Transaction.saved_among, address, ids) if address is not None else set()
    watches = visit.watches()
    groups = groupby(((each, each.hit.nearness) for each in stories), key=lambda pair: pair[1])
    return [
        {
            "name": visit.words.gettext(_KINDS[kind]),
            "is_plain": kind is Nearness.AS_TYPED,
            "stories": [
                _entry(each, is_kept=each.hit.item.id in kept)
                | {"who": [(one, watches[one].name) for one in each.watches if one in watches]}
                for each, _ in some
            ],
        }
        for kind, some in groups
    ]


def _entry(found: FoundStory, *, is_kept: bool) -> dict[str, Any]:
    item, marks = found.hit.item, found.hit.marks
    lead, lead_marks = excerpt(item.lead, [(mark.start, mark.end) for mark in marks if mark.field == "summary"])
    return {
        "item": item,
        "title": item.title or item.outlet or "↗",
        "title_marks": [(mark.start, mark.end) for mark in marks if mark.field == "title"],
        "lead": lead,
        "lead_marks": lead_marks,
        "others": found.others,
        "is_kept": is_kept,
    }


def excerpt(text: str, spans: Spans, *, most: int = LEAD_CHARS, before: int = BEFORE) -> tuple[str, Spans]:
    """About `most` characters: the beginning, or from `before` characters before the first span where that lies beyond.

    Spans [start, end) are given back as they stand in it.
    """
    start = 0
    if spans and spans[0][1] > most:
        start = max(0, spans[0][0] - before)
        start = text.find(" ", start, spans[0][0]) + 1 or spans[0][0]
    end = len(text)
    if end - start > most:
        end = max(text.rfind(" ", start, start + most), start + most // 2)
    opening, closing = "… " if start else "", " …" if end < len(text) else ""
    moved = len(opening) - start
    inside = [(first + moved, last + moved) for first, last in spans if last <= end]
    return f"{opening}{text[start:end]}{closing}", inside


async def keep_found(visit: Visit) -> Answer:
    """The button beside a found article: keep it, or keep it no longer; then the same page again."""
    form, item_id = visit.form, await keep_or_drop(visit)
    place = {name: number for name in ("page", "up_to") if (number := _whole(form.get(name, "")))}
    return GoTo(f"{_address(one_line(form.get('q', '')), **place)}#item-{item_id}")
