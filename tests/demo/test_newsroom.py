"""The demo's newsroom over real loopback HTTP, its timetable under a clock that the test turns."""

import re
import unicodedata
from datetime import datetime
from html import unescape
from pathlib import Path

import aiohttp
import feedparser
import pytest
import yaml

from monitor.demo.newsroom import Newsroom
from monitor.demo.press import article_path
from monitor.demo.script import Part, read_script
from tests.demo.visitor import BROKEN, OUTLETS, START, Visitor, ids, plain


async def test_nothing_new_is_on_line_at_the_opening_and_everything_at_the_end(visitor: Visitor) -> None:
    room, script = visitor.room, read_script()
    assert ids(room.publish_until(-1)) == ids(script.baseline(START)) == ids(room.publish_until(0))
    everything = ids(script.baseline(START)) | ids(script.round(0, START, 1.0))
    assert everything - ids(room.publish_until(room.length)) == {"call-hai-dang"}  # it has a new headline


async def test_an_article_appears_at_its_second_and_not_before(visitor: Visitor) -> None:
    for piece in read_script().round(0, START, 1.0):
        assert piece.id in ids(visitor.room.publish_until(piece.at))
        assert piece.id not in ids(visitor.room.publish_until(piece.at - 0.001))


async def test_with_keep_the_next_round_follows_with_other_names() -> None:
    async with Newsroom(START, keep=True) as room:
        first = {piece.id: piece for piece in room.publish_until(room.length - 0.001)}
        second = {piece.id: piece for piece in room.publish_until(2 * room.length - 0.001) if piece.at >= room.length}
    assert first["call-ben-song"].title != second["call-ben-song"].title
    assert first["call-ben-song"].story != second["call-ben-song"].story
    assert article_path(first["noise-petrol"]) != article_path(second["noise-petrol"])


def test_once_all_calls_were_told_nothing_is_new_any_more() -> None:
    script = read_script()
    rounds = [script.round(number, START, 1.0) for number in range(12)]
    news = [{piece.story for piece in pieces if piece.part is Part.NEW} for pieces in rounds]
    assert all(len(stories) >= 3 for stories in news[:6])
    assert not set.union(*news[6:])
    assert {piece.title for piece in rounds[6]} == {piece.title for piece in rounds[0]}
    assert not {article_path(piece) for piece in rounds[6]} & {article_path(piece) for piece in rounds[0]}


async def test_the_timetable_waits_until_every_feed_has_been_read_once(visitor: Visitor) -> None:
    await visitor.at(30)
    for feed in visitor.room.feeds[:-1]:
        await visitor.get(feed.url)
    assert (visitor.room.opened, visitor.room.elapsed) == (False, 0.0)
    await visitor.get(visitor.room.feeds[-1].url)
    assert visitor.room.opened
    await visitor.at(32.5)
    assert visitor.room.elapsed == 2.5


@pytest.mark.parametrize("outlet", OUTLETS)
async def test_a_feed_reads_as_the_script_says(visitor: Visitor, outlet: str) -> None:
    await visitor.read_all()
    await visitor.at(45)
    entries = await visitor.entries(outlet)
    pieces = visitor.room.listed(outlet, 45)
    base = visitor.feed(outlet).url.removesuffix(pieces[0].outlet.path)
    assert [plain(entry.title) for entry in entries] == [piece.title for piece in pieces]
    for entry, piece in zip(entries, pieces, strict=True):
        assert piece.outlet.opening + piece.lead in plain(entry.summary)
        assert entry.link.partition("?")[0] == base + article_path(piece)
        assert entry.id.partition("#")[0] == base + article_path(piece)


