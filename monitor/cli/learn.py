"""learn: what to change in a watch so that it agrees with marks; written into its file after a yes.

The marks are lines of a file, complaints of the chats, and what was kept of earlier ones. Stored items, or those of
FILE, are the background that a change must not upset.
"""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.cli.exit_codes import ATTENTION, DONE
from monitor.cli.feeds_status import existing_store
from monitor.cli.jsonl import Row, write
from monitor.cli.kept_marks import NamedMark, keep_marks, kept_marks, read_marks
from monitor.cli.screen import printable, tell
from monitor.cli.streams import SourceError, configured, did_you_mean, items_of, rows_of
from monitor.cli.watch_writer import ChangedFile, changed_file, said_yes, write_file
from monitor.config import Config, Settings, load_all
from monitor.matching.learn.chat_marks import trusted
from monitor.matching.learn.learner import Lesson, cross_checked, difference, learn
from monitor.matching.learn.marks import Agreement, Mark
from monitor.matching.learn.trials import Beside
from monitor.types import Item, Watch, WatchId

SAMPLE = 8_000  # unmarked items that are learnt by, evenly of all: an event then takes a few seconds
SHOWN = 3  # titles a side
COMPLAINTS = 1_000  # the newest
SETTLED = timedelta(hours=12)  # within which whoever wanted to complain has done so


@dataclass(slots=True)
class _News:
    """Items by the id under which they are marked, and the complaints about the watch."""

    items: dict[str, Item]
    told: list[str]
    wrong: list[str]
    faults: int = 0


def run(
    watch: str,
    *,
    marks: str | None,
    source: str | None,
    stored: bool,
    since: timedelta,
    cross: bool,
    explain: bool,
    keep: bool,
    to_write: bool,
    yes: bool,
) -> int:
    """The lesson as one JSON line, for a person on stderr. Exit code 1 when lines could not be read.

    Raises ConfigError and SourceError.
    """
    if marks is None and not stored:
        raise SourceError("name a MARKS file, or - for standard input, or add --stored for those of the chats")
    settings = configured()
    config = load_all(settings.config_dir, timezone=settings.timezone)
    old = config.watchlist.named().get(WatchId(watch))
    if old is None:
        hint = did_you_mean(watch, sorted(config.watchlist.named()))
        raise SourceError(f"there is no watch {watch!r} in the watchlists{hint}")
    zone = ZoneInfo(settings.timezone)
    news = _given(source, zone) if source is not None else asyncio.run(_stored(settings, old, since))
    found, faults = _marks(settings, marks, news, watch, zone, stored=stored)
    if not found:
        raise SourceError("there are no marks to learn from")
    lesson = _lesson(old, found, news, config, cross=cross)
    changed = changed_file(settings.config_dir, config.places, old, lesson.learnt.watch) if lesson.is_new(old) else None
    write(_row(lesson, old, changed, config, since if source is None else None), sys.stdout)
    if explain or sys.stderr.isatty():
        for line in _explained(lesson, changed):
            tell(line)
    if keep:
        tell(f"{len(found)} marks kept in {keep_marks(settings.config_dir, watch, found)}")
    if to_write and changed is not None and (yes or said_yes(f"Write this into {changed.path}?")):
        write_file(changed)
        tell(f"{changed.path} is written")
    return ATTENTION if faults or news.faults else DONE


# ---------------------------------------------------------------- what is learnt from


async def _stored(settings: Settings, watch: Watch, since: timedelta) -> _News:
    news = _News({}, [], [])
    async with existing_store(settings) as store:
        if store is None:
            return news
        now = datetime.now(UTC)
        with store.reading() as tx:
            for placed in tx.placed_since(now - since):
                news.items[str(placed.item.id)] = placed.item
                is_told = any(match.watch_id == watch.id for match in placed.matches)
                if is_told and placed.item.at is not None and placed.item.at < now - SETTLED:
                    news.told.append(str(placed.item.id))
            for complaint in tx.feedback(limit=COMPLAINTS):
                news.wrong += _items_of(complaint["evidence"], watch.id)
    return news


def _items_of(evidence: object, watch_id: WatchId) -> list[str]:
    """The items of a complaint by which the watch rang."""
    rows = evidence if isinstance(evidence, list) else []
    return [str(row["item"]) for row in rows if row.get("watch") == watch_id and "item" in row]


def _given(source: str, zone: ZoneInfo) -> _News:
    news = _News({}, [], [])
    with rows_of(source) as reading:
        for _, given in items_of(reading, zone):
            news.items[str(given.identity)] = given.item
    news.faults = reading.faults
    return news


