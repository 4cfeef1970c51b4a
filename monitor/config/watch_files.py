"""The text of one watch inside its file: found, put in the place of the old one, checked, and written as a whole.

What is not changed keeps its every byte: comments, order, ends of lines. Knows no chat and no backtest.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.config.watch_edits import CannotEdit, end_of, with_watch
from monitor.config.watchlist_files import WATCHLISTS_DIR, WatchlistReading, read_watchlist
from monitor.config.yaml_reader import Node, YamlFile, read_yaml
from monitor.errors import ConfigError, Problem
from monitor.types import Watch, WatchId

MARK_OF_ORDER = b"\xef\xbb\xbf"


class ChangedMeanwhile(CannotEdit):
    """The file, or the watch in it, reads otherwise than when the change was made."""


class OtherId(CannotEdit):
    """The id is not that of the watch: subscriptions hang on it for ever."""


class MoreThanOne(CannotEdit):
    """A text holds more than the one watch."""


@dataclass(frozen=True, slots=True)
class WatchText:
    """A watch as its file writes it: `text` from its dash on, without the indentation of its list."""

    watch: Watch
    path: Path
    file: YamlFile
    start: int
    end: int
    indent: int  # of the dash; inside brackets there is none, and only the mapping in braces is the text
    in_brackets: bool
    text: str


@dataclass(frozen=True, slots=True)
class NewWatchText:
    """The whole file as it would be, and what the watch then is."""

    old: WatchText
    whole: str
    text: str
    watch: Watch
    reading: WatchlistReading


def find_text(config_dir: Path, watch_id: WatchId) -> tuple[WatchText | None, WatchlistReading]:
    """The watch in its file as it stands now. Raises ConfigError where the files are wrong: mend those first."""
    reading, problems = read_watchlist(config_dir)
    if problems:
        raise ConfigError(tuple(sorted(problems)))
    place = reading.places.entries.get(watch_id)
    watch = reading.watchlist.named().get(watch_id)
    if place is None or watch is None:
        return None, reading
    file, entry = place
    path = config_dir / WATCHLISTS_DIR / Path(file.name).name
    return _text_at(watch, path, file, entry), reading


def _text_at(watch: Watch, path: Path, file: YamlFile, entry: Node) -> WatchText:
    text, end = file.text, end_of(file, entry)
    begin = text.rfind("\n", 0, entry.start) + 1
    before = text[begin : entry.start].rstrip()
    if not before.endswith("-") or before[:-1].strip():  # in a list with brackets
        return WatchText(watch, path, file, entry.start, end, 0, True, text[entry.start : end])
    indent = len(before) - 1
    end = len(text) if (at := text.find("\n", end)) < 0 else at
    lines = text[begin:end].split("\n")
    shown = "\n".join(line[indent:] if not line[:indent].strip() else line.lstrip() for line in lines)
    return WatchText(watch, path, file, begin, end, indent, False, shown)


def with_text(config_dir: Path, old: WatchText, reading: WatchlistReading, text: str) -> NewWatchText:
    """The file with another text for this watch, read as a whole. Writes nothing.

    Raises ConfigError, whose problems of the text itself have no file and point into `text` as it was given; and
    OtherId or MoreThanOne where the text is not this one watch.
    """
    text = text.strip("\n").rstrip()
    is_dash_left_out = not old.in_brackets and not text.lstrip().startswith("-")
    entry = "- " + text.replace("\n", "\n  ") if is_dash_left_out else text
    _refuse_alone(old.path, entry, 2 * is_dash_left_out, in_brackets=old.in_brackets)
    margin = " " * old.indent
    placed = "\n".join(f"{margin}{line}" if line.strip() else "" for line in entry.split("\n"))
    whole = old.file.text[: old.start] + placed + old.file.text[old.end :]
    again, problems = read_watchlist(config_dir, {old.path: whole})
    if problems:
        shift = old.indent + 2 * is_dash_left_out
        raise ConfigError(tuple(sorted(_of_text(problem, old, placed, shift) for problem in problems)))
    before, after = dict(reading.watchlist.named()), dict(again.watchlist.named())
    before.pop(old.watch.id, None)
    watch = after.pop(old.watch.id, None)
    if watch is None:
        raise OtherId(f"the id must stay {old.watch.id}: subscriptions hang on it")
    if before != after or reading.watchlist.sets != again.watchlist.sets:
        raise MoreThanOne("the text holds more than this one watch")
    return NewWatchText(old, whole, placed_text(again, old, watch), watch, again)


def with_learnt(config_dir: Path, old: WatchText, reading: WatchlistReading, watch: Watch) -> NewWatchText:
    """The same for what a watch shall be, written into its text with as few changes as can be.

    Raises CannotEdit where its file is written in a way that no machine changes surely.
    """
    file, entry = reading.places.entries[watch.id]
    whole = with_watch(file, entry, old.watch, watch)
    again, problems = read_watchlist(config_dir, {old.path: whole})
    if problems:
        raise ConfigError(tuple(sorted(problems)))
    return with_text(config_dir, old, reading, placed_text(again, old, watch))


def _refuse_alone(path: Path, entry: str, shift: int, *, in_brackets: bool) -> None:
    """Refuse what is no YAML by itself, or no one entry: in its file it might swallow, or be, what stands behind it."""
    file, problems = read_yaml(path, entry)
    if file is None or problems:
        raise ConfigError(tuple(replace(each, file="", column=max(1, each.column - shift)) for each in problems))
    entries = [file.root] if in_brackets else file.root.value
    if not isinstance(entries, list) or len(entries) != 1 or not isinstance(entries[0].value, dict):
        raise MoreThanOne("the text is not this one watch")


def placed_text(reading: WatchlistReading, old: WatchText, watch: Watch) -> str:
    """The text of the watch in a reading, as `find_text` would give it once that is written."""
    file, entry = reading.places.entries[watch.id]
    return _text_at(watch, old.path, file, entry).text


def _of_text(problem: Problem, old: WatchText, placed: str, shift: int) -> Problem:
    """A problem inside the text points into it; one elsewhere stays as it is."""
    first, column = old.file.place(old.start)
    number = problem.line - first
    if problem.file != old.file.name or not 0 <= number <= placed.count("\n"):
        return problem
    shift = column - 1 if old.in_brackets and number == 0 else shift
    return replace(problem, file="", line=number + 1, column=max(1, problem.column - shift))


def put_in_place(path: Path, old: str, new: str) -> None:
    """Put a text in the place of a file's, at once and whole; ends of lines, rights and links stay.

    Raises ChangedMeanwhile unless the file holds `old`, CannotEdit for one that mixes ends of lines, and OSError where
    it may not be written.
    """
    path = path.resolve()  # a link stays one
    with _alone_in(path.parent):
        _put(path, old, new)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """No other editor of this program, in whichever thread or process, writes there meanwhile."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _put(path: Path, old: str, new: str) -> None:
    raw = path.read_bytes()
    if _text_of(raw) != old:
        raise ChangedMeanwhile(f"{path} was changed meanwhile: try again")
    crlf = raw.count(b"\r\n")
    if crlf not in (0, raw.count(b"\n")) or raw.count(b"\r") != crlf:
        raise CannotEdit(f"{path} mixes ends of lines: save it with one kind")
    text = new.replace("\n", "\r\n") if crlf else new
    order = MARK_OF_ORDER if raw.startswith(MARK_OF_ORDER) else b""
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(order + text.encode())
        file.flush()
        os.fsync(file.fileno())  # else a crash of the machine may leave an empty file under the old name
    shutil.copymode(path, partial)
    os.replace(partial, path)


def _text_of(raw: bytes) -> str:
    return raw.removeprefix(MARK_OF_ORDER).decode().replace("\r\n", "\n").replace("\r", "\n")
