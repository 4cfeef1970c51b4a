"""Replays publication times against a rule, and makes rules comparable: all with the same number of requests."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.rhythm.press import DAY, Press
from benchmarks.rhythm.rules import Rules

NEAR = 0.01  # requests of two rules differ by no more
MORNING = 240.0  # minutes: a feed's first article after 4 o'clock is the first of its day
TRIES = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule came to: minutes from an article's appearance to the poll that found it, and requests a day."""

    delays: tuple[float, ...]  # sorted
    first_of_day: tuple[float, ...]  # sorted
    requests_a_day: float

    @property
    def mean(self) -> float:
        """Of all delays."""
        return sum(self.delays) / len(self.delays)

    def quantile(self, share: float) -> float:
        """The delay that such a share of articles does not exceed."""
        return self.delays[int(share * len(self.delays))]

    @property
    def first_of_day_mean(self) -> float:
        """Of the first article of each feed and day."""
        return sum(self.first_of_day) / len(self.first_of_day)

    @property
    def first_of_day_p95(self) -> float:
        """The delay that 19 of 20 first articles do not exceed."""
        return self.first_of_day[int(0.95 * len(self.first_of_day))]


def replay(press: Press, rules: Rules, *, begin: float, end: float, late: float = 0.0) -> Outcome:
    """Every feed from minute 0 to `end`; only what appears from `begin` on is judged, but all of it is learnt from.

    `late`: an article appears in its feed up to so many minutes after the time that it claims.
    """
    delays: list[float] = []
    first_of_day: list[float] = []
    requests = 0
    for name, times in press.items():
        found, asked = _feed(times, rules, name, begin, end, late)
        requests += asked
        delays += [delay for _, delay in found]
        day = -1
        for at, delay in sorted(found):
            if (at - MORNING) // DAY != day:
                day = int((at - MORNING) // DAY)
                first_of_day.append(delay)
    return Outcome(tuple(sorted(delays)), tuple(sorted(first_of_day)), requests / (end - begin) * DAY)


def _feed(
    times: list[float], rules: Rules, name: str, begin: float, end: float, late: float
) -> tuple[list[tuple[float, float]], int]:
    chance = random.Random(name)
    appear = sorted((time + chance.random() * late, time) for time in times)
    rule = rules(name)
    now, nth, asked = chance.random(), 0, 0
    found: list[tuple[float, float]] = []
    while now < end:
        new = []
        while nth < len(appear) and appear[nth][0] <= now:
            appeared, claimed = appear[nth]
            new.append(claimed)
            if appeared >= begin:
                found.append((appeared, now - appeared))
            nth += 1
        asked += now >= begin
        now += rule.wait(now, new, chance.random())
    return found, asked


def at_equal_requests(
    press: Press,
    family: Callable[[float], Rules],
    requests_a_day: float,
    *,
    begin: float,
    end: float,
    late: float = 0.0,
    bounds: tuple[float, float] = (1.0, 60.0),
) -> tuple[Outcome, float]:
    """The rule of a family that asks so often, within 1 %, and its parameter, of which more means fewer requests."""
    low, high = bounds
    below, above = math.log(low), math.log(high)
    for _ in range(TRIES):
        parameter = math.exp((below + above) / 2)
        outcome = replay(press, family(parameter), begin=begin, end=end, late=late)
        off = outcome.requests_a_day / requests_a_day
        if abs(off - 1) <= NEAR / 3:
            break
        if off > 1:
            below = math.log(parameter)
        else:
            above = math.log(parameter)
        # requests go with about one over the parameter: look there first, a little beyond
        middle = math.log(parameter * off)
        reach = abs(math.log(off)) * 0.6
        below, above = max(below, middle - reach), min(above, middle + reach)
    assert abs(off - 1) <= NEAR, f"{off:.3f} times the requests at {parameter:.3f}"
    return outcome, parameter
