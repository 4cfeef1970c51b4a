"""Quotes on their way through the newsroom: saved with the detection of their item, replaced when its article comes."""

from datetime import timedelta

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.store.transaction import Store
from monitor.types import Leader, WatchId, Watchlist
from tests.command_line import CommandLine, monitor
from tests.crashing import Crash, Fuse, crashing_store
from tests.flow import WATCHLIST, Flow

__all__ = ["monitor"]

TITLE = "Ông Putin: Cây cầu này sẽ mở lại"
LEAD = "“Mọi người sẽ được qua cầu từ tuần sau”, Tổng thống Nga Putin nói hôm 23/8."
BODY = "Dân làng rất mừng.\nÔng Putin nhấn mạnh: “Cây cầu cũ đã phục vụ tròn bốn mươi năm”."


async def _told(store: Store, flow: Flow, *watches: str) -> list[tuple[str, str]]:
    with store.reading() as tx:
        spoken = tx.latest_quotes(
            [WatchId(each) for each in watches or ("putin",)], since=flow.clock() - timedelta(days=3), limit=99
        )
    return [(each.quote.field, each.quote.text) for each in spoken]


async def test_a_quote_is_stored_with_its_item_and_the_article_adds_its_own(store: Store) -> None:
    flow = Flow(store)
    await flow.start()
    entry = flow.fetcher.publish("ben-song", "1", TITLE, LEAD)
    await flow.poll_later()
    headline = [("title", "Cây cầu này sẽ mở lại"), ("summary", "Mọi người sẽ được qua cầu từ tuần sau")]
    assert await _told(store, flow) == headline
    flow.reader.pages[entry.url] = BODY
    await flow.read()
    assert await _told(store, flow) == [*headline, ("body", "Cây cầu cũ đã phục vụ tròn bốn mươi năm")]


async def test_words_that_an_outlet_takes_back_are_not_kept(store: Store) -> None:
    flow = Flow(store)
    await flow.start()
    flow.fetcher.publish("ben-song", "1", TITLE)
    await flow.poll_later()
    flow.fetcher.reword("ben-song", "1", "Ông Putin thăm cây cầu cũ")
    await flow.poll_later()
    assert await _told(store, flow) == []


async def test_a_leader_who_is_watched_later_is_quoted_from_the_day_before(store: Store) -> None:
    flow = Flow(store)
    await flow.start()
    flow.fetcher.publish("ben-song", "1", "Bà Meloni: Cây cầu này sẽ mở lại")
    await flow.poll_later()
    assert await _told(store, flow, "meloni") == []
    newer = Watchlist("v2", (*WATCHLIST.watches, Leader(WatchId("meloni"), "Giorgia Meloni", aliases=("Meloni",))))
    flow.active = ActiveWatchlist.of(newer)
    assert await flow.detect.match_again(limit=9) == 1
    assert await _told(store, flow, "meloni") == [("title", "Cây cầu này sẽ mở lại")]


async def test_a_process_that_dies_while_it_saves_quotes_loses_none_and_keeps_no_half(store: Store) -> None:
    flow = Flow(store)
    await flow.start()
    flow.fetcher.publish("ben-song", "1", TITLE, LEAD)
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    died = 0
    for step in range(1, 40):
        [item] = await flow.detect.unmatched(limit=9)
        fuse = Fuse(step)
        dying = Flow(crashing_store(store, fuse), clock=flow.clock)
        try:
            await dying.detect.detect([item])
        except Crash:
            died += "add_quotes" in fuse.trail
        if not await flow.detect.unmatched(limit=9):
            break
        assert await _told(store, flow) == []
    assert died >= 1
    assert len(await _told(store, flow)) == 2


def test_the_command_adds_who_said_what(monitor: CommandLine) -> None:
    item = {
        "id": 7,
        "title": TITLE,
        "summary": "<p>Tổng thống Nga <b>Putin</b> nói rằng cầu &amp; đường sẽ mở lại.</p>",
    }
    [row] = monitor("match", "--quotes", given=[item]).rows
    assert [(one["watch"], one["verb"], one["direct"], one["field"]) for one in row["quotes"]] == [
        ("putin", "", False, "title"),
        ("putin", "nói", False, "summary"),
    ]
    for one in row["quotes"]:
        assert str(item[one["field"]])[one["start"] : one["end"]] == one["text"]
        assert set(one) == {"watch", "speaker", "verb", "text", "direct", "field", "start", "end", "about"}
    assert row["quotes"][1]["text"] == "cầu &amp; đường sẽ mở lại"
    assert row["quotes"][1]["speaker"] == "Tổng thống Nga Putin"


def test_without_the_option_the_answer_is_as_ever_and_without_quotes_the_list_is_empty(monitor: CommandLine) -> None:
    assert "quotes" not in monitor("match", given=[{"title": TITLE}]).rows[0]
    assert monitor("match", "--quotes", given=[{"title": "Giá rau ổn định"}]).rows[0]["quotes"] == []
