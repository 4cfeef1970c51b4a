"""watch_edits: one watch changed inside its file's text, and nothing else, not a byte."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from monitor.config.watch_edits import CannotEdit, entry_text, with_watch
from monitor.config.watchlist_files import read_watchlist
from monitor.types import Focus, Office, Watch, WatchId

FILE = """\
# who and what we watch
leaders:
  - id: lam
    name: Trần Hạ Lam   # the minister
    aliases: [Hạ Lam, "bà Lam"]  # as papers write
    short:
      # forms that need the full name
      - bà Hạ
      - 'chị Lam'   # of the north
    offices:
      - {title: Bộ trưởng Bộ Thủy sản, since: 2024-01-01}  # sworn in
      - title: Bí thư Tỉnh ủy An Hòa
        since: 2019-05-02   # elected
        until: 2024-01-01
    near: [cảng, nghề cá]
    tags: [trong-nuoc]

  - {id: orlovan, name: Viktor Orlovan, aliases: [Orlovan]}

events:
  - id: chay
    name: Cháy
    match:
      - 'cháy NEAR/6 (nhà OR xưởng)'  # houses
      - "hỏa hoạn"
    # drills are no fires
    not: ['"diễn tập"']
  - id: ngap
    name: Ngập
    match: ['"ngập sâu"', '"mưa lũ"']