@pytest.mark.parametrize(
    ("outlet", "form"),
    [
        ("ben-song", r"Sun, 22 Nov 2026 12:34:30 \+0700"),
        ("hai-dang", r"Sun, 22 Nov 2026 1[23]:\d\d:\d\d \+07:00"),
        ("cau-go", r"11/22/2026 1?[12]:\d\d:\d\d\u202fPM"),
        ("gio-nom", r"Sun, 22 Nov 2026 1[23]:\d\d:\d\d \+07"),
        ("song-xa", r"Sun, 22 Nov 2026 0[56]:\d\d:\d\d GMT"),
        ("muoi-gio", r"Sun, 22 Nov 26 1[23]:\d\d:\d\d \+0700"),
    ],
)
async def test_each_newspaper_writes_dates_its_own_way(visitor: Visitor, outlet: str, form: str) -> None:
    await visitor.read_all()
    await visitor.at(13)
    new = (await visitor.entries(outlet))[-3]  # behind it stand the two that were there before
    assert re.fullmatch(form, new.published), new.published


async def test_odd_shapes_of_real_feeds_are_on_the_wire(visitor: Visitor) -> None:
    await visitor.read_all()
    await visitor.at(13)
    bodies = {str(feed.id): (await visitor.get(feed.url))[2].decode() for feed in visitor.room.feeds}
    assert "M&amp;amp;A" in bodies["muoi-gio"]
    assert "</a></br>" in bodies["ben-song"]
    assert "?at_medium=RSS&amp;at_campaign=rss" in bodies["song-xa"]
    assert "#0</guid>" in bodies["song-xa"]
    assert not unicodedata.is_normalized("NFC", bodies["doi-che"])
    assert re.search(r"-470\d{4}\.html", bodies["ben-song"])
    assert re.search(r"-post812\d{3}\.html", bodies["hai-dang"])
    assert re.search(r"-20261122\d{9}\.htm<", bodies["cau-go"])


@pytest.mark.parametrize("outlet", ["ben-song", "hai-dang"])
async def test_an_unchanged_feed_answers_304_and_a_changed_one_in_full(visitor: Visitor, outlet: str) -> None:
    await visitor.read_all()
    _, headers, _ = await visitor.get(visitor.feed(outlet).url)
    condition = (
        {"If_None_Match": headers["ETag"]} if "ETag" in headers else {"If_Modified_Since": headers["Last-Modified"]}
    )
    assert (await visitor.get(visitor.feed(outlet).url, **condition))[0] == 304
    await visitor.at(4)
    assert (await visitor.get(visitor.feed(outlet).url, **condition))[0] == 200


@pytest.mark.slow
async def test_no_two_states_of_a_feed_have_one_validator(visitor: Visitor) -> None:
    await visitor.read_all()
    for feed in visitor.room.feeds:
        states: dict[str, bytes] = {}
        for tenth in range(int(visitor.room.length) * 10):
            await visitor.at(tenth / 10)
            status, headers, body = await visitor.get(feed.url)
            validator = headers.get("ETag") or headers.get("Last-Modified")
            if status == 200 and validator:
                assert states.setdefault(validator, body) == body


async def test_the_broken_feed_breaks_twice_and_comes_back_with_what_it_printed_meanwhile(visitor: Visitor) -> None:
    await visitor.read_all()
    url = visitor.feed(BROKEN).url
    seen = []
    for seconds in (13.9, 14.0, 18.9, 19.0, 23.9):
        await visitor.at(seconds)
        status, headers, body = await visitor.get(url)
        seen.append((status, headers["Content-Type"].partition(";")[0], len(feedparser.parse(body).entries) > 0))
    assert seen == [
        (200, "text/xml", True),
        (200, "text/html", False),
        (200, "text/html", False),
        (503, "text/plain", False),
        (503, "text/plain", False),
    ]
    await visitor.at(24)
    titles = {plain(entry.title) for entry in await visitor.entries(BROKEN)}
    meanwhile = {
        piece.title for piece in read_script().round(0, START, 1.0) if piece.outlet.id == BROKEN and 14 <= piece.at < 24
    }
    assert meanwhile
    assert meanwhile <= titles


