"""A changed watch put into the editor's own file: shown first, checked as `monitor check` does, written after a yes.

What is not changed keeps its every byte. Files that cannot be changed surely are left alone.
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.cli.streams import SourceError
from monitor.config.watch_edits import CannotEdit, entry_text, with_watch
from monitor.config.watch_files import put_in_place
from monitor.config.watchlist_files import WATCHLISTS_DIR, Places, read_watchlist
from monitor.errors import ConfigError
from monitor.types import Leader, Watch


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file as it would be: its text, and the entry of the watch as it would stand there."""

    path: Path
    old: str
    text: str
    entry: str


def changed_file(config_dir: Path, places: Places, old: Watch, new: Watch) -> ChangedFile:
    """The file of `old` with `new` in its place. Raises SourceError where that cannot be done surely."""
    file, entry = places.entries[old.id]
    path = config_dir / WATCHLISTS_DIR / Path(file.name).name
    try:
        text = with_watch(file, entry, old, new)
    except CannotEdit as why:
        raise SourceError(f"{file.name} is not changed: {why}; write it yourself") from None
    read, written = _read_again(config_dir, path, text, new)
    if read is None or _compared(read) != _compared(new):
        raise SourceError(f"{file.name} is not changed: it would not say what was learnt; write it yourself")
    return ChangedFile(path, file.text, text, written)


def _read_again(config_dir: Path, path: Path, text: str, new: Watch) -> tuple[Watch | None, str]:
    """The watch as the changed file says it, and its entry. Raises ConfigError where the file would be wrong."""
    with tempfile.TemporaryDirectory() as folder:
        lists = Path(folder) / WATCHLISTS_DIR
        shutil.copytree(config_dir / WATCHLISTS_DIR, lists)
        (lists / path.name).write_text(text, "utf-8")
        reading, problems = read_watchlist(Path(folder))
        if problems:
            raise ConfigError(tuple(problems))
        file, entry = reading.places.entries[new.id]
        return reading.watchlist.named().get(new.id), entry_text(file, entry)


def _compared(watch: Watch) -> Watch:
    """A watch whatever the order of its lists."""
    if isinstance(watch, Leader):
        offices = tuple(sorted(watch.offices, key=str))
        near, exclude = tuple(sorted(watch.near)), tuple(sorted(watch.exclude))
        aliases, short = tuple(sorted(watch.aliases)), tuple(sorted(watch.short))
        return replace(watch, aliases=aliases, short=short, offices=offices, near=near, exclude=exclude)
    match, exclude, ignore = (tuple(sorted(each)) for each in (watch.match, watch.exclude, watch.ignore))
    return replace(watch, match=match, exclude=exclude, ignore=ignore)


def write_file(changed: ChangedFile) -> None:
    """Put the changed text in the place of the file, unless it was changed meanwhile; ends of lines stay."""
    try:
        put_in_place(changed.path, changed.old, changed.text)
    except CannotEdit as why:
        raise SourceError(str(why)) from None


def said_yes(question: str) -> bool:
    """Ask the person at the terminal. Raises SourceError where there is none."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise SourceError("nobody can be asked here: add --yes to write without a question")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "c", "có", "co")
