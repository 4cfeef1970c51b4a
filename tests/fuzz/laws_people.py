"""Laws of what people write to us: configuration files, JSON lines, names typed to the bot."""

import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

from monitor.bot.paging import page_of
from monitor.bot.targets import Finder, all_targets, by_token, token
from monitor.cli.jsonl import RowReader, lines_of, row_of, write
from monitor.config import load_all, parse_duration, show_duration
from monitor.config.channels_file import CHANNELS_FILE
from monitor.config.yaml_reader import Node, read_yaml
from monitor.errors import ConfigError
from monitor.types import EVERYTHING, Event, Leader, WatchId, Watchlist
from tests.fuzz.reading import stretched, texts_of

FEEDS = "feeds: [{id: ben-song, outlet: Bến Sông, url: 'https://ben-song.example/tin.rss'}]\n"
WATCHES = "leaders: [{id: putin, name: Vladimir Putin}]\n"
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


@cache
def _folder() -> Path:
    """A folder for the files of this process; in memory where there is such a place."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="monitor-fuzz-", dir=memory if memory.is_dir() else None))


def forget_folder() -> None:
    """Remove what the laws wrote."""
    shutil.rmtree(_folder(), ignore_errors=True)
    _folder.cache_clear()


def yaml_law(data: bytes) -> None:
    """The whole is a file: read as YAML, as feeds.yaml, as a watchlist and as channels.yaml."""
    data = stretched(data)
    folder = _folder()
    (folder / "watchlists").mkdir(exist_ok=True)
    feeds, watches = folder / "feeds.yaml", folder / "watchlists" / "watch.yaml"
    feeds.write_text(FEEDS, "utf-8")
    watches.write_bytes(data)
    file, problems = read_yaml(watches)
    assert file is not None or problems
    if file is not None:
        for node in _scalars(file.root):
            for column in {1, len(node.value or "") // 2 + 1, len(node.value or "") + 1}:
                assert 0 <= file.index_within(node, column) <= len(file.text)
    _loads(folder)
    watches.write_text(WATCHES, "utf-8")
    feeds.write_bytes(data)
    _loads(folder)
    feeds.write_text(FEEDS, "utf-8")
    channels = folder / CHANNELS_FILE
    channels.write_bytes(data)
    _loads(folder)
    channels.unlink()


def _scalars(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        match (each := waiting.pop()).value:
            case dict() as entries:
                waiting += entries.values()
            case list() as items:
                waiting += items
            case str():
                yield each
            case _:
                pass


def _loads(folder: Path) -> None:
    try:
        config = load_all(folder, channel_urls={})
    except ConfigError as wrong:
        assert wrong.problems
        lines = {path.as_posix(): len(_LINE_ENDS.findall(path.read_bytes())) + 1 for path in folder.rglob("*.yaml")}
        for problem in wrong.problems:
            assert problem.message
            assert 0 <= problem.line <= lines[problem.file], problem
            assert problem.column >= 0
    else:
        assert config.watchlist.watches or config.feeds


def duration_law(data: bytes) -> None:
    """The whole is a duration as an editor writes it."""
    (text,) = texts_of(data, 1)
    try:
        span = parse_duration(text)
    except ValueError as wrong:
        assert str(wrong)
        return
    assert abs(parse_duration(show_duration(span)) - span) <= timedelta(milliseconds=1)


def jsonl_law(data: bytes) -> None:
    """The whole is a stream of JSON lines."""
    data = stretched(data)
    complaints = io.StringIO()
    reader = RowReader(lines_of(io.BytesIO(data)), "fuzz", complaints)
    rows = list(reader)
    filled = [line for line in data.split(b"\n") if line.strip()]
    assert len(rows) + reader.faults == len(filled)
    assert complaints.getvalue().count("the line is skipped\n") == reader.faults
    for _, row in rows:
        out = io.StringIO()
        try:
            write(row, out)
        except ValueError:
            assert not out.getvalue()
            continue
        written = out.getvalue()
        assert len(written.splitlines()) == 1
        assert row_of(written.encode("utf-8", "backslashreplace")) == row


_WATCHED = Watchlist(
    "fuzz",
    (
        Leader(WatchId("putin"), "Vladimir Putin", aliases=("Putin", "Pu-tin"), tags=("nga",)),
        Leader(WatchId("to-lam"), "Tô Lâm", short=("ông Tô",), tags=("viet-nam", "đối ngoại")),
        Event(WatchId("bao"), "Bão, áp thấp", match=("bão",), tags=("thoi-tiet",)),
    ),
)
_FINDER = Finder(_WATCHED)


def typed_law(data: bytes) -> None:
    """Lines: what was typed to the bot, what a button carried (data of a press can be forged)."""
    typed, pressed = texts_of(data, 2)
    targets = {*all_targets(_WATCHED), EVERYTHING}
    found = _FINDER.find(typed)
    assert set(found.hits) <= targets
    assert not found.sure or len(found.hits) == 1
    target = by_token(pressed, all_targets(_WATCHED))
    assert target is None or token(target) == pressed
    shown, page, pages = page_of(sorted(targets), len(typed) - len(pressed))
    assert shown
    assert 0 <= page < pages