async def test_a_new_headline_moves_the_article_and_keeps_its_id(visitor: Visitor) -> None:
    await visitor.read_all()
    await visitor.at(9)
    before = (await visitor.entries("hai-dang"))[0]
    await visitor.at(11)
    after = (await visitor.entries("hai-dang"))[0]
    assert before.title != after.title
    assert before.link != after.link
    assert before.published == after.published
    assert before.link.rpartition("-")[2] == after.link.rpartition("-")[2]
    assert before.link not in {entry.link for entry in await visitor.entries("hai-dang")}
    status, headers, _ = await visitor.get(before.link)
    assert status == 301
    assert after.link.endswith(headers["Location"])


async def test_every_listed_article_has_a_page_with_its_whole_text(visitor: Visitor) -> None:
    await visitor.read_all()
    await visitor.at(45)
    renamed = next(piece.title for piece in read_script().round(0, START, 1.0) if piece.id == "call-hai-dang")
    for one in visitor.room.expectations:
        status, _, body = await visitor.get(one.url)
        if one.title == renamed:
            assert status == 301
            continue
        assert status == 200, one.url
        assert one.title in unescape(body.decode())
    piece = next(piece for piece in visitor.room.publish_until(45) if piece.id == "gaza-hai-dang")
    _, _, page = await visitor.get(visitor.feed("hai-dang").url.removesuffix("/rss/home.rss") + article_path(piece))
    assert all(f"<p>{paragraph}</p>" in page.decode() for paragraph in piece.paragraphs)


async def test_an_article_has_no_page_before_it_is_printed_and_robots_may_read(visitor: Visitor) -> None:
    await visitor.read_all()
    first = next(one for one in visitor.room.expectations if one.part is Part.NEW)
    assert (await visitor.get(first.url))[0] == 404
    base = "/".join(first.url.split("/")[:3])
    status, _, body = await visitor.get(base + "/robots.txt")
    assert status == 200
    assert body.decode().startswith("User-agent: *\n")


async def test_the_newsroom_ends_with_its_timetable(visitor: Visitor) -> None:
    await visitor.read_all()
    await visitor.at(visitor.room.length - 0.1)
    await visitor.read_all()
    assert not visitor.room.ended.done()
    await visitor.at(visitor.room.length)
    await visitor.read_all()
    await visitor.room.ended


async def test_by_the_loops_own_clock_it_ends_without_being_asked_again() -> None:
    async with Newsroom(START, pace=460) as room, aiohttp.ClientSession() as session:  # 46 s in a tenth of one
        for feed in room.feeds:
            async with session.get(feed.url) as answer:
                await answer.read()
        await room.ended
        assert room.elapsed >= room.length


async def test_leaving_early_frees_who_waits_for_the_end() -> None:
    async with Newsroom(START) as room:
        ended = room.ended
    assert ended.cancelled()


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Newsroom(datetime(2026, 11, 22))  # noqa: DTZ001


async def test_the_feeds_file_is_what_an_editor_would_write(visitor: Visitor, tmp_path: Path) -> None:
    path = visitor.room.write_config(tmp_path / "config")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert path.name == "feeds.yaml"
    assert content["defaults"]["interval"] == "1s"
    assert [(row["id"], row["outlet"], row["url"], row["section"]) for row in content["feeds"]] == [
        (feed.id, feed.outlet, feed.url, feed.section) for feed in visitor.room.feeds
    ]


async def test_expectations_say_of_every_article_what_should_become_of_it(visitor: Visitor) -> None:
    expectations = visitor.room.expectations
    assert all(one.why_en and one.why_vi for one in expectations)
    assert all(one.watches and one.story for one in expectations if one.part in (Part.NEW, Part.UPDATE, Part.REPEAT))
    assert not [one for one in expectations if one.part in (Part.SILENT, Part.BASELINE) and one.watches]
    opened = {one.story: one.at for one in expectations if one.part is Part.NEW}
    assert all(opened[one.story] < one.at for one in expectations if one.part in (Part.REPEAT, Part.UPDATE))
    titles = [(one.outlet, one.title) for one in expectations]
    assert len(set(titles)) == len(titles)
