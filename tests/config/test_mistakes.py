"""Every mistake in feeds and watchlists is reported with its place and what to write."""

import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.config.folder import FEEDS, WATCHLIST, Write, only, problems


def test_ten_thousand_wrong_watches_are_reported_in_a_few_seconds(write: Write) -> None:
    folder = write(a="leaders:\n" + "".join(f"  - {{id: x, nam: Y{n}}}\n" for n in range(10_000)))
    before = time.process_time()
    assert len(problems(folder)) == 29_999
    assert time.process_time() - before < 5


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
    "another shape": ("- a\n- b\n", "1:1: the file must begin with `leaders:` or `events:` or `sets:`"),
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
    "an unknown key": ("persons: []\n", "1:1: `persons` is not a key: the keys here are leaders, events, sets"),
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
    "a rate without a span": (
        "events:\n  - {id: x, name: Y, match: [a], rate: 3}\n",
        "2:40: `3` is no rate: write how often within how long, like `3 / 6h`, or off",
    ),
    "a rate of nothing": (
        "events:\n  - {id: x, name: Y, match: [a], rate: 0 / 6h}\n",
        "2:40: `0 / 6h` is no rate: write how often within how long, like `3 / 6h`, or off",
    ),
    "a rate without a unit": (
        "leaders:\n  - {id: x, name: Y, rate: 3 / 6}\n",
        "2:28: '6' is not a duration: a unit is missing; write one like 90s, 5m, 48h or 7d",
    ),
    "a rate over weeks": (
        "leaders:\n  - {id: x, name: Y, rate: 3 / 14d}\n",
        "2:28: `14d` is too long a time for a rate: write at most 3d",
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
