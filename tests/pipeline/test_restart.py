"""detect.Detect.warm: after a restart the story window decides as the one that lived on, without reading news again."""

from datetime import timedelta

import pytest

from monitor.store.transaction import Store
from monitor.stories.grouping import features, window
from monitor.types import Item, ItemId
from tests.flow import READER, Flow

NEWS = [
    ("ben-song", "Tổng thống Nga Vladimir Putin thăm Hà Nội", "Chuyến thăm của ông Putin kéo dài hai ngày."),
    ("hai-dang", "Phà Cát Sơn chìm ngoài khơi Hòn Khói, 12 người mất tích", "Phà Cát Sơn gặp sóng lớn gần Hòn Khói."),
    ("ben-song", "Chìm phà gần Hòn Khói: 12 người còn mất tích", "Cảnh sát biển tìm hành khách của phà Cát Sơn."),
]
LATER = [
    ("Phà Cát Sơn ở Hòn Khói: đã tìm thấy 3 người", "Ba hành khách của phà Cát Sơn được cứu gần Hòn Khói."),
    ("Ông Putin đến Hà Nội", "Tổng thống Nga Vladimir Putin bắt đầu chuyến thăm hai ngày tại Hà Nội."),
    ("Đội bóng Hòn Khói thắng lớn", "Trận đấu kết thúc với tỷ số 4-0."),
]


async def test_after_a_restart_nothing_is_read_again_and_everything_is_decided_as_before(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = Flow(store)
    await lived.subscribe(READER, "*")
    await lived.start()
    for number, (feed, title, lead) in enumerate(NEWS):
        lived.fetcher.publish(feed, str(number), title, lead)
        lived.clock.turn(timedelta(minutes=40))
        await lived.on()
    reborn = Flow(store, clock=lived.clock)
    read_anew: list[ItemId] = []
    honest = features.read

    def noting(item: Item) -> features.ItemWords:
        read_anew.append(item.id)
        return honest(item)

    monkeypatch.setattr(window, "read", noting)
    assert await reborn.detect.warm() == len(lived.window) == len(NEWS)
    assert not read_anew
    for number, (title, lead) in enumerate(LATER):
        item = Item(ItemId(f"later-{number}"), "Báo Khác", title, lead, published_at=lived.clock())
        decided = lived.window.decide(item, at=lived.clock())
        assert reborn.window.decide(item, at=lived.clock()) == decided
        assert (decided.story_id is None) == (number == 2)
