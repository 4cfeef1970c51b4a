"""Several workers, one of which groups: a new one decides as if it had done so all along, and only one commits."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from monitor.errors import RoleLost, StoreError
from monitor.pipeline.detect import Detect, Detected
from monitor.store.role_names import GROUP
from monitor.store.step_rows import Learned, WindowStep
from monitor.store.tables import alerts, items
from monitor.store.transaction import Store, Transaction, open_store
from monitor.stories.grouping.review import Merge, Revision, Split
from monitor.stories.grouping.window import StoryWindow
from monitor.types import EVERYTHING, Item, ItemId, Match, NewItem, StoryId
from tests.databases import Cluster
from tests.flow import READER, FakeClock, Flow
from tests.store_samples import draft, save_items

PARTS = (
    *("cháy lớn tại chợ Bến Thuyền", "dãy ki-ốt vải bị thiêu rụi", "lính cứu hỏa dập lửa ba giờ"),
    *("lũ sông Lam Giang vượt báo động", "hai xã ven bờ ngập sâu", "dân vùng lũ được sơ tán"),
    *("phà Cát Sơn chìm gần Hòn Khói", "12 người mất tích trên biển", "sóng lớn đánh bật cửa mũi"),
    *("ông Putin điện đàm với ông Netanyahu", "hành lang cứu trợ được mở", "động đất làm rung chuyển Maluku"),
)
MERGES, SPLITS = "Gộp", "Tách"  # words of titles that make the window of these tests find something
OUTLETS = ("Bến Sông", "Sao Mai", "Hải Đăng")
BATCHES = 25


class Revising(StoryWindow):
    """A window that finds merges and splits where a title says so: by what it holds, and by nothing else."""

    def review(self, item: Item, story_id: StoryId, matches: Sequence[Match] = (), *, at: datetime) -> Revision | None:
        members = list(self._index.members.values())
        known = list(dict.fromkeys(one.story_id for one in members))
        number = sum(item.title.encode())
        if item.title.startswith(MERGES) and len(known) > 1:
            into, gone = known[number % len(known)], known[(number + 1) % len(known)]
            return Merge(into, gone)
        if item.title.startswith(SPLITS) and known:
            story = known[number % len(known)]
            mine = [one.item_id for one in members if one.story_id == story]
            return Split(story, tuple(mine[1::2])) if len(mine) > 1 else None
        return super().review(item, story_id, matches, at=at)


class Worker:
    """A process that may group: `fence` is what it believes, whoever holds the role."""

    def __init__(self, name: str, store: Store, clock: FakeClock) -> None:
        self.name = name
        self.fence: int | None = None
        self.flow = Flow(store, clock=clock, fence=lambda: self.fence)
        self.detect = self._detect()

    def _detect(self) -> Detect:
        self.window, flow = Revising(), self.flow
        return Detect(flow.store, lambda: flow.active, self.window, clock=flow.clock, fence=lambda: self.fence)

    async def restart(self) -> None:
        """As another process that begins with what is stored."""
        self.detect = self._detect()
        await self.detect.warm()

    async def take_role(self) -> None:
        """Have the role, which nobody holds any more."""
        self.fence = await self.flow.store.write(Transaction.keep_role, GROUP, self.name)
        assert self.fence is not None

    async def lose_role(self) -> None:
        """Be dead to the others, and not know it."""
        await self.flow.store.write(Transaction.leave_role, GROUP, self.name)

    async def work(self) -> None:
        while waiting := await self.detect.unmatched(limit=7):
            assert all(isinstance(each, Detected) for each in await self.detect.detect(waiting))

    def held(self) -> object:
        """All that its window decides by."""
        index = self.window._index
        members = [
            (one.item_id, one.story_id, one.at, one.outlet, one.daily, one.named, one.events, one.title_leaders)
            for one in index.members.values()
        ]
        words = [(one.title, one.features) for one in index.members.values()]
        told = {story: index.of_story(story) for story in dict.fromkeys(one[1] for one in members)}
        order = {serial: place for place, serial in enumerate(index.members)}
        by_story = {story: [order[serial] for serial in serials] for story, serials in told.items()}
        known = {one[1] for one in members}
        apart = {pair for pair in self.window._apart if pair <= known}
        return members, words, by_story, self.window._merged & known, apart


class News:
    """A stream of items, some of which show merges and splits; the same for the same number."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.published = 0

    def batch(self, now: datetime) -> list[NewItem]:
        """What comes at one moment."""
        return [self._item(now) for _ in range(self.chance.randint(1, 6))]

    def _item(self, now: datetime) -> NewItem:
        title, *lead = self.chance.sample(PARTS, self.chance.randint(1, 4))
        marker = self.chance.choices((f"{MERGES} ", f"{SPLITS} ", ""), (1, 1, 5))[0]
        self.published += 1
        at = now - timedelta(minutes=self.chance.randint(0, 90))
        new = draft(
            f"bao:{self.published}", title=f"{marker}{title}", lead=". ".join(lead), published_at=at, seen_at=now
        )
        return replace(new, outlet=self.chance.choice(OUTLETS), alertable=self.chance.random() < 0.9)


