"""Feeds and watchlists: what is read, and that every mistake is reported with its place."""

import json
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import load_all, load_feeds, load_watchlist, parse_duration, schemas, show_duration, write_schemas
from monitor.config.watchlist_files import version_of
from monitor.config.yaml_reader import YamlFile, plain, read_yaml
from monitor.errors import ConfigError, Problem
from monitor.types import Event, Feed, FeedId, Fulltext, Leader, Office, Priority, WatchId

REPO = Path(__file__).parents[2]

FEEDS = """\
defaults: {interval: 5m, min_interval: 1m, max_interval: 1h, max_alert_age: 48h, timezone: Asia/Ho_Chi_Minh}
feeds:
  - id: bao-mau-the-gioi            # unique
    outlet: Báo Mẫu
    url: https://bao-mau.example/rss/the-gioi.rss
    section: Thế giới
"""

WATCHLIST = """\
leaders:
  - id: putin
    name: Vladimir Putin
    aliases: [Putin, Pu-tin]
    offices:
      - {title: Tổng thống Nga, since: 2012-05-07}
    tags: [nga]
  - id: nguyen-van-thang
    name: Nguyễn Văn Thắng
    common: true
    near: [Phó thủ tướng, Bộ trưởng Tài chính]
    not: [bị cáo Nguyễn Văn Thắng]
events:
  - id: ngung-ban-gaza
    name: Ngừng bắn ở Gaza
    match:
      - ("ngừng bắn" OR "đình chiến") NEAR/25 (Gaza OR Hamas)
    not: ['"ngừng bắn" NEAR/3 Ukraine']
    tags: [trung-dong]
    priority: high
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a config folder and gives its path, relative as an editor would give it."""
    monkeypatch.chdir(tmp_path)

    def _write(feeds: str = FEEDS, **watchlists: str | bytes) -> Path:
        folder = Path("config")
        (folder / "watchlists").mkdir(parents=True, exist_ok=True)
        (folder / "feeds.yaml").write_text(feeds, encoding="utf-8")
        for name, text in (watchlists or {"watch": WATCHLIST}).items():
            path = folder / "watchlists" / f"{name}.yaml"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder

    return _write


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_all(folder)
    return [str(problem) for problem in caught.value.problems]


def only(folder: Path) -> str:
    found = problems(folder)
    assert len(found) == 1, found
    return found[0]


# ---------------------------------------------------------------- what is right


def test_a_feed_takes_from_the_defaults_what_it_does_not_say(write: Write) -> None:
    more = "  - {id: mau-2, outlet: Báo Mẫu, url: 'http://m.example/2', interval: 2m, fulltext: always, enabled: no}\n"
    assert load_feeds(write(FEEDS + more)).feeds == (
        Feed(FeedId("bao-mau-the-gioi"), "Báo Mẫu", "https://bao-mau.example/rss/the-gioi.rss", section="Thế giới"),
        Feed(
            FeedId("mau-2"),
            "Báo Mẫu",
            "http://m.example/2",
            interval=timedelta(minutes=2),
            fulltext=Fulltext.ALWAYS,
            enabled=False,
        ),
    )


def test_the_zone_of_the_settings_is_for_feeds_that_name_none(write: Write) -> None:
    first = "  - {id: a, outlet: A, url: 'http://a.example'}\n"
    feeds = f"feeds:\n{first}  - {{id: b, outlet: B, url: 'http://b.example', timezone: UTC}}\n"
    assert [feed.timezone for feed in load_feeds(write(feeds), timezone="Asia/Tokyo").feeds] == ["Asia/Tokyo", "UTC"]


def test_a_watchlist_is_read_as_written(write: Write) -> None:
    watchlist = load_watchlist(write())
    assert watchlist.watches == (
        Leader(
            WatchId("putin"),
            "Vladimir Putin",
            aliases=("Putin", "Pu-tin"),
            offices=(Office("Tổng thống Nga", date(2012, 5, 7)),),
            tags=("nga",),
        ),
        Leader(
            WatchId("nguyen-van-thang"),
            "Nguyễn Văn Thắng",
            common=True,
            near=("Phó thủ tướng", "Bộ trưởng Tài chính"),
            exclude=("bị cáo Nguyễn Văn Thắng",),
        ),
        Event(
            WatchId("ngung-ban-gaza"),
            "Ngừng bắn ở Gaza",
            match=('("ngừng bắn" OR "đình chiến") NEAR/25 (Gaza OR Hamas)',),
            exclude=('"ngừng bắn" NEAR/3 Ukraine',),
            tags=("trung-dong",),
            priority=Priority.HIGH,
        ),
    )


