"""What an item is about, and what it names in passing: `focus: main`, and events in the full text alone."""

from dataclasses import replace

import pytest

from monitor.matching.confidence import Confidence
from monitor.matching.matcher import compile_watchlist
from monitor.matching.prominence import HEAD
from monitor.pipeline.judge import is_prominent
from monitor.types import Event, Focus, WatchId, Watchlist
from tests.newsroom import PUTIN, item

FIRE = Event(WatchId("chay"), "Cháy", match=("(cháy OR hỏa hoạn) NEAR/9 (chợ OR nhà)",), focus=Focus.MAIN)
MAIN = compile_watchlist(Watchlist("1", (FIRE,)))
ANY = compile_watchlist(Watchlist("2", (replace(FIRE, focus=Focus.ANY),)))
FILLER = "Bà con trong xã vẫn ra đồng như mọi ngày. "
NEWS = item("Họp hội đồng xã", "Các đại biểu bàn việc làm đường.")


@pytest.mark.parametrize(
    ("title", "lead", "body", "main"),
    [
        ("Cháy chợ ở Vàm Xanh", "", "", True),
        ("Chợ Vàm Xanh đóng cửa", "Vụ hỏa hoạn ở nhà kho đã tắt. Khách về.", "", True),  # the title names a part of it
        (
            "Vàm Xanh đóng cửa",
            "Vụ hỏa hoạn ở nhà kho đã tắt. Đám cháy lan rộng ra chợ.",
            "",
            True,
        ),  # and it comes again
        ("Vàm Xanh đóng cửa", "Xã họp sớm. Vụ hỏa hoạn ở nhà kho được nhắc lại.", "", False),
        ("Vàm Xanh đóng cửa", "Vụ hỏa hoạn ở nhà kho được nhắc lại.", "", False),
        ("Vàm Xanh đóng cửa", "", FILLER * 30 + "Cháy nhà. Cháy chợ. Hỏa hoạn ở nhà kho.", True),
        ("Vàm Xanh đóng cửa", "", FILLER * 30 + "Cháy nhà. Cháy chợ.", False),
    ],
)
def test_focus_main_asks_what_an_item_is_about(title: str, lead: str, body: str, main: bool) -> None:
    news = replace(item(title, lead), body=body)
    assert bool(MAIN.match(news)) is main
    assert ANY.match(news)


@pytest.mark.parametrize(
    ("title", "main"),
    [
        ("Vàm Xanh đón chuyến bay đầu", True),
        ("Chuyến bay đầu tới VÀM XANH", False),
        ("Chuyến bay đầu tới Vàm", False),
        ("Chuyến bay đầu", False),
    ],
)
def test_the_name_in_a_longer_phrase_is_a_word_of_it_in_the_title(title: str, main: bool) -> None:
    event = Event(WatchId("e"), "E", match=('"sân bay Vàm Xanh"',), focus=Focus.MAIN)
    found = compile_watchlist(Watchlist("1", (event,))).match(item(title, "Sân bay Vàm Xanh mở cửa sáng nay."))
    assert bool(found) is main


def test_what_is_no_matter_of_the_item_is_told_as_a_near_miss() -> None:
    (miss,) = MAIN.explain(item("Vàm Xanh đóng cửa", "Xã họp sớm, nhắc vụ hỏa hoạn ở nhà kho.")).near_misses
    assert miss.why.text("en") == "only in passing: `focus: main` asks for what the item is about"


@pytest.mark.parametrize(
    ("title", "body", "prominent"),
    [
        ("Họp xã", FILLER * 60 + "Cháy nhà kho.", False),  # once and late
        ("Họp xã", FILLER * 60 + "Cháy nhà kho, chợ đóng cửa.", False),  # two words of one sentence are one mention
        ("Họp xã", FILLER * 60 + "Cháy nhà. Cháy chợ.", False),
        ("Họp xã", FILLER * 60 + "Cháy nhà. Cháy chợ. Hỏa hoạn ở nhà kho.", True),  # often
        ("Họp xã", "Cháy nhà kho. " + FILLER * 60, False),  # early, and never again
        ("Họp xã", "Cháy nhà kho. " + FILLER * 60 + "Cháy chợ.", True),  # early, and once more
        ("Họp xã về chợ", "Cháy nhà kho. " + FILLER * 60, True),  # early, and the title names a part of it
        ("Họp xã về chợ", FILLER * 60 + "Cháy nhà kho.", False),
        ("Cháy chợ", FILLER * 60 + "Cháy nhà kho.", True),  # the title alone is enough
    ],
)
def test_an_event_in_the_full_text_alone_rings_where_it_is_prominent(title: str, body: str, prominent: bool) -> None:
    assert len(FILLER * 60) > HEAD
    (match,) = ANY.match(replace(item(title), body=body))
    assert is_prominent(match) is prominent
    assert match.passing is not prominent
    if title != "Cháy chợ":
        assert match.score == (Confidence.EVENT_TEXT if prominent else Confidence.EVENT_PASSING).score


def test_a_query_that_needs_the_title_and_a_late_sentence_is_in_passing_too() -> None:
    matcher = compile_watchlist(Watchlist("1", (Event(WatchId("e"), "E", match=("chợ AND cháy",)),)))
    (late,) = matcher.match(replace(item("Chợ đông"), body=FILLER * 60 + "Năm xưa có cháy."))
    assert late.passing
    (early,) = matcher.match(replace(item("Chợ đông"), body="Sáng nay có cháy. " + FILLER * 60))
    assert not early.passing


def test_a_leader_that_a_query_names_counts_as_a_word_of_it() -> None:
    event = Event(WatchId("e"), "E", match=("@putin NEAR/6 thăm",), focus=Focus.MAIN)
    matcher = compile_watchlist(Watchlist("1", (PUTIN, event)))
    ids = {match.watch_id for match in matcher.match(item("Putin bận rộn", "Ông Putin thăm làng."))}
    assert ids == {"putin", "e"}
    assert {match.watch_id for match in matcher.match(item("Tin làng", "Ông Putin thăm làng."))} == {"putin"}


def test_an_explanation_says_that_a_match_is_in_passing() -> None:
    explained = ANY.explain(replace(item("Họp xã"), body=FILLER * 60 + "Cháy nhà kho."))
    assert "only in passing, in the full text: it rings nobody" in explained.text(lang="en")


@pytest.mark.parametrize(
    ("guard", "found"),
    [("{hồi tưởng}", True), ('{hồi tưởng} OR "tưởng nhớ"', False), ("tưởng nhớ", False)],
)
def test_a_ready_guard_by_itself_is_not_asked_of_the_full_text(guard: str, found: bool) -> None:
    watchlist = Watchlist("3", (replace(FIRE, exclude=(guard,), focus=Focus.ANY),))
    fire = replace(item("Cháy chợ ở Vàm Xanh"), body=FILLER + "Bà con tưởng nhớ vụ cháy năm xưa.")
    assert bool(compile_watchlist(watchlist).match(fire)) is found
    looking_back = item("Tưởng nhớ vụ cháy chợ ở Vàm Xanh")
    assert not compile_watchlist(watchlist).match(looking_back)