async def stories_of(store: Store) -> object:
    """Every item's story, role and reason, and who was told what; a story is called by its first item."""

    def read(tx: Transaction) -> object:
        i = items.c
        rows = tx._rows(select(i.key, i.id, i.story_id, i.role, i.reason, i.score).order_by(i.id))
        name: dict[int, str] = {}
        for row in rows:
            name.setdefault(row.story_id, row.key)
        told = tx._rows(select(alerts).order_by(alerts.c.id))
        return (
            {row.key: (name[row.story_id], row.role, row.reason, row.score) for row in rows},
            [(row.chat_id, row.kind, row.item_id, row.state, name.get(row.story_id)) for row in told],
        )

    return await store.read(read)


@pytest.fixture
def databases(postgresql: Cluster) -> Iterator[tuple[str, str]]:
    """Two empty databases that several workers may share."""
    both = postgresql.borrow(), postgresql.borrow()
    yield both
    for url in both:
        postgresql.give_back(url)


@asynccontextmanager
async def workers(url: str, clock: FakeClock, count: int = 2) -> AsyncIterator[list[Worker]]:
    """So many processes on one database, each with connections of its own; the first holds the role."""
    stores = [await open_store(url) for _ in range(count)]
    try:
        mine = [Worker(f"w{number}", store, clock) for number, store in enumerate(stores)]
        await mine[0].flow.subscribe(READER, EVERYTHING)
        await mine[0].take_role()
        for worker in mine:
            await worker.detect.warm()
        yield mine
    finally:
        for store in stores:
            await store.close()


async def one_all_the_time(url: str, seed: int, batches: int) -> object:
    """What one process makes of the stream."""
    news, clock = News(seed), FakeClock()
    async with workers(url, clock, count=1) as (only,):
        for number in range(batches):
            await publish(only.flow.store, news, clock, number)
            await only.work()
        return await stories_of(only.flow.store)


