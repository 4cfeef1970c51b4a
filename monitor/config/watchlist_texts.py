"""Whole files of watchlists as texts: listed, read, checked beside the others before they are written, added to.

Only files of the folder itself, by their names. Tries nothing on the news, and knows no editor.
"""

import os
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from monitor.config.plain_files import shown_name
from monitor.config.records import find
from monitor.config.watch_edits import CannotEdit, end_of
from monitor.config.watchlist_files import WATCHLISTS_DIR, WatchlistReading, read_watchlist
from monitor.config.yaml_reader import YamlFile, parse_yaml, read_text
from monitor.errors import ConfigError, Problem
from monitor.types import Watchlist

MOST_REVIEWED = 2_000  # watches: a review of more takes longer than somebody types
_NAME = re.compile(r"[^\x00-\x1f\x7f/\\.][^\x00-\x1f\x7f/\\]{0,120}\.yaml")


@dataclass(frozen=True, slots=True)
class TextReading:
    """A text read as if a file held it: what is wrong with it, with the other files beside it, and what is odd in it.

    Problems of the text itself have no file. `watchlist` is all files together; it is whole where nothing is wrong.
    """

    own: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    reading: WatchlistReading

    @property
    def is_right(self) -> bool:
        """Whether it could be written and taken up."""
        return not self.own and not self.elsewhere

    @property
    def watchlist(self) -> Watchlist:
        """All files with this text."""
        return self.reading.watchlist


def file_at(config_dir: Path, name: str) -> Path | None:
    """The file of that name in the folder of watchlists; None where there is none, or its link leads out of there."""
    folder = config_dir / WATCHLISTS_DIR
    if not _NAME.fullmatch(name):
        return None
    path = folder / name
    try:
        real = path.resolve(strict=True)
        return path if real.is_relative_to(folder.resolve(strict=True)) and real.is_file() else None
    except (OSError, RuntimeError, ValueError):  # gone, links in circles, a name that no file can have
        return None


def read_file(path: Path) -> str:
    """What it holds. Raises ConfigError where that cannot be read."""
    text, problem = read_text(path, shown_name(path))
    if problem is not None:
        raise ConfigError((replace(problem, file=""),))
    return text


def is_writable(path: Path) -> bool:
    """Whether this process may put another file in its place."""
    real = path.resolve()
    return os.access(real.parent, os.W_OK) and os.access(real, os.W_OK)


def listed(config_dir: Path) -> tuple[list[tuple[Path, int]], list[Problem]]:
    """The files with the number of their watches, and what is wrong with all of them now."""
    folder = config_dir / WATCHLISTS_DIR
    reading, problems = read_watchlist(config_dir)
    watches = Counter(file.name for file, _ in reading.places.entries.values())
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        names = []
    paths = [path for name in names if (path := file_at(config_dir, name)) is not None]
    return [(path, watches[shown_name(path)]) for path in paths], sorted(problems)


def read_as(config_dir: Path, path: Path, text: str, *, today: date) -> TextReading:
    """The text as if the file held it, with all other files as they stand. Writes nothing."""
    reading, problems = read_watchlist(config_dir, {path: text})
    name = shown_name(path)
    own = sorted(replace(problem, file="") for problem in problems if problem.file == name)
    elsewhere = sorted(problem for problem in problems if problem.file != name)
    warnings: list[Problem] = []
    if not problems and len(reading.watchlist.watches) <= MOST_REVIEWED:
        from monitor.matching.lint import review  # whoever only reads files pays nothing for it

        found = review(reading.watchlist, today=today)
        placed = [reading.places.problem(one.watch_id, one.message, one.key, one.index) for one in found]
        warnings = sorted(replace(each, file="") for each in placed if each.file == name)
    return TextReading(tuple(own), tuple(elsewhere), tuple(warnings), reading)


def with_new_watch(text: str, written: str) -> tuple[str, int]:
    """A text with one more watch, as `written` under `leaders:` or `events:`, and the line where that begins.

    It stands behind the last one of its kind, indented as they are. Raises CannotEdit where that is not surely right.
    """
    kind = next((line[:-1] for line in written.split("\n") if line in ("leaders:", "events:")), "")
    if not kind:
        raise CannotEdit("it is no watch")
    if not text.strip():
        return written, 1
    file, problems = parse_yaml("", text)
    if file is None or problems or not isinstance(file.root.value, dict):
        raise CannotEdit("the text is wrong: mend it first")
    if file.root.style == "{":
        raise CannotEdit("all of it stands in braces")
    node = find(file.root, (kind,))
    if node is None and kind not in file.root.value:
        before = text.rstrip("\n") + "\n\n"
        return before + written, before.count("\n") + 1
    notes, _, entry = written.partition(f"{kind}:\n")
    lines = [*(f"  {note}" for note in notes.split("\n") if note), *entry.rstrip("\n").split("\n")]
    at, indent = _behind_last(file, kind)
    placed = "\n".join(" " * indent + line[2:] for line in lines)
    before, after = text[:at], text[at:]
    before = before if before.endswith("\n") else before + "\n"
    return before + placed + "\n" + after.removeprefix("\n"), before.count("\n") + 1


def _behind_last(file: YamlFile, kind: str) -> tuple[int, int]:
    """Where the next watch of a list goes, and how far its dash is indented."""
    node = file.root.value[kind] if isinstance(file.root.value, dict) else file.root
    if node.value is None:
        return _line_end(file.text, node.key_start), 2
    if not isinstance(node.value, list) or not node.value or file.text[node.start] == "[":
        raise CannotEdit(f"`{kind}` is no list with a dash before each watch")
    first, last = node.value[0], node.value[-1]
    begin = file.text.rfind("\n", 0, first.start) + 1
    before = file.text[begin : first.start].rstrip()
    if not before.endswith("-") or before[:-1].strip():
        raise CannotEdit(f"`{kind}` is no list with a dash before each watch")
    return _line_end(file.text, end_of(file, last)), len(before) - 1


def _line_end(text: str, at: int) -> int:
    return len(text) if (end := text.find("\n", at)) < 0 else end
