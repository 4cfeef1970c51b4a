"""News for very many is told in slices: to the very chats, in the very words, as in one transaction."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text, update

from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline import tell
from monitor.pipeline.alerts import Timing
from monitor.pipeline.dedupe_keys import edit_key, first_key, update_key
from monitor.pipeline.fan_out import TRIES, FanOuts
from monitor.pipeline.tell import Tell, correct, show_summary
from monitor.store.fan_out_rows import FanOut
from monitor.store.tables import alerts
from monitor.store.transaction import Store, Transaction, open_store
from monitor.stories.grouping.review import Merge, Revision, Split
from monitor.types import (
    AS_SHIPPED,
    Address,
    Alert,
    AlertKind,
    AlertState,
    Chat,
    ChatKind,
    ChatState,
    Event,
    Item,
    Leader,
    NewAlert,
    Placement,
    Preferences,
    Priority,
    Rate,
    Role,
    StoryId,
    Target,
    WatchId,
    Watchlist,
)
from tests.databases import Cluster
from tests.flow import READER, FakeClock, Flow
from tests.store_samples import DAY, NOW, draft, match

WATCHES = ActiveWatchlist.of(
    Watchlist(
        "v1",
        (
            Leader(WatchId("putin"), "Vladimir Putin", tags=("nga",)),
            Event(WatchId("dong-dat"), "Động đất", match=('"động đất"',), priority=Priority.HIGH),
            Event(WatchId("bao"), "Bão", match=('"bão"',), tags=("nga", "troi"), rate=Rate(2, timedelta(hours=6))),
            Event(WatchId("own-1"), "Của mình", match=('"phà"',)),
        ),
    )
)
PLAIN, STORM, ROUNDUP = "Ông Putin thăm bến phà", "Bão số 9 đổ bộ vào bến phà", "Điểm tin sáng 23/8: bến phà"
TARGETS = [Target(each) for each in ("*", "putin", "#nga", "dong-dat", "bao", "#troi", "own-1")]
WISHES = (
    AS_SHIPPED,
    AS_SHIPPED,
    Preferences(quiet=("22:00", "07:00")),
    Preferences(least_outlets=2),
    Preferences(muted_outlets=("Bến Sông",)),
    Preferences(updates=False),
    Preferences(least_outlets=2, muted_outlets=("Sao Mai",)),
)
TIMING = Timing(timedelta(seconds=15), timedelta(hours=6))


class _Undone(Exception):
    """What was written is looked at, and taken back."""


@dataclass
class Town:
    """A store full of chats that differ in all that alerts.py asks about; `item` is what they may be told of."""

    store: Store
    chance: random.Random
    clock: FakeClock
    item: Item
    story: StoryId
    storm: StoryId  # another one, of which some of them heard
    role: Role
    watch_ids: tuple[WatchId, ...]

    def written(self, tx: Transaction) -> list[tuple[object, ...]]:
        """All rows of the outbox, as far as a reader or the sender could tell two of them apart."""
        found = tx._rows(alerts.select().order_by(alerts.c.chat_id, alerts.c.thread_id, alerts.c.dedupe_key))
        numbers = {row.id: row.dedupe_key for row in found}
        return [
            (row.chat_id, row.thread_id, row.dedupe_key, row.kind, row.state, row.watch_ids, row.priority,
             row.next_try_at, row.created_at, row.story_id, row.item_id, numbers.get(row.under_id), row.revision,
             row.text, row.payload, row.attempts)
            for row in found
        ]  # fmt: skip

    def ringing(self, tx: Transaction) -> int:
        matches = [match(each) for each in self.watch_ids]
        return Tell(tx, WATCHES, self.clock(), TIMING).item(self.item, matches, self.role, self.story)

    def revise(self, tx: Transaction, found: Revision) -> None:
        if tx._on_postgresql:  # what is compared gives the new story the same number
            tx._rows(text("SELECT setval('stories_id_seq', max(id)) FROM stories"))
        assert Tell(tx, WATCHES, self.clock(), TIMING).revision(found) is not None

    def at_once(self, tell_it: Callable[[Transaction], object]) -> list[tuple[object, ...]]:
        """What one transaction writes."""
        rows: list[tuple[object, ...]] = []
        with suppress(_Undone), self.store.writing() as tx:
            tell_it(tx)
            rows = self.written(tx)
            raise _Undone
        return rows


async def town(store: Store, seed: int) -> Town:
    chance = random.Random(seed)
    clock = FakeClock(NOW)
    title = chance.choice((PLAIN, PLAIN, STORM, ROUNDUP))
    age = chance.choice((timedelta(0), timedelta(hours=7)))
    watch_ids = chance.sample([WatchId(each) for each in ("putin", "dong-dat", "bao", "own-1")], chance.randint(1, 4))
    with store.writing() as tx:
        opening, late, kin = tx.add_items(
            [
                replace(draft("1", title=PLAIN, published_at=NOW - age), outlet="Sao Mai"),
                draft("2", title=title, published_at=NOW - age),
                draft("3", title="Bão số 9 mạnh lên", published_at=NOW - timedelta(hours=9)),
            ]
        )
        story = tx.save_detection(opening, [match("bao")], Placement(None, Role.NEW), version="v1", now=NOW)
        storm = tx.save_detection(kin, [match("bao")], Placement(None, Role.NEW), version="v1", now=NOW)
        role = chance.choice((Role.UPDATE, Role.REPEAT))
        found = [match(each) for each in watch_ids]
        tx.save_detection(late, found, Placement(story, role), version="v1", now=NOW)
        number = tx.add_own_watch(Address(7), asked="phà", now=NOW)
        tx.keep_own_watch(number, now=NOW)
        for chat_id in range(1, 41):
            for thread in (0, 5)[: chance.choice((1, 1, 1, 2))]:
                settle_in(tx, chance, Address(chat_id, thread), story, storm, late)
    return Town(store, chance, clock, late, story, storm, role, tuple(watch_ids))


def settle_in(
    tx: Transaction, chance: random.Random, address: Address, story: StoryId, storm: StoryId, item: Item
) -> None:
    """One chat, with what it wishes, follows, wants no more of and was told."""
    state = chance.choice((ChatState.ACTIVE,) * 4 + (ChatState.PAUSED, ChatState.BLOCKED))
    kind = chance.choice((ChatKind.PRIVATE, ChatKind.GROUP))
    tx.save_chat(Chat(address, kind, state=state, joined_at=NOW, preferences=chance.choice(WISHES)))
    for target in chance.sample(TARGETS, chance.randint(0, 3)):
        tx.follow(address, target, now=NOW)
    if chance.random() < 0.1:
        tx.mute(address, story, now=NOW)
    before = NOW - timedelta(hours=chance.randint(1, 4))
    named = (WatchId(chance.choice(("putin", "bao"))),)
    told = [
        NewAlert(address, AlertKind.ALERT, first_key(story), story, item.id, named),
        NewAlert(address, AlertKind.EDIT, edit_key(story), story, item.id, named),
        NewAlert(address, AlertKind.UPDATE, update_key(story, item.id), story, item.id, named),
    ][: chance.choice((0, 0, 0, 1, 2, 3))]
    if chance.random() < 0.2:
        told.append(NewAlert(address, AlertKind.ALERT, first_key(storm), storm, None, named))
    tx.enqueue(told, now=before)
    for each in told:
        state_now = chance.choice((AlertState.SENT, AlertState.SENT, AlertState.PENDING, AlertState.UNCERTAIN,
                                   AlertState.SENDING, AlertState.SKIPPED))  # fmt: skip
        mine = (alerts.c.chat_id == address.chat_id, alerts.c.thread_id == address.thread_id)
        values = {"state": state_now, "message_id": chance.choice((None, 9)), "settled_at": before}
        values |= {"under_id": 1} if chance.random() < 0.3 else {}
        tx._change(update(alerts).where(*mine, alerts.c.dedupe_key == each.dedupe_key).values(values))


def fan_outs(town: Town, *, size: int = 7) -> FanOuts:
    delay, late = TIMING.edit_delay, TIMING.catch_up_after
    return FanOuts(town.store, lambda: WATCHES, clock=town.clock, edit_delay=delay, catch_up_after=late, size=size)


async def tell_all(fans: FanOuts) -> int:
    """How many slices it took."""
    slices = 0
    while waiting := await fans.claim(limit=1):
        await fans.tell(*waiting)
        slices += 1
        assert slices < 100
    return slices


@pytest.mark.parametrize("seed", range(9))
async def test_in_slices_every_chat_is_told_what_one_transaction_tells(
    store: Store, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await town(store, seed)
    expected = place.at_once(place.ringing)
    monkeypatch.setattr(tell, "LARGE", 1)
    with store.writing() as tx:
        before = place.written(tx)
        assert place.ringing(tx) == 0
        assert place.written(tx) == before, "nothing of it is written before its slice"
    assert await tell_all(fan_outs(place)) > 3
    with store.reading() as tx:
        assert place.written(tx) == expected
        assert tx.open_fanouts() == 0
    assert len(expected) > len(before)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("what", ["correction", "summary"])
async def test_in_slices_every_message_is_edited_that_one_transaction_edits(
    store: Store, seed: int, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await town(store, seed)

    def edit(tx: Transaction) -> None:
        if what == "summary":
            show_summary(tx, place.story, now=place.clock())
        else:
            correct(tx, place.item, place.story, now=place.clock(), edit_delay=TIMING.edit_delay)

    expected = place.at_once(edit)
    monkeypatch.setattr(tell, "LARGE", 1)
    with store.writing() as tx:
        before = place.written(tx)
        edit(tx)
        assert place.written(tx) == before
    assert await tell_all(fan_outs(place)) > 1
    with store.reading() as tx:
        assert place.written(tx) == expected
    assert expected != before


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("what", ["merge", "merge the other way", "split"])
async def test_in_slices_every_chat_has_of_revised_stories_what_one_transaction_corrects(
    store: Store, seed: int, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await town(store, seed)
    revisions: dict[str, Revision] = {
        "merge": Merge(place.story, place.storm),
        "merge the other way": Merge(place.storm, place.story),
        "split": Split(place.story, (place.item.id,)),
    }
    found = revisions[what]
    expected = place.at_once(lambda tx: place.revise(tx, found))
    monkeypatch.setattr(tell, "LARGE", 1)
    with store.writing() as tx:
        before = place.written(tx)
        place.revise(tx, found)
        assert place.written(tx) == before, "nothing of it is written before its slice"
    assert await tell_all(fan_outs(place)) > 1
    with store.reading() as tx:
        assert place.written(tx) == expected
        assert tx.open_fanouts() == 0
    assert expected != before


async def test_what_few_follow_is_told_as_ever(store: Store) -> None:
    place = await town(store, 1)
    with store.writing() as tx:
        place.ringing(tx)
        assert tx.open_fanouts() == 0


async def waiting(place: Town) -> FanOut:
    (fanout,) = await fan_outs(place).claim(limit=1)
    return fanout


async def test_a_slice_that_two_workers_claim_is_told_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    place = await town(store, 2)
    monkeypatch.setattr(tell, "LARGE", 1)
    await store.write(place.ringing)
    one, other = fan_outs(place), fan_outs(place)
    claimed = await waiting(place)
    await one.tell(claimed)
    moved = await waiting(place)
    assert moved.after is not None
    await other.tell(claimed)
    assert await waiting(place) == moved, "the other finds that it was told"


async def test_a_kill_between_two_slices_loses_nothing_and_tells_nobody_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await town(store, 3)
    expected = place.at_once(place.ringing)
    monkeypatch.setattr(tell, "LARGE", 1)
    await store.write(place.ringing)
    while True:
        dying = fan_outs(place)  # one that knows nothing of those before it, and whose last transaction is undone
        if not (claimed := await dying.claim(limit=1)):
            break
        with suppress(_Undone), store.writing() as tx:
            dying._tell(tx, claimed[0], True)
            raise _Undone
        await fan_outs(place).tell(*claimed)
    with store.reading() as tx:
        assert place.written(tx) == expected


async def test_a_slice_that_always_fails_passes_over_the_chats_that_need_a_decision(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = replace(await town(store, 1), watch_ids=(WatchId("putin"),))
    monkeypatch.setattr(tell, "LARGE", 1)
    await store.write(place.ringing)
    with store.reading() as tx:
        before = place.written(tx)

    def fail(*_: object, **__: object) -> Sequence[NewAlert]:
        raise ValueError("hỏng")

    monkeypatch.setattr(tell, "alerts_for_item", fail)
    fans = fan_outs(place, size=1_000)
    for _ in range(TRIES):
        with pytest.raises(ValueError, match="hỏng"):
            await fans.tell(*await fans.claim(limit=1))
    await fans.tell(*await fans.claim(limit=1))
    with store.reading() as tx:
        assert len(place.written(tx)) > len(before), "those that only follow are told"
        assert tx.open_fanouts() == 0


async def opened(flow: Flow) -> StoryId:
    """A story that many follow, whose fan-out waits."""
    flow.fetcher.publish("ben-song", "1", "Ông Putin thăm Bến Sông", "Tổng thống Nga Vladimir Putin đã tới Bến Sông.")
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.look()
    (claimed,) = await of(flow).claim(limit=1)
    return claimed.story_id


def of(flow: Flow) -> FanOuts:
    return FanOuts(flow.store, lambda: flow.active, clock=flow.clock, size=2)


@pytest.fixture
async def flow(store: Store, monkeypatch: pytest.MonkeyPatch) -> Flow:
    monkeypatch.setattr(tell, "LARGE", 3)
    flow = Flow(store)
    for number in range(5):
        await flow.subscribe(Address(READER.chat_id + number), "putin")
    await flow.subscribe(Address(1), "netanyahu")
    await flow.start()
    return flow


async def rows_of(flow: Flow, story: StoryId) -> list[Alert]:
    with flow.store.reading() as tx:
        return tx.alerts_of_story(story)


async def test_later_news_of_a_story_that_is_being_told_waits_behind_it(flow: Flow) -> None:
    story = await opened(flow)
    flow.fetcher.publish("sao-mai", "2", "Ông Putin thăm Bến Sông", "Tổng thống Nga Vladimir Putin đã tới Bến Sông.")
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.look()
    assert await rows_of(flow, story) == [], "the second article did not overtake the first"
    assert await tell_all(of(flow)) > 3
    assert [row.kind for row in await rows_of(flow, story)] == [AlertKind.ALERT] * 5
    await flow.send()
    assert all("Sao Mai" in message.html for message in flow.phone.new)


async def test_others_are_told_of_their_own_while_very_many_are_told(flow: Flow) -> None:
    await opened(flow)
    flow.fetcher.publish("ben-song", "2", "Ông Netanyahu từ chức", "Thủ tướng Israel Benjamin Netanyahu từ chức.")
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.look()
    await tell_all(of(flow))
    (first, *_) = await flow.deliver.claim(limit=100)
    assert first.address == Address(1)


async def test_a_story_that_was_merged_meanwhile_is_told_as_the_one_that_it_is_now(flow: Flow) -> None:
    story = await opened(flow)
    (waits,) = await of(flow).claim(limit=1)
    await of(flow).tell(waits)
    told = {row.address for row in await rows_of(flow, story)}
    with flow.store.writing() as tx:
        (item,) = tx.add_items([draft("khac", seen_at=flow.clock() - DAY)])
        into = tx.save_detection(item, [match()], Placement(None, Role.NEW), version="v1", now=flow.clock())
        assert tx.merge_stories(story, into, reason=None)  # type: ignore[arg-type]
    await tell_all(of(flow))
    rows = await rows_of(flow, into)
    assert {row.address for row in rows} == {Address(READER.chat_id + number) for number in range(5)} - told
    assert {row.dedupe_key for row in rows} == {first_key(into)}


async def test_a_merge_goes_before_what_waits_so_that_nobody_hears_of_it_twice(flow: Flow) -> None:
    story = await opened(flow)
    await tell_all(of(flow))
    flow.fetcher.publish("sao-mai", "2", "Ông Putin thăm Bến Sông", "Tổng thống Nga Vladimir Putin đã tới Bến Sông.")
    flow.clock.turn(timedelta(minutes=10))
    await flow.poll_due()
    await flow.look()
    (waits,) = await of(flow).claim(limit=1)
    await of(flow).tell(waits)
    (claimed,) = await of(flow).claim(limit=1)
    with flow.store.writing() as tx:
        (item,) = tx.add_items([draft("khac", seen_at=flow.clock() - DAY)])
        into = tx.save_detection(item, [match()], Placement(None, Role.NEW), version="v1", now=flow.clock())
        assert Tell(tx, flow.active, flow.clock(), TIMING).revision(Merge(into, story)) is not None
    await of(flow).tell(claimed)
    assert await rows_of(flow, into) == [], "who had begun another slice waits, too"
    await tell_all(of(flow))
    rows = [row for row in await rows_of(flow, into) if row.kind is AlertKind.ALERT]
    assert [row.address for row in rows] == [Address(READER.chat_id + number) for number in range(5)]
    assert all(row.kind is not AlertKind.ALERT for row in await rows_of(flow, story))


async def test_what_very_many_are_told_is_marked_so_that_it_goes_last(flow: Flow) -> None:
    await opened(flow)
    await tell_all(of(flow))
    with flow.store.reading() as tx:
        backlog = tx.backlog(now=flow.clock())
    assert (backlog.waiting, backlog.told_to_few) == (5, 0)


async def test_a_merge_and_a_digest_never_wait_for_each_other(
    shared: str, postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, digest = Transaction.alerts_of_stories, Thread(target=lambda: None)
    waits = f"SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = '{shared.rsplit('/', 1)[1]}'"
    async with await open_store(shared) as store, await open_store(shared) as other:
        with store.writing() as tx:
            old, young = tx.add_items([draft("1", published_at=NOW - DAY), draft("2")])
            into, gone = (tx.save_detection(each, [match()], Placement(None, Role.NEW), version="v1", now=NOW)
                          for each in (old, young))  # fmt: skip
            tx.save_chat(Chat(READER, ChatKind.PRIVATE, joined_at=NOW))
            for each in (gone, into):  # the younger story was told first: its row is the one that a digest locks first
                tx.enqueue([NewAlert(READER, AlertKind.ALERT, first_key(each), each, old.id)], now=NOW)

        def gather() -> None:
            with other.writing() as tx:
                tx.waiting_news(READER)

        def locked(*args: Any, **named: Any) -> dict[StoryId, list[Alert]]:
            nonlocal digest
            found = lock(*args, **named)
            if digest.ident is None:
                digest = Thread(target=gather)
                digest.start()
                while digest.is_alive() and not postgresql.ask(waits):
                    pass  # until it waits for a row that the merge has
            return found

        monkeypatch.setattr(Transaction, "alerts_of_stories", locked)
        with store.writing() as tx:
            assert Tell(tx, WATCHES, NOW, TIMING).revision(Merge(into, gone)) is not None
        digest.join(20)
        assert not digest.is_alive()