async def publish(store: Store, news: News, clock: FakeClock, number: int) -> None:
    """Turn the clock, bring new items, and now and then another wording of an old one."""
    clock.turn(timedelta(minutes=news.chance.randint(1, 300)))
    await save_items(store, *news.batch(clock()))
    if number % 4 == 3:
        chosen = ItemId(str(news.chance.randint(1, news.published // 2)))

        def reword(tx: Transaction) -> None:
            if (item := tx.item(chosen)) is not None:
                tx.reword(chosen, f"{item.title}, tin thêm", item.lead, now=clock())

        await store.write(reword)


async def handing_over(url: str, seed: int, batches: int) -> object:
    """What two workers make of it that take over from each other, die, keep up late, and believe too long."""
    news, clock, fate = News(seed), FakeClock(), random.Random(f"fate {seed}")
    async with workers(url, clock) as (active, standby):
        for number in range(batches):
            await publish(active.flow.store, news, clock, number)
            if fate.random() < 0.4:
                await active.lose_role()
                await standby.take_role()
                if fate.random() < 0.5:
                    active.fence = None
                elif waiting := await active.detect.unmatched(limit=7):
                    with pytest.raises(RoleLost):
                        await active.detect.detect(waiting)
                    active.fence = None
                active, standby = standby, active
            await active.work()
            if fate.random() < 0.5:
                await standby.detect.keep_up()
            if fate.random() < 0.15:
                await standby.restart()
        assert await standby.detect.warm() == len(active.window), "to warm it again only keeps it up"
        assert standby.held() == active.held()
        return await stories_of(active.flow.store)


@pytest.mark.slow
async def test_workers_that_take_over_from_each_other_make_the_stories_that_one_makes(
    databases: tuple[str, str],
) -> None:
    seed = random.randrange(1_000_000)
    alone, together = databases
    lived = await one_all_the_time(alone, seed, BATCHES)
    assert await handing_over(together, seed, BATCHES) == lived, f"seed {seed}"


@pytest.fixture
async def two(postgresql: Cluster) -> AsyncIterator[tuple[Worker, Worker]]:
    """One that groups and one that stands by, and some items that wait."""
    url, clock, news = postgresql.borrow(), FakeClock(), News(7)
    async with workers(url, clock) as (active, standby):
        for number in range(3):
            await publish(active.flow.store, news, clock, number)
            await active.work()
        await standby.detect.keep_up()
        await publish(active.flow.store, news, clock, 0)
        yield active, standby
    postgresql.give_back(url)


async def waiting_for(worker: Worker) -> list[Item]:
    found = await worker.flow.store.read(lambda tx: tx.unmatched_items(limit=20))
    assert found
    return found


async def test_who_stands_by_is_given_no_work_and_does_none(two: tuple[Worker, Worker]) -> None:
    _, standby = two
    assert await standby.detect.unmatched(limit=9) == []
    with pytest.raises(RoleLost):
        await standby.detect.detect(await waiting_for(standby))
    assert await standby.detect.match_again(limit=9) == 0


async def test_of_two_that_believe_they_group_the_former_writes_nothing_and_forgets_what_it_tried(
    two: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    former, latter = two
    known, items_there = former.held(), await waiting_for(former)
    honest = former.flow.store.write
    numbers = len(items_there)

    async def overtaken(do: Any, *args: Any, **named: Any) -> Any:
        if do == former.detect._write_new:  # it has judged, and is about to write
            monkeypatch.setattr(former.flow.store, "write", honest)
            await former.lose_role()
            await latter.take_role()
            await latter.work()
        return await honest(do, *args, **named)

    monkeypatch.setattr(former.flow.store, "write", overtaken)
    with pytest.raises(RoleLost):
        await former.detect.detect(items_there)
    assert former.held() == known
    steps = await former.flow.store.read(lambda tx: tx.steps_after(0))
    placed = [each.item_id for step in steps for each in step.placed]
    assert len(placed) == len(set(placed)) >= numbers
    await former.detect.keep_up()
    assert former.held() == latter.held()


async def test_even_with_the_right_fence_nothing_is_placed_by_a_window_that_is_behind(
    two: tuple[Worker, Worker],
) -> None:
    active, standby = two
    standby.fence = active.fence  # as no honest role would have it
    await standby.detect.detect([])  # it is in step, and believes so from now on
    first, *rest = await waiting_for(active)
    await active.detect.detect(rest)
    with pytest.raises(RoleLost, match="meanwhile"):
        await standby.detect.detect([first])
    assert await standby.detect.detect([first]), "it has read on"
    await active.detect.keep_up()
    assert active.held() == standby.held()


async def test_the_former_counts_no_failure_and_asks_no_watchlist_again(two: tuple[Worker, Worker]) -> None:
    former, latter = two
    (item, *_) = await waiting_for(former)
    fence = former.fence
    await former.lose_role()
    await latter.take_role()
    with pytest.raises(RoleLost):
        await former.flow.store.write(former.detect._note_failure, item, "hỏng", fence)
    former.flow.active = replace(former.flow.active, version="v2")
    with pytest.raises(RoleLost):
        await former.detect.match_again(limit=9)
    latter.flow.active = former.flow.active
    assert await latter.detect.match_again(limit=9) > 0, "its watchlist is a new one"


async def test_after_each_change_of_hands_the_watchlist_is_asked_about_again(two: tuple[Worker, Worker]) -> None:
    first, second = two
    await first.work()
    first.flow.active = replace(first.flow.active, version="v2")
    while await first.detect.match_again(limit=50):
        pass
    await first.lose_role()
    await second.take_role()  # whose files are still the old ones
    first.fence = None
    while await second.detect.match_again(limit=50):
        pass
    await second.lose_role()
    await first.take_role()
    assert await first.detect.match_again(limit=50) > 0


async def test_a_batch_whose_answer_got_lost_is_learnt_from_the_rows(
    two: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    active, standby = two
    (item, *rest) = await waiting_for(active)
    honest = active.flow.store.write

    async def lost(do: Any, *args: Any, **named: Any) -> Any:
        came = await honest(do, *args, **named)
        if do == active.detect._write_new:
            raise StoreError("the server went away")
        return came

    with monkeypatch.context() as patch:
        patch.setattr(active.flow.store, "write", lost)
        with pytest.raises(StoreError):
            await active.detect.detect([item])
    await active.detect.detect(rest)
    await standby.detect.keep_up()
    assert active.held() == standby.held()
    assert str(item.id) in [one.item_id for one in active.window._index.members.values()]


async def test_to_keep_up_costs_one_question_where_nothing_is_new(two: tuple[Worker, Worker]) -> None:
    _, standby = two
    asked: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(standby.flow.store._engine, "before_cursor_execute", note)
    assert await standby.detect.keep_up() == 0
    assert len(asked) == 1, asked


async def test_no_step_is_seen_before_an_earlier_one(two: tuple[Worker, Worker]) -> None:
    active, standby = two
    before = await standby.flow.store.read(Transaction.last_step)
    step = WindowStep((Learned(ItemId("1"), StoryId("1")),))
    with active.flow.store.writing() as tx:
        first = tx.note_step(step, after=before, now=active.flow.clock())
        writing = standby.flow.store.write(Transaction.note_step, step, after=first, now=active.flow.clock())
        later = asyncio.create_task(writing)
        await asyncio.wait([later], timeout=0.1)
        assert not later.done(), "it waits for the commit of the first"
        assert await standby.flow.store.read(Transaction.last_step) == before
    assert await later > first
    seen = await standby.flow.store.read(lambda tx: tx.steps_after(before))
    assert [each.number for each in seen] == [first, await later]


async def test_an_article_is_matched_by_a_worker_that_does_not_group_and_its_window_is_left_alone(
    two: tuple[Worker, Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    active, standby = two
    (told,) = await save_items(active.flow.store, replace(draft("bao:phà", title="Phà mới"), outlet="Sao Mai"))
    await active.work()

    class Untouched:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"the window was asked for {name}")

    flow = standby.flow
    elsewhere = Detect(flow.store, lambda: flow.active, Untouched(), clock=flow.clock, fence=lambda: None)  # type: ignore[arg-type]
    found = await elsewhere.detect_again(replace(told, body="Ông Vladimir Putin và ông Putin nói chuyện."))
    assert [match.watch_id for match in found] == ["putin"]


async def test_old_steps_are_swept_and_their_numbers_are_not_given_again(two: tuple[Worker, Worker]) -> None:
    active, standby = two
    await active.work()
    await standby.detect.keep_up()
    store, now = active.flow.store, active.flow.clock()
    assert await store.write(Transaction.sweep_steps, before=now + timedelta(days=1)) > 0
    await save_items(store, replace(draft("bao:mới", title="Phà mới chạy"), outlet="Sao Mai"))
    await active.work()
    assert await standby.detect.keep_up() == 1
    assert active.held() == standby.held()
