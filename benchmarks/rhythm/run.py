"""How long news waits to be found, rule by rule, at the same number of requests.

    python benchmarks/rhythm/run.py

Minutes from an article's appearance in its feed to the poll that found it. Each rule learns from its own polls alone;
the first weeks are learnt from and not judged. The number of requests is what the program made before it learnt, with
`interval: 5m`; each rule's parameter is set so that it makes as many. Real publication times are no part of the
repository: without ../shared/data beside it this says so, and replays made-up ones alone.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.rhythm.press import ARTICLES, REAL_WEEKS, WEEK, Press, made_up, real  # noqa: E402
from benchmarks.rhythm.replay import Outcome, at_equal_requests, replay  # noqa: E402
from benchmarks.rhythm.rules import Fixed, MediaCloud, Miniflux, Ours, Rules  # noqa: E402

TUNED_ON = ("Tuổi Trẻ", "VnExpress", "VnExpress Kinh doanh")  # weeks 5 to 12 of these: the constants of feeds/rhythm.py
LEARNING = 4  # weeks
HALF = 12
LATE = 4.0  # minutes


def own_number(press: Press) -> Callable[[float], Rules]:
    """The best interval of each feed, known beforehand: as one over the root of its articles."""
    usual = sum(map(len, press.values())) / len(press)
    return lambda interval: lambda name: Fixed(interval * (usual / len(press[name])) ** 0.5)


def table(title: str, press: Press, *, begin: float, end: float, late: float = 0.0) -> None:
    """Prints how each rule does."""
    shipped = replay(press, lambda _: Ours(5.0, learns=False), begin=begin, end=end, late=late)
    families: list[tuple[str, Callable[[float], Rules], tuple[float, float]]] = [
        ("one fixed interval", lambda p: lambda _: Fixed(p), (1, 60)),
        ("fixed, each its own number", own_number(press), (1, 60)),
        ("miniflux, entry_frequency", lambda p: lambda _: Miniflux(p), (0.05, 20)),
        ("Media Cloud, all scaled", lambda p: lambda _: MediaCloud(p), (0.001, 0.05)),
        ("ours before, nothing learnt", lambda p: lambda _: Ours(p, learns=False), (1, 60)),
        ("ours, learnt", lambda p: lambda _: Ours(p, learns=True), (1, 60)),
    ]
    print(f"\n{title}: {len(press)} feeds, {len(shipped.delays):,} articles\n")
    print("| rule | set to | requests a day | mean | p50 | p95 | p99 | first of the day: mean | p95 |")
    print("|---|---|---|---|---|---|---|---|---|")
    fixed: Outcome | None = None
    for name, family, bounds in families:
        outcome, parameter = at_equal_requests(
            press, family, shipped.requests_a_day, begin=begin, end=end, late=late, bounds=bounds
        )
        fixed = fixed or outcome
        print(line(name, parameter, outcome, fixed))


def line(name: str, parameter: float, outcome: Outcome, fixed: Outcome) -> str:
    """One rule's row, with its mean and 95th percentile against those of the one fixed interval."""
    p50, p95, p99 = map(outcome.quantile, (0.5, 0.95, 0.99))
    cells = (
        name,
        f"{parameter:.3g}",
        f"{outcome.requests_a_day:.0f}",
        f"{outcome.mean:.2f} ({outcome.mean / fixed.mean - 1:+.0%})",
        f"{p50:.2f}",
        f"{p95:.2f} ({p95 / fixed.quantile(0.95) - 1:+.0%})",
        f"{p99:.2f}",
        f"{outcome.first_of_day_mean:.2f}",
        f"{outcome.first_of_day_p95:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def cost(press: Press) -> None:
    """What a poll's decision costs, with what it learns, packed and unpacked."""
    began, end = time.process_time(), 6 * WEEK
    some = dict(list(press.items())[:2])
    polls = replay(some, lambda _: Ours(5.0, learns=True), begin=0, end=end).requests_a_day * end / 1440
    learning = (time.process_time() - began) / polls
    began = time.process_time()
    polls = replay(some, lambda _: Ours(5.0, learns=False), begin=0, end=end).requests_a_day * end / 1440
    print(f"\nCPU a poll: {learning * 1e6:.0f} µs, {(time.process_time() - began) / polls * 1e6:.0f} without learning")


def main() -> None:
    press = real()
    invented = made_up(16, seed=2)
    table("Made up, weeks 5 to 16", invented, begin=LEARNING * WEEK, end=16 * WEEK)
    cost(invented)
    if not press:
        print(f"\n{ARTICLES} is not there: no real publication times")
        return
    others = {name: times for name, times in press.items() if name not in TUNED_ON}
    tuned_on = {name: press[name] for name in TUNED_ON}
    end = REAL_WEEKS * WEEK
    table("Real, what the constants were chosen on", tuned_on, begin=LEARNING * WEEK, end=HALF * WEEK)
    table("Real, other feeds in the other weeks", others, begin=HALF * WEEK, end=end)
    table("Real, all feeds, weeks 5 to 20", press, begin=LEARNING * WEEK, end=end)
    table("Real, all feeds, the first four weeks", press, begin=0.0, end=LEARNING * WEEK)
    table(f"Real, all feeds, shown up to {LATE:.0f} min late", press, begin=LEARNING * WEEK, end=end, late=LATE)


if __name__ == "__main__":
    main()