def test_an_event_may_say_what_to_ignore_and_how_it_stands(write: Write) -> None:
    text = """\
events:
  - id: bao
    name: Bão
    match: [bão]
    ignore: [bão giá]
    polarity:
      đổ bộ: bão đổ bộ
      suy yếu: [bão tan, suy yếu thành áp thấp]
"""
    (event,) = load_watchlist(write(a=text)).watches
    assert isinstance(event, Event)
    assert event.ignore == ("bão giá",)
    assert event.polarity == (("đổ bộ", ("bão đổ bộ",)), ("suy yếu", ("bão tan", "suy yếu thành áp thấp")))


def test_scalars_stay_the_text_they_are_written_as(write: Write) -> None:
    text = "leaders:\n  - {id: x, name: No, aliases: [on, 1e3, 2012-05-07, 0x1F, ~abc, '~']}\n"
    (leader,) = load_watchlist(write(a=text)).watches
    assert isinstance(leader, Leader)
    assert leader.name == "No"
    assert leader.aliases == ("on", "1e3", "2012-05-07", "0x1F", "~abc", "~")


def test_a_key_with_nothing_behind_it_counts_as_not_written(write: Write) -> None:
    text = "leaders:\n  - id: x\n    name: Tên\n    aliases:\n    offices: ~\nevents:\n"
    assert load_watchlist(write(a=text)).watches == (Leader(WatchId("x"), "Tên"),)


def test_text_is_composed_and_its_blanks_are_plain(write: Write) -> None:
    text = unicodedata.normalize("NFD", "leaders:\n  - {id: x, name: 'Tô\u00a0 Lâm'}\n")
    assert load_watchlist(write(a=text)).watches[0].name == "Tô Lâm"


def test_a_byte_order_mark_and_windows_line_ends_are_fine(write: Write) -> None:
    raw = b"\xef\xbb\xbf" + WATCHLIST.replace("\n", "\r\n").encode()
    assert load_watchlist(write(a=raw)) == load_watchlist(write(a=WATCHLIST))


def test_files_that_editors_leave_beside_the_open_one_are_not_read(write: Write) -> None:
    folder = write()
    (folder / "watchlists" / ".watch.yaml").write_text("half a")
    (folder / "watchlists" / "watch.yaml~").write_text("half a")
    assert len(load_watchlist(folder).watches) == 3


def test_the_version_follows_the_content_and_nothing_else(write: Write) -> None:
    whole = load_watchlist(write(a=WATCHLIST))
    leaders, events = WATCHLIST.split("events:")
    (Path("config/watchlists/a.yaml")).unlink()
    parted = load_watchlist(write(z=leaders + "# a comment\n", b="events:" + events))
    assert parted.version == whole.version
    assert len(whole.version) == 12
    changed = (replace(whole.watches[0], priority=Priority.HIGH), *whole.watches[1:])
    assert version_of(changed) != whole.version


def test_ten_thousand_watches_load_in_two_seconds(write: Write) -> None:
    entries = "".join(
        f"  - id: nguoi-{n}\n    name: Nguyễn Văn Số {n}\n    aliases: [Số {n}, Văn Số {n}]\n    offices:\n"
        f"      - {{title: Bộ trưởng Bộ {n}, since: 2024-01-01}}\n    near: [Bộ trưởng]\n    tags: [vn]\n"
        for n in range(10_000)
    )
    folder = write(a="leaders:\n" + entries)
    before = time.process_time()
    assert len(load_all(folder).watchlist.watches) == 10_000
    assert time.process_time() - before < 2


def test_ten_thousand_wrong_watches_are_reported_in_a_few_seconds(write: Write) -> None:
    folder = write(a="leaders:\n" + "".join(f"  - {{id: x, nam: Y{n}}}\n" for n in range(10_000)))
    before = time.process_time()
    assert len(problems(folder)) == 29_999
    assert time.process_time() - before < 5


# ---------------------------------------------------------------- what is wrong, and where


