"""How `monitor backtest --watch` shows what a watch came close to. Decides nothing; pipeline/close_calls.py does."""

import sys
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from monitor.cli.jsonl import Row, write
from monitor.cli.screen import printable
from monitor.matching.explain import NearMiss
from monitor.pipeline.close_calls import CloseCalls
from monitor.types import Item

MOST_WORDS = 8  # words or missing parts that are counted in one line
MOST_CHARS = 60  # of one of them


def show_close_calls(groups: Sequence[CloseCalls], watch: str, zone: ZoneInfo, *, as_json: bool) -> None:
    """A heading a reason with its count, and the newest titles under it; a program gets a line a reason."""
    if as_json:
        for group in groups:
            write(_row(group, watch, zone), sys.stdout)
        return
    for group in groups:
        print(printable(f"near: {group.count} × {_reason(group)}"))
        for item, miss in group.newest:
            print(printable(f"    {_line(item, miss, zone)}"))


def _reason(group: CloseCalls) -> str:
    """The reason as it reads for all of the kind; what filled it in is counted behind it."""
    _, miss = group.newest[0]
    if len(group.words) < 2:
        return str(miss.why)
    named = {name: "…" for name, _ in miss.why.named}
    counted = [f"{_short(word)} {count}" for word, count in group.words.most_common(MOST_WORDS)]
    more = f", {len(group.words) - MOST_WORDS} more" if len(group.words) > MOST_WORDS else ""
    return f"{group.message.format(**named)} ({', '.join(counted)}{more})"


def _short(word: str) -> str:
    return word if len(word) <= MOST_CHARS else f"{word[: MOST_CHARS - 1]}…"


def _line(item: Item, miss: NearMiss, zone: ZoneInfo) -> str:
    at = f"{item.at.astimezone(zone):%Y-%m-%d %H:%M}" if item.at else ""
    words = f"“{' '.join(miss.evidence.text.split())}”" if miss.evidence else ""
    return " | ".join(" ".join(part.split()) for part in (at, item.outlet, words, item.title) if part)


def _row(group: CloseCalls, watch: str, zone: ZoneInfo) -> Row:
    return {
        "kind": "near_miss",
        "watch": watch,
        "why": _reason(group),
        "count": group.count,
        "items": [_item(item, miss, zone) for item, miss in group.newest],
    }


def _item(item: Item, miss: NearMiss, zone: ZoneInfo) -> Row:
    row: Row = {
        "item": item.id,
        "at": item.at.astimezone(zone).isoformat(timespec="seconds") if item.at else None,
        "outlet": item.outlet,
        "title": item.title,
        "url": item.url,
        "why": str(miss.why),
    }
    return row | ({"text": miss.evidence.text} if miss.evidence else {})
