"""How each outlet is: which of its feeds fail, and whether it brings as much as it usually does by now.

Pure but for what reads the rows. Tells nobody; /feeds of the bot and of the page show it to whoever asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from monitor.feeds.rhythm import LearntRhythm, expected_between
from monitor.store.feed_count_rows import FeedCount
from monitor.store.transaction import Transaction
from monitor.types import Feed, FeedId, FeedState

NEWEST_WITHIN = timedelta(days=7)  # an older article is not looked for
SILENT_AFTER = 8.0  # articles that would have come meanwhile: by chance alone that is one silence in 3,000


class FeedCondition(StrEnum):
    """How a feed or an outlet is, the worst first."""

    FAILING = "failing"
    SILENT = "silent"
    NEW = "new"  # not polled yet
    WELL = "well"


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One feed: `today` articles since midnight, `usual` by this time of day (None: not learnt yet)."""

    feed: Feed
    health: FeedCondition
    state: FeedState | None = None
    today: int = 0
    usual: float | None = None
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutletHealth:
    """One outlet, with its feeds, the worst first. What two feeds list counts where it came first."""

    outlet: str
    health: FeedCondition
    feeds: tuple[FeedHealth, ...]
    today: int = 0
    usual: float | None = None
    newest_at: datetime | None = None

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look."""
        return self.health in (FeedCondition.FAILING, FeedCondition.SILENT)

    @property
    def failing(self) -> int:
        """How many of its feeds fail."""
        return sum(each.health is FeedCondition.FAILING for each in self.feeds)


def read_outlets(tx: Transaction, feeds: Sequence[Feed], *, zone: tzinfo, now: datetime) -> list[OutletHealth]:
    """Every outlet as its rows say; `zone` is where the day begins in which articles are counted."""
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    counts = tx.counted_by_feed(since=today, newest_since=now - NEWEST_WITHIN)
    return outlets_health(feeds, {state.feed_id: state for state in tx.feed_states()}, counts, now=now)


def outlets_health(
    feeds: Sequence[Feed], states: Mapping[FeedId, FeedState], counts: Mapping[FeedId, FeedCount], *, now: datetime
) -> list[OutletHealth]:
    """Every outlet whose feeds are asked, the worst first, then by name."""
    outlets: dict[str, list[Feed]] = {}
    for feed in feeds:
        if feed.enabled:
            outlets.setdefault(feed.outlet, []).append(feed)
    found = [_outlet(outlet, theirs, states, counts, now) for outlet, theirs in outlets.items()]
    return sorted(found, key=lambda each: (_worst.index(each.health), each.outlet.casefold()))


_worst = list(FeedCondition)


def midnight(feed: Feed, now: datetime) -> datetime:
    """When the day of a feed began."""
    return now.astimezone(ZoneInfo(feed.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)


def _outlet(
    outlet: str,
    feeds: Sequence[Feed],
    states: Mapping[FeedId, FeedState],
    counts: Mapping[FeedId, FeedCount],
    now: datetime,
) -> OutletHealth:
    learnt_of = {feed.id: LearntRhythm.of(state.rhythm) for feed in feeds if (state := states.get(feed.id))}
    each = sorted(
        (_feed(feed, states.get(feed.id), counts.get(feed.id), learnt_of.get(feed.id), now) for feed in feeds),
        key=lambda one: (_worst.index(one.health), one.feed.id),
    )
    learnt = [one.usual for one in each if one.usual is not None]
    newest = max((one.newest_at for one in each if one.newest_at), default=None)
    health = each[0].health
    if health is not FeedCondition.FAILING:
        silence = _expected_since(feeds, learnt_of, newest or now - NEWEST_WITHIN, now)
        all_new = all(one.health is FeedCondition.NEW for one in each)
        health = (
            FeedCondition.NEW if all_new else FeedCondition.SILENT if silence >= SILENT_AFTER else FeedCondition.WELL
        )
    return OutletHealth(
        outlet,
        health,
        tuple(each),
        sum(one.today for one in each),
        sum(learnt) if len(learnt) == len(each) else None,
        newest,
    )


def _feed(
    feed: Feed, state: FeedState | None, count: FeedCount | None, learnt: LearntRhythm | None, now: datetime
) -> FeedHealth:
    newest = count.newest_at if count else None
    usual = expected_between(learnt, feed, midnight(feed, now), now) if learnt else None
    if state is None or state.last_checked_at is None:
        health = FeedCondition.NEW
    elif state.failures:
        health = FeedCondition.FAILING
    else:
        # its articles may come by a sister feed that lists them first: a feed alone is never called silent
        health = FeedCondition.WELL
    return FeedHealth(feed, health, state, count.since if count else 0, usual, newest)


def _expected_since(
    feeds: Sequence[Feed], learnt_of: Mapping[FeedId, LearntRhythm], since: datetime, now: datetime
) -> float:
    """How many articles the feeds would usually have brought since then; nought while any of them is still learnt."""
    total = 0.0
    for feed in feeds:
        learnt = learnt_of.get(feed.id)
        expected = expected_between(learnt, feed, since, now) if learnt else None
        if expected is None:
            return 0.0
        total += expected
    return total