def _marks(
    settings: Settings, source: str | None, news: _News, watch: str, zone: ZoneInfo, *, stored: bool
) -> tuple[list[NamedMark], int]:
    """Kept marks, then those of the chats, then those given: the last word on an item counts."""
    by_title: dict[tuple[str, str], NamedMark] = {}
    kept = kept_marks(settings.config_dir, watch, zone)
    said, faults = read_marks(source, news.items, zone) if source is not None else ([], 0)
    for each in (*kept, *(_of_chats(news) if stored else ()), *said):
        by_title[each.mark.item.title, each.mark.item.lead] = each
    if kept:
        tell(f"{len(kept)} kept marks of {watch} count too")
    return list(by_title.values()), faults


def _of_chats(news: _News) -> Iterator[NamedMark]:
    """What readers called wrong, and some of what was told without a complaint, evenly of the time."""
    wrong = [each for each in dict.fromkeys(news.wrong) if each in news.items]
    for identities, is_right in ((trusted(news.told, wrong), True), (wrong, False)):
        yield from (NamedMark(each, Mark(news.items[each], is_right)) for each in identities)


# ---------------------------------------------------------------- what is learnt


@dataclass(frozen=True, slots=True)
class _Learnt:
    learnt: Lesson
    items: int
    gained: Sequence[Item]
    lost: Sequence[Item]
    crossed: Agreement | None

    def is_new(self, old: Watch) -> bool:
        return self.learnt.watch != old


def _lesson(old: Watch, found: Sequence[NamedMark], news: _News, config: Config, *, cross: bool) -> _Learnt:
    marks = [each.mark for each in found]
    marked = {(mark.item.title, mark.item.lead) for mark in marks}
    items = [item for item in news.items.values() if (item.title, item.lead) not in marked]
    step = max(1, -(-len(items) // SAMPLE))
    sample = items[::step]
    beside = Beside.of(config.watchlist)
    lesson = learn(old, marks, sample, beside)
    gained, lost = difference(old, lesson.watch, items, beside)
    crossed = cross_checked(old, marks, sample, beside) if cross else None
    return _Learnt(lesson, len(items), gained, lost, crossed)


# ---------------------------------------------------------------- how it is shown


def _row(lesson: _Learnt, old: Watch, changed: ChangedFile | None, config: Config, since: timedelta | None) -> Row:
    learnt = lesson.learnt
    row: Row = {
        "watch": old.id,
        "yaml": changed.entry + "\n" if changed is not None else _as_it_is(config, old),
        "before": _numbers(learnt.before),
        "after": _numbers(learnt.after),
        "changes": [
            {"field": one.change.field, one.change.action: one.change.value, "why": one.why} for one in learnt.changes
        ],
        "marks": learnt.before.agreeing + learnt.before.told_wrong + learnt.before.missed,
        "unmarked": {
            "items": lesson.items,
            "gained": len(lesson.gained),
            "lost": len(lesson.lost),
            "examples": {"gained": _titles(lesson.gained), "lost": _titles(lesson.lost)},
        },
    }
    if since is not None:
        row["unmarked"]["days"] = since / timedelta(days=1)
    if lesson.crossed is not None:
        row["crossed"] = _numbers(lesson.crossed)
    return row


def _as_it_is(config: Config, watch: Watch) -> str:
    from monitor.config.watch_edits import entry_text

    return entry_text(*config.places.entries[watch.id]) + "\n"


def _numbers(agreement: Agreement) -> Mapping[str, float]:
    return {"precision": round(agreement.precision, 3), "recall": round(agreement.recall, 3)}


def _titles(items: Sequence[Item]) -> list[str]:
    return [item.title for item in items[:: max(1, len(items) // SHOWN)][:SHOWN]]


def _explained(lesson: _Learnt, changed: ChangedFile | None) -> Iterator[str]:
    learnt = lesson.learnt
    for name, agreement in (("before", learnt.before), ("after", learnt.after)):
        yield (
            f"{name}: {agreement.told_right} right and {agreement.told_wrong} wrong are told, {agreement.missed} right "
            f"ones missed (precision {agreement.precision:.2f}, recall {agreement.recall:.2f} on the marks themselves)"
        )
    if lesson.crossed is not None:
        crossed = lesson.crossed
        yield (
            f"on marks that were not learnt from: precision {crossed.precision:.2f}, recall {crossed.recall:.2f} "
            "(each fifth judged by what the others teach)"
        )
    if changed is None:
        yield "nothing to change: no change agrees with more marks and is surely meant"
        return
    for one in learnt.changes:
        yield f"{'+' if one.change.action == 'add' else '-'} {one.change.field}: {one.change.value}"
        yield f"    {one.why}"
    yield f"of {lesson.items} unmarked items {len(lesson.gained)} more and {len(lesson.lost)} fewer would be told"
    for sign, items in (("+", lesson.gained), ("-", lesson.lost)):
        yield from (printable(f"  {sign} {title}") for title in _titles(items))
