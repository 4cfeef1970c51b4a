"""Very many followers: what telling them costs in rows, who is told what in an hour, and how long Telegram takes.

Who is told is decided by the real pipeline/alerts.py, in slices of chats; the rows by the real transaction 2. A model
are the stories of an hour and Telegram, which takes so many messages a second, in the order in which they come.
"""

import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.scaling.readers import Fame, follows
from monitor.matching.active_watchlist import ActiveWatchlist
from monitor.pipeline.alerts import AT_ONCE, EDIT_DELAY, Audience, alerts_for_item
from monitor.pipeline.following import targets_of
from monitor.pipeline.tell import Tell
from monitor.store.tables import chats as chats_table
from monitor.store.tables import subscriptions
from monitor.store.transaction import Store, Transaction
from monitor.types import (
    Address,
    ChatKind,
    ChatState,
    Item,
    ItemId,
    Match,
    Role,
    Rule,
    StoryId,
    Target,
    Watch,
    WatchId,
    Watchlist,
)

SLICE = 10_000  # chats whose alerts are decided at a time
SPREADS = timedelta(minutes=40)  # a story's later tellers come after so long, on average
FIRST_CHAT = 1_000


# ---------------------------------------------------------------- who follows what


@dataclass(frozen=True, slots=True)
class Readers:
    """So many chats, by what they follow."""

    count: int
    by_target: Mapping[Target, Sequence[Address]]
    targets: Mapping[Address, tuple[Target, ...]]

    def of(self, watch: Watch) -> list[Address]:
        """Who follows a watch, in the order of their numbers, each once."""
        found = {address for target in targets_of([watch]) for address in self.by_target.get(target, ())}
        return sorted(found)


def readers(count: int, watches: Sequence[Watch]) -> Readers:
    """Chats that follow watches, tags and everything, as readers.py draws them."""
    chance, fame = random.Random(13), Fame(len(watches))
    by_target: defaultdict[Target, list[Address]] = defaultdict(list)
    targets: dict[Address, tuple[Target, ...]] = {}
    same: dict[tuple[Target, ...], tuple[Target, ...]] = {}  # most follow one thing, and share the tuple of it
    for number in range(count):
        address, mine = Address(FIRST_CHAT + number), tuple(follows(chance, fame, watches))
        targets[address] = same.setdefault(mine, mine)
        for target in mine:
            by_target[target].append(address)
    return Readers(count, by_target, targets)


# ---------------------------------------------------------------- an hour of stories


@dataclass(frozen=True, slots=True)
class Telling:
    """A story of a watch: when it opens, in seconds, and when others tell it, too."""

    at: float
    watch: Watch
    later: tuple[float, ...]


@dataclass(slots=True)
class Told:
    """What the hour came to. `batches`: when so many first messages were written at once, in seconds."""

    stories: int = 0
    messages: int = 0
    edits: int = 0  # that were wished for: a burst of tellers within EDIT_DELAY is one of each message
    twice: int = 0  # chats that would be rung twice for one story
    largest: int = 0
    decided: int = 0
    cpu: float = 0.0  # seconds, of deciding
    batches: list[tuple[float, int]] = field(default_factory=list)


def stories(an_hour: float, tellers: float, watches: Sequence[Watch], seconds: float) -> Iterator[Telling]:
    """Stories that open within the time, so many an hour; others tell each of them, so many on average."""
    chance, fame, at = random.Random(14), Fame(len(watches)), 0.0
    while (at := at + chance.expovariate(an_hour / 3600)) < seconds:
        many = int(chance.expovariate(1 / max(tellers - 1, 1e-9)))
        later = sorted(at + chance.expovariate(1 / SPREADS.total_seconds()) for _ in range(many))
        yield Telling(at, watches[fame.draw(chance)], tuple(later))


def hour(known: Readers, happening: Sequence[Telling], begin: datetime, seconds: float) -> Told:
    """Decide for every follower of every story what they are told: of its opening, and of its first repetition."""
    told = Told()
    for number, story in enumerate(happening):
        now, story_id = begin + timedelta(seconds=story.at), StoryId(str(number))
        item = Item(ItemId(str(number)), "Tờ 1", story.watch.name, published_at=now, seen_at=now)
        rung: Counter[Address] = Counter()
        followers = known.of(story.watch)
        for start in range(0, len(followers), SLICE):
            mine = followers[start : start + SLICE]
            audience = Audience({address: known.targets[address] for address in mine})
            began = time.process_time()
            alerts = alerts_for_item(item, [story.watch], Role.NEW, story_id, audience, now=now)
            told.cpu += time.process_time() - began
            told.decided += len(mine)
            rung.update(alert.address for alert in alerts)
        told.stories += 1
        told.messages += rung.total()
        told.twice += sum(times > 1 for times in rung.values())
        told.largest = max(told.largest, rung.total())
        told.batches.append((story.at, rung.total()))
        told.edits += rung.total() * _bursts(story.later, seconds)
    return told


def _bursts(later: Sequence[float], until: float) -> int:
    count, open_until = 0, -math.inf
    for at in later:
        if at > until:
            break
        if at > open_until:
            count, open_until = count + 1, at + EDIT_DELAY.total_seconds()
    return count


# ---------------------------------------------------------------- Telegram


