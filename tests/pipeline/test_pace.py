"""The bot's own pace: never more than Telegram allows within any second, and no turn lost for nothing."""

import asyncio
from dataclasses import dataclass, field

import pytest

from monitor.pipeline import pace
from monitor.pipeline.pace import MADE_UP, Bucket, Pace

ALLOWED = 30  # messages a second: core.telegram.org/bots/faq


@dataclass
class Time:
    """A loop's time that passes by sleeping alone."""

    now: float = 100.0
    sent: list[float] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def get_running_loop(self) -> "Time":
        return self

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(pace, "asyncio", time)
    return time


def send(clock: Time, bucket: Bucket, times: int, *, work: float = 0.0) -> None:
    """Take that many turns, with so much work between them."""

    async def all_of_them() -> None:
        for _ in range(times):
            clock.now += work
            await bucket.take()
            clock.sent.append(clock.now)

    asyncio.run(all_of_them())


def most_within_a_second(times: list[float]) -> int:
    return max(sum(begin <= at < begin + 1 for at in times) for begin in times)


def test_no_second_has_more_than_telegram_allows(clock: Time) -> None:
    bucket = Bucket(Pace().per_second)
    send(clock, bucket, 100)
    clock.now += 60  # a calm minute saves up no storm
    send(clock, bucket, 100)
    assert most_within_a_second(clock.sent) <= ALLOWED


def test_turns_that_the_database_cost_are_made_up_for(clock: Time) -> None:
    bucket, begin = Bucket(10), clock.now
    send(clock, bucket, 30, work=0.05)
    clock.now += 0.15  # it was busy for a turn and a half
    send(clock, bucket, 30, work=0.05)
    assert 60 / (clock.now - begin) == pytest.approx(10, rel=0.05)


def test_of_a_long_pause_only_a_few_turns_are_made_up_for(clock: Time) -> None:
    bucket = Bucket(10)
    send(clock, bucket, 1)
    clock.now += 5
    send(clock, bucket, MADE_UP + 3)
    at_once = sum(at == clock.sent[1] for at in clock.sent[1:])
    assert at_once == MADE_UP + 1
