"""The desk where files of watchlists are edited as a whole: shown, checked while somebody types, tried, written.

Knows no page and no chat. Whatever takes milliseconds runs in a thread, whatever takes longer in a process beside the
service, which is ended when its editor has asked anew; a file is written whole or not at all.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from monitor.app.newest_first import NewestFirst, NotDone
from monitor.config.one_watch import read_one_watch
from monitor.config.plain_files import shown_name
from monitor.config.watch_edits import CannotEdit, with_watch
from monitor.config.watch_files import ChangedMeanwhile, put_in_place
from monitor.config.watchlist_texts import (
    TextReading,
    file_at,
    is_writable,
    listed,
    read_as,
    read_file,
    with_new_watch,
)
from monitor.errors import ConfigError, Problem
from monitor.matching.learn.edits import FieldChange
from monitor.matching.two_watchlists import WatchChange, differing
from monitor.pipeline.config_changes import FilesRead
from monitor.pipeline.file_desk import (
    CheckedText,
    DraftedFile,
    FileCode,
    FileRefused,
    FileSaved,
    FileTrial,
    LearntFile,
    ListedFile,
    Marks,
    ShownFile,
    TriedItem,
    WatchLesson,
    WatchTrial,
)
from monitor.pipeline.file_jobs import DraftJob, LessonJob, TrialJob
from monitor.pipeline.own_child import Job, LookupFailed, Runner, Said, packed
from monitor.pipeline.own_jobs import Kind
from monitor.ports import Clock
from monitor.text.file_text import as_written, content_hash
from monitor.text.marked import Pieces, marked_pieces
from monitor.types import ItemId, WatchId, Watchlist

LONGEST_WORDS: Final = 200  # characters, as of any name in a watchlist
CHECKED_AT_ONCE: Final = 2  # texts, some 25 ms each with the files that ship
MOST_CHECKS: Final = 20
TRIED_AT_ONCE: Final = 1  # each is a process
MOST_TRIALS: Final = 10


class WholeFileDesk:
    """Edits the files of `config_dir`; `read_files` takes them up, `in_force` is what is at work."""

    def __init__(
        self,
        config_dir: Path,
        run: Runner,
        *,
        in_force: Callable[[], Watchlist],
        read_files: Callable[[], Awaitable[FilesRead]],
        clock: Clock,
    ) -> None:
        self._config_dir = config_dir
        self._run = run
        self._in_force = in_force
        self._read_files = read_files
        self._clock = clock
        self._checks = NewestFirst(at_once=CHECKED_AT_ONCE, most_waiting=MOST_CHECKS, breaks_off=False)
        self._trials = NewestFirst(at_once=TRIED_AT_ONCE, most_waiting=MOST_TRIALS, breaks_off=True)

    async def files(self) -> tuple[ListedFile, ...]:
        """All of the folder; a problem that is of none stands under the name ""."""
        return await asyncio.to_thread(_files, self._config_dir)

    async def show(self, name: str) -> ShownFile | FileRefused:
        """What a file holds now."""
        return await asyncio.to_thread(_show, self._config_dir, name)

    async def check(self, name: str, text: str, *, editor: str = "") -> CheckedText | FileRefused:
        """What is wrong with a text, taken together with all other files as they stand."""
        checked = await self._checks.ask(editor, lambda: asyncio.to_thread(self._checked, name, text))
        return _not_done(checked, name) if isinstance(checked, NotDone) else checked

    async def try_text(self, name: str, text: str, *, editor: str = "") -> FileTrial | FileRefused:
        """What a text would have brought of the last days."""
        tried = await self._trials.ask(editor, lambda: self._tried(name, text))
        return _not_done(tried, name) if isinstance(tried, NotDone) else tried

    async def learn(self, name: str, text: str, marks: Marks) -> LearntFile | FileRefused:
        """The text changed so that its watches agree with the marks, and as little else as can be."""
        read = await asyncio.to_thread(self._right, name, text)
        if isinstance(read, FileRefused):
            return read
        here = {
            watch_id for watch_id, (file, _) in read.reading.places.entries.items() if file.name == self._name(name)
        }
        job = LessonJob(
            read.watchlist, {each: marks[each] for each in marks if each in here and marks[each]}, self._clock()
        )
        said = await self._looked_up(job, name) if job.marks else {"lessons": []}
        if isinstance(said, FileRefused):
            return said
        if not said["lessons"]:
            return FileRefused(FileCode.NO_ARTICLE, name)
        return await asyncio.to_thread(self._learnt, name, as_written(text), read, said["lessons"])

    async def draft(self, name: str, text: str, words: str, kind: Kind | None) -> DraftedFile | FileRefused:
        """The text with one more watch, drafted from a name or from words of an event."""
        words = " ".join(words.split())
        if not any(letter.isalnum() for letter in words) or len(words) > LONGEST_WORDS:
            return FileRefused(FileCode.NO_WORDS, name)
        read = await asyncio.to_thread(self._right, name, text)
        if isinstance(read, FileRefused):
            return read
        said = await self._looked_up(DraftJob(words, read.watchlist, self._clock(), kind), name)
        if isinstance(said, FileRefused):
            return said
        try:
            new, line = with_new_watch(as_written(text), said["text"])
        except CannotEdit as why:
            return FileRefused(FileCode.BY_HAND, name, why=str(why))
        return DraftedFile(new, line, WatchId(said["watch"]), said["found"])

    async def save(self, name: str, content_hash: str, text: str) -> FileSaved | FileRefused:
        """Put a right text in the place of the one of that hash, and have the files taken up."""
        before = await asyncio.to_thread(self._written, name, content_hash, as_written(text))
        return before if isinstance(before, FileRefused) else await self._saved(before, as_written(text))

    async def _saved(self, before: str, after: str) -> FileSaved:
        return FileSaved(before, after, content_hash(after), await self._read_files())

    async def _tried(self, name: str, text: str) -> FileTrial | FileRefused:
        job = await asyncio.to_thread(self._trial, name, text)
        if isinstance(job, FileRefused):
            return job
        if not job.before.watches and not job.after.watches:
            return FileTrial(0, None, ())
        said = await self._looked_up(job, name)
        return said if isinstance(said, FileRefused) else _trial_of(said)

    async def _looked_up(self, job: Job, name: str) -> Said | FileRefused:
        try:
            return await self._run(await asyncio.to_thread(packed, job))
        except LookupFailed as why:
            return FileRefused(FileCode.FAILED, name, why=str(why))

    # ---------------------------------------------------------------- in a thread

    def _name(self, name: str) -> str:
        path = file_at(self._config_dir, name)
        return shown_name(path) if path is not None else ""

    def _read(self, name: str, text: str) -> TextReading | FileRefused:
        path = file_at(self._config_dir, name)
        if path is None:
            return FileRefused(FileCode.NO_FILE, name)
        return read_as(self._config_dir, path, as_written(text), today=self._clock().date())

    def _right(self, name: str, text: str) -> TextReading | FileRefused:
        """The reading of a text that may be written, else why not."""
        read = self._read(name, text)
        if isinstance(read, TextReading) and not read.is_right:
            return FileRefused(FileCode.TEXT_WRONG, name, _problems(read))
        return read

    def _checked(self, name: str, text: str) -> CheckedText | FileRefused:
        read, shown = self._read(name, text), _show(self._config_dir, name)
        if isinstance(read, FileRefused):
            return read
        if isinstance(shown, FileRefused):  # not to be read just now: whoever saves is told
            return CheckedText(_problems(read), read.warnings, "", is_writable=False)
        return CheckedText(_problems(read), read.warnings, shown.content_hash, shown.is_writable)

    def _trial(self, name: str, text: str) -> TrialJob | FileRefused:
        read = self._right(name, text)
        if isinstance(read, FileRefused):
            return read
        return TrialJob(*differing(self._in_force(), read.watchlist), self._clock())

    def _learnt(
        self, name: str, text: str, read: TextReading, lessons: list[dict[str, Any]]
    ) -> LearntFile | FileRefused:
        """The text with what each lesson changed, one after the other."""
        told = []
        for lesson in lessons:
            watch_id = WatchId(lesson["watch"])
            old = read.watchlist.named()[watch_id]
            before, after = lesson["agreeing"]
            changes = tuple(FieldChange(*change) for change in lesson["changes"])
            told.append(WatchLesson(watch_id, changes, before, after, lesson["marks"]))
            if not changes:
                continue
            new = read_one_watch(lesson["text"], read.watchlist, watch_id=watch_id)
            if isinstance(new, tuple):
                return FileRefused(FileCode.BY_HAND, name, why=str(new[0].message))
            try:
                text = with_watch(
                    *read.reading.places.entries[watch_id], old, replace(new, tags=old.tags, enabled=old.enabled)
                )
            except CannotEdit as why:
                return FileRefused(FileCode.BY_HAND, name, why=str(why))
            again = self._right(name, text)
            if isinstance(again, FileRefused):
                return again
            read = again
        if not any(each.changes for each in told):
            return FileRefused(FileCode.NOTHING_LEARNT, name)
        return LearntFile(text, tuple(told))

    def _written(self, name: str, began_with: str, text: str) -> str | FileRefused:
        """Write it; what stood there before."""
        path, shown = file_at(self._config_dir, name), _show(self._config_dir, name)
        if isinstance(shown, FileRefused):
            return shown
        assert path is not None  # else it was not shown
        if text == shown.text:
            return FileRefused(FileCode.SAME, name)
        if shown.content_hash != began_with:
            return FileRefused(FileCode.CHANGED_MEANWHILE, name, now=shown.text)
        if not shown.is_writable:
            return FileRefused(FileCode.READ_ONLY, name)
        read = self._right(name, text)
        if isinstance(read, FileRefused):
            return read
        try:
            put_in_place(path, shown.text, text)
        except ChangedMeanwhile:
            now = _show(self._config_dir, name)
            return FileRefused(FileCode.CHANGED_MEANWHILE, name, now=now.text if isinstance(now, ShownFile) else "")
        except CannotEdit as why:
            return FileRefused(FileCode.BY_HAND, name, why=str(why))
        except OSError as why:
            return FileRefused(FileCode.READ_ONLY, name, why=why.strerror or str(why))
        return shown.text


def _not_done(why: NotDone, name: str) -> FileRefused:
    return FileRefused(FileCode.SUPERSEDED if why is NotDone.SUPERSEDED else FileCode.BUSY, name)


def _files(config_dir: Path) -> tuple[ListedFile, ...]:
    found, problems = listed(config_dir)
    files = []
    for path, watches in found:
        own = tuple(replace(each, file="") for each in problems if each.file == shown_name(path))
        files.append(ListedFile(path.name, watches, own))
    known = {shown_name(path) for path, _ in found}
    others = tuple(_with_name(each) for each in problems if each.file not in known)
    return (*files, ListedFile("", 0, others)) if others else tuple(files)


def _show(config_dir: Path, name: str) -> ShownFile | FileRefused:
    path = file_at(config_dir, name)
    if path is None:
        return FileRefused(FileCode.NO_FILE, name)
    try:
        text = read_file(path)
    except ConfigError as wrong:
        return FileRefused(FileCode.UNREADABLE, name, wrong.problems)
    return ShownFile(name, text, content_hash(text), is_writable(path))


def _with_name(problem: Problem) -> Problem:
    """A problem of another file by the name that the page shows."""
    return replace(problem, file=Path(problem.file).name)


def _problems(read: TextReading) -> tuple[Problem, ...]:
    return (*read.own, *map(_with_name, read.elsewhere))


# ---------------------------------------------------------------- what the process said, as nouns


def _trial_of(said: Said) -> FileTrial:
    return FileTrial(said["items"], _time(said["since"]), tuple(map(_watch_trial, said["watches"])))


def _watch_trial(said: Mapping[str, Any]) -> WatchTrial:
    before, after, gained, lost = said["numbers"]
    return WatchTrial(
        WatchId(said["watch"]),
        said["name"],
        WatchChange(said["change"]),
        before,
        after,
        gained,
        lost,
        **{side: tuple(map(_tried_item, said[side])) for side in ("gained", "lost", "kept")},
    )


def _tried_item(said: Mapping[str, Any]) -> TriedItem:
    def pieces(field: str, text: str) -> Pieces:
        return marked_pieces(text, [(start, end) for of, start, end in said["marks"] if of == field])

    return TriedItem(
        ItemId(said["id"]),
        pieces("title", said["title"]),
        pieces("summary", said["lead"]),
        tuple((piece, place == 1) for place, piece in enumerate(said["body"]) if piece),
        said["outlet"],
        said["url"],
        _time(said["at"]),
    )


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
