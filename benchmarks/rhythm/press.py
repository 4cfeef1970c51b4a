"""When newspapers published: real times from beside the repository, and times made up here.

A time is a number of minutes since a Monday's midnight in Vietnam (`MONDAY`).
"""

import gzip
import json
import random
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

ARTICLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "articles.dev.jsonl.gz"
MONDAY = datetime(2025, 8, 11, tzinfo=timezone(timedelta(hours=7)))
HOUR, DAY, WEEK = 60.0, 1440.0, 10080.0
REAL_WEEKS = 20
FEWEST = 1_000  # articles of a feed that is looked at

Press = dict[str, list[float]]  # the times of each feed, in their order

# Articles an hour from 0 to 23 o'clock, as shares; nobody's in particular.
FRONT_PAGE = (3, 1, 1, 1, 2, 4, 8, 10, 12, 12, 12, 9, 7, 8, 11, 12, 12, 10, 9, 9, 8, 7, 5, 4)
SPORTS = (5, 4, 3, 3, 5, 10, 9, 7, 5, 5, 5, 4, 4, 4, 5, 5, 6, 6, 7, 8, 9, 9, 8, 7)
MARKETS = (1, 0, 0, 0, 0, 2, 6, 9, 12, 13, 12, 8, 3, 6, 12, 14, 12, 6, 3, 2, 2, 1, 1, 1)
AGENCY = (4, 4, 4, 4, 5, 7, 8, 9, 10, 10, 10, 9, 8, 8, 9, 9, 9, 9, 8, 8, 7, 6, 5, 5)

# articles a weekday, share of them at weekends, share that is set to a full hour, the hours
MADE_UP: dict[str, tuple[float, float, float, tuple[int, ...]]] = {
    "front page": (140, 0.8, 0.15, FRONT_PAGE),
    "front page of a large house": (220, 0.85, 0.3, FRONT_PAGE),
    "agency": (160, 0.7, 0.0, AGENCY),
    "world": (28, 0.6, 0.1, FRONT_PAGE),
    "sports": (24, 1.3, 0.1, SPORTS),
    "markets": (18, 0.2, 0.2, MARKETS),
    "science": (7, 0.5, 0.4, FRONT_PAGE),
}


def real() -> Press:
    """Seven feeds over 20 weeks; empty where the articles are not there."""
    if not ARTICLES.exists():
        return {}
    feeds = defaultdict(list)
    with gzip.open(ARTICLES, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            at = (datetime.fromisoformat(article["date"]) - MONDAY).total_seconds() / 60
            if 0 <= at < REAL_WEEKS * WEEK:
                feeds[f"{article['source']} {article['section']}".strip()].append(at)
    return {name: sorted(times) for name, times in sorted(feeds.items()) if len(times) >= FEWEST}


def made_up(weeks: int, *, seed: int = 1, names: tuple[str, ...] = tuple(MADE_UP)) -> Press:
    """Feeds with days, nights, weekends, full hours, bursts, and days that are busier than others."""
    return {name: _times(weeks, random.Random(f"{seed} {name}"), *MADE_UP[name]) for name in names}


def _times(
    weeks: int, chance: random.Random, a_day: float, weekend: float, on_the_hour: float, hours: tuple[int, ...]
) -> list[float]:
    times = []
    for day in range(weeks * 7):
        expected = a_day * (weekend if day % 7 >= 5 else 1.0) * chance.lognormvariate(-0.03, 0.25)
        for hour, share in enumerate(hours):
            left = expected * share / sum(hours)
            while (left := left - chance.expovariate(1.0)) > 0:
                at = day * DAY + hour * HOUR + (0.0 if chance.random() < on_the_hour else chance.random() * HOUR)
                times.append(at)
                if chance.random() < 0.1:  # a happening brings more than one article
                    times.append(at + chance.expovariate(1 / 15.0))
    return sorted(time for time in times if time < weeks * WEEK)
