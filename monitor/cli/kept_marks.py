"""Marks as lines of JSON: given on the command line, kept beside the watchlists, or complained of in a chat.

config/marks/ID.jsonl keeps what somebody said of a watch, with the texts, so that a later change of the watch is seen
to agree with it still. Judges by the matcher that the service asks.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.cli.items import GivenItem, identity_of
from monitor.cli.jsonl import Row
from monitor.cli.streams import rows_of
from monitor.errors import Problem
from monitor.matching.learn.marks import Mark
from monitor.matching.matcher import compile_watchlist
from monitor.types import Item, Match, WatchId, Watchlist

MARKS_DIR = "marks"


@dataclass(frozen=True, slots=True)
class NamedMark:
    """A mark with the id under which its item was named, and the line that says so."""

    identity: str
    mark: Mark
    line: int = 0


def marks_file(config_dir: Path, watch_id: str) -> Path:
    """Where the marks of a watch are kept."""
    return config_dir / MARKS_DIR / f"{watch_id}.jsonl"


def read_marks(
    source: str, items: Mapping[str, Item], zone: ZoneInfo, *, what: str = "neither given nor stored"
) -> tuple[list[NamedMark], int]:
    """The marks of a file, and how many lines were none. A line with a title of its own needs no item.

    A mark of an item in `items` takes that; the last word on an item counts.
    """
    found: dict[str, NamedMark] = {}
    with rows_of(source) as reading:
        for number, row in reading:
            try:
                identity, right = _said(row, number)
                item = items[identity] if identity in items else _own_item(row, number, zone)
            except KeyError:
                reading.complain(number, f"the item {row.get('id')!r} is {what}")
            except ValueError as wrong:
                reading.complain(number, str(wrong))
            else:
                found.pop(identity, None)
                found[identity] = NamedMark(identity, Mark(item, right), number)
    return list(found.values()), reading.faults


def _said(row: Row, number: int) -> tuple[str, bool]:
    if row.get("id") is None:
        raise ValueError('"id" is missing: the id of the item that is marked')
    right = row.get("right")
    if not isinstance(right, bool):
        raise ValueError('"right" must be true or false')
    return str(identity_of(row, number)), right


def _own_item(row: Row, number: int, zone: ZoneInfo) -> Item:
    if "title" not in row:
        raise KeyError(row["id"])
    return GivenItem.of(row, number, zone=zone).item


def kept_marks(config_dir: Path, watch_id: str, zone: ZoneInfo) -> list[NamedMark]:
    """The marks kept of a watch, none where nobody kept any."""
    path = marks_file(config_dir, watch_id)
    return read_marks(str(path), {}, zone, what="kept without its title")[0] if path.is_file() else []


def keep_marks(config_dir: Path, watch_id: str, marks: Sequence[NamedMark]) -> Path:
    """Write the marks of a watch in the place of those that were kept; gives the file."""
    path = marks_file(config_dir, watch_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text("".join(json.dumps(_row(each), ensure_ascii=False) + "\n" for each in marks), "utf-8")
    partial.replace(path)
    return path


def _row(named: NamedMark) -> Row:
    item = named.mark.item
    row: Row = {"id": named.identity, "right": named.mark.right, "title": item.title, "summary": item.lead}
    return row | ({"published": item.at.isoformat()} if item.at else {})


# ---------------------------------------------------------------- do they agree?


def otherwise(watchlist: Watchlist, config_dir: Path, zone: ZoneInfo, *, only: str | None = None) -> Iterator[Problem]:
    """A line for each watch that judges some of its kept marks otherwise, with what it comes to."""
    folder = config_dir / MARKS_DIR
    watched = [watch.id for watch in watchlist.watches if watch.enabled and only in (None, watch.id)]
    known = [watch_id for watch_id in watched if marks_file(config_dir, watch_id).is_file()]
    matcher = compile_watchlist(watchlist) if known else None
    for watch_id in known:
        assert matcher is not None
        marks = kept_marks(config_dir, watch_id, zone)
        wrong = [each for each in marks if (watch_id in _told(matcher.match(each.mark.item))) is not each.mark.right]
        if wrong:
            titles = "; ".join(f"“{each.mark.item.title}” ({_word(each.mark)})" for each in wrong[:3])
            more = "; …" if len(wrong) > 3 else ""
            message = f"{len(wrong)} of {len(marks)} marks of '{watch_id}' are judged otherwise now: {titles}{more}"
            yield Problem((folder / f"{watch_id}.jsonl").as_posix(), wrong[0].line, 1, message)


def _told(matches: Sequence[Match]) -> set[WatchId]:
    return {match.watch_id for match in matches}


def _word(mark: Mark) -> str:
    return "right, not told" if mark.right else "wrong, told"
