"""The desk where watches are changed in their files, asked by the bot: shown, tried over stored news, written.

Knows no chat. Whatever takes long runs in a thread; a file is written whole or not at all.
"""

import asyncio
import os
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.config.watch_edits import CannotEdit
from monitor.config.watch_files import (
    ChangedMeanwhile,
    MoreThanOne,
    NewWatchText,
    OtherId,
    WatchText,
    find_text,
    put_in_place,
    with_learnt,
    with_text,
)
from monitor.config.watchlist_files import WatchlistReading
from monitor.errors import ConfigError, Problem
from monitor.matching.learn.chat_marks import trusted
from monitor.matching.learn.learner import learn
from monitor.matching.learn.marks import Mark
from monitor.matching.learn.trials import Beside, TrialGround
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.watch_desk import EditCode, EditRefused, ShownWatch, WatchProposal
from monitor.ports import Clock
from monitor.store.transaction import Store, Transaction
from monitor.types import Item, ItemId, Watch, WatchId, Watchlist

TRIED_OVER = timedelta(days=7)
MOST_TRIED = 10_000  # items, the newest: about two days of 300 feeds, tried in some seconds
MOST_SHOWN = 3  # titles a side
LEARNT_FROM = timedelta(days=30)
MOST_LEARNT = 4_000  # unmarked items as the background of a lesson, evenly of all
SETTLED = timedelta(hours=12)  # within which whoever wanted to complain has done so


class EditDesk:
    """Changes watches in the files of `config_dir`; `read_files` takes them up."""

    def __init__(
        self, config_dir: Path, store: Store, *, read_files: Callable[[], Awaitable[FilesRead]], clock: Clock
    ) -> None:
        self._config_dir = config_dir
        self._store = store
        self._read_files = read_files
        self._clock = clock
        self._writing = asyncio.Lock()

    async def show(self, watch_id: WatchId) -> ShownWatch | EditRefused:
        """The watch as it stands in its file now."""
        return await asyncio.to_thread(self._show, watch_id)

    async def propose(self, watch_id: WatchId, text: str) -> WatchProposal | EditRefused:
        """What another text would change. Writes nothing."""
        new = await asyncio.to_thread(self._new_text, watch_id, text)
        return new if isinstance(new, EditRefused) else await self._tried(new)

    async def write(self, watch_id: WatchId, before: str, after: str) -> FilesRead | EditRefused:
        """Put `after` in the place of `before` and take the files up; done twice it does the same."""
        async with self._writing:
            refused = await asyncio.to_thread(self._write, watch_id, before, after)
        return refused or await self._read_files()

    async def _tried(self, new: NewWatchText) -> WatchProposal:
        items = await self._store.read(_newest_items, self._clock() - TRIED_OVER)
        return await asyncio.to_thread(_proposal, new, items, self._shown_path(new.old.path))

    async def learn(self, watch_id: WatchId, wrong: Collection[ItemId]) -> WatchProposal | EditRefused:
        """What to change so that these items are not told, and as little else as can be. Writes nothing."""
        now = self._clock()
        told = await self._store.read(_told_items, watch_id, wrong, now - LEARNT_FROM, now - SETTLED)
        if not any(item.id in wrong for item in told.marked):
            return EditRefused(EditCode.NO_ARTICLE)
        new = await asyncio.to_thread(self._learnt_text, watch_id, told, frozenset(wrong))
        return new if isinstance(new, EditRefused) else await self._tried(new)

    # ---------------------------------------------------------------- in a thread

    def _learnt_text(self, watch_id: WatchId, told: "_Told", wrong: frozenset[ItemId]) -> NewWatchText | EditRefused:
        found = self._found(watch_id)
        if isinstance(found, EditRefused):
            return found
        old, reading = found
        marks = [Mark(item, item.id not in wrong) for item in told.marked]
        lesson = learn(old.watch, marks, told.others, Beside.of(reading.watchlist))
        if lesson.watch == old.watch:
            return EditRefused(EditCode.NOTHING_LEARNT)
        try:
            return with_learnt(self._config_dir, old, reading, lesson.watch)
        except (CannotEdit, ConfigError) as why:
            return EditRefused(EditCode.BY_HAND, file=self._shown_path(old.path), why=str(why))

    def _show(self, watch_id: WatchId) -> ShownWatch | EditRefused:
        found = self._found(watch_id)
        if isinstance(found, EditRefused):
            return found
        old, _ = found
        return ShownWatch(watch_id, old.watch.name, self._shown_path(old.path), old.text)

    def _found(self, watch_id: WatchId) -> tuple[WatchText, WatchlistReading] | EditRefused:
        try:
            old, reading = find_text(self._config_dir, watch_id)
        except ConfigError as wrong:
            return EditRefused(EditCode.FILES_WRONG, wrong.problems)
        if old is None:
            return EditRefused(EditCode.NO_WATCH)
        file = self._shown_path(old.path)
        if not os.access(old.path.resolve().parent, os.W_OK) or not os.access(old.path, os.W_OK):
            return EditRefused(EditCode.READ_ONLY, file=file)
        return old, reading

    def _new_text(self, watch_id: WatchId, text: str) -> NewWatchText | EditRefused:
        found = self._found(watch_id)
        if isinstance(found, EditRefused):
            return found
        old, reading = found
        file = self._shown_path(old.path)
        try:
            new = with_text(self._config_dir, old, reading, text)
        except ConfigError as wrong:
            return EditRefused(EditCode.TEXT_WRONG, _in_text_first(wrong.problems), file)
        except OtherId:
            return EditRefused(EditCode.OTHER_ID, file=file)
        except MoreThanOne:
            return EditRefused(EditCode.MORE_THAN_ONE, file=file)
        return EditRefused(EditCode.SAME, file=file) if new.text == old.text else new

    def _write(self, watch_id: WatchId, before: str, after: str) -> EditRefused | None:
        found = self._found(watch_id)
        if isinstance(found, EditRefused):
            return found
        old, reading = found
        file = self._shown_path(old.path)
        if old.text == after:  # written already, by a press that was cut off before it was noted
            return None
        if old.text != before:
            return EditRefused(EditCode.CHANGED_MEANWHILE, file=file)
        try:
            new = with_text(self._config_dir, old, reading, after)
            put_in_place(old.path, old.file.text, new.whole)
        except ConfigError as wrong:
            return EditRefused(EditCode.TEXT_WRONG, _in_text_first(wrong.problems), file)
        except ChangedMeanwhile:
            return EditRefused(EditCode.CHANGED_MEANWHILE, file=file)
        except CannotEdit as why:
            return EditRefused(EditCode.BY_HAND, file=file, why=str(why))
        except OSError as why:
            return EditRefused(EditCode.READ_ONLY, file=file, why=why.strerror or str(why))
        return None

    def _shown_path(self, path: Path) -> str:
        return path.relative_to(self._config_dir).as_posix()