"""


def written(folder: Path, watch_id: str, text: str = FILE, **changes: object) -> str:
    """The file with a watch changed; it must read as that watch, and the others as before."""
    old, changed_text, new = changed(folder, watch_id, text, **changes)
    (folder / "watchlists" / "a.yaml").write_text(changed_text, "utf-8")
    reading, problems = read_watchlist(folder)
    assert problems == []
    after = reading.watchlist.named()
    assert after == {**{watch.id: watch for watch in old}, new.id: new}
    return changed_text


def changed(folder: Path, watch_id: str, text: str, **changes: object) -> tuple[tuple[Watch, ...], str, Watch]:
    (folder / "watchlists").mkdir(exist_ok=True)
    (folder / "watchlists" / "a.yaml").write_text(text, "utf-8")
    reading, problems = read_watchlist(folder)
    assert problems == []
    old = reading.watchlist.named()[WatchId(watch_id)]
    new = replace(old, **changes)  # type: ignore[arg-type]
    return reading.watchlist.watches, with_watch(*reading.places.entries[old.id], old, new), new


def differing(old: str, new: str) -> tuple[list[str], list[str]]:
    """The lines that only the old and only the new text has."""
    before, after = old.split("\n"), new.split("\n")
    return [line for line in before if line not in after], [line for line in after if line not in before]


def test_a_value_more_stands_behind_the_others_and_comments_stay(tmp_path: Path) -> None:
    new = written(tmp_path, "lam", aliases=("Hạ Lam", "bà Lam", "bà Trần Hạ Lam"))
    assert differing(FILE, new) == (
        ['    aliases: [Hạ Lam, "bà Lam"]  # as papers write'],
        ['    aliases: [Hạ Lam, "bà Lam", "bà Trần Hạ Lam"]  # as papers write'],
    )


def test_a_list_of_lines_gets_a_line_more_or_less(tmp_path: Path) -> None:
    more = written(tmp_path, "lam", short=("bà Hạ", "chị Lam", "cô Lam"))
    assert differing(FILE, more) == ([], ["      - cô Lam"])
    less = written(tmp_path, "lam", short=("chị Lam",))
    assert differing(FILE, less) == (["      - bà Hạ"], [])


def test_a_query_is_replaced_where_it_stands_in_its_own_quotes(tmp_path: Path) -> None:
    new = written(tmp_path, "chay", match=('cháy NEAR/6 (nhà OR "khu trọ")', "hỏa hoạn"))
    assert differing(FILE, new)[1] == ["      - 'cháy NEAR/6 (nhà OR \"khu trọ\")'  # houses"]
    other = written(tmp_path, "chay", match=("cháy NEAR/6 (nhà OR xưởng)", '"hỏa hoạn" OR "bà hỏa"'))
    assert differing(FILE, other)[1] == ['      - "\\"hỏa hoạn\\" OR \\"bà hỏa\\""']


def test_a_key_that_was_not_there_follows_the_name(tmp_path: Path) -> None:
    new = written(tmp_path, "lam", common=True, exclude=("cô giáo Trần Hạ Lam",))
    assert differing(FILE, new) == ([], ["    not: [cô giáo Trần Hạ Lam]", "    common: true"])
    inline = written(tmp_path, "orlovan", near=("Quốc hội",))
    assert "{id: orlovan, name: Viktor Orlovan, near: [Quốc hội], aliases: [Orlovan]}" in inline


def test_an_office_gets_another_day_a_new_one_or_goes(tmp_path: Path) -> None:
    minister = Office("Bộ trưởng Bộ Thủy sản", date(2024, 1, 1))
    secretary = Office("Bí thư Tỉnh ủy An Hòa", date(2019, 5, 2), date(2024, 1, 1))
    ended = written(tmp_path, "lam", offices=(replace(minister, until=date(2025, 7, 1)), secretary))
    assert "{title: Bộ trưởng Bộ Thủy sản, since: 2024-01-01, until: 2025-07-01}  # sworn in" in ended
    begun = written(tmp_path, "lam", offices=(minister, replace(secretary, since=date(2018, 5, 2))))
    assert differing(FILE, begun) == (
        ["        since: 2019-05-02   # elected"],
        ["        since: 2018-05-02   # elected"],
    )
    more = written(tmp_path, "lam", offices=(minister, secretary, Office("Bộ trưởng Thủy sản", date(2024, 1, 1))))
    assert differing(FILE, more) == ([], ["      - {title: Bộ trưởng Thủy sản, since: 2024-01-01}"])
    less = written(tmp_path, "lam", offices=(minister,))
    assert "An Hòa" not in less
    assert "sworn in" in less


def test_a_short_list_loses_its_first_its_last_and_its_only_value(tmp_path: Path) -> None:
    assert "    match: ['\"mưa lũ\"']" in written(tmp_path, "ngap", match=('"mưa lũ"',))
    assert "    match: ['\"ngập sâu\"']" in written(tmp_path, "ngap", match=('"ngập sâu"',))
    assert "    not: []" in written(tmp_path, "chay", exclude=())


def test_what_is_not_changed_surely_is_not_changed(tmp_path: Path) -> None:
    with pytest.raises(CannotEdit, match="loses its last value"):
        changed(tmp_path, "lam", FILE, short=())


def test_an_entry_is_shown_as_it_stands_without_its_indentation(tmp_path: Path) -> None:
    changed(tmp_path, "chay", FILE)
    reading, _ = read_watchlist(tmp_path)
    places = reading.places.entries
    assert entry_text(*places[WatchId("chay")]) == (
        "- id: chay\n  name: Cháy\n  match:\n    - 'cháy NEAR/6 (nhà OR xưởng)'  # houses\n"
        '    - "hỏa hoạn"\n  # drills are no fires\n  not: [\'"diễn tập"\']'
    )
    assert entry_text(*places[WatchId("orlovan")]) == "{id: orlovan, name: Viktor Orlovan, aliases: [Orlovan]}"


def test_a_query_that_spans_lines_is_replaced_whole(tmp_path: Path) -> None:
    text = (
        "events:\n  - id: ngap\n    name: Ngập\n    match:\n      - >-\n        ngập OR\n        lụt\n    tags: [mua]\n"
    )
    new = written(tmp_path, "ngap", text, match=('ngập OR "lụt lội"',))
    assert new == "events:\n  - id: ngap\n    name: Ngập\n    match:\n      - 'ngập OR \"lụt lội\"'\n    tags: [mua]\n"


def test_a_focus_is_added_and_a_set_goes_in_quotes(tmp_path: Path) -> None:
    new = written(tmp_path, "chay", focus=Focus.MAIN, exclude=('"diễn tập"', "{hồi tưởng}"))
    assert differing(FILE, new)[1] == ["    focus: main", "    not: ['\"diễn tập\"', '{hồi tưởng}']"]


def test_a_leader_does_not_become_an_event(tmp_path: Path) -> None:
    changed(tmp_path, "lam", FILE)
    reading, _ = read_watchlist(tmp_path)
    named = reading.watchlist.named()
    file, entry = reading.places.entries[WatchId("lam")]
    with pytest.raises(CannotEdit, match="does not become"):
        with_watch(file, entry, named[WatchId("lam")], named[WatchId("chay")])
