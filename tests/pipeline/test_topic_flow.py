"""An event that lasts, from feeds to a phone: its messages, its replies and its lines."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.store.transaction import Store
from monitor.types import Event, Rate, WatchId
from tests.flow import WATCHLIST, Flow
from tests.pipeline.flow_news import started

STORM = Event(WatchId("bao"), "Bão", match=("bão",))
FIRST = ("Bão Maya đi nhanh vào Biển Đông", "Tâm bão cách quần đảo 600 km, gió giật cấp 11.")
NAMED = ("Tên bão Maya do nước nào đặt", "Chuyên gia khí tượng kể về cách chọn tên trong danh sách chung.")
TOLL = ("Bốn thuyền viên: 4 người chết vì bão Maya", "Lực lượng biên phòng tìm thấy xác tàu cá gần cửa sông.")


@pytest.fixture
def flow(store: Store) -> Flow:
    watches = (*WATCHLIST.watches, STORM)
    return Flow(store, watchlist=replace(WATCHLIST, version="bao", watches=watches))


async def publish(flow: Flow, number: int, news: tuple[str, str]) -> None:
    flow.fetcher.publish("ben-song", str(number), *news)
    await flow.on(timedelta(hours=1))


async def test_a_repeat_of_a_topic_is_a_line_with_its_link_and_rings_nowhere(flow: Flow) -> None:
    await started(flow, "bao")
    await publish(flow, 1, FIRST)
    await publish(flow, 2, NAMED)
    assert len(flow.phone.new) == 1
    edit = flow.phone.accepted[-1]
    assert edit.edits is not None
    assert FIRST[0] in edit.html
    assert "➕" in edit.html.splitlines()[-1]
    assert NAMED[0] in edit.html.splitlines()[-1]


async def test_a_development_of_a_topic_is_a_reply_to_its_first_message(flow: Flow) -> None:
    await started(flow, "bao")
    await publish(flow, 1, FIRST)
    await publish(flow, 2, NAMED)
    await publish(flow, 3, TOLL)
    assert len(flow.phone.new) == 2
    reply = flow.phone.new[-1]
    assert reply.reply_to == 1  # the message that the phone took first
    assert TOLL[0] in reply.html
    assert reply.html.startswith("↪️")


async def test_beyond_its_rate_an_event_rings_no_more_and_its_stories_stand_in_the_last_message(store: Store) -> None:
    quake = Event(WatchId("dong-dat"), "Động đất", match=('"động đất"',), rate=Rate(1, timedelta(hours=6)))
    flow = Flow(store, watchlist=replace(WATCHLIST, version="rate", watches=(quake,)))
    await started(flow, "dong-dat")
    await publish(flow, 1, ("Động đất mạnh ở Chile", "Mặt đất rung mười giây, nhiều cửa kính vỡ ở thủ đô."))
    await publish(flow, 2, ("Động đất nhẹ ở Lào", "Người dân bản làng chạy ra sân vào lúc nửa đêm."))
    assert len(flow.phone.new) == 1
    assert "Động đất nhẹ ở Lào" in flow.phone.accepted[-1].html
    await flow.on(timedelta(hours=6))
    await publish(flow, 3, ("Động đất ngoài khơi Peru", "Còi báo sóng thần vang lên dọc bờ biển phía nam."))
    assert len(flow.phone.new) == 2


async def test_what_waits_in_a_message_is_told_by_the_digest_that_takes_it_in(flow: Flow) -> None:
    await started(flow, "bao")
    flow.phone.is_out = "out of reach"
    await publish(flow, 1, FIRST)
    await publish(flow, 2, NAMED)
    flow.phone.is_out = ""
    await flow.on(timedelta(hours=12))
    shown = "".join(message.html for message in flow.phone.accepted)
    assert FIRST[0] in shown
    assert NAMED[0] in shown
