"""Whole files of watchlists: only those of the folder, checked as if written, and one watch more in the right place."""

from datetime import date
from pathlib import Path

import pytest

from monitor.config.watch_edits import CannotEdit
from monitor.config.watchlist_files import read_watchlist
from monitor.config.watchlist_texts import (
    TextReading,
    file_at,
    listed,
    read_as,
    read_file,
    with_new_watch,
)
from monitor.errors import ConfigError
from monitor.i18n import Remark

TODAY = date(2026, 8, 23)
FILE = """\
# whom we watch
leaders:
  - id: putin
    name: Vladimir Putin   # as newspapers write it
  - id: to-lam
    name: Tô Lâm  # he too
events:
- id: bao
  name: Bão
  match: [bão]
"""
LEADER = "# drafted\nleaders:\n  - id: orban\n    name: Viktor Orbán\n    aliases: [Orbán]\n"
EVENT = "events:\n  - id: lu\n    name: Lũ\n    match:\n      - 'lũ'\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A folder of settings with two files of watchlists."""
    folder = tmp_path / "config"
    (folder / "watchlists").mkdir(parents=True)
    (folder / "watchlists" / "all.yaml").write_text(FILE)
    (folder / "watchlists" / "more.yaml").write_text("leaders: [{id: xi, name: Tập Cận Bình}]\n")
    (folder / "feeds.yaml").write_text("feeds: []\n")
    return folder


def path_of(config: Path, name: str = "all.yaml") -> Path:
    return config / "watchlists" / name


def check(config: Path, text: str) -> TextReading:
    return read_as(config, path_of(config), text, today=TODAY)


@pytest.mark.parametrize(
    "name",
    [
        "../feeds.yaml",
        "..yaml",
        "/etc/passwd",
        "..\\feeds.yaml",
        ".hidden.yaml",
        "all.yml",
        "all.yaml\n",
        "",
        "x" * 400 + ".yaml",
        "a\0.yaml",
        "none.yaml",
        "folder.yaml",
        "circle.yaml",
        "out.yaml",
        "up/all.yaml",
    ],
)
def test_no_name_leads_out_of_the_folder_or_to_what_is_no_file(config: Path, name: str) -> None:
    folder = config / "watchlists"
    (folder / "folder.yaml").mkdir()
    (folder / "circle.yaml").symlink_to("circle.yaml")
    (folder / "out.yaml").symlink_to(config / "feeds.yaml")
    (folder / "up").symlink_to(folder)
    assert file_at(config, name) is None
    assert name not in [path.name for path, _ in listed(config)[0]]


def test_a_link_within_the_folder_is_a_file_as_those_that_kubernetes_mounts(config: Path) -> None:
    folder = config / "watchlists"
    (folder / "..2026").mkdir()
    (folder / "..2026" / "mounted.yaml").write_text("leaders: [{id: modi, name: Narendra Modi}]\n")
    (folder / "..data").symlink_to("..2026")
    (folder / "mounted.yaml").symlink_to("..data/mounted.yaml")
    assert file_at(config, "mounted.yaml") == folder / "mounted.yaml"
    assert [(path.name, count) for path, count in listed(config)[0]] == [
        ("all.yaml", 3),
        ("more.yaml", 1),
        ("mounted.yaml", 1),
    ]


def test_a_text_that_may_stand_there_has_no_problems(config: Path) -> None:
    read = check(config, FILE.replace("Tô Lâm", "Ông Tô Lâm"))
    assert read.is_right
    assert [watch.name for watch in read.watchlist.watches] == ["Vladimir Putin", "Ông Tô Lâm", "Bão", "Tập Cận Bình"]
    assert path_of(config).read_text() == FILE, "nothing is written"


def test_mistakes_of_the_text_have_line_and_column_and_no_file(config: Path) -> None:
    read = check(config, FILE.replace("match: [bão]", "match: ['bão OR']"))
    assert [(each.file, each.line, each.column) for each in read.own] == [("", 10, 18)]
    assert not read.elsewhere


