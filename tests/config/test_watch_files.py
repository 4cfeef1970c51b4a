"""One watch's text inside its file: found, replaced with everything else as it was, refused with its own places."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from monitor.config.watch_files import (
    ChangedMeanwhile,
    MoreThanOne,
    OtherId,
    WatchText,
    find_text,
    put_in_place,
    with_text,
)
from monitor.config.watchlist_files import WatchlistReading
from monitor.errors import ConfigError
from monitor.types import WatchId

FILE = """\
# Kept by the desk
leaders:
  # the first
  - id: putin   # since 2012
    name: "Vladimir Putin"
    aliases: [Putin,
              Pu-tin]   # folded
    tags: [nga]

  # the second
  - {id: to-lam, name: Tô Lâm}   # short
events:
- id: bao
  name: Bão
  match: ['bão']
# the end
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "watchlists").mkdir()
    path_of(tmp_path).write_text(FILE)
    return tmp_path


def path_of(folder: Path) -> Path:
    return folder / "watchlists" / "all.yaml"


def found(folder: Path, watch_id: str) -> tuple[WatchText, WatchlistReading]:
    text, reading = find_text(folder, WatchId(watch_id))
    assert text is not None
    return text, reading


@pytest.mark.parametrize(
    ("watch_id", "text"),
    [
        (
            "putin",
            '- id: putin   # since 2012\n  name: "Vladimir Putin"\n  aliases: [Putin,\n            Pu-tin]   # folded\n'
            "  tags: [nga]",
        ),
        ("to-lam", "- {id: to-lam, name: Tô Lâm}   # short"),
        ("bao", "- id: bao\n  name: Bão\n  match: ['bão']"),
    ],
)
def test_a_watch_is_shown_from_its_dash_on_and_put_back_to_the_byte(folder: Path, watch_id: str, text: str) -> None:
    old, reading = found(folder, watch_id)
    assert old.text == text
    assert with_text(folder, old, reading, text).whole == FILE


def test_the_rest_of_the_file_keeps_every_byte(folder: Path) -> None:
    old, reading = found(folder, "putin")
    new = with_text(folder, old, reading, "- id: putin # mới\n  name: Vladimir Putin\n  aliases: [V.Putin]")
    head, tail = FILE.split("  - id: putin")[0], FILE.split("tags: [nga]")[1]
    assert new.whole == f"{head}  - id: putin # mới\n    name: Vladimir Putin\n    aliases: [V.Putin]{tail}"
    assert new.text == "- id: putin # mới\n  name: Vladimir Putin\n  aliases: [V.Putin]"
    assert path_of(folder).read_text() == FILE, "nothing was written"


@pytest.mark.parametrize("sent", ["id: bao\nname: Bão lớn\nmatch: ['bão']\n", "{id: bao, name: Bão lớn, match: [bão]}"])
def test_the_dash_may_be_left_out(folder: Path, sent: str) -> None:
    old, reading = found(folder, "bao")
    assert with_text(folder, old, reading, sent).watch.name == "Bão lớn"


def test_a_watch_in_brackets_is_the_text_in_its_braces(folder: Path) -> None:
    path_of(folder).write_text("leaders: [{id: putin, name: Vladimir Putin}, {id: to-lam, name: Tô Lâm}] # one line\n")
    old, reading = found(folder, "to-lam")
    assert old.text == "{id: to-lam, name: Tô Lâm}"
    new = with_text(folder, old, reading, "{id: to-lam, name: Tô Lâm, tags: [viet-nam]}")
    assert new.whole.endswith(", {id: to-lam, name: Tô Lâm, tags: [viet-nam]}] # one line\n")


@pytest.mark.parametrize(
    ("watch_id", "sent", "place"),
    [
        ("putin", "- id: putin\n  name: Vladimir Putin\n  alias: [x]", (3, 3)),
        ("putin", "id: putin\nname: Vladimir Putin\nalias: [x]", (3, 1)),
        ("putin", "- id: putin\n  name: [Vladimir\n", (2, 18)),
        ("bao", "- id: bao\n  name: Bão\n  match: ['bão OR']", (3, 18)),
    ],
)
def test_a_mistake_points_into_what_was_sent(folder: Path, watch_id: str, sent: str, place: tuple[int, int]) -> None:
    old, reading = found(folder, watch_id)
    with pytest.raises(ConfigError) as wrong:
        with_text(folder, old, reading, sent)
    assert [(each.file, each.line, each.column) for each in wrong.value.problems][:1] == [("", *place)]


def test_another_id_and_a_second_watch_are_refused(folder: Path) -> None:
    old, reading = found(folder, "bao")
    with pytest.raises(OtherId):
        with_text(folder, old, reading, "- {id: bao-lon, name: Bão, match: [bão]}")
    with pytest.raises(MoreThanOne):
        with_text(folder, old, reading, f"{old.text}\n- {{id: lu, name: Lũ, match: [lũ]}}")


def test_a_file_is_replaced_whole_with_its_rights_ends_of_lines_and_link(folder: Path) -> None:
    path, real = path_of(folder), folder / "real.yaml"
    path.rename(real)
    path.symlink_to(real)
    real.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    put_in_place(path, FILE, FILE.replace("Tô Lâm", "Ông Tô Lâm"))
    assert real.read_bytes() == b"\xef\xbb\xbf" + FILE.replace("Tô Lâm", "Ông Tô Lâm").replace("\n", "\r\n").encode()
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(folder)) == ["real.yaml", "watchlists"]


def test_a_file_that_was_changed_meanwhile_is_left_as_it_is(folder: Path) -> None:
    path_of(folder).write_text(FILE + "# more\n")
    with pytest.raises(ChangedMeanwhile):
        put_in_place(path_of(folder), FILE, "leaders: []")
    assert path_of(folder).read_text() == FILE + "# more\n"


def test_of_several_who_write_at_the_same_moment_one_is_taken_and_the_others_are_told(folder: Path) -> None:
    start = Barrier(8)

    def put(number: int) -> str:
        text = FILE + f"# by {number}\n"
        start.wait()
        try:
            put_in_place(path_of(folder), FILE, text)
        except ChangedMeanwhile:
            return ""
        return text

    with ThreadPoolExecutor(8) as threads:
        taken = [text for text in threads.map(put, range(8)) if text]
    assert taken == [path_of(folder).read_text()]
