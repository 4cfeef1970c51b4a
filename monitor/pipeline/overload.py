"""More comes than can leave: who has to wait for whom, and when it will be through. Reads no row itself.

Alerts that wait hold up detection, and items that wait for detection hold up polling: what nobody has looked at is
cheap to keep, in our rows or with the newspaper. What very many are told at once counts for nothing here: it waits for
an hour, and behind everybody else's news. Which alert goes first is store/outbox_turns.py's.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from monitor.pipeline.pace import Pace
from monitor.types import Backlog

OUTBOX_FULL = 20_000  # alerts that few are told: twelve minutes of all that Telegram takes
ITEMS_FULL = 50_000  # items: two days of the whole Vietnamese press
COUNT_EVERY = timedelta(seconds=10)
WORTH_SAYING = timedelta(minutes=1)  # a shorter delay is the ordinary rest between two messages


class LastCount:
    """Whether a queue is full, as it was when it was last counted: counting very many rows is dear."""

    def __init__(self) -> None:
        self._was_full = False
        self._at: datetime | None = None

    def is_full(self, count: Callable[[], bool], *, now: datetime) -> bool:
        """Count again when some seconds have gone by, and each time while it was full."""
        if self._was_full or self._at is None or abs(now - self._at) >= COUNT_EVERY:
            self._was_full, self._at = count(), now
        return self._was_full


def through_in(backlog: Backlog, pace: Pace) -> timedelta:
    """About how long until what waits has left, at the pace of the bot and of its fullest chats."""
    return max(
        timedelta(seconds=backlog.waiting / pace.per_second),
        backlog.most_private * pace.private,
        backlog.most_group * pace.group,
    )


def behind(backlog: Backlog, now: datetime) -> timedelta:
    """How long the oldest alert that may leave has been due."""
    return now - backlog.since if backlog.since is not None else timedelta(0)