@dataclass(frozen=True, slots=True)
class _Told:
    """What is learnt from: the items that are marked by complaints or their absence, and others as the background."""

    marked: list[Item]
    others: list[Item]


def _told_items(
    tx: Transaction, watch_id: WatchId, wrong: Collection[ItemId], since: datetime, settled: datetime
) -> _Told:
    items: dict[str, Item] = {}
    told: list[str] = []
    for placed in deque(tx.placed_since(since), maxlen=MOST_TRIED):
        item = placed.item
        items[item.id] = item
        is_told = any(match.watch_id == watch_id for match in placed.matches)
        if is_told and item.at is not None and item.at < settled:
            told.append(item.id)
    for each in wrong:  # it may be older
        if each not in items and (older := tx.item(each)) is not None:
            items[each] = older
    named = [each for each in wrong if each in items]
    marked = [items[each] for each in (*trusted(told, named), *named)]
    kept = {(item.title, item.lead) for item in marked}
    others = [item for item in items.values() if (item.title, item.lead) not in kept]
    return _Told(marked, others[:: max(1, -(-len(others) // MOST_LEARNT))])


def _in_text_first(problems: Collection[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.file != "", problem)))


def _newest_items(tx: Transaction, since: datetime) -> list[Item]:
    return [placed.item for placed in deque(tx.placed_since(since), maxlen=MOST_TRIED)]


def _proposal(new: NewWatchText, items: list[Item], file: str) -> WatchProposal:
    old = new.old
    before = _finds(old.watch, items, new.reading.watchlist)
    after = _finds(new.watch, items, new.reading.watchlist)
    gained, lost = sorted(after - before), sorted(before - after)
    return WatchProposal(
        old.watch.id,
        new.watch.name,
        file,
        old.text,
        new.text,
        items=len(items),
        told_before=len(before),
        told_after=len(after),
        gained_count=len(gained),
        lost_count=len(lost),
        gained=tuple(items[place] for place in gained[: -MOST_SHOWN - 1 : -1]),
        lost=tuple(items[place] for place in lost[: -MOST_SHOWN - 1 : -1]),
    )


def _finds(watch: Watch, items: list[Item], beside: Watchlist) -> frozenset[int]:
    """Of which items a watch tells, by place; of none where it is switched off."""
    if not watch.enabled:
        return frozenset()
    (found,) = TrialGround((), items, Beside.of(beside)).over_items([watch])
    return found
