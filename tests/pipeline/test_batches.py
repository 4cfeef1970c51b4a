"""Items are looked at in batches: as if one by one, at the price of one; what is odd stops nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from monitor.errors import StoreError
from monitor.pipeline.detect import Detected, Parked
from monitor.store.transaction import Store, Transaction
from monitor.stories.grouping.window import SAME_TEXT_WINDOW, StoryWindow
from monitor.types import Fulltext, Item, Role
from tests.flow import READER, Flow
from tests.store_samples import draft, save_items

CALL = "Ông Putin điện đàm với Thủ tướng Israel"
LEAD = "Tổng thống Nga Vladimir Putin đã gọi điện cho Thủ tướng Israel Benjamin Netanyahu."
POISON = "Tin có độc"


def tales(flow: Flow, count: int, *, start: int = 0) -> list[str]:
    """So many articles about nothing that is watched, each a story by itself."""
    words = ("mía", "chè", "cà phê", "hồ tiêu", "sắn", "ngô", "lạc", "đỗ", "vừng", "bông")
    keys = []
    for number in range(start, start + count):
        what, where = words[number % 10], words[number // 10 % 10]
        key = f"{number}"
        flow.fetcher.publish("ben-song", key, f"Vụ {what} số {number} ở bãi {where} được mùa", f"Nông dân bãi {where}.")
        keys.append(key)
    return keys


@pytest.fixture
async def flow(store: Store) -> Flow:
    flow = Flow(store)
    await flow.subscribe(READER, "*")
    await flow.start()
    flow.clock.turn(timedelta(minutes=10))
    return flow


async def waiting(flow: Flow) -> list[Item]:
    await flow.poll_due()
    return await flow.detect.unmatched(limit=200)


async def test_two_outlets_of_one_batch_are_one_story_and_one_alert(flow: Flow) -> None:
    flow.fetcher.publish("ben-song", "1", CALL, LEAD)
    tales(flow, 20, start=10)
    flow.fetcher.publish("sao-mai", "2", CALL, LEAD)
    flow.fetcher.publish("hai-dang", "3", CALL, LEAD)
    came = await flow.detect.detect(await waiting(flow))
    found = [each for each in came if isinstance(each, Detected) and each.item.title == CALL]
    assert [each.placement.role for each in found] == [Role.NEW, Role.REPEAT, Role.REPEAT]
    assert len({each.story_id for each in found}) == 1
    assert [each.alerts for each in found] == [1, 0, 0]
    await flow.send()
    (message,) = flow.phone.new
    assert "Sao Mai" in message.html, "the later outlets stand in the first message"


async def test_of_two_developments_in_one_batch_the_second_is_a_silent_edit(flow: Flow) -> None:
    def tells(outlet: str, key: str, dead: int) -> None:
        lead = f"Trận động đất xảy ra rạng sáng nay khiến {dead} người chết, theo chính quyền địa phương."
        flow.fetcher.publish(outlet, key, f"Động đất ở vùng núi phía bắc, {dead} người chết", lead)

    tells("ben-song", "1", 12)
    await flow.detect.detect(await waiting(flow))
    await flow.send()
    flow.clock.turn(timedelta(hours=1))
    tells("hai-dang", "2", 21)
    tells("sao-mai", "3", 34)
    came = await flow.detect.detect(await waiting(flow))
    assert [each.placement.role for each in came if isinstance(each, Detected)] == [Role.UPDATE, Role.UPDATE]
    flow.clock.turn(timedelta(minutes=1))
    await flow.send()
    first, reply = flow.phone.new
    assert "12 người chết" in first.html
    assert reply.reply_to is not None
    assert any(message.edits is not None for message in flow.phone.accepted), "the other one is told without a ring"


async def test_a_batch_takes_as_many_statements_as_one_item(flow: Flow) -> None:
    statements: list[str] = []
    event.listen(
        flow.store._engine, "before_cursor_execute", lambda _c, _cur, statement, *_: statements.append(statement)
    )

    async def counted(items: list[Item]) -> int:
        statements.clear()
        await flow.detect.detect(items)
        return len(statements)

    tales(flow, 1, start=0)
    await flow.detect.detect(await waiting(flow))  # reserves numbers of stories ahead
    flow.clock.turn(timedelta(minutes=10))
    tales(flow, 1, start=1)
    one = await counted(await waiting(flow))
    flow.clock.turn(timedelta(minutes=10))
    tales(flow, 25, start=10)
    assert await counted(await waiting(flow)) == one <= 12


async def test_a_poisonous_item_is_found_and_parked_and_the_others_are_told(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = StoryWindow.remember

    def remember(window: StoryWindow, item: Item, *args: object, **named: object) -> None:
        real(window, item, *args, **named)  # type: ignore[arg-type]
        if item.title == POISON:
            raise KeyError("an odd text")

    monkeypatch.setattr(StoryWindow, "remember", remember)
    tales(flow, 9)
    flow.fetcher.publish("sao-mai", "x", POISON, "Chữ lạ.")
    flow.fetcher.publish("hai-dang", "1", CALL, LEAD)
    for look in range(3):
        came = await flow.detect.detect(await waiting(flow))
        odd = [each for each in came if not isinstance(each, Detected)]
        assert len(odd) == 1
        assert isinstance(odd[0], Parked) is (look == 2)
    assert await waiting(flow) == []
    await flow.send()
    assert [CALL in message.html for message in flow.phone.new] == [True]
    with flow.store.reading() as tx:
        (parked,) = tx.parked_items()
    assert parked.title == POISON
    assert len(flow.window) == 10, "what the failed batches had taught was taken back"


async def test_a_database_that_fails_under_a_batch_counts_against_no_item(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    tales(flow, 5)
    items = await waiting(flow)
    before = len(flow.window)
    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "save_detections", lambda *_, **__: 1 / 0)
        assert await flow.detect.detect(items) == [None] * 5
    assert len(flow.window) == before
    assert [isinstance(each, Detected) for each in await flow.detect.detect(await waiting(flow))] == [True] * 5


async def test_numbers_of_a_commit_whose_answer_got_lost_are_not_used_again(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    tales(flow, 5)
    items = await waiting(flow)
    real = flow.store.write

    async def lost(*args: Any, **named: Any) -> Any:
        came = await real(*args, **named)
        if args[0] == flow.detect._write_new:
            raise StoreError("the server went away")
        return came

    with monkeypatch.context() as patch:
        patch.setattr(flow.store, "write", lost)
        with pytest.raises(StoreError):
            await flow.detect.detect(items)
    assert await waiting(flow) == [], "it was committed"
    flow.clock.turn(timedelta(minutes=10))
    tales(flow, 5, start=10)
    assert [isinstance(each, Detected) for each in await flow.detect.detect(await waiting(flow))] == [True] * 5


async def test_what_came_silently_and_may_ring_after_all_is_known_to_later_news(store: Store) -> None:
    flow = Flow(store)
    mia = "Mía được mùa ở bãi bồi ven sông"
    (silent,) = await save_items(store, draft("1", title=mia, alertable=False, published_at=flow.clock()))
    await flow.look()
    assert len(flow.window) == 0
    with store.writing() as tx:
        assert tx.make_alertable([silent.key], seen_after=flow.clock() - timedelta(days=999)) == 1
    await flow.look()
    assert len(flow.window) == 1


async def test_fresh_news_goes_before_a_backlog_and_a_backlog_before_what_is_silent(store: Store) -> None:
    flow = Flow(store)
    now = flow.clock()
    hours = timedelta(hours=1)
    with store.writing() as tx:
        tx.add_items([draft(f"silent-{n}", alertable=False, seen_at=now, published_at=now) for n in range(3)])
        tx.add_items([draft(f"old-{n}", seen_at=now, published_at=now - 3 * hours) for n in range(12)])
    with store.writing() as tx:
        tx.add_items([draft("fresh", seen_at=now, published_at=now - timedelta(minutes=3))])
    assert next(item.key for item in await flow.detect.unmatched(limit=5)) == "fresh"
    everything = [item.key for item in await flow.detect.unmatched(limit=50)]
    assert everything[-3:] == ["silent-0", "silent-1", "silent-2"]
    assert everything.index("fresh") == 12, "where all fit into one look they come in the order of the news"


async def test_of_what_came_silently_no_article_is_fetched(store: Store) -> None:
    flow = Flow(store)
    silent, loud = await save_items(
        store,
        draft("silent", title=CALL, lead=LEAD, alertable=False),
        draft("loud", title="Ông Putin nói về lũ", lead="Ông Putin nói về lũ ở miền đông.", fulltext=Fulltext.AUTO),
    )
    await flow.look()
    flow.clock.turn(timedelta(minutes=1))
    assert [item.id for item in await flow.enrich.claim(limit=9)] == [loud.id]
    with store.writing() as tx:
        assert tx.make_alertable([silent.key], seen_after=flow.clock() - timedelta(days=999)) == 1
    await flow.look()
    assert [item.id for item in await flow.enrich.claim(limit=9)] == [silent.id], "now that it may ring"


async def test_what_a_first_poll_brings_of_long_ago_is_stored_and_not_compared(store: Store) -> None:
    flow = Flow(store)
    now = flow.clock()
    long_ago = now - SAME_TEXT_WINDOW - timedelta(hours=1)
    await save_items(
        store,
        *(
            draft(f"o-{n}", title=CALL, lead=LEAD, alertable=False, seen_at=now, published_at=long_ago)
            for n in range(2)
        ),
    )
    first, second = await flow.look()
    assert isinstance(first, Detected)
    assert isinstance(second, Detected)
    assert first.story_id != second.story_id
    assert len(flow.window) == 0
    found = {match.watch_id for match in first.matches}
    assert found == {"putin", "netanyahu"}, "it is found under /latest all the same"


async def test_of_a_first_poll_only_what_is_watched_is_compared(store: Store) -> None:
    flow = Flow(store)
    now = flow.clock()
    mia = "Mía được mùa ở bãi bồi"
    for key, title in (("1", CALL), ("2", CALL), ("3", mia), ("4", mia)):
        lead = LEAD if title == CALL else "Nông dân vui."
        await save_items(store, draft(key, title=title, lead=lead, alertable=False, seen_at=now, published_at=now))
    came = [each for each in await flow.look() if isinstance(each, Detected)]
    assert [each.placement.role for each in came] == [Role.NEW, Role.REPEAT, Role.NEW, Role.NEW]
    assert len(flow.window) == 2
    later = Flow(store)
    await later.detect.warm()
    assert len(later.window) == 2, "a restart reads no more of it"


async def test_what_may_ring_after_all_is_compared_also_after_a_restart(store: Store) -> None:
    flow = Flow(store)
    now = flow.clock()
    mia = draft("1", title="Mía được mùa ở bãi bồi", alertable=False, seen_at=now, published_at=now)
    (item,) = await save_items(store, mia)
    await flow.look()
    assert len(flow.window) == 0
    with store.writing() as tx:
        assert tx.make_alertable([item.key], seen_after=now - timedelta(days=1)) == 1
    await flow.look()
    later = Flow(store)
    assert await later.detect.warm() == len(flow.window) == 1