def test_all_mistakes_of_all_files_come_at_once(write: Write) -> None:
    feeds = FEEDS.replace("https://bao", "htp://bao").replace("interval: 5m", "interval: 5")
    first = WATCHLIST.replace("aliases", "aliasses").replace("2012-05-07", "2012-05-32")
    second = "leaders:\n  - id: putin\n    name: ~\n  - {id: Tập, name: Tập Cận Bình, common: maybe}\n"
    assert problems(write(feeds, a=first, b=second, c="leaders: [")) == [
        "config/feeds.yaml:1:22: '5' is not a duration: a unit is missing; write one like 90s, 5m, 48h or 7d",
        "config/feeds.yaml:5:10: `htp://bao-mau.example/rss/the-gioi.rss` is not a web address: "
        "write one that begins with https:// or http://",
        "config/watchlists/a.yaml:4:5: `aliasses` is not a key of this leader: did you mean `aliases`?",
        "config/watchlists/a.yaml:6:40: `2012-05-32` is not a day of the calendar: "
        "write year-month-day, like 2026-04-07",
        "config/watchlists/b.yaml:2:9: the id `putin` is taken: first in config/watchlists/a.yaml, line 2; "
        "choose another",
        "config/watchlists/b.yaml:3:5: `name` is empty: write a value",
        "config/watchlists/b.yaml:4:10: the id `Tập` may hold only a-z, 0-9 and -, and begins with a letter or digit",
        "config/watchlists/b.yaml:4:43: `maybe` is neither true nor false: write one of them",
        "config/watchlists/c.yaml:1:11: a bracket is never closed",
    ]


