"""A chat's own watch on its way through the newsroom: it rings there alone, and stories stay everybody's."""

from collections.abc import Mapping
from datetime import timedelta

from monitor.store.transaction import Store
from monitor.types import EVERYTHING, Address, Event, Leader, StoryId, Target, Watch, WatchId
from tests.flow import READER, Flow

OTHER = Address(1002)


async def kept(flow: Flow, address: Address, watch: Watch) -> WatchId:
    """An own watch at work; `watch` gets its id."""
    with flow.store.writing() as tx:
        number = tx.add_own_watch(address, asked=watch.name, text="-", now=flow.clock())
        tx.keep_own_watch(number, now=flow.clock())
        mine = Target(f"own-{number}")
        tx.follow(address, mine, now=flow.clock())
    own: Mapping[WatchId, tuple[Address, Watch]] = {
        each: (owner, flow.active.watches[each]) for each, owner in flow.active.owners.items()
    }
    fields = {name: getattr(watch, name) for name in type(watch).__slots__ if name != "id"}
    new = type(watch)(WatchId(mine), **fields)
    flow.active = flow.active.beside({**own, new.id: (address, new)}, flow.watchlist)
    return new.id


def ferry() -> Event:
    return Event(WatchId(""), "Phà Bến Sông", match=("phà",), tags=("nga",))


async def chats(store: Store) -> Flow:
    """One reader follows Putin, another one everything and a tag."""
    flow = Flow(store)
    await flow.subscribe(READER, "putin")
    await flow.subscribe(OTHER, EVERYTHING, "#nga")
    await flow.start()
    return flow


async def test_it_rings_for_its_chat_alone_under_the_readers_name(store: Store) -> None:
    flow = await chats(store)
    await kept(flow, READER, ferry())
    flow.fetcher.publish("ben-song", "1", "Tuyến phà mới chạy từ tháng sau")
    await flow.on()
    assert [message.address for message in flow.phone.new] == [READER]
    assert "<b>Phà Bến Sông</b>" in flow.phone.new[0].html


async def test_what_others_are_told_says_nothing_of_it(store: Store) -> None:
    flow = await chats(store)
    await kept(flow, READER, ferry())
    flow.fetcher.publish("ben-song", "1", "Ông Putin đi phà qua sông")
    await flow.on()
    told = {message.address: message.html for message in flow.phone.new}
    assert set(told) == {READER, OTHER}
    assert "Phà Bến Sông" in told[READER]
    assert "Phà Bến Sông" not in told[OTHER]


async def test_a_wish_for_somebody_elses_watch_counts_for_nothing(store: Store) -> None:
    """A row that came by an import, or by another database's numbers."""
    flow = await chats(store)
    own = await kept(flow, READER, ferry())
    with store.writing() as tx:
        tx.follow(OTHER, Target(own), now=flow.clock())
    flow.fetcher.publish("ben-song", "1", "Tuyến phà mới chạy từ tháng sau")
    await flow.on()
    assert [message.address for message in flow.phone.new] == [READER]


async def test_an_ended_watch_rings_no_more_before_anything_is_compiled_again(store: Store) -> None:
    flow = await chats(store)
    own = await kept(flow, READER, ferry())
    flow.fetcher.publish("ben-song", "1", "Tuyến phà mới chạy từ tháng sau")
    await flow.poll_later()  # its alert waits
    with store.writing() as tx:
        tx.end_own_watch(int(own.removeprefix("own-")))
    flow.fetcher.publish("ben-song", "2", "Phà cũ được đưa vào viện bảo tàng")
    await flow.poll_later()
    flow.active = flow.active.beside({}, flow.watchlist)
    await flow.send()
    assert flow.phone.new == []


async def test_it_follows_its_group_when_that_moves(store: Store) -> None:
    flow = await chats(store)
    group, moved = Address(-500), Address(-100_500)
    await flow.subscribe(group)
    await kept(flow, group, ferry())
    with store.writing() as tx:
        tx.move_chat(group.chat_id, moved.chat_id)
    flow.fetcher.publish("ben-song", "1", "Tuyến phà mới chạy từ tháng sau")
    await flow.on()
    assert [message.address for message in flow.phone.new] == [moved]


async def stories(flow: Flow) -> list[tuple[str, StoryId | None]]:
    with flow.store.reading() as tx:
        return [
            (placed.item.title, placed.item.story_id) for placed in tx.placed_since(flow.clock() - timedelta(days=1))
        ]


async def test_stories_and_quotes_are_the_same_with_own_watches_and_without(store: Store) -> None:
    titles = [
        "Ông Putin: Tuyến phà này sẽ chạy lại",
        "Putin nói tuyến phà sẽ sớm chạy lại",
        "Phà Bến Sông sẽ chạy lại từ tháng sau",
        "Động đất làm hỏng bến phà",
    ]
    came = []
    for n, own in enumerate((False, True)):
        flow = await chats(store)
        if own:
            await kept(flow, READER, ferry())
            await kept(flow, OTHER, Leader(WatchId(""), "Vladimir Putin", aliases=("Putin", "Tuyến phà")))
        for number, title in enumerate(titles):
            flow.fetcher.publish("ben-song", f"{n}-{number}", title)
        await flow.poll_later()
        with store.reading() as tx:
            speakers = tx.latest_quotes([WatchId("putin")], since=flow.clock() - timedelta(minutes=5), limit=9)
        told = (await stories(flow))[-len(titles) :]
        came.append((len({story for _, story in told}), [each.quote.text for each in speakers]))
        flow.clock.turn(timedelta(days=9))
        with store.writing() as tx:
            for number in [each.number for each in tx.kept_own_watches()]:
                tx.end_own_watch(number)
    assert came[0] == came[1]


async def test_the_story_window_of_a_restart_knows_nothing_of_own_watches(store: Store) -> None:
    flow = await chats(store)
    await kept(flow, READER, ferry())
    flow.fetcher.publish("ben-song", "1", "Ông Putin đi phà qua sông")
    await flow.on()
    with store.reading() as tx:
        (row,) = [each for each in tx.window_since(flow.clock() - timedelta(days=1)) if each.matches]
        (view,) = tx.latest_stories(None, since=flow.clock() - timedelta(days=1), limit=9)
    assert {match.watch_id for match in row.matches} == {"putin"}
    assert len(view.matches[view.items[0].id]) == 2
