"""One watch that a reader wrote, checked as the files' are, with line and column and what to write.

It stands under `leaders:` or `events:` as in a file, or by itself. Keeps nothing.
"""

from dataclasses import replace

from monitor.config.records import find, read_record
from monitor.config.watchlist_files import WatchlistRecord, unknown_leaders, watches_of
from monitor.config.watchlist_sets import braces_as_queries, entries_of, wrong_sets
from monitor.config.yaml_reader import Node, YamlFile, parse_yaml
from monitor.errors import Problem
from monitor.i18n import say
from monitor.types import Leader, Watch, WatchId, Watchlist

MOST_CHARACTERS = 8_000  # twice what a message of Telegram's can have
_KINDS = ("leaders", "events")


def read_one_watch(text: str, files: Watchlist, *, watch_id: WatchId) -> Watch | tuple[Problem, ...]:
    """The watch, or all that is wrong with it; it gets this id, and no tags: they are what others may follow."""
    if len(text) > MOST_CHARACTERS:
        return (
            Problem(
                "",
                1,
                1,
                say(
                    "a watch of {length} characters: write at most {most}",
                    length=f"{len(text):,}",
                    most=f"{MOST_CHARACTERS:,}",
                ),
            ),
        )
    file, problems = parse_yaml("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if file is None:
        return tuple(sorted(problems))
    file = _as_file(file)
    entries = list(entries_of(file))
    if not problems and (len(entries) != 1 or find(file.root, ("sets",)) is not None):
        problems = [
            file.problem(file.root.start, say("exactly one watch is taken: write one under leaders: or events:"))
        ]
    if problems:
        return tuple(sorted(problems))
    (entry,) = entries
    if isinstance(entry.value, dict):
        entry.value["id"] = Node(entry.start, entry.end, str(watch_id), key_start=entry.start)
    braces_as_queries(file)
    record, problems = read_record(file, WatchlistRecord)
    known = [str(watch.id) for watch in files.watches if isinstance(watch, Leader)]
    problems += unknown_leaders([file], beside=known)
    problems += wrong_sets([file], files.sets)
    if problems or record is None:
        return tuple(sorted(problems))
    (watch,) = watches_of(record)
    return replace(watch, tags=(), enabled=True)


def _as_file(file: YamlFile) -> YamlFile:
    """What stands by itself, put where a file has it; what has `match` is an event."""
    root = file.root
    listed = root.value if isinstance(root.value, list) else [root]
    is_bare = isinstance(root.value, list) or (isinstance(root.value, dict) and not set(_KINDS) & set(root.value))
    if not is_bare or not all(isinstance(each.value, dict) and "name" in each.value for each in listed):
        return file
    first = listed[0]
    kind = "events" if isinstance(first.value, dict) and "match" in first.value else "leaders"
    entries = Node(root.start, root.end, list(listed), key_start=root.start)
    return replace(file, root=Node(root.start, root.end, {kind: entries}))
