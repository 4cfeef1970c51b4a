"""What may stand where a watchlist is expected: pipes, sockets, links in circles, files that change or vanish."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from monitor.config import load_all, load_watchlist, read_settings, watchlist_files, yaml_reader
from monitor.config.plain_files import UnreadableFile, read_plain_file, shown_name
from monitor.errors import ConfigError
from tests.command_line import CommandLine
from tests.config.folder import FEEDS, WATCHLIST, Write, only, problems

SECONDS = 60  # that a check may take on a loaded machine; one that waits for a pipe takes for ever


def check(folder: Path) -> tuple[int, str]:
    """`monitor check` in a process of its own, which can be given up."""
    command = [sys.executable, "-m", "monitor", "check"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS)
    return ended.returncode, ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize("place", ["config/feeds.yaml", "config/watchlists/x.yaml"])
def test_a_check_does_not_wait_for_a_pipe(monitor: CommandLine, place: str) -> None:
    (monitor.folder / place).unlink(missing_ok=True)
    os.mkfifo(monitor.folder / place)
    said = f"{place}:1:1: is a pipe (FIFO): only plain files are read; move it away\n"
    assert check(monitor.folder) == (2, said)


def test_a_pipe_with_a_writer_is_refused_too_and_nothing_is_taken_from_it(write: Write) -> None:
    folder = write()
    os.mkfifo(folder / "watchlists" / "x.yaml")
    both = os.open(folder / "watchlists" / "x.yaml", os.O_RDWR)
    os.write(both, WATCHLIST.encode())
    assert only(folder).startswith("config/watchlists/x.yaml:1:1: is a pipe")
    assert os.read(both, 100_000).decode() == WATCHLIST
    os.close(both)


def test_a_socket_a_device_and_a_folder_are_named_as_what_they_are(write: Write) -> None:
    folder = write()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "watchlists" / "a.yaml"))
        (folder / "watchlists" / "b.yaml").mkdir()
        (folder / "watchlists" / "c.yaml").symlink_to("/dev/zero")
        assert [line.partition(": only")[0] for line in problems(folder)] == [
            "config/watchlists/a.yaml:1:1: is a socket",
            "config/watchlists/b.yaml:1:1: is a folder",
            "config/watchlists/c.yaml:1:1: is a device",
        ]


def test_links_lead_to_their_file_and_those_in_circles_nowhere(write: Write) -> None:
    folder = write()
    lists = folder / "watchlists"
    (lists / "watch.yaml").rename(lists / "elsewhere")
    (lists / "watch.yaml").symlink_to("elsewhere")
    assert len(load_watchlist(folder).watches) == 3
    (lists / "a.yaml").symlink_to("b.yaml")
    (lists / "b.yaml").symlink_to("a.yaml")
    (lists / "c.yaml").symlink_to("nothing")
    assert problems(folder) == [
        "config/watchlists/a.yaml:0:0: cannot be read: too many levels of symbolic links",
        "config/watchlists/b.yaml:0:0: cannot be read: too many levels of symbolic links",
        "config/watchlists/c.yaml:0:0: cannot be read: no such file or directory",
    ]


def test_a_file_that_vanishes_after_it_was_listed_counts_as_deleted(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(a=WATCHLIST, b="leaders:\n  - {id: b, name: Bình}\n")
    read = read_plain_file

    def deleting(path: Path, *, most: int) -> bytes:
        if path.name == "a.yaml":
            path.unlink()
        return read(path, most=most)

    monkeypatch.setattr(yaml_reader, "read_plain_file", deleting)
    assert [watch.id for watch in load_watchlist(folder).watches] == ["b"]


def test_half_of_a_file_that_is_being_written_never_passes_for_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(WATCHLIST[:100])
    looks = 0
    fstat = os.fstat

    def written_between(descriptor: int) -> os.stat_result:
        nonlocal looks
        looks += 1
        if looks == 2:  # between what was read and the second look
            path.write_text(WATCHLIST)
        return fstat(descriptor)

    monkeypatch.setattr("os.fstat", written_between)
    assert read_plain_file(path, most=10_000).decode() == WATCHLIST


def test_a_file_that_grows_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a")
    fstat = os.fstat

    def growing(descriptor: int) -> os.stat_result:
        with path.open("a") as file:
            file.write("more")
        return fstat(descriptor)

    monkeypatch.setattr("os.fstat", growing)
    with pytest.raises(UnreadableFile, match="being written again and again"):
        read_plain_file(path, most=10_000)


def test_a_file_whose_name_is_not_utf8_is_read_and_shown_in_one_line(write: Write) -> None:
    folder = write()
    lists = os.fsencode(folder / "watchlists")
    Path(os.fsdecode(lists + b"/b\xe1o\nx.yaml")).write_text("leaders:\n  - {id: b, name: B\xecnh, x: 1}\n", "utf-8")
    assert only(folder).startswith("config/watchlists/b\\xe1o\\x0ax.yaml:2:")
    only(folder).encode()  # what goes into the database and to Telegram
    assert shown_name(Path("danh-sách.yaml")) == "danh-sách.yaml"


@pytest.mark.slow
def test_ten_thousand_files_are_refused_at_a_glance(write: Write) -> None:
    folder = write()
    for n in range(10_000):
        (folder / "watchlists" / f"{n}.yaml").touch()
    before = time.process_time()
    assert only(folder) == "config/watchlists:0:0: holds 10001 files: at most 1000 are read, join some"
    assert time.process_time() - before < 2


def test_ten_megabytes_are_refused_before_they_are_read(write: Write) -> None:
    folder = write(a=WATCHLIST + "#" * 10 * 2**20)
    before = time.process_time()
    assert only(folder) == "config/watchlists/a.yaml:0:0: is larger than 4 MiB: split it into several files"
    assert time.process_time() - before < 1


def test_all_files_together_are_bounded_too(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchlist_files, "MAX_ALL_BYTES", 2**20)
    part = "leaders: []\n#" + "#" * 600_000
    assert only(write(a=part, b=part)) == "config/watchlists:0:0: the files are larger than 1 MiB together: watch less"


def test_so_many_watches_are_not_possible(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchlist_files, "MAX_WATCHES", 3)
    folder = write(a=WATCHLIST)
    assert len(load_all(folder).watchlist.watches) == 3
    write(b="leaders:\n  - {id: b, name: B}\n")
    assert only(folder) == "config/watchlists:0:0: more than 3 watches: watch less"


def test_a_query_full_of_unknown_leaders_that_is_twice_as_long_takes_twice_as_long(write: Write) -> None:
    """Not four times, as where each leader is looked for from the beginning of the query: a long one took hours."""

    def seconds(leaders: int) -> float:
        folder = write(a="events:\n  - {id: a, name: A, match: ['" + "@x " * leaders + "']}\n")
        before = time.process_time()
        assert len(problems(folder)) > 1_000
        return time.process_time() - before

    assert seconds(60_000) < 3 * seconds(30_000)


def test_reading_a_thousand_leaders_of_one_name_is_reviewed_at_once(write: Write) -> None:
    from datetime import date

    text = "leaders:\n" + "".join(f"  - {{id: n-{n}, name: Nguyễn Văn An}}\n" for n in range(5_000))
    folder = write(a=text)
    before = time.process_time()
    found = load_all(folder, today=date(2026, 11, 28)).warnings
    assert "is also a name of n-1, n-2, n-3, n-4, n-5 and 4994 more" in found[0].message
    assert time.process_time() - before < 4


def test_a_pipe_as_env_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    refused: list[str] = []

    def read() -> None:
        try:
            read_settings({}, tmp_path / ".env")
        except ConfigError as wrong:
            refused.append(str(wrong))

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    reading.join(SECONDS)
    assert len(refused) == 1
    assert "is a pipe (FIFO)" in refused[0]


def test_feeds_are_bounded_as_well(write: Write) -> None:
    assert "config/feeds.yaml:0:0: is larger than 4 MiB" in only(write(FEEDS + "#" * 5 * 2**20))
