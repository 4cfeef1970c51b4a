"""What the demo tells of each happening, and what it finds at the end."""

import re
from dataclasses import replace
from io import StringIO

from monitor.cli.demo import _Narration
from monitor.demo.narrator import Narrator, Surprise, surprises
from monitor.demo.newsroom import Expectation, Newsroom
from monitor.demo.script import Part
from monitor.pipeline.detect import Detected
from monitor.pipeline.poll import Polled
from monitor.types import Bookmark, Entry, Feed, FeedId, Fetched, Item, ItemId, Placement, Role, StoryId
from tests.demo.visitor import START


def a_piece(title: str, part: Part) -> Expectation:
    return Expectation("Báo Gió Nồm", title, "http://127.0.0.1/a", 1.0, part, "because", "vì thế")


def test_differences_are_what_rang_wrongly_and_what_never_came() -> None:
    rang, lost = a_piece("Bão giá", Part.SILENT), a_piece("Bão số 14", Part.NEW)
    fine = [a_piece("Mùa hoa", Part.SILENT), a_piece("Chuyện cũ", Part.BASELINE), a_piece("Đổi tít", Part.RETITLED)]
    fates = {("Báo Gió Nồm", "Bão giá"): Part.NEW, ("Báo Gió Nồm", "Mùa hoa"): Part.SILENT}
    assert surprises([rang, lost, *fine], fates) == (Surprise(rang, Part.NEW), Surprise(lost, None))


def test_differences_count_what_was_printed_so_far_and_the_last_printing_only() -> None:
    once, again = a_piece("Bão số 14", Part.NEW), replace(a_piece("Bão số 14", Part.REPEAT), at=300.0)
    later = replace(a_piece("Chưa đăng", Part.NEW), at=301.0)
    fates = {("Báo Gió Nồm", "Bão số 14"): Part.REPEAT}
    assert surprises([once, again, later], fates, until=300.5) == ()
    assert surprises([once, again, later], fates) == (Surprise(later, None),)


def test_the_narrator_writes_one_line_a_happening_and_the_closing_tables() -> None:
    stream = StringIO()
    narrator = Narrator(stream, elapsed=lambda: 3.25)
    narrator.opened(["Báo Gió Nồm"])
    narrator.page("http://127.0.0.1:40001/login?token=abc")
    narrator.baseline("Báo Gió Nồm", 2)
    narrator.polled("Báo Gió Nồm", 3)
    narrator.polled("Báo Gió Nồm", 0)
    narrator.failed("Báo Gió Nồm", "HTTP 503")
    narrator.recovered("Báo Gió Nồm")
    narrator.alerted("Báo Gió Nồm", "Bão số 14 [mới]", ["Bão"])
    narrator.grouped("Nhật báo Bến Sông", "Bão số 14 giật cấp 13", "Bão số 14 [mới]", "shared words")
    narrator.developed("Báo Gió Nồm", "Bão số 14 đổ bộ", "Bão số 14 [mới]", "landfall")
    narrator.silent("Báo Gió Nồm", "Bão giá", "figurative")
    narrator.retitled("Báo Gió Nồm", "Bão số 14 ra sao?", "Bão số 14 [mới]")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 11
    assert all(line.startswith("   3.2s ") for line in lines)
    assert "http://127.0.0.1:40001/login?token=abc (open it" in lines[1]
    assert "joins “Bão số 14 [mới]”: shared words" in lines[7]

    found = narrator.summary([a_piece("Bão giá", Part.NEW)])
    closing = stream.getvalue()
    assert [difference.became for difference in found] == [Part.SILENT]
    assert re.search(r"3\s+articles published", closing)
    assert re.search(r"2\s+articles not sent", closing)
    assert re.search(r"figurative\s+Bão giá", closing)
    assert "0 of 1 articles ended as the script says." in closing


def test_an_article_under_a_new_headline_is_told_as_that_and_not_as_another_outlet() -> None:
    stream = StringIO()
    tell = _Narration(Narrator(stream), Newsroom(START))
    feed = Feed(FeedId("gio-nom"), "Báo Gió Nồm", "https://gio-nom.example/rss")
    old, now = (Entry("7", "7", "https://gio-nom.example/7", title) for title in ("Bão số 14", "Bão số 14 ra sao?"))
    known = Item(ItemId("1"), feed.outlet, old.title, key="7", feed_id=feed.id)
    opens = Placement(None, Role.NEW)
    tell(Polled(feed, Fetched((old,), Bookmark()), (known,)))
    tell(Detected(known, (), opens, StoryId("1"), 1))
    tell(Polled(feed, Fetched((now,), Bookmark()), (), reworded=(known.id,)))
    tell(Detected(replace(known, title=now.title), (), Placement(StoryId("1"), Role.REPEAT), StoryId("1"), 0))
    told = stream.getvalue()
    assert told.count("Bão số 14 ra sao?") == 1
    assert "joins" not in told