def test_it_is_checked_beside_the_other_files(config: Path) -> None:
    twice = check(config, FILE.replace("id: to-lam", "id: xi"))
    assert [(Path(each.file).name, each.line) for each in twice.elsewhere] == [("more.yaml", 1)]
    assert not twice.is_right
    known = check(config, FILE.replace("match: [bão]", "match: ['bão AND @putin AND @xi']"))
    assert known.is_right
    unknown = check(config, FILE.replace("match: [bão]", "match: ['bão AND @putn']"))
    assert "did you mean `@putin`?" in unknown.own[0].message


def test_what_is_odd_in_this_file_is_told_with_its_line(config: Path) -> None:
    read = check(config, FILE.replace("name: Tô Lâm  # he too", "name: Tô Lâm\n    common: true"))
    assert read.is_right
    assert [each.line for each in read.warnings if "common" in each.message] == [7]
    assert all(isinstance(each.message, Remark) for each in read.warnings), "to be said in the editor's language"


def test_a_file_of_other_bytes_is_told_and_not_guessed(config: Path) -> None:
    path_of(config).write_bytes("leaders:\n  - name: Tô".encode("utf-16"))
    with pytest.raises(ConfigError) as wrong:
        read_file(path_of(config))
    assert "UTF-8" in str(wrong.value)


@pytest.mark.parametrize("more", [LEADER, EVENT])
@pytest.mark.parametrize(
    "text",
    [
        FILE,
        FILE.rstrip("\n"),
        FILE.replace("\nevents", "\n\n# what happens\nevents"),
        "leaders:\n  # nobody yet\nevents:\n",
        "sets:\n  nắng: [nắng nóng]\n",
        "",
        "events:\n  - id: x\n    name: X\n    match:\n      - |\n        bão\n\n\n# the end",
    ],
)
def test_one_watch_more_stands_behind_the_last_of_its_kind_and_all_else_as_it_was(
    config: Path, text: str, more: str
) -> None:
    new, line = with_new_watch(text, more)
    assert check(config, new).is_right, new
    watches = {str(watch.id) for watch in check(config, new).watchlist.watches}
    assert {"orban", "lu"} & watches
    kept = [each for each in text.split("\n") if each.strip()]
    lines = iter(new.split("\n"))
    assert all(each in lines for each in kept), "each line, in its order"
    written = new.split("\n")[line - 1 :]
    assert written[0].strip() in ("# drafted", "- id: lu", "leaders:", "events:")


def test_it_is_indented_as_its_neighbours() -> None:
    new, line = with_new_watch(FILE, EVENT)
    assert new == FILE + "- id: lu\n  name: Lũ\n  match:\n    - 'lũ'\n"
    assert line == 11
    new, line = with_new_watch(FILE, LEADER)
    assert new.split("\n")[5:11] == [
        "    name: Tô Lâm  # he too",
        "  # drafted",
        "  - id: orban",
        "    name: Viktor Orbán",
        "    aliases: [Orbán]",
        "events:",
    ]
    assert line == 7


@pytest.mark.parametrize("text", ["leaders: [{id: xi2, name: Tập}]\n", "{leaders: }\n", "leaders: [\n", "- x\n"])
def test_what_no_machine_adds_to_surely_is_refused(text: str) -> None:
    with pytest.raises(CannotEdit):
        with_new_watch(text, LEADER)


def test_the_shipped_files_take_one_more_watch() -> None:
    config = Path(__file__).parents[2] / "config"
    for path in sorted((config / "watchlists").glob("*.yaml")):
        for more in (LEADER.replace("orban", "nobody-yet").replace("Viktor Orbán", "Nobody Yet"), EVENT):
            new, _ = with_new_watch(path.read_text(), more)
            reading, problems = read_watchlist(config, {path: new})
            assert not problems
            assert {"nobody-yet", "lu"} & {str(watch.id) for watch in reading.watchlist.watches}
