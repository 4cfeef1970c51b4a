"""From a feed to a message: feeds that fail, items that break detection, a database in trouble."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import StoreError
from monitor.store.transaction import Store
from monitor.types import FailureKind
from tests.flow import READER, Flow
from tests.pipeline.flow_news import CALL, LEAD, QUAKE, QUAKE_LEAD, started, waiting_alert


async def test_admins_hear_when_a_feed_goes_down_and_when_it_is_back(store: Store) -> None:
    flow = Flow(store, admins=frozenset({9}))
    await flow.start()
    for _ in range(4):
        flow.fetcher.fail("ben-song", "HTTP 503 Service Unavailable", FailureKind.HTTP)
    for _ in range(12):
        await flow.on(timedelta(hours=6))
    texts = [message.html for message in flow.phone.new]
    assert len(texts) == 2
    assert "ben-song" in texts[0]
    assert "503" in texts[0]
    assert "ben-song" in texts[1]


async def test_a_poisonous_item_is_parked_and_stops_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = await started(Flow(store, admins=frozenset({9})))
    real = flow.active.matcher.match

    def poisoned(item):  # type: ignore[no-untyped-def]
        if "độc" in item.title:
            raise ValueError("a text nobody foresaw")
        return real(item)

    class Poisoned:
        match = staticmethod(poisoned)

    flow.active = replace(flow.active, matcher=Poisoned())  # type: ignore[arg-type]
    flow.fetcher.publish("ben-song", "1", "Tin độc")
    flow.fetcher.publish("sao-mai", "2", CALL, LEAD)
    await flow.on()
    assert {message.address.chat_id for message in flow.phone.new} == {READER.chat_id, 9}
    with store.reading() as tx:
        parked = tx.parked_items()
    assert [item.why for item in parked] == ["ValueError: a text nobody foresaw"]


async def test_trouble_of_the_database_parks_no_item(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    await waiting_alert(flow)
    flow.fetcher.publish("sao-mai", "2", QUAKE, QUAKE_LEAD)
    await flow.on()
    flow.fetcher.publish(
        "hai-dang", "3", "Động đất nhẹ ở vùng núi phía bắc", "Một trận động đất nhẹ xảy ra rạng sáng nay."
    )
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    (item,) = await flow.detect.unmatched(limit=5)
    real = flow.store.write

    async def full_disk(*_: object, **__: object) -> object:
        raise StoreError("database or disk is full")

    monkeypatch.setattr(flow.store, "write", full_disk)
    for _ in range(4):
        with pytest.raises(StoreError):
            await flow.detect.detect([item])
    monkeypatch.setattr(flow.store, "write", real)
    assert await flow.look()
    with flow.store.reading() as tx:
        assert tx.parked_items() == []
