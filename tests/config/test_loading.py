"""Feeds and watchlists that are right: what is read, and what is warned of."""

import time
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from monitor.config import load_all, load_feeds, load_watchlist
from monitor.config.watchlist_files import version_of
from monitor.errors import Problem
from monitor.types import Event, Feed, FeedId, Fulltext, Leader, Office, Priority, WatchId
from tests.config.folder import FEEDS, WATCHLIST, Write


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


@pytest.mark.slow
def test_ten_thousand_watches_are_read_and_checked_before_plain_yaml_is_read(write: Write) -> None:
    """Half of what PyYAML's fastest loader takes for the same text; in one process, because machines differ."""
    entries = "".join(
        f"  - id: nguoi-{n}\n    name: Nguyễn Văn Số {n}\n    aliases: [Số {n}, Văn Số {n}]\n    offices:\n"
        f"      - {{title: Bộ trưởng Bộ {n}, since: 2024-01-01}}\n    near: [Bộ trưởng]\n    tags: [vn]\n"
        for n in range(10_000)
    )
    folder = write(a="leaders:\n" + entries)
    began = time.process_time()
    assert len(load_all(folder).watchlist.watches) == 10_000
    ours = time.process_time() - began
    began = time.process_time()
    assert len(yaml.load(entries, yaml.CSafeLoader)) == 10_000
    assert ours < time.process_time() - began


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