WRONG_WATCHLISTS: Mapping[str, tuple[str | bytes, str]] = {
    "a tab": ("leaders:\n\t- id: x\n", "2:1: a tab before the text: YAML is indented with spaces, write two"),
    "a tab between": ("leaders:\n  - id:\tx\n", "2:8: a tab in the text: YAML is indented with spaces, write two"),
    "nothing": ("", "1:1: the file is empty"),
    "only a comment": ("# soon\n", "1:1: the file is empty"),
    "another shape": ("- a\n- b\n", "1:1: the file must begin with `leaders:` or `events:`"),
    "latin 1": (b"leaders:\n  - id: x\n    name: T\xf4 L\xe2m\n", "3:12: byte 0xf4 is not UTF-8"),
    "utf-16": ("leaders: []".encode("utf-16"), "1:1: the file is UTF-16: save it as UTF-8"),
    "a bell": ("leaders: [\x07]\n", "1:11: the invisible character U+0007 stands here: delete it"),
    "an alias": ("leaders: *all\n", "1:10: `*all` is a YAML alias, which is not read here"),
    "an anchor": ("leaders: &all []\n", "1:10: `&all` is a YAML anchor, which is not read here"),
    "a tag": ("leaders: !!python/object:os.system []\n", "1:10: a YAML tag (!), which is not read here"),
    "two documents": ("leaders: []\n---\nevents: []\n", "2:1: a second document begins: one file holds one"),
    "depth": ("[" * 100_000, "1:17: nested deeper than 16 levels"),
    "a doubled key": ("leaders: []\nleaders: []\n", "2:1: `leaders` stands twice here, first in line 1: join the two"),
    "a list as key": ("? [a]\n: b\n", "1:3: a key must be a word"),
    "an unknown key": ("persons: []\n", "1:1: `persons` is not a key: the keys here are leaders, events"),
    "no list": ("leaders: putin\n", "1:10: `leaders` needs a list: write [a, b], or one `- …` a line"),
    "an empty entry": ("leaders:\n  -\n", "2:4: nothing is written here: write `id: …`"),
    "a word for an entry": ("leaders: [putin]\n", "1:11: keys and values are needed here: write `id: …`"),
    "no name": ("leaders:\n  - id: x\n", "2:5: `name` is missing in this leader"),
    "one alias": (
        "leaders:\n  - {id: x, name: Y, aliases: Z}\n",
        "2:31: `aliases` needs a list: write [a, b], or one `- …` a line",
    ),
    "an empty alias": (
        "leaders:\n  - {id: x, name: Y, aliases: [Z, '']}\n",
        "2:35: nothing is written here: write a value or delete the line",
    ),
    "a deep alias": (
        "leaders:\n  - {id: x, name: Y, aliases: [[Z]]}\n",
        "2:32: one value is needed here, not a list",
    ),
    "until before since": (
        "leaders:\n  - id: x\n    name: Y\n    offices: [{title: T, since: 2026-01-03, until: 2026-01-03}]\n",
        "4:52: until 2026-01-03 is not after since 2026-01-03",
    ),
    "another priority": (
        "leaders:\n  - {id: x, name: Y, priority: urgent}\n",
        "2:32: `urgent` is not possible here: write normal or high",
    ),
    "an event without match": ("events:\n  - {id: x, name: Y}\n", "2:5: `match` is missing in this event"),
    "an event with no query": (
        "events:\n  - {id: x, name: Y, match: []}\n",
        "2:29: `match` is an empty list: write at least one",
    ),
    "an id of 60": (f"leaders:\n  - {{id: {'x' * 60}, name: Y}}\n", "2:10: the id has 60 characters: at most 48"),
    "braces in a message": ("leaders:\n  - {id: '{x}', name: Y}\n", "2:10: the id `{x}` may hold only a-z"),
    "a quote not closed": ("leaders:\n  - id: x\n    name: 'Y\n", "3:11: this quote is never closed"),
    "a quote and more": (
        'events:\n  - id: x\n    name: y\n    match:\n      - "a" NEAR/3 b\n',
        "5:13: text after a closing quote: put the whole value in single quotes",
    ),
    "an @ first": (
        "events:\n  - id: x\n    name: y\n    match:\n      - @putin AND a\n",
        "5:9: a value may not begin with @ in YAML: put the whole value in single quotes",
    ),
    "a colon and a blank": (
        "leaders:\n  - id: x\n    name: y: z\n",
        "3:12: a colon where none may stand: put a value that holds a colon and a blank in single quotes",
    ),
    "a crooked line": (
        "leaders:\n  - id: x\n    name: y\n   short: z\n",
        "4:4: this line does not fit its surroundings: indent it like its neighbours",
    ),
    "a label with nothing": (
        "events:\n  - {id: x, name: Y, match: [a], polarity: {'': b}}\n",
        "2:45: nothing is written here: write a value or delete the line",
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRONG_WATCHLISTS.values(), ids=WRONG_WATCHLISTS.keys())
def test_a_wrong_watchlist_says_what_and_where(write: Write, text: str | bytes, expected: str) -> None:
    assert only(write(a=text)).startswith(f"config/watchlists/a.yaml:{expected}")


WRONG_FEEDS: Mapping[str, tuple[str, str]] = {
    "a doubled id": (
        FEEDS + FEEDS.split("feeds:\n")[1],
        "7:9: the id `bao-mau-the-gioi` is taken: first in line 3; choose another",
    ),
    "bounds": (
        FEEDS + "    interval: 2h\n",
        "7:15: min_interval 1m, interval 2h and max_interval 1h must grow in this order: "
        "change one or write the others, too",
    ),
    "bounds of the defaults": (
        FEEDS.replace("interval: 5m", "interval: 30s"),
        "1:22: min_interval 1m, interval 30s and max_interval 1h must grow in this order: "
        "change one or write the others, too",
    ),
    "no time": (FEEDS + "    min_interval: 0s\n", "7:19: `0s` is no time at all: write a duration like 5m"),
    "a zone": (
        FEEDS + "    timezone: Asia/Hanoi\n",
        "7:15: `Asia/Hanoi` is not a known time zone: write one like Asia/Ho_Chi_Minh or UTC",
    ),
    "a folder of zones": (FEEDS + "    timezone: Asia\n", "7:15: `Asia` is not a known time zone"),
    "a port": (FEEDS.replace(".example/", ".example:99999/"), "5:10: `https://bao-mau.example:99999/rss"),
    "no web address": (FEEDS.replace("https://", "file:///"), "5:10: `file:///bao-mau.example/rss"),
    "fulltext": (
        FEEDS + "    fulltext: maybe\n",
        "7:15: `maybe` is not possible here: write auto, always or never",
    ),
    "an unknown key of a feed": (
        FEEDS + "    zone: UTC\n",
        "7:5: `zone` is not a key of this feed: did you mean `timezone`?",
    ),
    "an unknown default": (
        FEEDS.replace("interval: 5m", "intervall: 5m"),
        "1:12: `intervall` is not a key of `defaults`: did you mean `interval`?",
    ),
}


@pytest.mark.parametrize(("text", "expected"), WRONG_FEEDS.values(), ids=WRONG_FEEDS.keys())
def test_a_wrong_feeds_file_says_what_and_where(write: Write, text: str, expected: str) -> None:
    assert only(write(text)).startswith(f"config/feeds.yaml:{expected}")


QUERIES: Mapping[str, tuple[str, str]] = {
    "plain": ("match: [(bão OR lũ]", "4:13"),
    "single quotes": ("match: ['(bão OR lũ']", "4:14"),
    "single quotes inside": ("match: ['\"it''s\" AND (bão']", "4:26"),
    "double quotes": ('match: ["\\"ngừng bắn\\" AND (Gaza"]', "4:32"),
    "escapes": ('match: ["\\u0111\\xea AND (Gaza"]', "4:29"),
    "a folded plain one": ("match:\n      - bão AND\n\n        (lũ", "7:9"),
    "a literal block": ("match:\n      - |\n        bão AND\n          (lũ\n", "7:11"),
    "a folded block": ("match:\n      - >-\n        bão\n        AND (lũ\n", "7:13"),
    "marks written apart": (f"match: ['{unicodedata.normalize('NFD', 'tổng thống')} AND (lũ']", "4:33"),
    "not": ("match: [bão]\n    not: ['(lũ']", "5:12"),
    "ignore": ("match: [bão]\n    ignore: ['(lũ']", "5:15"),
    "polarity": ("match: [bão]\n    polarity: {tan: '(lũ', tới: [a, '(b']}", "5:22"),
}


@pytest.mark.parametrize(("yaml", "place"), QUERIES.values(), ids=QUERIES.keys())
def test_a_wrong_query_is_shown_at_its_very_character(write: Write, yaml: str, place: str) -> None:
    found = problems(write(a=f"events:\n  - id: x\n    name: Y\n    {yaml}\n"))
    assert found[0].startswith(f"config/watchlists/a.yaml:{place}: wrong query: ")
    assert "(" in found[0]


def test_a_query_that_ends_too_early_is_shown_behind_its_end(write: Write) -> None:
    assert only(write(a="events:\n  - {id: x, name: Y, match: ['bão AND']}\n")).startswith(
        "config/watchlists/a.yaml:2:38: wrong query: "
    )


def test_a_query_may_name_only_leaders_that_exist_in_any_file(write: Write) -> None:
    event = "events:\n  - id: x\n    name: Y\n    match: ['@putin AND \"tới @ai\" AND @puttin', '@*  AND @x']\n"
    assert problems(write(a=event, b="leaders:\n  - {id: putin, name: Putin}\n")) == [
        "config/watchlists/a.yaml:4:39: `@puttin` is no leader of the watchlists: did you mean `@putin`?",
        "config/watchlists/a.yaml:4:58: `@x` is no leader of the watchlists: write the id of one",
    ]


def test_a_leader_in_a_file_that_cannot_be_read_is_not_called_missing(write: Write) -> None:
    event = "events:\n  - {id: x, name: Y, match: ['@putin AND bão']}\n"
    assert "b.yaml" in only(write(a=event, b="leaders: {"))


def test_a_folder_without_watchlists_is_a_mistake_and_not_an_empty_watchlist(write: Write) -> None:
    folder = write()
    (folder / "watchlists" / "watch.yaml").rename(folder / "watchlists" / "watch.yml")
    assert only(folder) == "config/watchlists:0:0: holds no .yaml file: write at least one watchlist"


def test_missing_files_and_folders_are_named(write: Write) -> None:
    folder = write()
    (folder / "feeds.yaml").unlink()
    assert only(folder) == "config/feeds.yaml:0:0: cannot be read: no such file or directory"
    assert only(Path("konfig")) == "konfig:0:0: there is no such folder: set MONITOR_CONFIG_DIR"


def test_a_file_too_large_to_be_meant_is_refused_unread(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.config.yaml_reader.MAX_FILE_BYTES", 2**20)
    assert only(write(a="#" * (2**20 + 1))) == (
        "config/watchlists/a.yaml:0:0: is larger than 1 MiB: split it into several files"
    )


# ---------------------------------------------------------------- what is odd


def test_oddities_are_warned_of_and_stop_nothing(write: Write) -> None:
    folder = write(FEEDS + FEEDS.split("feeds:\n")[1].replace("bao-mau", "mau", 1))
    (folder / "watchlists" / "more.yml").write_text(WATCHLIST)
    config = load_all(folder)
    assert len(config.feeds) == 2
    assert [str(warning) for warning in config.warnings] == [
        "config/feeds.yaml:9:10: the same address as `bao-mau-the-gioi`: it is polled twice",
        "config/watchlists/more.yml:0:0: is not read: rename it to end in .yaml",
    ]


def test_a_review_of_the_watchlist_points_at_the_very_value(write: Write) -> None:
    text = """\
leaders:
  - id: an
    name: Nguyễn Văn An
    aliases:
      - Văn An
      - an
    offices:
      - {title: Tổng thống Nga, since: 2020-01-01, until: 2024-01-01}
  - id: binh
    name: Trần Bình
    common: true
"""
    folder = write(a=text)
    assert load_all(folder).warnings == ()
    warnings = load_all(folder, today=date(2026, 11, 20)).warnings
    places = {(warning.file, warning.line, warning.column) for warning in warnings}
    assert {
        ("config/watchlists/a.yaml", 6, 9),  # one syllable
        ("config/watchlists/a.yaml", 8, 9),  # an office without a holder
        ("config/watchlists/a.yaml", 11, 13),  # a common name that can never match
    } <= places


def test_places_point_at_a_value_a_key_or_the_watch(write: Write) -> None:
    places = load_all(write()).places
    putin = WatchId("putin")
    assert places.problem(putin, "!", "aliases", 1) == Problem("config/watchlists/watch.yaml", 4, 22, "!")
    assert places.problem(putin, "!", "aliases", 9) == Problem("config/watchlists/watch.yaml", 4, 14, "!")
    assert places.problem(putin, "!", "near") == Problem("config/watchlists/watch.yaml", 2, 5, "!")
    assert places.problem(WatchId("ai"), "!") == Problem("watchlists", 0, 0, "ai: !")


# ---------------------------------------------------------------- schemas


def test_the_committed_schemas_are_what_the_code_makes(tmp_path: Path) -> None:
    for path in write_schemas(tmp_path):
        committed = REPO / "config" / "schema" / path.name
        assert committed.read_text("utf-8") == path.read_text("utf-8"), "run `make schema`"


def test_schemas_know_every_key_that_the_samples_use() -> None:
    made = schemas()
    assert all(each["$schema"] == "https://json-schema.org/draft/2020-12/schema" for each in made.values())
    assert "Defaults" in made["feeds.schema.json"]["$defs"]
    watch = made["watchlist.schema.json"]
    leader, event = watch["$defs"]["LeaderEntry"], watch["$defs"]["EventEntry"]
    assert {"id", "name", "aliases", "short", "offices", "common", "near", "not", "tags"} <= set(leader["properties"])
    assert {"id", "name", "match", "not", "priority", "enabled"} <= set(event["properties"])
    assert leader["properties"]["priority"]["enum"] == ["normal", "high"]
    assert event["required"] == ["id", "name", "match"]
    described = [each for part in watch["$defs"].values() for each in part["properties"].values()]
    assert all(each["description"] for each in described)
    assert "null" not in json.dumps(made)


# ---------------------------------------------------------------- laws


@given(st.integers(min_value=0, max_value=300_000_000))
def test_a_duration_written_and_read_again_is_the_same(milliseconds: int) -> None:
    duration = timedelta(milliseconds=milliseconds)
    assert parse_duration(show_duration(duration)) == duration


@given(st.binary(max_size=300))
def test_any_bytes_end_in_data_or_in_problems_with_a_place(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    file, found = read_yaml(path)
    assert file is not None or found
    assert all(problem.file == path.as_posix() and problem.message for problem in found)


@given(st.text(alphabet="ab'\" đ\u0300\n:#\\-", min_size=1, max_size=30))
def test_every_visible_character_of_a_value_is_found_in_its_file(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "value.yaml"
    for written in (json.dumps(text), "'" + text.replace("'", "''") + "'"):
        path.write_text(f"key: {written}\n", encoding="utf-8")
        file, _ = read_yaml(path)
        if file is None:  # some texts need the other kind of quotes
            continue
        _assert_found(file)


def _assert_found(file: YamlFile) -> None:
    assert isinstance(file.root.value, dict)
    node = file.root.value["key"]
    value = node.value
    assert isinstance(value, str)
    assert plain(file.root) == {"key": value}
    composed = unicodedata.normalize("NFC", value)
    for column, char in enumerate(composed, 1):
        if char.isspace() or composed != value:
            continue
        at = file.index_within(node, column)
        assert file.text[at] in (char, "\\")
