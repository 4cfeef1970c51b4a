"""Feeds, their newspapers and the network to them, drawn from distributions that stand here. Asks nobody.

- A newspaper (host) has 1 to MOST_FEEDS feeds, by Pareto: most have few, some have very many.
- A feed publishes so many articles a day, by a lognormal distribution; over the day as benchmarks/rhythm has it.
- An answer takes a lognormal time; one feed in a hundred never answers well, any other fails once in two hundred polls.
- Seven feeds in ten say 304 when nothing is new, the others send their body again.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.peers.texts import told
from benchmarks.rhythm.press import FRONT_PAGE
from monitor.feeds.rhythm import HOURS, MINUTES, UNIT, LearntRhythm
from monitor.types import Bookmark, Entry, Failed, FailureKind, Feed, FeedId, Fetched, FetchResult, NotModified

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FEEDS_PARETO, MOST_FEEDS = 1.2, 120  # feeds of a newspaper
A_DAY_MEDIAN, A_DAY_SIGMA, MOST_A_DAY = 6.0, 1.4, 400.0  # articles of a feed
WEEKEND = 0.8  # times as many
LATENCY_MEDIAN, LATENCY_SIGMA, LONGEST = 0.35, 0.9, 20.0  # seconds from the request to the last byte
BODY_MEDIAN, BODY_SIGMA = 30_000.0, 0.7  # bytes
DEAD, FAILS, TIMES_OUT = 0.01, 0.005, 0.4  # share of feeds; of polls; of what fails, that with the longest wait
HAS_VALIDATORS = 0.7  # share of feeds
SHARED = 0.3  # share of articles that tell what others tell, too
LISTED = 40  # articles in a body
WATCHED_DAYS = (5, 2)  # weekdays and weekend days that each rhythm was learnt from


@dataclass(slots=True)
class Source:
    """A feed as its newspaper has it."""

    feed: Feed
    host: str
    a_day: float  # articles
    is_dead: bool
    has_validators: bool
    body: int  # bytes
    seen_at: datetime | None = None  # up to when its articles are out of our simulation
    published: int = 0


@dataclass(slots=True)
class Traffic:
    """What went over the network."""

    requests: int = 0
    received: int = 0  # bytes
    kinds: dict[str, int] = field(default_factory=dict)  # answers: news, same, 304, failed

    def count(self, kind: str, size: int) -> None:
        """One answer."""
        self.requests += 1
        self.received += size
        self.kinds[kind] = self.kinds.get(kind, 0) + 1


def sources(count: int, chance: random.Random) -> list[Source]:
    """So many feeds."""
    made: list[Source] = []
    for host, number in _places(count, chance):
        feed_id = FeedId(f"to-{host}-{number}")
        feed = Feed(feed_id, f"Tờ {host}", f"https://to-{host}.example/rss/{number}")
        a_day = min(MOST_A_DAY, chance.lognormvariate(math.log(A_DAY_MEDIAN), A_DAY_SIGMA))
        made.append(
            Source(
                feed,
                f"to-{host}.example",
                a_day,
                chance.random() < DEAD,
                chance.random() < HAS_VALIDATORS,
                int(chance.lognormvariate(math.log(BODY_MEDIAN), BODY_SIGMA)),
            )
        )
    return made


def _places(count: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    host, left = 0, count
    while left:
        mine = min(left, MOST_FEEDS, int(chance.paretovariate(FEEDS_PARETO)))
        yield from ((host, number) for number in range(mine))
        host, left = host + 1, left - mine


def rate(source: Source, at: datetime) -> float:
    """Articles a second at this moment."""
    local = at.astimezone(ZONE)
    day = source.a_day * (WEEKEND if local.weekday() >= 5 else 1.0)
    return day * FRONT_PAGE[local.hour] / sum(FRONT_PAGE) / 3600


def learnt(source: Source, now: datetime, chance: random.Random) -> LearntRhythm:
    """What the program knows of a feed that it has asked for a week."""
    by_hour = [
        UNIT * poisson(chance, days * source.a_day * share * shape / sum(FRONT_PAGE))
        for days, share in zip(WATCHED_DAYS, (1.0, WEEKEND), strict=True)
        for shape in FRONT_PAGE
    ]
    by_minute = [0] * MINUTES
    for _ in range(sum(by_hour) // UNIT):
        by_minute[chance.randrange(MINUTES)] += UNIT
    day = 24 * 60 * 60
    return LearntRhythm(
        now.astimezone(ZONE).toordinal(),
        (WATCHED_DAYS[0] * day, WATCHED_DAYS[1] * day),
        int(now.timestamp()) // 60 - int(chance.expovariate(source.a_day / (24 * 60))),
        tuple(by_hour[: 2 * HOURS]),
        tuple(by_minute),
    )


def latency(chance: random.Random) -> float:
    """Seconds until an answer is there."""
    return min(LONGEST, chance.lognormvariate(math.log(LATENCY_MEDIAN), LATENCY_SIGMA))


def answer(
    source: Source, bookmark: Bookmark, now: datetime, chance: random.Random, traffic: Traffic
) -> tuple[FetchResult, Sequence[datetime]]:
    """What the newspaper says at this moment, and when its new articles were published."""
    if source.is_dead or chance.random() < FAILS:
        traffic.count("failed", 0)
        return Failed(FailureKind.TIMEOUT if chance.random() < TIMES_OUT else FailureKind.HTTP, "HTTP 502"), ()
    since = source.seen_at or now
    source.seen_at = now
    new = poisson(chance, rate(source, now) * (now - since).total_seconds())
    if not new:
        traffic.count("304" if source.has_validators else "same", 200 if source.has_validators else source.body)
        return NotModified(bookmark), ()
    traffic.count("news", source.body)
    times = sorted((since + chance.random() * (now - since) for _ in range(new)), reverse=True)
    entries = tuple(_entry(source, at, chance) for at in times)
    return Fetched(entries, bookmark, known=max(0, LISTED - new)), times


def _entry(source: Source, at: datetime, chance: random.Random) -> Entry:
    number = source.published
    source.published += 1
    story = chance.randrange(3_000) if chance.random() < SHARED else chance.randrange(10**9)
    piece = told(story, number % 10)
    key = f"{source.feed.id}-{number}"
    url = f"https://{source.host}/bai-{key}.html"
    return Entry(key, url, url, piece.title, piece.lead, at)


def poisson(chance: random.Random, mean: float) -> int:
    """How many come where `mean` are expected."""
    if mean > 50:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    count, product, limit = 0, chance.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count