@dataclass(frozen=True, slots=True)
class Sending:
    """How first messages leave: seconds from the row to Telegram, by share of messages; how much a bot is busy."""

    bots: int
    a_second: float  # of each bot
    p50: float
    p99: float
    last: float
    busy: float  # of what the bots can take in the time


def sending(batches: Sequence[tuple[float, int]], bots: int, a_second: float, seconds: float) -> Sending:
    """Every bot has its share of the chats, and sends in the order in which rows come."""
    pace, free_at, total = bots * a_second, 0.0, 0
    waits: list[tuple[float, float, int]] = []  # of a batch: the first message's wait, the last one's, how many
    for at, count in batches:
        if not count:
            continue
        begins = max(at, free_at)
        free_at = begins + count / pace
        total += count
        waits.append((begins - at, free_at - at, count))
    return Sending(
        bots, a_second, _share_of(waits, 0.5), _share_of(waits, 0.99), max((last for _, last, _ in waits), default=0.0),
        total / (pace * seconds),
    )  # fmt: skip


def _share_of(waits: Sequence[tuple[float, float, int]], share: float) -> float:
    """Within how many seconds this share of the messages has left; those of a batch leave evenly."""
    total, low, high = sum(count for _, _, count in waits), 0.0, max((last for _, last, _ in waits), default=0.0)
    for _ in range(60):
        middle = (low + high) / 2
        gone = sum(
            count * min(1.0, max(0.0, (middle - first) / (last - first))) if last > first else count * (middle >= first)
            for first, last, count in waits
        )
        low, high = (middle, high) if gone < share * total else (low, middle)
    return high


def bots_needed(batches: Sequence[tuple[float, int]], a_second: float, within: float, seconds: float) -> int:
    """The fewest bots with which 99 of 100 messages leave within so many seconds of their row."""
    low, high = 0, 1
    while sending(batches, high, a_second, seconds).p99 > within:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if sending(batches, middle, a_second, seconds).p99 > within:
            low = middle
        else:
            high = middle
    return high


# ---------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class AudienceCost:
    """Seconds of one transaction that tells so many followers: of a story's first article, and of a second one."""

    followers: int
    first: float
    second: float
    rows: int


def audience_costs(store: Store, sizes: Sequence[int], now: datetime) -> list[AudienceCost]:
    """The real rows, for a watch of so many followers each. Needs an empty database."""
    from monitor.types import Leader

    watches = tuple(Leader(WatchId(f"nguoi-{size}"), f"Người {size}") for size in sizes)
    active = ActiveWatchlist.of(Watchlist("v1", watches))
    with store.writing() as tx:
        first = FIRST_CHAT
        for size, watch in zip(sizes, watches, strict=True):
            fill(tx, {Address(number): (Target(watch.id),) for number in range(first, first + size)}, now)
            first += size
    return [_audience_cost(store, active, watch, size, now) for size, watch in zip(sizes, watches, strict=True)]


def fill(tx: Transaction, targets: Mapping[Address, Sequence[Target]], now: datetime) -> None:
    """Rows of chats and of what they follow."""
    whose = list(targets.items())
    for start in range(0, len(whose), SLICE):
        mine = whose[start : start + SLICE]
        chat = {"kind": ChatKind.PRIVATE, "title": "", "lang": "vi", "state": ChatState.ACTIVE, "joined_at": now}
        tx._change(
            tx._insert(chats_table),
            [{"chat_id": each.chat_id, "thread_id": 0, **chat, "preferences": {}} for each, _ in mine],
        )
        tx._change(
            tx._insert(subscriptions),
            [
                {"chat_id": each.chat_id, "thread_id": 0, "target": target, "since": now}
                for each, followed in mine
                for target in followed
            ],
        )


def _audience_cost(store: Store, active: ActiveWatchlist, watch: Watch, size: int, now: datetime) -> AudienceCost:
    from monitor.store.detection_rows import Detection
    from monitor.types import Entry, FeedId, NewItem, Placement

    def come(tx: Transaction, number: int) -> Item:
        url = f"https://to-{number}.example/{watch.id}-{number}"
        entry = Entry(url, url, url, f"{watch.name} nói lần {number}", "", now)
        (item,) = tx.add_items([NewItem(entry, FeedId("to"), f"Tờ {number}", now, True)])
        return item

    match = Match(watch.id, "leader", watch.name, Rule.NAME, 0.9, ())
    spent: list[float] = []
    story_id: StoryId | None = None
    for number in range(2):
        with store.writing() as tx:
            item = come(tx, number)
            opens = None if story_id else tx.reserve_stories(1)[0]
            placement = Placement(story_id, Role.REPEAT if story_id else Role.NEW)
            saved = tx.save_detections([Detection(item, [match], placement, opens, "")], version="v1", now=now)
        story_id = saved[item.id]
        began = time.perf_counter()
        with store.writing() as tx:
            rows = Tell(tx, active, now, AT_ONCE).item(item, [match], placement.role, story_id)
            if number == 0:
                written = rows
        spent.append(time.perf_counter() - began)
        with store.writing() as tx:  # they were told: what a second article changes is a message that stands
            _all_sent(tx, story_id)
    return AudienceCost(size, spent[0], spent[1], written)


def _all_sent(tx: Transaction, story_id: StoryId) -> None:
    from sqlalchemy import update

    from monitor.store.tables import alerts, row_id

    mine = alerts.c.story_id == row_id(story_id)
    tx._change(update(alerts).where(mine).values(state="sent", message_id=alerts.c.id))
